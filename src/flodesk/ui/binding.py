"""What is wanted on the control panel, wherever a hand asks for it: on the canvas, in the inspector, at a probe.

And the way back: the node of the view that a hand is at is selected on the canvas, and so shown by the inspector.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget

from flodesk.flow.model import Address
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvas.leaving import of_port
from flodesk.ui.canvases import Canvases
from flodesk.ui.docks import Docks
from flodesk.ui.inspector import Inspector
from flodesk.ui.menus import Entry
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.dropping import Dropping, board_at
from flodesk.ui.screens import Screens
from flodesk.ui.subject import Subject


class Binding(QObject):
    """Brings ports, fields and nodes to the panel."""

    def __init__(
        self,
        window: QWidget,
        panel: ControlPanel,
        screens: Screens,
        canvases: Canvases,
        inspector: Inspector,
        docks: Docks,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._canvases = canvases
        self._inspector = inspector
        self._docks = docks
        self._over: Dropping | None = None
        panel.dropping.fitting.selected = lambda: (canvases.function, canvases.current.selection())
        inspector.panel_entries = self.entries
        for page in canvases.pages:
            self._introduce(page)
        canvases.page_made.connect(self._introduce)
        panel.touched.changed.connect(self.show_nodes)
        screens.touched.connect(self.show_nodes)

    def _introduce(self, page: FlowCanvas) -> None:
        page.viewer.leaving.outside = self
        page.context.panel_entries = self.entries

    # -------------------------------------------------------------- a hand is at views of the panel
    def show_nodes(self, nodes: Sequence[str]) -> None:
        """Show nodes (``function.node``) in the inspector: selected on the canvas, which moves for none of them.

        One of a function whose canvas is not in front is shown by the inspector alone.
        """
        found = [Address.parse(node) for node in nodes]
        function, page = found[-1].function, self._canvases.current
        ids = [one.id for one in found if one.function == function]
        if function == page.function:
            if ids != page.selection() and all(page.board.node_of(name) is not None for name in ids):
                page.select(ids, reveal=False)
        elif (self._inspector.function, self._inspector.ids) != (function, ids):
            page.select([])
            self._inspector.show_soon(function, ids)

    # -------------------------------------------------------------- a gesture of the canvas, over the panel
    def follow(self, subjects: Sequence[Subject], on_screen: QPoint) -> bool:
        """Show where the subjects would lie on the panel, if the point of the screen is over one."""
        found = board_at(on_screen, self._window)
        if self._over is not None and self._over is not found:
            self._over.leave()
        self._over = found
        if found is not None:
            found.follow(subjects, found.at(on_screen))
        return found is not None

    def leave(self) -> None:
        """Forget what was shown there."""
        if self._over is not None:
            self._over.leave()
            self._over = None

    def drop(self, subjects: Sequence[Subject], on_screen: QPoint) -> None:
        """Show on the panel what was let go over it."""
        found, self._over = self._over, None
        if found is not None:
            found.drop(subjects, found.at(on_screen))

    # -------------------------------------------------------------- menus and keys
    def entries(self, subject: Subject) -> list[Entry]:
        """Return the entry of a context menu that shows something on the panel, with the forms that fit it."""
        listed = self._panel.dropping.entries(subject)
        if not listed:
            return []
        return [("Show on the panel", "", [_first(entry, self._open) for entry in listed])]

    def _open(self) -> None:
        if not self._docks.panel.shown:
            self._docks.panel.toggle()

    @property
    def possible(self) -> bool:
        """Whether something is chosen that could be shown."""
        page = self._canvases.current
        return self._in_inspector() is not None or page.walk.port is not None or bool(page.selection())

    def _in_inspector(self) -> QWidget | None:
        """Return what has the keyboard in the inspector, if it is there."""
        focused = QApplication.focusWidget()
        return focused if focused is not None and self._inspector.isAncestorOf(focused) else None

    def subject(self) -> Subject | None:
        """Return what the keyboard is at: a field of the inspector, a port, else the first selected node."""
        if (focused := self._in_inspector()) is not None:
            return self._inspector.subject_at(focused)
        page = self._canvases.current
        port = page.walk.port
        if port is not None:
            return next(iter(of_port(port)))
        chosen = page.selection()
        return Subject("node", page.function, chosen[0]) if chosen else None

    def ask(self) -> None:
        """Ask in which form what the keyboard is at is to be shown, beside it."""
        subject = self.subject()
        if subject is None:
            return
        self._open()
        page = self._canvases.current
        if (focused := self._in_inspector()) is not None:
            at = focused.mapToGlobal(QPoint(0, focused.height()))
        else:
            port, viewer = page.walk.port, page.viewer
            place = viewer.mapFromScene(port.middle()) if port is not None else viewer.selected_at()
            at = viewer.viewport().mapToGlobal(place)
        self._panel.dropping.ask(subject, page, at)

    def ask_value(self, name: str) -> None:
        """Ask in which form a value (``function.variable``) is to be shown, where the mouse is."""
        self._open()
        self._panel.dropping.ask(Subject.of_value(name), self._canvases.current, QCursor.pos())


def _first(entry: Entry, before: Callable[[], object]) -> Entry:
    """Return an entry that does something else first."""
    if entry is None:
        return None
    title, shortcut, verb = entry
    if not callable(verb):
        return title, shortcut, [_first(one, before) for one in verb]
    return title, shortcut, lambda: (before(), verb())


__all__ = ["Binding"]
