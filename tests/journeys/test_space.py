"""A new mailbox too small: told before the first byte, or where it fills up on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.servers.account import TestAccount
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, compare, load, snapshot
from tests.servers.relay import Relay

from .command import CommandLine, Ended, plan_text
from .letters import letters
from .untouched import untouched

LETTER = 50_000
SPEED = 500_000
OTHERS = ("Autres",)
COPYING = "Copying\n"


@pytest.fixture(params=["dovecot", "cyrus"])
def small_account(request: pytest.FixtureRequest) -> Callable[[int], TestAccount]:
    """`small_account(kib)`: an empty mailbox with that much room."""
    new_user: NewUser = request.getfixturevalue(f"new_{request.param}_user")
    return lambda kib: new_user(quota_kib=kib)


def filled(account: TestAccount) -> TestAccount:
    load(
        account,
        [
            MailFolder(("INBOX",), letters(0, 20, LETTER)),
            MailFolder(("Clients",), letters(20, 20, LETTER)),
        ],
    )
    return account


def test_too_small_is_told_before_the_first_byte(
    command: CommandLine,
    old_account: TestAccount,
    small_account: Callable[[int], TestAccount],
) -> None:
    new_account = small_account(1_500)
    with untouched(filled(old_account)):
        ended = command.migrate(old_account, new_account)
    assert (ended.status, ended.code, ended.report["grade"]) == (4, "26-01", "not-started")
    assert ended.totals["copied"] == 0
    assert not any(snapshot(new_account).values())


def test_mail_that_is_there_already_needs_no_room(
    command: CommandLine,
    old_account: TestAccount,
    small_account: Callable[[int], TestAccount],
) -> None:
    new_account = small_account(2_400)
    filled(new_account)
    with untouched(filled(old_account)) as before:
        ended = command.migrate(old_account, new_account)
    assert (ended.status, ended.totals["present"]) == (0, 40)
    assert compare(before, snapshot(new_account)) == []


def test_hardly_enough_is_told_and_copied(
    command: CommandLine,
    old_account: TestAccount,
    small_account: Callable[[int], TestAccount],
) -> None:
    """Within three in a hundred: refusing a copy that fits would be worse than trying."""
    needed = sum(len(one.body) for one in (*letters(0, 20, LETTER), *letters(20, 20, LETTER)))
    new_account = small_account(needed * 102 // 100 // 1024)
    with untouched(filled(old_account)) as before:
        ended = command.migrate(old_account, new_account)
    assert (ended.status, ended.report["grade"]) == (0, "complete")
    told = "It just fits: 2 MB to copy, 2 MB left at the destination."
    assert ended.errors.index(told) < ended.errors.index(COPYING)
    assert compare(before, snapshot(new_account)) == []


def test_full_on_the_way_is_resumable(
    command: CommandLine,
    old_account: TestAccount,
    small_account: Callable[[int], TestAccount],
) -> None:
    """Somebody else's mail takes the room between the check and the copy."""
    new_account = small_account(2_400)
    with untouched(filled(old_account)) as before, Relay(new_account.port, speed=SPEED) as relay:
        slowly = new_account.through(relay.port)
        plan = plan_text(old_account, slowly, connections=1)
        child = command.start(plan, old_account, slowly)
        assert child.stderr is not None
        while child.stderr.readline() != COPYING:
            assert child.poll() is None
        assert load(new_account, [MailFolder(OTHERS, letters(100, 25, LETTER))]) == []
        output, errors = child.communicate(timeout=250)
        halfway = Ended(child.returncode, output, errors)
        assert (halfway.status, halfway.code) == (3, "26-01")
        assert halfway.report["grade"] == "interrupted"
        assert len(snapshot(new_account)[OTHERS]) == 25
        with new_account.client() as client:
            client.delete_folder(OTHERS[0])
        relay.change(speed=None)
        resumed = command.run(plan, old_account, slowly)
    assert resumed.status == 0
    assert 0 < resumed.totals["copied"] < 40
    assert compare(before, snapshot(new_account)) == []
