"""What a drag on the canvases snaps to, as the user wants it in every window that is opened from now on."""

from __future__ import annotations

from flodesk.ui.canvas.snapping import Snaps
from flodesk.ui.settings import settings


class SnapSwitches(Snaps):
    """The switches as they were left, and the verbs of the View menu that turn them."""

    def __init__(self) -> None:
        store = settings()
        guides, grid = store.value("canvas/guides", True, bool), store.value("canvas/grid", False, bool)
        super().__init__(bool(guides), bool(grid))

    def toggle_guides(self) -> None:
        """Let a drag snap to the edges and middles of other cards, or not."""
        self.guides = not self.guides
        settings().setValue("canvas/guides", self.guides)

    def toggle_grid(self) -> None:
        """Let a drag snap to the dots of the ground, or not."""
        self.grid = not self.grid
        settings().setValue("canvas/grid", self.grid)
