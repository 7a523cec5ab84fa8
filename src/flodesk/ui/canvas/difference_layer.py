"""Differences on a canvas: items that lie over its cards and wires, and follow them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem

from flodesk.flow.diff.overlay import GoneWire, Overlay
from flodesk.flow.graph import Graph
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card import measure
from flodesk.ui.canvas.difference_items import GhostItem, GhostWire, MarkItem, NewWire, OldPlaceItem
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.placing import Place, places
from flodesk.ui.canvas.scene import Scene


class DifferenceLayer:
    """Shows an `Overlay` on the scene of a board; nothing while there is none.

    Attributes
    ----------
    shown : Overlay or None
    marks : by the id of the card
    ghosts : by the id of the card in the old picture
    """

    def __init__(self, scene: Scene, board: Board) -> None:
        self._scene, self._board = scene, board
        self.shown: Overlay | None = None
        self.marks: dict[str, MarkItem] = {}
        self.ghosts: dict[str, GhostItem] = {}
        self._lines: list[GhostWire | NewWire | OldPlaceItem] = []
        board.followed.append(self.follow)

    def show(self, overlay: Overlay | None, before: Graph | None = None) -> None:
        """Show an overlay; `before` is the picture that its ghosts are from. None takes everything away."""
        if overlay is None or overlay != self.shown or not self._whole():
            self.clear()
        if overlay is None or self.shown is not None:
            return
        self.shown = overlay
        cards = self._board.cards
        for name, mark in overlay.marks.items():
            if name in cards:
                marking = self.marks[name] = MarkItem(cards[name], mark)
                self._scene.addItem(marking)
                if mark.was is not None:
                    self._add(OldPlaceItem(cards[name], QPointF(*mark.was)))
        made_up = self._made_up(overlay, before)
        for name, ghost in overlay.ghosts.items():
            item = self.ghosts[name] = GhostItem(ghost.node, QPointF(*(ghost.place or made_up.get(name, (0.0, 0.0)))))
            self._scene.addItem(item)
        for ends in overlay.added:
            if ends in self._board.wires:
                self._add(NewWire(self._board.wires[ends]))
        for gone in overlay.gone:
            self._add_gone(gone)

    def clear(self) -> None:
        """Take everything away."""
        for item in (*self.marks.values(), *self.ghosts.values(), *self._lines):
            if item.scene() is not None:
                self._scene.removeItem(item)
        self.marks.clear()
        self.ghosts.clear()
        self._lines.clear()
        self.shown = None

    def follow(self, moved: Iterable[NodeItem] = ()) -> None:
        """Follow the cards that moved, and the wires that hang on them."""
        cards = set(moved)
        for mark in self.marks.values():
            if mark.card in cards:
                mark.follow()
        for line in self._lines:
            line.follow()

    def words(self, item: QGraphicsItem) -> tuple[str, ...]:
        """Say what is different at a card."""
        mark = self.marks.get(item.id) if isinstance(item, NodeItem) else None
        return mark.mark.words if mark is not None else ()

    def box_of_ghost(self, name: str) -> QRectF | None:
        """Return where the ghost of a card is; None if there is none."""
        found = self.ghosts.get(name)
        return found.box() if found is not None else None

    def extent(self) -> QRectF:
        """Return the part of the scene that the ghosts take; an empty one where there are none."""
        area = QRectF()
        for ghost in self.ghosts.values():
            area = area.united(ghost.box())
        return area

    # -------------------------------------------------------------- inner
    def _whole(self) -> bool:
        """Say whether what is shown still lies on the cards and wires that are there."""
        cards, wires = self._board.cards, set(map(id, self._board.wires.values()))
        marked = all(cards.get(name) is mark.card for name, mark in self.marks.items())
        return marked and all(not isinstance(line, NewWire) or id(line.wire) in wires for line in self._lines)

    def _add(self, item: GhostWire | NewWire | OldPlaceItem) -> None:
        self._lines.append(item)
        added: QGraphicsItem = item
        self._scene.addItem(added)

    def _add_gone(self, gone: GoneWire) -> None:
        ends = (gone.source, gone.source_gone), (gone.target, gone.target_gone)
        for (name, _), is_ghost in ends:
            if name not in (self.ghosts if is_ghost else self._board.cards):
                return
        self._add(
            GhostWire(
                lambda: self._place(gone.source, gone.source_gone, output=True),
                lambda: self._place(gone.target, gone.target_gone, output=False),
            )
        )

    def _place(self, end: tuple[str, str], is_ghost: bool, *, output: bool) -> QPointF | None:
        """Return where a wire that is gone begins or ends: at its port, or at the card where that is gone, too.

        None while the card is gone and the overlay does not know it yet.
        """
        name, port = end
        if is_ghost:
            return self.ghosts[name].end(port, output=output)
        card = self._board.cards.get(name)
        if card is None:
            return None
        found = card.ports.get(("out" if output else "in", port))
        if found is not None:
            return found.middle()
        box = card.box()
        return QPointF(box.right() if output else box.left(), box.center().y())

    def _made_up(self, overlay: Overlay, before: Graph | None) -> dict[str, Place]:
        """Find places for ghosts that the old file gives none: beside what they were wired to."""
        if before is None or all(ghost.place is not None for ghost in overlay.ghosts.values()):
            return {}
        cards = self._board.cards
        known = {old: (cards[new].x(), cards[new].y()) for old, new in overlay.now.items() if new in cards}
        known |= {name: ghost.place for name, ghost in overlay.ghosts.items() if ghost.place is not None}
        nodes = {name: node for name, node in before.nodes.items() if name in known or name in overlay.ghosts}
        sizes = {name: (card.width, card.height) for name, card in ((n, measure(node)) for n, node in nodes.items())}
        wires = tuple(w for w in before.wires if w.source[0] in nodes and w.target[0] in nodes)
        return places(Graph(before.function, nodes, wires), sizes, known)
