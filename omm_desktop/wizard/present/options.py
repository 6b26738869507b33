"""What the options page says."""

from __future__ import annotations

from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.plan import LEFT_OUT_ROLES
from omm_desktop.wizard.draft import TRIAL_MESSAGES, Pace
from omm_desktop.wizard.probe_result import ProbeResult, different, with_repeats
from omm_desktop.wording import count, size


def usual_folders(found: ProbeResult) -> frozenset[str]:
    """Where choosing begins: everything but trash and junk."""
    return frozenset(
        folder.name for folder in found.personal_folders if folder.role not in LEFT_OUT_ROLES
    )


def mail_line(found: ProbeResult | None) -> str:
    """ "E-mail (8,300 messages, 4.2 GB)"; only the word before the check."""
    if found is None:
        return _("E-mail")
    if found.size is None:
        return _("E-mail ({count})").format(count=count(found.items))
    return _("E-mail ({count}, {size})").format(count=count(found.items), size=size(found.size))


def later_kinds() -> tuple[str, ...]:
    """What cannot be copied stays visible, with the reason on the same line."""
    reason = _("not by IMAP")
    kinds = (_("Contacts"), _("Calendars"), _("Tasks"))
    return tuple(_("{kind}: {reason}").format(kind=kind, reason=reason) for kind in kinds)


def only_inbox(kind: EndpointKind) -> str:
    """Why there are no folders to choose from; empty when there are."""
    return _("By POP there is one folder, the inbox.") if kind is EndpointKind.POP3 else ""


def trial_line() -> str:
    return _("&Try with {} messages first").format(TRIAL_MESSAGES)


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
