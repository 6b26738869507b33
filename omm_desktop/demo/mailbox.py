"""The demo's mailbox, written anew from resources/demo/mailbox.toml, the same in every run."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from email import policy
from email.message import EmailMessage
from typing import Any

from omm_desktop import paths

from .attachments import document, picture

Series = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoMessage:
    """One message of the demo: RFC 5322 octets and what IMAP keeps beside them."""

    folder: str
    octets: bytes
    flags: tuple[str, ...]
    received: datetime


class DemoMailbox:
    """A fictional person's mail of six years; `folders` and `messages` never change."""

    def __init__(self) -> None:
        text = (paths.resources() / "demo" / "mailbox.toml").read_text("utf-8")
        self._data: dict[str, Any] = tomllib.loads(text)
        self._series: list[Series] = self._data["series"]

    @property
    def folders(self) -> list[str]:
        return list(dict.fromkeys(series["folder"] for series in self._series))

    def messages(self) -> Iterator[DemoMessage]:
        for number, series in enumerate(self._series):
            chance = random.Random(number)
            for index in range(series["count"]):
                yield self._message(series, index, chance)

    def _message(self, series: Series, index: int, chance: random.Random) -> DemoMessage:
        received = _moment(series, index, chance)
        words = self._words(received, chance)
        message = EmailMessage(policy=policy.SMTP)
        owner, other = self._data["owner"], series["sender"]
        message["From"], message["To"] = (owner, other) if series.get("sent") else (other, owner)
        message["Date"] = received
        message["Message-ID"] = f"<{received:%Y%m%d%H%M%S}.{index}.{words['number']}@exemple.fr>"
        subjects = series["subjects"]
        message["Subject"] = subjects[index % len(subjects)].format_map(words)
        self._write_body(message, series, words, chance)
        for count, part in enumerate(message.walk()):
            if part.is_multipart():
                part.set_boundary(f"=_demo_{words['number']}_{count}")
        flags = tuple(_flags(series, chance))
        return DemoMessage(series["folder"], message.as_bytes(), flags, received)

    def _words(self, received: datetime, chance: random.Random) -> dict[str, str]:
        lists: dict[str, list[str]] = self._data["words"]
        words = {name: chance.choice(choices) for name, choices in lists.items()}
        words["month"] = lists["month"][received.month - 1]
        words["year"] = str(received.year)
        words["number"] = str(chance.randrange(10_000, 99_999))
        words["price"] = f"{chance.randrange(9, 480)},{chance.randrange(100):02}"
        return words

    def _write_body(
        self, message: EmailMessage, series: Series, words: dict[str, str], chance: random.Random
    ) -> None:
        paragraphs = self._paragraphs(series, words, chance)
        form = series["form"]
        html = "".join(f"<p>{paragraph}</p>\r\n" for paragraph in paragraphs)
        if form == "html":
            message.set_content(f"<html><body>{html}</body></html>", subtype="html")
        else:
            message.set_content("\r\n\r\n".join(paragraphs) + "\r\n", cte="quoted-printable")
        if form == "both":
            message.add_alternative(f"<html><body>{html}</body></html>", subtype="html")
        if form == "pdf":
            name = series["attachment"].format_map(words)
            message.add_attachment(document(name), "application", "pdf", filename=name)
        if form == "photo":
            name = series["attachment"].format_map(words)
            message.add_attachment(picture(chance), "image", "png", filename=name)

    def _paragraphs(
        self, series: Series, words: dict[str, str], chance: random.Random
    ) -> list[str]:
        if series.get("formal"):
            greeting, closing = self._data["formal_greeting"], self._data["formal_closing"]
        else:
            greeting = chance.choice(self._data["greetings"])
            closing = chance.choice(self._data["closings"])
        sentences: list[str] = series["sentences"]
        chosen = chance.sample(sentences, k=min(len(sentences), chance.randint(2, 5)))
        signature = (self._data["owner"] if series.get("sent") else series["sender"]).split(" <")[0]
        return [greeting, *(line.format_map(words) for line in chosen), closing, signature]


def _moment(series: Series, index: int, chance: random.Random) -> datetime:
    first: date = series["first"]
    day = first + timedelta(days=index * series["every_days"])
    hour = time(chance.randrange(7, 22), chance.randrange(60), chance.randrange(60))
    summer = timezone(timedelta(hours=2))
    winter = timezone(timedelta(hours=1))
    return datetime.combine(day, hour, summer if 4 <= day.month <= 10 else winter)


def _flags(series: Series, chance: random.Random) -> Iterator[str]:
    if chance.random() >= series.get("unread", 0.1):
        yield "\\Seen"
    if series.get("draft"):
        yield "\\Draft"
    for flag, name in (("\\Answered", "answered"), ("\\Flagged", "flagged")):
        if chance.random() < series.get(name, 0.0):
            yield flag
