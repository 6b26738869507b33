"""What may be told of a problem to somebody who must not learn whose mailbox it is.

Server texts quote what they were asked about: folders, people, subjects. So nothing of them passes
but the codes that their standards define, and of what a problem concerns only host names.
"""

from __future__ import annotations

import re
from dataclasses import replace

from omm_desktop.model.problem import Problem, ProblemId

# RFC 3501, 5530, 2449, 3206, 7889, 8438, 9208.
_RESPONSE_CODES = re.compile(
    "ALERT|ALREADYEXISTS|AUTH|AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|BADCHARSET|CANNOT|CLIENTBUG"
    "|CONTACTADMIN|CORRUPTION|EXPIRED|EXPUNGEISSUED|IN-USE|INUSE|LIMIT|LOGIN-DELAY|NONEXISTENT"
    "|NOPERM|OVERQUOTA|PARSE|PRIVACYREQUIRED|READ-ONLY|SERVERBUG|SYS/PERM|SYS/TEMP|TOOBIG"
    "|TRYCREATE|UNAVAILABLE"
)
_SAID = re.compile(
    r"(?:^|(?<=\s))(?:NO|BAD|BYE|-ERR)(?=\s|$)"
    r"|\[([A-Z/-]+)\]"
    r"|\bError[A-Z][A-Za-z]{3,}\b"
    r"|\b[A-Z][A-Za-z]{2,}Error\b"
    r"|\bHTTP [1-5]\d\d\b"
)
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d{1,5})?")
_OF_A_HOST = frozenset(
    {
        ProblemId.SIGN_IN_REFUSED,
        ProblemId.APP_PASSWORD_NEEDED,
        ProblemId.SIGN_IN_METHOD_UNAVAILABLE,
        ProblemId.ACCOUNT_LOCKED,
        ProblemId.SERVER_NOT_FOUND,
        ProblemId.SERVER_SILENT,
        ProblemId.CONNECTION_REFUSED,
        ProblemId.CONNECTION_LOST,
        ProblemId.NOT_A_MAIL_SERVER,
        ProblemId.EXCHANGE_NOT_FOUND,
        ProblemId.EXCHANGE_ELSEWHERE,
        ProblemId.CERTIFICATE_UNTRUSTED,
        ProblemId.CERTIFICATE_OTHER_NAME,
        ProblemId.CERTIFICATE_EXPIRED,
        ProblemId.CERTIFICATE_NOT_YET_VALID,
        ProblemId.ENCRYPTION_MISSING,
        ProblemId.ASKED_TO_SLOW_DOWN,
        ProblemId.TOO_MANY_CONNECTIONS,
        ProblemId.DAILY_LIMIT,
        ProblemId.ACCESS_TURNED_OFF,
        ProblemId.SERVICE_RETIRED,
        ProblemId.POP_CANNOT_RECEIVE,
        ProblemId.NAME_SERVERS_SILENT,
        ProblemId.NAME_SERVERS_FAILING,
        ProblemId.DOMAIN_NOT_FOUND,
        ProblemId.NOTICE_NOT_SENT,
    }
)
"""Problems whose subject is a host or a domain."""


def public(problem: Problem) -> Problem:
    """The same problem with nothing of a person in it."""
    return replace(problem, subject=_host(problem), detail=codes(problem.detail))


def codes(said: str) -> str:
    """Of a server's answer, or of a fault, what a standard or a program named."""
    found = [one for one in _SAID.finditer(said) if not one[1] or _RESPONSE_CODES.fullmatch(one[1])]
    return " ".join(dict.fromkeys(one[0] for one in found))


def _host(problem: Problem) -> str:
    known = problem.id in _OF_A_HOST and _HOST.fullmatch(problem.subject)
    return problem.subject if known else ""
