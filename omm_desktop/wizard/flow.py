"""The order of the pages: which comes next, what stands in the way, what may be opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from omm_desktop.wizard.draft import Draft
from omm_desktop.wizard.rules import Fault, destination_faults, option_faults, source_faults


class PageId(StrEnum):
    HOME = "home"
    SOURCE = "source"
    DESTINATION = "destination"
    OPTIONS = "options"
    REVIEW = "review"
    PROGRESS = "progress"
    RESULT = "result"
    UNDO = "undo"


class Step(StrEnum):
    """The four entries of the rail."""

    SOURCE = "source"
    DESTINATION = "destination"
    OPTIONS = "options"
    COPY = "copy"


STEPS = tuple(Step)

STEP_OF = {
    PageId.SOURCE: Step.SOURCE,
    PageId.DESTINATION: Step.DESTINATION,
    PageId.OPTIONS: Step.OPTIONS,
    PageId.REVIEW: Step.COPY,
    PageId.PROGRESS: Step.COPY,
    PageId.RESULT: Step.COPY,
}

FIRST_PAGE = {
    Step.SOURCE: PageId.SOURCE,
    Step.DESTINATION: PageId.DESTINATION,
    Step.OPTIONS: PageId.OPTIONS,
    Step.COPY: PageId.REVIEW,
}

_FORMS = (PageId.SOURCE, PageId.DESTINATION, PageId.OPTIONS, PageId.REVIEW)


def pages(*, has_history: bool) -> tuple[PageId, ...]:
    """Home only where there is something to come back to."""
    return tuple(page for page in PageId if page is not PageId.HOME or has_history)


def first_page(*, has_history: bool) -> PageId:
    return pages(has_history=has_history)[0]


def next_page(page: PageId) -> PageId | None:
    order = tuple(PageId)
    is_last = page in (PageId.RESULT, PageId.UNDO)
    return None if is_last else order[order.index(page) + 1]


def previous_page(page: PageId, *, has_history: bool) -> PageId | None:
    """None on the first page, and once the copy has begun."""
    order = [known for known in pages(has_history=has_history) if known in (PageId.HOME, *_FORMS)]
    if page not in order or order.index(page) == 0:
        return None
    return order[order.index(page) - 1]


def faults(draft: Draft, page: PageId, today: date) -> list[Fault]:
    """What has to be mended on this page before the next may open."""
    if page is PageId.SOURCE:
        return source_faults(draft)
    if page is PageId.DESTINATION:
        return destination_faults(draft)
    if page is PageId.OPTIONS:
        return option_faults(draft, today)
    return []


def is_done(draft: Draft, page: PageId, today: date) -> bool:
    """Nothing to mend, and for accounts and files a check made for these very values."""
    if faults(draft, page, today):
        return False
    if page is PageId.SOURCE:
        return draft.found is not None
    if page is PageId.DESTINATION:
        return draft.destination.checked is not None
    return True


def reachable(draft: Draft, today: date) -> frozenset[PageId]:
    """The forms that may be opened: each one up to the first that is not done."""
    open_pages = []
    for page in _FORMS:
        open_pages.append(page)
        if not is_done(draft, page, today):
            break
    return frozenset(open_pages)


@dataclass(frozen=True, slots=True)
class RailState:
    """Where the person is: the step, those that may be opened, those that are done."""

    step: Step | None
    reached: frozenset[Step]
    done: frozenset[Step]


def rail_state(draft: Draft, page: PageId, today: date) -> RailState:
    """Once a copy has begun nothing may be opened again, nor while one is taken back."""
    step = STEP_OF.get(page)
    if page is PageId.UNDO:
        return RailState(step, frozenset(), frozenset())
    if page in (PageId.PROGRESS, PageId.RESULT):
        return RailState(step, frozenset(), frozenset(STEPS) - {Step.COPY})
    opened = reachable(draft, today)
    done = frozenset(
        STEP_OF[one]
        for one in opened
        if one not in (PageId.REVIEW, page) and is_done(draft, one, today)
    )
    return RailState(step, frozenset(STEP_OF[one] for one in opened), done)
