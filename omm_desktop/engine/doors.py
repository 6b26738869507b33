"""Both ends of a run opened, with all that decides how many connections there may be, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from omm_desktop.model.account import Account
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.ports import (
    Destination,
    Endpoint,
    OpenDestination,
    OpenSource,
    Source,
    TellsReading,
)
from omm_desktop.model.problem import Place, TryAgain
from omm_desktop.model.progress import Reading
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.store.elsewhere import Elsewhere
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.traffic import Way

from .accounts import Accounts
from .allowance import Allowance, daily
from .board import Board
from .clock import Clock
from .connecting import connect, once_free
from .control import Control
from .ends import Ends
from .legs import Leg, names
from .pace import Governor
from .pool import UNATTENDED_PATIENCE, Pool

FIRST_CONNECTIONS = 2
CONNECTIONS = 4

E = TypeVar("E", bound=Endpoint)


@dataclass(frozen=True, slots=True)
class Doors:
    """`attended`: somebody is there to wait for, so that no patience ends."""

    plan: MigrationPlan
    secrets: Secrets
    ledger: Ledger
    accounts: Accounts
    open_source: OpenSource
    open_destination: OpenDestination
    control: Control
    board: Board
    clock: Clock
    attended: bool

    def open(self) -> Ends:
        """One connection to each source and to the destination. Raises `OmmError`, `Stopped`."""
        plan, secrets = self.plan, self.secrets
        sources, destination = connect(
            [self._opener(account) for account in plan.sources],
            lambda: self._destination(plan.destination, secrets.destination),
            self.control.checkpoint,
        )
        limits = destination.limits
        if limits.marks:
            self.ledger.expect_marks(self.accounts.destination)
        destinations = self._pool(
            plan.destination,
            self._destination,
            secrets.destination,
            limits.connections,
            self._daily(Way.ADDED),
        )
        destinations.adopt(destination)
        told = zip(plan.sources, names(plan.sources), sources, strict=True)
        legs = [self._leg(*one) for one in told]
        return Ends(legs, destinations, limits, plan.destination.kind.is_on_disk)

    def _leg(self, account: Account, name: str, source: Source) -> Leg:
        allowance = self._daily(Way.READ) if account is self.plan.source else None
        secret = self._secret(account)
        pool = self._pool(account, self._source, secret, source.parallel, allowance)
        pool.adopt(source)
        id = self.ledger.account(account.identity)
        return Leg(account, id, name, pool, Elsewhere(self.ledger, id, self.accounts.destination))

    def _secret(self, account: Account) -> Secret:
        return Secret("") if account.kind.is_on_disk else self.secrets.source

    def _opener(self, account: Account) -> Callable[[], Source]:
        def wait(error: TryAgain) -> None:
            """Raises the error when an unattended run has waited long enough."""
            if not self.attended and self.board.seconds > UNATTENDED_PATIENCE:
                raise error
            until = self.clock.time() + error.after
            self.board.waiting(account.identity, error.problem, until)
            self.control.sleep(error.after)
            self.board.waiting(account.identity, None, 0.0)

        return lambda: once_free(lambda: self._source(account, self._secret(account)), wait)

    def _source(self, account: Account, secret: Secret) -> Source:
        return self._telling(self.open_source(account, secret))

    def _destination(self, account: Account, secret: Secret) -> Destination:
        return self._telling(self.open_destination(account, secret))

    def _telling(self, end: E) -> E:
        """The end, whose long readings show on the board, wait in a pause and end with the run."""

        def tell(file: Reading) -> None:
            self.board.reading(file)
            self.control.checkpoint()

        if isinstance(end, TellsReading):
            end.tell_reading(tell)
        return end

    def _daily(self, way: Way) -> Allowance | None:
        return daily(self.plan.bytes_per_day, way, self.ledger, self.accounts, self.clock)

    def _pool(
        self,
        account: Account,
        open_one: Callable[[Account, Secret], E],
        secret: Secret,
        most: int,
        allowance: Allowance | None,
    ) -> Pool[E]:
        wanted = self.plan.options.connections
        most = min(most, wanted) if wanted else most
        place = Place.DESTINATION if account is self.plan.destination else Place.SOURCE
        start = wanted or (FIRST_CONNECTIONS if most <= CONNECTIONS else CONNECTIONS)
        return Pool(
            lambda typed: open_one(account, typed),
            secret,
            Governor(start, max(1, most), self.clock),
            self.control,
            self.clock,
            waiting=lambda problem, until: self.board.waiting(account.identity, problem, until),
            patience=None if self.attended else UNATTENDED_PATIENCE,
            allowance=allowance,
            accepted=lambda typed: self.control.accept(place, typed),
        )
