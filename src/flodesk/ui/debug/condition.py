"""The small dialog for the condition of a breakpoint."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from flodesk.engine.condition import ConditionError, read_condition


class ConditionDialog(QDialog):
    """Asks for a Python expression; `text` is what was typed. OK is refused, in words, for what is no expression."""

    def __init__(self, parent: QWidget, place: str, condition: str) -> None:
        super().__init__(parent)
        self.setObjectName("condition")
        self.setWindowTitle("Condition of a breakpoint")
        self.setMinimumWidth(440)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        heading = QLabel(f"Hold at {place} when")
        heading.setProperty("role", "title")
        self.line = QLineEdit(condition)
        self.line.setPlaceholderText("always")
        self.line.setAccessibleName("Condition")
        self.line.setToolTip("An expression; empty holds every time")
        self.line.textChanged.connect(self._check)
        hint = QLabel(
            "An expression over the variables of the flow there, and iteration: level > 5, "
            "iteration % 100 == 0. Empty: every time."
        )
        hint.setWordWrap(True)
        hint.setProperty("role", "muted")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "error")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText("Set")
        for part in (heading, self.line, hint, self.problem, buttons):
            column.addWidget(part)
        self._check()

    @property
    def text(self) -> str:
        """What was typed."""
        return self.line.text().strip()

    def _check(self) -> None:
        problem = wrong(self.text)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.ok.setEnabled(not problem)


def wrong(text: str) -> str:
    """Return why a text is no condition; empty if it is one."""
    if not text:
        return ""
    try:
        read_condition(text)
    except ConditionError as error:
        return f"This is no condition: {error}"
    return ""
