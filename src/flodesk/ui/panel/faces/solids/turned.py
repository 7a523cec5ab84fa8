"""What a hand turns and zooms: seen through a camera that follows mouse, wheel and keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.faces.solids.box import Edge
from flodesk.ui.panel.faces.solids.camera import FIRST, Camera
from flodesk.ui.panel.faces.wheel import leave_wheel
from flodesk.ui.panel.setting import Reading

_TURN = 0.5
"""Degrees that a pixel of a drag turns."""
_STEP = 5.0
_ZOOM = 1.15
_DIRECTIONS = {"From above": (0.0, 90.0), "From the front": (0.0, 0.0), "From the right": (90.0, 0.0)}


class TurnedFace(Face):
    """A hand turns it by a drag or the arrow keys, and zooms it with the wheel; a double click shows it as at first."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self.camera = self.first
        self._mouse: QPointF | None = None
        self._held: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def first(self) -> Camera:
        """The direction that the view says."""
        options = self.reading.options
        return Camera(float(options.get("azimuth", FIRST[0])), float(options.get("elevation", FIRST[1])))

    def show_reading(self, reading: Reading) -> None:
        """Take what the view says of the direction."""
        before = self.first
        super().show_reading(reading)
        if self.first != before:
            self.camera = self.first

    def edges(self) -> tuple[Edge, Edge, Edge] | None:
        """Return the axes; None before the first value, and where there is nothing to see."""
        raise NotImplementedError

    @property
    def pointing(self) -> QPointF | None:
        """Where the mouse points; None while it holds what is seen, or is elsewhere."""
        return self._mouse if self._held is None else None

    def look(self, camera: Camera) -> None:
        """See it from elsewhere."""
        self.camera = camera
        self.setAccessibleDescription(f"Seen from {camera.azimuth:.0f}°, {camera.elevation:.0f}° above")
        self.update()

    def actions_of_face(self) -> Iterator[QAction]:
        """Directions to see it from."""
        first = QAction("See it as at first (0)", self)
        first.triggered.connect(lambda: self.look(self.first))
        yield first
        for words, direction in _DIRECTIONS.items():
            action = QAction(words, self)
            action.triggered.connect(partial(self.look, Camera(*direction)))
            yield action

    def tip(self) -> str:
        """Return what the node says of itself, and how it is turned."""
        how = "Drag or press the arrow keys to turn it; the wheel zooms once it has the keyboard, with Ctrl always."
        return "\n".join(filter(None, (super().tip(), how)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        if event.button() != Qt.MouseButton.LeftButton or self.edges() is None:
            event.ignore()
            return
        self._held = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn what is held; else read off a point."""
        self._mouse = event.position()
        if self._held is not None:
            way, self._held = event.position() - self._held, event.position()
            self.look(self.camera.turned(-way.x() * _TURN, way.y() * _TURN))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None
        self.unsetCursor()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show it as at first."""
        self.look(self.first)

    def leaveEvent(self, event: QEvent) -> None:
        """Read off nothing any more."""
        self._mouse = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom, with the keyboard or with Ctrl; else the wheel is the panel's."""
        controlled = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self.edges() is None or not event.angleDelta().y():
            event.ignore()
            return
        if not (self.hasFocus() or controlled):
            leave_wheel(self, event)
            return
        self.look(self.camera.zoomed(_ZOOM ** (event.angleDelta().y() / 120.0)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn by the arrow keys as by a drag, zoom by + and -; 0 shows it as at first."""
        turns = {
            Qt.Key.Key_Left: (_STEP, 0.0), Qt.Key.Key_Right: (-_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -_STEP), Qt.Key.Key_Down: (0.0, _STEP),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in turns and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.look(self.camera.turned(*turns[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.look(self.camera.zoomed(_ZOOM))
        elif key == Qt.Key.Key_Minus:
            self.look(self.camera.zoomed(1 / _ZOOM))
        elif key == Qt.Key.Key_0:
            self.look(self.first)
        else:
            super().keyPressEvent(event)
