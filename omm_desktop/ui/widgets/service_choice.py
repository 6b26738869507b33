"""A list of mail services by name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy

from omm_desktop.guide.service import Service
from omm_desktop.language import translate as _

_SHORTEST = 24


class ServiceChoice(QComboBox):
    """`chosen` with a Service, or None for the first line, when the person picks.

    `otherwise` is what that line says, a marked text; without it there is no such line.
    """

    chosen = Signal(object)

    def __init__(self, services: Sequence[Service], otherwise: str = "") -> None:
        super().__init__()
        self.services = tuple(services)
        self._otherwise = otherwise
        if otherwise:
            self.addItem("", "")
        for service in self.services:
            self.addItem("", service.id)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_SHORTEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda: self.chosen.emit(self.current()))

    def current(self) -> Service | None:
        id = self.currentData()
        return next((service for service in self.services if service.id == id), None)

    def select(self, service: Service | None) -> None:
        index = self.findData(service.id if service else "")
        self.setCurrentIndex(max(index, 0))

    def retranslate(self) -> None:
        for index in range(self.count()):
            service = next((s for s in self.services if s.id == self.itemData(index)), None)
            self.setItemText(index, service.name.text() if service else _(self._otherwise))
