"""What the gallery does with the program: opens copies of examples, unsaved or in a folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from flodesk.ui.examples import gallery
from flodesk.ui.files import Files, free_name
from flodesk.ui.gallery.dialog import GalleryDialog
from flodesk.ui.settings import settings


class Gallery(QObject):
    """Shows the dialog over a window. `tour_wanted` when the tour was asked for there."""

    tour_wanted = Signal()

    def __init__(self, window: QWidget, files: Files) -> None:
        super().__init__(window)
        self._window = window
        self._files = files
        self.dialog: GalleryDialog | None = None

    def open(self) -> None:
        """Show the examples; it stays until one is opened, or it is closed."""
        if self.dialog is None:
            self.dialog = dialog = GalleryDialog(self._window, gallery())
            dialog.wanted.connect(self._open)
            dialog.folder_wanted.connect(self._copy)
            dialog.tour_wanted.connect(self._tour)
            dialog.finished.connect(self._closed)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def close(self) -> None:
        """Close it."""
        if self.dialog is not None:
            self.dialog.close()

    def _open(self, name: str) -> None:
        if self._files.open_example(name):
            self.close()

    def _copy(self, name: str) -> None:
        """Let a folder be chosen, and open a copy in it; a file of that name stays, the copy gets a number."""
        before = str(settings().value("folder", str(Path.home())))
        chosen = QFileDialog.getExistingDirectory(self.dialog, "Copy the example to a folder", before)
        if chosen and self._files.open_example(name) and self._files.write(free_name(Path(chosen) / f"{name}.py")):
            self.close()

    def _tour(self) -> None:
        self.close()
        self.tour_wanted.emit()

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()
            self._files.home().setFocus()


__all__ = ["Gallery"]
