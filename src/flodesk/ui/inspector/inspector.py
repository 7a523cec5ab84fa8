"""The inspector: the fields of the selected node, made from its signature."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import Edit, EditError, SetDocstring, SetNote, SetOption
from flodesk.flow.graph import Graph, Node, picture
from flodesk.flow.header_rules import MODES
from flodesk.flow.model import Docstring
from flodesk.ui.inspector.description import Description
from flodesk.ui.inspector.offers import Offers
from flodesk.ui.inspector.on_error import OnError
from flodesk.ui.inspector.pages import Pages
from flodesk.ui.inspector.sheet import Sheet, kin, shape, sources_of
from flodesk.ui.inspector.typed_source import TypedSource
from flodesk.ui.theme import current, theme


class Inspector(QScrollArea):
    """Shows the node that is selected, or the flow; every change is an edit of the document.

    `refused` gives a sentence for the status bar, `renamed` the new id of the node.
    """

    refused = Signal(str)
    renamed = Signal(str)
    noted = Signal(str)
    """A sentence about what an edit has made."""

    def __init__(self, document: Document, catalog: Catalog) -> None:
        super().__init__()
        self.document = document
        self.catalog = catalog
        self.function = "flow"
        self.ids: list[str] = []
        self._told: tuple[str, list[str]] | None = None
        self.sheet: Sheet | None = None
        self.typed = TypedSource(lambda function: self._graph(function).nodes)
        self.typed.setParent(self)
        self._giving = False
        self.offers = Offers(document)
        self.offers.setParent(self)
        self.description: Description | None = None
        self.on_error: OnError | None = None
        self.pages = Pages()
        self.setWidget(self.pages)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        current.changed.connect(self._dress)
        self._rebuild()

    def _dress(self) -> None:
        self.pages.forget()
        self._rebuild()

    def show_nodes(self, function: str, ids: list[str]) -> None:
        """Show the selection of the canvas of `function`; what was typed as the source of a node is taken before."""
        if (function, ids) != (self.function, self.ids) and self.sheet is not None and self.sheet.code is not None:
            self.sheet.code.give()
        self.function, self.ids = function, list(ids)
        self._rebuild()

    def follow(self, change: Change) -> None:
        """Go along with a change of the flow; what it shows, `refresh` shows."""
        self.typed.follow(change)
        if change.kind == "open" and not change.again:
            self.sheet = None  # a node of another file, and were it the very same

    def refresh(self, catalog: Catalog | None = None) -> None:
        """Show the document as it is now, keeping the cursor where it is if the same rows are shown."""
        self.catalog = catalog or self.catalog
        if self._giving:
            return  # the page cannot go while one of its fields gives its text
        graph = self._graph()
        node = graph.nodes.get(self.ids[0]) if len(self.ids) == 1 else None
        if self.sheet is not None and node is not None and self.sheet.shape == self._shape(node, graph):
            self.sheet.update_from(node)
        elif self.description is not None and node is None and self.description.busy(self.document.flow.docstring):
            return  # it is typed in at this moment
        elif self.on_error is not None and node is None and self.on_error.box.hasFocus():
            self.on_error.show_mode(self._mode())  # the page stays, and with it the hand's place on it
        else:
            self._rebuild()

    def focus_field(self, name: str) -> bool:
        """Put the keyboard into the editor of a field of the node that is shown; return whether there is one."""
        row = self.sheet.rows.get(name) if self.sheet is not None else None
        if row is None or row.editor is None:
            return False
        self.ensureWidgetVisible(row)
        row.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def _shape(self, node: Node, graph: Graph) -> tuple[object, ...]:
        return shape(node, sources_of(graph, node.id), wiring.source_of(self.document.flow, node))

    def _graph(self, function: str = "") -> Graph:
        """Return the picture of a function, by default the one that is shown."""
        name = function or self.function
        if name not in self.document.flow.functions:
            return Graph(name, {}, ())
        return picture(self.document.flow, self.catalog, name)

    @contextmanager
    def _keyboard_kept(self) -> Iterator[None]:
        """Leave the keyboard in the field of the same name while the page is made anew: the next key is for it."""
        focus = QApplication.focusWidget()
        field = focus.accessibleName() if focus is not None and self.isAncestorOf(focus) else ""
        yield
        if field and QApplication.focusWidget() is None and self.pages.seen is not None:
            same = (w for w in self.pages.seen.findChildren(QWidget) if w.accessibleName() == field)
            next(same, self).setFocus()

    def _rebuild(self) -> None:
        with self._keyboard_kept():
            self._make_page()

    def _make_page(self) -> None:
        graph = self._graph()
        found = [graph.nodes[i] for i in self.ids if i in graph.nodes]
        sheet = self.sheet = self.description = self.on_error = None
        self.offers.forget()
        page: QWidget
        if len(found) == 1:
            page = sheet = self._sheet_of(found[0], graph)
        elif found:
            names = ", ".join(n.id for n in found[:12]) + (" …" if len(found) > 12 else "")
            page = _page(f"{len(found)} nodes selected", f"<p>{escape(names)}</p><p>Select one to see its fields.</p>")
        else:
            page = self._flow_page(graph)
        self.pages.turn_to(page)
        self.sheet = sheet
        if self._told != (self.function, self.ids):
            self._told = self.function, self.ids
            self.verticalScrollBar().setValue(0)

    def _sheet_of(self, node: Node, graph: Graph) -> Sheet:
        """Return the sheet of a node: that of another one of its kind, if there was one."""
        sources = sources_of(graph, node.id)
        source = wiring.source_of(self.document.flow, node)
        sheet = self.pages.kept(kin(node, sources)) if not source else None
        if sheet is not None:
            sheet.take(node, sources)
            return sheet
        sheet = Sheet(node, sources, source)
        sheet.field_changed.connect(self._set_field)
        sheet.field_pinned.connect(self._pin)
        sheet.settled.connect(self.document.seal)
        sheet.renamed.connect(self._rename)
        sheet.noted.connect(self._note)
        sheet.placed.connect(self._place)
        sheet.choices_wanted.connect(self._offer)
        sheet.code_applied.connect(self._apply_code)
        self.typed.go_on(sheet)
        return sheet

    def _flow_page(self, graph: Graph) -> QWidget:
        flow = self.document.flow
        counts = f"{_count(len(graph.nodes), 'node')} and {_count(len(graph.wires), 'wire')} in {self.function}."
        if len(flow.mains) > 1:
            counts += f" Run starts {' and '.join(flow.mains)} side by side."
        hint = f"<p style='color:{theme().muted}'>{escape(counts)}</p>"
        hint += f"<p style='color:{theme().muted}'>Select a node to see and change its fields.</p>"
        self.description = Description(flow.docstring)
        self.description.edited.connect(self._describe)
        self.on_error = OnError(self._mode())
        self.on_error.chosen.connect(self._set_on_error)
        return _page("Flow", hint, self.description, self.on_error)

    def _mode(self) -> str:
        return str(self.document.flow.header.settings.get("on_error", MODES[0]))

    def _set_on_error(self, mode: str) -> None:
        if mode != self._mode():
            self._report(self._do(lambda graph: SetOption("on_error", mode)))

    def _describe(self, words: str) -> None:
        if self.description is None:
            return
        self._report(self._do(lambda graph: SetDocstring(Docstring(value=words) if words else None)))

    # ------------------------------------------------------------------ what a hand does
    def _do(self, make: Callable[[Graph], Edit], merge: str = "") -> str:
        """Apply an edit; return why it was refused, or nothing."""
        try:
            self.document.do(make(self._graph()), merge=merge)
        except (wiring.Refused, EditError) as problem:
            return str(problem)
        return ""

    def _set_field(self, name: str, text: str | None) -> None:
        sheet = self.sheet
        if sheet is None:  # a page that goes loses the keyboard, and what was half typed with it
            return
        node = sheet.node
        message = self._do(
            lambda graph: wiring.set_field(self.document.flow, graph, node, name, text),
            f"{self.function}.{node}.{name}",
        )
        if message and sheet is self.sheet:
            sheet.rows[name].refuse(message)
        if text is None:
            self.document.seal()

    def _rename(self, name: str) -> None:
        sheet = self.sheet
        if sheet is None or name == sheet.node:
            return
        node = sheet.node
        self.ids = [name]
        with self._keyboard_kept():
            message = self._do(lambda graph: wiring.rename(self.document.flow, graph, node, name))
            if message:
                self.ids = [node]
                sheet.refuse_name(message)
            else:
                self.renamed.emit(name)

    def _note(self, text: str) -> None:
        if self.sheet is None:
            return
        node = self.sheet.node
        shown = self._graph().nodes.get(node)
        if shown is not None and shown.note != text:
            statement = node if node in shown.statements else shown.statements[0]
            self._report(self._do(lambda graph: SetNote(self.function, statement, text)))

    def _pin(self, name: str, on: bool) -> None:
        if (sheet := self.sheet) is not None:
            self._report(self._do(lambda graph: wiring.set_pin(graph, sheet.node, name, on)))

    def _place(self, place: str) -> None:
        if (sheet := self.sheet) is not None:
            self._report(self._do(lambda graph: wiring.set_place(graph, sheet.node, place)))
            self.document.seal()

    def _offer(self, name: str) -> None:
        node = self._graph().nodes.get(self.sheet.node) if self.sheet is not None else None
        if node is not None and self.sheet is not None:
            self.offers.ask(self.sheet, node, name)

    def _apply_code(self, text: str) -> None:
        sheet = self.sheet
        if sheet is None or sheet.code is None:
            return
        node = sheet.node
        before = self._graph().nodes.keys()
        self._giving = True
        message = self._do(lambda graph: wiring.set_source(self.document.flow, graph, node, text))
        self._giving = False
        if message:
            sheet.code.show_error(message)
            return
        now = self._graph().nodes
        sheet.code.show_text(wiring.source_of(self.document.flow, now[node]) if node in now else text)
        QTimer.singleShot(0, self, self._rebuild)
        new = [name for name in now if name not in before]
        if len(new) > (node not in now):
            names = ", ".join(f"“{name}”" for name in new)
            self.noted.emit(f"Each statement is a node of its own: {names} {'is' if len(new) == 1 else 'are'} new")

    def _report(self, message: str) -> None:
        if message:
            self.refused.emit(message)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _page(title: str, html: str, *above: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(12, 4, 12, 12)
    heading = QLabel(title)
    heading.setProperty("role", "title")
    body = QLabel(f"<qt>{html}</qt>")
    body.setWordWrap(True)
    body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(heading)
    for widget in above:
        column.addWidget(widget)
    column.addWidget(body)
    column.addStretch(1)
    return page
