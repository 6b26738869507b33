"""The composition root: the only file that knows every room."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from omm_desktop import paths
from omm_desktop.cli.summary import summary
from omm_desktop.copies import Copies, LockedMigration, LockedUndo
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import OmmError, Place
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.undoing import UndoPreview
from omm_desktop.support import logs
from omm_desktop.support.redact import Redactor

if TYPE_CHECKING:
    from omm_desktop.guide.discovery.network import Surroundings

PICTURES = Path("pictures")


def around() -> Surroundings:
    """What this computer finds around it."""
    from omm_desktop.guide.discovery.network import Surroundings
    from omm_desktop.guide.providers import providers

    return Surroundings(providers())


class CommandLineServices:
    """What the command line needs: one copy at a time, with nobody there to answer questions."""

    def __init__(
        self, redactor: Redactor, surroundings: Callable[[], Surroundings] = around
    ) -> None:
        self._redactor, self._surroundings = redactor, surroundings

    def find_exchange(self, account: Account, secret: Secret, place: Place) -> Account:
        # Here, since most copies are told where to go, and the web takes long to load.
        from omm_desktop.guide.discovery.exchange_place import located

        self._redactor.register_secret(secret)
        self._redactor.register_login(account.login)
        return located(account, secret, self._surroundings(), place)

    def open_migration(
        self, plan: MigrationPlan, secrets: Secrets, state: Path | None
    ) -> LockedMigration:
        copies = Copies(self._redactor, state)
        try:
            migration = copies.open(plan, secrets, attended=False)
        except BaseException:
            copies.close()
            raise
        migration.afterwards = copies.close
        return migration

    def preview_undo(self, run: int, state: Path | None) -> UndoPreview | None:
        copies = Copies(self._redactor, state)
        try:
            return copies.preview_undo(run)
        finally:
            copies.close()

    def open_undo(self, run: int, secret: Secret, state: Path | None) -> LockedUndo:
        copies = Copies(self._redactor, state)
        try:
            undo = copies.open_undo(run, secret, attended=False)
        except BaseException:
            copies.close()
            raise
        undo.afterwards = copies.close
        return undo


def services() -> CommandLineServices:
    """For the command line; from here on the log is written and nothing private enters it."""
    return CommandLineServices(_log())


def _log() -> Redactor:
    redactor = Redactor()
    logs.start(paths.logs(), redactor)
    logs.catch_the_uncaught()
    return redactor


def window(arguments: Sequence[str]) -> int:
    """Show the wizard; the exit status of the program."""
    parser = argparse.ArgumentParser(prog="omm-desktop")
    parser.add_argument(
        "--demo", action="store_true", help="try it on two mailboxes inside the program"
    )
    parser.add_argument(
        "--pictures",
        type=Path,
        default=PICTURES,
        metavar="DIR",
        help="where the demo saves a picture of each page when there is no screen",
    )
    options = parser.parse_args(arguments)
    screen = has_screen()
    if not screen:
        if not options.demo:
            return _complain(
                _("There is no screen here. Without a window: omm-desktop migrate --help")
            )
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    redactor = _log()
    if options.demo:
        return _demo(redactor, None if screen else options.pictures)
    return _wizard(redactor)


def _complain(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return 2


def has_screen() -> bool:
    """Whether a window can be shown (X11 or Wayland on Linux; elsewhere always)."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _wizard(redactor: Redactor) -> int:
    from omm_desktop import desktop
    from omm_desktop.store.credentials import Credentials
    from omm_desktop.support.catalogue import catalogue
    from omm_desktop.ui import launch

    folder = paths.user_data()
    try:
        copies = Copies(redactor)
    except OmmError as error:
        entry = catalogue().entry(error.problem)
        return launch.refuse(f"{entry.code} – {entry.title}\n{entry.cause}\n{entry.remedy}")
    try:
        services = desktop.services(copies, Credentials(), folder / desktop.PREFERENCES)
        return launch.show(services)
    finally:
        copies.close()


def _demo(redactor: Redactor, pictures: Path | None) -> int:
    """The wizard on two embedded servers; records and passwords end with the program."""
    from omm_desktop import desktop
    from omm_desktop.demo.servers import DemoServers
    from omm_desktop.store.credentials import Credentials
    from omm_desktop.ui import launch
    from omm_desktop.wizard.draft import Draft

    with ExitStack() as stack:
        servers = stack.enter_context(DemoServers())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        copies = Copies(redactor, folder)
        stack.callback(copies.close)
        draft = Draft()
        draft.source.prefill(servers.source, servers.password)
        draft.destination.prefill(servers.destination, servers.password)
        services = desktop.services(
            copies, Credentials.in_memory(), folder / desktop.PREFERENCES, search_seconds=0
        )
        if pictures is None:
            return launch.show(services, draft)
        report = launch.tour(services, draft, pictures)
        told = [_("Pictures of the pages: {}").format(pictures.resolve())]
        if report is not None:
            told.append(summary(report))
        sys.stdout.write("\n".join(told) + "\n")
        if report is None:
            return 1
        return 0 if report.grade.nothing_missing else 1
