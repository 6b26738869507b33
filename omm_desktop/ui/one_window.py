"""One window per person: a second start shows the window of the first, and ends.

Who is first, the lock of the records tells; here is only how the second reaches the first.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_log = logging.getLogger(__name__)

_CONNECT_MS = 1_000
_ANSWER_MS = 3_000


class OneWindow(QObject):
    """`called` when the program is started again on the records in `folder`, with the path of the
    plan it was started with, or nothing.

    To be made by whoever holds the lock of these records: what a killed program left is removed.
    """

    called = Signal(str)

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        name = _name(folder)
        QLocalServer.removeServer(name)
        if not self._server.listen(name):
            _log.warning("a second start cannot find this one: %s", self._server.serverError())

    def _answer(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.disconnected.connect(caller.deleteLater)
            caller.readyRead.connect(partial(self._hear, caller))
            self._hear(caller)

    def _hear(self, caller: QLocalSocket) -> None:
        if caller.canReadLine():
            self.called.emit(os.fsdecode(bytes(caller.readLine().data()[:-1])))
            caller.write(b"shown\n")
            caller.disconnectFromServer()


def call(folder: Path, plan: Path | None = None) -> bool:
    """Have the window on these records shown, and open a plan; False when none answers."""
    _let_it_come_forward()
    socket = QLocalSocket()
    socket.connectToServer(_name(folder))
    if not socket.waitForConnected(_CONNECT_MS):
        return False
    socket.write(os.fsencode(plan or "") + b"\n")
    return socket.waitForReadyRead(_ANSWER_MS)


def _name(folder: Path) -> str:
    """A file among the person's own; on Windows, where all share one room, a name made of it."""
    if sys.platform == "win32":
        return f"omm-desktop-{hashlib.sha256(str(folder).encode()).hexdigest()[:24]}"
    return str(folder / "window")


def _let_it_come_forward() -> None:
    """Windows lets only the program that was just started bring a window to the front."""
    if sys.platform == "win32":
        import ctypes

        anybody = -1
        ctypes.windll.user32.AllowSetForegroundWindow(anybody)
