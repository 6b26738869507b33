"""All services by name, with a filter; a single line where there is no room for a list."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from omm_desktop.guide.service import Service
from omm_desktop.language import translate as _
from omm_desktop.ui.page import label
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.service_choice import ServiceChoice

_ID = Qt.ItemDataRole.UserRole


class ServiceList(QWidget):
    """`chosen` with a Service whenever another one is picked or shown; `said` what to announce."""

    chosen = Signal(object)
    said = Signal(str)

    def __init__(self, services: Sequence[Service]) -> None:
        super().__init__()
        self._services = {service.id: service for service in services}
        self.filter, self.list = QLineEdit(), QListWidget()
        self.filter.setClearButtonEnabled(True)
        self.filter_row = FieldRow(self.filter)
        self.choice = ServiceChoice(services)
        self.choice_row = FieldRow(self.choice)
        self.none_found = label()
        self._compact = False
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        for widget in (self.choice_row, self.filter_row, self.none_found):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        layout.addStretch()  # in the place of a list that found nothing
        for service in services:
            item = QListWidgetItem()
            item.setData(_ID, service.id)
            self.list.addItem(item)
        self.none_found.hide()
        self.filter.textChanged.connect(self._apply_filter)
        self.list.currentItemChanged.connect(self._choose)
        self.choice.chosen.connect(lambda service: self.show_service(service.id))
        self.set_compact(False)

    def show_service(self, id: str) -> None:
        """Selects a service whatever the filter says; an unknown id changes nothing."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(_ID) == id:
                if item.isHidden():
                    self.filter.clear()
                self.list.setCurrentItem(item)
                self.list.scrollToItem(item)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.choice_row.setVisible(compact)
        self.filter_row.setVisible(not compact)
        self._tell_none_found()

    def retranslate(self) -> None:
        self.filter_row.set_texts(_("&Find a service"))
        self.choice_row.set_texts(_("&Service"))
        self.list.setAccessibleName(_("Services"))
        self.none_found.setText(
            _(
                "No service fits. Try another word, or what stands after the @ of the address.\n\n"
                "The first page of a copy looks for the settings of any address, or the provider"
                " tells them."
            )
        )
        self.choice.retranslate()
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setText(self._services[item.data(_ID)].name.text())

    def _choose(self, item: QListWidgetItem) -> None:
        service = self._services[item.data(_ID)]
        self.choice.select(service)
        self.chosen.emit(service)

    def _apply_filter(self) -> None:
        typed = _plain(self.filter.text()).split()
        for row in range(self.list.count()):
            item = self.list.item(row)
            words = _words(self._services[item.data(_ID)])
            item.setHidden(not all(part in words for part in typed))
        self._show_first_found()
        self._tell_none_found()

    def _show_first_found(self) -> None:
        """What is shown is always among what was found, if anything was."""
        items = [self.list.item(row) for row in range(self.list.count())]
        found = [item for item in items if not item.isHidden()]
        if found and self.list.currentItem() not in found:
            self.list.setCurrentItem(found[0])

    def _tell_none_found(self) -> None:
        nothing = all(self.list.item(row).isHidden() for row in range(self.list.count()))
        was_told = not self.none_found.isHidden()
        self.none_found.setHidden(self._compact or not nothing)
        self.list.setHidden(self._compact or nothing)
        if not was_told and not self.none_found.isHidden():
            self.said.emit(self.none_found.text())


def _words(service: Service) -> str:
    """All that a service may be looked for by: names, id, domains, hosts."""
    servers = (*service.imap, *service.pop, *service.smtp)
    hosts = [server.host for server in servers]
    names = [service.name.fr, service.name.en, service.name.text(), service.id]
    return _plain(" ".join((*names, *service.domains, *hosts)))


def _plain(text: str) -> str:
    """Small letters without accents."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in split if not unicodedata.combining(sign))
