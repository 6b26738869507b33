"""The plan in plain sentences, before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omm_desktop.guide.providers import Service
from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account, EndpointKind
from omm_desktop.model.items import Folder, FolderRole
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import person
from omm_desktop.wizard.probe_result import ProbeResult, count_of, size_of
from omm_desktop.wording import count, date, rough_duration, size

_SECONDS_PER_MESSAGE = 0.05
_BYTES_PER_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement, and the page on which it can be changed."""

    text: str
    page: PageId


@dataclass(frozen=True, slots=True)
class Review:
    """`space_missing` is in bytes, 0 when there is room or nobody knows: see `space_sure`."""

    sentences: tuple[Sentence, ...]
    space: str
    space_sure: bool
    space_missing: int
    duration: str


def review(
    plan: MigrationPlan,
    source: ProbeResult | None,
    destination: ProbeResult | None,
    services: tuple[Service | None, Service | None] = (None, None),
) -> Review:
    """What `plan` will do, with the numbers of the two checks."""
    folders = _taking_part(plan, source)
    sentences = [
        Sentence(_from(plan.source, services[0]), PageId.SOURCE),
        Sentence(_to(plan.destination, services[1]), PageId.DESTINATION),
        Sentence(_mail(plan, folders), PageId.OPTIONS),
    ]
    if plan.selection.since is not None:
        period = _("Only messages received on {} or later.").format(date(plan.selection.since))
        sentences.append(Sentence(period, PageId.OPTIONS))
    if plan.options.at_most is not None:
        trial = _("A trial first: at most {} messages.").format(count(plan.options.at_most))
        sentences.append(Sentence(trial, PageId.OPTIONS))
    space, sure, missing = _space(plan, folders, destination)
    return Review(tuple(sentences), space, sure, missing, _duration(plan, folders))


def _from(account: Account, service: Service | None) -> str:
    told = _("From {address} ({service})")
    if account.kind is EndpointKind.POP3:
        told = _("From {address} ({service}), by POP: the inbox alone, every message as unread")
    return told.format(address=person.address(account), service=_service_name(account, service))


def _to(account: Account, service: Service | None) -> str:
    return _("To {address} ({service})").format(
        address=person.address(account), service=_service_name(account, service)
    )


def _service_name(account: Account, service: Service | None) -> str:
    return service.name.text() if service else account.server.host


def _taking_part(plan: MigrationPlan, source: ProbeResult | None) -> tuple[Folder, ...]:
    if source is None:
        return ()
    return tuple(folder for folder in source.personal_folders if plan.selection.takes(folder))


def _mail(plan: MigrationPlan, folders: Sequence[Folder]) -> str:
    numbers = [
        plural("{} message", "{} messages", count_of(tuple(folders))).format(
            count(count_of(tuple(folders)))
        )
    ]
    bytes_ = size_of(tuple(folders))
    if bytes_ is not None:
        numbers.append(size(bytes_))
    numbers.append(plural("{} folder", "{} folders", len(folders)).format(count(len(folders))))
    told = _("E-mail: {}.").format(", ".join(numbers))
    return f"{told} {_left_out(plan)}".strip()


def _left_out(plan: MigrationPlan) -> str:
    if plan.selection.include is not None:
        return _("Only the folders you chose are copied.")
    if FolderRole.TRASH in plan.selection.left_out:
        return _("Trash and Junk are not copied.")
    return ""


def _space(
    plan: MigrationPlan, folders: Sequence[Folder], destination: ProbeResult | None
) -> tuple[str, bool, int]:
    needed = size_of(tuple(folders))
    free = destination.space.free_bytes if destination and destination.space else None
    if free is None:
        return _("The new mailbox does not tell how much room it has."), False, 0
    partial = plan.selection.since is not None or plan.options.at_most is not None
    if needed is None or needed <= free:
        told = _("Enough room in the new mailbox: {} left.").format(size(free))
        return told, True, 0
    if partial:
        return _("The new mailbox has {} left.").format(size(free)), False, 0
    missing = needed - free
    return _("The new mailbox lacks {} of room.").format(size(missing)), True, missing


def _duration(plan: MigrationPlan, folders: Sequence[Folder]) -> str:
    """A first guess over an ordinary home line; the engine measures a better one."""
    items, bytes_ = count_of(tuple(folders)), size_of(tuple(folders)) or 0
    if plan.options.at_most is not None and items > plan.options.at_most:
        bytes_ = bytes_ * plan.options.at_most // items
        items = plan.options.at_most
    seconds = max(items * _SECONDS_PER_MESSAGE, bytes_ / _BYTES_PER_SECOND)
    return _("Time needed: {}.").format(rough_duration(seconds))
