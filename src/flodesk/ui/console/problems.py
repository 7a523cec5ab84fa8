"""The problems that the checker finds, each with a hint; one click leads to the node."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from flodesk.flow.check import Problem
from flodesk.ui.focus import keep_keys
from flodesk.ui.theme import current
from flodesk.ui.theme.icons import icon


class Problems(QWidget):
    """A list of problems; `node_clicked` gives ``function.node``."""

    node_clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.problems: tuple[Problem, ...] = ()
        self.list = QListWidget()
        keep_keys(self.list)
        self.list.setWordWrap(True)
        self.list.setAccessibleName("Problems")
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self.empty = QLabel("No problems: the flow can run.")
        self.empty.setProperty("role", "muted")
        self.empty.setContentsMargins(8, 4, 8, 4)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 8)
        column.addWidget(self.list)
        column.addWidget(self.empty)
        current.changed.connect(self._retint)
        self.show_problems(())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show these, errors first."""
        self.problems = tuple(problems)
        self.list.clear()
        for problem in sorted(self.problems, key=lambda p: p.severity != "error"):
            where = " · ".join(part for part in (problem.node, f"line {problem.line}" if problem.line else "") if part)
            text = problem.message + (f"\n{problem.hint}" if problem.hint else "")
            row = QListWidgetItem(icon(problem.severity, problem.severity), f"{text}\n{where}" if where else text)
            row.setData(Qt.ItemDataRole.UserRole, problem.node)
            row.setToolTip(f"{problem.message}\n{problem.hint}".strip())
            self.list.addItem(row)
        self.list.setVisible(bool(self.problems))
        self.empty.setVisible(not self.problems)

    def _retint(self) -> None:
        self.show_problems(self.problems)

    def _go(self, row: QListWidgetItem) -> None:
        node = row.data(Qt.ItemDataRole.UserRole)
        if node:
            self.node_clicked.emit(node)
