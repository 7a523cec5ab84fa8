"""What a plot is painted on. pyqtgraph takes a third of a second to import, so it waits for the first plot."""

from __future__ import annotations

from functools import cache
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.faces.curves.axes import EXACT
from flodesk.ui.panel.faces.curves.pieces import curve_class


def _ground(view: Any, size: QSize, ratio: float) -> QImage:
    """Return the ground of a view as its axes are now: a layer for each, over that of the one before."""
    below, anew = QImage(), False
    for number, axis in enumerate(view.axes):
        layer = view.layers[number]
        if layer.size() != size * ratio:
            layer = view.layers[number] = QImage(size * ratio, QImage.Format.Format_RGB32)
            layer.setDevicePixelRatio(ratio)
            axis.picture = None
        anew = anew or axis.picture is not layer
        if anew:
            with QPainter(layer) as painter:
                if below.isNull():
                    painter.fillRect(QRect(QPoint(), size), view.backgroundBrush())
                else:
                    painter.drawImage(QPoint(), below)
                painter.setTransform(axis.sceneTransform())
                axis.paint_on(painter, view.viewport())
            axis.picture = layer  # as long as it is, it is up to date
        below = layer
    return below


@cache
def surface_class() -> Any:
    """Return a view that paints curves itself where there is nothing else.

    Going by the scene, a frame of one curve of 1,000 points asks Python for 12 rectangles and 6 pictures, which takes
    three times as long as drawing it. Here the ground with its axes is one picture that stays until an axis moves.
    """
    import pyqtgraph

    curve = curve_class()

    class Surface(pyqtgraph.GraphicsView):  # type: ignore[misc]
        """A view of a `box` with its `axes`."""

        box: Any = None
        axes: tuple[Any, ...] = ()
        layers: list[QImage]
        """Background, grid and label of each axis over those of the ones before; the last is the whole ground."""

        def __init__(self, parent: QWidget) -> None:
            super().__init__(parent)
            self.setCacheMode(self.CacheModeFlag.CacheNone)  # the ground is kept here

        def setBackground(self, background: Any) -> None:
            """Take another background."""
            super().setBackground(background)
            self.layers = [QImage(), QImage()]

        def curves(self) -> list[Any] | None:
            """Return what is seen, from the back to the front; None where there is more to be seen than curves."""
            if self.box is None:
                return None
            seen = [item for item in self.box.childGroup.childItems() if item.isVisible()]
            if not all(isinstance(item, curve) for item in seen):
                return None
            return sorted(seen, key=curve.zValue) if len(seen) > 1 else seen

        def paintEvent(self, event: QPaintEvent) -> None:
            """Paint ground and curves; leave it to the scene where there is more, and in a picture made of lines."""
            curves = self.curves()
            if curves is None or not self.paint_curves(curves):
                super().paintEvent(event)

        def paint_curves(self, curves: list[Any]) -> bool:
            """Paint curves on the ground; False where they are wanted as lines."""
            with QPainter(self.viewport()) as painter:
                if painter.paintEngine().type() in EXACT:
                    return False
                self.box.prepareForPaint()
                ratio = painter.device().devicePixelRatioF()
                painter.drawImage(QPoint(), _ground(self, self.viewport().size(), ratio))
                if curves:
                    painter.setClipRect(self.box.sceneBoundingRect())
                    painter.setTransform(self.box.childGroup.sceneTransform(), True)
                for item in curves:
                    item.paint(painter)
            return True

        def drawBackground(self, painter: QPainter, area: Any) -> None:
            """Put the ground under what the scene paints."""
            if painter.paintEngine().type() in EXACT:
                super().drawBackground(painter, area)
            else:
                painter.drawImage(QPoint(), _ground(self, self.viewport().size(), painter.device().devicePixelRatioF()))

    return Surface
