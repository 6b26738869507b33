"""The diagnosis of a domain in words."""

from __future__ import annotations

from dataclasses import dataclass

from omm_desktop.guide.findings import Badge, Diagnosis, Finding, Part, Reason
from omm_desktop.language import mark, plural
from omm_desktop.language import translate as _
from omm_desktop.support.catalogue import catalogue

PATIENCE_HOURS = (4, 24)

_TITLES = {
    Part.MX: mark("Incoming mail (MX)"),
    Part.SPF: mark("Sending (SPF)"),
    Part.DKIM: mark("Signature (DKIM)"),
    Part.AUTODISCOVER: mark("Automatic settings (SRV)"),
    Part.AUTODISCOVER_ALIAS: mark("The name autodiscover (CNAME)"),
    Part.AUTOCONFIG_ALIAS: mark("The name autoconfig (CNAME)"),
    Part.OWNERSHIP: mark("Proof of ownership (CNAME)"),
    Part.IPV4: mark("Address of the server (A)"),
    Part.IPV6: mark("Address of the server (AAAA)"),
}
_BADGES = {
    Badge.UP_TO_DATE: mark("up to date"),
    Badge.TO_CHANGE: mark("to change"),
    Badge.CANNOT_TELL: mark("cannot be checked"),
    Badge.NOT_NEEDED: mark("not needed"),
}
_ICONS = {
    Badge.UP_TO_DATE: "✓",
    Badge.TO_CHANGE: "!",
    Badge.CANNOT_TELL: "?",
    Badge.NOT_NEEDED: "–",
}
_EXPLAINED = {
    Reason.INFERRED: mark("No guide gives this value for the offer: it was deduced."),
    Reason.MX_RIGHT: mark("Mail for this domain arrives at OVHcloud."),
    Reason.MX_OTHER_FORM: mark("Some records or priorities differ. Mail arrives all the same."),
    Reason.MX_ORDER: mark("The servers are not in the advised order."),
    Reason.MX_BOTH: mark("Part of the mail goes elsewhere: {}"),
    Reason.MX_ELSEWHERE: mark("Mail still goes elsewhere: {}"),
    Reason.MX_FILTER: mark("If this is a filter in front of OVHcloud, leave it as it is."),
    Reason.MX_OTHER_REGION: mark("These servers belong to another region of OVHcloud."),
    Reason.MX_MISSING: mark("No server takes mail for this domain."),
    Reason.MX_SEE_ACCOUNT: mark("Your customer account shows which servers take your mail."),
    Reason.SPF_RIGHT: mark("The servers of this offer may send mail for this domain."),
    Reason.SPF_THROUGH: mark("They are allowed through another record that yours includes."),
    Reason.SPF_MISSING: mark("No record says who may send: messages may be taken for junk."),
    Reason.SPF_SEVERAL: mark("There are several SPF records: none of them counts."),
    Reason.SPF_NOT_ALLOWED: mark("The record does not allow the servers of this offer."),
    Reason.SPF_MANY_LOOKUPS: mark("It leads to {} look-ups. Above 10 it may be ignored."),
    Reason.SPF_UNREAD: mark("Part of it could not be read: {}"),
    Reason.SPF_ANYBODY: mark("It lets anybody send in your name: end it with ~all."),
    Reason.SPF_ADDRESS_UNKNOWN: mark("The addresses of your server belong in this record."),
    Reason.DKIM_RIGHT: mark("The records of the signature are in place."),
    Reason.DKIM_ONE: mark("Your customer account shows a second one, for when keys change."),
    Reason.DKIM_OTHER_TARGET: mark("These records do not lead to a key of OVHcloud: {}"),
    Reason.DKIM_NONE: mark("Messages are not signed: the domain has no DKIM record."),
    Reason.DKIM_NUMBERED: mark("The names of these records hold a number of your own."),
    Reason.SRV_RIGHT: mark("Outlook finds the server by itself."),
    Reason.SRV_SERVER_READ: mark("Read from this record: server {}. Does your account say so?"),
    Reason.SRV_MISSING: mark("Outlook cannot find the server by itself."),
    Reason.SRV_OPTIONAL: mark("This offer does without it."),
    Reason.SRV_OTHER_HOST: mark("This record leads to another server: {}"),
    Reason.SRV_OTHER_PORT: mark("The port must be 443."),
    Reason.SRV_SEVERAL: mark("A second record leads elsewhere: {}"),
    Reason.SRV_ASKS_NUMBER: mark("The value holds the number of your server: give it to see it."),
    Reason.SRV_ASKS_HOST: mark("The value is the name of your server: give it to see it."),
    Reason.ALIAS_ABSENT: mark("Nothing leads mail programs astray."),
    Reason.ALIAS_HELPS: mark("It leads mail programs to the right settings."),
    Reason.ALIAS_OPTIONAL: mark("This offer does without it."),
    Reason.ALIAS_IN_THE_WAY: mark("Mail programs ask this name first, and it leads to {}"),
    Reason.ALIAS_ELSEWHERE: mark("It leads mail programs to other settings: {}"),
    Reason.ALIAS_ADDRESS: mark("Mail programs may ask this address first. It may be a web site."),
    Reason.OWNERSHIP_RIGHT: mark("The record is in place."),
    Reason.OWNERSHIP_MISSING: mark("There is no record of this name."),
    Reason.OWNERSHIP_OTHER_TARGET: mark("This record leads elsewhere."),
    Reason.OWNERSHIP_NO_CODE: mark("Its name is a code that only your customer account knows."),
    Reason.ADDRESS_COMPARE: mark("Only your customer account knows the right address."),
    Reason.ADDRESS_MISSING: mark("The name of your server has no such address."),
    Reason.ADDRESS_ASKS_HOST: mark("The name of your server is not known."),
}
_REPLACE = mark("Replace it with the expected value.")
_ADD = mark("Add the expected value.")
_MAY_ADD = mark("You may add the expected value, to help mail programs.")
_GIVE_THE_SERVER = mark("Give the name of the server, then check again.")
_REMEDIES = {
    Reason.MX_ORDER: _REPLACE,
    Reason.MX_BOTH: mark("Delete these records once the old mailboxes are copied."),
    Reason.MX_ELSEWHERE: _REPLACE,
    Reason.MX_OTHER_REGION: mark(
        "Replace them with the expected values, or choose the other offer."
    ),
    Reason.MX_MISSING: _ADD,
    Reason.SPF_MISSING: _ADD,
    Reason.SPF_SEVERAL: mark("Replace them all with the expected value, which joins them."),
    Reason.SPF_NOT_ALLOWED: mark("Replace it with the expected value: the rest of it is kept."),
    Reason.SPF_ADDRESS_UNKNOWN: _GIVE_THE_SERVER,
    Reason.DKIM_OTHER_TARGET: mark("Your customer account shows the right values, under DKIM."),
    Reason.DKIM_NONE: mark("Switch DKIM on in your customer account: it shows what to add."),
    Reason.DKIM_NUMBERED: mark("Look at DKIM in your customer account: green means active."),
    Reason.SRV_MISSING: _ADD,
    Reason.SRV_OPTIONAL: _MAY_ADD,
    Reason.SRV_OTHER_HOST: _REPLACE,
    Reason.SRV_OTHER_PORT: _REPLACE,
    Reason.SRV_SEVERAL: mark("Delete the second one, keep the expected value."),
    Reason.ALIAS_OPTIONAL: _MAY_ADD,
    Reason.ALIAS_IN_THE_WAY: mark("Delete this record."),
    Reason.ALIAS_ELSEWHERE: _REPLACE,
    Reason.ALIAS_ADDRESS: mark("If it is of the old provider, delete this record."),
    Reason.OWNERSHIP_RIGHT: mark("Once the domain is accepted you may delete it."),
    Reason.OWNERSHIP_MISSING: _ADD,
    Reason.OWNERSHIP_OTHER_TARGET: _REPLACE,
    Reason.OWNERSHIP_NO_CODE: mark("If your account asks for it, give the code and check again."),
    Reason.ADDRESS_COMPARE: mark("Compare it with the one your customer account shows."),
    Reason.ADDRESS_MISSING: mark("Add the address that your customer account shows."),
    Reason.ADDRESS_ASKS_HOST: _GIVE_THE_SERVER,
}
_WITH_A_VALUE = {_REPLACE, _ADD, _MAY_ADD}


@dataclass(frozen=True, slots=True)
class LineText:
    """One record: its title and place, its badge by sign and word, why, what to do."""

    title: str
    place: str
    icon: str
    badge: str
    explanation: str
    remedy: str
    remarks: tuple[str, ...]
    found: tuple[str, ...]
    expected: tuple[str, ...]


def line(finding: Finding) -> LineText:
    return LineText(
        title=_(_TITLES[finding.part]),
        place=f"{finding.type} · {finding.name}",
        icon=_ICONS[finding.badge],
        badge=_(_BADGES[finding.badge]),
        explanation=_explanation(finding),
        remedy=_remedy(finding),
        remarks=tuple(_explained(finding, reason) for reason in finding.remarks),
        found=finding.found,
        expected=finding.expected,
    )


def headline(diagnosis: Diagnosis) -> str:
    """All lines in one sentence."""
    number = sum(one.badge is Badge.TO_CHANGE for one in diagnosis.findings)
    if number:
        return plural("{} record to change.", "{} records to change.", number).format(number)
    if diagnosis.unanswered:
        return _("Part of the domain could not be checked.")
    return _("Nothing to change.")


def patience() -> str:
    return _("A change takes 4 to 24 hours to be seen everywhere.")


def name_servers(diagnosis: Diagnosis) -> str:
    """Where the zone is, and so where records are typed; empty when unknown."""
    if not diagnosis.name_servers:
        return ""
    return _("Name servers of the domain: {}").format(", ".join(diagnosis.name_servers))


def _explanation(finding: Finding) -> str:
    if finding.problem is not None:
        return catalogue().entry(finding.problem).title
    return _explained(finding, finding.reason)


def _explained(finding: Finding, reason: Reason) -> str:
    return _(_EXPLAINED[reason]).format(finding.about.get(reason, ""))


def _remedy(finding: Finding) -> str:
    if finding.problem is not None:
        return catalogue().entry(finding.problem).remedy
    text = _REMEDIES.get(finding.reason, "")
    if not text or (text in _WITH_A_VALUE and not finding.expected):
        return ""
    return _(text)
