"""The line under the mouse: it stays where the mouse rests, whatever runs below it."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt

from flodesk.ui.panel.faces.curves.curves import Curve
from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme

_ENDS = (
    QEvent.Type.Leave,
    QEvent.Type.Hide,
    QEvent.Type.WindowBlocked,  # by a dialog
    QEvent.Type.WindowDeactivate,
)
"""After these nobody points at the plot any more, although Qt does not always say that the mouse has left."""


class PointedAt(Protocol):
    """A plot that the mouse may be on."""

    plot: Any
    box: Any
    curves: tuple[Curve, ...]

    def tell(self) -> None:
        """Say what is to be said now in the legend."""


class Pointer(QObject):
    """Knows where on the screen the mouse is, and so at which place of the axis, also after the axis has moved."""

    def __init__(self, plot: PointedAt, library: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._plot, self._library = plot, library
        self._mouse: QPointF | None = None
        """Where the mouse is in the scene; None while it is elsewhere."""
        self._line = library.InfiniteLine(angle=90, movable=False)
        self._line.setVisible(False)
        plot.box.addItem(self._line, ignoreBounds=True)
        plot.plot.scene().sigMouseMoved.connect(self._move)
        plot.plot.viewport().installEventFilter(self)

    def place(self) -> float | None:
        """Put the line under the mouse and return its place on the horizontal axis; None where the mouse is not."""
        box = self._plot.box
        inside = self._mouse is not None and bool(self._plot.curves) and box.sceneBoundingRect().contains(self._mouse)
        self._line.setVisible(inside)
        if not inside:
            return None
        self._line.setPos(box.mapSceneToView(self._mouse).x())
        return float(self._line.value())

    def _move(self, mouse: QPointF) -> None:
        self._mouse = QPointF(mouse)
        self._plot.tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """End with the mouse's stay."""
        if self._mouse is not None and event.type() in _ENDS:
            self._mouse = None
            self._plot.tell()
        return False

    def wear_theme(self) -> None:
        """Take the colours of the theme."""
        self._line.setPen(self._library.mkPen(color(theme().muted), width=1, style=Qt.PenStyle.DashLine))


__all__ = ["Pointer"]
