"""Plan files: what is read, and that every bad value is refused by its name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from omm_desktop.cli.plan_fields import PlanRefused
from omm_desktop.cli.plan_file import read_plan
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.items import Folder, ItemKind
from omm_desktop.model.plan import SETTLE_SECONDS, DailyBytes, Labels
from omm_desktop.model.problem import Place, ProblemId
from omm_desktop.store import plan_json

GOOD = """\
[source]
kind = "imap"
host = "127.0.0.1"
port = 1143
security = "none"
login = "moi@exemple.fr"
[destination]
kind = "imap"
host = "imap.exemple.com"
port = 993
security = "tls"
login = "moi@exemple.com"
[options]
kinds = ["mail"]
connections = 3
include = ["INBOX", "Archives/*"]
since = 2020-01-01
settle_seconds = 30
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "plan.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_whole_plan(tmp_path: Path) -> None:
    plan = read_plan(written(tmp_path, GOOD))
    assert plan.source == Account(
        EndpointKind.IMAP,
        "moi@exemple.fr",
        Server("127.0.0.1", 1143, Security.NONE),
        "moi@exemple.fr",
    )
    assert plan.destination.server == Server("imap.exemple.com", 993, Security.TLS)
    assert plan.selection.kinds == {ItemKind.MAIL}
    assert plan.selection.include == ("INBOX", "Archives/*")
    assert plan.selection.since == date(2020, 1, 1)
    assert plan.options.connections == 3
    assert plan.options.settle_seconds == 30


def test_labels_and_the_limits_of_providers(tmp_path: Path) -> None:
    plan = read_plan(written(tmp_path, GOOD))
    assert (plan.options.labels, plan.bytes_per_day) == (Labels.ONCE, DailyBytes())
    assert plan.largest_known is None
    text = GOOD.replace("settle_seconds", 'labels = "each"\nsettle_seconds')
    text = text.replace('"imap.exemple.com"', '"imap.gmail.com"')
    plan = read_plan(written(tmp_path, text))
    assert plan.options.labels is Labels.EACH
    assert plan.bytes_per_day == DailyBytes(destination=500_000_000)
    assert plan.largest_known == 35_651_584
    assert plan_json.from_json(plan_json.to_json(plan)) == plan


def test_options_may_be_left_out_and_then_everything_is_copied(tmp_path: Path) -> None:
    plan = read_plan(written(tmp_path, GOOD.partition("[options]")[0]))
    assert plan.options.connections is None
    assert plan.options.settle_seconds == SETTLE_SECONDS
    assert plan.selection.takes(Folder(("Corbeille",), "Corbeille"))


EXCHANGE = """
[source]
kind = "ews"
host = "ex.exemple.fr"
login = "moi@exemple.fr"
[destination]
kind = "ews"
host = "ex.exemple.com"
login = "moi@exemple.com"
"""


def test_a_plan_without_kinds_copies_all_that_both_ends_hold(tmp_path: Path) -> None:
    assert read_plan(written(tmp_path, EXCHANGE)).selection.kinds == set(ItemKind)
    to_imap = (
        EXCHANGE.partition("[destination]")[0]
        + "[destination]"
        + GOOD.partition("[destination]")[2].partition("[options]")[0]
    )
    assert read_plan(written(tmp_path, to_imap)).selection.kinds == {ItemKind.MAIL}


def test_kinds_and_updating_are_as_asked(tmp_path: Path) -> None:
    asked = 'kinds = ["contacts", "events", "tasks"]\nupdate = true\n'
    plan = read_plan(written(tmp_path, f"{EXCHANGE}[options]\n{asked}"))
    assert plan.selection.kinds == set(ItemKind) - {ItemKind.MAIL}
    assert plan.options.update
    assert not read_plan(written(tmp_path, EXCHANGE)).options.update
    assert plan_json.from_json(plan_json.to_json(plan)) == plan


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert read_plan(written(tmp_path, "\ufeff" + GOOD)).options.connections == 3


@pytest.mark.parametrize(
    ("good", "bad", "field"),
    [
        ('kind = "imap"', 'kind = "gopher"', "source.kind"),
        ('kind = "imap"', 'kind = "memory"', "source.kind"),
        ('kind = "imap"', "kind = 3", "source.kind"),
        ('kind = "imap"\n', "", "source.kind"),
        ('host = "imap.exemple.com"', 'host = ""', "destination.host"),
        ('host = "imap.exemple.com"', 'host = "https://imap.exemple.com"', "destination.host"),
        ('host = "imap.exemple.com"', 'host = "imap exemple"', "destination.host"),
        ('host = "imap.exemple.com"', 'host = "imap\\r\\nexemple"', "destination.host"),
        ("port = 993", "port = 0", "destination.port"),
        ("port = 993", "port = 65536", "destination.port"),
        ("port = 993", 'port = "993"', "destination.port"),
        ("port = 993", "port = true", "destination.port"),
        ('security = "tls"', 'security = "ssl"', "destination.security"),
        ('login = "moi@exemple.com"', 'login = "a\\u0000b"', "destination.login"),
        ('login = "moi@exemple.com"', "login = 5", "destination.login"),
        ('kinds = ["mail"]', 'kinds = ["contact"]', "options.kinds"),
        ('kinds = ["mail"]', "kinds = []", "options.kinds"),
        ("connections = 3", 'update = "true"', "options.update"),
        ("connections = 3", "update = 1", "options.update"),
        ('kinds = ["mail"]', 'kinds = "mail"', "options.kinds"),
        ("connections = 3", "connections = 0", "options.connections"),
        ("connections = 3", "connections = 2.5", "options.connections"),
        ("connections = 3", "connections = 1000", "options.connections"),
        ('include = ["INBOX", "Archives/*"]', 'include = "INBOX"', "options.include"),
        ('include = ["INBOX", "Archives/*"]', "include = []", "options.include"),
        ('include = ["INBOX", "Archives/*"]', "include = [1]", "options.include"),
        ("since = 2020-01-01", 'since = "2020-01-01"', "options.since"),
        ("since = 2020-01-01", "since = 2020-01-01T00:00:00Z", "options.since"),
        ("settle_seconds = 30", "settle_seconds = -1", "options.settle_seconds"),
        ("settle_seconds = 30", "settle_seconds = nan", "options.settle_seconds"),
        ("settle_seconds = 30", "settle_seconds = inf", "options.settle_seconds"),
        ("settle_seconds = 30", f"settle_seconds = {'9' * 400}", "options.settle_seconds"),
        ("settle_seconds = 30", 'settle_seconds = "30"', "options.settle_seconds"),
        ("connections = 3", "conections = 3", "options.conections"),
        ("port = 1143", "port = 1143\nusername = 'x'", "source.username"),
        ("[options]", "[option]", "option"),
        ("[destination]", "[[destination]]", "destination"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(
    tmp_path: Path, good: str, bad: str, field: str
) -> None:
    assert good in GOOD
    with pytest.raises(PlanRefused) as refused:
        read_plan(written(tmp_path, GOOD.replace(good, bad, 1)))
    assert refused.value.problem.id is ProblemId.PLAN_UNREADABLE
    assert refused.value.problem.subject == field
    assert refused.value.problem.detail


@pytest.mark.parametrize("part", ["source", "destination"])
def test_both_ends_are_needed(tmp_path: Path, part: str) -> None:
    other = GOOD.replace(f"[{part}]", f"[{part}_gone]")
    with pytest.raises(PlanRefused) as refused:
        read_plan(written(tmp_path, other))
    assert part in refused.value.problem.subject


def test_plain_text_towards_another_computer_is_refused_before_anything_else(
    tmp_path: Path,
) -> None:
    text = GOOD.replace('security = "tls"', 'security = "none"').replace("port = 993", "port = 0")
    with pytest.raises(PlanRefused) as refused:
        read_plan(written(tmp_path, "surprise = 1\n" + text))
    assert refused.value.problem.id is ProblemId.ENCRYPTION_MISSING
    assert refused.value.problem.place is Place.DESTINATION


@pytest.mark.parametrize("host", ["localhost", "::1", "127.3.2.1"])
def test_plain_text_towards_this_computer_is_accepted(tmp_path: Path, host: str) -> None:
    plan = read_plan(written(tmp_path, GOOD.replace("127.0.0.1", host)))
    assert plan.source.server.host == host


@pytest.mark.parametrize("host", ["127.0.0.1.exemple.com", "localhost.exemple.com", "10.0.0.1"])
def test_a_name_that_only_looks_like_this_computer_is_not(tmp_path: Path, host: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        read_plan(written(tmp_path, GOOD.replace("127.0.0.1", host)))
    assert refused.value.problem.id is ProblemId.ENCRYPTION_MISSING
    assert refused.value.problem.place is Place.SOURCE


@pytest.mark.parametrize("key", ["password", "Passwd", "mot_de_passe", "app_secret", "token"])
def test_a_password_in_a_plan_is_refused_and_never_repeated(tmp_path: Path, key: str) -> None:
    text = GOOD.replace("port = 1143", f'port = 1143\n{key} = "hunter2"')
    with pytest.raises(PlanRefused) as refused:
        read_plan(written(tmp_path, text))
    assert refused.value.problem.subject == f"source.{key}"
    assert "hunter2" not in str(refused.value)


def test_a_broken_file_names_the_line_and_repeats_nothing(tmp_path: Path) -> None:
    with pytest.raises(PlanRefused) as refused:
        read_plan(written(tmp_path, GOOD + 'password = "hunter2\n'))
    assert str(GOOD.count("\n") + 1) in refused.value.problem.detail
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_what_no_program_can_read_is_no_plan(tmp_path: Path, value: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        read_plan(written(tmp_path, GOOD.replace("= 30", f"= {value}")))
    assert refused.value.problem.id is ProblemId.PLAN_UNREADABLE


def test_files_that_are_no_plan(tmp_path: Path) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (2 << 20))
    for file in (binary, huge, tmp_path, tmp_path / "missing.toml"):
        with pytest.raises(PlanRefused) as refused:
            read_plan(file)
        assert refused.value.problem.id is ProblemId.PLAN_UNREADABLE


def test_the_same_mailbox_twice_is_refused_however_it_is_typed(tmp_path: Path) -> None:
    source = GOOD.partition("[destination]")[0]
    text = source + source.replace("[source]", "[destination]").replace("moi@", "Moi@")
    with pytest.raises(PlanRefused) as refused:
        read_plan(written(tmp_path, text))
    assert refused.value.problem.id is ProblemId.SAME_MAILBOX


def test_a_mailbox_is_not_copied_by_pop_into_itself(tmp_path: Path) -> None:
    there = GOOD.partition("[destination]")[2].partition("[options]")[0]
    by_pop = there.replace('"imap"', '"pop3"').replace("993", "995")
    with pytest.raises(PlanRefused) as refused:
        read_plan(written(tmp_path, f"[source]{by_pop}[destination]{there}"))
    assert refused.value.problem.id is ProblemId.SAME_MAILBOX


def test_mail_is_read_by_pop_and_never_written(tmp_path: Path) -> None:
    by_pop = 'kind = "pop3"'
    plan = read_plan(written(tmp_path, GOOD.replace('kind = "imap"', by_pop, 1)))
    assert plan.source.kind is EndpointKind.POP3
    assert plan.destination.kind is EndpointKind.IMAP
    with pytest.raises(PlanRefused) as refused:
        read_plan(written(tmp_path, GOOD.replace('kind = "imap"', by_pop)))
    assert refused.value.problem.id is ProblemId.POP_CANNOT_RECEIVE
