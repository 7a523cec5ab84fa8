"""What is selected on a board: the views, their group, and how that is called."""

from __future__ import annotations

from flodesk.flow.groups import whole
from flodesk.ui.panel.layout import grouping
from flodesk.ui.panel.layout.board import Board


class Chosen:
    """Says of a board what verbs have to know of the selection."""

    def __init__(self, board: Board) -> None:
        self._board = board

    @property
    def keys(self) -> tuple[str, ...]:
        """The views that are selected."""
        return tuple(key for key in self._board.glass.selection if key in self._board.cards)

    @property
    def group(self) -> str:
        """The group that is selected, or of which all are that are selected; empty if there is none."""
        return grouping.group_of(self._board.members(), self.keys) if self.keys else ""

    @property
    def grouped(self) -> bool:
        """Whether a view of a group is selected."""
        members = self._board.members()
        return any(members[key].group for key in self.keys)

    def in_order(self) -> list[str]:
        """Return the views in the order of the flow, which is that of the tabs."""
        return [key for key in self._board.places() if key in self.keys]

    def words(self) -> str:
        """Say what is selected, for the title of an edit."""
        if self.group and self.group in whole(self._board.members(), self.keys):
            return f"the group “{self.group}”"
        return self.keys[0].rpartition(".")[2] if len(self.keys) == 1 else f"{len(self.keys)} views"
