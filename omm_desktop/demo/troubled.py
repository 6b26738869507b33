"""pymap as a server in trouble: `faults` decides, this does it to its clients."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from contextvars import ContextVar

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login, Session
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet, Message
from pymap.exceptions import InvalidAuth
from pymap.imap import IMAPServer
from pymap.interfaces.login import IdentityInterface
from pymap.parsing.message import AppendMessage
from pymap.parsing.response.code import AppendUid
from pymap.parsing.specials import SequenceSet
from pymap.selected import SelectedMailbox
from pysasl.creds.server import ServerCredentials
from pysasl.identity import ClearIdentity

from .faults import Severed, Trouble

_line: ContextVar[StreamWriter] = ContextVar("line")


class TroubledServer(IMAPServer):
    """What accepts connections, in place of pymap's own."""

    __slots__ = ("_trouble",)

    def __init__(self, login: Login, config: Config, trouble: Trouble) -> None:
        super().__init__(_TroubledLogin(login, trouble), config)
        self._trouble = trouble

    async def __call__(
        self, reader: StreamReader, writer: StreamWriter, sock_info: SocketInfo
    ) -> None:
        _line.set(writer)
        with closing(writer):
            await asyncio.sleep(self._trouble.silence())
            await super().__call__(reader, writer, sock_info)


class _TroubledLogin(Login):
    """Signs in with the accounts of another `Login`."""

    def __init__(self, login: Login, trouble: Trouble) -> None:
        super().__init__(login.config)
        self.users_dict, self.tokens_dict = login.users_dict, login.tokens_dict
        self._trouble = trouble

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        password = self._trouble.password()
        if password is not None:
            if not credentials.verify(ClearIdentity(credentials.authcid, password)):
                raise InvalidAuth
            return self.demo_user_identity
        try:
            return await super().authenticate(credentials)
        except InvalidAuth as usual:
            raise self._trouble.refused() or usual from usual

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> Identity:
        found = await super().authorize(authenticated, authzid)
        return _TroubledIdentity(found, self, self._trouble)


class _TroubledIdentity(Identity):
    def __init__(self, identity: Identity, login: Login, trouble: Trouble) -> None:
        super().__init__(identity.name, login, None, identity.roles)
        self._trouble = trouble

    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[Session]:
        async with super().new_session() as session:
            yield _TroubledSession(
                session.owner,
                session.config,
                session.mailbox_set,
                session.filter_set,
                self._trouble,
            )


class _TroubledSession(Session):
    def __init__(
        self,
        owner: str,
        config: Config,
        mailboxes: MailboxSet,
        filters: FilterSet,
        trouble: Trouble,
    ) -> None:
        super().__init__(owner, config, mailboxes, filters)
        self._trouble = trouble

    async def fetch_messages(
        self, selected: SelectedMailbox, sequence_set: SequenceSet, set_seen: bool
    ) -> tuple[Iterable[tuple[int, Message]], SelectedMailbox]:
        try:
            await asyncio.sleep(self._trouble.read())
        except Severed:
            # Nothing more is said, as when a cable is pulled; pymap ends the connection.
            _line.get().transport.abort()
            raise ConnectionResetError from None
        return await super().fetch_messages(selected, sequence_set, set_seen)

    async def append_messages(
        self,
        name: str,
        messages: Sequence[AppendMessage],
        selected: SelectedMailbox | None = None,
    ) -> tuple[AppendUid, SelectedMailbox | None]:
        self._trouble.add(tuple(messages))
        return await super().append_messages(name, messages, selected)
