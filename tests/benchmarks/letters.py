"""A mailbox for measuring: always the same letters, sized as real mail is, some of them awkward."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from math import exp, log
from statistics import NormalDist

from omm_desktop.model.items import FolderPath
from tests.servers.mailbox import MailFolder, Message

MEDIAN_SIZE = 8_200
SPREAD = 2.03
"""Standard deviation of the sizes' logarithm: the mean is then eight times the median."""
SMALLEST, LARGEST = 400, 20_000_000
LINE = 76

FOLDERS: tuple[tuple[FolderPath, int], ...] = (
    (("INBOX",), 30),
    (("Sent",), 20),
    (("Archiv",), 10),
    (("Archiv", "2019"), 10),
    (("Archiv", "2019", "Büroaufträge"), 8),
    (("Клиенты", "Москва"), 8),
    (("日本", "会議"), 7),
    (("Entwürfe",), 7),
)
EMPTY_FOLDER: FolderPath = ("Leer",)
SYSTEM_FLAGS = ("\\Seen", "\\Answered", "\\Flagged", "\\Draft")
KEYWORDS = ("$Forwarded", "$Label1", "$Label2", "$MDNSent", "NonJunk", "Projekt-7")
ZONES = (-480, -300, 0, 60, 120, 330, 540, 765)
YEARS = 22
FIRST_DAY = datetime(2002, 1, 1)


def mailbox(number: int) -> list[MailFolder]:
    """`number` letters in eight folders, and one empty folder."""
    chance = random.Random(number)
    text = _text(chance)
    placed: defaultdict[FolderPath, list[Message]] = defaultdict(list)
    paths = [path for path, _ in FOLDERS]
    weights = [weight for _, weight in FOLDERS]
    for index, size in enumerate(_sizes(number, chance)):
        path = chance.choices(paths, weights)[0]
        if index % 100 == 99 and placed[path]:
            placed[path].append(placed[path][-1])
        else:
            body = _letter(index, size, text, chance)
            placed[path].append(_dressed(body, f"letter {index}", chance))
    return [*(MailFolder(path, placed[path]) for path in paths), MailFolder(EMPTY_FOLDER)]


def sample(folders: Sequence[MailFolder], number: int) -> list[MailFolder]:
    """About `number` of the letters, with small and large ones in the same proportions."""
    sized = [(place, message) for place, f in enumerate(folders) for message in f.messages]
    sized.sort(key=lambda placed: len(placed[1].body))
    step = len(sized) / number
    kept: defaultdict[int, list[Message]] = defaultdict(list)
    for turn in range(number):
        place, message = sized[int((turn + 0.5) * step)]
        kept[place].append(message)
    return [MailFolder(folder.path, kept[place]) for place, folder in enumerate(folders)]


def huge_mailbox() -> list[MailFolder]:
    """A hundred small letters and four of 50 MB."""
    chance = random.Random(50)
    text = _text(chance)
    sizes = [6_000] * 100
    sizes[20:80:15] = [50_000_000] * 4
    letters = [
        _dressed(_letter(index, size, text, chance), f"huge {index}", chance)
        for index, size in enumerate(sizes)
    ]
    return [MailFolder(("INBOX",), letters)]


def messages_and_bytes(folders: Sequence[MailFolder]) -> tuple[int, int]:
    bodies = [len(message.body) for folder in folders for message in folder.messages]
    return len(bodies), sum(bodies)


def _sizes(number: int, chance: random.Random) -> list[int]:
    """Sizes in bytes: the quantiles of a log-normal distribution, in random order."""
    normal = NormalDist(log(MEDIAN_SIZE), SPREAD)
    sizes = [
        round(min(LARGEST, max(SMALLEST, exp(normal.inv_cdf((i + 0.5) / number)))))
        for i in range(number)
    ]
    if number >= 5_000:
        sizes[-1] = LARGEST
    chance.shuffle(sizes)
    return sizes


def _text(chance: random.Random) -> bytes:
    """One MiB of lines that look like an encoded attachment."""
    alphabet = bytes.maketrans(
        bytes(range(256)),
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" * 4,
    )
    letters = chance.randbytes(1 << 20).translate(alphabet)
    return b"\r\n".join(letters[i : i + LINE] for i in range(0, len(letters), LINE)) + b"\r\n"


def _letter(index: int, size: int, text: bytes, chance: random.Random) -> bytes:
    """Every 33rd has no Message-ID; every 50th shares one with other letters."""
    head = (
        f"From: Absender {index % 97} <a{index % 97}@example.test>\r\n"
        f"To: b@example.test\r\nSubject: letter {index}\r\n"
        f"Date: Mon, 3 Feb 2003 04:05:{index % 60:02} +0100\r\n"
    )
    if index % 33:
        name = "shared" if index % 50 == 0 else f"{index}.{chance.getrandbits(64):x}"
        head += f"Message-ID: <{name}@example.test>\r\n"
    start = (LINE + 2) * chance.randrange(len(text) // (LINE + 2))
    wanted = max(0, size - len(head) - 2)
    repeated = text[start:] + text * (wanted // len(text) + 1)
    return head.encode() + b"\r\n" + repeated[:wanted] + b"\r\n"


def _dressed(body: bytes, name: str, chance: random.Random) -> Message:
    flags = {flag for flag in SYSTEM_FLAGS if chance.random() < 0.3}
    flags |= {keyword for keyword in KEYWORDS if chance.random() < 0.08}
    zone = timezone(timedelta(minutes=chance.choice(ZONES)))
    day = FIRST_DAY.replace(tzinfo=zone) + timedelta(seconds=chance.randrange(YEARS * 31_556_952))
    return Message(body, frozenset(flags), day, name)
