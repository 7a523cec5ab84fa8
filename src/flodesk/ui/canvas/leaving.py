"""A gesture that leaves the canvas: a wire, or a card, that is drawn out over the control panel and let go there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QPoint

from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.subject import Subject


class Outside(Protocol):
    """What lies around the canvas and takes what is let go there."""

    def follow(self, subjects: Sequence[Subject], on_screen: QPoint) -> bool:
        """Show what a drop at a point of the screen would do; return whether something is there that takes drops."""

    def leave(self) -> None:
        """Forget what was shown: the gesture is back, or broken off."""

    def drop(self, subjects: Sequence[Subject], on_screen: QPoint) -> None:
        """Take what was let go."""


class Nowhere:
    """A canvas around which nothing takes anything."""

    def follow(self, subjects: Sequence[Subject], on_screen: QPoint) -> bool:
        """Take nothing."""
        return False

    def leave(self) -> None:
        """Do nothing."""

    def drop(self, subjects: Sequence[Subject], on_screen: QPoint) -> None:
        """Do nothing."""


class Leaving:
    """Follows one gesture beyond the edge of the canvas.

    Attributes
    ----------
    outside : Outside
        Who takes what is let go there.
    over : bool
        The hand is over something that takes drops.
    """

    def __init__(self) -> None:
        self.outside: Outside = Nowhere()
        self.over = False
        self._subjects: tuple[Subject, ...] = ()

    def follow(self, subjects: tuple[Subject, ...], on_screen: QPoint) -> bool:
        """Go along with the hand; return whether it is over something that takes drops."""
        before, self._subjects = self.over, subjects
        self.over = bool(subjects) and self.outside.follow(subjects, on_screen)
        if before and not self.over:
            self.outside.leave()
        return self.over

    def end(self) -> None:
        """Break the gesture off."""
        if self.over:
            self.over = False
            self.outside.leave()

    def drop(self, on_screen: QPoint) -> None:
        """Let go here."""
        self.over = False
        self.outside.drop(self._subjects, on_screen)


def of_port(port: PortItem) -> tuple[Subject, ...]:
    """Return what a wire that hangs on a port carries out of the canvas: the value of an output, or what is set."""
    node = port.node.node
    return (Subject("output" if port.is_output else "field", node.function, node.id, port.port.name),)


def of_cards(cards: Iterable[NodeItem]) -> tuple[Subject, ...]:
    """Return what cards carry out of the canvas: their nodes."""
    return tuple(Subject("node", card.node.function, card.node.id) for card in cards)
