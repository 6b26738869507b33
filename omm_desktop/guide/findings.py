"""What the diagnosis of a domain says about each record, without words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from omm_desktop.model.problem import Problem


class Badge(StrEnum):
    UP_TO_DATE = "up-to-date"
    TO_CHANGE = "to-change"
    CANNOT_TELL = "cannot-tell"
    NOT_NEEDED = "not-needed"


class Part(StrEnum):
    """The lines of a diagnosis, in the order they are shown."""

    MX = "mx"
    SPF = "spf"
    DKIM = "dkim"
    AUTODISCOVER = "autodiscover"
    AUTODISCOVER_ALIAS = "autodiscover-alias"
    AUTOCONFIG_ALIAS = "autoconfig-alias"
    OWNERSHIP = "ownership"
    IPV4 = "ipv4"
    IPV6 = "ipv6"


class Reason(StrEnum):
    """Why a line has its badge; several are remarks beside it. The words are in wizard.present."""

    NOT_ANSWERED = "not-answered"
    INFERRED = "inferred"

    MX_RIGHT = "mx-right"
    MX_OTHER_FORM = "mx-other-form"
    MX_ORDER = "mx-order"
    MX_BOTH = "mx-both"
    MX_ELSEWHERE = "mx-elsewhere"
    MX_OTHER_REGION = "mx-other-region"
    MX_MISSING = "mx-missing"
    MX_FILTER = "mx-filter"
    MX_SEE_ACCOUNT = "mx-see-account"

    SPF_RIGHT = "spf-right"
    SPF_THROUGH = "spf-through"
    SPF_MISSING = "spf-missing"
    SPF_SEVERAL = "spf-several"
    SPF_NOT_ALLOWED = "spf-not-allowed"
    SPF_MANY_LOOKUPS = "spf-many-lookups"
    SPF_UNREAD = "spf-unread"
    SPF_ANYBODY = "spf-anybody"
    SPF_ADDRESS_UNKNOWN = "spf-address-unknown"

    DKIM_RIGHT = "dkim-right"
    DKIM_ONE = "dkim-one"
    DKIM_OTHER_TARGET = "dkim-other-target"
    DKIM_NONE = "dkim-none"
    DKIM_NUMBERED = "dkim-numbered"

    SRV_RIGHT = "srv-right"
    SRV_SERVER_READ = "srv-server-read"
    SRV_MISSING = "srv-missing"
    SRV_OPTIONAL = "srv-optional"
    SRV_OTHER_HOST = "srv-other-host"
    SRV_OTHER_PORT = "srv-other-port"
    SRV_SEVERAL = "srv-several"
    SRV_ASKS_NUMBER = "srv-asks-number"
    SRV_ASKS_HOST = "srv-asks-host"

    ALIAS_ABSENT = "alias-absent"
    ALIAS_HELPS = "alias-helps"
    ALIAS_OPTIONAL = "alias-optional"
    ALIAS_IN_THE_WAY = "alias-in-the-way"
    ALIAS_ELSEWHERE = "alias-elsewhere"
    ALIAS_ADDRESS = "alias-address"

    OWNERSHIP_RIGHT = "ownership-right"
    OWNERSHIP_MISSING = "ownership-missing"
    OWNERSHIP_OTHER_TARGET = "ownership-other-target"
    OWNERSHIP_NO_CODE = "ownership-no-code"

    ADDRESS_COMPARE = "address-compare"
    ADDRESS_MISSING = "address-missing"
    ADDRESS_ASKS_HOST = "address-asks-host"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `found` and `expected` are values as a zone holds them, a line for each record.

    Nothing is expected where there is nothing to type: all is well, the record is to be deleted,
    or only the customer account knows the value. `about` completes the words of a reason.
    """

    part: Part
    name: str
    type: str
    badge: Badge
    reason: Reason
    found: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    remarks: tuple[Reason, ...] = ()
    about: Mapping[Reason, str] = field(default_factory=dict)
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All lines. `server` is the number or host that was given, or read from the SRV record."""

    domain: str
    service: str
    server: str
    name_servers: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def to_change(self) -> bool:
        return any(finding.badge is Badge.TO_CHANGE for finding in self.findings)

    @property
    def unanswered(self) -> Problem | None:
        """Why a line could not be asked for, if there is one."""
        return next(
            (
                one.problem
                for one in self.findings
                if one.problem and one.badge is Badge.CANNOT_TELL
            ),
            None,
        )
