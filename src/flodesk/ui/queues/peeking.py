"""What waits in a queue, longest first, and beside it the value that is chosen, as a probe would show it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QSplitter, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from flodesk.engine.preview import preview
from flodesk.engine.probing import Held, Kept
from flodesk.ui.focus import keep_keys
from flodesk.ui.probes.faces import ValueFace, suiting
from flodesk.ui.queues.desk import Entry, since
from flodesk.ui.theme import current, theme

_ID = int(Qt.ItemDataRole.UserRole)
_NOT_SIGNED = (
    "It is not signed with the project's key: a loop makes a dead letter of it, but for a queue that is open to others "
    "(open = true in its line under [tool.flodesk.queues])"
)


class Peeking(QWidget):
    """Shows entries of a queue without taking them. `wanted` tells that others are: those that wait or dead letters."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()
        self.which = QComboBox()
        self.which.setAccessibleName("Which entries are shown")
        self.which.addItems(["Values that wait", "Dead letters"])
        self.which.currentIndexChanged.connect(lambda _: self.wanted.emit())
        self.list = QTreeWidget()
        keep_keys(self.list)
        self.list.setHeaderLabels(["Waits", "Value"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Values of the queue")
        self.list.setColumnWidth(0, 64)
        self.list.currentItemChanged.connect(lambda *_: self._show_value())
        self.face = ValueFace("the value")
        self.none = QLabel()
        self.none.setProperty("role", "muted")
        self.none.setWordWrap(True)
        self.none.setContentsMargins(8, 6, 8, 6)
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.which)
        column.addWidget(self.list, 1)
        column.addWidget(self.none, 1)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.addWidget(left)
        self.parts.addWidget(self.face)
        self.parts.setStretchFactor(0, 2)
        self.parts.setStretchFactor(1, 3)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.parts)
        current.changed.connect(self._tint)
        self.show_entries((), 0, "")

    @property
    def dead(self) -> bool:
        """Whether the dead letters are looked at."""
        return self.which.currentIndex() == 1

    def show_queue(self, dead: int) -> None:
        """Take note of another queue, and how many dead letters it has."""
        self.which.setVisible(bool(dead))
        self.which.setItemText(1, f"Dead letters ({dead:,})")
        if not dead and self.dead:
            self.which.setCurrentIndex(0)

    def show_entries(self, entries: Sequence[Entry], whole: int, name: str, *, read: bool = True) -> None:
        """Show these; `whole` is how many there are. What is not `read` yet is on its way."""
        row = self._row()
        chosen = self.entries[row].peeked.id if row >= 0 else ""
        self.entries = tuple(entries)
        old = [self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount())]
        if [item.data(0, _ID) for item in old if item is not None] != [entry.peeked.id for entry in entries]:
            self._list(chosen)
        else:
            for item, entry in zip(old, entries, strict=True):
                if item is not None:
                    item.setText(0, since(entry.peeked.at))
        left = whole - len(entries)
        self.none.setVisible(not entries)
        self.list.setVisible(bool(entries))
        self.face.setVisible(bool(entries))
        empty = f"{name} has no dead letters." if self.dead else f"{name} is empty."
        self.none.setText(empty if read else "Its values are being read …")
        self.list.setToolTip(f"{left:,} more wait behind these" if left > 0 and entries else "")

    def _list(self, chosen: str) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for entry in self.entries:
            seen = preview(entry.peeked.value)
            words = entry.peeked.wrong or (seen.text if entry.peeked.signed else f"not signed: {seen.text}")
            item = QTreeWidgetItem(self.list, [since(entry.peeked.at), words])
            item.setData(0, _ID, entry.peeked.id)
            item.setData(1, _ID, "" if entry.peeked.wrong else seen.type)
            more = "" if entry.peeked.signed else f"\n{_NOT_SIGNED}"
            item.setToolTip(1, entry.peeked.wrong or f"{seen.detail or seen.text}\n{entry.peeked.size:,} bytes{more}")
            if entry.peeked.id == chosen:
                self.list.setCurrentItem(item)
        first = self.list.topLevelItem(0)
        if self._row() < 0 and first is not None:
            self.list.setCurrentItem(first)
        self.list.blockSignals(False)
        self._tint()
        self._show_value()

    def _row(self) -> int:
        """Return which entry is chosen; -1 for none."""
        item: QTreeWidgetItem | None = self.list.currentItem()
        row = self.list.indexOfTopLevelItem(item) if item is not None else -1
        return row if row < len(self.entries) else -1

    def _show_value(self) -> None:
        row = self._row()
        if row < 0:
            return
        entry = self.entries[row]
        value = entry.peeked.wrong or entry.peeked.value
        held = Held(kept=Kept(value, entry.insight))
        self.face.show_held(held, "text" if entry.peeked.wrong else suiting(held), "", "")

    def _tint(self) -> None:
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None:
                kind = str(item.data(1, _ID))
                item.setForeground(1, QColor(theme().type_color(kind) if kind else theme().error))
