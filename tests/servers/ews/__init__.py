"""An Exchange server of our own, for tests: EWS over HTTP with state, faults and a journal."""

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
