"""Fields as ends of a wire: which of them could take one, and where on a card they are hit."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from flodesk.flow.graph import Node
from flodesk.flow.spec import Parameter
from flodesk.flow.types import PortType, compatible
from flodesk.ui.canvas.card import Chip, chip_box
from flodesk.ui.canvas.card_paint import MIDDLE
from flodesk.ui.canvas.node_item import NodeItem


def fields_for(node: Node, kind: PortType) -> list[Parameter]:
    """Return the fields of a node that have no port yet and take values of a type, in the order of its help."""
    if node.spec is None:
        return []
    ported = {port.name for port in node.inputs}
    free = [node.spec.parameter(part.name) for part in node.fields if not part.wired and part.name not in ported]
    return [parameter for parameter in free if parameter is not None and compatible(kind, parameter.type)]


def chip_at(card: NodeItem, place: QPointF, zoom: float) -> Chip | None:
    """Return the field of a card under a point of the scene; None where the zoom shows no fields."""
    if zoom <= MIDDLE:
        return None
    inside = card.mapFromScene(place)
    return next((chip for chip in card.card.chips if chip_box(card.card, chip).contains(inside)), None)


def chip_end(card: NodeItem, chip: Chip) -> QPointF:
    """Return where a wire that is held over a field ends, in the scene."""
    box = chip_box(card.card, chip)
    return card.mapToScene(QPointF(box.left(), box.center().y()))
