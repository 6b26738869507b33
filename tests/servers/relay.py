"""A slow or broken line: a TCP relay on loopback, in a process of its own.

Every byte is late by half the round-trip time each way, and a new connection by a whole one; each
connection has the given speed each way. What is under way when a client dies still arrives, as on
a real line. One line of JSON on standard input is one order; each gets one line in answer.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from .process import LOOPBACK

Direction = Literal["up", "down"]
CHUNK = 1 << 18
SLICES_PER_SECOND = 50
MOST_UNDER_WAY = 32 << 20


@dataclass(slots=True)
class Line:
    """What the line does. `rtt` in seconds, `speed` in bytes per second; `cut` counts bytes.

    When the bytes of a direction reach its `cut`, every connection is broken just there, once. A
    line above `longest_line` bytes breaks its connection before it passes.
    """

    target: int
    rtt: float = 0.0
    speed: float | None = None
    silent: bool = False
    refusing: bool = False
    longest_line: int | None = None
    cut_up: int | None = None
    cut_down: int | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Connections accepted and bytes passed on, to the server (`up`) and from it (`down`)."""

    connections: int
    up: int
    down: int


class Relay:
    """Context manager around a relay process in front of a loopback port."""

    def __init__(self, target: int, *, rtt: float = 0.0, speed: float | None = None) -> None:
        self._line = Line(target, rtt, speed)
        self.port = 0

    def __enter__(self) -> Relay:
        self._child = subprocess.Popen(
            [sys.executable, "-m", __name__, json.dumps(asdict(self._line))],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._child.stdout is not None
        self.port = int(self._child.stdout.readline())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.communicate()

    def change(self, **line: Any) -> None:
        """Change fields of `Line` for all connections, present ones included."""
        self._order({"change": line})

    def cut_after(self, number: int, direction: Direction) -> None:
        """Break every connection once `number` more bytes went in that direction."""
        so_far = getattr(self.traffic(), direction)
        self.change(**{f"cut_{direction}": so_far + number})

    def kill(self) -> None:
        """Break every connection now; new ones are accepted."""
        self._order({"kill": True})

    def traffic(self) -> Traffic:
        return Traffic(**self._order({}))

    def _order(self, order: dict[str, Any]) -> dict[str, int]:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(order) + "\n")
        self._child.stdin.flush()
        answer: dict[str, int] = json.loads(self._child.stdout.readline())
        return answer


class _Exchange:
    """All connections of the line."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.passed = {"up": 0, "down": 0}
        self.accepted = 0
        self.ends: set[_End] = set()

    def accept(self) -> _End:
        self.accepted += 1
        return _End(self, "up")

    def grant(self, direction: str, wanted: int) -> int:
        """How many of the wanted bytes still pass before a cut."""
        cut = getattr(self.line, f"cut_{direction}")
        allowed = wanted if cut is None else min(wanted, cut - self.passed[direction])
        self.passed[direction] += allowed
        return allowed

    def cut_reached(self, direction: str) -> bool:
        cut = getattr(self.line, f"cut_{direction}")
        return cut is not None and self.passed[direction] >= cut

    def break_all(self) -> None:
        self.line.cut_up = self.line.cut_down = None
        for end in list(self.ends):
            end.transport.abort()

    def obey(self, order: dict[str, Any]) -> dict[str, int]:
        for name, value in order.get("change", {}).items():
            setattr(self.line, name, value)
        if order.get("kill"):
            self.break_all()
        return {"connections": self.accepted, **self.passed}


class _End(asyncio.BufferedProtocol):
    """One end of a connection: what it receives goes, later, to the other end."""

    transport: asyncio.Transport

    def __init__(self, exchange: _Exchange, direction: Direction, peer: _End | None = None) -> None:
        self.exchange = exchange
        self.direction = direction
        self.peer = peer
        self.loop = asyncio.get_running_loop()
        self.opens_at = 0.0
        self._buffer = bytearray(CHUNK)
        self._late: deque[tuple[float, bytes | None]] = deque()
        self._under_way = 0
        self._timer: asyncio.TimerHandle | None = None
        self._resting = False
        self._peer_full = False
        self._line_so_far = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.exchange.ends.add(self)
        if self.peer is not None:
            self.peer.peer = self
            self.peer._deliver()
        elif self.exchange.line.refusing:
            transport.abort()
        else:
            self.opens_at = self.loop.time() + self.exchange.line.rtt
            self.loop.call_at(self.opens_at, lambda: self.loop.create_task(self._connect()))

    async def _connect(self) -> None:
        try:
            await self.loop.create_connection(
                lambda: _End(self.exchange, "down", self), LOOPBACK, self.exchange.line.target
            )
        except OSError:
            self.transport.abort()

    def get_buffer(self, sizehint: int) -> memoryview:
        speed = self.exchange.line.speed
        size = CHUNK if speed is None else min(CHUNK, max(1, int(speed / SLICES_PER_SECOND)))
        return memoryview(self._buffer)[:size]

    def buffer_updated(self, nbytes: int) -> None:
        line = self.exchange.line
        if line.silent:
            return
        if line.longest_line is not None and self._longest(nbytes) > line.longest_line:
            self.transport.abort()
            return
        granted = self.exchange.grant(self.direction, nbytes)
        self._send(bytes(memoryview(self._buffer)[:granted]))
        if self.exchange.cut_reached(self.direction):
            self._send(None)
            self.loop.call_later(line.rtt / 2, self.exchange.break_all)
        elif line.speed is not None:
            self._resting = True
            self.loop.call_later(nbytes / line.speed, self._rested)
        self._regulate()

    def _longest(self, nbytes: int) -> int:
        """Bytes of the longest line of which an end has just come in."""
        first, *others = bytes(memoryview(self._buffer)[:nbytes]).split(b"\n")
        lengths = [self._line_so_far + len(first), *map(len, others)]
        self._line_so_far = lengths[-1]
        return max(lengths)

    def eof_received(self) -> bool:
        self._send(None)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self.exchange.ends.discard(self)
        self._send(None)

    def pause_writing(self) -> None:
        self._tell_peer(full=True)

    def resume_writing(self) -> None:
        self._tell_peer(full=False)

    def _tell_peer(self, *, full: bool) -> None:
        if self.peer is not None:
            self.peer._peer_full = full
            self.peer._regulate()

    def _rested(self) -> None:
        self._resting = False
        self._regulate()

    def _regulate(self) -> None:
        if self.transport.is_closing():
            return
        if self._resting or self._peer_full or self._under_way > MOST_UNDER_WAY:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def _send(self, data: bytes | None) -> None:
        """Hand over the data, None for the end, after half a round trip."""
        due = max(self.loop.time(), self.opens_at) + self.exchange.line.rtt / 2
        self._late.append((due, data))
        self._under_way += len(data or b"")
        if self._timer is None:
            self._deliver()

    def _deliver(self) -> None:
        self._timer = None
        if self.peer is None:
            return
        now = self.loop.time()
        while self._late and self._late[0][0] <= now:
            _, data = self._late.popleft()
            if data is None:
                self.peer.transport.close()
            elif not self.peer.transport.is_closing():
                self._under_way -= len(data)
                self.peer.transport.write(data)
        if self._late:
            self._timer = self.loop.call_at(self._late[0][0], self._deliver)
        self._regulate()


async def _serve(line: Line) -> None:
    loop = asyncio.get_running_loop()
    exchange = _Exchange(line)
    server = await loop.create_server(exchange.accept, LOOPBACK, 0)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    _say(server.sockets[0].getsockname()[1])
    while order := await orders.readline():
        _say(json.dumps(exchange.obey(json.loads(order))))
    exchange.break_all()
    server.close()


def _say(answer: object) -> None:
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_serve(Line(**json.loads(sys.argv[1]))))
