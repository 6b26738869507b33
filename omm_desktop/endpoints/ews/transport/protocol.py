"""exchangelib's protocol and services, without its caches, its waiting and its log of headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import requests
from exchangelib import Configuration, Identity
from exchangelib.errors import ErrorInvalidServerVersion, MalformedResponseError
from exchangelib.protocol import BaseProtocol
from exchangelib.services.common import EWSService
from exchangelib.util import MNS
from exchangelib.version import Version
from lxml import etree

from ....model.problem import Place
from .elements import Element, children
from .faults import Fault, back_off, refused
from .mime_stream import MimeStream

_SLICE = 64 << 10
_ENDED = re.compile(rb"Envelope\s*>(\s|<!--.*?-->|<\?.*?\?>)*\Z", re.S)
_LONGEST_END = 256
_OTHER_VERSION = frozenset(
    {
        "ErrorInvalidServerVersion",
        "ErrorIncorrectSchemaVersion",
        "ErrorInvalidSchemaVersionForMailboxVersion",
    }
)
# What those say who only see that something is wrong with a request, before any was right.
_PERHAPS_VERSION = frozenset({"ErrorInvalidRequest", "ErrorSchemaValidation"})

Post = Callable[[bytes], requests.Response]
"""Sends a SOAP envelope; the reply is still to be read."""


class Protocol(BaseProtocol):  # type: ignore[misc]
    """One session by an adapter of its own; unlike exchangelib's own class, not kept for reuse."""

    def __init__(self, config: Configuration, adapter: requests.adapters.BaseAdapter) -> None:
        super().__init__(config)
        self._adapter = adapter
        self.is_understood = False
        if config.version is None:
            newest = EWSService.supported_api_versions()[0]
            config.version = Version(build=None, api_version=newest)

    def raw_session(self, prefix: str, **_: Any) -> requests.Session:
        session: requests.Session = super().raw_session(prefix)
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, self._adapter)
        session.mount(prefix, self._adapter)
        return session


class Operation(EWSService):  # type: ignore[misc]
    """One request in exchangelib's envelope, its reply taken apart while it comes in.

    exchangelib itself posts by a function that logs the Authorization header, and parses one octet
    at a time; hence `post` and a parser of our own. `stream` holds the mails of the reply.
    """

    def __init__(
        self,
        name: str,
        protocol: Protocol,
        post: Post,
        place: Place,
        impersonated: Identity | None = None,
    ) -> None:
        self.SERVICE_NAME = name
        self._post = post
        self._place = place
        self._impersonated = impersonated
        self.stream = MimeStream(())
        self._asked_as = ""
        super().__init__(protocol=protocol)

    def messages(self, payload: Element) -> list[Element]:
        """The response messages, in order. Raises `OmmError`, and what exchangelib raises."""
        messages = list(self._get_response_xml(payload=payload))
        self.protocol.is_understood = True
        if not self.protocol.config.version.build:
            # It does not tell its version; this one it understands.
            self.protocol.config.version = Version(build=None, api_version=self._asked_as)
        return messages

    @property
    def _account_to_impersonate(self) -> Identity | None:
        return self._impersonated

    def _get_response(self, payload: Element, api_version: str) -> requests.Response:
        self._asked_as = api_version
        return self._post(self.wrap(payload, api_version))

    def _get_soap_parts(self, response: requests.Response) -> tuple[Element, Element]:
        self.stream = MimeStream(response.iter_content(_SLICE))
        # exchangelib's parser is one for all threads, and would be held while a reply comes in.
        parser = etree.XMLParser(resolve_entities=False, recover=True, huge_tree=True)
        end = b""
        for piece in self.stream.xml():
            parser.feed(piece)
            end = (end + piece)[-_LONGEST_END:]
        # None where there is no element at all.
        root = parser.close()
        body = None if root is None else root.find("{*}Body")
        if body is None:
            raise MalformedResponseError("the reply is no SOAP envelope")
        if not _ENDED.search(end):
            # The parser puts up with it, since Exchange writes what XML forbids.
            raise ConnectionError("the reply breaks off")
        return root.find("{*}Header"), body

    def _get_soap_messages(self, body: Element) -> list[Element]:
        response = body.find(self._response_tag())
        if response is None:
            fault = body.find("{*}Fault")
            if fault is None:
                raise MalformedResponseError(f"no {self.SERVICE_NAME}Response")
            self._raise_soap_errors(fault)
        messages = response.find(self._response_messages_tag())
        return [response] if messages is None else list(children(messages))

    def _raise_soap_errors(self, fault: Element) -> None:
        code = (fault.findtext(".//{*}ResponseCode") or "").strip()
        is_too_new = code in _PERHAPS_VERSION and not self.protocol.is_understood
        if code in _OTHER_VERSION or is_too_new:
            raise ErrorInvalidServerVersion(code)
        words = fault.findtext(".//{*}Message") or fault.findtext("faultstring") or ""
        code = code or (fault.findtext("faultcode") or "").rpartition(":")[2]
        told = Fault(code, words.strip(), back_off(fault))
        raise refused(told, self._place, creates=self.SERVICE_NAME == "CreateItem")

    def _response_tag(self) -> str:
        return f"{{{MNS}}}{self.SERVICE_NAME}Response"
