"""How each record of a zone is judged against what an offer expects; one function for each line.

Each raises LookupFailed when the name servers do not answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from omm_desktop.guide import spf
from omm_desktop.guide.dns_offers import AliasPolicy, DnsOffer, ExpectedMx, Sourced, Use, dns_offers
from omm_desktop.guide.findings import Badge, Finding, Part, Reason
from omm_desktop.guide.resolver import Absence, Lookup, MailExchange, Resolver, ServiceRecord

AUTODISCOVER_PORT = 443


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a domain. `server` completes the host of the offer; both may be empty."""

    domain: str
    offer: DnsOffer
    resolver: Resolver
    server: str = ""
    ownership_code: str = ""

    def host(self) -> str:
        """The mail host: from what was given, else from the SRV record; empty when unknown."""
        given = self.offer.server_host(self.server)
        return given or next(
            (one.host for one in self.services() if self.offer.answer_in(one.host, self.domain)), ""
        )

    def services(self) -> tuple[ServiceRecord, ...]:
        return self.resolver.srv(self.line(Part.AUTODISCOVER).name).records

    def line(self, part: Part) -> Finding:
        """The line as it stands before anybody was asked."""
        name, type = self._place(part)
        return Finding(part, name, type, Badge.CANNOT_TELL, Reason.NOT_ANSWERED)

    def _place(self, part: Part) -> tuple[str, str]:
        match part:
            case Part.MX:
                return self.domain, "MX"
            case Part.SPF:
                return self.domain, "TXT"
            case Part.DKIM:
                return f"_domainkey.{self.domain}", "CNAME"
            case Part.AUTODISCOVER:
                return f"_autodiscover._tcp.{self.domain}", "SRV"
            case Part.AUTODISCOVER_ALIAS:
                return f"autodiscover.{self.domain}", "CNAME"
            case Part.AUTOCONFIG_ALIAS:
                return f"autoconfig.{self.domain}", "CNAME"
            case Part.OWNERSHIP:
                return f"{self.ownership_code or '…-check'}.{self.domain}", "CNAME"
            case Part.IPV4:
                return self.offer.server_host(self.server) or self.domain, "A"
            case Part.IPV6:
                return self.offer.server_host(self.server) or self.domain, "AAAA"


def mx(question: Question) -> Finding:
    found = question.resolver.mx(question.domain).records
    expected = _nearest(question.offer.mx, found)
    wrong = replace(
        question.line(Part.MX),
        badge=Badge.TO_CHANGE,
        reason=Reason.MX_MISSING,
        found=tuple(map(_mx_text, found)),
        expected=tuple(map(_mx_text, expected)),
        remarks=() if expected else (Reason.MX_SEE_ACCOUNT,),
    )
    ours = [one.host for one in expected]
    hosts = [one.host for one in found if one.host]
    foreign = [host for host in hosts if host not in ours]
    if not hosts:
        return wrong
    if set(foreign) & _hosts_of_all_offers():
        return replace(wrong, reason=Reason.MX_OTHER_REGION)
    if foreign:
        reason = Reason.MX_ELSEWHERE if foreign == hosts else Reason.MX_BOTH
        remarks = (*wrong.remarks, Reason.MX_FILTER) if foreign == hosts else ()
        return replace(wrong, reason=reason, remarks=remarks, about={reason: ", ".join(foreign)})
    if hosts != sorted(hosts, key=ours.index):
        return replace(wrong, reason=Reason.MX_ORDER)
    remarks = () if found == expected else (Reason.MX_OTHER_FORM,)
    return replace(wrong, badge=Badge.UP_TO_DATE, reason=Reason.MX_RIGHT, remarks=remarks)


def _nearest(
    choices: tuple[ExpectedMx, ...], found: tuple[MailExchange, ...]
) -> tuple[MailExchange, ...]:
    """Of several accepted sets the one that the zone is made of; nothing when none is."""
    hosts = {one.host for one in found}
    if len(choices) == 1:
        return choices[0].records
    for choice in choices:
        if hosts & {one.host for one in choice.records}:
            return choice.records
    return ()


def _hosts_of_all_offers() -> set[str]:
    return {
        record.host for offer in dns_offers().values() for one in offer.mx for record in one.records
    }


def _mx_text(record: MailExchange) -> str:
    return f"{record.priority} {record.host}."


def sender_policy(question: Question) -> Finding:
    """SPF, in TXT records."""
    found = spf.spf_records(question.resolver.txt(question.domain).records)
    wanted = _terms_wanted(question)
    several = len(found) > 1
    line = replace(
        question.line(Part.SPF),
        badge=Badge.TO_CHANGE,
        reason=Reason.SPF_SEVERAL if several else Reason.SPF_MISSING,
        found=found,
        expected=(spf.allowing(found, wanted),) if wanted or several else (),
        remarks=() if wanted else (Reason.SPF_ADDRESS_UNKNOWN,),
    )
    if len(found) != 1:
        return line
    if not wanted:
        return replace(line, badge=Badge.CANNOT_TELL, reason=Reason.SPF_ADDRESS_UNKNOWN, remarks=())
    walked = spf.walk(question.resolver, found[0])
    remarks, about = _spf_remarks(walked)
    include = question.offer.spf.include
    by_name = not include and question.host() in walked.hosts
    if not by_name and not all(map(walked.allows, wanted)):
        return replace(line, reason=Reason.SPF_NOT_ALLOWED, remarks=remarks, about=about)
    if include and include not in walked.direct:
        remarks = (Reason.SPF_THROUGH, *remarks)
    return replace(
        line,
        badge=Badge.UP_TO_DATE,
        reason=Reason.SPF_RIGHT,
        expected=found,
        remarks=remarks,
        about=about,
    )


def _terms_wanted(question: Question) -> tuple[str, ...]:
    """What the record must allow: the include of the offer, else the addresses of the server."""
    if question.offer.spf.include:
        return (f"include:{question.offer.spf.include}",)
    host = question.host()
    if not host:
        return ()
    addresses = question.resolver.a(host).records, question.resolver.aaaa(host).records
    return tuple(
        f"{kind}:{address}" for kind, all in zip(("ip4", "ip6"), addresses, strict=True)
        for address in all
    )  # fmt: skip


def _spf_remarks(walked: spf.Walk) -> tuple[tuple[Reason, ...], dict[Reason, str]]:
    about = {}
    if walked.lookups > spf.MOST_LOOKUPS:
        about[Reason.SPF_MANY_LOOKUPS] = str(walked.lookups)
    if walked.unread:
        about[Reason.SPF_UNREAD] = ", ".join(walked.unread)
    anybody = (Reason.SPF_ANYBODY,) if walked.anybody else ()
    return (*about, *anybody), about


def signature(question: Question) -> Finding:
    """DKIM: the aliases that lead to the keys of the service."""
    expected = question.offer.dkim
    line = replace(
        question.line(Part.DKIM), reason=Reason.DKIM_NUMBERED, remarks=_inferred(expected)
    )
    targets = {
        selector: target
        for selector in expected.selectors
        for target in question.resolver.cname(f"{selector}.{line.name}").records
    }
    line = replace(line, found=tuple(f"{one}: {target}." for one, target in targets.items()))
    wrong = [one for one, target in targets.items() if not expected.is_target(one, target)]
    if wrong:
        about = {Reason.DKIM_OTHER_TARGET: ", ".join(wrong)}
        reason = Reason.DKIM_OTHER_TARGET
        return replace(line, badge=Badge.TO_CHANGE, reason=reason, about=about)
    if targets:
        one_missing = len(targets) < len(expected.selectors)
        remarks = (*line.remarks, *((Reason.DKIM_ONE,) if one_missing else ()))
        return replace(line, badge=Badge.UP_TO_DATE, reason=Reason.DKIM_RIGHT, remarks=remarks)
    if question.resolver.txt(line.name).absence is Absence.NO_SUCH_NAME:
        # Then nothing stands below it either (RFC 8020), whatever the number of the customer.
        return replace(line, badge=Badge.TO_CHANGE, reason=Reason.DKIM_NONE)
    return line


def autodiscover(question: Question) -> Finding:
    """The SRV record by which Outlook finds the server."""
    expected = question.offer.autodiscover
    found, host = question.services(), question.host()
    line = replace(
        question.line(Part.AUTODISCOVER),
        badge=Badge.TO_CHANGE,
        reason=Reason.SRV_MISSING,
        found=tuple(map(_srv_text, found)),
        expected=(_srv_text(ServiceRecord(0, 0, AUTODISCOVER_PORT, host)),) if host else (),
        remarks=(*_inferred(expected), *_missing_answer(question, host)),
    )
    if not found and expected.use is Use.OPTIONAL:
        return replace(line, badge=Badge.NOT_NEEDED, reason=Reason.SRV_OPTIONAL)
    if not found:
        return line
    foreign = [one.host or "." for one in found if one.host != host]
    if foreign:
        reason = Reason.SRV_SEVERAL if len(foreign) < len(found) else Reason.SRV_OTHER_HOST
        return replace(line, reason=reason, about={reason: ", ".join(foreign)})
    if found[0].port != AUTODISCOVER_PORT:
        return replace(line, reason=Reason.SRV_OTHER_PORT)
    line = replace(line, badge=Badge.UP_TO_DATE, reason=Reason.SRV_RIGHT, expected=line.found)
    answer = question.offer.answer_in(host, question.domain)
    if answer and not question.server:
        remarks = (*line.remarks, Reason.SRV_SERVER_READ)
        return replace(line, remarks=remarks, about={Reason.SRV_SERVER_READ: answer})
    return line


def _missing_answer(question: Question, host: str) -> tuple[Reason, ...]:
    if host:
        return ()
    return (Reason.SRV_ASKS_NUMBER,) if question.offer.asks_number else (Reason.SRV_ASKS_HOST,)


def _srv_text(record: ServiceRecord) -> str:
    return f"{record.priority} {record.weight} {record.port} {record.host}."


def autodiscover_alias(question: Question) -> Finding:
    return _alias(question, question.line(Part.AUTODISCOVER_ALIAS))


def autoconfig_alias(question: Question) -> Finding:
    return _alias(question, question.line(Part.AUTOCONFIG_ALIAS))


def _alias(question: Question, line: Finding) -> Finding:
    """Programs ask this name before, or instead of, the SRV record."""
    expected = question.offer.aliases
    aliases = question.resolver.cname(line.name).records
    helpful = expected.policy is AliasPolicy.HELPFUL
    line = replace(
        line,
        badge=Badge.UP_TO_DATE,
        reason=Reason.ALIAS_ABSENT,
        found=tuple(f"{alias}." for alias in aliases),
        expected=(f"{expected.target}.",) if expected.target else (),
        remarks=_inferred(expected),
    )
    if not aliases:
        addresses = question.resolver.a(line.name).records
        if addresses:
            reason = Reason.ALIAS_ADDRESS
            return replace(line, badge=Badge.CANNOT_TELL, reason=reason, type="A", found=addresses)
        if helpful:
            return replace(line, badge=Badge.NOT_NEEDED, reason=Reason.ALIAS_OPTIONAL)
        return line
    # Those of a relative of the offer are in the way of an SRV record only.
    others = expected.also if helpful or not question.services() else ()
    if aliases[0] in (expected.target, question.host(), *others):
        return replace(line, reason=Reason.ALIAS_HELPS, expected=line.found)
    reason = Reason.ALIAS_ELSEWHERE if helpful else Reason.ALIAS_IN_THE_WAY
    return replace(line, badge=Badge.TO_CHANGE, reason=reason, about={reason: aliases[0]})


def ownership(question: Question) -> Finding:
    """The record by which a person proves that the domain is theirs; its name is a code."""
    expected = question.offer.ownership
    assert expected is not None
    line = replace(
        question.line(Part.OWNERSHIP),
        reason=Reason.OWNERSHIP_NO_CODE,
        expected=(f"{expected.target}.",),
    )
    if not question.ownership_code:
        return line
    found = question.resolver.cname(line.name).records
    line = replace(line, found=tuple(f"{target}." for target in found))
    if found == (expected.target,):
        return replace(line, badge=Badge.UP_TO_DATE, reason=Reason.OWNERSHIP_RIGHT)
    reason = Reason.OWNERSHIP_OTHER_TARGET if found else Reason.OWNERSHIP_MISSING
    return replace(line, badge=Badge.TO_CHANGE, reason=reason)


def ipv4(question: Question) -> Finding:
    return _address(question, question.line(Part.IPV4), question.resolver.a)


def ipv6(question: Question) -> Finding:
    return _address(question, question.line(Part.IPV6), question.resolver.aaaa)


def _address(question: Question, line: Finding, look_up: Callable[[str], Lookup[str]]) -> Finding:
    """Only the customer account knows which address the server has."""
    host = question.host()
    if not host:
        return replace(line, reason=Reason.ADDRESS_ASKS_HOST)
    line = replace(line, name=host, found=look_up(host).records)
    if not line.found:
        return replace(line, badge=Badge.TO_CHANGE, reason=Reason.ADDRESS_MISSING)
    return replace(line, reason=Reason.ADDRESS_COMPARE)


def _inferred(value: Sourced) -> tuple[Reason, ...]:
    return (Reason.INFERRED,) if value.inferred else ()
