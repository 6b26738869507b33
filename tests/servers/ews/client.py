"""The real exchangelib, pointed at a server of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import requests
from exchangelib import (
    BASIC,
    DELEGATE,
    Account,
    Configuration,
    Credentials,
    Folder,
)
from exchangelib.credentials import BaseCredentials
from exchangelib.fields import FieldOrder, FieldPath
from exchangelib.items import Item
from exchangelib.protocol import Protocol
from exchangelib.services import FindItem

from .server import EwsServer

ZONES = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<GetServerTimeZones xmlns="http://schemas.microsoft.com/exchange/services/2006/messages"/>
</s:Body></s:Envelope>"""


@contextmanager
def account(
    server: EwsServer,
    address: str,
    *,
    login: str | None = None,
    password: str = "secret",
    access: str = DELEGATE,
    auth_type: str | None = BASIC,
) -> Iterator[Account]:
    """A mailbox as exchangelib sees it; its connections end with the block."""
    credentials: BaseCredentials = Credentials(login or address, password)
    configuration = Configuration(
        service_endpoint=server.url,
        credentials=credentials,
        auth_type=auth_type,
        retry_policy=None,
    )
    opened = Account(address, config=configuration, autodiscover=False, access_type=access)
    try:
        yield opened
    finally:
        opened.protocol.close()
        with suppress(KeyError):
            del Protocol[configuration]


def find_alone(folder: Folder, *fields: str, order: FieldOrder | None = None) -> Iterator[Item]:
    """FindItem without the GetItem that exchangelib makes of it for many fields."""
    model = folder.supported_item_models[0]
    paths = [FieldPath(field=model.get_field_by_fieldname(name)) for name in fields]
    found: Iterator[Item] = FindItem(account=folder.account).call(
        folders=[folder],
        additional_fields=paths or None,
        restriction=None,
        order_fields=[order] if order is not None else None,
        shape="IdOnly",
        query_string=None,
        depth="Shallow",
        calendar_view=None,
        max_items=None,
        offset=0,
    )
    return found


def ask(url: str, login: str) -> requests.Response:
    """One small request of no library."""
    return requests.post(url, data=ZONES, auth=(login, "secret"), timeout=5)
