"""The line between the program and the reading process: a pipe for each direction.

The one with the items holds as much as the system allows, so that the next is read from the file
while the program is still at those before.
"""

from __future__ import annotations

import contextlib
import sys
from multiprocessing.context import SpawnContext
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .talk import PipeEnd

_ROOM = 1 << 20


class _End(NamedTuple):
    """One end, made of what it hears by and what it speaks by."""

    ears: PipeEnd
    mouth: PipeEnd

    def send(self, obj: Any, /) -> None:
        self.mouth.send(obj)

    def recv(self) -> Any:
        return self.ears.recv()

    def send_bytes(self, buf: bytes | memoryview, /) -> None:
        self.mouth.send_bytes(buf)

    def recv_bytes(self) -> bytes:
        return self.ears.recv_bytes()

    def poll(self, timeout: float, /) -> bool:
        return self.ears.poll(timeout)

    def close(self) -> None:
        self.ears.close()
        self.mouth.close()


def line(context: SpawnContext) -> tuple[PipeEnd, PipeEnd]:
    """The program's end, and that of the process, which is given to it as it starts."""
    hears, answers = context.Pipe(duplex=False)
    asked, asks = context.Pipe(duplex=False)
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(answers.fileno(), fcntl.F_SETPIPE_SZ, _ROOM)
    return _End(hears, asks), _End(asked, answers)
