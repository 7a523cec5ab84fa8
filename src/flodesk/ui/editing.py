"""The verbs of the Edit menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from flodesk.flow import wiring
from flodesk.flow.document import Document
from flodesk.flow.edit import EditError
from flodesk.flow.graph import picture
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvases import Canvases
from flodesk.ui.checking import Checking
from flodesk.ui.led_beside import lead_beside
from flodesk.ui.library import Library
from flodesk.ui.menus import Entry


class Editing(QObject):
    """Undo, clipboard, adding and deleting.

    Signals: `refused` gives a sentence for the status bar, `said` one for above the canvas, with its level;
    `files_pasted` the paths of files that were copied.
    """

    refused = Signal(str)
    said = Signal(str, str)
    files_pasted = Signal(list)

    def __init__(
        self, window: QWidget, document: Document, checking: Checking, canvases: Canvases, library: Library
    ) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._checking = checking
        self._canvases = canvases
        self._library = library
        self.selection: list[str] = []
        self.undo_typed: Callable[[], bool] = lambda: False
        """Takes back what was typed into the script and is not in the flow yet; False if there is nothing such."""

        for page in canvases.pages:
            self._dress(page)
        canvases.page_made.connect(self._dress)

    def _dress(self, page: FlowCanvas) -> None:
        page.context.clipboard = self._clipboard
        page.adding.beside = partial(lead_beside, self._canvases, self.refused.emit, page.function)

    def _clipboard(self, *, selected: bool) -> list[Entry]:
        """Return what a context menu offers about copies."""
        paste: Entry = ("Paste", "Ctrl+V", self.paste)
        if not selected:
            return [paste]
        return [
            ("Cut", "Ctrl+X", self.cut),
            ("Copy", "Ctrl+C", self.copy),
            paste,
            ("Duplicate", "Ctrl+D", self.duplicate),
        ]

    # -------------------------------------------------------------- undo
    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._document.undo_title)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return bool(self._document.redo_title)

    def undo(self) -> None:
        """Take the last edit back."""
        if not self.undo_typed():
            self._document.undo()

    def redo(self) -> None:
        """Do again what was undone."""
        self._document.redo()

    # -------------------------------------------------------------- the selection
    @property
    def has_selection(self) -> bool:
        """Whether a node, a note or a frame is selected."""
        return bool(self.selection) or bool(self._canvases.current.pieces.selected())

    @property
    def one_selected(self) -> bool:
        """Whether one node is selected, and no more."""
        return len(self.selection) == 1

    def delete(self) -> None:
        """Delete the selected nodes."""
        self._canvases.current.delete_selection()

    def rename(self) -> None:
        """Rename the selected node in place."""
        self._canvases.current.rename_selected()

    def select_all(self) -> None:
        """Select every node, or all of the text that is being edited."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit | QPlainTextEdit | QTextEdit):
            focus.selectAll()
        else:
            self._canvases.current.select_all()

    def make_subflow(self) -> None:
        """Move the selected nodes into a function of their own, and call it in their place."""
        flow, function = self._document.flow, self._canvases.function

        try:
            graph = picture(flow, self._checking.catalog, function)
            nodes, drawn = self._canvases.current.pieces.along()
            edit, _, node = wiring.make_subflow(flow, graph, nodes, drawn)
            self._document.do(edit)
        except (wiring.Refused, EditError) as problem:
            self.said.emit(f"No subflow was made. {problem}", "info")  # it goes with the next edit
        else:
            self._canvases.current.select([node])

    def take_apart(self) -> None:
        """Put the nodes of a subflow in the place of the selected node that calls it."""
        if len(self.selection) == 1:
            self._canvases.current.context.take_apart(self.selection[0])
        else:
            self.refused.emit("Select one node that calls a function of this file: its nodes take its place.")

    # -------------------------------------------------------------- clipboard: nodes travel as Python
    def copy(self) -> bool:
        """Copy the selected nodes as Python text."""
        text, without = self._copied()
        if text:
            QGuiApplication.clipboard().setText(text)
            self._say(without)
        return bool(text)

    def _copied(self, *, wired: bool = False) -> tuple[str, str]:
        """Return the selection as a text, a frame with what is in it, and what that lacks; empty if it was refused."""
        flow, function = self._document.flow, self._canvases.function
        nodes, drawn = self._canvases.current.pieces.along()
        try:
            graph = picture(flow, self._checking.catalog, function)
            nodes = wiring.with_arms(flow, graph, nodes)
            text = wiring.copy(flow, graph, nodes, drawn, wired)
        except (wiring.Refused, EditError) as problem:
            self.refused.emit(str(problem))
            return "", ""
        without = [
            f"“{switch}” is copied without what stands in its arms ({wiring.some(inside)}): select that, "
            "or what joins the arms, along with it to have it too."
            for switch, inside in wiring.bare_switches(graph, nodes).items()
        ]
        without += [
            f"“{producer}” is copied without what stands in its loop ({wiring.some(inside)}): select that along with "
            "it to have it too."
            for producer, inside in wiring.bare_loops(graph, nodes).items()
        ]
        without += [
            f"“{merge}” is not copied: a merge goes with its if. Select “{switch}”, too."
            for merge, switch in wiring.bare_merges(flow, graph, nodes).items()
        ]
        if stays := wiring.left_out(flow, graph, nodes):
            without.append(f"Without {wiring.some(stays)}: what “{function}” yields, returns or leaves by stays in it.")
        return text, " ".join(without)

    def _say(self, without: str) -> None:
        if without:
            self.refused.emit(without)

    def cut(self) -> None:
        """Copy the selected nodes and delete them; of a frame, with all that is in it.

        Nothing is cut that would not be on the clipboard then.
        """
        flow, function = self._document.flow, self._canvases.function
        graph = picture(flow, self._checking.catalog, function)
        nodes = wiring.with_arms(flow, graph, self._canvases.current.pieces.along()[0])
        if stays := wiring.left_out(flow, graph, nodes):
            self.refused.emit(
                f"{wiring.some(stays)} cannot be cut: what “{function}” yields, returns or leaves by belongs to it."
                " Take it out of the selection, or delete it."
            )
        elif bare := wiring.bare_switches(graph, nodes):
            switch, inside = next(iter(bare.items()))
            self.refused.emit(
                f"“{switch}” cannot be cut alone: what stands in its arms ({wiring.some(inside)}) would run always "
                "then. Select that, or what joins the arms, along with it."
            )
        elif merges := wiring.bare_merges(flow, graph, nodes):
            merge, switch = next(iter(merges.items()))
            self.refused.emit(f"“{merge}” cannot be cut: a merge goes with its if. Select “{switch}”, too.")
        elif self.copy():
            self._canvases.current.pieces.select_along(nodes)
            self.delete()

    def paste(self) -> None:
        """Insert the nodes whose text is on the clipboard, or make nodes of the files that were copied.

        They come where the mouse points, or to the middle of the view where it points elsewhere.
        """
        data = QGuiApplication.clipboard().mimeData()
        # some systems give nothing at all where nothing was copied, or while another program holds the clipboard
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data is not None else []
        if files:
            self.files_pasted.emit(files)
        elif data is None or not data.text().strip():
            self.refused.emit("There is nothing to paste: the clipboard holds no text and no files.")
        else:
            self._paste(data.text(), self._canvases.current.pointer())

    def duplicate(self) -> None:
        """Insert copies of the selected nodes beside them, which read the same; the clipboard stays as it is."""
        text, without = self._copied(wired=True)
        if text and self._paste(text, self._canvases.current.picking.middle()):
            self._say(without)  # after the edit, which takes away what was said before it

    def _paste(self, text: str, middle: QPointF | None) -> bool:
        before = self._document.flow
        added = self._canvases.current.paste(text, middle)
        new = [name for name in self._document.flow.functions if name not in before.functions]
        if new and not added:
            self.refused.emit(f"{len(new)} functions were added: they are in the library, on the shelf “This file”.")
        return self._document.flow is not before

    def tidy(self) -> None:
        """Lay the cards of the canvas out anew."""
        self._canvases.current.tidy()

    # -------------------------------------------------------------- adding
    def new_function(self) -> None:
        """Start a function that runs side by side with the others, and show its canvas."""
        flow = self._document.flow
        like = next((name for name in (self._canvases.function, *flow.mains) if name in flow.functions), "flow")
        try:
            edit, name = wiring.add_function(flow, like)
            self._document.do(edit)
        except (wiring.Refused, EditError) as problem:
            self.refused.emit(str(problem))
            return
        self._canvases.tabs.open(name)

    def search_library(self) -> None:
        """Put the cursor into the library's search field."""
        dock = self._library.parentWidget()
        if dock is not None:
            dock.show()
            dock.raise_()
        self._library.focus_search()


__all__ = ["Editing"]
