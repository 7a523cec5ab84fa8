"""Compares the open flow with another version of it, and goes on to while it is edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from flodesk.flow.catalog import Catalog
from flodesk.flow.diff import Comparison, Difference, compare
from flodesk.flow.diff.back import take_back
from flodesk.flow.diff.words import counts, short_counts, told
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import EditError, Many
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, content, from_bytes
from flodesk.flow.wiring import Refused, without_lost_routes
from flodesk.ui.canvases import Canvases
from flodesk.ui.comparing.asking import Asking
from flodesk.ui.comparing.bar import ComparisonBar
from flodesk.ui.comparing.dressing import Dressing
from flodesk.ui.comparing.elsewhere import Elsewhere, function_of
from flodesk.ui.files import Files, reason
from flodesk.ui.focus import focus_kept

DELAY = 60
"""Milliseconds from an edit to the new comparison: a slider that is dragged compares no more often than is seen."""
_FILTER = "Flows (*.py);;All files (*)"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the flow is compared with: how it is called, where it is from, and the flow itself."""

    title: str
    source: Literal["saved", "git", "file", "version"]
    path: Path
    flow: Flow


class Comparing(QObject):
    """The commands of comparing, and what they show: marks on the canvases, and a bar above them.

    `said` gives a message and its level, `refused` a sentence why a difference cannot be taken back; `changed` tells
    that there is something to compare, or no more.
    """

    said = Signal(str, str)
    changed = Signal()
    refused = Signal(str)

    def __init__(
        self, window: QWidget, document: Document, catalog: Callable[[], Catalog], canvases: Canvases, files: Files
    ) -> None:
        super().__init__(window)
        self._window, self._document, self._catalog = window, document, catalog
        self._canvases, self._files = canvases, files
        self.bar = ComparisonBar()
        self.baseline: Baseline | None = None
        self.differences: tuple[Difference, ...] = ()
        self._comparison = Comparison((), {})
        self._dressing = Dressing(canvases, catalog)
        self._elsewhere = Elsewhere(self.bar, canvases.tabs)
        self._elsewhere.wanted.connect(self._show)
        self._current = self._resume = -1
        """The line that is shown, and after which the next one comes where none is."""
        self._asking = Asking(self)
        self._asking.answered.connect(self._take_committed)
        self._asking.failed.connect(self._not_committed)
        self._soon = QTimer(self, singleShot=True, interval=DELAY)
        self._soon.timeout.connect(self.now)
        column = canvases.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.bar)
        canvases.installEventFilter(self.bar)
        document.listeners.append(self._follow)
        self.bar.stepped.connect(self._step)
        self.bar.chosen.connect(self._show)
        self.bar.closed.connect(self.stop)
        self.bar.taken_back.connect(self.take_back)

    # -------------------------------------------------------------- commands
    @property
    def on(self) -> bool:
        """Whether the flow is compared with something."""
        return self.baseline is not None

    @property
    def has_file(self) -> bool:
        """Whether the flow has a file, or is a copy of one."""
        return self._own is not None

    @property
    def in_a_file(self) -> bool:
        """Whether the flow has a file of its own."""
        return self._document.path is not None

    @property
    def at_one(self) -> bool:
        """Whether one of them is shown, which could be taken back."""
        return self._current >= 0

    @property
    def steps(self) -> bool:
        """Whether there are differences to go through."""
        return bool(self.bar.lines)

    def with_saved(self) -> None:
        """Compare with the flow's file as it is on the disk; a copy of an example with the example."""
        path = self._own
        if path is not None:
            what = "the saved " if self._document.path is not None else "the example "
            self._with(path, f"{what}{path.name}", "saved")

    def with_git(self) -> None:
        """Compare with what the last commit has of the flow's file."""
        if self._document.path is not None:
            self._asking.ask(self._document.path)

    def with_file(self) -> None:
        """Let another file be chosen, and compare with that."""
        folder = str(self._own.parent) if self._own is not None else ""
        with focus_kept(self._files.home):
            path, _ = QFileDialog.getOpenFileName(self._window, "Compare with another flow", folder, _FILTER)
        if path:
            self._with(Path(path), Path(path).name, "file")

    def stop(self) -> None:
        """Compare no longer."""
        self._asking.end()
        self._soon.stop()
        if self.baseline is None:
            return
        with focus_kept(self._files.home):
            self.bar.hide()
        self.baseline = None
        self.differences, self._comparison = (), Comparison((), {})
        self._current = self._resume = -1
        self.bar.show_groups(())
        self._elsewhere.show((), self._comparison, ())
        self._dressing.take_off()
        self.changed.emit()

    def take_back(self) -> None:
        """Make the difference that is shown as it was; one edit for undo."""
        baseline = self.baseline
        self._catch_up()
        if baseline is None or not 0 <= self._current < len(self.bar.lines):
            return
        line, old, new = self.bar.lines[self._current], baseline.flow, self._document.flow
        try:
            edits = [take_back(d, old, new, self._comparison, self._catalog()) for d in line.differences]
            edit = edits[0] if len(edits) == 1 else Many(tuple(edits), f"Take back {line.text}")
            self._document.do(without_lost_routes(new, self._catalog(), edit))
        except (Refused, EditError) as why:
            self.refused.emit(str(why))
            return
        here = self._current
        self.now()
        self._resume = here - 1
        self._current = -1
        self.bar.show_current(-1)
        self._say()
        self.changed.emit()

    def next(self) -> None:
        """Go to the next difference."""
        self._step(1)

    def previous(self) -> None:
        """Go to the previous difference."""
        self._step(-1)

    # -------------------------------------------------------------- with what
    @property
    def _own(self) -> Path | None:
        return self._document.path or self._document.origin

    def _with(self, path: Path, title: str, source: Literal["saved", "file"]) -> None:
        try:
            flow = from_bytes(content(path))
        except (ScriptError, OSError, UnicodeError) as problem:
            self.said.emit(f"{path.name} could not be compared with: {reason(problem, path)}", "error")
            return
        self.begin(Baseline(title, source, path, flow))

    def _take_committed(self, data: bytes) -> None:
        path = self._document.path
        if path is None:
            return
        try:
            flow = from_bytes(data)
        except ScriptError as problem:
            self.said.emit(f"{path.name} of HEAD could not be compared with: {reason(problem, path)}", "error")
            return
        self.begin(Baseline("HEAD", "git", path, flow))

    def _not_committed(self, why: str) -> None:
        if self.baseline is not None and self.baseline.source == "git":
            self.stop()
        self.said.emit(why, "warning")

    def begin(self, baseline: Baseline) -> None:
        """Compare with this flow."""
        self.baseline = baseline
        self._current = self._resume = -1
        self.now()
        self.bar.show()
        self.changed.emit()

    def _follow(self, change: Change) -> None:
        baseline = self.baseline
        if change.kind == "open" and not change.again:
            self.stop()
        elif baseline is None:
            return
        elif change.kind in ("save", "open") and baseline.source == "saved":
            self.with_saved()
        elif change.kind in ("save", "open") and baseline.source == "git":
            self.with_git()
        else:
            self._soon.start()

    # -------------------------------------------------------------- comparing
    def now(self) -> None:
        """Compare at once."""
        self._soon.stop()
        if self.baseline is None:
            return
        self._comparison = compare(self.baseline.flow, self._document.flow, self._catalog())
        self.differences = self._comparison.differences
        before = self.bar.lines
        self.bar.show_groups(told(self.differences))
        if self.bar.lines != before:
            self._current = self._resume = -1
            self.bar.show_current(-1)
        self._say()
        self._dressing.show(self._comparison, self.baseline.flow)
        self._elsewhere.show(self.bar.lines, self._comparison, tuple(self._document.flow.functions))
        self.changed.emit()

    def _catch_up(self) -> None:
        """Compare now if an edit has not been compared yet."""
        if self._soon.isActive():
            self.now()

    def _say(self) -> None:
        if self.baseline is None:
            return
        if self._current < 0:
            said = f"Compared with {self.baseline.title}: {counts(self.differences)}"
            self.bar.say(said, short_counts(self.differences))
        else:
            line = self.bar.lines[self._current]
            where = f"{self._current + 1} of {len(self.bar.lines)}"
            self.bar.say(f"{where}  ·  {line.text}", "")

    # -------------------------------------------------------------- going through
    def _step(self, step: int) -> None:
        number = len(self.bar.lines)
        if number:
            start = self._current if self._current >= 0 else self._resume + (step < 0)
            self._show((start + step) % number)

    def _show(self, number: int) -> None:
        """Bring a difference into view, on the canvas and in the list."""
        self._catch_up()
        if not 0 <= number < len(self.bar.lines):
            return
        self._current = number
        self.bar.show_current(number)
        self._say()
        self.changed.emit()
        differences = self.bar.lines[number].differences
        at = differences[0].at
        function = function_of(differences[0], self._comparison)
        if not self._canvases.tabs.open(function):
            return
        page = self._canvases.current
        ids = [key for d in differences if (key := page.board.node_of(f"{function}.{d.at.id}")) is not None]
        ghost = page.differences.box_of_ghost(at.id) if differences[0].now is None else None
        if ghost is not None:
            page.select([])
            if not page.viewer.visible_rect().contains(ghost):
                page.viewer.center_on(ghost.center())
        elif ids:
            page.select(ids)
