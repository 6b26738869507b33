"""Installs the language of the window: our texts, and Qt's own for its buttons."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDateEdit, QDateTimeEdit

from omm_desktop import language
from omm_desktop.language import Language


def install_language(name: Language) -> None:
    """From now on all speak it; windows that are open are told by their owner."""
    application = QCoreApplication.instance()
    assert application is not None
    language.set_language(name)
    locale = QLocale(language.locale_name(name))
    QLocale.setDefault(locale)
    # Screen readers choose their voice by it; what is made later asks for the default.
    for window in QApplication.topLevelWidgets():
        window.setLocale(locale)
    # The application owns it: one that outlives its window would go on speaking.
    for former in application.findChildren(QTranslator):
        application.removeTranslator(former)
        former.deleteLater()
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(locale, "qtbase", "_", folder):
        application.installTranslator(translator)


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
