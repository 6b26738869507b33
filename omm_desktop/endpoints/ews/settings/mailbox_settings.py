"""The settings of a mailbox on Exchange, for whoever reads it and whoever adds to it."""

from __future__ import annotations

from ....model.settings import InboxRule, OutOfOffice, RuleList
from ..transport.connection import Connection
from .automatic_reply import keep_reply, read_reply
from .inbox_rules import InboxRules


class ReadsSettings:
    """A `SettingsSource`, by the session of whoever inherits it."""

    _connection: Connection

    def rules(self) -> RuleList:
        return InboxRules(self._connection).read()

    def out_of_office(self) -> OutOfOffice:
        return read_reply(self._connection)


class AddsSettings(ReadsSettings):
    """A `SettingsDestination`."""

    def add_rule(self, rule: InboxRule) -> None:
        InboxRules(self._connection).add(rule)

    def keep_out_of_office(self, reply: OutOfOffice) -> None:
        keep_reply(self._connection, reply)
