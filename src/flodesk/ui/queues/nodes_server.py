"""Which server the single nodes on the Redis queue go to, for the tips of their cards."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from flodesk.flow.document import Change, Document
from flodesk.flow.place_rules import places, queue_of
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvases import Canvases
from flodesk.ui.queues.desk import Desk, View
from flodesk.ui.queues.local_row import ServerTold, place


class NodesServer(QObject):
    """Has what the desk has found out in its thread: a tip asks neither a server nor the keyring.

    It is found out anew when the open flow has such nodes, and whenever another server is in use.
    """

    def __init__(self, parent: QObject, document: Document, desk: Desk, told: ServerTold) -> None:
        super().__init__(parent)
        self._document, self._desk = document, desk
        self._address = self._origin = ""
        self._asked = False
        desk.found.connect(self._take)
        desk.looked.connect(self._look)
        told.changed.connect(self._changed, Qt.ConnectionType.QueuedConnection)
        document.listeners.append(self._follow)
        self._follow()

    def stand_in(self, canvases: Canvases) -> None:
        """Let the cards of all canvases say it."""
        canvases.page_made.connect(self._dress)
        for page in canvases.pages:
            self._dress(page)

    def words(self, function: str, node: str) -> str:
        """Say it of a node; nothing of one that is elsewhere, or where it is not known."""
        flow = self._document.flow
        if not self._address or places(flow, function).get(node) != "rq":
            return ""
        if self._origin != "the local queue":
            return f"goes to {self._address} ({self._origin})"
        # its workers listen to the usual queue alone
        return "" if queue_of(flow, function, node) else f"goes to the local queue at {place(self._address)}"

    def _dress(self, page: FlowCanvas) -> None:
        page.server_of = lambda node: self.words(page.function, node)

    def _take(self, address: str, origin: str, _: str) -> None:
        self._address, self._origin = address, origin

    def _look(self, view: View) -> None:
        if view.address:
            self._take(view.address, view.origin, "")

    def _changed(self) -> None:
        self._address, self._asked = "", False
        self._follow()

    def _follow(self, _: Change | None = None) -> None:
        if not self._asked and _has_such_nodes(self._document):
            self._asked = True
            self._desk.find_out()


def _has_such_nodes(document: Document) -> bool:
    flow = document.flow
    return any("rq" in places(flow, function).values() for function in flow.functions)


__all__ = ["NodesServer"]
