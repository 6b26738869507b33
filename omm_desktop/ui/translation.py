"""Installs the language of the window: our texts, and Qt's own for its buttons."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from omm_desktop import language
from omm_desktop.language import Language

_LOCALES = {"en": "en_GB"}
"""Where Qt would take another country than ours."""


class Translation:
    """Switches live; pages are told by the window."""

    def __init__(self) -> None:
        self._qt = QTranslator()

    def use(self, name: Language) -> None:
        application = QCoreApplication.instance()
        assert application is not None
        language.set_language(name)
        locale = QLocale(_LOCALES.get(name, name))
        QLocale.setDefault(locale)
        application.removeTranslator(self._qt)
        self._qt = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._qt.load(locale, "qtbase", "_", folder):
            application.installTranslator(self._qt)
