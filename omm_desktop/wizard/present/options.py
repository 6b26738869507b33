"""What the options page says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account, EndpointKind
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import LEFT_OUT_ROLES
from omm_desktop.model.settings import SettingKind
from omm_desktop.wizard.carrying import Carriage, Content, End, Obstacle
from omm_desktop.wizard.draft import TRIAL_ITEMS, Pace
from omm_desktop.wizard.probe_result import ProbeResult, different, with_repeats
from omm_desktop.wording import count, items, size

_MAIL_ALONE = frozenset({ItemKind.MAIL})


def usual_folders(found: ProbeResult) -> frozenset[str]:
    """Where choosing begins: everything but trash and junk."""
    return frozenset(
        folder.name for folder in found.personal_folders if folder.role not in LEFT_OUT_ROLES
    )


def mail_line(found: ProbeResult | None) -> str:
    """ "E-mail (8,300 messages, 4.2 GB)"; only the word before the check."""
    if found is None:
        return _("E-mail")
    told = items(_MAIL_ALONE, found.items)
    if found.size is None:
        return _("E-mail ({count})").format(count=told)
    return _("E-mail ({count}, {size})").format(count=told, size=size(found.size))


def kind_title(kind: Content) -> str:
    """A kind of contents at the head of a line."""
    titles: dict[Content, str] = {
        ItemKind.MAIL: _("E-mail"),
        ItemKind.CONTACTS: _("Contacts"),
        ItemKind.EVENTS: _("Calendars"),
        ItemKind.TASKS: _("Tasks"),
        SettingKind.RULES: _("Rules of the inbox"),
        SettingKind.OUT_OF_OFFICE: _("Out-of-office reply"),
    }
    return titles[kind]


def kind_line(carriage: Carriage, found: ProbeResult | None) -> str:
    """ "Contacts (120)", or only the word where there is no number to tell."""
    kind, number = carriage.content, carriage.count
    if kind is ItemKind.MAIL:
        return mail_line(found)
    name = kind_title(kind)
    if not number:
        return name
    told = items({kind}, number) if kind is ItemKind.EVENTS else count(number)
    return _("{kind} ({count})").format(kind=name, count=told)


def reason(obstacle: Obstacle, ends: tuple[End, End]) -> str:
    """Why a kind of contents stays behind, in the middle of a sentence."""
    source, destination = ends
    if obstacle in (Obstacle.NONE_THERE, Obstacle.OLD) and source.kind.is_on_disk:
        return _("the files hold none")
    if obstacle is Obstacle.NONE_THERE:
        neither = _("neither the mailbox nor the files hold any")
        return neither if source.beside else _("the old mailbox has none")
    if obstacle is Obstacle.EXCHANGE_ALONE:
        return _("only from Exchange to Exchange")
    if obstacle is Obstacle.OLD:
        by_pop = source.kind is EndpointKind.POP3
        return _("not by POP") if by_pop else _("not by IMAP")
    if destination.kind is EndpointKind.EWS:
        return _("the new mailbox takes none")
    return _("the new mailbox takes none by IMAP")


def way_out(carriages: Sequence[Carriage], source: EndpointKind, destination: EndpointKind) -> str:
    """What a person may do about what stays behind; empty when there is nothing to do."""
    obstacles = {one.obstacle for one in carriages}
    if Obstacle.NEW in obstacles and destination is not EndpointKind.EWS:
        return _("Is the new mailbox on Exchange? Choose Exchange at step 2: all comes along.")
    if Obstacle.OLD in obstacles and destination is EndpointKind.EWS and not source.is_on_disk:
        return _("Is the old mailbox on Exchange? Choose Exchange at step 1: all comes along.")
    return ""


def update_line() -> str:
    return _("&Update what was edited since its copy")


def update_hint() -> str:
    return _("Otherwise the report names it, and the new mailbox stays as it is.")


def differences_link() -> str:
    return _("What Exchange changes in them, and why")


def all_time_line(kinds: frozenset[ItemKind]) -> str:
    if kinds <= _MAIL_ALONE:
        return _("Every message, &whatever its date")
    return _("Everything, &whatever its date")


def since_line(kinds: frozenset[ItemKind]) -> str:
    if ItemKind.EVENTS in kinds:
        return _("On&ly messages and events since a date")
    return _("On&ly messages received since a date")


def since_hint(kinds: frozenset[ItemKind]) -> str:
    """What the day does not matter to."""
    if kinds & {ItemKind.CONTACTS, ItemKind.TASKS}:
        return _("Contacts and tasks are all copied.")
    return ""


def only_inbox(sources: Sequence[Account]) -> str:
    """Why there are no folders to choose from; empty when there are."""
    by_pop = [one.kind for one in sources] == [EndpointKind.POP3]
    return _("By POP there is one folder, the inbox.") if by_pop else ""


def shared_folders(sources: Sequence[ProbeResult | None]) -> str:
    """That folders of one name are chosen together; empty where no two sources have one."""
    named = Counter(
        name
        for found in sources
        if found is not None
        for name in {(folder.kind, folder.path) for folder in found.personal_folders}
    )
    if max(named.values(), default=0) < 2:
        return ""
    return _("A folder that several sources have is one line: it is copied from each of them.")


def trial_line(kinds: frozenset[ItemKind]) -> str:
    if kinds <= _MAIL_ALONE:
        return _("&Try with {} messages first").format(TRIAL_ITEMS)
    return _("&Try with {} items first").format(TRIAL_ITEMS)


def each_label_hint(found: ProbeResult) -> str:
    """What one copy for each label comes to, against one copy of each message."""
    folders = found.personal_folders
    each, once = with_repeats(found.folders, folders)[0], different(found.folders, folders)[0]
    return _("{each} messages instead of {once}").format(each=count(each), once=count(once))


def pace_name(pace: Pace) -> str:
    return {
        Pace.GENTLE: _("Gentle: one connection at a time"),
        Pace.NORMAL: in_context("pace", "Normal: as many as both servers like"),
        Pace.FAST: _("Fast: up to six connections at once"),
    }[pace]


def pace_hint() -> str:
    return _("Gentle suits a slow line or a strict server.")
