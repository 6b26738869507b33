"""How messages become mail, told by files made for the purpose."""

from __future__ import annotations

import email
import email.policy
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from struct import pack

import pytest

from omm_desktop.endpoints.pst.damage import Damaged
from omm_desktop.endpoints.pst.messaging.message import Message
from omm_desktop.endpoints.pst.messaging.store import Store
from omm_desktop.endpoints.pst.mime.message_writer import write_message
from omm_desktop.endpoints.pst.mime.notes import Note, NoteKind

from .outlook import (
    GONE,
    PUBLIC_STRINGS,
    Attached,
    Box,
    Letter,
    Names,
    Outlook,
    Properties,
    Value,
    binary,
    flag,
    number,
    text,
    text8,
    texts,
    time,
)

SENT = 132_000_000_000_000_000
NAME, ADDRESS, KIND, SMTP, TYPE = 0x3001, 0x3003, 0x3002, 0x39FE, 0x0C15
SUBJECT, BODY, HTML, RTF, HEADERS, CLASS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D, 0x001A
METHOD, DATA, LONG_NAME, MIME_TAG, CONTENT_ID = 0x3705, 0x3701, 0x3707, 0x370E, 0x3712
PLAIN: Properties = {SUBJECT: text("Hello"), BODY: text("Text\r\n"), 0x0039: time(SENT)}

Carried = tuple[EmailMessage, list[Note], bytes]
Carry = Callable[..., Carried]


@pytest.fixture
def carry(tmp_path: Path) -> Carry:
    """Write a letter into a file, read it, and give the mail, the notes and the bytes."""

    def carried(letter: Letter) -> Carried:
        path = tmp_path / "made.pst"
        Outlook().save(path, [Box("Inbox", [letter])])
        output = io.BytesIO()
        with Store(path) as store:
            notes = write_message(_only(store), output)
        mail = email.message_from_bytes(output.getvalue(), policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        return mail, notes, output.getvalue()

    return carried


@pytest.fixture
def reread(tmp_path: Path) -> Iterator[Callable[..., Message]]:
    """Write a letter into a file and read it."""
    stores: list[Store] = []

    def message(letter: Letter, named: Names | None = None) -> Message:
        Outlook().save(tmp_path / "made.pst", [Box("Inbox", [letter])], named)
        stores.append(Store(tmp_path / "made.pst"))
        return _only(stores[-1])

    yield message
    for store in stores:
        store.close()


def _only(store: Store) -> Message:
    (folder,) = store.folders()
    assert not isinstance(folder, Damaged)
    (nid,) = folder.item_ids()
    return store.message(nid)


def _person(name: str, address: str, kind: int, address_type: str = "SMTP") -> Properties:
    return {
        NAME: text(name),
        ADDRESS: text(address),
        KIND: text(address_type),
        TYPE: number(kind),
    }


def _file(name: str, data: bytes, **more: Value) -> Attached:
    return Attached({METHOD: number(1), LONG_NAME: text(name), DATA: binary(data), **_tags(more)})


def _tags(named: dict[str, Value]) -> Properties:
    tags = {"content_id": CONTENT_ID, "mime": MIME_TAG, "flags": 0x3714, "hidden": 0x7FFE}
    return {tags[name]: value for name, value in named.items()}


def said(part: EmailMessage) -> str:
    """The text of a part with line ends of one LF."""
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def test_a_header_is_made_from_properties(carry: Carry) -> None:
    people = [
        _person("Zoé Œuvré", "zoe@example.test", 1),
        _person("Bob, the builder", "bob@example.test", 1),
        _person("carl@example.test", "carl@example.test", 2),
        _person("Hidden", "/o=Org/ou=Unit/cn=hidden", 3, "EX"),
        {**_person("Dora", "/o=Org/cn=dora", 2, "EX"), SMTP: text("dora@example.test")},
    ]
    properties = {
        **PLAIN,
        SUBJECT: text("\x01\x05RE: Été à l’île"),
        0x0042: text("Ann"),
        0x5D02: text("ann@example.test"),
        0x0C1A: text("Secretary"),
        0x5D01: text("office@example.test"),
        0x1035: text("<1@example.test>"),
        0x1042: text("<0@example.test>"),
        0x1039: text("<a@example.test> <b@example.test>"),
        0x0017: number(2),
        0x0036: number(3),
        0x0071: binary(bytes(range(22))),
    }
    mail, notes, written = carry(Letter(properties, people))
    assert mail["from"] == "Ann <ann@example.test>"
    assert mail["sender"] == "Secretary <office@example.test>"
    assert [(one.display_name, one.addr_spec) for one in mail["to"].addresses] == [
        ("Zoé Œuvré", "zoe@example.test"),
        ("Bob, the builder", "bob@example.test"),
    ]
    assert [one.addr_spec for one in mail["cc"].addresses] == [
        "carl@example.test",
        "dora@example.test",
    ]
    assert mail["bcc"].addresses[0].display_name == "Hidden"
    assert mail["bcc"].addresses[0].domain == "outlook-file.invalid"
    assert notes == [Note(NoteKind.ADDRESS_UNKNOWN, "Hidden")]
    assert mail["subject"] == "RE: Été à l’île"
    assert mail["date"].datetime == datetime(2019, 4, 17, 18, 40, tzinfo=UTC)
    assert mail["message-id"] == "<1@example.test>"
    assert mail["in-reply-to"] == "<0@example.test>"
    assert mail["references"].split() == ["<a@example.test>", "<b@example.test>"]
    assert (mail["importance"], mail["sensitivity"]) == ("high", "Company-Confidential")
    assert mail["thread-index"].replace(" ", "") == "AAECAwQFBgcICQoLDA0ODxAREhMUFQ=="
    assert max(map(len, written.split(b"\r\n"))) <= 78


def test_an_internal_address_is_looked_up_among_the_recipients(carry: Carry) -> None:
    people = [
        _person("Bob", "bob@example.test", 1),
        {**_person("Ann", "/o=Org/cn=Ann", 2, "EX"), SMTP: text("ann@example.test")},
    ]
    author: Properties = {
        0x0042: text("Ann (away)"),
        0x0064: text("EX"),
        0x0065: text("/O=ORG/CN=ANN"),
    }
    mail, notes, _ = carry(Letter({**PLAIN, **author}, people))
    assert mail["from"] == '"Ann (away)" <ann@example.test>'
    assert notes == []
    mail, notes, _ = carry(Letter({**PLAIN, **author}, people[:1]))
    assert mail["from"].addresses[0].domain == "outlook-file.invalid"
    assert notes == [Note(NoteKind.ADDRESS_UNKNOWN, "Ann (away)")]


def test_reply_to_is_read_from_one_off_entries(carry: Carry) -> None:
    strings = "Team\0SMTP\0team@example.test\0".encode("utf-16-le")
    one_off = b"\0" * 4 + bytes.fromhex("812b1fa4bea310199d6e00dd010f5402")
    one_off += pack("<HH", 0, 0x9001) + strings
    entries = pack("<II", 1, len(one_off) + 4) + pack("<I", len(one_off)) + one_off
    mail, _, _ = carry(Letter({**PLAIN, 0x004F: binary(entries)}))
    assert mail["reply-to"] == "Team <team@example.test>"


def test_names_cannot_add_fields(carry: Carry) -> None:
    properties = {**PLAIN, SUBJECT: text("One\r\nBcc: evil@example.test\r\n\r\nBody")}
    people = [_person("A\r\nX-Evil: 1", "a@example.test", 1)]
    mail, _, _ = carry(Letter(properties, people))
    assert {"bcc", "x-evil"}.isdisjoint(name.lower() for name, _ in mail.items())
    assert said(mail) == "Text\n"


def test_a_message_without_an_id_gets_the_same_each_time(carry: Carry) -> None:
    keyed = Letter({**PLAIN, 0x300B: binary(b"\x01\x02\xff")})
    assert carry(keyed)[0]["message-id"] == "<0102ff@outlook-file.invalid>"
    other = Letter({**PLAIN, SUBJECT: text("Other")})
    ids = [carry(letter)[0]["message-id"] for letter in (Letter(PLAIN), Letter(PLAIN), other)]
    assert ids[0] == ids[1] != ids[2]


def test_words_that_are_not_ascii_are_encoded_where_they_stand(carry: Carry) -> None:
    header = (
        'From: "Ann \\"Zoé\\" B" <a@example.test>, Éve <e@example.test> (été)\r\n'
        "Subject: Un été\r\n à la mer, déjà\r\n\tœuvré\r\n"
        "X-Plain: as it  was\r\n"
    )
    mail, _, written = carry(Letter({**PLAIN, HEADERS: text(header)}))
    assert [one.display_name for one in mail["from"].addresses] == ['Ann "Zoé" B', "Éve"]
    assert mail["subject"] == "Un été à la mer, déjà\tœuvré"
    assert b"\r\nX-Plain: as it  was\r\n" in written


def test_the_header_of_the_network_comes_first_and_gaps_are_filled(carry: Carry) -> None:
    header = (
        "Microsoft Mail Internet Headers Version 2.0\r\n"
        "Received: from a\r\n\tby b; Mon, 1 Jan 2001 00:00:00 +0000\r\n"
        "DKIM-Signature: v=1;\r\n b=abc=\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed;\r\n boundary="gone"\r\n'
        "Content-Transfer-Encoding: 7bit\r\n"
        'From: "Jérôme, chef" <j@example.test>\r\n'
        "Subject: Déjà vu encore\r\n"
        "Subject-Of-None\r\n"
        "X-Nul: a\0b\r\n"
        "\r\n"
        "To: not-a-field@example.test\r\n"
    )
    people = [_person("Ann", "ann@example.test", 1)]
    mail, _, written = carry(Letter({**PLAIN, HEADERS: text(header.replace("\0", ""))}, people))
    assert written.startswith(
        b"Received: from a\r\n\tby b; Mon, 1 Jan 2001 00:00:00 +0000\r\n"
        b"DKIM-Signature: v=1;\r\n b=abc=\r\nFrom: "
    )
    assert mail["from"].addresses[0].display_name == "Jérôme, chef"
    assert mail["subject"] == "Déjà vu encore"
    assert mail["to"] == "Ann <ann@example.test>"
    assert mail["content-type"].content_type == "text/plain"
    assert [len(mail.get_all(name)) for name in ("mime-version", "content-type")] == [1, 1]
    assert said(mail) == "Text\n"


@pytest.mark.parametrize(
    ("code_page", "encoded", "charset"),
    [
        (1252, "é €".encode("cp1252"), "windows-1252"),
        (28605, "é €".encode("iso8859-15"), "iso-8859-15"),
        (65001, "é €".encode(), "utf-8"),
        # The bytes say otherwise than the code page.
        (65001, "é €".encode("cp1252"), "windows-1252"),
        (20127, "é €".encode(), "utf-8"),
    ],
)
def test_html_keeps_its_bytes_under_a_true_charset(
    carry: Carry, code_page: int, encoded: bytes, charset: str
) -> None:
    meta = b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
    html = b"<html>" + (meta if b"\x80" in encoded else b"") + b"<p>" + encoded + b"</p>\r\n"
    mail, _, _ = carry(Letter({**PLAIN, HTML: binary(html), 0x3FDE: number(code_page)}))
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    part = mail.get_body(("html",))
    assert part is not None
    assert (part.get_content_charset(), part.get_payload(decode=True)) == (charset, html)
    assert "é €" in part.get_content()


def test_html_kept_as_text_is_written_in_utf_8(carry: Carry) -> None:
    html = '<meta charset="windows-1251"><p>Привет'
    mail, _, _ = carry(Letter({**PLAIN, HTML: text8(html.encode("cp1251")), 0x3FFD: number(1251)}))
    part = mail.get_body(("html",))
    assert part is not None
    assert part.get_content().rstrip() == '<meta charset="utf-8"><p>Привет'


def test_eight_bit_strings_are_in_the_code_page_of_the_message(carry: Carry) -> None:
    properties = {
        SUBJECT: text8("Встреча".encode("cp1251")),
        BODY: text8("Завтра\r\n".encode("cp1251")),
        0x3FFD: number(1251),
    }
    people = [{**_person("", "a@example.test", 1), NAME: text8("Анна".encode("cp1251"))}]
    mail, _, _ = carry(Letter(properties, people))
    assert mail["subject"] == "Встреча"
    assert mail["to"].addresses[0].display_name == "Анна"
    assert said(mail) == "Завтра\n"


@pytest.mark.parametrize(
    "body",
    ["", "no end", "é" * 500, "a" * 5000, "From here\r\n.\r\n", " \r\n\t\r\n= \r\n", "x\ny\rz\r\n"],
)
def test_text_comes_back(carry: Carry, body: str) -> None:
    mail, _, written = carry(Letter({**PLAIN, BODY: text(body)}))
    expected = body.replace("\r\n", "\n").replace("\r", "\n")
    assert said(mail).rstrip("\n") == expected.rstrip("\n")
    assert max(map(len, written.split(b"\r\n"))) <= 998
    assert written.isascii()


def _mela(rtf: bytes) -> Value:
    return binary(pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf)


def test_html_within_rich_text_is_taken_out(carry: Carry) -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0\fcharset204 Arial;}}"
        rb"{\*\htmltag64 <html>}{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 "
        rb"caf\'e9 {\f0 \'cf\'f0}\u8364?{\*\mhtmltag64 <x>}\htmlrtf hidden\htmlrtf0 "
        rb"{\*\htmltag84 &lt;}\{b\}{\*\htmltag72 </p>}}"
    )
    mail, notes, _ = carry(Letter({SUBJECT: text("S"), RTF: _mela(rtf)}))
    assert (mail.get_content_type(), notes) == ("text/html", [])
    assert mail.get_content().rstrip() == "<html><p>café Пр€&lt;{b}</p>"


def test_text_within_rich_text_is_taken_out(carry: Carry) -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1252\fromtext{\colortbl;}One\tab two\par d\'e9j\'e0\par}"
    mail, _, _ = carry(Letter({SUBJECT: text("S"), RTF: _mela(rtf)}))
    assert mail.get_content_type() == "text/plain"
    assert said(mail) == "One\ttwo\ndéjà\n"


@pytest.mark.parametrize(
    "passed_over",
    [
        rb"{\*\made \{ \\}",
        rb"{\*\made {}{\b }}",
        rb"{\*\made \bin3 }}}}",
        rb"{\*\made \bind3 {}}",
        rb"{\info{\title \'7d}}",
        rb"{\*\made \bin0}",
    ],
)
def test_a_group_nobody_reads_ends_where_it_ends(passed_over: bytes, carry: Carry) -> None:
    rtf = rb"{\rtf1\ansi\fromtext before " + passed_over + rb"behind}"
    mail, _, _ = carry(Letter({SUBJECT: text("S"), RTF: _mela(rtf)}))
    assert said(mail).rstrip() == "before behind"


def test_rich_text_becomes_html_and_text(carry: Carry) -> None:
    rtf = (
        rb"{\rtf1\ansi\deff0{\fonttbl{\f0\fswiss Arial;}}{\colortbl;\red255\green0\blue0;}"
        rb"\pard\qc{\b Bold} \cf1 red & <tag>\par\pard\plain "
        rb'{\field{\*\fldinst HYPERLINK "https://example.test/?a=1&b=2"}{\fldrslt link}}'
        rb" \u-10179?\u-8704?{\v hidden}\par}"
    )
    mail, notes, _ = carry(Letter({SUBJECT: text("S"), RTF: _mela(rtf)}))
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert said(plain) == "Bold red & <tag>\nlink 😀\n"
    shown = html.get_content()
    assert "<b>Bold</b>" in shown
    assert "text-align:center" in shown
    assert '<span style="color:#ff0000;">red &amp; &lt;tag&gt;</span>' in shown
    assert '<a href="https://example.test/?a=1&amp;b=2">link</a>' in shown
    assert "hidden" not in shown
    assert notes == []


def test_rich_text_with_pictures_is_kept_beside(carry: Carry) -> None:
    rtf = rb"{\rtf1\ansi Look:{\pict\pngblip 89504e47}\par}"
    mail, notes, _ = carry(Letter({SUBJECT: text("S"), RTF: _mela(rtf)}))
    (kept,) = mail.iter_attachments()
    assert (kept.get_content_type(), kept.get_payload(decode=True)) == ("application/rtf", rtf)
    assert notes == [Note(NoteKind.PICTURES_IN_RICH_TEXT)]


def test_what_the_html_shows_is_related_and_the_rest_attached(carry: Carry) -> None:
    html = b'<img src="cid:one@x"><img src=cid:T%57o>'
    files = [
        _file("one.png", b"1", content_id=text("<one@x>"), mime=text("image/png")),
        _file("two.gif", b"2", content_id=text("tWo")),
        _file("told.jpg", b"3", content_id=text("three"), flags=number(4)),
        _file("hidden.bmp", b"4", content_id=text("four"), hidden=flag(True)),
        _file("only-an-id.pdf", b"5", content_id=text("five")),
        _file("Отчёт за год.docx", b"6"),
    ]
    mail, notes, _ = carry(Letter({**PLAIN, HTML: binary(html)}, (), files))
    assert mail.get_content_type() == "multipart/mixed"
    related, *others = list(mail.iter_parts())
    assert related.get_content_type() == "multipart/related"
    alternative, *shown = list(related.iter_parts())
    assert alternative.get_content_type() == "multipart/alternative"
    assert [(part["content-id"], part.get_content_type()) for part in shown] == [
        ("<one@x>", "image/png"),
        ("<tWo>", "image/gif"),
        ("<three>", "image/jpeg"),
        ("<four>", "image/bmp"),
    ]
    assert {part.get_content_disposition() for part in shown} == {"inline"}
    assert [(part.get_filename(), part.get_content_disposition()) for part in others] == [
        ("only-an-id.pdf", "attachment"),
        ("Отчёт за год.docx", "attachment"),
    ]
    assert notes == []


def test_without_html_nothing_is_inline(carry: Carry) -> None:
    mail, _, _ = carry(Letter(PLAIN, (), [_file("a.png", b"1", content_id=text("a"))]))
    assert [part.get_content_disposition() for part in mail.iter_attachments()] == ["attachment"]


@pytest.mark.parametrize("size", [1, 57, 58, 100_000])
def test_files_come_back(carry: Carry, size: int) -> None:
    data = bytes(index * 7 % 256 for index in range(size))
    mail, _, written = carry(Letter(PLAIN, (), [_file("é" * 100 + ".bin", data)]))
    (part,) = mail.iter_attachments()
    assert part.get_payload(decode=True) == data
    assert part.get_filename() == "é" * 100 + ".bin"
    assert max(map(len, written.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("told", ["multipart/mixed", "message/rfc822", "no type", "a/b\r\nX: 1"])
def test_types_that_may_not_be_are_not_written(carry: Carry, told: str) -> None:
    mail, _, _ = carry(Letter(PLAIN, (), [_file("x.eml", b"From: a\n\nb", mime=text(told))]))
    (part,) = mail.iter_attachments()
    assert part.get_content_type() in ("application/octet-stream", "a/b")
    assert part.get_payload(decode=True) == b"From: a\n\nb"
    assert part["x"] is None


def test_messages_within_messages(carry: Carry) -> None:
    letter = Letter({**PLAIN, SUBJECT: text("5")})
    for depth in range(4, -1, -1):
        inner = Attached({METHOD: number(5), NAME: text(f"in {depth}")}, letter)
        letter = Letter({**PLAIN, SUBJECT: text(str(depth))}, (), [_file("f", b"x"), inner])
    mail, notes, written = carry(letter)
    subjects = [part["subject"] for part in mail.walk() if part["subject"]]
    assert subjects == ["0", "1", "2", "3", "4", "5"]
    marks = [line for line in written.split(b"\r\n") if line.startswith(b' boundary="')]
    assert len(set(marks)) == 5
    assert notes == []


def test_messages_within_messages_have_an_end(carry: Carry) -> None:
    letter = Letter(PLAIN)
    for _ in range(20):
        letter = Letter(PLAIN, (), [Attached({METHOD: number(5), NAME: text("in")}, letter)])
    mail, notes, _ = carry(letter)
    assert len([part for part in mail.walk() if part.get_content_type() == "message/rfc822"]) == 16
    assert notes == [Note(NoteKind.TOO_DEEP, "in")]


def test_a_message_that_contains_itself_ends(tmp_path: Path) -> None:
    outlook = Outlook()
    writer = outlook.writer
    nids = [0x8025, 0x8045, 0x8065]
    content, _ = outlook.context(PLAIN)
    table, _ = outlook.table({nid: {} for nid in nids})
    attached, _ = outlook.context({METHOD: number(5), DATA: (0x000D, pack("<II", 0x200024, 0))})
    # Lists of subnodes get every fourth number, two more than blocks of data.
    within = writer.subnodes({0x200024: (content, writer.next_bid + 6)})
    subnodes = writer.subnodes({0x671: (table, 0), **dict.fromkeys(nids, (attached, within))})
    writer.node(0x200024, content, subnodes)
    outlook.save(tmp_path / "made.pst", [])
    output = io.BytesIO()
    with Store(tmp_path / "made.pst") as store:
        notes = write_message(store.message(0x200024), output)
    assert 16 <= output.getvalue().count(b"message/rfc822") <= 500
    assert {note.kind for note in notes} == {NoteKind.TOO_DEEP}


LONG_FIELD = "X-Long: " + "é" * 100_000 + '"' + "e" * 100_000 + '"' * 1000 + "\r\n x" * 50_000


@pytest.mark.parametrize(
    "properties",
    [
        {HEADERS: text(LONG_FIELD)},
        {RTF: binary(b"\0" * 8 + b"MELA" + b"\0" * 4 + rb"{\rtf1 " + rb"\u233?" * 100_000)},
        {RTF: binary(b"\0" * 8 + b"MELA" + b"\0" * 4 + rb"{\rtf1 " + rb"\'e9" * 300_000)},
        {HTML: binary(b"<meta" * 100_000 + b"<img src=cid:" * 10_000)},
        {SUBJECT: text("é " * 50_000), BODY: text("é" * 300_000)},
    ],
    ids=["header", "unicode", "hexadecimal", "html", "text"],
)
@pytest.mark.timeout(60)
def test_long_values_take_time_in_proportion(carry: Carry, properties: Properties) -> None:
    _, notes, written = carry(Letter({**PLAIN, **properties}))
    assert len(written) > 100_000
    assert notes == []


def test_what_is_gone_is_told_and_the_rest_carried_over(carry: Carry) -> None:
    gone = {HEADERS: (0x1F, GONE), 0x0071: (0x0102, GONE), HTML: (0x0102, GONE)}
    files = [
        Attached({METHOD: number(1), LONG_NAME: text("gone.bin"), DATA: (0x0102, GONE)}),
        Attached({METHOD: number(5), NAME: text("gone"), DATA: (0x000D, pack("<II", 0xFFE4, 0))}),
        _file("kept.bin", b"kept"),
    ]
    mail, notes, _ = carry(Letter({**PLAIN, **gone}, [_person("Bob", "bob@x.test", 1)], files))
    assert (mail["subject"], mail["to"]) == ("Hello", "Bob <bob@x.test>")
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert said(plain) == "Text\n"
    (kept,) = mail.iter_attachments()
    assert kept.get_payload(decode=True) == b"kept"
    assert sorted(note.kind for note in notes) == [
        NoteKind.ATTACHMENT_DAMAGED,
        NoteKind.ATTACHMENT_DAMAGED,
        NoteKind.BODY_DAMAGED,
        NoteKind.HEADER_DAMAGED,
        NoteKind.HEADER_DAMAGED,
    ]


def test_an_address_that_is_not_ascii_is_kept_as_a_name(carry: Carry) -> None:
    mail, notes, written = carry(Letter(PLAIN, [_person("", "用户@例子.测试", 1)]))
    assert mail["to"].addresses[0].display_name == "用户@例子.测试"
    assert notes == [Note(NoteKind.ADDRESS_UNKNOWN, "用户@例子.测试")]
    assert written.isascii()


def test_linked_files_are_told_and_ole_objects_kept(carry: Carry) -> None:
    linked = Attached({METHOD: number(7), LONG_NAME: text("a"), 0x370D: text("https://x.test/a")})
    ole = Attached({METHOD: number(6), DATA: binary(b"\xd0\xcf\x11\xe0"), MIME_TAG: text("a/b")})
    empty = Attached({METHOD: number(1), LONG_NAME: text("nothing.txt")})
    mail, notes, _ = carry(Letter(PLAIN, (), [linked, ole, empty]))
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "application/octet-stream"
    assert part.get_payload(decode=True) == b"\xd0\xcf\x11\xe0"
    assert [note.kind for note in notes] == [
        NoteKind.ATTACHMENT_LINKED,
        NoteKind.ATTACHMENT_DAMAGED,
    ]
    assert notes[0].detail == "https://x.test/a"


SIGNED = (
    b'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n'
    b' micalg=sha1; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSigned \r\n'
    b"--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nMII=\r\n--b--\r\n"
)


def test_a_signed_body_is_written_as_it_was_signed(carry: Carry) -> None:
    properties = {**PLAIN, CLASS: text("IPM.Note.SMIME.MultipartSigned")}
    file = _file("smime.p7m", SIGNED, mime=text("multipart/signed"))
    mail, notes, written = carry(Letter(properties, (), [file]))
    assert written.endswith(b"MIME-Version: 1.0\r\n" + SIGNED)
    assert (mail.get_content_type(), notes) == ("multipart/signed", [])


def test_a_signed_body_without_fields_takes_those_of_the_network(carry: Carry) -> None:
    fields, body = SIGNED.split(b"\r\n\r\n", 1)
    header = "Subject: Hello\r\n" + fields.decode() + "\r\n\r\n"
    properties = {
        **PLAIN,
        CLASS: text("IPM.Note.SMIME.MultipartSigned"),
        HEADERS: text(header),
    }
    mail, _, written = carry(Letter(properties, (), [_file("smime.p7m", body)]))
    assert written.endswith(SIGNED)
    assert mail.get_content_type() == "multipart/signed"


@pytest.mark.parametrize(
    ("number_of_kind", "kind"), [(2, "signed-data"), (3, "enveloped-data"), (6, "enveloped-data")]
)
def test_an_encrypted_body_is_the_body(carry: Carry, number_of_kind: int, kind: str) -> None:
    data = bytes.fromhex("30800609 2a864886 f70d0107".replace(" ", "")) + bytes([number_of_kind])
    properties = {**PLAIN, CLASS: text("IPM.Note.SMIME")}
    mail, _, _ = carry(Letter(properties, (), [_file("smime.p7m", data * 50)]))
    assert mail.get_content_type() == "application/pkcs7-mime"
    assert mail["content-type"].params["smime-type"] == kind
    assert mail.get_payload(decode=True) == data * 50


def test_state_and_times(reread: Callable[..., Message]) -> None:
    def state(**properties: Value) -> frozenset[str]:
        tags = {"flags": 0x0E07, "verb": 0x1081, "follow": 0x1090}
        return reread(Letter({tags[name]: value for name, value in properties.items()})).flags

    assert state() == set()
    assert state(flags=number(1)) == {"\\Seen"}
    assert state(flags=number(9), verb=number(102)) == {"\\Seen", "\\Draft", "\\Answered"}
    assert state(verb=number(103), follow=number(2)) == {"\\Answered", "\\Flagged"}
    assert state(verb=number(104), follow=number(1)) == {"$Forwarded"}
    assert reread(Letter({0x3007: time(SENT)})).received == datetime(
        2019, 4, 17, 18, 40, tzinfo=UTC
    )
    assert reread(Letter({0x0E06: time(0), 0x0039: time(2**63)})).received is None
    assert reread(Letter({0x0E06: time(1)})).received == datetime(1601, 1, 1, tzinfo=UTC)


def test_categories_are_the_named_property_keywords(reread: Callable[..., Message]) -> None:
    letter = Letter({**PLAIN, 0x8001: texts("Rouge", "Важно")})
    named = {(PUBLIC_STRINGS, "other"): 0x8000, (PUBLIC_STRINGS, "Keywords"): 0x8001}
    assert reread(letter, named).categories == ["Rouge", "Важно"]
    assert reread(letter).categories == []


def test_a_body_too_large_for_memory_is_attached(
    carry: Carry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omm_desktop.endpoints.pst.mime.body.LARGEST_BODY", 5000)
    body = "word " * 2000
    mail, notes, _ = carry(Letter({**PLAIN, BODY: text(body), HTML: binary(b"<p>")}))
    (part,) = mail.iter_attachments()
    assert part.get_filename() == "body.txt"
    assert part.get_payload(decode=True).decode("utf-16-le") == body
    assert notes == [Note(NoteKind.BODY_AS_FILE, "BODY")]
