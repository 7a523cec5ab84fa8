"""The ground of an arm of an `if`: a thin line around what runs only where its test holds, with the head of the arm."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from flodesk.ui.canvas.ground_item import Ground
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import mixed
from flodesk.ui.canvas.regions import LABEL, SIDE, Margin
from flodesk.ui.theme import Theme

_FILL, _FILL_DARK, _DEEPER = 0.035, 0.04, 0.012
_LINE, _LINE_DARK = 0.34, 0.42


class ArmItem(Ground):
    """A line and a breath of the colour of the port that the arm hangs on: another kind than a loop's wide tint."""

    corner = 14.0

    def head(self, cards: Sequence[NodeItem]) -> NodeItem | None:
        """Return the card that is nearest to the upper left."""
        return min(cards, key=lambda card: card.x() + card.y(), default=None)

    def stand(self, head: NodeItem, margin: Margin) -> None:
        """Let the label stand above that of a loop or an arm within, no wider than the ground."""
        box = head.box()
        self.label.stand(box.topLeft() - QPointF(margin.side - SIDE, margin.above - LABEL), box.width() + SIDE)

    def color(self, look: Theme) -> QColor:
        """Return a breath of the truth that decides."""
        share = (_FILL_DARK if look.dark else _FILL) + _DEEPER * min(self.depth, 3)
        return mixed(look.type_color("truth"), look.canvas, share)

    def edge(self, look: Theme) -> QColor | None:
        """Return the line around it."""
        return mixed(look.type_color("truth"), look.canvas, _LINE_DARK if look.dark else _LINE)
