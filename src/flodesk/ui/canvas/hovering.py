"""Pointing at ports and wires: when the card of a value comes, how it is kept up to date, and when it goes."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGraphicsItem
from shiboken6 import isValid

from flodesk.engine.insight import Insight
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.hover_card import HoverCard
from flodesk.ui.canvas.pointed import Pointed, pointed_at
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.carrying import Carrying
from flodesk.ui.subject import Subject

SOON = 90
"""Milliseconds that the cursor rests before the card comes; its value is asked for at once."""
GRACE = 220
"""Milliseconds that the cursor may be beside what it points at, and beside the card, on its way between them."""
LOOK = 150
"""Milliseconds between two looks at the value while the card is there."""
SHARE = 4.0
"""What a look takes, times this, passes before the next one."""
_CLEAR = 11
"""Half the side in pixels of the square around a port that the card never covers."""

Examine = Callable[[str, Callable[[Insight], None]], None]


class Hovering(QObject):
    """Shows the card of what the cursor rests on. `examine` asks the engine about a value."""

    pinned = Signal(str)
    """The value that is to be probed, or no more."""
    _told = Signal(int, object)

    def __init__(self, viewer: Viewer, board: Board) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._board = board
        self.examine: Examine = lambda name, told: None
        self.card = HoverCard(viewer)
        self.pointed: Pointed | None = None
        self._item: QGraphicsItem | None = None
        self._at = QPoint()
        self._asked = 0
        self._asked_at = 0.0
        self._answered: Insight | None = None
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._show)
        self._gone = QTimer(self, singleShot=True, interval=GRACE)
        self._gone.timeout.connect(self.leave)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._ask)
        self._probed: frozenset[str] = frozenset()
        self.card.pin.clicked.connect(self._pin)
        Carrying(self.card.title, self._carried)
        self.card.entered.connect(self._gone.stop)
        self.card.left.connect(self._gone.start)
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        viewer.viewport().installEventFilter(self)
        viewer.view_changed.connect(self.leave)
        viewer.destroyed.connect(self.card.deleteLater)

    # -------------------------------------------------------------- the cursor
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the cursor over the canvas."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            if event.buttons() == Qt.MouseButton.NoButton and not self._viewer.gesture.active:
                self._point(event.position().toPoint())
            else:
                self.leave()
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.ContextMenu):
            self.leave()
        elif kind == QEvent.Type.Leave and not self.card.underMouse():
            self._gone.start()
        return False

    def _point(self, at: QPoint) -> None:
        """Note what is under the cursor now."""
        place = self._viewer.mapToScene(at)
        scene = self._viewer.scene()
        lost = scene.lost_at(place)
        item: QGraphicsItem | None = lost.port if lost is not None else scene.port_at(place)
        if item is None and scene.node_at(place) is None:
            item = scene.wire_at(place)
        if item is not None and item is self._item:
            self._gone.stop()
            if not self.card.isVisible():
                self._at = at
                self._soon.start()
            return
        found = pointed_at(item, self._board) if item is not None else None
        if found is None:
            self._soon.stop()
            self._item = self._item if self.card.isVisible() else None
            if self.card.isVisible() and not self._gone.isActive():
                self._gone.start()
            return
        same = self.card.isVisible() and self.pointed is not None and self.pointed.value == found.value != ""
        if same and not (isinstance(item, PortItem) and self._covers(item)):
            self._gone.stop()  # along the wire of a port, on the way to its card
            return
        self._at, self._item = at, item
        self._begin(found)

    def point_at(self, port: PortItem) -> None:
        """Show the card of a port that the keyboard is at."""
        found = pointed_at(port, self._board)
        if found is not None:
            self._at, self._item = self._viewer.mapFromScene(port.middle()), port
            self._begin(found)

    def _covers(self, port: PortItem) -> bool:
        at = self._viewer.viewport().mapTo(self._viewer.window(), self._viewer.mapFromScene(port.middle()))
        return self.card.geometry().adjusted(-_CLEAR, -_CLEAR, _CLEAR, _CLEAR).contains(at)

    def _begin(self, found: Pointed) -> None:
        self._gone.stop()
        self.pointed, self._answered = found, None
        self._asked += 1
        self._soon.start()
        self._ask()

    def leave(self) -> None:
        """Take the card away."""
        self._soon.stop()
        self._gone.stop()
        self._again.stop()
        self._asked += 1
        self._item = self.pointed = self._answered = None
        self.card.hide()

    # -------------------------------------------------------------- the card
    def _show(self) -> None:
        if self.pointed is None or not self._there() or not self._viewer.isVisible():
            return self.leave()
        window = self._viewer.window()
        if self.card.parentWidget() is not window:  # on a small canvas there is no room beside a port
            self.card.setParent(window)
        self.card.show_pointed(self.pointed)
        self.card.show_pin(there=bool(self.pointed.value), probed=self.pointed.value in self._probed)
        if self._answered is not None:
            self.card.show_insight(self._answered, self.pointed)
        clear = self._clear()
        self.card.place_beside(clear.center(), clear)
        self.card.show()
        self.card.raise_()
        return None

    def _there(self) -> bool:
        """Return whether what is pointed at is still on the canvas."""
        return self._item is not None and isValid(self._item) and self._item.scene() is not None

    def _clear(self) -> QRect:
        """Return what stays free, in the window: the port, or the place of the cursor on a wire."""
        item = self._item
        at = self._viewer.mapFromScene(item.middle()) if isinstance(item, PortItem) else self._at
        at = self._viewer.viewport().mapTo(self._viewer.window(), at)
        return QRect(at.x() - _CLEAR, at.y() - _CLEAR, 2 * _CLEAR, 2 * _CLEAR)

    def _carried(self) -> tuple[Subject, ...]:
        return (Subject.of_value(self.pointed.value),) if self.pointed is not None and self.pointed.value else ()

    def _pin(self) -> None:
        if self.pointed is not None and self.pointed.value:
            self.pinned.emit(self.pointed.value)

    def show_probed(self, names: frozenset[str]) -> None:
        """Let the pin of the card tell whether its value is probed."""
        self._probed = names
        if self.pointed is not None:
            self.card.show_pin(there=bool(self.pointed.value), probed=self.pointed.value in names)

    # -------------------------------------------------------------- the value
    def _ask(self) -> None:
        if self.pointed is None or not self.pointed.value:
            return
        number, self._asked_at = self._asked, time.monotonic()
        self.examine(self.pointed.value, lambda seen: self._answer(number, seen))

    def _answer(self, number: int, seen: Insight) -> None:
        """Take an answer, on the engine's reader thread."""
        if isValid(self):
            self._told.emit(number, seen)

    def _take(self, number: int, seen: Insight) -> None:
        if number != self._asked or self.pointed is None:
            return None
        if not self._there() or self._item is None:
            return self.leave()
        self.pointed = pointed_at(self._item, self._board) or self.pointed  # which may have got an age meanwhile
        if not seen.error:
            self._answered = seen
            if self.card.isVisible():
                self.card.show_insight(seen, self.pointed)
                self._keep_clear()
        took = time.monotonic() - self._asked_at
        self._again.start(max(LOOK, round(1000 * took * SHARE)))
        return None

    def _keep_clear(self) -> None:
        """Stand elsewhere if the card, grown by its value, has come over the port or out of the window."""
        clear, box = self._clear(), self.card.geometry()
        if box.intersects(clear) or not self._viewer.window().rect().contains(box):
            self.card.place_beside(clear.center(), clear)


__all__ = ["GRACE", "SOON", "Hovering"]
