"""Code beside the picture: what is selected, held, broken or failed in one shows in the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from flodesk.engine.events import Failure, RunFinished
from flodesk.flow.document import Change, Document
from flodesk.flow.model import Flow
from flodesk.flow.script.spans import Span, Spans
from flodesk.flow.value_names import maker_of
from flodesk.ui.canvases import Canvases
from flodesk.ui.checking import Checking
from flodesk.ui.debug import Debugging
from flodesk.ui.debug.breakpoints import ARROW, wire_words
from flodesk.ui.run import Run
from flodesk.ui.script.ahead_chip import AheadChip
from flodesk.ui.script.editor import MARKS, Mark
from flodesk.ui.script.pane import ScriptPane
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.style import mix

REST = 60
"""Milliseconds that the cursor rests on a line before its card is selected: a key that is held down runs past many."""


class Beside(QObject):
    """Lets the script pane and the canvases follow each other, and shows in the gutter what there is to say of a line.

    `said` gives a sentence for the status bar.
    """

    said = Signal(str)

    def __init__(
        self,
        pane: ScriptPane,
        document: Document,
        canvases: Canvases,
        debugging: Debugging,
        checking: Checking,
        run: Run,
    ) -> None:
        super().__init__(pane)
        self._pane, self._editor, self._in_step = pane, pane.editor, pane.in_step
        self._canvases, self._debugging, self._checking, self._run = canvases, debugging, checking, run
        self._chosen: tuple[str, tuple[str, ...]] = ("", ())
        self._leads = self._follows = False
        self._failures: dict[str, Failure] = {}
        self._spans: tuple[Flow | None, Spans | None] = (None, None)
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._rested)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._mark)
        self._editor.selectionChanged.connect(self._cursor_moved)
        self._editor.cursorPositionChanged.connect(self._cursor_moved)
        self._editor.gutter_clicked.connect(self._gutter_clicked)
        self._editor.blockCountChanged.connect(lambda _: self._soon.start())
        self._in_step.changed.connect(self._soon.start)
        current.changed.connect(self._soon.start)
        checking.changed.connect(self._soon.start)
        debugging.changed.connect(self._soon.start)
        run.held.connect(self._held)
        run.failed.connect(self._failed)
        run.changed.connect(self._phase)
        run.finished.connect(self._finished)
        canvases.selection_changed.connect(self._selected)
        document.listeners.append(self._changed)
        self.chip = AheadChip(canvases.area)
        pane.ahead_changed.connect(self.chip.say)
        self.chip.clicked.connect(self._show_error)

    def settle(self) -> None:
        """Take over what was typed, and select the line's card: a command is about to be done to it."""
        self._in_step.settle()
        if self._rest.isActive():
            self._rested()

    def _show_error(self) -> None:
        dock = self._pane.parentWidget()
        if dock is not None:
            dock.show()
            dock.raise_()
        self._pane.show_error()

    # -------------------------------------------------------------- from the text to the canvas
    def _cursor_moved(self) -> None:
        if self._editor.hasFocus() and not self._follows:
            self._rest.start()

    def _rested(self) -> None:
        self._rest.stop()
        if self._editor.hasFocus():  # else a hand is at the canvas by now
            self.lead()

    def lead(self) -> None:
        """Select the cards of the lines that are selected in the text."""
        self._rest.stop()
        if not self._pane.isVisible():
            return
        spans = self._lines()
        found: dict[tuple[str, str], None] = {}
        cursor = self._editor.textCursor()
        blocks = self._editor.document()
        first = blocks.findBlock(cursor.selectionStart()).blockNumber()
        last = blocks.findBlock(cursor.selectionEnd()).blockNumber()
        for line in range(first, last + 1):
            there = self._in_step.lines.there(line)
            span = spans.at(there) if there is not None else None
            if span is not None:
                found[span.function, span.id] = None
        self._select(list(found))

    def _select(self, found: list[tuple[str, str]]) -> None:
        functions = [function for function, _ in found if function]
        if not functions and found and found[0][1] in self._canvases.tabs.functions:
            functions = [found[0][1]]  # its head alone: its canvas, with nothing selected
        self._leads = True
        try:
            if functions and functions[0] != self._canvases.function:
                self._canvases.tabs.open(functions[0])
            page = self._canvases.current
            cards = {page.board.node_of(f"{function}.{name}"): None for function, name in found if function}
            ids = [card for card in cards if card is not None]
            if set(ids) != set(page.selection()):
                page.select(ids)
        finally:
            self._leads = False
        self._soon.start()

    # -------------------------------------------------------------- from the canvas to the text
    def _selected(self, function: str, ids: list[str]) -> None:
        self._chosen = (function, tuple(ids))
        if not self._pane.isVisible():
            return
        self._soon.start()
        if self._leads:
            return
        self._rest.stop()
        if not ids or self._editor.hasFocus():
            return
        lines = [line for span in self._spans_of(function, ids) for line in self._here(span)]
        if lines:
            self._editor.bring(min(lines), min(lines))

    def _spans_of(self, function: str, ids: Iterable[str]) -> list[Span]:
        nodes = self._canvases.current.board.graph.nodes if self._canvases.function == function else {}
        spans = self._lines()
        statements = [s for key in ids for s in (nodes[key].statements if key in nodes else (key,))]
        return [span for name in dict.fromkeys(statements) for span in spans.of(function, name)]

    # -------------------------------------------------------------- lines
    def _lines(self) -> Spans:
        flow = self._in_step.flow
        if self._spans[1] is None or self._spans[0] is not flow:
            self._spans = (flow, Spans(flow) if flow is not None else Spans(Flow()))
        found = self._spans[1]
        assert found is not None
        return found

    def _here(self, span: Span) -> list[int]:
        found = (self._in_step.lines.here(line) for line in range(span.first, span.last + 1))
        return [line for line in found if line is not None]

    def _lines_of(self, address: str) -> list[int]:
        """Return the lines in the editor of ``function.statement``."""
        function, _, name = address.partition(".")
        return [line for span in self._lines().of(function, name) for line in self._here(span)]

    # -------------------------------------------------------------- the gutter
    def _gutter_clicked(self, line: int, x: int) -> None:
        if self._editor.fold.is_head(line):
            return  # folds
        if x > MARKS:
            self._editor.setFocus()
            self._editor.show_line(line)
            self.lead()
            return
        there = self._in_step.lines.there(line)
        span = self._lines().at(there) if there is not None else None
        card = self._card(span) if span is not None else ""
        if card:
            self._debugging.breakpoints.toggle([card])
        elif self._in_step.unread is not None:
            self.said.emit("This line is not in the flow yet: a breakpoint can be set once the text can be read")
        else:
            self.said.emit("No node stands on this line: a breakpoint holds the run before a node")

    def _card(self, span: Span) -> str:
        if not span.function:
            return ""
        address = f"{span.function}.{span.id}"
        card = self._canvases.calling.card_name(address)
        graph = self._canvases.current.board.graph
        known = card != address or (graph.function == span.function and span.id in graph.nodes)
        return card if known or self._canvases.function != span.function else ""

    def _mark(self) -> None:
        """Show anew what there is to say of the lines."""
        if not self._pane.isVisible():
            return
        marks: dict[int, Mark] = {}
        look = theme()
        grounds = dict.fromkeys(self._chosen_lines(), mix(look.sunken, look.accent, 0.18 if look.dark else 0.13))

        def add(line: int | None, mark: Mark) -> None:
            if line is not None:
                marks[line] = _both(marks.get(line), mark)

        for problem in self._checking.problems:
            if problem.line:
                words = f"{problem.message} {problem.hint}".strip()
                add(self._in_step.lines.here(problem.line - 1), Mark(sign=problem.severity, words=words))
        for failure in self._failures.values():
            for line in self._failed_lines(failure):
                add(line, Mark(sign="error", words=f"Failed: {failure.type}: {failure.message}"))
                grounds[line] = mix(look.sunken, look.error, 0.16 if look.dark else 0.1)
        for address, condition in self._debugging.breakpoints.at.items():
            wire = ARROW in address
            lines = self._lines_of(maker_of(address.partition(ARROW)[0]) if wire else address)
            when = f" when {condition}" if condition else ""
            what = f"the wire {wire_words(address).replace(ARROW, ' → ')} has a value" if wire else "this node"
            words = f"Breakpoint: holds{when} {'as soon as' if wire else 'before'} {what}"
            add(lines[0] if lines else None, Mark(breakpoint=condition, words=words))
        for held in self._run.holds.values():
            for line in self._lines_of(held.node)[:1]:
                add(line, Mark(held=True, words=f"The run is held {'after' if held.wire else 'before'} this node"))
                grounds[line] = mix(look.sunken, look.warning, 0.24)
        unread = self._in_step.unread
        if unread is not None and unread.line >= 0:
            add(unread.line, Mark(sign="error", words=self._pane.reason()))
        self._editor.marks, self._editor.grounds = marks, grounds
        self._editor.refresh()

    def _chosen_lines(self) -> list[int]:
        function, ids = self._chosen
        return [line for span in self._spans_of(function, ids) for line in self._here(span)]

    def _failed_lines(self, failure: Failure) -> list[int]:
        """Return the line of the node, and the one that raised if that stands in this file, too."""
        found = self._lines_of(failure.node)[:1]
        there = failure.line - 1
        own = failure.code and self._in_step.lines.line(there).strip() == failure.code.strip()
        raised = self._in_step.lines.here(there) if own else None
        return found if raised is None or raised in found else [*found, raised]

    # -------------------------------------------------------------- the run
    def _held(self) -> None:
        self._soon.start()
        held = self._run.paused
        if held is None or not self._pane.isVisible():
            return
        lines = self._lines_of(held.node)
        if lines:
            self._editor.bring(lines[0], lines[0])

    def _failed(self, failure: Failure) -> None:
        self._failures[failure.node] = failure
        self._soon.start()

    def _phase(self) -> None:
        if self._run.phase == "starting":
            self._failures.clear()
            self._soon.start()

    def _finished(self, event: RunFinished) -> None:
        if event.reason == "succeeded":
            self._failures.clear()
        self._soon.start()

    def _changed(self, change: Change) -> None:
        if change.kind == "open" and not change.again:
            self._failures.clear()
        self._soon.start()


def _both(one: Mark | None, other: Mark) -> Mark:
    if one is None:
        return other
    return replace(
        one,
        breakpoint=other.breakpoint if other.breakpoint is not None else one.breakpoint,
        held=one.held or other.held,
        sign="error" if "error" in (one.sign, other.sign) else one.sign or other.sign,
        words="\n".join(dict.fromkeys((*one.words.split("\n"), other.words))),
    )
