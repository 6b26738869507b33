"""What is left to do after a copy, as a list to tick off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from omm_desktop.guide.providers import Providers
from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.model.report import Grade, Report
from omm_desktop.wizard.belonging import own_domain, service_of
from omm_desktop.wizard.draft import AccountDraft, Draft
from omm_desktop.wording import date

KEPT_FOR = timedelta(days=30)
"""How long the old mailbox had better stay open: mail may still arrive there."""


class NextStep(StrEnum):
    """In the order they are done; the names are kept in the records."""

    FOLDER = "folder"
    WEBMAIL = "webmail"
    SETTINGS = "settings"
    DOMAIN = "domain"
    SECOND_PASS = "second-pass"
    KEEP_OLD = "keep-old"


@dataclass(frozen=True, slots=True)
class NextStepText:
    """`action` is what its button says; empty: the person does it elsewhere."""

    step: NextStep
    text: str
    action: str = ""


def next_steps(report: Report, draft: Draft, providers: Providers) -> tuple[NextStepText, ...]:
    """Empty while the copy itself is what comes next."""
    if report.grade in (Grade.INTERRUPTED, Grade.NOT_STARTED):
        return ()
    if draft.destination.kind.is_on_disk:
        there = [NextStepText(NextStep.FOLDER, _("Look at what was saved"), _("Open"))]
    else:
        there = list(_in_the_new_mailbox(draft.destination, providers))
    return (*there, *(() if draft.from_files else _with_the_old_mailbox(report)))


def _in_the_new_mailbox(destination: AccountDraft, providers: Providers) -> Iterator[NextStepText]:
    service = service_of(destination, providers)
    webmail = _("Open") if service is not None and service.webmail else ""
    yield NextStepText(NextStep.WEBMAIL, _("View the new mailbox online"), webmail)
    yield NextStepText(NextStep.SETTINGS, _("Set up Outlook"), _("See the settings"))
    if own_domain(destination, providers):
        check = in_context("domain", "Check")
        yield NextStepText(NextStep.DOMAIN, _("Check your domain"), check)


def _with_the_old_mailbox(report: Report) -> Iterator[NextStepText]:
    again = in_context("next step", "Copy") if report.grade.nothing_missing else ""
    yield NextStepText(NextStep.SECOND_PASS, _("Later, copy what has arrived since"), again)
    day = datetime.fromtimestamp(report.began + report.seconds, UTC) + KEPT_FOR
    yield NextStepText(NextStep.KEEP_OLD, _("Keep the old mailbox until {}").format(date(day)))
