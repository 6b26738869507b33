"""The composition root: the only file that knows every room."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from omm_desktop import paths
from omm_desktop.at_login import reopening
from omm_desktop.cli.summary import summary
from omm_desktop.copies import LEDGER, Copies, own_folder, set_damaged_aside
from omm_desktop.language import Language, set_language, system_language
from omm_desktop.language import translate as _
from omm_desktop.locked import Locked, LockedMigration, LockedUndo
from omm_desktop.model.account import Account
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import CannotGoOn, OmmError, Place, Problem, ProblemId
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.undoing import UndoPreview
from omm_desktop.support import logs
from omm_desktop.support.redact import Redactor

if TYPE_CHECKING:
    from omm_desktop.demo import Fault
    from omm_desktop.guide.discovery.network import Surroundings
    from omm_desktop.model.report import Report
    from omm_desktop.ui.services import Services
    from omm_desktop.wizard.draft import Draft

PICTURES = Path("pictures")
_TRIES = 8
"""How often a start looks for records that another one has; each look takes half a second."""

_told = logging.getLogger(__name__)

L = TypeVar("L", bound=Locked[Any])


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
        return self._opened(state, lambda copies: copies.open(plan, secrets, attended=False))

    def preview_undo(self, run: int, state: Path | None) -> UndoPreview | None:
        copies = Copies(self._redactor, state)
        try:
            return copies.preview_undo(run)
        finally:
            copies.close()

    def open_undo(self, run: int, secret: Secret, state: Path | None) -> LockedUndo:
        return self._opened(state, lambda copies: copies.open_undo(run, secret, attended=False))

    def _opened(self, state: Path | None, open_with: Callable[[Copies], L]) -> L:
        """With records in `state` that are closed when it has ended."""
        copies = Copies(self._redactor, state)
        try:
            opened = open_with(copies)
        except BaseException:
            copies.close()
            raise
        opened.afterwards = copies.close
        return opened


def services() -> CommandLineServices:
    """For the command line; from here on the log is written and nothing private enters it."""
    return CommandLineServices(_log())


def _log() -> Redactor:
    """Without a place for the log the program works all the same."""
    redactor = Redactor()
    with contextlib.suppress(OSError):
        logs.start(paths.logs(), redactor)
    logs.catch_the_uncaught()
    return redactor


def window(arguments: Sequence[str]) -> int:
    """Show the wizard; the exit status of the program."""
    set_language(system_language())
    parser = argparse.ArgumentParser(prog="omm-desktop")
    parser.add_argument(
        "--demo",
        nargs="?",
        const="",
        metavar="FAULT",
        help="try it on two mailboxes inside the program; a FAULT is for training, an unknown one"
        " names them all",
    )
    parser.add_argument(
        "--pictures",
        type=Path,
        default=PICTURES,
        metavar="DIR",
        help="where the demo saves a picture of each page when there is no screen",
    )
    parser.add_argument(
        "--masked", action="store_true", help="show no address, name or folder, until turned off"
    )
    parser.add_argument(
        "plan",
        nargs="?",
        type=_plan,
        metavar="PLAN.toml",
        help="a plan that somebody prepared: only the passwords are asked for",
    )
    options = parser.parse_args(arguments)
    screen = has_screen()
    if not screen:
        if options.demo is None:
            return _complain(
                _("There is no screen here. Without a window: omm-desktop migrate --help")
            )
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    fault = _fault(parser, options.demo)
    redactor = _log()
    try:
        if options.demo is not None:
            pictures = None if screen else options.pictures
            return _demo(redactor, pictures, fault, masked=options.masked)
        return _wizard(redactor, options.plan, masked=options.masked)
    except OmmError as error:
        return _refuse(error.problem, masked=options.masked)
    except ImportError as error:
        # Qt wants libraries that every desktop has, and a bare system has not.
        _told.critical("the window cannot be loaded", exc_info=True)
        detail = _("The window cannot open, this system lacks something: {detail}")
        return _complain(detail.format(detail=error))
    except Exception:
        _told.critical("unexpected error at the start", exc_info=True)
        return _refuse(Problem(ProblemId.UNEXPECTED))


def _plan(word: str) -> Path:
    """A word without an ending is a command that somebody mistyped, or a password."""
    if not Path(word).suffix:
        raise argparse.ArgumentTypeError(_("Not known here: {}").format("…"))
    return Path(word)


def _fault(parser: argparse.ArgumentParser, name: str | None) -> Fault | None:
    """The one of this name, None for none; ends the program when there is no such fault."""
    if not name:
        return None
    from omm_desktop.demo import Fault

    known = {str(fault): fault for fault in Fault}
    if name not in known:
        parser.error(
            _("No fault is called {name}. Known: {known}").format(name=name, known=", ".join(known))
        )
    return known[name]


def _refuse(problem: Problem, *, masked: bool = True) -> int:
    """Why the window cannot open."""
    from omm_desktop.ui import launch

    text = _explained(problem)
    if problem.id is ProblemId.RECORDS_REFUSED and problem.subject and not masked:
        text = f"{text}\n{problem.subject}"
    return launch.refuse(text)


def _explained(problem: Problem) -> str:
    from omm_desktop.support.catalogue import catalogue

    entry = catalogue().entry(problem)
    return f"{entry.code} – {entry.title}\n{entry.cause}\n{entry.remedy}"


def _complain(text: str) -> int:
    _say(text, sys.stderr)
    return 2


def _say(text: str, stream: TextIO | None) -> None:
    """Windows gives a program without a console no streams."""
    if stream:
        stream.write(f"{text}\n")


def has_screen() -> bool:
    """Whether a window can be shown (X11 or Wayland on Linux; elsewhere always)."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def forget_passwords() -> int:
    """Removes from the keyring what copies have stored there, and the entry that opens the program
    at the next login; 1 when some of the passwords may be left.

    For uninstallers, and for whoever leaves this computer.
    """
    set_language(system_language())
    gone = _passwords_are_gone()
    if gone:
        text = _("OMM Desktop keeps no password on this computer any more.")
    else:
        text = _(
            "Passwords may be left: OMM Desktop is open, or the system's password store is"
            " unavailable. Close it, or unlock the store, and try again."
        )
    _say(text, sys.stdout)
    return 0 if gone else 1


def _passwords_are_gone() -> bool:
    from omm_desktop.store.credentials import Credentials
    from omm_desktop.store.history import History

    reopening.of_this_system().settle(wanted=False)
    try:
        folder = own_folder()
    except CannotGoOn:
        return False
    if not (folder / LEDGER).is_file():
        # Asking for the folder makes it; whoever never copied keeps none.
        with contextlib.suppress(OSError):
            folder.rmdir()
        return True
    try:
        copies = Copies(Redactor())
    except OmmError:
        return False
    try:
        credentials = Credentials()
        runs = History(copies.ledger).listed()
        kept = {one for run in runs for one in (*run.plan.sources, run.plan.destination)}
        return credentials.forget_all(kept) and credentials.is_safe_place
    finally:
        copies.close()


def _wizard(redactor: Redactor, plan: Path | None, *, masked: bool) -> int:
    from omm_desktop.ui import launch

    folder = own_folder()
    plan = plan and plan.absolute()
    try:
        return _window_on(folder, plan, redactor, masked=masked)
    except CannotGoOn as error:
        if error.problem.id is not ProblemId.RECORDS_DAMAGED:
            raise
        if not launch.offer(
            _explained(error.problem),
            _("A new record can begin. It lists no past copies. The damaged one is kept."),
            _("Begin a new record"),
        ):
            return 4
    set_damaged_aside(folder)
    return _window_on(folder, plan, redactor, masked=masked)


def _window_on(folder: Path, plan: Path | None, redactor: Redactor, *, masked: bool) -> int:
    """The window on the records in `folder`, to its end. Raises `CannotGoOn`."""
    from omm_desktop import desktop
    from omm_desktop.store.credentials import Credentials
    from omm_desktop.ui import launch

    copies = _records(redactor, lambda: launch.call(folder, plan))
    if copies is None:
        return 0
    try:
        services = desktop.services(
            copies,
            Credentials(),
            folder / desktop.PREFERENCES,
            at_login=reopening.of_this_system(),
        )
        services.preferences.masked = masked or services.preferences.masked
        return launch.show(services, records=folder, plan=plan)
    finally:
        copies.close()


def _records(redactor: Redactor, call: Callable[[], bool]) -> Copies | None:
    """None when an earlier start has them, and its window was shown by `call`.

    The earlier one may be about to begin or to end: it is tried for some seconds. Raises
    `CannotGoOn`: ALREADY_OPEN, or why there are no records.
    """
    for _time in range(_TRIES):
        try:
            return Copies(redactor)
        except CannotGoOn as error:
            if error.problem.id is not ProblemId.RECORDS_IN_USE:
                raise
        if call():
            return None
    raise CannotGoOn(Problem(ProblemId.ALREADY_OPEN, Place.COMPUTER))


def _demo(redactor: Redactor, pictures: Path | None, fault: Fault | None, *, masked: bool) -> int:
    """The wizard on two embedded servers; with `pictures` it goes from page to page by itself."""
    from omm_desktop.ui import launch

    if pictures is None:
        with _demo_services(redactor, fault) as (services, draft):
            services.preferences.masked = masked
            return launch.show(services, draft)
    report = copy_the_demo(pictures, redactor, fault, masked=masked)
    told = [_("Pictures of the pages: {}").format(pictures.resolve())]
    if report is not None:
        told.append(summary(report))
    sys.stdout.write("\n".join(told) + "\n")
    if report is None:
        return 1
    return 0 if report.grade.nothing_missing else 1


def copy_the_demo(
    pictures: Path | None,
    redactor: Redactor | None = None,
    fault: Fault | None = None,
    *,
    masked: bool = False,
) -> Report | None:
    """Every page of the demo, its main button pressed; None when a page could not be passed."""
    from omm_desktop.ui import launch

    with _demo_services(redactor or Redactor(), fault) as (services, draft):
        services.preferences.masked = masked
        return launch.tour(services, draft, pictures)


def take_pictures(folder: Path, language: Language, fault: Fault | None) -> bool:
    """For the manual, from the demo; False when a page could not be passed."""
    from omm_desktop.ui import launch

    with _demo_services(Redactor(), fault) as (services, draft):
        services.preferences.language = language
        return launch.album(services, draft, folder, fault or "")


@contextmanager
def _demo_services(
    redactor: Redactor, fault: Fault | None = None
) -> Iterator[tuple[Services, Draft]]:
    """Two embedded servers and a draft that leads from one to the other."""
    from omm_desktop.demo.servers import DemoServers
    from omm_desktop.wizard.draft import Draft

    with DemoServers(fault) as servers, services_for_a_trial(redactor) as services:
        draft = Draft()
        draft.source.prefill(servers.source, servers.typed)
        draft.destination.prefill(servers.destination, servers.password)
        yield services, draft


@contextmanager
def services_for_a_trial(redactor: Redactor | None = None) -> Iterator[Services]:
    """What the window needs; records and passwords end with the trial, and nobody is asked."""
    from omm_desktop import desktop
    from omm_desktop.store.credentials import Credentials

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        # Nobody else can reach these mailboxes: a lock of theirs need not outlive them.
        copies = Copies(redactor or Redactor(), folder, locks=folder)
        stack.callback(copies.close)
        yield desktop.services(
            copies, Credentials.in_memory(), folder / desktop.PREFERENCES, search_seconds=0
        )
