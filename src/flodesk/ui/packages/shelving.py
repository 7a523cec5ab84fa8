"""The verbs about packages on shelves: adding one by its name, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QPushButton, QWidget

from flodesk.flow.document import Document
from flodesk.flow.needed import naming
from flodesk.ui.checking import Checking
from flodesk.ui.foreign_types import ForeignTypes
from flodesk.ui.library import Library
from flodesk.ui.message_bar import MessageBar
from flodesk.ui.packages.popup import AddPackage

WIDTH = 440


class Shelving(QObject):
    """Opens the popup, and tells what came of it.

    Parameters
    ----------
    install : callable
        Shows what installing a package means; takes its name, and who wants it.
    """

    def __init__(
        self,
        window: QWidget,
        foreign: ForeignTypes,
        checking: Checking,
        library: Library,
        bar: MessageBar,
        install: Callable[[str, str], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._foreign, self._checking = foreign, checking
        self._bar = bar
        self._install = install
        self.button = QPushButton("Add a package…")
        self.button.setToolTip("Make nodes of the functions of a package, by its name")
        self.button.setFlat(True)
        self.button.clicked.connect(self.add_from_library)
        library.package_wanted.connect(self.add_from_library)
        shelves = library.parts.widget(0)
        column = shelves.layout() if shelves is not None else None
        if column is not None:
            column.addWidget(self.button)
        foreign.told.connect(self._told)

    def add(self) -> AddPackage:
        """Open the popup in the upper middle of the window."""
        return self._open(self._window.mapToGlobal(QPoint((self._window.width() - WIDTH) // 2, 90)))

    def add_from_library(self) -> AddPackage:
        """Open the popup at the button of the library."""
        return self._open(self.button.mapToGlobal(QPoint(0, -320)))

    def _open(self, place: QPoint) -> AddPackage:
        popup = AddPackage(self._window, self._foreign)
        popup.wanted.connect(self._foreign.add)
        popup.open_at(place, WIDTH, 320)
        return popup

    def _told(self, module: str, count: int, reason: str) -> None:
        head = module.partition(".")[0]
        if count and not reason:
            nodes = "1 node is" if count == 1 else f"{count} nodes are"
            self._bar.show_message(f"{nodes} on the shelf “{module}” of the library.")
        elif count:
            self._bar.show_message(f"{count} nodes are on the shelf “{module}”, but {reason}.", "warning")
        elif not self._checking.catalog.has(head):
            wanted = f"You asked for the nodes of {module}."
            action = ("Install…", lambda: self._install(head, wanted))
            self._bar.show_message(f"“{head}” is not installed, so there is no shelf of it.", "warning", (action,))
        else:
            why = reason or "it has no functions that could be nodes"
            self._bar.show_message(f"“{module}” has no shelf: {why}.", "warning")


def name_packages(document: Document, checking: Checking) -> None:
    """Let the header name what a flow needs of packages; done before it is written."""
    edit = naming(document.flow, checking.catalog, document.folder)
    if edit is not None:
        document.do(edit)


__all__ = ["Shelving", "name_packages"]
