"""The rows of the library: shelves with their node types, or what a search found, best first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from flodesk.flow.catalog import Catalog, shelf_rank
from flodesk.flow.requires import is_well_known
from flodesk.flow.spec import NodeSpec
from flodesk.ui.help import spec_tip
from flodesk.ui.library.broken import BROKEN, TITLE, Broken, broken_rows

MIME = "application/x-flodesk-node"
SPEC = int(Qt.ItemDataRole.UserRole) + 1
SHELF = int(Qt.ItemDataRole.UserRole) + 2
STARRED = int(Qt.ItemDataRole.UserRole) + 4
MOST = 250
"""Rows of a list that are shown at once, best first; more come when one goes there."""
FAVOURITES, RECENT = "favourites", "recent"
"""The categories of the two shelves on top, which hold what stands elsewhere, too."""
_TITLES = {"": "This file", "broken": TITLE}
_AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
Row = NodeSpec | Broken
_SHELF_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_ROW_FLAGS = _SHELF_FLAGS | Qt.ItemFlag.ItemNeverHasChildren
_NODE_FLAGS = _ROW_FLAGS | Qt.ItemFlag.ItemIsDragEnabled
_NO_FLAGS = Qt.ItemFlag.NoItemFlags
"""Put together once: a view asks for those of each row, and Python takes 5 µs to do so."""


def shelf_title(category: str) -> str:
    """Return a shelf's name as it is written: ``dsp`` is an abbreviation, the others are words."""
    if category in _TITLES:
        return _TITLES[category]
    if is_well_known(category.partition(".")[0]):
        return category  # a module of a package: as it is written in a script
    if category in {"dsp", "sql", "visa"}:
        return category.upper()
    return category.replace("_", " ").replace(".", " · ").capitalize()


@dataclass(slots=True)
class _Shelf:
    """A shelf with its rows; `number` tells its rows from those of other shelves, as long as the model lives."""

    category: str
    rows: list[Row]
    number: int


class Shelves(QAbstractItemModel):
    """Node types as a tree of shelves (`show_shelves`) or a list (`show_found`). Rows can be dragged to the canvas.

    It holds nothing but the node types, and tells what a view asks for: a list of thousands costs what is seen of it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelves: list[_Shelf] = []
        self._places: dict[int, int] = {}
        """Where the shelf of each number is."""
        self._list: list[Row] = []
        """Rows without a shelf: what a search found."""
        self._more: list[Row] = []
        """What a list has still to show."""
        self._numbers = count(1)
        self._starred: frozenset[str] = frozenset()
        self._sorted: tuple[Catalog | None, dict[str, list[Row]]] = (None, {})

    # -------------------------------------------------------------- what is shown
    def show_shelves(self, catalog: Catalog, favourites: Sequence[str] = (), recent: Sequence[str] = ()) -> None:
        """Show every node type under its shelf, with what is starred and what was used last on top."""
        if self._sorted[0] is not catalog:
            self._sorted = (catalog, _by_shelf(catalog))
        rows: dict[str, list[Row]] = {"broken": [*broken_rows(catalog.broken)]}
        rows |= {FAVOURITES: _of(catalog.specs, favourites), RECENT: _of(catalog.specs, recent), **self._sorted[1]}
        self.beginResetModel()
        self._list, self._more = [], []
        self._starred = frozenset(favourites)
        self._shelves = [_Shelf(category, held, next(self._numbers)) for category, held in rows.items() if held]
        self._place()
        self.endResetModel()

    def _place(self) -> None:
        self._places = {shelf.number: place for place, shelf in enumerate(self._shelves)}

    def show_found(
        self, catalog: Catalog, text: str, favourites: Sequence[str] = (), recent: Sequence[str] = ()
    ) -> None:
        """Show what a search finds, best first; of equally good ones what is starred or was used last."""
        found = catalog.search(text, liked=[*dict.fromkeys((*favourites, *recent))])
        self.show_specs([*found, *broken_rows(catalog.broken, text)], favourites)

    def show_specs(self, specs: Iterable[Row], favourites: Sequence[str] = ()) -> None:
        """Show some node types, in their order."""
        self._starred = frozenset(favourites)
        self.beginResetModel()
        rows = list(specs)
        self._shelves, self._list, self._more = [], rows[:MOST], rows[MOST:]
        self._place()
        self.endResetModel()

    def own(self, catalog: Catalog, favourites: Sequence[str], recent: Sequence[str]) -> None:
        """Let the stars, and the two shelves on top, follow; all other rows stay the rows that they are."""
        self._starred = frozenset(favourites)
        if self._shelves:
            place = 1 if self._shelves[0].category == "broken" else 0
            for category, paths in ((FAVOURITES, favourites), (RECENT, recent)):
                place += self._renew(place, category, _of(catalog.specs, paths))
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0), [STARRED])

    def _renew(self, place: int, category: str, rows: list[Row]) -> int:
        """Give one shelf other rows, or make it, or take it away; return how many shelves that are."""
        there = place < len(self._shelves) and self._shelves[place].category == category
        if not there:
            if rows:
                self.beginInsertRows(_ROOT, place, place)
                self._shelves.insert(place, _Shelf(category, rows, next(self._numbers)))
                self._place()
                self.endInsertRows()
            return int(bool(rows))
        if not rows:
            self.beginRemoveRows(_ROOT, place, place)
            del self._shelves[place]
            self._place()
            self.endRemoveRows()
            return 0
        shelf, head = self._shelves[place], self.index(place, 0)
        for row in reversed(range(len(shelf.rows))):
            if row >= len(rows) or shelf.rows[row] not in rows:
                self.beginRemoveRows(head, row, row)
                del shelf.rows[row]
                self.endRemoveRows()
        for row, spec in enumerate(rows):
            if row < len(shelf.rows) and shelf.rows[row] is spec:
                continue
            if spec in shelf.rows:
                was = shelf.rows.index(spec)
                self.beginRemoveRows(head, was, was)
                del shelf.rows[was]
                self.endRemoveRows()
            self.beginInsertRows(head, row, row)
            shelf.rows.insert(row, spec)
            self.endInsertRows()
        return 1

    def renew(self, catalog: Catalog) -> None:
        """Let each row hold what its node type is now; none comes or goes."""
        for rows in (self._list, self._more, *(shelf.rows for shelf in self._shelves)):
            rows[:] = [catalog.specs.get(row.path, row) if isinstance(row, NodeSpec) else row for row in rows]
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0), [SPEC])

    def place_of(self, path: str, category: str) -> QModelIndex:
        """Return the row of a node type on a shelf; invalid if it is not there."""
        top = self.shelf(category)
        rows = self._shelves[top.row()].rows if top.isValid() else []
        found = (place for place, row in enumerate(rows) if isinstance(row, NodeSpec) and row.path == path)
        return self.index(next(found, -1), 0, top)

    def shelf(self, category: str) -> QModelIndex:
        """Return the row of a shelf; invalid if there is none of that category."""
        rows = (row for row, shelf in enumerate(self._shelves) if shelf.category == category)
        return self.index(next(rows, -1), 0)

    # -------------------------------------------------------------- what a view asks
    def index(self, row: int, column: int, parent: _AnyIndex = _ROOT) -> QModelIndex:
        """Return the place of a row: of a shelf or of the list, or in a shelf."""
        if not parent.isValid():
            held = len(self._shelves) or len(self._list)
            return self.createIndex(row, 0, 0) if column == 0 and 0 <= row < held else QModelIndex()
        place = parent.row()
        if column != 0 or parent.internalId() or not 0 <= place < len(self._shelves):
            return QModelIndex()
        shelf = self._shelves[place]
        return self.createIndex(row, 0, shelf.number) if 0 <= row < len(shelf.rows) else QModelIndex()

    def parent(self, index: _AnyIndex) -> QModelIndex:  # type: ignore[override]
        """Return the shelf that a row stands on."""
        place = self._places.get(index.internalId(), -1) if index.isValid() else -1
        return self.createIndex(place, 0, 0) if place >= 0 else QModelIndex()

    def rowCount(self, parent: _AnyIndex = _ROOT) -> int:
        """Return how many rows there are, or stand on a shelf."""
        if not parent.isValid():
            return len(self._shelves) or len(self._list)
        if parent.internalId() or parent.row() >= len(self._shelves):
            return 0
        return len(self._shelves[parent.row()].rows)

    def columnCount(self, parent: _AnyIndex = _ROOT) -> int:
        """Return 1."""
        return 1

    def flags(self, index: _AnyIndex) -> Qt.ItemFlag:
        """Say what can be done with a row: a node type can be dragged."""
        if not index.isValid():
            return _NO_FLAGS
        row = self._row(index)
        return _SHELF_FLAGS if row is None else _NODE_FLAGS if isinstance(row, NodeSpec) else _ROW_FLAGS

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what is to be shown, or known."""
        row = self._row(index)
        if row is None:
            return self._of_shelf(self._shelves[index.row()], role) if index.row() < len(self._shelves) else None
        if isinstance(row, Broken):
            known = {
                int(Qt.ItemDataRole.DisplayRole): row.title,
                int(Qt.ItemDataRole.ToolTipRole): row.why,
                BROKEN: row,
            }
            return known.get(int(role))
        if role == SPEC:
            return row
        if role == STARRED:
            return row.path in self._starred
        if role == Qt.ItemDataRole.ToolTipRole:
            return spec_tip(row)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        return row.summary if role == Qt.ItemDataRole.AccessibleDescriptionRole else None

    def _of_shelf(self, shelf: _Shelf, role: int) -> Any:
        title = shelf_title(shelf.category)
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{title}: {len(shelf.rows)} node{'s' * (len(shelf.rows) != 1)}"
        return shelf.category if role == SHELF else None

    def _row(self, index: _AnyIndex) -> Row | None:
        """Return what a row holds; None for a shelf."""
        if not index.isValid():
            return None
        number, row = index.internalId(), index.row()
        if number:
            place = self._places.get(number)
            rows = self._shelves[place].rows if place is not None else []
        else:
            rows = [] if self._shelves else self._list
        return rows[row] if row < len(rows) else None

    def canFetchMore(self, parent: _AnyIndex = _ROOT) -> bool:
        """Say whether a list has more rows than it shows yet; a view asks when its end is near."""
        return bool(self._more) and not parent.isValid()

    def fetchMore(self, parent: _AnyIndex = _ROOT) -> None:
        """Show some more of the list."""
        if self.canFetchMore(parent):
            shown = len(self._list)
            self.beginInsertRows(_ROOT, shown, shown + min(MOST, len(self._more)) - 1)
            self._list += self._more[:MOST]
            self._more = self._more[MOST:]
            self.endInsertRows()

    # -------------------------------------------------------------- drags
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


def _of(specs: Mapping[str, NodeSpec], paths: Iterable[str]) -> list[Row]:
    """Return the node types of paths; those that are not known just now (a package is missing) are left out."""
    return [specs[path] for path in paths if path in specs]


def _by_shelf(catalog: Catalog) -> dict[str, list[Row]]:
    """Return node types by their shelves, both in the order in which they are listed."""
    shelves: dict[str, list[Row]] = {}
    for spec in sorted(catalog.specs.values(), key=lambda spec: spec.title.casefold()):
        shelves.setdefault(spec.category, []).append(spec)
    return {category: shelves[category] for category in sorted(shelves, key=shelf_rank)}
