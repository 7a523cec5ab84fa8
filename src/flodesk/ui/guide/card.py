"""The picture of a node type's card, drawn by what draws it on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from flodesk.flow import wiring
from flodesk.flow.boxes import Node
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import EditError
from flodesk.flow.graph import picture
from flodesk.flow.script import read
from flodesk.flow.spec import NodeSpec
from flodesk.ui.canvas.node_item import NodeItem

_EMPTY = read('def flow():\n    pass\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n')


def card_image(node: Node, scale: float = 2.0) -> QImage:
    """Return the card of a node in the theme in force, in `scale` pixels a pixel of the canvas at 100 %."""
    item = NodeItem(node)
    box: QRectF = item.boundingRect()
    image = QImage(round(box.width() * scale), round(box.height() * scale), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-box.topLeft())
        item.paint(painter, QStyleOptionGraphicsItem())
    return image


def new_node(spec: NodeSpec, catalog: Catalog) -> Node | None:
    """Return a node of a type as it stands in a flow that has nothing else; None where there can be none."""
    try:
        edit, name = wiring.add_node(_EMPTY, catalog, "flow", spec.path, (0.0, 0.0))
        flow, _ = edit.apply(_EMPTY)
    except (wiring.Refused, EditError, ValueError, KeyError):
        return None
    return picture(flow, catalog.with_flow(flow), "flow").nodes.get(name)


__all__ = ["card_image", "new_node"]
