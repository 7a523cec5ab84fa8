"""The small dialog for the condition of a breakpoint."""

from __future__ import annotations

import builtins
from collections.abc import Set as AbstractSet

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from flodesk.engine.condition import ConditionError, read_condition
from flodesk.flow.binding_rules import outside_names
from flodesk.flow.model import Flow
from flodesk.flow.names import names_of
from flodesk.flow.problem import did_you_mean


class ConditionDialog(QDialog):
    """Asks for a Python expression; `text` is what was typed. OK is refused, in words, for what is no expression.

    `known` are the names that there are at the place; None if that cannot be told.
    """

    def __init__(self, parent: QWidget, place: str, condition: str, known: AbstractSet[str] | None = None) -> None:
        super().__init__(parent)
        self._known = known
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
        problem = wrong(self.text, self._known)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.ok.setEnabled(not problem)


def wrong(text: str, known: AbstractSet[str] | None = None) -> str:
    """Return why a text is no condition where these names are `known`; empty if it is one."""
    if not text:
        return ""
    try:
        names = read_condition(text).names
    except ConditionError as error:
        return f"This is no condition: {error}"
    missing = next((name for name in names if known is not None and name not in known), None)
    if known is None or missing is None:
        return ""
    return f"There is no “{missing}” at this place. {did_you_mean(missing, known)}".strip()


def known_at(flow: Flow, function: str) -> AbstractSet[str] | None:
    """Return the names that a condition in a function can read; None if that cannot be told from the text."""
    if function not in flow.functions:  # of another file
        return None
    outside, certain = outside_names(flow)
    if not certain:
        return None
    own = names_of(flow, function)
    return {"iteration", *own.bound, *own.parameters, *(outside - set(dir(builtins)))}
