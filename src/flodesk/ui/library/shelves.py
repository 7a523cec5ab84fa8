"""The rows of the library: shelves with their node types, or what a search found, best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from flodesk.flow.catalog import Catalog, shelf_rank
from flodesk.flow.spec import NodeSpec
from flodesk.flow.types import PortType
from flodesk.ui.help import spec_tip
from flodesk.ui.library.broken import TITLE, broken_rows

MIME = "application/x-flodesk-node"
SPEC = int(Qt.ItemDataRole.UserRole) + 1
SHELF = int(Qt.ItemDataRole.UserRole) + 2
MOST = 250
"""Rows that are shown at once, best first: of 3,000 node types a letter finds half, and to list them takes 70 ms."""
_AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def shelf_title(category: str) -> str:
    """Return a shelf's name as it is written: ``dsp`` is an abbreviation, the others are words."""
    if not category:
        return "This file"
    if category in {"dsp", "sql", "visa"}:
        return category.upper()
    return category.replace("_", " ").replace(".", " · ").capitalize()


class _Row(QStandardItem):
    """A node type; its tooltip is made when it is asked for: 250 of them take 15 ms."""

    def data(self, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what is to be shown, or known."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return spec_tip(super().data(SPEC))
        return super().data(role)


class Shelves(QStandardItemModel):
    """Node types as a tree of shelves (`show_shelves`) or a list (`show_found`). Rows can be dragged to the canvas."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._more: list[NodeSpec] = []
        """What a list has still to show."""

    def show_shelves(self, catalog: Catalog) -> None:
        """Show every node type under its shelf."""
        self.clear()
        self._more = []
        shelves: dict[str, list[NodeSpec]] = {}
        for spec in catalog.specs.values():
            shelves.setdefault(spec.category, []).append(spec)
        for category in sorted(shelves, key=shelf_rank):
            head = QStandardItem(shelf_title(category))
            head.setData(category, SHELF)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            head.appendRows(_rows(sorted(shelves[category], key=lambda s: s.title.casefold())))
            self.appendRow(head)
        if rows := broken_rows(catalog.broken):
            head = QStandardItem(TITLE)
            head.setData("broken", SHELF)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            head.appendRows(rows)
            self.insertRow(0, head)

    def show_found(
        self, catalog: Catalog, text: str, fits: PortType | None = None, feeds: PortType | None = None
    ) -> None:
        """Show what a search finds, best first; only what takes a value of type `fits` or gives one of type `feeds`."""
        self.show_specs(catalog.search(text, fits, feeds))
        if text and not fits and not feeds:
            self.invisibleRootItem().appendRows(broken_rows(catalog.broken, text))

    def show_specs(self, specs: Iterable[NodeSpec]) -> None:
        """Show some node types, in their order."""
        self.clear()
        self._more = list(specs)
        self.fetchMore()

    def canFetchMore(self, parent: _AnyIndex = _ROOT) -> bool:
        """Say whether a list has more rows than it shows yet; a view asks when its end is near."""
        return bool(self._more) and not parent.isValid()

    def fetchMore(self, parent: _AnyIndex = _ROOT) -> None:
        """Show some more of the list."""
        if self.canFetchMore(parent):
            self.invisibleRootItem().appendRows(_rows(self._more[:MOST]))
            self._more = self._more[MOST:]

    def mimeTypes(self) -> list[str]:
        """Say what a dragged row carries."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Give the node type's path to the drag."""
        data = QMimeData()
        spec = next((index.data(SPEC) for index in indexes if index.data(SPEC)), None)
        if spec is not None:
            data.setData(MIME, spec.path.encode())
            data.setText(spec.path)
        return data


def _rows(specs: Iterable[NodeSpec]) -> list[QStandardItem]:
    rows: list[QStandardItem] = []
    for spec in specs:
        row = _Row(spec.title)
        row.setData(spec, SPEC)
        row.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
        rows.append(row)
    return rows
