"""The plan in plain sentences, before anything is done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from omm_desktop.guide.providers import Service
from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account
from omm_desktop.model.items import Folder, FolderRole
from omm_desktop.model.plan import Labels, MigrationPlan
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import person
from omm_desktop.wizard.probe_result import (
    ProbeResult,
    different,
    has_labels,
    size_of,
    with_repeats,
)
from omm_desktop.wording import count, date, rough_duration, size

_SECONDS_PER_MESSAGE = 0.05
_BYTES_PER_SECOND = 1_000_000
_USUAL_MESSAGE = 75_000
"""Bytes of a message where the server tells no sizes."""


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
    items, sure = _count(plan, source, folders)
    sentences = [
        Sentence(_from(plan.source, services[0]), PageId.SOURCE),
        Sentence(_to(plan.destination, services[1]), PageId.DESTINATION),
        Sentence(_mail(plan, folders, items, sure), PageId.OPTIONS),
    ]
    if plan.selection.since is not None:
        period = _("Only messages received on {} or later.").format(date(plan.selection.since))
        sentences.append(Sentence(period, PageId.OPTIONS))
    if plan.options.at_most is not None:
        trial = _("A trial first: at most {} messages.").format(count(plan.options.at_most))
        sentences.append(Sentence(trial, PageId.OPTIONS))
    space, known, missing = _space(plan, folders, destination)
    return Review(tuple(sentences), space, known, missing, _duration(plan, folders, items))


def _from(account: Account, service: Service | None) -> str:
    return _("From {address} ({service})").format(
        address=person.address(account), service=_service_name(account, service)
    )


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


def _count(
    plan: MigrationPlan, source: ProbeResult | None, folders: tuple[Folder, ...]
) -> tuple[int, bool]:
    """Messages to copy, and whether that is sure."""
    everything = source.folders if source else ()
    if plan.options.labels is Labels.EACH:
        return with_repeats(everything, folders)
    return different(everything, folders)


def _mail(plan: MigrationPlan, folders: Sequence[Folder], items: int, sure: bool) -> str:
    told = plural("{} message", "{} messages", items)
    if not sure:
        told = plural("about {} message", "about {} messages", items)
    numbers = [told.format(count(items))]
    bytes_ = size_of(tuple(folders))
    if bytes_ is not None:
        numbers.append(size(bytes_))
    numbers.append(plural("{} folder", "{} folders", len(folders)).format(count(len(folders))))
    sentences = [_("E-mail: {}.").format(", ".join(numbers)), _left_out(plan)]
    if has_labels(tuple(folders)):
        sentences.append(_labels(plan))
    return " ".join(filter(None, sentences))


def _labels(plan: MigrationPlan) -> str:
    if plan.options.labels is Labels.EACH:
        return _("A message with several labels gets one copy for each.")
    return _("A message with several labels is copied once: Inbox, Sent and Drafts come first.")


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
    if needed is None:
        return _("The new mailbox has {} left.").format(size(free)), False, 0
    if needed <= free:
        told = _("Enough room in the new mailbox: {} left.").format(size(free))
        return told, True, 0
    if partial:
        return _("The new mailbox has {} left.").format(size(free)), False, 0
    missing = needed - free
    return _("The new mailbox lacks {} of room.").format(size(missing)), True, missing


def _duration(plan: MigrationPlan, folders: Sequence[Folder], items: int) -> str:
    """A first guess over an ordinary home line; the engine measures a better one."""
    bytes_ = size_of(tuple(folders))
    if bytes_ is None:
        bytes_ = items * _USUAL_MESSAGE
    if plan.options.at_most is not None and items > plan.options.at_most:
        bytes_ = bytes_ * plan.options.at_most // items
        items = plan.options.at_most
    daily = plan.bytes_per_day
    limits = [limit for limit in (daily.source, daily.destination) if limit]
    days = max((math.ceil(bytes_ / limit) for limit in limits), default=1)
    if days > 1:
        return _(
            "Time needed: about {} days. Your provider limits what may be read or written each day;"
            " the copy waits and goes on by itself."
        ).format(count(days))
    seconds = max(items * _SECONDS_PER_MESSAGE, bytes_ / _BYTES_PER_SECOND)
    return _("Time needed: {}.").format(rough_duration(seconds))
