"""Short mails about a copy: it has begun, it needs somebody, it has ended. Nothing private."""

from __future__ import annotations

import logging
import threading
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from queue import SimpleQueue

from omm_desktop.endpoints import outgoing
from omm_desktop.language import translate as _
from omm_desktop.model.plan import Notices
from omm_desktop.model.problem import OmmError, Place, Problem, ProblemId
from omm_desktop.model.progress import Event, OwnerAsked, Phase, PhaseChanged
from omm_desktop.model.report import Grade, Note, Report
from omm_desktop.model.secret import Secret
from omm_desktop.report.headline import headline
from omm_desktop.support.catalogue import catalogue

_log = logging.getLogger(__name__)

END_SECONDS = 20.0
"""How long the end of a copy waits for the last mail, so that the report can tell of it."""
STOP_SECONDS = 3.0
"""The same where a person has stopped it, and waits for that."""


def trial(notices: Notices, secret: Secret) -> None:
    """The mail behind "Send a test"; raises `OmmError`."""
    text = _("This is how you will be told about your copy.")
    outgoing.send(_letter(notices, _("a trial"), text), notices.server, notices.login, secret)


class NoticeMails:
    """Written on the way of a copy, sent by a thread of its own: a mail never delays the copy."""

    def __init__(self, notices: Notices, secret: Secret) -> None:
        self._notices, self._secret = notices, secret
        self._letters: SimpleQueue[tuple[str, str] | None] = SimpleQueue()
        self._told: set[ProblemId] = set()
        self._begun = False
        self._failure: OmmError | None = None
        self._thread = threading.Thread(target=self._send_all, name="notices", daemon=True)
        self._thread.start()

    def use(self, secret: Secret) -> None:
        """Sign in with this one from now on."""
        self._secret = secret

    def tell(self, event: Event) -> None:
        """At the beginning, and once for each thing that needs a person."""
        if isinstance(event, PhaseChanged) and event.phase is Phase.COUNTING and not self._begun:
            self._begun = True
            text = _("Another mail tells you when it has ended, or needs you.")
            self._write(_("the copy has begun"), text)
        elif isinstance(event, OwnerAsked) and event.problem.id not in self._told:
            self._told.add(event.problem.id)
            entry = catalogue().entry(event.problem)
            code = _("Code {}").format(entry.code)
            self._write(_("the copy needs you"), f"{entry.title}\n{entry.remedy}\n{code}")

    def conclude(self, report: Report) -> Note | None:
        """The mail about the end; what to note where one of the mails did not go out."""
        self._write(_("the copy has ended"), headline(report))
        self._letters.put(None)
        is_waited_for = report.grade is Grade.INTERRUPTED and report.stopped_by is None
        self._thread.join(STOP_SECONDS if is_waited_for else END_SECONDS)
        if self._failure is None and not self._thread.is_alive():
            return None
        why = "no answer in time"
        if self._failure is not None:
            problem = self._failure.problem
            why = f"{catalogue().entry(problem).code} {problem.detail}"
        host = self._notices.server.host
        return Note("", Problem(ProblemId.NOTICE_NOT_SENT, Place.DESTINATION, why, host))

    def abandon(self) -> None:
        """The copy ended by a fault: nothing more is told."""
        self._letters.put(None)

    def _write(self, subject: str, text: str) -> None:
        self._letters.put((subject, text))

    def _send_all(self) -> None:
        notices = self._notices
        while (words := self._letters.get()) is not None:
            try:
                letter = _letter(notices, *words)
                outgoing.send(letter, notices.server, notices.login, self._secret)
            except OmmError as error:
                self._failure = error
                _log.warning("a notice was not sent: %s", error.problem.id)
            except Exception:
                self._failure = OmmError(Problem(ProblemId.UNEXPECTED))
                _log.exception("a notice was not sent")


def _letter(notices: Notices, subject: str, text: str) -> EmailMessage:
    """No address, folder or subject of the person's is in it: only what happened, and counts."""
    letter = EmailMessage()
    letter["From"], letter["To"] = notices.sender, notices.address
    letter["Subject"] = _("OMM Desktop: {what}").format(what=subject)
    letter["Date"] = formatdate()
    letter["Message-ID"] = make_msgid(domain=notices.sender.rpartition("@")[2] or "localhost")
    # RFC 3834: no out-of-office reply answers it; the other one is what Exchange listens to.
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(f"{text}\n\n-- \nOMM Desktop\n")
    return letter
