"""The page of the flow, shown while no node is selected: its description, and what its loops do after an error."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from flodesk.flow.edit import SetDocstring, SetOption
from flodesk.flow.graph import Graph
from flodesk.flow.header_rules import MODES
from flodesk.flow.model import Docstring, Flow
from flodesk.ui.inspector.description import Description
from flodesk.ui.inspector.on_error import OnError
from flodesk.ui.theme import theme


class FlowPage(QWidget):
    """Shows a flow, of which a function is on the canvas; `edited` gives each change as an edit."""

    edited = Signal(object)

    def __init__(self, flow: Flow, graph: Graph) -> None:
        super().__init__()
        self._mode = mode_of(flow)
        self._words = flow.docstring.strip()
        self._told = self._counts(flow, graph)
        self.description = Description(flow.docstring)
        self.description.edited.connect(self._describe)
        self.on_error = OnError(self._mode)
        self.on_error.chosen.connect(self._choose)
        hint = f"<p style='color:{theme().muted}'>{escape(self._told)}</p>"
        hint += f"<p style='color:{theme().muted}'>Select a node to see and change its fields.</p>"
        lay_out(self, "Flow", hint, self.description, self.on_error)

    @staticmethod
    def _counts(flow: Flow, graph: Graph) -> str:
        counts = f"{_count(len(graph.nodes), 'node')} and {_count(len(graph.wires), 'wire')} in {graph.function}."
        if len(flow.mains) > 1:
            counts += f" Run starts {' and '.join(flow.mains)} side by side."
        return counts

    def stays(self, flow: Flow, graph: Graph) -> bool:
        """Whether the page goes on: it shows the flow as it is, or a hand is at work here; it shows what it can."""
        told = self._words, self.description.says, self._mode, self._told
        words = flow.docstring.strip()
        if told == (words, words, mode_of(flow), self._counts(flow, graph)):
            return True  # not after another description: its field would take Ctrl+Z for what was typed in it
        if self.description.busy(flow.docstring):
            return True
        if self.on_error.box.hasFocus():
            self._mode = mode_of(flow)
            self.on_error.show_mode(self._mode)
            return True
        return False

    def _describe(self, words: str) -> None:
        self.edited.emit(SetDocstring(Docstring(value=words) if words else None))

    def _choose(self, mode: str) -> None:
        if mode != self._mode:
            self._mode = mode
            self.edited.emit(SetOption("on_error", mode))


def mode_of(flow: Flow) -> str:
    """Return what the loops of a flow do after an error."""
    return str(flow.header.settings.get("on_error", MODES[0]))


def lay_out(page: QWidget, title: str, html: str, *above: QWidget) -> None:
    """Put a title on a page, widgets below it, and words below these."""
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


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


__all__ = ["FlowPage", "lay_out"]
