"""Rules and automatic replies of the EWS server, as a test writes them and finds them."""

from __future__ import annotations

from .soap import Element, children, find, local, make, need, text_at
from .store import Folder, Mailbox


def texts(name: str, *values: str) -> Element:
    """A condition or action with a list of texts."""
    return make(f"t:{name}", *(make("t:String", value) for value in values))


def people(name: str, *addresses: str) -> Element:
    """A condition or action with people, by their addresses."""
    return make(
        f"t:{name}",
        *(
            make(
                "t:Address",
                make("t:Name", address.partition("@")[0].title()),
                make("t:EmailAddress", address),
                make("t:RoutingType", "SMTP" if "@" in address else "EX"),
            )
            for address in addresses
        ),
    )


def filing(name: str, folder: Folder) -> Element:
    """MoveToFolder or CopyToFolder."""
    identifier = make("t:FolderId", Id=folder.id, ChangeKey=folder.change_key)
    return make(f"t:{name}", identifier)


def add_rule(
    mailbox: Mailbox,
    name: str,
    *actions: Element,
    conditions: tuple[Element, ...] = (),
    exceptions: tuple[Element, ...] = (),
    enabled: bool = True,
    flaw: str | None = None,
) -> Element:
    """One more rule of a mailbox; `flaw` is IsNotSupported or IsInError."""
    number = len(mailbox.rules) + 1
    rule = make(
        "t:Rule",
        make("t:RuleId", f"rule-{number}="),
        make("t:DisplayName", name),
        make("t:Priority", str(number)),
        make("t:IsEnabled", "true" if enabled else "false"),
        make(f"t:{flaw}", "true") if flaw else None,
        make("t:Conditions", *conditions) if conditions else None,
        make("t:Exceptions", *exceptions) if exceptions else None,
        make("t:Actions", *actions) if actions else None,
    )
    mailbox.rules.append(rule)
    return rule


def names_of(mailbox: Mailbox) -> list[str]:
    """Its rules in their order."""
    return [text_at(rule, "t:DisplayName") or "" for rule in mailbox.rules]


def is_on(mailbox: Mailbox, name: str) -> bool:
    (found,) = (rule for rule in mailbox.rules if text_at(rule, "t:DisplayName") == name)
    return text_at(found, "t:IsEnabled") == "true"


def rule_text(mailbox: Mailbox, name: str) -> list[str]:
    """What the rule does, part by part, folders by their names."""
    (found,) = (rule for rule in mailbox.rules if text_at(rule, "t:DisplayName") == name)
    lines = []
    for part in ("Conditions", "Exceptions", "Actions"):
        held = find(found, f"t:{part}")
        for one in children(held) if held is not None else []:
            lines.append(f"{part[0].lower()} {local(one)}={_said(mailbox, one)}")
    return lines


def _said(mailbox: Mailbox, element: Element) -> str:
    folder = find(element, "t:FolderId")
    if folder is not None:
        return mailbox.folders[folder.get("Id", "")].name
    inner = children(element)
    if not inner:
        return element.text or ""
    return ",".join(text_at(one, "t:EmailAddress") or one.text or "" for one in inner)


def set_reply(
    mailbox: Mailbox,
    state: str,
    internal: str = "",
    external: str = "",
    *,
    start: str = "2026-01-01T00:00:00Z",
    end: str = "2090-01-01T00:00:00Z",
    audience: str = "Known",
) -> None:
    """What the mailbox answers by itself."""
    mailbox.automatic_reply = make(
        "t:UserOofSettings",
        make("t:OofState", state),
        make("t:ExternalAudience", audience),
        make("t:Duration", make("t:StartTime", start), make("t:EndTime", end)),
        make("t:InternalReply", make("t:Message", internal)),
        make("t:ExternalReply", make("t:Message", external)),
    )


def reply_of(mailbox: Mailbox) -> tuple[str, str, str, str] | None:
    """State, audience and both texts; None when nobody has ever set them."""
    settings = mailbox.automatic_reply
    if settings is None:
        return None
    return (
        text_at(settings, "t:OofState") or "",
        text_at(settings, "t:ExternalAudience") or "",
        need(settings, "t:InternalReply/t:Message").text or "",
        need(settings, "t:ExternalReply/t:Message").text or "",
    )
