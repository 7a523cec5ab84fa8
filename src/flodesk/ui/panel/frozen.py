"""All views of a panel that stand still, or go on."""

from __future__ import annotations

from flodesk.ui.panel.layout.board import Board


def freeze_all(board: Board, on: bool) -> None:
    """Let all views stand still while the run goes on, or go on with it."""
    for card in board.cards.values():
        card.freeze(on)


__all__ = ["freeze_all"]
