"""What is dragged onto a canvas: node types of the library, and files. Shows what a drop would do, and asks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QDropEvent

from flodesk.flow.incoming import becomes
from flodesk.ui.canvas.card_words import called
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.scene import Scene
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.subject import NODE_MIME


class Dropping(QObject):
    """Follows a drag over the canvas.

    Signals
    -------
    node_dropped : path of a node type, place on the canvas
    node_dropped_on : the id of a node whose place a node type is to take, path of that
    files_dropped : paths of files, place on the canvas

    Attributes
    ----------
    message : str
        What the drop would do, or why it cannot, for the viewer to show at `place`.
    refuses : bool
        Whether the message says why not.
    """

    node_dropped = Signal(str, QPointF)
    node_dropped_on = Signal(str, str)
    files_dropped = Signal(list, QPointF)

    def __init__(self, parent: QObject, scene: Scene, repaint: Callable[[], object]) -> None:
        super().__init__(parent)
        self._scene = scene
        self._repaint = repaint
        self._wire: WireItem | None = None
        self.fits_into: Callable[[str, WireItem], str] = lambda *_: ""
        """Says why a node type cannot go into a wire; an empty text if it can."""
        self.stands_for: Callable[[str, str], str] = lambda *_: ""
        """Says why a node type cannot take the place of a node; an empty text if it can."""
        self.card: NodeItem | None = None
        """The card whose place the drop would take."""
        self.message = ""
        self.refuses = False
        self.place = QPointF()

    def offer(self, event: QDropEvent) -> bool:
        """Say whether what is dragged can be dropped here."""
        if event.mimeData().hasFormat(NODE_MIME) or files_of(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            return True
        event.ignore()
        return False

    def move(self, event: QDropEvent, place: QPointF) -> None:
        """Show what a drop here would do."""
        if not self.offer(event):
            return
        self.place = place
        if files := files_of(event):
            self.message = words_for(files)
            self.refuses = not any(becomes(Path(file)) for file in files)
            self._repaint()
        elif not self._aim_at_card(event, place):
            self._aim(self._scene.wire_near(place), _node_type(event))
            if not self.message and self._wire is None and (card := self._scene.node_at(place)) is not None:
                self.message, self.refuses = f"With Shift: in the place of {called(card.node)}", False

    def _aim_at_card(self, event: QDropEvent, place: QPointF) -> bool:
        """Mark the card whose place the dragged node would take: the one under the hand, with Shift."""
        card = self._scene.node_at(place) if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else None
        if card is not self.card:
            self._repaint()
        self.card = card
        if card is None:
            return False
        self._aim(None, "")
        why = self.stands_for(card.id, _node_type(event))
        self.message, self.refuses = why or f"Replaces {called(card.node)}", bool(why)
        return True

    def leave(self) -> None:
        """Forget what was aimed at."""
        self.card = None
        self._aim(None, "")

    def drop(self, event: QDropEvent, place: QPointF) -> None:
        """Ask for what was dropped."""
        if not self.offer(event):
            return
        files = files_of(event)
        card = self.card.id if not files and self._aim_at_card(event, place) and self.card is not None else ""
        self.leave()
        if files:
            self.files_dropped.emit(files, place)
        elif card:
            self.node_dropped_on.emit(card, _node_type(event))
        else:
            self.node_dropped.emit(_node_type(event), place)

    def _aim(self, wire: WireItem | None, path: str) -> None:
        """Mark the wire that the dragged node would go into; what it costs is paid once a wire."""
        if self._wire is not None and self._wire is not wire and self._wire.scene() is not None:
            self._wire.mark("")
        if wire is not None and wire is not self._wire:
            self.message = self.fits_into(path, wire)
            self.refuses = True
            wire.mark("refused" if self.message else "taken")
        self._wire = wire
        if wire is None:
            self.message = ""
        self._repaint()


def files_of(event: QDropEvent) -> list[str]:
    """Return the files and folders of this machine that are dragged."""
    return [path for url in event.mimeData().urls() if (path := url.toLocalFile())]


def words_for(files: list[str]) -> str:
    """Say what files would become, by their names."""
    if len(files) > 1:
        return f"{len(files)} files"
    name, what = Path(files[0]).name, becomes(Path(files[0]))
    return f"{name}: {what}" if what else f"No node reads {name}"


def _node_type(event: QDropEvent) -> str:
    """Return the path of the node type that is dragged."""
    return bytes(event.mimeData().data(NODE_MIME).data()).decode()
