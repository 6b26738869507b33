"""`omm-desktop --selftest`: the checks in their order, one JSON document, status 0 or 1."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from omm_desktop import app
from omm_desktop.model.report import Totals

from . import parts
from .verdict import Check, Found, Verdict, Wrong


def main(arguments: Sequence[str]) -> int:
    """Try everything and say what was found; 0 when all of it works."""
    options = _parser().parse_args(arguments)
    if options.offscreen or not app.has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    checks = _checks(options)
    verdict = Verdict(len(checks), options.result)
    for name, check in checks.items():
        verdict.try_out(name, check)
    # A program without a console has nowhere to write.
    if sys.stdout is not None:
        sys.stdout.write(verdict.as_json() + "\n")
    return 0 if verdict.passed else 1


def _checks(options: argparse.Namespace) -> dict[str, Check]:
    checks: dict[str, Check] = {
        "modules": parts.modules,
        "resources": parts.resources,
        "languages": parts.languages,
        "time_zones": parts.time_zones,
        "records": parts.records,
        "certificates": parts.certificates,
        "reading_process": parts.reading_process,
        "keyring": parts.keyring_in_use if options.keyring else parts.keyring,
        "window": partial(_window, options.pictures),
    }
    if options.demo:
        checks["demo"] = partial(_demo, options.pictures)
    return checks


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="omm-desktop", allow_abbrev=False)
    parser.add_argument("--selftest", action="store_true", help="does this installation work?")
    parser.add_argument("--result", type=Path, metavar="FILE", help="write what was found there")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="save pictures of the pages")
    parser.add_argument("--offscreen", action="store_true", help="show no window")
    parser.add_argument("--keyring", action="store_true", help="store and forget a password")
    parser.add_argument("--demo", action="store_true", help="copy the demo's mailbox as well")
    return parser


def _window(pictures: Path | None) -> Found:
    from omm_desktop.ui import first_page

    with app.services_for_a_trial() as services:
        seen = first_page.look(services, pictures)
    wrong = [name for name, value in seen.items() if not value]
    if wrong:
        raise Wrong(f"not there: {', '.join(wrong)}; found: {seen}")
    return seen


def _demo(pictures: Path | None) -> Found:
    """The report of the copy between the two mailboxes inside the program."""
    report = app.copy_the_demo(pictures)
    if report is None:
        raise Wrong("a page could not be passed")
    totals = Totals.of(report.folders)
    if not report.grade.nothing_missing:
        raise Wrong(f"the copy ended as {report.grade}")
    return {"grade": report.grade, "listed": totals.listed, "copied": totals.copied}
