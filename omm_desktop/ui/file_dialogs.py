"""The system's windows that show files, and the only place that opens one.

They show names of files and folders, and nobody but the system can mask them. So while the mask is
on, the person is told before, and decides.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from omm_desktop.language import translate as _
from omm_desktop.ui.question import Answer, ask
from omm_desktop.wizard.present import mask


def choose_files(parent: QWidget, title: str, taken: Callable[[list[Path]], object]) -> None:
    """One file or several."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda names: taken([Path(one) for one in names]))
    _open(dialog)


def choose_file(parent: QWidget, title: str, kind: str, taken: Callable[[Path], object]) -> None:
    """One file of a kind, with the endings it is known by."""
    dialog = QFileDialog(parent, title, "", kind)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda name: taken(Path(name)))
    _open(dialog)


def choose_folder(
    parent: QWidget, title: str, taken: Callable[[Path], object], *, only_folders: bool = False
) -> None:
    """`only_folders`: the files inside are not shown."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, only_folders)
    dialog.fileSelected.connect(lambda name: taken(Path(name)))
    _open(dialog)


def choose_new(
    parent: QWidget, title: str, name: str, kind: str, taken: Callable[[Path], object]
) -> None:
    """Where to save, `name` being proposed; what has no suffix gets that of the name.

    The dialog adds it, since it asks before another file of the whole name is replaced.
    """
    dialog = QFileDialog(parent, title, str(Path.home()), kind)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix)
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda chosen: taken(Path(chosen)))
    _open(dialog)


def show_folder(parent: QWidget, folder: Path) -> None:
    """In the system's own window for folders."""
    _after_warning(parent, lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))


def _open(dialog: QFileDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    _after_warning(dialog.parentWidget(), dialog.open, dialog.deleteLater)


def _after_warning(
    parent: QWidget | None, show: Callable[[], object], leave: Callable[[], object] = lambda: None
) -> None:
    if not mask.is_on():
        show()
        return
    ask(
        parent,
        _("Data are masked"),
        _("The next window shows names of files on this computer."),
        [Answer(_("Show it"), show), Answer(_("Cancel"), leave)],
        explained=_("Whoever sees your screen can read them."),
        icon=QMessageBox.Icon.Warning,
    )
