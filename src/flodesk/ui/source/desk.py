"""The sources of the nodes of a window: which are open, what becomes of what is typed, and what they are told."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from flodesk.flow import wiring
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import EditError
from flodesk.flow.graph import Graph, Node, picture
from flodesk.flow.own_nodes import FOLDER
from flodesk.flow.problem import quoted
from flodesk.flow.script import ScriptError, content, decode, save_text, write
from flodesk.flow.sources import Source, source_for
from flodesk.flow.wiring import Refused
from flodesk.ui.canvases import Canvases
from flodesk.ui.checking import Checking
from flodesk.ui.library import Library
from flodesk.ui.own_files import OwnFiles
from flodesk.ui.run import Run
from flodesk.ui.source.asking import Asking
from flodesk.ui.source.outside import choose_editor, open_outside
from flodesk.ui.source.view import SourceView
from flodesk.ui.trust.judging import Judging

_LINE = re.compile(r"line (\d+)")


class Sources(QObject):
    """Opens the sources of nodes. `said` gives a sentence on what could not be done, or was."""

    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        document: Document,
        run: Run,
        checking: Checking,
        canvases: Canvases,
        library: Library,
        judging: Judging,
    ) -> None:
        super().__init__(window)
        self._window, self._document, self._checking, self._canvases = window, document, checking, canvases
        self.files = OwnFiles(window, document, run, checking, judging)
        self.files.said.connect(self.said)
        self._asking = Asking(self, lambda: run.python)
        self.views: dict[tuple[str, ...], SourceView] = {}
        """What is open, by the function and node of the flow, or by the file."""
        canvases.own_source_wanted.connect(self.edit)
        library.mending_wanted.connect(self.open_broken)
        document.listeners.append(self._follow)
        checking.changed.connect(self._tell_errors)

    # -------------------------------------------------------------- verbs
    @property
    def possible(self) -> bool:
        """Whether one node is selected that has a source."""
        node = self._selected()
        return node is not None and (node.kind in ("call", "object", "producer", "code", "jump"))

    def edit(self) -> SourceView | None:
        """Open the source of the selected node: to be edited, or to be read where it is a package's."""
        node = self._selected()
        return self.show_source(node.function, node.id) if node is not None else None

    def show_source(self, function: str, node: str) -> SourceView | None:
        """Open the source of a node."""
        source = self._source(function, node)
        if source is None:
            self.said.emit(f"{quoted(node)} has no source in Python that could be shown.")
            return None
        key = (function, node) if source.home == "flow" else (str(source.file),)
        view = self.views.get(key)
        if view is None or not isValid(view):
            view = self.views[key] = self._open(function, node, source)
            view.closed.connect(partial(self._forget, key, view))
        else:
            view.editor.show_line(source.line - 1)
        view.show()
        view.raise_()
        view.activateWindow()
        view.editor.setFocus()
        view.editor.centerCursor()
        self._tell_errors()
        return view

    def open_outside(self) -> None:
        """Open the file with the source of the selected node in the user's own editor."""
        node = self._selected()
        source = self._source(node.function, node.id) if node is not None else None
        if source is None or source.file is None:
            self.said.emit("There is no file to open: save the flow first." if source else "It has no source in Python")
            return
        line = self._line_in_flow(node) if node is not None and source.home == "flow" else source.line
        if why := open_outside(source.file, line):
            self.said.emit(why)

    def choose_editor(self) -> None:
        """Let the command of the user's own editor be written."""
        if said := choose_editor(self._window):
            self.said.emit(said)

    def open_broken(self, module: str) -> None:
        """Open the file of own nodes that could not be loaded, to be mended."""
        folder = self._document.folder
        file = folder.joinpath(*module.split(".")).with_suffix(".py") if folder is not None else None
        if file is None or not file.is_file() or module.partition(".")[0] != FOLDER:
            return
        try:
            text = decode(content(file))[0]
        except (ScriptError, OSError) as error:
            self.said.emit(f"{file.name} cannot be read: {error}")
            return
        key = (str(file),)
        view = self.views.get(key)
        if view is None:
            said = self._checking.catalog.broken.get(module, "")
            found = _LINE.search(said)
            source = Source("beside", "", text.replace("\r\n", "\n"), int(found[1]) if found else 1, file, module)
            view = self.views[key] = self._open("", "", source)
            view.closed.connect(partial(self._forget, key, view))
        view.show()
        view.raise_()
        view.activateWindow()
        view.editor.setFocus()
        view.editor.check()

    def may_leave(self) -> bool:
        """Ask about sources that were typed and not put in; False if the window shall stay."""
        return all(view.may_close() for view in [*self.views.values()])

    def close(self) -> None:
        """Close all, without questions: the window is being closed."""
        for view in [*self.views.values()]:
            view.show_text(view.base, again=True)
            view.close()
        self.files.close()
        self._asking.close()

    # -------------------------------------------------------------- inside
    def _open(self, function: str, node: str, source: Source) -> SourceView:
        where = source.file.name if source.file is not None and source.home != "flow" else "this flow"
        ask = partial(self._ask, str(source.file or ""))
        view = SourceView(self._window, source, f"{source.name or node} · {where}", ask)
        if source.home == "flow":
            view.put = partial(self._put_in_flow, function, node, view)
        elif source.home == "beside":
            view.put = partial(self._put_in_file, view)
        view.copy_wanted.connect(partial(self._copy, function, node, view))
        view.outside_wanted.connect(partial(self._outside, view, function, node))
        return view

    def _ask(self, path: str, text: str, line: int, column: int, told: object) -> None:
        folder = str(self._document.folder or "")
        self._asking.ask(text, line, column, path, folder, told)  # type: ignore[arg-type]

    def _put_in_flow(self, function: str, node: str, view: SourceView, text: str) -> str:
        flow = self._document.flow
        graph = self._graph(function)
        box = graph.nodes.get(node) or next(
            (one for one in graph.nodes.values() if view.source.name and one.type == view.source.name), None
        )
        if box is None:
            return f"{quoted(node)} is not in the flow any more: undo brings it back."
        if (now := wiring.source_of(flow, box)) != view.base:
            view.base = now
            return "The flow has another source by now. Apply once more to write over it, or Revert to take it."
        try:
            self._document.do(wiring.set_source(flow, graph, box.id, text))
        except (Refused, EditError) as problem:
            return str(problem)
        return ""

    def _put_in_file(self, view: SourceView, text: str) -> str:
        file = view.source.file
        assert file is not None
        there, encoding, found = view.base, "utf-8", b""  # those of a file that is gone: it is written anew
        try:
            found = content(file)
            there, encoding = decode(found)
        except FileNotFoundError:
            pass
        except (ScriptError, OSError) as problem:
            if view.unread != (found, str(problem)):
                view.unread = (found, str(problem))
                return (
                    f"{file.name} was changed outside, and is no text now: {problem}. Save once more to write over it."
                )
        if there.replace("\r\n", "\n") != view.base:
            view.base = there.replace("\r\n", "\n")
            return f"{file.name} was changed outside. Save once more to write over it, or Revert to take it."
        try:
            save_text(text.replace("\n", "\r\n") if "\r\n" in there else text, file, encoding)
        except OSError as error:
            return f"{file.name} was not saved: {error}"
        view.base, view.unread = text, None  # what is told of it from here on is told of this text
        self.files.look(file)
        return ""

    def _copy(self, function: str, node: str, view: SourceView) -> None:
        source, graph = view.source, self._graph(function)
        package = source.file is not None and source.file.name == "__init__.py"
        try:
            edit = wiring.copy_in(
                self._document.flow, graph, node, source.text, source.name, source.module, package=package
            )
            self._document.do(edit)
        except (Refused, EditError) as problem:
            view.say(str(problem))
            return
        view.close()
        self.show_source(function, node)

    def _outside(self, view: SourceView, function: str, node: str) -> None:
        source = view.source
        if source.file is not None:
            box = self._graph(function).nodes.get(node) if function else None
            own = source.home == "flow" and box is not None
            line = self._line_in_flow(box) if own and box is not None else view.editor.textCursor().blockNumber() + 1
            view.say(open_outside(source.file, line))

    def _line_in_flow(self, node: Node) -> int:
        """Return the line of the flow's file on which the source of a node begins."""
        text, own = write(self._document.flow), wiring.source_of(self._document.flow, node)
        at = text.find(own)
        return text.count("\n", 0, at) + 1 if at >= 0 else 1

    def _selected(self) -> Node | None:
        chosen = self._canvases.current.selection()
        return self._graph(self._canvases.function).nodes.get(chosen[0]) if len(chosen) == 1 else None

    def _graph(self, function: str) -> Graph:
        flow = self._document.flow
        known = self._checking.catalog
        return picture(flow, known, function) if function in flow.functions else Graph(function, {}, ())

    def _source(self, function: str, node: str) -> Source | None:
        box = self._graph(function).nodes.get(node)
        document = self._document
        return source_for(document.flow, document.folder, document.path, box) if box is not None else None

    # -------------------------------------------------------------- what happens
    def _forget(self, key: tuple[str, ...], view: SourceView) -> None:
        if self.views.get(key) is view:
            del self.views[key]

    def _follow(self, change: Change) -> None:
        """Show what stands in the flow and in the files now; what was typed stays."""
        for key, view in [*self.views.items()]:
            if view.source.home == "flow":
                source = self._source(*key[:2])
                if source is not None and source.home == "flow":
                    view.show_text(source.text) if not view.changed else None
                elif not view.changed:
                    view.close()
            elif change.kind == "around" and view.source.home == "beside":
                self._read_again(view, view.source.file)

    def _read_again(self, view: SourceView, file: Path | None) -> None:
        try:
            text = decode(content(file))[0].replace("\r\n", "\n") if file is not None else view.base
        except (ScriptError, OSError):
            return
        if text != view.base and not view.changed:
            view.show_text(text)

    def _tell_errors(self) -> None:
        """Say in the windows of own files why the code of before is still in use."""
        for view in self.views.values():
            if view.source.home == "beside" and not view.changed:
                why = self.files.failed.get(view.source.module, "")
                found = _LINE.search(why)
                if why:
                    view.say(f"{why}. The code of before is still in use.", int(found[1]) if found else 0)
                elif view.error.text().endswith("still in use."):
                    view.say("")


__all__ = ["Sources"]
