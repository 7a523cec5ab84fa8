"""What the inspector shows of one node: its name, fields, inputs, source and help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from flodesk.flow.graph import Field, Graph, Node, Port
from flodesk.flow.place_rules import why_local
from flodesk.flow.spec import NodeSpec, Parameter
from flodesk.ui.canvas.card import title_of
from flodesk.ui.focus import pass_undo_on
from flodesk.ui.help import ports_html, prose, rich, type_words
from flodesk.ui.inspector.code import CodeEditor
from flodesk.ui.inspector.editors import editor_kind
from flodesk.ui.inspector.mapping import (
    FAIL_TIP,
    FAILING,
    MAP_TIP,
    PORTS,
    Choice,
    choices_of,
    mappable,
    order_label,
    order_words,
)
from flodesk.ui.inspector.named_fields import NamedFields
from flodesk.ui.inspector.offered import OfferedEditor
from flodesk.ui.inspector.place import PlaceBox
from flodesk.ui.inspector.rows import Elided, FieldRow, error_label, name_label, offers, wired_label, wired_words
from flodesk.ui.theme.glyphs import paint_glyph


class Sign(QWidget):
    """The sign of a node's shelf."""

    def __init__(self, category: str) -> None:
        super().__init__()
        self._category = category
        self.setFixedSize(QSize(30, 30))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        with QPainter(self) as painter:
            paint_glyph(painter, QRectF(0, 0, 30, 30), self._category)


class Sheet(QWidget):
    """The page of one node. What a hand does to it goes out by signals; `update_from` shows what became of it."""

    field_changed = Signal(str, object)
    field_pinned = Signal(str, bool)
    settled = Signal()
    renamed = Signal(str)
    noted = Signal(str)
    code_applied = Signal(str)
    placed = Signal(str)
    mapped = Signal(str)
    item_error_chosen = Signal(str)
    choices_wanted = Signal(str)

    def __init__(self, node: Node, sources: Sources, source: str = "") -> None:
        super().__init__()
        self.shape = shape(node, sources, source)
        self.kin = None if source else kin(node, sources)
        self.spec = node.spec
        """Held, as `kin` goes by which object it is."""
        self.texts = {field.name: field.text for field in node.fields}
        self.noted_text = node.note
        self.rows: dict[str, FieldRow] = {}
        self.labels: dict[str, QWidget] = {}
        """The names in front of inputs and fields; without a name that of the node's type."""
        self._wired: dict[str, Elided] = {}
        self._grids: list[NamedFields] = []
        """All that are not in a row of their own."""
        self._words: QLabel | None = None
        self.code: CodeEditor | None = None
        self.place: PlaceBox | None = None
        self.order = order_label(self)
        self.called = node.name
        """As it was shown: what is typed over it is another name."""
        self.name, self.note = QLineEdit(node.name), QLineEdit(node.note)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 4, 12, 16)
        self.column.setSpacing(7)
        self._head(node)
        self._names(node)
        if source:
            self._code(source)
        self._ports(node, sources)
        self._help(node)
        self.column.addStretch(1)
        self._order_tabs()

    @property
    def function(self) -> str:
        """The function of the node that is shown."""
        return str(self.shape[0])

    @property
    def node(self) -> str:
        """The id of the node that is shown."""
        return str(self.shape[1])

    def take(self, node: Node, sources: Sources) -> None:
        """Show another node of the same kind."""
        self.shape = shape(node, sources)
        self.called = node.name
        self.name.setText(node.name)
        self.name.setCursorPosition(0)
        self.refuse_name("")
        self.refuse_mapping("")
        self.update_from(node)
        self.name.setText(node.name)
        self.note.setText(node.note)
        for port, label in self._wired.items():
            label.say(wired_words(sources.get(port, "")))
        if self._words is not None and node.spec is not None:
            words = _help_words(node, node.spec)
            if words != self._words.text():
                self._words.setText(words)

    def update_from(self, node: Node) -> None:
        """Show the node's values as they are now."""
        changed = {f.name for f in node.fields if self.texts.get(f.name) != f.text}
        self.texts = {field.name: field.text for field in node.fields}
        for field in node.fields:
            if field.name in self.rows:
                self.rows[field.name].show_field(field)
                self.rows[field.name].show_pin(field.name in node.pins)
        for row in self.rows.values():
            if isinstance(row.editor, OfferedEditor) and row.parameter.after in changed:
                row.editor.forget()
        self.called = node.name
        if not self.name.hasFocus():
            self.name.setText(node.name)
        if not self.note.hasFocus() or self.note.text().strip() in (self.noted_text, node.note):
            self.note.setText(node.note)  # which ends its own undo: from here on that is the flow's
        self.noted_text = node.note
        if self.place is not None:
            self.place.show_place(node.place)
        if node.mapped:
            self._show_order(node)

    def fold(self, folded: bool) -> None:
        """Put the names above the fields, in a dock too narrow for both side by side, or beside them."""
        self._sign.setHidden(folded)
        for grid in (*self._grids, *(row.grid for row in self.rows.values())):
            grid.fold(folded)

    def _grid(self) -> NamedFields:
        grid = NamedFields()
        self._grids.append(grid)
        return grid

    def _head(self, node: Node) -> None:
        row = QHBoxLayout()
        row.setSpacing(9)
        self._sign = Sign(node.spec.category if node.spec else "code")
        row.addWidget(self._sign)
        names = QVBoxLayout()
        names.setSpacing(0)
        title = QLabel(node.spec.title if node.spec else node.title)
        title.setProperty("role", "title")
        self.labels[""] = title
        title.setWordWrap(True)
        title.setMinimumWidth(1)
        names.addWidget(title)
        path = Elided(node.type or node.kind)
        path.setProperty("role", "small")
        path.setToolTip(f"{node.spec.file}:{node.spec.line}" if node.spec and node.spec.file else node.type)
        names.addWidget(path)
        row.addLayout(names, 1)
        self.column.addLayout(row)
        summary = (
            node.spec.summary
            if node.spec
            else _KINDS.get(node.kind, "flodesk does not know this node type; it is kept as it stands in the file.")
        )
        words = QLabel(f"<qt>{rich(summary)}</qt>")
        words.setWordWrap(True)
        words.setMinimumWidth(1)
        words.setProperty("role", "muted")
        if summary:
            self.column.addWidget(words)

    def _names(self, node: Node) -> None:
        self._heading("Node")
        grid = self._grid()
        self.name.setCursorPosition(0)
        self.name.setAccessibleName("Name of the node")
        self.name.editingFinished.connect(lambda: self.renamed.emit(self.name.text().strip()))
        self.note.setPlaceholderText("a comment beside the line")
        self.note.setAccessibleName("Note of the node")
        self.note.editingFinished.connect(lambda: self.noted.emit(self.note.text().strip()))
        pass_undo_on(self.name)
        pass_undo_on(self.note)
        label = name_label("name", "", "The variable of the script, and the name on the canvas")
        grid.add_line(label, self.name)
        if node.kind in _NAMELESS:
            for part in (label, self.name):
                part.hide()  # never shown here: what has no parent yet would be a window, and take the keyboard
        self.name_error = error_label()
        self.mapping_error = error_label()
        grid.add_line(None, self.name_error)
        grid.add_line(name_label("note", "", "The comment behind its line in the script"), self.note)
        if node.kind not in _NAMELESS and not why_local(node):
            self.place = PlaceBox(node.place)
            self.place.chosen.connect(self.placed)
            tip = "Where the node runs; by default with the rest of the run"
            grid.add_line(name_label("runs in", "", tip), self.place)
        self._mapping(node, grid)
        grid.add_line(None, self.mapping_error)
        self.column.addLayout(grid)

    def _mapping(self, node: Node, grid: NamedFields) -> None:
        """Show over which input the node is mapped, and what an item does that fails."""
        inputs = mappable(node)
        if not inputs:
            return
        wired = [field.name for field in node.fields if field.wired and field.name in inputs]
        over = Choice("Maps over", choices_of(inputs, node.mapped, wired), PORTS.join(node.mapped))
        over.chosen.connect(self.mapped)
        grid.add_line(name_label("maps over", "", MAP_TIP), over)
        if node.mapped:
            grid.add_line(None, self.order)
            self._show_order(node)
            failing = Choice("If an item fails", FAILING, node.on_item_error)
            failing.chosen.connect(self.item_error_chosen)
            grid.add_line(name_label("if one fails", "", FAIL_TIP), failing)

    def _show_order(self, node: Node) -> None:
        own = node.spec is not None and "." not in node.spec.path
        words = order_words(node, own=own)
        self.order.setText(words)
        self.order.setVisible(bool(words))

    def refuse_mapping(self, message: str) -> None:
        """Say why the node is not mapped as it was asked for; empty takes the words away."""
        self.mapping_error.setText(message)
        self.mapping_error.setVisible(bool(message))

    def refuse_name(self, message: str) -> None:
        """Say why the node cannot have this name."""
        self.name_error.setText(message)
        self.name_error.setVisible(bool(message))
        self.name.setProperty("invalid", bool(message))
        self.name.style().polish(self.name)

    def _ports(self, node: Node, sources: Sources) -> None:
        """Show the inputs (required, or wired), then the fields; the spare last input of ``*values`` needs no row."""
        ports = {port.name: port for port in node.inputs}
        inputs = [field for field in node.fields if field.name in ports]
        written = {field.name for field in node.fields}
        spare = {port.name for port in node.inputs if _is_spare(node, port)}
        others = [port for port in node.inputs if port.name not in written | spare]
        if inputs or others or spare:
            self._heading("Inputs")
        for field in inputs:
            self._row(node, sources, field)
        if others:
            grid = self._grid()
            for port in others:
                tip = port.help or f"{port.name}: {type_words(port.type)}"
                label = self.labels[port.name] = name_label(port.label or port.name, port.unit, tip)
                self._wired[port.name] = wired_label(sources.get(port.name, ""))
                grid.add_line(label, self._wired[port.name])
            self.column.addLayout(grid)
        if spare:
            more = QLabel("+ one more, if you like: wire it on the canvas")
            more.setProperty("role", "small")
            more.setWordWrap(True)
            self.column.addWidget(more)
        fields = [field for field in node.fields if field.name not in ports]
        if fields:
            self._heading("Fields")
        for field in fields:
            self._row(node, sources, field)

    def _row(self, node: Node, sources: Sources, field: Field) -> None:
        parameter = _parameter(node, field.name)
        if field.each:  # several values of its type
            parameter = replace(parameter, type="list", choices=(), widget="", minimum=None, maximum=None, default="")
        row = FieldRow(parameter, field, sources.get(field.name, ""))
        if row.wired is not None:
            self._wired[field.name] = row.wired
        row.changed.connect(lambda text, name=field.name: self.field_changed.emit(name, text))
        row.settled.connect(self.settled)
        row.show_pin(field.name in node.pins)
        row.pinned.connect(lambda on, name=field.name: self.field_pinned.emit(name, on))
        if isinstance(row.editor, OfferedEditor):
            row.editor.wanted.connect(lambda name=field.name: self.choices_wanted.emit(name))
        self.rows[field.name] = row
        self.labels[field.name] = row.label
        self.column.addWidget(row)

    def _order_tabs(self) -> None:
        """Let Tab go from edit to edit; the buttons beside them come after the last one."""
        edits = [row.editor for row in self.rows.values() if row.editor is not None]
        stops = [part for edit in edits for part in edit.findChildren(QWidget) if _takes_tab(part, self)]
        buttons = [button for row in self.rows.values() for button in (row.reset, row.pin)]
        for before, after in pairwise((*stops[-1:], *buttons)):
            QWidget.setTabOrder(before, after)

    def _code(self, source: str) -> None:
        self._heading("Source")
        self.code = CodeEditor(source)
        self.code.applied.connect(self.code_applied)
        self.column.addWidget(self.code)

    def _help(self, node: Node) -> None:
        spec = node.spec
        if spec is None:
            return
        self._heading("Help")
        self._words = words = QLabel(_help_words(node, spec))
        words.setMinimumWidth(1)
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.column.addWidget(words)

    def _heading(self, text: str) -> None:
        rule = QFrame()
        rule.setProperty("rule", True)
        rule.setFixedHeight(1)
        label = QLabel(text)
        label.setProperty("role", "heading")
        self.column.addSpacing(4)
        self.column.addWidget(rule)
        self.column.addWidget(label)


Sources = Mapping[str, str]
"""By the name of an input, the variable that is wired to it."""


def sources_of(graph: Graph, node: str) -> dict[str, str]:
    """Return what is wired to the inputs of a node: the values, or the cards and arms of what gives none."""
    return {wire.target[1]: _given_by(graph, *wire.source) for wire in graph.wires if wire.target[0] == node}


def _given_by(graph: Graph, node: str, port: str) -> str:
    if node not in graph.nodes:
        return f"{node}.{port}" if port else node
    given = next((one for one in graph.nodes[node].outputs if one.name == port), None)
    if given is not None and given.variable:
        return given.variable
    return " · ".join(filter(None, (title_of(graph.nodes[node]), given.label if given is not None else port)))


def shape(node: Node, sources: Sources, source: str = "") -> tuple[Any, ...]:
    """Return what of a node decides which rows there are; while it stays, only values are shown anew."""
    fields = tuple((f.name, f.wired, f.each) for f in node.fields)
    inputs = tuple(port.name for port in node.inputs)
    about = (node.function, node.id, node.kind, node.type, node.text, node.spec, node.on_item_error)
    outputs = tuple((port.name, port.label) for port in node.outputs)
    return (*about, fields, inputs, outputs, tuple(sorted(sources.items())), source)


def kin(node: Node, sources: Sources) -> tuple[Any, ...] | None:
    """Return what two nodes have in common that can be shown on the same sheet; None where each needs its own."""
    fields = []
    if node.on_item_error:
        return None  # what it says of its items is said nowhere else
    for field in node.fields:
        parameter = _parameter(node, field.name)
        if offers(parameter, field):
            return None  # what it offers is asked for one node
        fields.append((field.name, field.wired, "" if field.wired else editor_kind(parameter, field.text)))
    inputs = tuple(
        (port.name, port.label, port.unit, port.help, port.type, port.name in sources) for port in node.inputs
    )
    about = (node.kind, node.type, node.title if node.spec is None else id(node.spec), bool(why_local(node)))
    return (*about, tuple(mappable(node)), tuple(fields), inputs)


def _help_words(node: Node, spec: NodeSpec) -> str:
    label = next((port.label for port in node.outputs if not port.name and port.label), "")
    return f"<qt>{prose(spec.help.removeprefix(spec.summary))}{ports_html(spec, label)}</qt>"


def _is_spare(node: Node, port: Port) -> bool:
    """Say whether a port is the open one that ``*values`` offers after those that are given."""
    many, bracket, number = port.name.partition("[")
    parameter = node.spec.parameter(many) if node.spec and bracket else None
    if (
        node.spec is None
        or parameter is None
        or parameter.passing != "many"
        or any(f.name == port.name for f in node.fields)
    ):
        return False
    # A node that takes nothing but `*values` needs one of them.
    return number != "0]" or any(p.required for p in node.spec.parameters if p.method == parameter.method)


def _takes_tab(part: QWidget, page: QWidget) -> bool:
    """Say whether Tab stops at a part of a page; what lies in the list of a drop-down is of another window."""
    return bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus) and part.window() is page.window()


def _parameter(node: Node, name: str) -> Parameter:
    known = node.spec.parameter(name) or node.spec.parameter(name.partition("[")[0]) if node.spec else None
    return replace(known, name=name) if known is not None else Parameter(name=name, type="any", required=False)


_NAMELESS = ("inputs", "return", "jump")
"""Kinds of cards that no variable stands for, and that run where the function does."""
_KINDS = {
    "merge": "Takes the value of the branch that ran.",
    "feedback": "What an iteration hands to the next one: it starts with a value, and each turn sets the next.",
    "switch": "Runs one of its branches, by the value at its input.",
    "constant": "A fixed value.",
    "inputs": "What the function is given where it is called.",
    "return": "What the function gives where it is called.",
    "jump": "Ends what it stands in, here and now: the turn of a loop, a loop, or the whole function.",
    "code": "Python that is kept to the letter. Its inputs are the names it reads, its outputs those it binds.",
}
