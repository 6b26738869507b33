"""What of long work is told to somebody who does not look at the screen."""

from __future__ import annotations

from omm_desktop.ui.widgets.announcer import Announcer

_STEP = 100


class ProgressVoice:
    """Every phase and wait, and how far it is at most every tenth of the way.

    What needs the person is a problem, which the window tells.
    """

    def __init__(self, announcer: Announcer) -> None:
        self._announcer = announcer
        self.begin()

    def begin(self) -> None:
        """The first headline is the title of the page, which is told when that opens."""
        self._headline: str | None = None
        self._waiting, self._permille = "", 0

    def tell(self, headline: str, waiting: str, permille: int | None, far: str) -> None:
        """What is shown now; what finds no time is told with the next sample, if it still holds.

        `permille` is None while the total is not known, `far` says it in words.
        """
        if self._headline is None:
            self._headline = headline
        reached = (permille or 0) // _STEP * _STEP
        news = [headline] if headline != self._headline else []
        if waiting != self._waiting:
            news.append(waiting)
        if reached > self._permille and not waiting:
            news.append(far)
        told = ". ".join(filter(None, news))
        if told and self._announcer.say_progress(told):
            self._headline, self._waiting, self._permille = headline, waiting, reached
