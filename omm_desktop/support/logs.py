"""The log file: one redacted line per event, five files of 1 MB, for its owner alone.

What nobody caught ends here too, never on a person's screen. Of exceptions the place and the type
are written: their words may quote a mailbox. Of libraries only the fixed part of what they say.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from omm_desktop.model.problem import OmmError
from omm_desktop.support.public import codes
from omm_desktop.support.redact import Redactor

log = logging.getLogger(__name__)

FILE_NAME = "omm-desktop.log"
_FILE_BYTES = 1_000_000
_OLDER_FILES = 4
_LINE = "%(asctime)sZ %(levelname)s %(name)s run=%(run)s code=%(code)s %(message)s"
_OURS = "omm_desktop"
_MOST_CAUSES = 5
_WRITTEN_BY_PYTHON = (AttributeError, ImportError, ModuleNotFoundError, NameError, TypeError)
_TAIL_BYTES = 400_000
_TALKATIVE = ("imapclient", "keyring", "asyncio", "pymap", "PIL")


def start(folder: Path, redactor: Redactor) -> logging.Handler:
    """Every logger writes into `folder` from now on; `stop` with the handler ends it.

    Protocol libraries are kept from logging their conversations.
    """
    logging.raiseExceptions = False
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    handler = _PrivateFileHandler(
        folder / FILE_NAME, maxBytes=_FILE_BYTES, backupCount=_OLDER_FILES, encoding="utf-8"
    )
    handler.setFormatter(_OneCleanLine(redactor))
    logging.captureWarnings(True)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    return handler


def stop(handler: logging.Handler) -> None:
    logging.captureWarnings(False)
    logging.getLogger().removeHandler(handler)
    handler.close()


def tail(folder: Path) -> str:
    """The newest lines of the log, whole ones; empty when there is none."""
    newest = b""
    for name in (FILE_NAME, f"{FILE_NAME}.1"):
        # The newest file may have just been begun.
        with contextlib.suppress(OSError):
            newest = (folder / name).read_bytes() + newest
    text = newest[-_TAIL_BYTES:].decode("utf-8", "replace")
    return text if len(newest) <= _TAIL_BYTES else text.partition("\n")[2]


def catch_the_uncaught(on_unexpected: Callable[[], object] = lambda: None) -> None:
    """Exceptions that reach Python's, a thread's or the collector's hook go to the log only.

    `on_unexpected` is called after each, in the thread where it happened.
    """

    def main_thread(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("unexpected error", exc_info=(kind, error, trace))
            on_unexpected()

    def other_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            main_thread(args.exc_type, args.exc_value, args.exc_traceback)

    def collector(args: sys.UnraisableHookArgs) -> None:
        if args.exc_value is not None:
            main_thread(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = main_thread
    threading.excepthook = other_thread
    sys.unraisablehook = collector


class _OneCleanLine(logging.Formatter):
    """Formats in UTC, redacts, and keeps each event on one line, whatever a server said."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__(_LINE, "%Y-%m-%dT%H:%M:%S", defaults={"run": "-", "code": "-"})
        self.converter = time.gmtime
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        text = self._redactor.clean(super().format(_without_quotes(record)))
        return "".join(sign if sign.isprintable() else _visible(sign) for sign in text)

    def formatException(self, ei: Any) -> str:
        error: BaseException | None = ei[1]
        told: list[str] = []
        while error is not None and len(told) < _MOST_CAUSES:
            told.append("".join(traceback.format_tb(error.__traceback__)) + _words(error))
            error = error.__cause__ or error.__context__
        return "\nafter ".join(told)


def _words(error: BaseException) -> str:
    """Its type; its message where Python alone writes it, its codes where a server may have."""
    name, said = type(error).__qualname__, str(error)
    if isinstance(error, OmmError):
        return f"{name}: {error.problem.id} {codes(error.problem.detail)}".rstrip()
    if type(error) in _WRITTEN_BY_PYTHON:
        return f"{name}: {said}"
    return f"{name} {codes(said)}".rstrip()


def _without_quotes(record: logging.LogRecord) -> logging.LogRecord:
    """Of a library, what it says before anything is filled in; nothing if that cannot be told."""
    clean = logging.makeLogRecord(record.__dict__)
    # Another handler may have put the whole traceback here.
    clean.exc_text = None
    if record.name.split(".")[0] == _OURS:
        return clean
    clean.msg = record.msg if record.args and isinstance(record.msg, str) else "…"
    clean.args = ()
    return clean


def _visible(sign: str) -> str:
    return " | " if sign == "\n" else repr(sign)[1:-1]


class _PrivateFileHandler(RotatingFileHandler):
    """A rotating file that only its owner may read."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, opener=_for_its_owner)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
