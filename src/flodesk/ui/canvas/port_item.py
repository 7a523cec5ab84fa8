"""A port on the scene: where the hand hits it. Its node paints it."""

from __future__ import annotations

from functools import cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneHoverEvent

from flodesk.flow.graph import Port
from flodesk.ui.canvas.framework import AbstractNodeItem
from flodesk.ui.canvas.framework import PortItem as BasePort

Side = Literal["in", "out"]
_BOX = QRectF(-14, -10.5, 28, 21)
"""Around the port's middle: generous across, no higher than a row."""


@cache
def _cross() -> QCursor:
    return QCursor(Qt.CursorShape.CrossCursor)


class PortItem(BasePort):
    """A port; its own (0, 0) is the middle of its shape.

    Attributes
    ----------
    port : Port
        What the picture says of it; replaced when the picture changes.
    faded : bool
        It cannot take the wire that is being drawn.
    """

    _locked = _multi_connection = False
    itemChange = QGraphicsItem.itemChange
    """Qt's own, so that Qt need not ask Python: NodeGraphQt's would be called 42 times while a node is made."""

    def __init__(self, parent: AbstractNodeItem, side: Side, port: Port) -> None:
        # the constructor of NodeGraphQt's is left out: it takes 50 µs, most of it for flags that are taken back here
        QGraphicsItem.__init__(self, parent)
        self.setFlags(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.setAcceptHoverEvents(True)
        self.setCursor(_cross())
        self._pipes: list[object] = []
        self._hovered = False
        self.port_type = side
        self.port = port
        self.name = port.name
        self.faded = False

    @property
    def key(self) -> tuple[str, str]:
        """Side and name: unique on its node."""
        return self.port_type, self.port.name

    @property
    def end(self) -> tuple[str, str]:
        """Node id and port name, as wires name their ends."""
        return self.node.id, self.port.name

    @property
    def wired(self) -> bool:
        """A wire ends here."""
        return bool(self._pipes)

    @property
    def is_output(self) -> bool:
        """Values leave here."""
        return self.port_type == "out"

    def middle(self) -> QPointF:
        """Where a wire ends, in the scene."""
        return self.scenePos()

    def boundingRect(self) -> QRectF:
        """Return the area that takes clicks."""
        return _BOX

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        """Light up."""
        super().hoverEnterEvent(event)
        self.parentItem().update()

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        """Go back to normal."""
        super().hoverLeaveEvent(event)
        self.parentItem().update()
