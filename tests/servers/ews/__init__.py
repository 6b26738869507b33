"""An Exchange server of our own, for tests: EWS over HTTP with state, faults and a journal.

`server` is what a test sees, `wire` speaks HTTP, `service` SOAP. The `*_operations`, `finding` and
`changing` are the operations; `intake` and `events` are what Exchange makes of what it saves,
`shape` and `computed` what it shows; `store` remembers. `schema` refuses what the EWS schema
refuses. `client` and `samples` are exchangelib's side.

It does not know: NTLM and OAuth, zones defined by their periods, items as iCalendar or opaque
streams, query strings, notifications, public folders and archives.
"""

from __future__ import annotations

from .faults import Fault, FaultKind, Faults
from .server import EwsServer
from .versions import EXCHANGE_2010, EXCHANGE_2013, EXCHANGE_2016, EXCHANGE_SE

__all__ = [
    "EXCHANGE_2010",
    "EXCHANGE_2013",
    "EXCHANGE_2016",
    "EXCHANGE_SE",
    "EwsServer",
    "Fault",
    "FaultKind",
    "Faults",
]
