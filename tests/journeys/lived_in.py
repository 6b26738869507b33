"""A mailbox as people have it after some years: two thousand items, mail alone or of all kinds.

On Exchange it is written by the server's own means, not by the program: as Exchange would hold
what Outlook put there.
"""

from __future__ import annotations

from base64 import b64encode, encodebytes
from datetime import UTC, datetime, timedelta

from omm_desktop.model.items import FolderPath, ItemKind
from tests.servers.ews import EwsServer
from tests.servers.ews import recurrence as series
from tests.servers.ews.moments import show
from tests.servers.ews.properties import tagged, write_property
from tests.servers.ews.soap import Element, make
from tests.servers.ews.store import Folder, Item
from tests.servers.mailbox import MailFolder, Message

MAILS = 1100
OTHERS = {ItemKind.CONTACTS: 380, ItemKind.EVENTS: 320, ItemKind.TASKS: 200}
FIRST_DAY = datetime(2023, 1, 2, tzinfo=UTC)
PATHS: tuple[FolderPath, ...] = (
    ("INBOX",),
    ("Sent",),
    ("Clients",),
    ("Clients", "2019"),
    ("Clients", "2019", "Été"),
)
"""Where mail is."""
SENTENCE = "Bien le bonjour de la montagne."
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 12 + b"\xff\xd9"
FLAGS = (
    (2, 1, "\\Seen"),
    (7, 1, "\\Flagged"),
    (11, 2, "\\Answered"),
    (13, 3, "$Forwarded"),
    (17, 4, "Projekt-7"),
    (19, 5, "Travail"),
)
"""Of every so many mails, from which on, what is said of them."""


def believable(n: int) -> Message:
    """Mail as it comes: of fifty, one is there twice, and one has a twin but for its body."""
    number = n - 1 if n % 50 in (25, 49) else n
    sent = FIRST_DAY + timedelta(hours=7 * number)
    header = [
        f"From: Person {number % 90} <p{number % 90}@example.test>",
        "To: =?utf-8?q?Zo=C3=A9?= <zoe@example.test>, ami@example.test",
        f"Subject: =?utf-8?q?R=C3=A9ponse_{number}?=",
        f"Date: {sent:%a, %d %b %Y %H:%M:%S} +0000",
        f"Message-ID: <believable-{number}@example.test>",
        *(["Importance: high"] if number % 11 == 3 else []),
        *(["Importance: low"] if number % 11 == 5 else []),
        *(["Sensitivity: Private"] if number % 13 == 6 else []),
        "MIME-Version: 1.0",
    ]
    text = f"Bonjour,\r\n\r\nvoici le point {number}.\r\n" * (1 + number % 30)
    text += "PS\r\n" if n % 50 == 25 else ""
    lines = [*header, *(_with_file(text, number) if number % 9 == 4 else ("", text))]
    # One reads a mail some time after it came; the twin was never touched.
    flags = {word for every, first, word in FLAGS if number % every == first}
    if "\\Answered" in flags:
        # Exchange tells the last of both alone.
        flags.discard("$Forwarded")
    received = sent + timedelta(seconds=7 + number % 50)
    return Message("\r\n".join(lines).encode(), frozenset(flags), received)


def _with_file(text: str, number: int) -> list[str]:
    data = encodebytes(f"table {number};".encode() * 200).decode().replace("\n", "\r\n")
    return [
        "Content-Type: multipart/mixed; boundary=part",
        "",
        "--part",
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
        "--part",
        f"Content-Type: text/csv; name=t{number}.csv",
        f"Content-Disposition: attachment; filename=t{number}.csv",
        "Content-Transfer-Encoding: base64",
        "",
        f"{data}--part--",
        "",
    ]


def mail(number: int) -> list[MailFolder]:
    """So many mails in nested folders, as a test puts them on an IMAP server."""
    held: dict[FolderPath, list[Message]] = {path: [] for path in PATHS}
    for n in range(number):
        held[_place(n)].append(believable(n))
    return [MailFolder(path, messages) for path, messages in held.items()]


def _place(n: int) -> FolderPath:
    # What is there twice is so in one folder.
    return PATHS[n // 2 % 7 % 5]


def live_in(exchange: EwsServer, address: str, shrunk: int = 1) -> int:
    """Fill a mailbox on Exchange, with so many times fewer items; how many there are."""
    receive(exchange, address, mail(MAILS // shrunk))
    for kind, number in OTHERS.items():
        keep(exchange, address, kind, number // shrunk)
    return sum(1 for _ in exchange.store.mailboxes[address].items())


def receive(exchange: EwsServer, address: str, mailbox: list[MailFolder]) -> None:
    """Mail on Exchange, with all that is said of it."""
    _Home(exchange, address).take_mail(mailbox)


def keep(exchange: EwsServer, address: str, kind: ItemKind, number: int) -> None:
    """So many contacts, events or tasks on Exchange."""
    home = _Home(exchange, address)
    if kind is ItemKind.CONTACTS:
        home.know_people(number)
    elif kind is ItemKind.EVENTS:
        home.make_appointments(number)
    else:
        home.have_tasks(number)


class _Home:
    def __init__(self, exchange: EwsServer, address: str) -> None:
        self._exchange = exchange
        self._mailbox = exchange.store.mailboxes[address]

    def _folder(self, path: FolderPath, of: str = "IPF.Note") -> Folder:
        usual = {"INBOX": "inbox", "Sent": "sentitems"}
        here = self._mailbox.distinguished(usual.get(path[0], "msgfolderroot"))
        for name in path[path[0] in usual :]:
            here = here.child(name) or self._mailbox.add_folder(here, name, of)
        return here

    def take_mail(self, mailbox: list[MailFolder]) -> None:
        for folder in mailbox:
            for message in folder.messages:
                self._exchange.put(self._folder(folder.path), received(message))

    def know_people(self, number: int) -> None:
        usual = self._mailbox.distinguished("contacts")
        others = self._folder(("Family",), "IPF.Contact")
        for n in range(number):
            self._exchange.put(others if n % 5 == 4 else usual, person_or_group(n))

    def make_appointments(self, number: int) -> None:
        usual = self._mailbox.distinguished("calendar")
        others = self._folder(("Choir",), "IPF.Appointment")
        for n in range(number):
            item = self._exchange.put(others if n % 4 == 3 else usual, appointment(n))
            if n % 8 == 1:
                self._except(item, n)

    def _except(self, master: Item, n: int) -> None:
        """One occurrence is moved, one renamed and one gone."""
        moved, renamed, gone = (series.numbered(master, index) for index in (2, 4, 5))
        for one in (moved, renamed):
            series.change(self._exchange.store, one)
        later = timedelta(hours=2)
        for path, moment in (("Start", series.start_of(moved)), ("End", series.end_of(moved))):
            moved.fields[f"calendar:{path}"] = make(f"t:{path}", show(moment + later))
        renamed.fields["item:Subject"] = make("t:Subject", f"Réunion {n}, elsewhere")
        renamed.fields["calendar:Location"] = make("t:Location", "Salle B")
        series.delete(self._exchange.store, gone)

    def have_tasks(self, number: int) -> None:
        usual = self._mailbox.distinguished("tasks")
        for n in range(number):
            self._exchange.put(usual, task(n))


def received(message: Message) -> Element:
    """A mail as it lies on Exchange."""
    flags = message.flags
    words = sorted(word for word in flags if word[0] not in "\\$")
    verb = 102 if "\\Answered" in flags else 104 if "$Forwarded" in flags else 0
    assert message.received is not None
    properties = [
        write_property(tagged(0x0E06, "SystemTime"), show(message.received)),
        write_property(tagged(0x0E07, "Integer"), "1" if "\\Seen" in flags else "0"),
    ]
    if "\\Flagged" in flags:
        properties += [_number(0x1090, 2), _number(0x1095, 6)]
    if verb:
        properties += [_number(0x1081, verb), _number(0x1080, 261 if verb == 102 else 262)]
    return make(
        "t:Message",
        make("t:MimeContent", b64encode(message.body).decode()),
        _categories(*words),
        *properties,
        make("t:IsReadReceiptRequested", "false"),
        make("t:IsDeliveryReceiptRequested", "false"),
        make("t:IsRead", "true" if "\\Seen" in flags else "false"),
    )


def _number(tag: int, value: int) -> Element:
    return write_property(tagged(tag, "Integer"), str(value))


def _categories(*words: str) -> Element | None:
    return make("t:Categories", *(make("t:String", one) for one in words)) if words else None


def _text(n: int) -> Element:
    return make("t:Body", SENTENCE * (1 + n % 9), BodyType="Text")


def _entries(name: str, **entries: str) -> Element:
    return make(f"t:{name}", *(make("t:Entry", text, Key=key) for key, text in entries.items()))


def person_or_group(n: int) -> Element:
    """A contact, with a photograph now and then; or a distribution list."""
    return _group(n) if n % 19 == 18 else _person(n)


def _group(n: int) -> Element:
    members = (
        make(
            "t:Member",
            make(
                "t:Mailbox",
                make("t:Name", f"Zoé Person {one}"),
                make("t:EmailAddress", f"p{one}@example.test"),
                make("t:RoutingType", "SMTP"),
                make("t:MailboxType", "OneOff"),
            ),
        )
        for one in range(n, n + 6)
    )
    return make(
        "t:DistributionList",
        make("t:Subject", f"Chorale {n}"),
        _text(n),
        make("t:DisplayName", f"Chorale {n}"),
        make("t:Members", *members),
    )


def _person(n: int) -> Element:
    photo = make(
        "t:FileAttachment",
        make("t:Name", "ContactPicture.jpg"),
        make("t:IsContactPhoto", "true"),
        make("t:Content", b64encode(PHOTO[:2] + n.to_bytes(2, "big") + PHOTO[2:]).decode()),
    )
    home = make(
        "t:Entry",
        make("t:Street", f"{n}, rue de l’Église"),
        make("t:City", "Annecy"),
        make("t:CountryOrRegion", "France"),
        make("t:PostalCode", "74000"),
        Key="Home",
    )
    return make(
        "t:Contact",
        make("t:Subject", f"Zoé Person {n}"),
        _text(n),
        make("t:Attachments", photo) if n % 6 == 0 else None,
        _categories("Red category") if n % 3 == 0 else None,
        make("t:FileAs", f"Person {n}, Zoé"),
        make("t:DisplayName", f"Zoé Person {n}"),
        make("t:GivenName", "Zoé"),
        make("t:CompanyName", f"Firm {n % 30}"),
        _entries("EmailAddresses", EmailAddress1=f"p{n}@x.test", EmailAddress2=f"q{n}@x.test"),
        make("t:PhysicalAddresses", home) if n % 2 else None,
        _entries("PhoneNumbers", BusinessPhone=f"+33 1 {n:08}", MobilePhone=f"+33 6 {n:08}"),
        make("t:Birthday", f"19{50 + n % 50}-0{1 + n % 9}-03T11:59:00Z") if n % 4 == 1 else None,
        make("t:BusinessHomePage", f"https://firm{n % 30}.example.test/"),
        make("t:Department", "Sales") if n % 4 == 2 else None,
        make("t:JobTitle", "Ingénieure"),
        make("t:Surname", f"Person {n}"),
    )


def appointment(n: int) -> Element:
    """Single ones, whole days, series with and without an end, meetings, some with a file."""
    begins = FIRST_DAY + timedelta(days=n % 300, hours=8 + n % 9)
    while n % 8 == 4 and (begins.weekday() != 1 or (begins + WEEK).month == begins.month):
        begins += timedelta(days=1)
    ends = begins + timedelta(minutes=30 * (1 + n % 4))
    whole_day = n % 8 == 5
    if whole_day:
        begins, ends = (day.replace(hour=0) for day in (begins, begins + timedelta(days=1)))
    zone = UTC_ZONE if whole_day else PARIS
    return make(
        "t:CalendarItem",
        make("t:Subject", f"Réunion {n}"),
        make("t:Sensitivity", "Private") if n % 10 == 3 else None,
        _text(n),
        make("t:Attachments", _file(n)) if n % 16 in (1, 4) else None,
        _categories("Projekt 7", "Été") if n % 5 == 2 else None,
        make("t:Importance", "High") if n % 9 == 7 else None,
        make("t:ReminderIsSet", "true" if n % 2 else "false"),
        make("t:ReminderMinutesBeforeStart", "15" if n % 2 else "0"),
        make("t:UID", f"{n:04}-lived-in@example.test"),
        make("t:Start", show(begins)),
        make("t:End", show(ends)),
        make("t:IsAllDayEvent", "true" if whole_day else "false"),
        make("t:LegacyFreeBusyStatus", "Free" if whole_day else "Busy"),
        make("t:Location", f"Salle {n % 12}"),
        _guests("RequiredAttendees", n, n + 2) if n % 8 in (2, 6) else None,
        _guests("OptionalAttendees", n + 3) if n % 8 == 6 else None,
        _recurrence(n, begins) if n % 8 in (1, 4) else None,
        make("t:StartTimeZone", Id=zone),
        make("t:EndTimeZone", Id=zone),
    )


WEEK = timedelta(days=7)
PARIS, UTC_ZONE = "Romance Standard Time", "UTC"


def _file(n: int) -> Element:
    return make(
        "t:FileAttachment",
        make("t:Name", f"ordre du jour {n}.txt"),
        make("t:ContentType", "text/plain"),
        make("t:Content", b64encode(f"point {n}\n".encode() * 99).decode()),
    )


def _guests(name: str, *numbers: int) -> Element:
    return make(
        f"t:{name}",
        *(
            make(
                "t:Attendee",
                make(
                    "t:Mailbox",
                    make("t:Name", f"Zoé Person {one}"),
                    make("t:EmailAddress", f"p{one}@example.test"),
                ),
            )
            for one in numbers
        ),
    )


def _recurrence(n: int, begins: datetime) -> Element:
    first = make("t:StartDate", f"{begins:%Y-%m-%d}")
    if n % 8 == 1:
        pattern = make(
            "t:WeeklyRecurrence",
            make("t:Interval", "1"),
            make("t:DaysOfWeek", f"{begins:%A}"),
            make("t:FirstDayOfWeek", "Monday"),
        )
        return make(
            "t:Recurrence",
            pattern,
            make("t:NumberedRecurrence", first, make("t:NumberOfOccurrences", str(6 + n % 20))),
        )
    pattern = make(
        "t:RelativeMonthlyRecurrence",
        make("t:Interval", "2"),
        make("t:DaysOfWeek", "Tuesday"),
        make("t:DayOfWeekIndex", "Last"),
    )
    return make("t:Recurrence", pattern, make("t:NoEndRecurrence", first))


def task(n: int) -> Element:
    """To be done, begun, done, or due again and again."""
    day = FIRST_DAY + timedelta(days=n)
    done = n % 4 == 3
    return make(
        "t:Task",
        make("t:Subject", f"Tâche {n}"),
        make("t:Sensitivity", "Private") if n % 10 == 3 else None,
        _text(n),
        _categories("Projekt 7") if n % 5 == 2 else None,
        make("t:Importance", "High") if n % 6 == 5 else None,
        make("t:CompleteDate", show(day)) if done else None,
        make("t:DueDate", show(day + timedelta(days=3))),
        make("t:PercentComplete", "40") if n % 4 == 1 else None,
        _every_week(day) if n % 4 == 2 else None,
        make("t:StartDate", show(day)),
        make("t:Status", {1: "InProgress", 3: "Completed"}.get(n % 4, "NotStarted")),
    )


def _every_week(day: datetime) -> Element:
    pattern = make(
        "t:WeeklyRecurrence",
        make("t:Interval", "2"),
        make("t:DaysOfWeek", f"{day:%A}"),
        make("t:FirstDayOfWeek", "Monday"),
    )
    first = make("t:StartDate", f"{day:%Y-%m-%d}")
    return make("t:Recurrence", pattern, make("t:NoEndRecurrence", first))
