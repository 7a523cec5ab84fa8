"""The inspector: the fields of the selected node, made from its signature."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QWidget

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import Edit, EditError, SetNote
from flodesk.flow.graph import Graph, Node, picture
from flodesk.flow.model import Flow
from flodesk.ui.canvas.card_words import short_title
from flodesk.ui.inspector.awaited import Awaited
from flodesk.ui.inspector.flow_page import FlowPage, lay_out
from flodesk.ui.inspector.mapping import PORTS
from flodesk.ui.inspector.named_fields import ROOMY
from flodesk.ui.inspector.offers import Offers
from flodesk.ui.inspector.pages import Pages
from flodesk.ui.inspector.sheet import Sheet, kin, shape, sources_of
from flodesk.ui.inspector.to_panel import subject_at, to_panel
from flodesk.ui.inspector.typed_source import TypedSource
from flodesk.ui.menus import Entry
from flodesk.ui.soon import soon
from flodesk.ui.subject import Subject
from flodesk.ui.theme import current


class QuietBar(QScrollBar):
    """A scroll bar that keeps its room, and is not seen while there is nothing to scroll."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it, if it can be moved."""
        if self.maximum() > self.minimum():
            super().paintEvent(event)


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
        self._sheet: Sheet | None = None
        self.typed = TypedSource(document, self._graph)
        self.typed.setParent(self)
        self.typed.left.connect(self.noted)
        self._giving = False
        self.panel_entries: Callable[[Subject], list[Entry]] = lambda _: []
        """What a menu offers to show something on the control panel."""
        self.offers = Offers(document)
        self.offers.setParent(self)
        self.awaited = Awaited(self)
        self.awaited.over.connect(lambda: self.refresh())
        self.flow_page: FlowPage | None = None
        self.pages = Pages()
        self._next: tuple[str, list[str]] | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.settle)
        self.setWidget(self.pages)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(QuietBar(Qt.Orientation.Vertical))
        # coming and going it would wrap the words anew, and the rows would move away under the mouse
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        current.changed.connect(self._dress)
        self._rebuild()

    def _dress(self) -> None:
        self.pages.forget()
        self._rebuild()

    @property
    def sheet(self) -> Sheet | None:
        """The page of the one node that is selected; None if there is no such."""
        self.settle()
        return self._sheet

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have the names above the fields where there is no room beside them."""
        super().resizeEvent(event)
        # what decides is the width that the dock gives, on which no page has any influence
        self.pages.fold(self.viewport().width() < ROOMY)

    def show_soon(self, function: str, ids: list[str]) -> None:
        """Show the selection once the canvas has been painted with it: a new page takes longer than a frame."""
        self._take_code(function, ids)
        self._next = function, list(ids)
        self._soon.start()

    def settle(self) -> None:
        """Show now what is to be shown soon."""
        if self._next is not None:
            self.show_nodes(*self._next)

    def _take_code(self, function: str, ids: list[str]) -> None:
        """Take what was typed as the source of the node that is shown, if others are from now on."""
        if (function, ids) != (self.function, self.ids) and self._sheet is not None and self._sheet.code is not None:
            self._sheet.code.give()

    def show_nodes(self, function: str, ids: list[str]) -> None:
        """Show the selection of the canvas of `function`; what was typed as the source of a node is taken before."""
        self._soon.stop()
        self._next = None
        self._take_code(function, ids)
        self.function, self.ids = function, list(ids)
        self._rebuild()

    def follow(self, change: Change) -> None:
        """Go along with a change of the flow; what it shows, `refresh` shows."""
        self.typed.follow(change)
        if change.kind == "open" and not change.again:
            self._sheet = None  # a node of another file, and were it the very same

    def refresh(self, catalog: Catalog | None = None) -> None:
        """Show the document as it is now, keeping the cursor where it is if the same rows are shown."""
        self.catalog = catalog or self.catalog
        self.typed.settle()
        if self._giving:
            return  # the page cannot go while one of its fields gives its text
        if self._next is not None:
            self.settle()
            return
        graph = self._graph()
        node = graph.nodes.get(self.ids[0]) if len(self.ids) == 1 else None
        sheet = self._sheet
        if sheet is not None and node is not None and sheet.shape == _shape(self.document.flow, node, graph):
            sheet.update_from(node)
        elif self.flow_page is None or node is not None or not self.flow_page.stays(self.document.flow, graph):
            self._rebuild()

    def focus_field(self, name: str) -> bool:
        """Put the keyboard into the editor of a field of the node that is shown; return whether there is one."""
        row = sheet.rows.get(name) if (sheet := self.sheet) is not None else None
        if row is None or row.editor is None:
            return False
        self.ensureWidgetVisible(row)
        row.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def subject_at(self, widget: QWidget) -> Subject | None:
        """Return what is shown where the keyboard is: a field, else the node; None where no node is shown."""
        return subject_at(self._sheet, widget) if self._sheet is not None else None

    def _graph(self, function: str = "") -> Graph:
        """Return the picture of a function, by default the one that is shown."""
        name = function or self.function
        if name not in self.document.flow.functions:
            return Graph(name, {}, ())
        return picture(self.document.flow, self.catalog, name)

    def _rebuild(self) -> None:
        with self.pages.keyboard_kept(self):
            self._make_page()

    def _make_page(self) -> None:
        graph = self._graph()
        found = [graph.nodes[i] for i in self.ids if i in graph.nodes]
        sheet = self._sheet = self.flow_page = None
        self.offers.forget()
        page: QWidget
        if len(found) == 1 and self.awaited.awaits(found[0]):
            page = self.awaited.page(found[0])
        elif len(found) == 1:
            page = sheet = self._sheet_of(found[0], graph)
        elif found:
            names = ", ".join(short_title(n) for n in found[:12]) + (" …" if len(found) > 12 else "")
            page, words = QWidget(), f"<p>{escape(names)}</p><p>Select one to see its fields.</p>"
            lay_out(page, f"{len(found)} nodes selected", words)
        else:
            page = self.flow_page = FlowPage(self.document.flow, graph)
            self.flow_page.edited.connect(self._edit_flow)
        self.pages.turn_to(page)
        self._sheet = sheet
        _lay_out_now(self, page)
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
        sheet.mapped.connect(self._map)
        sheet.item_error_chosen.connect(self._on_item_error)
        sheet.choices_wanted.connect(self._offer)
        sheet.code_applied.connect(self._apply_code)
        to_panel(sheet, lambda subject: self.panel_entries(subject))
        self.typed.go_on(sheet)
        return sheet

    def _edit_flow(self, edit: Edit) -> None:
        if self.flow_page is not None:  # a page that goes loses the keyboard, and what was half typed with it
            self._report(self._do(lambda _: edit))

    # ------------------------------------------------------------------ what a hand does
    def _do(self, make: Callable[[Graph], Edit], merge: str = "") -> str:
        """Apply an edit; return why it was refused, or nothing."""
        try:
            self.document.do(make(self._graph()), merge=merge)
        except (wiring.Refused, EditError) as problem:
            return str(problem)
        return ""

    def _set_field(self, name: str, text: str | None) -> None:
        sheet = self._sheet
        if sheet is None:  # a page that goes loses the keyboard, and what was half typed with it
            return
        node = sheet.node
        message = self._do(
            lambda graph: wiring.set_field(self.document.flow, graph, node, name, text),
            f"{self.function}.{node}.{name}",
        )
        if message and sheet is self._sheet:
            sheet.rows[name].not_taken(message)
        if text is None:
            self.document.seal()

    def _rename(self, name: str) -> None:
        sheet = self._sheet
        if sheet is None or name == sheet.called:
            return
        node = sheet.node
        shown = self._graph().nodes.get(node)
        then = shown.renamed(name) if shown is not None else name
        self.ids = [then]
        with self.pages.keyboard_kept(self):
            message = self._do(lambda graph: wiring.rename(self.document.flow, graph, node, name))
            if message:
                self.ids = [node]
                sheet.refuse_name(message)
            else:
                self.renamed.emit(then)

    def _note(self, text: str) -> None:
        if self._sheet is None:
            return
        node = self._sheet.node
        shown = self._graph().nodes.get(node)
        if shown is not None and shown.note != text:
            statement = node if node in shown.statements else shown.statements[0]
            self._report(self._do(lambda graph: SetNote(self.function, statement, text)))

    def _pin(self, name: str, on: bool) -> None:
        if (sheet := self._sheet) is not None:
            self._report(self._do(lambda graph: wiring.set_pin(graph, sheet.node, name, on)))

    def _place(self, place: str) -> None:
        if (sheet := self._sheet) is not None:
            self._report(self._do(lambda graph: wiring.set_place(graph, sheet.node, place)))
            self.document.seal()

    def _map(self, over: str) -> None:
        ports = over.split(PORTS) if over else []
        if (sheet := self._sheet) is not None:
            flow, node = self.document.flow, sheet.node
            with self.pages.keyboard_kept(self):
                self._report_mapping(
                    sheet,
                    self._do(
                        lambda graph: (
                            wiring.map_over(flow, graph, node, *ports) if ports else wiring.map_whole(flow, graph, node)
                        )
                    ),
                )
            self.document.seal()

    def _on_item_error(self, how: str) -> None:
        if (sheet := self._sheet) is not None:
            flow, node = self.document.flow, sheet.node
            with self.pages.keyboard_kept(self):
                self._report_mapping(sheet, self._do(lambda graph: wiring.set_on_item_error(flow, graph, node, how)))
            self.document.seal()

    def _report_mapping(self, sheet: Sheet, message: str) -> None:
        """Say what was refused where it was chosen; a page that the change has made anew has nothing to say."""
        self._report(message)
        if sheet is self._sheet:
            sheet.refuse_mapping(message)

    def _offer(self, name: str) -> None:
        node = self._graph().nodes.get(self._sheet.node) if self._sheet is not None else None
        if node is not None and self._sheet is not None:
            self.offers.ask(self._sheet, node, name)

    def _apply_code(self, text: str) -> None:
        sheet = self._sheet
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
        soon(self, self._rebuild)
        new = [name for name in now if name not in before]
        if len(new) > (node not in now):
            names = ", ".join(f"“{short_title(now[name])}”" for name in new)
            self.noted.emit(f"Each statement is a node of its own: {names} {'is' if len(new) == 1 else 'are'} new")

    def _report(self, message: str) -> None:
        if message:
            self.refused.emit(message)


def _shape(flow: Flow, node: Node, graph: Graph) -> tuple[object, ...]:
    return shape(node, sources_of(graph, node.id), wiring.source_of(flow, node))


def _lay_out_now(inspector: Inspector, page: QWidget) -> None:
    """Give a page its height at once: squeezed into that of the page before, its rows would move once more."""
    for part in (page, inspector.pages):
        if (column := part.layout()) is not None:
            column.activate()
    QCoreApplication.sendEvent(inspector, QEvent(QEvent.Type.LayoutRequest))
