"""A DNS server on a loopback port, UDP and TCP: a zone as data, and faults."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from types import TracebackType
from typing import Literal, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from .process import LOOPBACK

Transport = Literal["udp", "tcp"]
Zone = Mapping[str, Sequence[str]]
"""`{"example.test MX": ["1 mx.example.test."]}`: records as a zone file writes them."""

TTL = 300
LARGEST_UDP = 512
MOST_ALIASES = 8


class Fault(Enum):
    SILENCE = auto()
    SERVFAIL = auto()
    REFUSED = auto()
    NXDOMAIN = auto()
    TRUNCATED = auto()
    """Over UDP only: "ask again over TCP", without a record."""
    SILENT_TCP = auto()
    """Truncated over UDP, nothing over TCP."""
    WRONG_ID = auto()
    GARBAGE = auto()


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    kind: str
    transport: Transport


class DnsServer:
    """Context manager. `zone` may be changed at any time.

    `fault` concerns every question, `faults` those about one name and type ("example.test MX") or
    one name. `questions` is what was asked, in order.
    """

    def __init__(self, zone: Zone | None = None) -> None:
        self.zone: dict[str, Sequence[str]] = dict(zone or {})
        self.fault: Fault | None = None
        self.faults: dict[str, Fault] = {}
        self.questions: list[Question] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="dns-server")
        self._ready = threading.Event()

    @property
    def address(self) -> str:
        """As `--resolver` takes it."""
        return f"{LOOPBACK}:{self.port}"

    def __enter__(self) -> DnsServer:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stopped = asyncio.Event()
        udp, tcp = await self._listen()
        self._ready.set()
        await self._stopped.wait()
        udp.close()
        tcp.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(self) -> tuple[asyncio.DatagramTransport, asyncio.Server]:
        """Both on one port; the number the system gives for one may be taken for the other."""
        while True:
            udp, _ = await self._loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=(LOOPBACK, 0)
            )
            self.port = udp.get_extra_info("sockname")[1]
            try:
                return udp, await asyncio.start_server(self._converse, LOOPBACK, self.port)
            except OSError:
                udp.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(2))
                answer = self.answer(await reader.readexactly(length), "tcp")
                if answer is not None:
                    writer.write(len(answer).to_bytes(2) + answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, wire: bytes, transport: Transport) -> bytes | None:
        """None is silence."""
        query = dns.message.from_wire(wire)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        self.questions.append(Question(name, kind, transport))
        response = dns.message.make_response(query, recursion_available=True)
        fault = self.fault or self.faults.get(f"{name} {kind}") or self.faults.get(name)
        match fault:
            case Fault.SILENCE:
                return None
            case Fault.GARBAGE:
                return b"\x00" * 40
            case Fault.SERVFAIL | Fault.REFUSED | Fault.NXDOMAIN:
                response.set_rcode(dns.rcode.from_text(fault.name))
                return response.to_wire()
            case Fault.WRONG_ID:
                response.id = (query.id + 1) % 65536
            case Fault.SILENT_TCP if transport == "tcp":
                return None
            case Fault.TRUNCATED | Fault.SILENT_TCP if transport == "udp":
                response.flags |= dns.flags.TC
                return response.to_wire()
        self._fill(response, name, kind)
        return _fitted(response, transport)

    def _fill(self, response: dns.message.Message, name: str, kind: str) -> None:
        """A chain of aliases is followed inside the zone, as a resolver does."""
        for _ in range(MOST_ALIASES):
            found = self.zone.get(f"{name} {kind}")
            alias = None if found else self.zone.get(f"{name} CNAME")
            if found or alias:
                response.answer.append(_records(name, kind if found else "CNAME", found or alias))
            if not alias:
                break
            name = alias[0].rstrip(".").lower()
        if not found and not self._exists(name):
            response.set_rcode(dns.rcode.NXDOMAIN)

    def _exists(self, name: str) -> bool:
        """A name also exists when there is something below it (RFC 8020)."""
        names = (entry.split(" ")[0] for entry in self.zone)
        return any(one == name or one.endswith(f".{name}") for one in names)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: DnsServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._server.answer(data, "udp")
        if answer is not None:
            self._transport.sendto(answer, addr)


def _records(name: str, kind: str, values: Sequence[str] | None) -> dns.rrset.RRset:
    return dns.rrset.from_text_list(f"{name}.", TTL, "IN", kind, list(values or ()))


def _fitted(response: dns.message.Message, transport: Transport) -> bytes:
    """What a datagram cannot hold is asked for again over TCP."""
    wire = response.to_wire(max_size=65535)
    if transport == "udp" and len(wire) > LARGEST_UDP:
        response.answer.clear()
        response.flags |= dns.flags.TC
        wire = response.to_wire()
    return wire
