"""The runs of the past: a list of them, and beside it all that is known of the one that is chosen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from html import escape
from importlib import import_module
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLabel,
    QSplitter,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from flodesk.engine.glance import duration
from flodesk.engine.history.records import Line, NodeRecord, Note, RunRecord
from flodesk.ui.dock import small_button
from flodesk.ui.focus import keep_keys
from flodesk.ui.side_thread import SideThread
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.style import code_font

LAST = 200
"""How many runs are listed."""
_COLUMNS = ("When", "Flow", "State", "Took", "Iterations", "Message")
_WIDTHS = (84, 104, 86, 68, 84)
_STATES = ("All", "Failed", "Succeeded", "Stopped", "Interrupted", "Running", "Paused")

Details = tuple[RunRecord, list[NodeRecord], list[Line], list[Note]]


class Runs(QWidget):
    """Shows the history. It is read in another thread, and only while this is in sight.

    Parameters
    ----------
    flush : callable
        Waits until what the window's own runs told so far is written.
    """

    def __init__(self, flush: Callable[[float], bool]) -> None:
        super().__init__()
        self.runs: list[RunRecord] = []
        self.details: Details | None = None
        self._flush = flush
        self._reading = False
        self._again = False
        self.list = QTreeWidget()
        keep_keys(self.list)
        self.list.setHeaderLabels(_COLUMNS)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAllColumnsShowFocus(True)
        self.list.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.list.setAccessibleName("Runs of the past")
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.list.header().setStretchLastSection(True)
        for place, width in enumerate(_WIDTHS):
            self.list.setColumnWidth(place, width)
        self.list.currentItemChanged.connect(lambda: self.refresh())
        self.page = QTextBrowser()
        keep_keys(self.page)
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.setAccessibleName("The run that is chosen")
        self.page.setPlaceholderText("Choose a run to see its error, its parameters, its nodes and its log.")
        self.empty = QLabel()
        self.empty.setProperty("role", "muted")
        self.empty.setContentsMargins(8, 4, 8, 4)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.empty.setWordWrap(True)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.addWidget(self.list)
        self.parts.addWidget(self.page)
        self.parts.setStretchFactor(0, 3)
        self.parts.setStretchFactor(1, 2)
        self.state = QComboBox(self)
        self.state.hide()  # until it stands in the dock's heading
        self.state.addItems(list(_STATES))
        self.state.setAccessibleName("Which runs are shown")
        self.state.currentIndexChanged.connect(self.refresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 8)
        column.addWidget(self.parts, 1)
        column.addWidget(self.empty, 1)
        self._thread = SideThread(self)
        current.changed.connect(self._retint)
        self._show([], None, "")

    def buttons(self) -> tuple[QWidget, ...]:
        """Return what stands in the dock's heading."""
        self.state.show()
        return self.state, small_button("reset", "Read the history anew", self.refresh)

    def refresh(self) -> None:
        """Read the history anew, if anybody looks at it."""
        if not self.isVisible():
            return
        if self._reading:
            self._again = True
            return
        self._reading, self._again = True, False
        chosen, state = self.chosen, self.state.currentText().lower()
        self._thread.do(lambda: self._look("" if state == "all" else state, chosen), lambda found: self._show(*found))

    @property
    def chosen(self) -> str:
        """The name of the run that is chosen; empty if none is."""
        row = self.list.currentItem()
        return str(row.data(0, Qt.ItemDataRole.UserRole)) if row is not None else ""

    def showEvent(self, event: QShowEvent) -> None:
        """Read what has happened since it was last in sight."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget what is read now: nobody looks."""
        super().hideEvent(event)
        self._again = False

    def wait(self) -> None:
        """Wait for what is being read: the window is being closed."""
        self._again = False
        self._thread.close()

    # -------------------------------------------------------------- another thread
    def _look(self, state: str, chosen: str) -> tuple[list[RunRecord], Details | None, str]:
        """Read, in a thread: the file may be locked for a while, and its packages take a while to import."""
        runs: list[RunRecord] = []
        details: Details | None = None
        said = ""
        try:
            past: Any = import_module("flodesk.engine.history.past")
            store: Any = import_module("flodesk.engine.history.store")
            self._flush(2.0)
            with past.history() as connection:
                runs = store.listed(connection, last=LAST, state=state)
                known = next((run for run in runs if run.id == chosen), None)
                if known is not None:
                    nodes, lines = store.nodes_of(connection, chosen), store.lines_of(connection, chosen)
                    details = known, nodes, lines, store.notes_of(connection, chosen)
        except Exception as error:  # noqa: BLE001 - the end of the thread: what is not told here is lost
            said = str(error)
        return runs, details, said

    # -------------------------------------------------------------- what is shown
    def _show(self, runs: Sequence[RunRecord], details: Details | None, said: str) -> None:
        self._reading = False
        again, self._again = self._again, False
        if list(runs) != self.runs:
            self._fill(runs)
        if details != self.details:
            self.details = details
            self.page.setHtml(_html(details) if details is not None else "")
        alike = self.state.currentIndex() > 0
        nothing = "No run of the past is like that." if alike else "No flow has run yet."
        self.empty.setText(said or nothing)
        self.empty.setVisible(bool(said) or not self.runs)
        self.parts.setVisible(not said and bool(self.runs))
        if again:
            self.refresh()

    def _fill(self, runs: Sequence[RunRecord]) -> None:
        chosen = self.chosen
        self.runs = list(runs)
        self.list.blockSignals(True)
        self.list.clear()
        colours = {"failed": theme().error, "succeeded": theme().ok, "interrupted": theme().error}
        colours |= {"running": theme().running, "queued": theme().running, "stopped": theme().muted}
        colours["paused"] = theme().warning
        for run in runs:
            row = QTreeWidgetItem(
                [
                    _when(run.start),
                    run.name,
                    run.state,
                    duration(run.seconds) if run.seconds is not None else "",
                    f"{run.iterations:,}".replace(",", " ") if run.iterations else "",
                    run.message,
                ]
            )
            row.setData(0, Qt.ItemDataRole.UserRole, run.id)
            row.setForeground(2, QColor(colours[run.state]))
            row.setToolTip(0, time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.start)))
            row.setToolTip(1, run.path or run.name)
            row.setToolTip(5, run.message)
            for column in (3, 4):
                row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.list.addTopLevelItem(row)
            if run.id == chosen:
                self.list.setCurrentItem(row)
        self.list.blockSignals(False)

    def _retint(self) -> None:
        self._fill(self.runs)
        self.page.setHtml(_html(self.details) if self.details is not None else "")


def _html(details: Details) -> str:
    """Write down all that is known of a run."""
    run, nodes, lines, notes = details
    parts = [_facts(run)]
    if run.error:
        words = run.error.get("traceback") or run.error.get("message", "")
        given = "".join(f"\n{name} was {summary}" for name, summary in run.error.get("inputs", ()))
        parts.append(_code(f"{words.rstrip()}{given}", theme().error))
    ran = [node for node in nodes if node.last or node.error]
    if ran:
        rows = "".join(
            f"<tr><td>{escape(node.node)}&nbsp;&nbsp;</td><td align=right>{node.count or ''}&nbsp;&nbsp;</td>"
            f"<td align=right>{'≈ ' if node.count > 1 else ''}{duration(node.seconds)}&nbsp;&nbsp;</td>"
            f"<td style='color:{theme().error}'>{escape(node.error)}</td></tr>"
            for node in ran
        )
        names = ("Node", "Calls", "In all", "")
        head = "".join(f"<td style='color:{theme().muted}'>{name}</td>" for name in names)
        parts.append(f"<table cellspacing=0 cellpadding=1><tr>{head}</tr>{rows}</table>")
    if notes:
        said = (f"{time.strftime('%H:%M:%S', time.localtime(note.time))}  {note.words()}" for note in notes)
        parts.append(_code("\n".join(said), theme().muted))
    if lines:
        parts.append(_code("\n".join(_log(lines)), theme().text))
    return "".join(parts)


def _facts(run: RunRecord) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in run.environment.get("packages", {}).items())
    told = [
        ("Flow", escape(run.path or run.name)),
        *(("Set", escape(f"{name} = {value}")) for name, value in run.parameters.items()),
        ("Where", escape(f"{run.place}, {run.user or '?'} on {run.host}")),
        ("With", escape(f"Python {run.environment.get('python')}, {packages}")),
        ("Run", run.id),
    ]
    rows = "".join(
        f"<tr><td style='color:{theme().muted}'>{name}&nbsp;&nbsp;</td><td>{value}</td></tr>"
        for name, value in told
        if value
    )  # fmt: skip
    message = f"<b>{escape(run.message)}</b>" if run.message else ""
    return f"{message}<table cellspacing=0 cellpadding=1>{rows}</table>"


def _when(start: float) -> str:
    """Say when a run began: today the time alone."""
    then, now = time.localtime(start), time.localtime()
    if then[:3] == now[:3]:
        return time.strftime("%H:%M:%S", then)
    return time.strftime("%m-%d %H:%M" if then[0] == now[0] else "%Y-%m-%d", then)


def _log(lines: Sequence[Line]) -> list[str]:
    found = []
    before = 0
    for line in lines:
        if line.number > before + 1:
            found.append(f"… {line.number - before - 1} lines left out")
        before = line.number
        where = f"{line.node}: " if line.node else ""
        found.append(f"{time.strftime('%H:%M:%S', time.localtime(line.time))}  {line.level}: {where}{line.text}")
    return found


def _code(text: str, colour: str) -> str:
    family = code_font().family()
    return f"<pre style='color:{colour}; font-family:\"{family}\"; white-space:pre-wrap'>{escape(text)}</pre>"
