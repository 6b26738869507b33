"""The demo's two IMAP servers: pymap, in one thread with one event loop, on loopback only."""

from __future__ import annotations

import asyncio
import secrets
import threading
from argparse import Namespace
from contextlib import AsyncExitStack
from typing import Self

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.concurrent import Subsystem
from pysasl.hashing import BuiltinHash

from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.secret import Secret

from .faults import SPOKEN_PASSWORD, Fault, Trouble, troubles
from .loading import load
from .mailbox import DemoMailbox
from .troubled import TroubledServer

HOST = "127.0.0.1"
SOURCE_ADDRESS = "claire.moreau@exemple.fr"
DESTINATION_ADDRESS = "claire.moreau@exemple.com"


class DemoServers:
    """Both servers while the `with` block lasts: `source` is filled, `destination` is empty.

    One `password`, new in every run and never written anywhere, opens both, unless a `fault` is
    about passwords; `typed` is what somebody has typed for the source. `start` raises OSError when
    the loopback cannot be used.
    """

    source: Account
    destination: Account

    def __init__(self, fault: Fault | None = None) -> None:
        self.password = self.typed = Secret(secrets.token_urlsafe(12))
        if fault is not None and fault.is_told_the_password:
            self.password = Secret(SPOKEN_PASSWORD)
        self._troubles = troubles(fault)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demo servers")
        self._stack = AsyncExitStack()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Open both servers and fill the first; returns when the mailbox is complete."""
        self._thread.start()
        try:
            at_source, at_destination = self._troubles
            self.source = self._serve(SOURCE_ADDRESS, at_source)
            self.destination = self._serve(DESTINATION_ADDRESS, at_destination)
            load(DemoMailbox(), self.source, self.password)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Close both servers and every connection to them; their mail is gone."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _serve(self, address: str, trouble: Trouble) -> Account:
        opened = asyncio.run_coroutine_threadsafe(self._open(address, trouble), self._loop)
        server = Server(HOST, opened.result(), Security.NONE)
        return Account(EndpointKind.IMAP, login=address, server=server, address=address)

    async def _open(self, address: str, trouble: Trouble) -> int:
        """Start one server; the answer is its port."""
        settings = Namespace(
            debug=False,
            host=[HOST],
            port="0",
            cert=None,
            key=None,
            tls=False,
            inherited_sockets=None,
            proxy_protocol=None,
            passlib_cfg=None,
            demo_data=False,
            demo_user=address,
            demo_password=self.password.reveal(),
        )
        # A slow hash protects nothing here, and would cost half a second for each connection.
        backend, config = await DictBackend.init(
            settings,
            hash_context=BuiltinHash(rounds=1),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        config.apply_context()
        await backend.start(self._stack)
        # pymap's own IMAPService hides the port that the system chose.
        connected = ProxyProtocolReader(config.proxy_protocol).get_callback(
            TroubledServer(backend.login, config, trouble)
        )
        server = await asyncio.start_server(connected, HOST, 0)
        await self._stack.enter_async_context(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _end(self) -> None:
        # Connections first: from Python 3.12 on, a server waits for them when it closes.
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await self._stack.aclose()
