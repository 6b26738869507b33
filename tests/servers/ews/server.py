"""The server as a test sees it: mailboxes, rights, limits and faults."""

from __future__ import annotations

import ssl
import threading
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from spnego.channel_bindings import GssChannelBindings

from ..certificates import ServerCertificate
from ..process import LOOPBACK
from .faults import Faults
from .intake import Intake
from .journal import Entry, Journal
from .moments import show
from .properties import tagged, write_property
from .service import Service
from .sign_in import bindings_of
from .soap import Element, make
from .store import Clock, Folder, Item, Mailbox, Store, wall_clock
from .versions import EXCHANGE_2016, ExchangeVersion
from .wire import Listener

Answer = tuple[int, dict[str, str], bytes]

LARGEST_REQUEST = 64 << 20
STANDARD_FOLDERS = (
    ("inbox", "Inbox", "IPF.Note"),
    ("sentitems", "Sent Items", "IPF.Note"),
    ("drafts", "Drafts", "IPF.Note"),
    ("deleteditems", "Deleted Items", "IPF.Note"),
    ("junkemail", "Junk Email", "IPF.Note"),
    ("outbox", "Outbox", "IPF.Note"),
    ("calendar", "Calendar", "IPF.Appointment"),
    ("contacts", "Contacts", "IPF.Contact"),
    ("tasks", "Tasks", "IPF.Task"),
    ("notes", "Notes", "IPF.StickyNote"),
    ("journal", "Journal", "IPF.Journal"),
)


class EwsServer:
    """Context manager. What a test wants different is an attribute, to be set at any time.

    `largest_request` in bytes, `most_at_once` requests of all together, `pace` seconds that each
    request takes at least; a plain GET for Autodiscover leads to the URL `discovered_elsewhere`.
    `known_as` is the host that Autodiscover names.
    `schemes` are the words of WWW-Authenticate, left out unless it `tells_schemes`; a nonce of one
    that `forgets` is good for once, and one that is `impatient` drops who sends more than 1 MB
    before it is known who that is.
    `rewrite` makes of the reply to an operation what another server would say; `instead` may answer
    a request in HTTP alone: status, headers, body. `cookies` are set by every reply, `chunked` ones
    tell no length; without `keeps_alive` each is the last of its connection.
    """

    def __init__(
        self,
        certificate: ServerCertificate | None = None,
        *,
        version: ExchangeVersion = EXCHANGE_2016,
        clock: Clock = wall_clock,
    ) -> None:
        self.store = Store(clock)
        self.service = Service(self.store, version)
        self.faults = Faults()
        self.journal = Journal()
        self.largest_request = LARGEST_REQUEST
        self.most_at_once: int | None = None
        self.pace = 0.0
        self.compresses = False
        self.chunked = False
        self.keeps_alive = True
        self.discovered_elsewhere: str | None = None
        self.known_as = ""
        self.schemes: tuple[str, ...] = ('Basic realm="exchange.test"',)
        self.rewrite: Callable[[str, bytes], bytes] = lambda operation, reply: reply
        self.instead: Callable[[Entry], Answer | None] = lambda entry: None
        self.tells_schemes = True
        self.forgets = False
        self.impatient = False
        self.cookies: tuple[str, ...] = ()
        self.turn = threading.Lock()
        self.bugs: list[BaseException] = []
        self.ending = threading.Event()
        self._tls: ssl.SSLContext | None = None
        self.bindings: GssChannelBindings | None = None
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate.chain, certificate.key)
            self.bindings = bindings_of(certificate)

    def __enter__(self) -> EwsServer:
        self._listener = Listener(self, self._tls)
        self.port: int = self._listener.server_address[1]
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.02,), name="EWS server"
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ending.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.hang_up()
        self._listener.server_close()
        if self.bugs:
            raise RuntimeError("the test server itself failed") from self.bugs[0]
        if self.service.invalid:
            raise AssertionError("\n".join(self.service.invalid[:20]))

    @property
    def host(self) -> str:
        """The name in the certificate, or the address."""
        return LOOPBACK if self._tls is None else "localhost"

    @property
    def root(self) -> str:
        return f"{'http' if self._tls is None else 'https'}://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """Where EWS answers."""
        return f"{self.root}/EWS/Exchange.asmx"

    @property
    def told_url(self) -> str:
        """Where Autodiscover says that EWS answers."""
        return f"https://{self.known_as}/EWS/Exchange.asmx" if self.known_as else self.url

    def add_mailbox(
        self, address: str, password: str = "secret", name: str | None = None
    ) -> Mailbox:
        """An empty mailbox with the folders every mailbox has."""
        shown = name or address.partition("@")[0].replace(".", " ").title()
        mailbox = Mailbox(address, shown, password, self.store)
        with self.turn:
            self.store.mailboxes[address.casefold()] = mailbox
            root = mailbox.add_folder(None, "Root", None, "root")
            top = mailbox.add_folder(root, "Top of Information Store", "IPF", "msgfolderroot")
            for role, title, folder_class in STANDARD_FOLDERS:
                mailbox.add_folder(top, title, folder_class, role)
            mailbox.add_folder(root, "Finder", None, "searchfolders")
        return mailbox

    def deliver(
        self,
        folder: Folder,
        mime: bytes,
        *,
        received: datetime | None = None,
        read: bool = True,
    ) -> Item:
        """A message that came by mail, now or at `received`."""
        when = received or self.store.now()
        element = make(
            "t:Message",
            make("t:MimeContent", b64encode(mime).decode()),
            write_property(tagged(0x0E06, "SystemTime"), show(when)),
            write_property(tagged(0x0E07, "Integer"), "0"),
            make("t:IsRead", "true" if read else "false"),
        )
        return self.put(folder, element)

    def put(self, folder: Folder, element: Element) -> Item:
        """The item of an EWS element, as CreateItem would save it."""
        with self.turn:
            item = Intake(self.store, folder).create(element)
            self.store.put(item)
        return item

    @property
    def connections(self) -> int:
        """TCP connections accepted so far."""
        return self._listener.connections

    def hang_up(self) -> None:
        """Close every connection, as after a long silence."""
        self._listener.hang_up()

    def allow(self, who: str, whose: str) -> None:
        """Let one person open the mailbox of another."""
        self.store.delegates.add((who.casefold(), whose.casefold()))

    def allow_impersonation(self, who: str) -> None:
        """Let that person act as anybody."""
        self.store.impersonators.add(who.casefold())
