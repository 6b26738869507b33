"""Installs the language of the window: our texts, and Qt's own for its buttons."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDateEdit, QDateTimeEdit

from omm_desktop import language
from omm_desktop.language import Language


class Translation:
    """Switches live; pages are told by the window."""

    def __init__(self) -> None:
        self._qt = QTranslator()

    def use(self, name: Language) -> None:
        application = QCoreApplication.instance()
        assert application is not None
        language.set_language(name)
        locale = QLocale(language.locale_name(name))
        QLocale.setDefault(locale)
        # Screen readers choose their voice by it; what is made later asks for the default.
        for window in QApplication.topLevelWidgets():
            window.setLocale(locale)
        application.removeTranslator(self._qt)
        self._qt = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._qt.load(locale, "qtbase", "_", folder):
            application.installTranslator(self._qt)


def localise(field: QDateTimeEdit) -> None:
    """Give a field of days, or of days and hours, the order and the calendar of the language.

    Qt reads them when the field is made, and never again.
    """
    locale, short = QLocale(), QLocale.FormatType.ShortFormat
    day = locale.dateFormat(short)
    in_full = day if "yyyy" in day else day.replace("yy", "yyyy")
    if locale.language() is QLocale.Language.English:
        in_full = "d MMM yyyy"  # in figures alone, half of its readers would take day for month
    only_day = isinstance(field, QDateEdit)
    field.setLocale(locale)
    field.setDisplayFormat(in_full if only_day else f"{in_full} {locale.timeFormat(short)}")
