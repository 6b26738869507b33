"""A plan brought into the wizard, with its passwords from the keyring."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.ui.services import Credentials
from omm_desktop.ui.task import Task
from omm_desktop.wizard.draft import Draft
from omm_desktop.wizard.restore import restore


class Recall(QObject):
    """A keyring may ask to be unlocked: meanwhile the window lives on. `failed` with a Problem."""

    failed = Signal(object)

    def __init__(self, draft: Draft, parent: QObject) -> None:
        super().__init__(parent)
        self._draft = draft
        self._task: Task | None = None

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    def begin(
        self, plan: MigrationPlan, credentials: Credentials, then: Callable[[], None]
    ) -> None:
        """Calls `then` when the draft holds the plan, unless `stop` comes before."""
        self.stop()
        recall = credentials.recall
        nothing = Secret("")

        def fetch(_step: object) -> Secrets:
            known = {account: recall(account) or nothing for account in plan.mailboxes}
            return Secrets(known.get(plan.source, nothing), known.get(plan.destination, nothing))

        def fetched(secrets: Secrets) -> None:
            self._task = None
            restore(self._draft, plan, secrets)
            then()

        self._task = Task(fetch)
        self._task.done.connect(fetched)
        self._task.failed.connect(self.failed)
        self._task.begin()

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
