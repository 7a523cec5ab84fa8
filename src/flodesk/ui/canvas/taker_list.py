"""The list of what takes a wire, by keyboard: walk, type to search, Enter wires, Escape leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from flodesk.ui.canvas.painting import port_shape
from flodesk.ui.canvas.takers import Taker
from flodesk.ui.popup import SearchPopup
from flodesk.ui.theme import theme
from flodesk.ui.theme.style import tokens

TAKER = int(Qt.ItemDataRole.UserRole) + 1
MOST = 40
"""So many are listed without a word typed: whether a wire can be is an edit that is tried, a few ms each."""

_TYPES = 12
"""Node types that are listed for what is typed."""
_AT_ONCE = 3
"""So many are tried before the list is shown: most often Enter has something to take then."""

Extra = tuple[str, Callable[[], object]]
"""A title, and what is done: what the list offers besides ports."""


@dataclass(frozen=True, slots=True)
class NewNode:
    """A node type whose new node would take the wire."""

    title: str
    shelf: str
    add: Callable[[], object]

    @property
    def type(self) -> str:
        """Return what stands beside its title."""
        return f"new node, {self.shelf}"

    def __call__(self) -> None:
        """Add it."""
        self.add()


class TakerRows(QStyledItemDelegate):
    """Paints a port or a field: its shape and colour, card and name, and what is there now."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One line."""
        return QSize(200, 30)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        taker = index.data(TAKER)
        box, look = QRectF(option.rect), theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state: QStyle.StateFlag = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens(look)["selected" if chosen else "hover"]))
            painter.drawRoundedRect(box.adjusted(5, 1, -5, -1), 6, 6)
        title = str(index.data())
        if isinstance(taker, NewNode):
            painter.setPen(QPen(QColor(look.muted), 1.6))
            middle = QPointF(box.left() + 20, box.center().y())
            painter.drawLine(middle - QPointF(4.5, 0), middle + QPointF(4.5, 0))
            painter.drawLine(middle - QPointF(0, 4.5), middle + QPointF(0, 4.5))
        elif isinstance(taker, Taker):
            painter.save()
            painter.translate(box.left() + 20, box.center().y())
            painter.setPen(QPen(QColor(look.type_color(taker.type)), 1.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(port_shape(taker.type, 5.0))
            painter.restore()
        line, metrics = Qt.AlignmentFlag.AlignVCenter, painter.fontMetrics()
        note = f"{taker.type}, {taker.note}" if isinstance(taker, Taker) and taker.note else getattr(taker, "type", "")
        room = box.adjusted(36, 0, -14, 0)
        name = metrics.elidedText(title, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.setPen(QColor(look.text))
        painter.drawText(room, line | Qt.AlignmentFlag.AlignLeft, name)
        left = int(room.width()) - metrics.horizontalAdvance(name) - 16
        painter.setPen(QColor(look.muted))
        short = metrics.elidedText(note, Qt.TextElideMode.ElideRight, left) if left > 30 else ""
        painter.drawText(room, line | Qt.AlignmentFlag.AlignRight, short)
        painter.restore()


class TakerList(SearchPopup):
    """Lists what takes a wire.

    Parameters
    ----------
    found : sequence of Taker
        What may fit by its type, best first.
    refusal : callable
        Says of one why it cannot be; only what gives an empty text is listed.
    extras : sequence of (title, verb)
        What can be done besides.
    types : callable
        Finds node types by words: what is typed finds them, too, below what is there.
    """

    walked = Signal(object)
    """The `Taker` that the list is at; None for something else."""
    taken = Signal(object)
    """The `Taker` that was chosen."""
    left = Signal()
    """The list is gone, with or without a choice; comes first."""

    def __init__(
        self,
        parent: QWidget,
        hint: str,
        found: Sequence[Taker],
        refusal: Callable[[Taker], str],
        extras: Sequence[Extra] = (),
        types: Callable[[str], Sequence[NewNode]] = lambda _: (),
    ) -> None:
        self._rows = QStandardItemModel()
        super().__init__(parent, self._rows, TakerRows(), hint)
        self._rows.setParent(self)
        self.list.setAccessibleName(hint)
        self._found = found
        self._refusal = refusal
        self._extras = extras
        self._types = types
        self._left: Iterator[Taker] = iter(())
        self._more = QTimer(self, interval=0)
        self._more.timeout.connect(self._next)
        self.list.selectionModel().currentChanged.connect(lambda now, _: self._walk(now))
        self.chosen.connect(self._pick)

    def fill(self, text: str) -> str:
        """Begin with what matches; more rows come while the keyboard is free."""
        self._rows.clear()
        words = text.casefold().split()
        matching = [t for t in self._found if all(w in f"{t.title} {t.type}".casefold() for w in words)]
        self._left = iter(matching)
        for title, verb in self._extras:
            if all(word in title.casefold() for word in words):
                row = QStandardItem(title)
                row.setData(verb, TAKER)
                self._rows.appendRow(row)
        for new in self._types(text)[:_TYPES] if text else ():
            row = QStandardItem(new.title)
            row.setData(new, TAKER)
            row.setToolTip(f"Add a node: {new.title} ({new.shelf})")
            row.setAccessibleText(row.toolTip())
            self._rows.appendRow(row)
        tries = 0
        while not self._listed() and tries < _AT_ONCE and self._next():
            tries += 1
        self._more.start()
        return (
            f"Nothing that could take it matches “{text}”, here or in the library."
            if text
            else "Nothing here could take it."
        )

    def _listed(self) -> int:
        return self._rows.rowCount() - sum(
            not isinstance(self._rows.item(row).data(TAKER), Taker) for row in range(self._rows.rowCount())
        )

    def _next(self) -> bool:
        taker = next(self._left, None)
        listed = self._listed()
        if taker is None or listed >= MOST:
            self._more.stop()
            return False
        if not self._refusal(taker):
            row = QStandardItem(taker.title)
            row.setData(taker, TAKER)
            row.setToolTip(f"{taker.title}: {taker.type}{', ' if taker.note else ''}{taker.note}")
            row.setAccessibleText(row.toolTip())
            self._rows.insertRow(listed, row)
            if listed == 0:
                self.list.setVisible(True)
                self.nothing.setVisible(False)
                self.list.setCurrentIndex(self._rows.index(0, 0))
        return True

    def _walk(self, index: QModelIndex) -> None:
        taker = index.data(TAKER) if index.isValid() else None
        self.walked.emit(taker if isinstance(taker, Taker) else None)

    def _pick(self, index: QModelIndex) -> None:
        chosen = index.data(TAKER)
        self.close()  # the wire that was shown is put away before another one is made
        if isinstance(chosen, Taker):
            self.taken.emit(chosen)
        elif callable(chosen):
            chosen()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is gone."""
        self._more.stop()
        super().hideEvent(event)
        self.left.emit()
