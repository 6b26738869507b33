"""pymap in a thread: a server that needs neither Debian nor root."""

from __future__ import annotations

import asyncio
import threading
from argparse import Namespace
from contextlib import AsyncExitStack
from types import TracebackType

from pymap.backend.dict import DictBackend
from pymap.imap import IMAPService
from pysasl.hashing import BuiltinHash

from .account import TestAccount
from .process import LOOPBACK, START_TIMEOUT, free_ports


class PymapServer:
    """Context manager around one pymap, which has one mailbox, `account`, kept in memory."""

    def __init__(self, login: str = "someone@example.test", password: str = "secret") -> None:
        (port,) = free_ports(1)
        self.account = TestAccount(LOOPBACK, port, login, password)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="pymap")

    def __enter__(self) -> PymapServer:
        self._thread.start()
        if not self._ready.wait(START_TIMEOUT):
            raise RuntimeError("pymap did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        settings = Namespace(
            debug=False,
            host=[self.account.host],
            port=str(self.account.port),
            cert=None,
            key=None,
            tls=False,
            inherited_sockets=None,
            proxy_protocol=None,
            passlib_cfg=None,
            demo_data=False,
            demo_user=self.account.login,
            demo_password=self.account.password,
        )
        # The usual hash would cost half a second for each login.
        backend, config = await DictBackend.init(settings, hash_context=BuiltinHash(rounds=1))
        config.apply_context()
        async with AsyncExitStack() as stack:
            await backend.start(stack)
            await IMAPService(backend, config).start(stack)
            self._ready.set()
            await self._stop.wait()
