"""The ground of a loop: a tint behind everything that runs once a turn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor

from flodesk.ui.canvas.ground_item import Ground
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import mixed
from flodesk.ui.theme import Theme

_EDGE_SHARE = 0.3
"""How strong the line around a loop in a loop is."""


class LoopItem(Ground):
    """The tint of one loop: a shade stronger, and with a line around it, where it stands in another."""

    corner = 26.0

    def head(self, cards: Sequence[NodeItem]) -> NodeItem | None:
        """Return its producer."""
        return next((card for card in cards if card.id == self.region.owner), None)

    def color(self, look: Theme) -> QColor:
        """Return a tint of the shelf that producers are on."""
        share = (0.055 if look.dark else 0.05) + 0.03 * min(self.depth, 3)
        return mixed(look.category_color("timing"), look.canvas, share)

    def edge(self, look: Theme) -> QColor | None:
        """Return a line that tells it from what it stands in."""
        return mixed(look.category_color("timing"), look.canvas, _EDGE_SHARE) if self.depth else None
