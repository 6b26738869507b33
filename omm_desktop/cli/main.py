"""The command line: which command, with which arguments. No password is taken here."""

from __future__ import annotations

import argparse
import io
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from omm_desktop import __version__
from omm_desktop.cli.migrate import Console, Status, migrate
from omm_desktop.cli.parser import BadUsage, Parser
from omm_desktop.cli.say import say_in_full
from omm_desktop.cli.services import Services
from omm_desktop.language import LANGUAGES, set_language, system_language
from omm_desktop.language import translate as _
from omm_desktop.model.problem import Place, Problem, ProblemId

log = logging.getLogger(__name__)

COMMANDS = frozenset(
    {"code", "diagnose", "migrate", "settings", "undo", "-h", "--help", "--version"}
)


def main(arguments: Sequence[str], services: Services, console: Console | None = None) -> int:
    """Runs one command; answers the exit status. Never raises, never shows a traceback."""
    set_language(system_language())
    console = console or Console(sys.stdin, sys.stdout, sys.stderr)
    _survive_old_terminals(console.stdout, console.stderr)
    try:
        options = _read(arguments)
        # Each is loaded when it is wanted: a copy needs neither.
        if options.command == "diagnose":
            return _diagnose(options, console)
        if options.command == "settings":
            from omm_desktop.cli.settings import settings

            return settings(options.id, options.json, console)
        if options.command == "undo":
            return _undo(options, services, console)
        if options.command == "code":
            from omm_desktop.cli.code import look_up

            return look_up(options.code, options.language, console)
        return migrate(
            options.plan,
            options.state,
            options.json,
            services,
            console,
            secrets_given=options.secrets_stdin,
        )
    except BadUsage as error:
        console.complain(str(error))
        return Status.USAGE
    except SystemExit as ended:  # --help and --version end argparse this way
        return int(ended.code or 0)
    except KeyboardInterrupt:
        return Status.RESUMABLE
    except BrokenPipeError:  # whoever reads has seen enough
        sys.stdout = io.StringIO()
        return Status.COMPLETE
    except Exception:
        log.critical("unexpected error", exc_info=True)
        console.complain(say_in_full(Problem(ProblemId.UNEXPECTED, Place.PROGRAM)))
        return Status.NOT_STARTED


def _diagnose(options: argparse.Namespace, console: Console) -> Status:
    from omm_desktop.cli.diagnose import Order, diagnose_domain

    order = Order(
        options.domain, options.offer, options.server, options.code, options.resolver, options.json
    )
    return diagnose_domain(order, console)


def _undo(options: argparse.Namespace, services: Services, console: Console) -> Status:
    from omm_desktop.cli.undo import Wish, undo

    wish = Wish(options.number, options.state, options.yes_remove, options.secrets_stdin)
    return undo(wish, services, console)


def is_command(arguments: Sequence[str]) -> bool:
    """True when these arguments are for the command line, not for the window."""
    return bool(arguments) and arguments[0] in COMMANDS


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    """Unknown arguments are named without their values: somebody may have typed a password."""
    parser = _parser()
    options, unknown = parser.parse_known_args(list(arguments))
    if unknown:
        names = [word.partition("=")[0] for word in unknown if word.startswith("-")]
        parser.error(_("Not known here: {}").format(" ".join(names) or "…"))
    return options


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="omm-desktop",
        description=_(
            "Copies a mailbox, or files, into another mailbox or a folder. Without a command, the "
            "window opens."
        ),
        allow_abbrev=False,
    )
    version = f"omm-desktop {__version__}"
    parser.add_argument("--version", action="version", version=version, help=_("tell the version"))
    commands = parser.add_subparsers(dest="command", required=True)
    _add_migrate(commands)
    _add_diagnose(commands)
    _add_settings(commands)
    _add_undo(commands)
    _add_code(commands)
    return parser


def _add_migrate(commands: argparse._SubParsersAction[Parser]) -> None:
    command = commands.add_parser(
        "migrate",
        help=_("copy as a plan file says"),
        description=_("Copies as a plan file says; run again, only what is missing is copied."),
        epilog=_(
            "Exit status: 0 complete, 1 some messages failed, 2 bad plan or usage, "
            "3 interrupted and resumable, 4 could not start."
        ),
        allow_abbrev=False,
    )
    command.add_argument("plan", metavar="PLAN.toml", type=Path, help=_("what to copy and where"))
    _take_secrets(command)
    _take_state(command)
    command.add_argument(
        "--json", action="store_true", help=_("print the report as JSON on standard output")
    )


def _add_diagnose(commands: argparse._SubParsersAction[Parser]) -> None:
    command = commands.add_parser(
        "diagnose",
        help=_("compare the records of a domain with what an offer expects"),
        description=_(
            "Compares the DNS records of a domain with what an OVHcloud offer expects. "
            "It changes nothing."
        ),
        epilog=_(
            "Exit status: 0 nothing to change, 1 something to change, 2 bad usage, "
            "4 no answer, or no such domain."
        ),
        allow_abbrev=False,
    )
    command.add_argument("domain", metavar="DOMAIN", help=_("the part of the address after @"))
    command.add_argument("--offer", metavar="ID", required=True, help=_("id of the offer"))
    command.add_argument(
        "--server", metavar="NUMBER", default="", help=_("number or name of your mail server")
    )
    command.add_argument(
        "--code", metavar="CODE", default="", help=_("code of the proof of ownership")
    )
    command.add_argument(
        "--resolver",
        metavar="HOST:PORT",
        action="append",
        default=[],
        help=_("name server to ask instead of those of this computer; may be repeated"),
    )
    command.add_argument(
        "--json", action="store_true", help=_("print the result as JSON on standard output")
    )


def _add_settings(commands: argparse._SubParsersAction[Parser]) -> None:
    command = commands.add_parser(
        "settings",
        help=_("tell the settings of a mail service"),
        description=_("Tells servers, ports, encryption and steps; without ID, lists services."),
        allow_abbrev=False,
    )
    command.add_argument("id", metavar="ID", nargs="?", help=_("which service"))
    command.add_argument("--json", action="store_true", help=_("print it as JSON"))


def _add_undo(commands: argparse._SubParsersAction[Parser]) -> None:
    command = commands.add_parser(
        "undo",
        help=_("remove what one copy brought"),
        description=_(
            "Tells what one copy brought into the new mailbox; with --yes-remove, moves that to its"
            " trash. What you changed or answered since stays."
        ),
        epilog=_(
            "Exit status: 0 done, 1 something could not be removed, 2 bad usage, "
            "3 interrupted and resumable, 4 could not start."
        ),
        allow_abbrev=False,
    )
    command.add_argument("number", metavar="N", type=int, help=_("number of the copy"))
    _take_state(command)
    command.add_argument(
        "--yes-remove",
        metavar="COUNT",
        type=int,
        help=_("remove them; COUNT is how many, as told without this option"),
    )
    _take_secrets(command)


def _add_code(commands: argparse._SubParsersAction[Parser]) -> None:
    command = commands.add_parser(
        "code",
        help=_("tell what a code means"),
        description=_("Tells what a code of the program means, and what to do."),
        epilog=_("Exit status: 0 found, 2 no such code."),
        allow_abbrev=False,
    )
    command.add_argument("code", metavar="CODE", help=_("such as 11-01 or 1101"))
    command.add_argument("--language", choices=LANGUAGES, help=_("instead of the system's"))


def _take_state(command: Parser) -> None:
    command.add_argument(
        "--state", metavar="DIR", type=Path, help=_("where the record of the copy is kept")
    )


def _take_secrets(command: Parser) -> None:
    command.add_argument(
        "--secrets-stdin",
        action="store_true",
        help=_("read the passwords as JSON from standard input (the only way to give them)"),
    )


def _survive_old_terminals(*streams: TextIO) -> None:
    """A terminal without our signs shows a replacement instead of failing."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
