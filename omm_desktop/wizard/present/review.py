"""The plan in plain sentences, before anything is done."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from omm_desktop.engine.folder_plan import FolderPlan, folder_plans
from omm_desktop.guide.service import Service
from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account, EndpointKind, MailFormat
from omm_desktop.model.items import Folder, ItemKind
from omm_desktop.model.plan import Labels, MigrationPlan
from omm_desktop.model.ports import Space
from omm_desktop.model.settings import SettingKind
from omm_desktop.wizard.carrying import End, carriages
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import person
from omm_desktop.wizard.present.folder_names import NameChanges, Way, listed, name_changes
from omm_desktop.wizard.present.options import kind_title, reason
from omm_desktop.wizard.probe_result import (
    ProbeResult,
    count_of,
    different,
    has_labels,
    size_of,
    together,
    with_repeats,
)
from omm_desktop.wording import count, date, items, little_room, rough_duration, size, starts

_SECONDS_PER_MESSAGE, _BYTES_PER_SECOND = 0.05, 1_000_000
_ON_DISK = 0.01, 5_000_000
"""The same two where no mailbox takes part."""

_USUAL_MESSAGE = 75_000
"""Bytes of a message where the server tells no sizes."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement, and the page on which it can be changed."""

    text: str
    page: PageId


@dataclass(frozen=True, slots=True)
class Review:
    """`space_missing` is in bytes, 0 when there is room or nobody knows: see `space_sure`.

    `limits` is what the new mailbox cannot hold.
    """

    sentences: tuple[Sentence, ...]
    names: NameChanges
    limits: tuple[str, ...]
    space: str
    space_sure: bool
    space_missing: int
    duration: str


def review(
    plan: MigrationPlan,
    sources: Sequence[ProbeResult | None],
    destination: ProbeResult | None,
    services: tuple[Service | None, Service | None] = (None, None),
    led_to: Sequence[Mapping[str, str]] | None = None,
) -> Review:
    """What `plan` will do, with the numbers of the checks of its sources and of its destination.

    `led_to` tells for each source, by folder keys, where earlier copies brought each folder.
    """
    each = [result or ProbeResult(()) for result in sources]
    known, there = together(each), destination or ProbeResult(())
    plans = folder_plans(
        plan,
        [result.folders for result in each],
        there.folders,
        there.acceptable,
        led_to or [{} for _ in each],
        there.kinds,
    )
    found = _as_one(plans)
    ways = [
        Way(route, name)
        for name, one in zip(person.sources(plan), plans, strict=True)
        for route in one.routes
    ]
    folders = tuple(route.source for route in found.routes)
    beside = frozenset(file.kind for file in plan.files)
    told = known if all(result is not None for result in sources) else None
    ends = End(plan.source.kind, told, beside), End(plan.destination.kind, destination)
    sentences = [
        Sentence(_from(plan.source, services[0]), PageId.SOURCE),
        *(Sentence(_from(file, None), PageId.SOURCE) for file in plan.files),
        Sentence(_to(plan.destination, services[1]), PageId.DESTINATION),
        *(Sentence(text, PageId.OPTIONS) for text in _contents(plan, found, known)),
        *(Sentence(text, PageId.DESTINATION) for text in _stays(*ends)),
    ]
    space, sure, missing = _space(plan, folders, destination)
    return Review(
        tuple(sentences),
        name_changes(ways, there.folders),
        tuple(_limits(plan, folders, there)),
        space,
        sure,
        missing,
        _duration(plan, folders, _items(plan, known, folders)),
    )


def unchanged(plan: MigrationPlan) -> str:
    """The promise about the sources."""
    if plan.source.kind.is_on_disk:
        return _("Your files stay as they are.")
    if plan.files:
        return _("Nothing will be deleted from the old mailbox, and your files stay as they are.")
    return _("Nothing will be deleted from the old mailbox.")


def _as_one(plans: Sequence[FolderPlan]) -> FolderPlan:
    """What all sources have together; a kind is missing when none of them has it."""
    first, *others = plans
    return FolderPlan(
        tuple(route for plan in plans for route in plan.routes),
        tuple(folder for plan in plans for folder in plan.left_out),
        tuple(folder for plan in plans for folder in plan.views),
        tuple(folder for plan in plans for folder in plan.chats),
        tuple(folder for plan in plans for folder in plan.not_taken),
        tuple(kind for kind in first.not_found if all(kind in one.not_found for one in others)),
    )


def _count(
    plan: MigrationPlan, everything: tuple[Folder, ...], folders: tuple[Folder, ...]
) -> tuple[int, bool]:
    """Messages to copy, and whether that is sure."""
    if plan.options.labels is Labels.EACH:
        return with_repeats(everything, folders)
    return different(everything, folders)


def _items(plan: MigrationPlan, source: ProbeResult, folders: tuple[Folder, ...]) -> int:
    """Messages to copy, and what else there is."""
    mail, others = _of(folders, ItemKind.MAIL), count_of(folders)
    messages = _count(plan, source.folders_of(ItemKind.MAIL), mail)[0]
    return messages + others - count_of(mail)


def _of(folders: tuple[Folder, ...], kind: ItemKind) -> tuple[Folder, ...]:
    return tuple(folder for folder in folders if folder.kind is kind)


def _contents(plan: MigrationPlan, found: FolderPlan, source: ProbeResult) -> Iterator[str]:
    folders = tuple(route.source for route in found.routes)
    mail, kinds = _of(folders, ItemKind.MAIL), plan.selection.kinds
    if ItemKind.MAIL in kinds:
        yield _mail(mail, *_count(plan, source.folders_of(ItemKind.MAIL), mail))
    for kind in ItemKind:
        if kind in kinds and kind is not ItemKind.MAIL:
            yield _others(kind, _of(folders, kind))
    if has_labels(mail):
        yield _labels(plan)
    if plan.selection.include is not None:
        yield _("Only the folders you chose are copied.")
    elif found.left_out or found.chats:
        left_out = (*found.left_out, *found.chats)
        yield _("Not copied: {folders}.").format(folders=listed(left_out))
    if found.views:
        shown = listed(found.views)
        yield _("Not copied twice: {folders}. Other folders hold the same messages.").format(
            folders=shown
        )
    foreign = tuple(f for f in source.folders if f.selectable and not f.personal)
    if foreign:
        yield _("Folders of other people stay out: {folders}.").format(folders=listed(foreign))
    if plan.selection.since is not None:
        yield _since(kinds).format(date(plan.selection.since))
    if plan.options.update and kinds - {ItemKind.MAIL}:
        yield _("What was edited since an earlier copy is updated.")
    if plan.options.start_at is not None:
        yield starts(plan.options.start_at.timestamp())
    if plan.notices is not None:
        yield _("Told by e-mail: {address}.").format(address=person.typed(plan.notices.address))
    if plan.options.at_most is None:
        yield from map(_setting, sorted(plan.selection.settings))
    else:
        trial = _("A trial first: at most {} messages.")
        if kinds - {ItemKind.MAIL}:
            trial = _("A trial first: at most {} items.")
        yield trial.format(count(plan.options.at_most))


def _since(kinds: frozenset[ItemKind]) -> str:
    if ItemKind.EVENTS in kinds:
        return _("Only messages and events of {} or later.")
    return _("Only messages received on {} or later.")


def _stays(source: End, destination: End) -> Iterator[str]:
    """What the sources have and this pair cannot carry."""
    for one in carriages(source, destination):
        if isinstance(one.content, ItemKind) and one.obstacle is not None and one.count:
            told = _("Left in the old mailbox: {what}, since {reason}.")
            if source.kind.is_on_disk or source.beside:
                told = _("Left out: {what}, since {reason}.")
            yield told.format(
                what=items({one.content}, one.count),
                reason=reason(one.obstacle, (source, destination)),
            )


def _setting(kind: SettingKind) -> str:
    return {
        SettingKind.RULES: _(
            "Rules of the inbox, after those of the new mailbox. Rules that forward arrive"
            " switched off."
        ),
        SettingKind.OUT_OF_OFFICE: _(
            "The out-of-office reply, switched off. A reply that the new mailbox has stays as it"
            " is."
        ),
    }[kind]


def _limits(
    plan: MigrationPlan, folders: Sequence[Folder], destination: ProbeResult
) -> Iterator[str]:
    told = destination.largest_item
    largest = plan.largest_known if told is None else told
    filled = [folder for folder in folders if folder.count != 0]
    if largest is not None and any(f.size is None or f.size > largest for f in filled):
        yield _(
            "The new mailbox takes messages up to {}. Larger ones are named before the copy begins."
        ).format(size(largest))
        if told is None:
            yield _("This limit is known of the provider, not told by the server.")
    if plan.destination.kind.is_on_disk:
        if plan.destination.mail_format is MailFormat.EML and ItemKind.MAIL in plan.selection.kinds:
            yield _("EML files do not say which messages you have read or flagged. Mbox does.")
    elif destination.keeps_keywords is False:
        yield _("The new mailbox does not keep the labels you gave to messages.")


def _from(account: Account, service: Service | None) -> str:
    if account.kind.is_on_disk:
        return _("From {name}, on this computer.").format(name=person.file(account))
    told = _("From {address} ({service}).")
    if account.kind is EndpointKind.POP3:
        told = _("From {address} ({service}), by POP: the inbox alone, every message as unread.")
    return told.format(address=person.address(account), service=_service_name(account, service))


def _to(account: Account, service: Service | None) -> str:
    if account.kind is EndpointKind.FILES:
        told = _("Into the folder {folder}: mail as one mbox file for each folder.")
        if account.mail_format is MailFormat.EML:
            told = _("Into the folder {folder}: mail as one EML file for each message.")
        return told.format(folder=person.place(account.place))
    return _("To {address} ({service}).").format(
        address=person.address(account), service=_service_name(account, service)
    )


def _service_name(account: Account, service: Service | None) -> str:
    return service.name.text() if service else account.server.host


def _labels(plan: MigrationPlan) -> str:
    if plan.options.labels is Labels.EACH:
        return _("A message with several labels gets one copy for each.")
    return _("A message with several labels is copied once: Inbox, Sent and Drafts come first.")


def _mail(folders: tuple[Folder, ...], messages: int, sure: bool) -> str:
    told = plural("{} message", "{} messages", messages)
    if not sure:
        told = plural("about {} message", "about {} messages", messages)
    numbers = [told.format(count(messages))]
    bytes_ = size_of(folders)
    if bytes_ is not None:
        numbers.append(size(bytes_))
    numbers.append(plural("{} folder", "{} folders", len(folders)).format(count(len(folders))))
    return _("E-mail: {}.").format(", ".join(numbers))


def _others(kind: ItemKind, folders: tuple[Folder, ...]) -> str:
    """ "Contacts: 120 contacts, 2 folders."."""
    number = plural("{} folder", "{} folders", len(folders)).format(count(len(folders)))
    told = items({kind}, count_of(folders)), number
    return _("{kind}: {numbers}.").format(kind=kind_title(kind), numbers=", ".join(told))


def _space(
    plan: MigrationPlan, folders: tuple[Folder, ...], destination: ProbeResult | None
) -> tuple[str, bool, int]:
    needed = size_of(folders)
    room = destination.space if destination and destination.space else Space()
    free = room.free_bytes
    if free is None:
        return _("The new mailbox does not tell how much room it has."), False, 0
    if plan.destination.kind.is_on_disk:
        return _space_on_disk(needed, free)
    partial = plan.selection.since is not None or plan.options.at_most is not None
    if needed is None:
        return _("The new mailbox has {} left.").format(size(free)), False, 0
    if room.hardly_holds(needed) and not partial:
        return little_room(needed, free), False, 0
    if needed <= free:
        told = _("Enough room in the new mailbox: {} left.").format(size(free))
        return told, True, 0
    if partial:
        return _("The new mailbox has {} left.").format(size(free)), False, 0
    missing = needed - free
    return _("The new mailbox lacks {} of room.").format(size(missing)), True, missing


def _space_on_disk(needed: int | None, free: int) -> tuple[str, bool, int]:
    """Where sizes are not told the copy stops when the disk is full, and nothing is lost."""
    if needed is None:
        return _("This disk has {} left.").format(size(free)), False, 0
    if needed > free:
        return _("This disk lacks {} of room.").format(size(needed - free)), True, needed - free
    return _("Enough room on this disk: {} left.").format(size(free)), True, 0


def _duration(plan: MigrationPlan, folders: tuple[Folder, ...], items: int) -> str:
    """A first guess over an ordinary home line; the engine measures a better one."""
    bytes_ = size_of(folders)
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
    each, per_second = _SECONDS_PER_MESSAGE, _BYTES_PER_SECOND
    if not plan.mailboxes:
        each, per_second = _ON_DISK
    seconds = max(items * each, bytes_ / per_second)
    return _("Time needed: {}.").format(rough_duration(seconds))
