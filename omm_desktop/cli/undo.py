"""`omm-desktop undo`: tells what one copy brought, and takes it out again when told how many."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from omm_desktop.cli.migrate import STATUS_OF_GRADE, Console, Status
from omm_desktop.cli.progress import view_on
from omm_desktop.cli.say import say_briefly, say_in_full
from omm_desktop.cli.secrets import SecretsRefused, read_secrets
from omm_desktop.cli.services import Services
from omm_desktop.cli.watching import Watched, problem_of
from omm_desktop.language import translate as _
from omm_desktop.model.undoing import UndoPreview
from omm_desktop.report.undo_words import folder_line, promise, summary
from omm_desktop.support.catalogue import catalogue
from omm_desktop.wording import items


@dataclass(frozen=True, slots=True)
class Wish:
    """`confirmed` is the number of items to remove as the person typed it; None asks for it."""

    run: int
    state: Path | None
    confirmed: int | None
    secrets_given: bool


def undo(wish: Wish, services: Services, console: Console) -> Status:
    """Without a confirmed number only the preview; the report goes to output."""
    try:
        found = services.preview_undo(wish.run, wish.state)
    except Exception as error:
        console.complain(say_in_full(problem_of(error)))
        return Status.NOT_STARTED
    if found is None:
        console.complain(_("There is no copy no. {} in these records.").format(wish.run))
        return Status.USAGE
    if not found.is_offered:
        console.print(_("Nothing of this copy is left to remove."))
        return Status.COMPLETE
    if wish.confirmed is None:
        console.print(_preview(found))
        return Status.COMPLETE
    if wish.confirmed != found.items:
        console.complain(_preview(found))
        return Status.USAGE
    return _remove(wish, found, services, console)


def _preview(found: UndoPreview) -> str:
    heading = _("Copy no. {number}: {source} → {destination}").format(
        number=found.run, source=found.source, destination=found.destination
    )
    lines = [heading, *(f"    {folder_line(folder)}" for folder in found.folders)]
    confirm = _("To remove {items}, add --yes-remove {number}.").format(
        items=items(found.kinds, found.items), number=found.items
    )
    return "\n".join([*lines, promise(on_disk=found.on_disk), confirm])


def _remove(wish: Wish, found: UndoPreview, services: Services, console: Console) -> Status:
    sides = [] if found.on_disk else ["destination"]
    if sides and not wish.secrets_given:
        console.complain(_("The password is needed: --secrets-stdin is missing."))
        return Status.USAGE
    try:
        secrets = read_secrets(console.stdin, sides)
        run = services.open_undo(wish.run, secrets.destination, wish.state)
    except SecretsRefused as error:
        console.complain(str(error))
        return Status.USAGE
    except Exception as error:
        console.complain(say_in_full(problem_of(error)))
        return Status.NOT_STARTED
    watched = Watched(run, view_on(console.stderr, say_briefly), console.stderr)
    report = watched.report()
    if report is None:
        if watched.fault is not None:
            console.complain(say_in_full(watched.fault))
        return Status.RESUMABLE
    if report.stopped_by:
        console.complain(say_in_full(report.stopped_by))
    console.print(summary(report, catalogue().entry))
    return STATUS_OF_GRADE[report.grade]
