"""The real program with its window, killed with no warning, and started again by the person."""

from __future__ import annotations

import json
from pathlib import Path

from tests.servers.account import TestAccount
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import compare, snapshot
from tests.servers.relay import Relay

from .person import Person

CRAWL = 1_000


def plan_between(old: TestAccount, new: TestAccount, file: Path) -> str:
    sides = (
        f'[{side}]\nkind = "imap"\nhost = "{account.host}"\nport = {account.port}\n'
        f'security = "none"\nlogin = {json.dumps(account.login)}\n'
        for side, account in (("source", old), ("destination", new))
    )
    file.write_text("".join(sides), "utf-8")
    return str(file)


def arrived(account: TestAccount) -> int:
    return sum(map(len, snapshot(account).values()))


def test_before_the_copy_in_its_midst_and_after_it(
    person: Person,
    heavy: TestAccount,
    new_dovecot_user: NewUser,
    slow_line: Relay,
    tmp_path: Path,
) -> None:
    old, new = heavy.through(slow_line.port), new_dovecot_user()
    before = snapshot(heavy)
    plan = plan_between(old, new, tmp_path / "plan.toml")
    with person.starts(plan):
        person.gives_the_passwords(old, new)
        person.waits_for("Everything is ready")
    assert arrived(new) == 0
    with person.starts(plan):
        person.gives_the_passwords(old, new)
        person.waits_for("Everything is ready")
        person.presses("Start the copy")
        person.until(lambda: arrived(new) > 0)
        slow_line.change(speed=CRAWL)
    midway = arrived(new)
    assert 0 < midway < arrived(heavy)
    slow_line.change(speed=None)
    with person.starts():
        person.waits_for("The copy of")
        person.presses("Resume")
        person.gives_the_passwords(old, new)
        person.waits_for("Everything is copied")
    assert compare(before, snapshot(new)) == []
    with person.starts():
        person.waits_for("Your copies")
        person.presses("Copy the new messages")
        person.gives_the_passwords(old, new)
        person.waits_for("Everything is copied")
    assert compare(before, snapshot(new)) == []
    assert compare(before, snapshot(heavy)) == []
