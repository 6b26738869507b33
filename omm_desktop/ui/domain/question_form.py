"""What the diagnosis of a domain needs to know: domain, offer, server, code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from omm_desktop.guide.diagnosis import read_code, read_domain
from omm_desktop.guide.dns_offers import DnsOffer, dns_offers
from omm_desktop.guide.providers import Providers
from omm_desktop.language import mark
from omm_desktop.language import translate as _
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.service_choice import ServiceChoice
from omm_desktop.ui.widgets.typed_edit import TypedEdit


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields, understood."""

    domain: str
    service: str
    server: str
    code: str


class QuestionForm(QWidget):
    """`edited` when what is shown no longer fits the fields, `wanted` when Enter is pressed."""

    edited = Signal()
    wanted = Signal()

    def __init__(self, providers: Providers) -> None:
        super().__init__()
        offers = [one for one in providers.services if one.id in dns_offers()]
        self.domain, self.server, self.code = TypedEdit(), TypedEdit(), TypedEdit()
        self.offer = ServiceChoice(offers, mark("Choose the offer"))
        self._rows = {field: FieldRow(field) for field in self._fields()}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for row in self._rows.values():
            layout.addWidget(row)
        for line in (self.domain, self.server, self.code):
            line.typed.connect(self._changed)
            line.returnPressed.connect(self.wanted)
        self.offer.chosen.connect(self._offer_chosen)
        self._fit()

    def fill(self, domain: str, service: str, host: str) -> None:
        """Takes what is known; the person chooses the offer when the service is not one."""
        self.offer.select(next((one for one in self.offer.services if one.id == service), None))
        self.domain.setText(domain)
        offer = self._offer
        self.server.setText(offer.answer_in(host.strip().lower(), domain) if offer else "")
        self.code.clear()
        self._take_faults_away()
        self._fit()

    def read(self) -> Asked | None:
        """None when a field has to be mended: it says so, and takes the focus."""
        asked = self._read()
        if asked is None:
            faulty = next(row for row in self._rows.values() if row.fault.text())
            faulty.edit.setFocus()
        return asked

    def _read(self) -> Asked | None:
        """With a fault below each field that cannot be understood."""
        domain = self._understood(
            self.domain, read_domain, _("Type a domain, such as example.com, without http.")
        )
        offer = self._offer
        self._rows[self.offer].set_fault("" if offer else _("Choose the offer you ordered."))
        if offer is None:
            return None
        server = self._understood(self.server, offer.read_server, _server_fault(offer))
        code_fault = _("Type the code alone, such as abcd1-check.")
        code = self._understood(self.code, read_code, code_fault) if offer.ownership else ""
        if domain is None or server is None or code is None:
            return None
        return Asked(domain, offer.id, server, code)

    def first_fault(self) -> str:
        return next((row.fault.text() for row in self._rows.values() if row.fault.text()), "")

    def retranslate(self) -> None:
        self.offer.retranslate()
        self._rows[self.domain].set_texts(
            _("&Domain"), _("What stands after the @ in your new address.")
        )
        self._rows[self.offer].set_texts(_("&Offer of the new mailbox"))
        self._rows[self.code].set_texts(
            _("Code of owne&rship (optional)"),
            _("Only while your customer account shows one, such as abcd1-check."),
        )
        service = self.offer.current()
        if service is not None and service.ask is not None:
            asked = service.ask.words.text().rstrip(".")
            empty = _("Empty: it is read from the domain.")
            self._rows[self.server].set_texts(_("&Server (optional)"), f"{asked}. {empty}")
        if self.first_fault():
            self._read()

    @property
    def _offer(self) -> DnsOffer | None:
        return dns_offers().get(str(self.offer.currentData()))

    def _fields(self) -> tuple[QWidget, ...]:
        """In the order of Tab."""
        return self.domain, self.offer, self.server, self.code

    def _understood(self, line: QLineEdit, read: Callable[[str], str], fault: str) -> str | None:
        try:
            understood = read(line.text())
        except ValueError:
            self._rows[line].set_fault(fault)
            return None
        self._rows[line].set_fault("")
        return understood

    def _changed(self) -> None:
        self._take_faults_away()
        self.edited.emit()

    def _take_faults_away(self) -> None:
        for row in self._rows.values():
            row.set_fault("")

    def _offer_chosen(self) -> None:
        self.server.clear()
        self._take_faults_away()
        self._fit()
        self.retranslate()
        self.edited.emit()

    def _fit(self) -> None:
        """Only what this offer asks for."""
        offer = self._offer
        self._rows[self.server].setVisible(bool(offer and (offer.asks_number or offer.asks_host)))
        self._rows[self.code].setVisible(bool(offer and offer.ownership))


def _server_fault(offer: DnsOffer) -> str:
    if offer.asks_host:
        return _("Type the name of the server, such as mail.example.com.")
    return _("Type the number alone, such as 3.")
