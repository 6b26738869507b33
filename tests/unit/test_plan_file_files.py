"""Files in plan files: alone, beside a mailbox, and as a place to save in."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm_desktop.cli.plan_fields import PlanRefused
from omm_desktop.cli.plan_file import read_plan
from omm_desktop.model.account import Account, EndpointKind, MailFormat
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import ProblemId
from omm_desktop.store import plan_json

from .test_plan_file import GOOD

DESTINATION = GOOD[GOOD.index("[destination]") : GOOD.index("[options]")]
MAILBOX = GOOD[: GOOD.index("[destination]")].replace("[source]", "[[source]]")


def source(kind: str, path: str) -> str:
    return f'[[source]]\nkind = "{kind}"\npath = "{path}"\n'


def plan(folder: Path, text: str) -> MigrationPlan:
    file = folder / "plan.toml"
    file.write_text(text, encoding="utf-8")
    read = read_plan(file)
    assert plan_json.from_json(plan_json.to_json(read)) == read
    return read


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [
        ("pst", set(ItemKind)),
        ("ics", {ItemKind.EVENTS, ItemKind.TASKS}),
        ("vcf", {ItemKind.CONTACTS}),
        ("csv", {ItemKind.CONTACTS}),
        ("mbox", {ItemKind.MAIL}),
        ("eml", {ItemKind.MAIL}),
        ("msg", {ItemKind.MAIL}),
        ("maildir", {ItemKind.MAIL}),
        ("file", set(ItemKind)),
    ],
)
def test_one_file(kind: str, kinds: set[ItemKind], tmp_path: Path) -> None:
    text = (
        f'[source]\nkind = "{kind}"\npath = "in/a"\n[destination]\nkind = "files"\npath = "out"\n'
    )
    read = plan(tmp_path, text)
    assert (read.source.kind, read.source.path) == (EndpointKind(kind), tmp_path / "in" / "a")
    assert (read.destination.path, read.destination.mail_format) == (
        tmp_path / "out",
        MailFormat.MBOX,
    )
    assert read.selection.kinds == kinds


@pytest.mark.parametrize(
    ("kind", "options", "told"),
    [
        ("pst", "", set(ItemKind) - {ItemKind.MAIL}),
        ("mbox", "", set()),
        ("pst", '[options]\nkinds = ["mail"]\n', set()),
    ],
)
def test_kinds_that_nobody_left_out_are_to_be_told(
    kind: str, options: str, told: set[ItemKind], tmp_path: Path
) -> None:
    read = plan(tmp_path, source(kind, "a") + DESTINATION + options)
    assert (read.selection.kinds, read.selection.told) == ({ItemKind.MAIL}, told)


def test_a_mailbox_and_files_in_one_plan(tmp_path: Path) -> None:
    text = source("vcf", "a.vcf") + MAILBOX + source("ics", "b.ics")
    exchange = '[destination]\nkind = "ews"\nlogin = "moi@exemple.com"\n'
    read = plan(tmp_path, text + exchange)
    assert read.source.login == "moi@exemple.fr"
    assert [one.path for one in read.files] == [tmp_path / "a.vcf", tmp_path / "b.ics"]
    assert read.selection.kinds == set(ItemKind)
    assert read.origin == "moi@exemple.fr, a.vcf, b.ics"


def test_a_link_and_a_way_round_lead_to_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    text = '[source]\nkind = "{}"\npath = "{}"\n' + DESTINATION
    one = plan(tmp_path, text.format("file", "link/a"))
    other = plan(tmp_path, text.format("mbox", "real/../real/a"))
    assert one.source.identity == other.source.identity


def test_mail_may_be_saved_as_one_file_each(tmp_path: Path) -> None:
    text = MAILBOX + '[destination]\nkind = "files"\npath = "out"\nmail_format = "eml"\n'
    assert plan(tmp_path, text).destination.mail_format is MailFormat.EML


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("source = []\n" + DESTINATION, "source"),
        ("source = [3]\n" + DESTINATION, "source[1]"),
        (MAILBOX + MAILBOX.replace("moi@", "toi@") + DESTINATION, "source[2]"),
        (source("vcf", "a") + source("file", "x/../a") + DESTINATION, "source[2]"),
        (source("tape", "a") + DESTINATION, "source[1].kind"),
        (source("files", "a") + DESTINATION, "source[1].kind"),
        ('[source]\nkind = "vcf"\n' + DESTINATION, "source.path"),
        ('[source]\nkind = "vcf"\npath = 3\n' + DESTINATION, "source.path"),
        ('[source]\nkind = "vcf"\npath = "a"\nlogin = "b"\n' + DESTINATION, "source.login"),
        ('[source]\nkind = "vcf"\npath = "a"\nmail_format = "eml"\n' + DESTINATION, "mail_format"),
        (source("vcf", "a") + 'password = "hunter2"\n' + DESTINATION, "source[1].password"),
        (MAILBOX + '[destination]\nkind = "mbox"\npath = "a"\n', "destination.kind"),
        (MAILBOX + source("ics", "a") + DESTINATION, "source[2].kind"),
        (MAILBOX + '[destination]\nkind = "files"\n', "destination.path"),
        (
            MAILBOX + '[destination]\nkind = "files"\npath = "a"\nmail_format = "msg"\n',
            "destination.mail_format",
        ),
    ],
)
def test_what_is_refused_is_named(text: str, field: str, tmp_path: Path) -> None:
    with pytest.raises(PlanRefused) as refused:
        plan(tmp_path, text)
    assert refused.value.problem.id is ProblemId.PLAN_UNREADABLE
    assert refused.value.problem.subject.endswith(field)
    assert "hunter2" not in str(refused.value)


def test_plain_text_is_refused_in_an_array_too(tmp_path: Path) -> None:
    text = MAILBOX.replace("127.0.0.1", "imap.exemple.fr") + DESTINATION
    with pytest.raises(PlanRefused) as refused:
        plan(tmp_path, text)
    assert refused.value.problem.id is ProblemId.ENCRYPTION_MISSING
    assert refused.value.problem.subject == "source[1].security"


@pytest.mark.parametrize(
    ("read", "saved", "refused"),
    [
        ("box", "box", True),
        ("box", "box/saved", True),
        ("saved/mail/INBOX.mbox", "saved", True),
        ("saved/contacts", "saved", True),
        ("saved/Outlook.pst", "saved", False),
        ("box", "boxes", False),
    ],
)
def test_nobody_reads_what_is_being_written(
    read: str, saved: str, refused: bool, tmp_path: Path
) -> None:
    text = source("file", read) + f'[destination]\nkind = "files"\npath = "{saved}"\n'
    if not refused:
        plan(tmp_path, text)
        return
    with pytest.raises(PlanRefused) as caught:
        plan(tmp_path, text)
    assert caught.value.problem.id is ProblemId.SAVED_IN_SOURCE


def test_a_file_is_no_server(tmp_path: Path) -> None:
    read = plan(tmp_path, source("file", "a") + DESTINATION)
    assert isinstance(read.source, Account)
    assert (read.bytes_per_day.source, read.source.server.host) == (None, "")
