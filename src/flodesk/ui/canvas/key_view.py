"""What a wheel and a drag over the ground do, by keys: move the view, show what is selected, select one more."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent

from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.dragging import Movable
from flodesk.ui.canvas.keys import ARROWS
from flodesk.ui.canvas.picking import Picking
from flodesk.ui.canvas.pieces.item import PieceItem
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.canvas.walking import nearest

_PAGES = {Qt.Key.Key_PageUp: -0.8, Qt.Key.Key_PageDown: 0.8}
"""How much of the view a page key moves it by."""
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_HELD = _CTRL | _SHIFT | Qt.KeyboardModifier.AltModifier
_ROOM = 40.0


class KeyView:
    """The keys that move the view and widen the selection."""

    def __init__(self, viewer: Viewer, board: Board, picking: Picking) -> None:
        self._viewer = viewer
        self._board = board
        self._picking = picking
        self._last: Movable | None = None

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; return whether it did anything."""
        key, held = Qt.Key(event.key()), event.modifiers() & _HELD
        if key in _PAGES and held in (Qt.KeyboardModifier.NoModifier, _SHIFT):
            view = self._viewer.visible_rect()
            step = _PAGES[key]
            way = QPointF(step * view.width(), 0) if held else QPointF(0, step * view.height())
            self._viewer.move_to(view.topLeft() + way)
            return True
        if key == Qt.Key.Key_F and held == _SHIFT:
            return self.show_selected()
        if key in ARROWS and held == (_CTRL | _SHIFT):
            return self.extend(ARROWS[key])
        return False

    def show_selected(self) -> bool:
        """Show what is selected, whole and as near as it can be; return whether there is anything."""
        box = QRectF()
        for item in self._board.movable():
            if item.isSelected():
                box = box.united(item.box())
        if box.isNull():
            return False
        self._viewer.show_rect(box.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))
        return True

    def extend(self, direction: QPointF) -> bool:
        """Select the next card in a direction, too; False where there is none, or notes and frames are selected."""
        every = self._board.movable()
        chosen = [item for item in every if item.isSelected()]
        if not chosen or any(isinstance(item, PieceItem) for item in chosen):
            return False
        begin = self._last if self._last in chosen else chosen[-1]
        assert begin is not None
        rest = [item for item in every if item not in chosen and not isinstance(item, PieceItem)]
        found = nearest(rest, begin.box().center(), direction)
        if found is None:
            return False
        self._picking.choose([found, *chosen])
        self._last = found
        return True
