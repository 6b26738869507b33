"""Where EWS answers for an account that names no URL: its host is asked, or else its domain.

Nobody is there to be asked whether the host of another company may be used: naming that host in the
account is the consent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omm_desktop.endpoints.ews.exchange_online import is_exchange_online
from omm_desktop.guide.discovery import exchange_account
from omm_desktop.guide.discovery.candidate import Candidate, Findings
from omm_desktop.guide.discovery.exchange import answers, by_host
from omm_desktop.guide.discovery.exchange_account import Question, is_trusted
from omm_desktop.guide.discovery.network import Surroundings, within
from omm_desktop.guide.discovery.search import Search
from omm_desktop.guide.discovery.web import Web
from omm_desktop.guide.resolver import DEADLINE_SECONDS
from omm_desktop.model.account import Account
from omm_desktop.model.ews_url import server_at, usual_url
from omm_desktop.model.problem import CannotGoOn, OmmError, Place, Problem, ProblemId
from omm_desktop.model.secret import Secret


def located(
    account: Account,
    secret: Secret,
    surroundings: Surroundings,
    place: Place,
    seconds: float = DEADLINE_SECONDS,
) -> Account:
    """The account with its URL. `login` or `mailbox` is an address, or there is a host.

    The password is asked for only by hosts of the address's own domain, of a known provider, or the
    one that the account names. Raises OmmError: EXCHANGE_NOT_FOUND, EXCHANGE_ELSEWHERE with the
    host that would have to be named, SERVICE_RETIRED for Exchange Online, or what signing in met.
    """
    finder = _Finder(account, secret, surroundings, place, seconds)
    url = finder.at_host(account.server.host) if account.server.host else finder.for_domain()
    return replace(account, url=url, server=server_at(url))


class _Finder:
    def __init__(
        self,
        account: Account,
        secret: Secret,
        surroundings: Surroundings,
        place: Place,
        seconds: float,
    ) -> None:
        self._surroundings, self._place, self._seconds = surroundings, place, seconds
        login, named = account.login, account.server.host
        address = login if "@" in login else account.mailbox
        self._question = Question(address, login, secret, named)
        self._met: OmmError | None = None

    def at_host(self, host: str) -> str:
        """The usual place there, else what its autodiscover says."""
        usual = usual_url(host)
        found: Sequence[Candidate] = ()
        with within(self._surroundings, self._seconds, self._place, host) as network:
            web = Web(network, self._place)
            try:
                if answers(usual, web):
                    return usual
                found = by_host(host, host, web, self._surroundings.providers)
            except OmmError:
                # Whoever connects there tells what is wrong, and tries again where it may pass.
                return usual
        if not self._question.address:
            return usual
        return self._chosen(Findings(tuple(found)), host)

    def for_domain(self) -> str:
        search = Search(
            self._question.address,
            self._surroundings,
            place=self._place,
            seconds=self._seconds,
            exchange_only=True,
        )
        return self._chosen(search.run(), search.domain)

    def _chosen(self, findings: Findings, where: str) -> str:
        """The first that may be used; otherwise why there is none."""
        elsewhere = online = ""
        for candidate in findings.candidates:
            told = candidate
            if candidate.exchange_only and not candidate.needs_consent:
                told = self._asked(candidate)
            if is_exchange_online(told.foreign_host or told.host):
                online = online or told.foreign_host or told.host
            elif told.needs_consent:
                elsewhere = elsewhere or told.foreign_host
            elif told.ews:
                return told.ews
        if elsewhere and not online:
            consent = f'host = "{elsewhere}"'
            raise self._failed(ProblemId.EXCHANGE_ELSEWHERE, elsewhere, consent)
        if online:
            raise self._failed(ProblemId.SERVICE_RETIRED, online)
        if self._met is not None:
            raise self._met
        problem = findings.problem
        if problem is not None and problem.place is Place.COMPUTER:
            raise CannotGoOn(problem)
        met = "" if problem is None else f"{problem.id} {problem.subject}".strip()
        raise self._failed(ProblemId.EXCHANGE_NOT_FOUND, where, met)

    def _asked(self, candidate: Candidate) -> Candidate:
        """What the endpoint says of this mailbox; a redirect elsewhere is a wish for consent.

        After a refused password nobody else is asked; another trouble is told in the end.
        """
        try:
            return exchange_account.ask(
                candidate.exchange,
                self._question,
                self._surroundings,
                self._place,
                self._seconds,
            )
        except OmmError as error:
            host, question = error.problem.subject, self._question
            known = is_trusted(host, question.domain, self._surroundings.providers, question.named)
            if error.problem.id is ProblemId.SIGN_IN_REFUSED:
                raise
            if error.problem.id is ProblemId.REDIRECT_REFUSED and host and not known:
                return replace(candidate, foreign_host=host)
            self._met = self._met or error
            return Candidate(candidate.origin)

    def _failed(self, id: ProblemId, subject: str, detail: str = "") -> OmmError:
        return CannotGoOn(Problem(id, self._place, detail, subject))
