"""The verbs on notes and frames: make, write, colour, fit, follow a link."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRectF, QUrl

from flodesk.flow import wiring
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, Many
from flodesk.flow.pieces import COLORS, Box, Key, Piece, PieceKind
from flodesk.ui.browsing import browse
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.dragging import Movable, carried, flat
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.picking import Picking
from flodesk.ui.canvas.pieces.frame_item import BAND, FrameItem
from flodesk.ui.canvas.pieces.item import PieceItem
from flodesk.ui.canvas.pieces.note_field import NoteField
from flodesk.ui.canvas.pieces.note_item import NoteItem
from flodesk.ui.canvas.placing import free_place
from flodesk.ui.canvas.rename import NameField
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.menus import Entry

_AIR = 28.0
"""Between a frame and what it was drawn around: the ground of a loop reaches 22 beyond its cards."""
_NOTE, _FRAME = (240.0, 120.0), (360.0, 240.0)
"""Sizes of those that are made where nothing is selected."""


_NEW = "new frame"
"""A frame and its first title are one step for undo."""


class Desk(QObject):
    """Makes and changes the notes and frames of a canvas.

    Attributes
    ----------
    field : NoteField or NameField, optional
        Where something is typed now.
    """

    def __init__(
        self, parent: QObject, document: Document, function: str, viewer: Viewer, board: Board, changes: Changes,
        picking: Picking,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._document = document
        self._function = function
        self._viewer = viewer
        self._board = board
        self._changes = changes
        self._picking = picking
        self.field: NoteField | NameField | None = None
        self.pointer: Callable[[], QPointF | None] = lambda: None
        """Gives what place the mouse points at; None where it is not over the canvas."""
        picking.open_piece, picking.resize = self.edit, self.resize
        viewer.scene().reshaped = self._reshaped
        viewer.scene().link_followed = self.follow_link

    # -------------------------------------------------------------- what is selected
    def selected(self) -> list[PieceItem]:
        """Return the selected notes and frames."""
        return [item for item in self._board.chosen() if isinstance(item, PieceItem)]

    def along(self) -> tuple[list[str], list[Key]]:
        """Return what a copy of the selection holds: nodes, and notes and frames; a frame comes with what is in it."""
        chosen: list[Movable] = self._board.chosen()
        every = [*chosen, *carried(self._board, chosen)]
        nodes = [item.node.id for item in every if isinstance(item, NodeItem)]
        return nodes, [item.piece.key for item in every if isinstance(item, PieceItem)]

    def select_along(self, nodes: Iterable[str] = ()) -> None:
        """Select what the selected frames carry, too, and some more nodes."""
        chosen: list[Movable] = self._board.chosen()
        more = [self._board.cards[key] for key in nodes if key in self._board.cards]
        self._picking.choose([*dict.fromkeys((*chosen, *carried(self._board, chosen), *more))], reveal=False)

    def select(self, keys: Iterable[Key]) -> None:
        """Select some notes and frames alone."""
        self._picking.choose([self._board.pieces[key] for key in keys if key in self._board.pieces])

    # -------------------------------------------------------------- making
    def add_note(self, place: QPointF | None = None) -> None:
        """Let a new note be typed; it is there once something stands on it.

        It comes to the place, else to where the mouse points, else to the middle of the view.
        """
        pointed = place if place is not None else self.pointer()
        middle = pointed if pointed is not None else self._viewer.visible_rect().center()
        corner = (round(middle.x() - _NOTE[0] / 2), round(middle.y() - _NOTE[1] / 2))
        taken = [flat(card.box()) for card in self._board.cards.values()]
        taken += [item.flat() for item in self._board.pieces.values() if isinstance(item, NoteItem)]
        box: Box = (*free_place(corner, _NOTE, taken), *_NOTE)
        if not self._viewer.visible_rect().contains(QRectF(*box)):
            self._viewer.bring_in(QRectF(*box))

        def done(text: str) -> None:
            if text.strip():
                self._add("note", self._grown(box, text), text)

        self._open(NoteField(self._viewer, "", lambda: QRectF(*box), done))

    def add_frame(self, place: QPointF | None = None) -> None:
        """Draw a frame around the selection, or at a place, or in the middle of the view; let its title be typed."""
        chosen = self._board.chosen()
        if chosen:
            box = around(item.box() for item in chosen)
        else:
            middle = place if place is not None else self._viewer.visible_rect().center()
            box = (round(middle.x() - _FRAME[0] / 2), round(middle.y() - _FRAME[1] / 2), *_FRAME)
        self._document.seal()
        added = self._add("frame", box)
        if added is not None:
            self._title(added, merge=_NEW)

    def _add(self, kind: PieceKind, box: Box, text: str = "") -> PieceItem | None:
        made: list[Piece] = []

        def adding() -> Edit:
            edit, piece = wiring.new_piece(self._document.flow, self._function, kind, box, text)
            made.append(piece)
            return self._changes.keeping_places([edit], edit.title)

        if not self._changes.do(adding, merge=_NEW if kind == "frame" else ""):
            return None
        self.select([made[0].key])
        return self._board.pieces.get(made[0].key)

    # -------------------------------------------------------------- writing
    def edit(self, item: PieceItem) -> None:
        """Let the text of a note, or the title of a frame, be typed where it stands."""
        if isinstance(item, FrameItem):
            self._title(item)
            return
        key, text = item.piece.key, item.piece.text

        def done(new: str) -> None:
            now = self._board.pieces.get(key)
            if now is not None and new != text:
                self._write(replace(now.piece, text=new, box=self._grown(now.flat(), new)))

        def box() -> QRectF | None:
            now = self._board.pieces.get(key)
            return now.box() if now is not None else None

        if not self._viewer.visible_rect().contains(item.box().topLeft() + QPointF(20, 20)):
            self._viewer.center_on(item.box().center())
        self._open(NoteField(self._viewer, text, box, done))

    def _title(self, item: FrameItem | PieceItem, merge: str = "") -> None:
        key = item.piece.key

        def accept(title: str) -> str:
            now = self._board.pieces.get(key)
            if now is not None:
                self._write(replace(now.piece, text=title), merge)
            return ""

        if isinstance(item, FrameItem):
            if not self._viewer.visible_rect().contains(item.box().topLeft() + QPointF(40, 10)):
                self._viewer.center_on(item.box().center())
            field = NameField(self._viewer, item, accept, item.piece.text)
            field.setAccessibleName("Title of the frame")
            field.setPlaceholderText("Title of the frame")
            self._open(field)

    def _open(self, field: NoteField | NameField) -> None:
        self.field = field
        field.closed.connect(lambda: self._closed(field))

    def _closed(self, field: object) -> None:
        if self.field is field:
            self.field = None

    def _grown(self, box: Box, text: str) -> Box:
        """Return a note's box, higher if its text needs that."""
        needed = NoteItem(Piece("note", "", box, text)).height_of_words()
        return box[0], box[1], box[2], max(box[3], float(round(needed)))

    def _write(self, piece: Piece, merge: str = "") -> bool:
        flow = self._document.flow
        return self._changes.do(lambda: wiring.set_piece(flow, self._function, piece), merge)

    # -------------------------------------------------------------- changing
    def _reshaped(self, item: PieceItem) -> None:
        box = item.flat()
        self._changes.do(
            lambda: Many(tuple(wiring.put_pieces(self._document.flow, self._function, {item.piece.key: box})), "Resize")
        )

    def resize(self, step: QPointF) -> bool:
        """Make the selected notes and frames larger or smaller; return whether there were any."""
        boxes: dict[Key, Box] = {}
        for item in self.selected():
            x, y, width, height = item.flat()
            boxes[item.piece.key] = (x, y, max(96.0, width + step.x()), max(48.0, height + step.y()))
        if not boxes:
            return False
        edits = wiring.put_pieces(self._document.flow, self._function, boxes)
        merge = f"resize {' '.join(name for _, name in sorted(boxes))}"
        return self._changes.do(lambda: edits[0] if len(edits) == 1 else Many(tuple(edits), "Resize"), merge)

    def color(self, name: str) -> None:
        """Give the selected notes and frames a colour."""
        flow = self._document.flow
        edits = [wiring.set_piece(flow, self._function, replace(i.piece, color=name)) for i in self.selected()]
        self._changes.do(lambda: Many(tuple(edits), f"Colour {name}"))

    def fit(self, frame: FrameItem) -> None:
        """Draw a frame close around what it carries."""
        inner = carried(self._board, [frame])
        if inner:
            piece = replace(frame.piece, box=around(item.box() for item in inner))
            self._changes.do(lambda: wiring.set_piece(self._document.flow, self._function, piece, "Fit a frame"))

    def follow_link(self, link: str) -> None:
        """Show the node that a link names (``#clean``), or open a page in the browser; nothing else is opened."""
        url = QUrl(link)
        if link.startswith("#"):
            self._picking.select([link[1:]])
        elif url.scheme() in ("http", "https"):
            browse(url)
        else:
            self._changes.refuse(f"“{link}” is not opened: a link goes to https://…, or to a node as #name.")

    # -------------------------------------------------------------- the menu
    def entries(self, item: PieceItem) -> list[Entry]:
        """Return what the context menu of a note or frame offers."""
        found: list[Entry] = [
            ("Edit the title…" if isinstance(item, FrameItem) else "Edit the text…", "F2", lambda: self.edit(item))
        ]
        if isinstance(item, FrameItem):
            inner = carried(self._board, [item])
            found.append(("Select what is in it", "", lambda: self._picking.choose(inner, reveal=False)))
            found.append(("Fit to what is in it", "", lambda: self.fit(item)))
        found.append(("Colour", "", [(name.capitalize(), "", lambda c=name: self.color(c)) for name in COLORS]))  # type: ignore[misc]
        return [*found, None, ("Delete", "Del", self._picking.delete_selection)]


def around(boxes: Iterable[QRectF]) -> Box:
    """Return the box of a frame around some rectangles."""
    every = QRectF()
    for box in boxes:
        every = every.united(box)
    every = every.adjusted(-_AIR, -_AIR - BAND, _AIR, _AIR)
    return float(round(every.x())), float(round(every.y())), float(round(every.width())), float(round(every.height()))
