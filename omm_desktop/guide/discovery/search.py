"""All origins side by side within one deadline; the best rank wins."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from omm_desktop.guide.discovery import autoconfig, exchange, guess, names
from omm_desktop.guide.discovery.candidate import Candidate, Findings, Origin
from omm_desktop.guide.discovery.network import Network, SearchEnded, Surroundings
from omm_desktop.guide.discovery.web import Web
from omm_desktop.guide.resolver import DEADLINE_SECONDS, LookupStopped, domain_name
from omm_desktop.model.problem import OmmError, Place, Problem, ProblemId

# Not every domain has every server: that is no trouble worth a word.
_SIMPLY_ABSENT = frozenset({ProblemId.SERVER_NOT_FOUND, ProblemId.CONNECTION_REFUSED})

_OF_EXCHANGE = frozenset({Origin.KNOWN_MX, Origin.AUTODISCOVER})

_log = logging.getLogger(__name__)


@dataclass
class _Job:
    """One origin at one place; `done` comes last."""

    origin: Origin
    work: Callable[[], Sequence[Candidate]]
    found: Sequence[Candidate] = ()
    problem: Problem | None = None
    done: bool = False


class Search:
    """One search for one domain; `run` it once, in a thread that may wait."""

    def __init__(
        self,
        address: str,
        surroundings: Surroundings,
        *,
        place: Place = Place.SOURCE,
        seconds: float = DEADLINE_SECONDS,
        exchange_only: bool = False,
    ) -> None:
        """`address` is an e-mail address or a domain; ValueError when it can be neither.

        `exchange_only`: nothing but Exchange is looked for.
        """
        self.domain = domain_name(address.rpartition("@")[2])
        self._place, self._seconds = place, seconds
        self._surroundings, self._exchange_only = surroundings, exchange_only
        self._changed = threading.Condition()
        self._cancelled = False
        self._network: Network | None = None

    def run(self) -> Findings:
        """Waits until the winner is known or the time is over. What runs on ends soon by itself."""
        known = self._surroundings.providers.by_domain(self.domain)
        if known is not None:
            return Findings((Candidate.of_service(Origin.KNOWN_DOMAIN, known),))
        network = self._network = Network(self._surroundings, self._seconds)
        jobs = self._jobs(network)
        until = time.monotonic() + self._seconds
        for job in jobs:
            threading.Thread(
                target=self._do, args=(job,), name=f"search {job.origin}", daemon=True
            ).start()
        with self._changed:
            self._changed.wait_for(
                lambda: self._cancelled or self._decided(jobs), until - time.monotonic()
            )
            findings = self._findings(jobs)
        network.end()
        return findings

    def cancel(self) -> None:
        """From any thread: `run` returns at once with what it has."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    def _jobs(self, network: Network) -> list[_Job]:
        """In the order of their rank."""
        domain, place, providers = self.domain, self._place, self._surroundings.providers
        resolver, web = network.resolver, Web(network, place)
        hosts = [host.format(domain=domain) for host in exchange.HOSTS]
        works: list[tuple[Origin, Callable[[], Sequence[Candidate]]]] = [
            (Origin.KNOWN_MX, partial(names.by_mx, domain, resolver, providers)),
            (Origin.SRV, partial(names.by_srv, domain, resolver, providers)),
        ]
        works += [
            (
                Origin.AUTOCONFIG,
                partial(autoconfig.by_autoconfig, url, domain, web, providers, place),
            )
            for url in autoconfig.PLACES
        ]
        works += [
            (Origin.AUTODISCOVER, partial(exchange.by_host, host, domain, web, providers))
            for host in hosts
        ]
        works += [
            (Origin.AUTODISCOVER, partial(exchange.by_srv, domain, resolver, web, providers)),
            (Origin.AUTODISCOVER, partial(exchange.by_plain_redirect, domain, web, providers)),
        ]
        works += [
            (
                Origin.GUESS,
                partial(guess.by_guess, name.format(domain=domain), kind, network, place),
            )
            for name, kind in guess.NAMES
        ]
        if self._exchange_only:
            works = [(origin, work) for origin, work in works if origin in _OF_EXCHANGE]
        return [_Job(origin, work) for origin, work in works]

    def _decided(self, jobs: Sequence[_Job]) -> bool:
        """Nothing that may still come can rank above what may be used without a question."""
        for job in jobs:
            if not job.done:
                return False
            if any(self._settles(one) and not one.needs_consent for one in job.found):
                return True
        return True

    def _settles(self, candidate: Candidate) -> bool:
        # What an endpoint of autodiscover says is not known before somebody signs in there.
        return candidate.by_exchange if self._exchange_only else bool(candidate.imap)

    def _do(self, job: _Job) -> None:
        found: Sequence[Candidate] = ()
        problem: Problem | None = None
        try:
            found = job.work()
        except (SearchEnded, LookupStopped):
            problem = self._silence()
        except OmmError as error:
            problem = None if error.problem.id in _SIMPLY_ABSENT else error.problem
        except Exception as error:
            _log.exception("a search for settings ended by a fault of the program")
            problem = Problem(ProblemId.UNEXPECTED, detail=type(error).__name__)
        with self._changed:
            job.found, job.problem, job.done = found, problem, True
            self._changed.notify_all()

    def _findings(self, jobs: Sequence[_Job]) -> Findings:
        problems: dict[Origin, Problem] = {}
        for job in jobs:
            problem = job.problem if job.done else self._silence()
            if problem is not None:
                problems.setdefault(job.origin, problem)
        return Findings(tuple(one for job in jobs for one in job.found), problems)

    def _silence(self) -> Problem:
        return Problem(ProblemId.SERVER_SILENT, self._place, subject=self.domain)
