"""The problems that the checker finds, each with what can be done; one click leads there, or does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from PySide6.QtCore import QElapsedTimer, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from flodesk.flow.fixes import Fix
from flodesk.flow.problem import Problem
from flodesk.ui.focus import keep_keys
from flodesk.ui.menus import Entry, pop_up
from flodesk.ui.problems.row import ROLE, Row, RowPainter
from flodesk.ui.theme import current

_NOTHING = "No problems: the flow can run."


class Problems(QWidget):
    """A list of problems, errors first, with their fixes below each.

    Signals
    -------
    chosen : the problem that a hand wants to see
    failed_wanted : the node of the last run's failure (``function.statement``)
    fix_wanted : a problem, and the number of the fix that is to be done
    """

    chosen = Signal(object)
    failed_wanted = Signal(str)
    fix_wanted = Signal(object, int)

    def __init__(self) -> None:
        super().__init__()
        self.problems: tuple[Problem, ...] = ()
        self._fixes: dict[Problem, tuple[Fix, ...]] = {}
        self.in_words: Callable[[str, str], str] = lambda text, function: text
        """Gives a sentence about a function in the words of its cards."""
        self._since_fix = QElapsedTimer()
        self.list = _List()
        keep_keys(self.list)
        self.list.setAccessibleName("Problems")
        self.list.setAccessibleDescription(
            "Enter goes to a problem, or does what a fix says; the menu key lists the fixes"
        )
        self.list.setItemDelegate(RowPainter(self.list))
        self.list.setMouseTracking(True)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.itemClicked.connect(self._clicked)
        self.list.entered_by_key.connect(self._take)
        self.empty = QLabel(_NOTHING)
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(8, 4, 8, 4)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 8)
        column.addWidget(self.list)
        column.addWidget(self.empty)
        self.failed = QLabel()
        self.failed.setWordWrap(True)
        self.failed.setContentsMargins(8, 4, 8, 4)
        self.failed.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.failed.linkActivated.connect(self.failed_wanted)
        self.failed.hide()
        column.insertWidget(0, self.failed)
        self.setFocusProxy(self.list)
        self._failure, self._how = ("", "", ""), "failed"
        current.changed.connect(self.list.viewport().update)
        current.changed.connect(self._write_failure)
        self.show_problems(())

    # -------------------------------------------------------------- what is shown
    def show_failure(self, node: str, name: str, words: str, *, forced: bool = False) -> None:
        """Say what failed in the last run: the checker found nothing of it. Empty when that counts no more.

        `node` is what the link leads to, `name` what is written of it; `forced`: the run was stopped, and did not end.
        """
        self._failure = node, name, words
        self._how = "was ended by force" if forced else "failed"
        self._write_failure()

    def _write_failure(self) -> None:
        node, name, words = self._failure
        short = words if len(words) <= 300 else words[:300] + " …"
        color = current.theme.accent
        link = f" <a href='{escape(node)}' style='color:{color}'>Go there</a>" if node else ""
        at = f" at {escape(name)}" if name else ""
        self.failed.setText(f"<qt>The last run {self._how}{at}: {escape(short)}{link}</qt>" if words else "")
        self.failed.setVisible(bool(words))
        self.empty.setText("The checker finds no problems." if words else _NOTHING)

    def show_problems(
        self, problems: Sequence[Problem], fixes: Mapping[Problem, tuple[Fix, ...]] | None = None
    ) -> None:
        """Show these, errors first, with the fixes that are known by now; place and scroll stay where they are."""
        wanted = tuple(sorted(problems, key=lambda problem: problem.severity != "error"))
        if wanted and wanted == self.problems and (fixes or {}) == self._fixes:
            return
        before, at = self._current(), self.list.currentRow()
        scrolled = self.list.verticalScrollBar().value()
        self.problems = wanted
        known = set(wanted)
        self._fixes = {problem: found for problem, found in (fixes or {}).items() if problem in known}
        self.list.clear()
        for problem in self.problems:
            self._add(self._row_of(problem))
            for row in self._rows_of(problem):
                self._add(row)
        self.list.setVisible(bool(self.problems))
        self.empty.setVisible(not self.problems)
        if before is not None:
            same = next((n for n in range(self.list.count()) if self._row(n) == before), -1)
            self.list.setCurrentRow(same if same >= 0 else self._problem_near(at))
        self.list.verticalScrollBar().setValue(scrolled)

    def show_fixes(self, problem: Problem, fixes: tuple[Fix, ...]) -> None:
        """Show what can be done about a problem, below it."""
        at = self.row_of(problem)
        if at < 0 or self._fixes.get(problem) == fixes:
            return
        while at + 1 < self.list.count() and self._row(at + 1).is_fix:
            self.list.takeItem(at + 1)
        self._fixes[problem] = fixes
        for number, row in enumerate(self._rows_of(problem)):
            self._add(row, at + 1 + number)

    def choose(self, problem: Problem) -> None:
        """Make the row of a problem the current one, and bring it into view."""
        at = self.row_of(problem)
        if at >= 0:
            self.list.setCurrentRow(at)
            self.list.scrollToItem(self.list.item(at))

    def row_of(self, problem: Problem) -> int:
        """Return the number of the row of a problem; -1 if it is not shown."""
        rows = (n for n in range(self.list.count()) if not self._row(n).is_fix and self._row(n).problem == problem)
        return next(rows, -1)

    @property
    def current(self) -> Problem | None:
        """The problem whose row, or one of whose fixes, is the current one."""
        row = self._current()
        return row.problem if row is not None else None

    def _rows_of(self, problem: Problem) -> list[Row]:
        fixes = self._fixes.get(problem, ())
        words = [self.in_words(fix.title, problem.about.function) for fix in fixes]
        return [Row(problem, n, fix.kind, title) for n, (fix, title) in enumerate(zip(fixes, words, strict=True))]

    def _row_of(self, problem: Problem) -> Row:
        function = problem.about.function
        return Row(
            problem,
            said=self.in_words(problem.message, function),
            place=self.in_words(problem.node.lstrip("."), function),
        )

    def _add(self, row: Row, at: int | None = None) -> None:
        item = QListWidgetItem()
        item.setData(ROLE, row)
        spoken = f"Fix: {row.title}" if row.is_fix else f"{row.problem.severity}: {row.words} {row.more}"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setToolTip("Do it: one step of undo" if row.is_fix and row.kind not in ("ask", "install") else row.words)
        self.list.insertItem(self.list.count() if at is None else at, item)

    def _row(self, number: int) -> Row:
        row: Row = self.list.item(number).data(ROLE)
        return row

    def _current(self) -> Row | None:
        at = self.list.currentRow()
        return self._row(at) if at >= 0 else None

    def _problem_near(self, at: int) -> int:
        """Return the row of the problem that has come to where a row was."""
        rows = [n for n in range(self.list.count()) if not self._row(n).is_fix]
        return next((n for n in rows if n >= at), rows[-1] if rows else -1)

    # -------------------------------------------------------------- what a hand does
    def _clicked(self, item: QListWidgetItem) -> None:
        # The second half of a double click must not do what has come under the cursor by then.
        if not self._since_fix.isValid() or self._since_fix.elapsed() > QApplication.doubleClickInterval():
            self._take(item)

    def _take(self, item: QListWidgetItem) -> None:
        row: Row = item.data(ROLE)
        if row.is_fix:
            self._since_fix.start()
            self.fix_wanted.emit(row.problem, row.number)
        else:
            self.chosen.emit(row.problem)

    def _menu(self, at: QPoint) -> None:
        item = self.list.itemAt(at)
        if item is not None:
            self._open_menu(item.data(ROLE), at)

    def open_menu(self) -> None:
        """Open the menu of the current row below it."""
        item = self.list.currentItem()
        if item is not None:
            self._open_menu(item.data(ROLE), self.list.visualItemRect(item).bottomLeft())

    def _open_menu(self, row: Row, at: QPoint) -> None:
        problem = row.problem
        entries: list[Entry] = [
            (fix.title, "", lambda n=number: self.fix_wanted.emit(problem, n))  # type: ignore[misc]
            for number, fix in enumerate(self._fixes.get(problem, ()))
        ]
        words = f"{problem.message}\n{problem.hint}".strip()
        entries += [None] if entries else []
        entries += [
            ("Go there", "Enter", lambda: self.chosen.emit(problem)),
            ("Copy the message", "", lambda: QApplication.clipboard().setText(words)),
        ]
        pop_up(self.list, self.list.viewport().mapToGlobal(at), entries)


class _List(QListWidget):
    """A list that tells Enter from a click: Qt's own signal of an activated row comes for both."""

    entered_by_key = Signal(QListWidgetItem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.entered_by_key.emit(self.currentItem())
        else:
            super().keyPressEvent(event)
