"""The viewport of the canvas: mouse, keys, drops and tooltips.

NodeGraphQt's viewer reads marquee, modifiers, slicer and drags of cards; here is what it does not do, or otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QToolTip, QWidget

from flodesk.ui.canvas.dragging import Dragging, Movable
from flodesk.ui.canvas.dropping import Dropping
from flodesk.ui.canvas.field_ends import chip_at
from flodesk.ui.canvas.foreground import paint_hint, paint_message
from flodesk.ui.canvas.junction_item import JunctionItem
from flodesk.ui.canvas.leaving import Leaving, of_cards, of_port
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import tint
from flodesk.ui.canvas.pieces.frame_item import FrameItem
from flodesk.ui.canvas.pieces.item import PieceItem
from flodesk.ui.canvas.wire_gesture import Requests, WireGesture
from flodesk.ui.canvas.wire_item import LiveWire, WireItem
from flodesk.ui.canvas.zoom_view import ZoomView
from flodesk.ui.subject import Subject
from flodesk.ui.theme import theme

_ALT, _SHIFT, _CTRL = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


_BELOW_DRAG = QPoint(0, 26)
"""From the cursor to where words stand that the picture of what is dragged does not cover."""


class Viewer(ZoomView):
    """Reads mouse and keys.

    `keys` is asked first for each key press and returns whether it used it; `tip` makes a tooltip's text from an item;
    `hint` are the lines in the middle of an empty canvas.
    """

    double_clicked = Signal(QPoint)
    menu_requested = Signal(QPoint, QPoint)

    def __init__(self, parent: QWidget, requests: Callable[[], Requests]) -> None:
        super().__init__(parent)
        self.keys: Callable[[QKeyEvent], bool] = lambda _: False
        self.tip: Callable[[QGraphicsItem], str] = lambda _: ""
        self.hint: tuple[str, ...] = ()
        self._panning: QPoint | None = None
        self._space = False
        self.dragging: Dragging | None = None
        self.live = LiveWire()
        self._LIVE_PIPE = self.live
        self.scene().addItem(self.live)
        self.gesture = WireGesture(self.scene(), self.live, requests)
        self.gesture.told = self.viewport().update
        self.leaving = Leaving()
        self._pressed = QPointF()
        self._field = ""
        """The field that a card was taken hold of by."""
        self.dropping = Dropping(self, self.scene(), self.viewport().update)
        self.scene().gesture = self.gesture
        self.scene().taken = self._card_taken

    # -------------------------------------------------------------- what lies where
    def _items_near(
        self, pos: QPointF, item_type: type[QGraphicsItem] | None = None, width: float = 20, height: float = 20
    ) -> list[Any]:
        """Return what a press at `pos` means: a port, a card or a wire; with Shift no wire: a marquee may begin."""
        scene = self.scene()
        found: list[Any] = [scene.port_at(pos, pressed=True), scene.node_at(pos), scene.piece_at(pos)]
        found += [scene.junction_at(pos), scene.lost_at(pos)]
        if not self.SHIFT_state and not self.CTRL_state:
            found.append(self.scene().wire_at(pos))
        return [item for item in found if item is not None and (item_type is None or isinstance(item, item_type))]

    # -------------------------------------------------------------- mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Read the modifiers from the event (a key may have gone down elsewhere), then pan, wire, select or drag."""
        place = self._pressed = self.mapToScene(event.position().toPoint())
        keys = event.modifiers()
        if event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and self._space
        ):
            self._panning = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        if self.gesture.active:
            if event.button() == Qt.MouseButton.LeftButton:
                self.gesture.drop(place)
            else:
                self.gesture.cancel()
            self.viewport().update()
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._node_positions = {}  # NodeGraphQt keeps those of a marquee: Escape would put cards back to there
        self.ALT_state, self.SHIFT_state = bool(keys & _ALT), bool(keys & _SHIFT)
        self.CTRL_state = bool(keys & _CTRL) and not self.SHIFT_state
        if self.CTRL_state and (self.scene().node_at(place) or self.scene().piece_at(place)) is not None:
            self.CTRL_state, self.SHIFT_state = False, True  # Ctrl and click toggles, as everywhere else
        super().mousePressEvent(event)
        grabbed = self.scene().mouseGrabberItem()
        if isinstance(grabbed, PieceItem) and grabbed.resizing:
            self._rubber_band.isActive = False  # its edge reaches outside, where a marquee begins and eats the release

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, or let NodeGraphQt and the scene follow the hand."""
        at = event.position().toPoint()
        if self._panning is not None:
            step = self._panning - at
            self._panning = at
            self._set_viewer_pan(step.x() / self.zoom(), step.y() / self.zoom())
            return
        super().mouseMoveEvent(event)
        if event.buttons() & Qt.MouseButton.LeftButton and not self.viewport().rect().contains(at):
            self.leaving.follow(self._carried(), event.globalPosition().toPoint())
        else:
            self.leaving.end()
        if self._rubber_band.isVisible():
            for wire in self.selected_pipes():  # a marquee is for cards; the wires between them go with them
                wire.setSelected(False)
            whole = self.mapToScene(self._rubber_band.geometry()).boundingRect()
            for item in self.scene().selectedItems():
                if isinstance(item, FrameItem) and not whole.contains(item.box()):
                    item.setSelected(False)  # a marquee is drawn on frames; those are chosen that it goes around
        if self.gesture.active:
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what the press began."""
        if self._panning is not None:
            self._panning = None
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if self._space else Qt.CursorShape.ArrowCursor)
            return
        left = self.leaving.over
        if left:  # what was drawn out of the canvas stays where it was on it
            self.leaving.over = False
            self.cancel()
        super().mouseReleaseEvent(event)
        if left:
            self.leaving.drop(event.globalPosition().toPoint())
        self.ALT_state = self.SHIFT_state = self.CTRL_state = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Tell of a double click; a second press on a port goes on as a press."""
        at = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.gesture.active or self.scene().port_at(self.mapToScene(at), pressed=True) is not None:
            self.mousePressEvent(event)
            return
        self.double_clicked.emit(at)

    def _carried(self) -> tuple[Subject, ...]:
        """Return what the hand has drawn out of the canvas: a wire, the field that it took a card by, or cards."""
        grabbed = self.scene().mouseGrabberItem()
        if self.gesture.start is not None:
            return of_port(self.gesture.start)
        if not isinstance(grabbed, NodeItem) or not self._node_positions:
            return ()
        chosen = [item for item in self.scene().selectedItems() if isinstance(item, NodeItem) and item is not grabbed]
        field = self._field if not chosen else ""
        node = grabbed.node
        return (Subject("field", node.function, node.id, field),) if field else of_cards((grabbed, *chosen))

    def will_move(self, item: Movable) -> None:
        """Note where something stands that is about to move, so that the release can tell that it did."""
        self._node_positions.setdefault(item, item.xy_pos)

    def say_hint(self, lines: tuple[str, ...]) -> None:
        """Say this in the middle of the canvas."""
        if lines != self.hint:
            self.hint = lines
            self.viewport().update()

    def _card_taken(self, card: Movable) -> None:
        self.will_move(card)
        chip = chip_at(card, self._pressed, self.zoom()) if isinstance(card, NodeItem) else None
        self._field = chip.label if chip is not None else ""
        if self.dragging is not None:
            self.dragging.begin(card)
        self._rubber_band.isActive = False  # Qt takes a card a pixel beside its edge too, where a marquee had begun

    def cancel(self) -> bool:
        """Take back the gesture that is going on; return whether there was one."""
        self.leaving.end()
        if self.gesture.active:
            self.gesture.cancel()
            self.viewport().update()
            return True
        grabbed = self.scene().mouseGrabberItem()
        if isinstance(grabbed, PieceItem) and grabbed.resizing:
            grabbed.take_back()
            grabbed.ungrabMouse()
            self._node_positions = {}
            return True
        if self.LMB_state and self._node_positions:
            if grabbed is not None:
                grabbed.ungrabMouse()
            self.scene().dropped()  # no line and no lit frame stay behind
            places, self._node_positions = self._node_positions, {}
            for card, place in places.items():
                card.xy_pos = place
            return bool(places)
        return False

    # -------------------------------------------------------------- keys
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, space to pan, and the canvas's own keys; the rest goes on to the window."""
        if event.key() == Qt.Key.Key_Escape and self.cancel():
            event.accept()
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif not self.keys(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End panning by space."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.viewport().unsetCursor()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Let Tab ask for a node; Shift+Tab and Ctrl+Tab lead the keyboard out of the canvas, back and on."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            tab = event.key() == Qt.Key.Key_Tab and not event.modifiers() & _ALT
            if tab and (self.focusNextPrevChild(True) if event.modifiers() & _CTRL else self.keys(event)):
                event.accept()
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Leave NodeGraphQt's menu bar out, which would bring its own shortcuts."""
        QGraphicsView.focusInEvent(self, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget keys that are held: their release goes elsewhere."""
        self._space = False
        self.viewport().unsetCursor()
        QGraphicsView.focusOutEvent(self, event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for our menu instead of NodeGraphQt's."""
        self.RMB_state = False
        at, on_screen = event.pos(), event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:  # the cursor may be anywhere: it is about the selection
            at = self.selected_at()
            on_screen = self.viewport().mapToGlobal(at)
        self.menu_requested.emit(at, on_screen)
        event.accept()

    def selected_at(self) -> QPoint:
        """Return where the first selected thing can be taken hold of; the middle of the view if nothing is selected."""
        place = self.visible_rect().center()
        for item in self.scene().selectedItems():
            if isinstance(item, WireItem):
                place = item.labels[0].center() if item.labels else item.middle()
            elif isinstance(item, NodeItem | PieceItem):
                place = item.box().topLeft() + QPointF(24, 16)
            elif isinstance(item, JunctionItem):
                place = item.pos()
            else:
                continue
            break
        return self.mapFromScene(place)

    def viewportEvent(self, event: QEvent) -> bool:
        """Make the text of a tooltip only when it is asked for: it holds the newest value."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.mapToScene(event.pos())
            item = self.scene().port_at(place) or self.scene().node_at(place) or self.scene().wire_at(place)
            text = self.tip(item) if item is not None else ""
            if text:
                QToolTip.showText(event.globalPos(), text, self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    # -------------------------------------------------------------- drops
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take node types of the library, and files."""
        self.dropping.offer(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show what a drop here would do."""
        self.dropping.move(event, self.mapToScene(event.position().toPoint()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget what was aimed at."""
        self.dropping.leave()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for what was dropped."""
        self.dropping.drop(event, self.mapToScene(event.position().toPoint()))

    # -------------------------------------------------------------- painting
    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint the hint of an empty canvas, and why a port refuses, in screen pixels."""
        if not self.hint and not self.gesture.message and not self.dropping.message:
            return
        view = QRectF(self.viewport().rect())
        painter.save()
        painter.resetTransform()
        if self.hint:
            paint_hint(painter, view, self.hint)
        if self.gesture.message:
            paint_message(painter, view, self.gesture.message, self.mapFromScene(self.gesture.place))
        elif self.dropping.message:
            if (card := self.dropping.card) is not None and card.scene() is not None:
                box = QRectF(self.mapFromScene(card.box()).boundingRect()).adjusted(-3, -3, 3, 3)
                painter.setPen(QPen(tint(theme().error if self.dropping.refuses else theme().accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box, 8, 8)
            at = self.mapFromScene(self.dropping.place) + _BELOW_DRAG
            paint_message(painter, view, self.dropping.message, at, refuses=self.dropping.refuses)
        painter.restore()
