"""Every contact, event and task of the collection through the adapters of Exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from omm_desktop.endpoints.convert.calendar.read import read_event, read_task
from omm_desktop.endpoints.convert.calendar.split import split_calendar
from omm_desktop.endpoints.convert.card.person import Group, Person
from omm_desktop.endpoints.convert.card.read import read_card
from omm_desktop.endpoints.convert.card.split import split_cards
from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.ews.contacts import to_contact
from omm_desktop.endpoints.ews.events import to_items
from omm_desktop.endpoints.ews.models import local_zone
from omm_desktop.endpoints.ews.rules import Rule
from omm_desktop.endpoints.ews.tasks import to_task
from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.ports import Destination, Source, Stored
from tests.contract.entries import entry, fetched, file
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of

from . import test_contacts, test_events, test_tasks
