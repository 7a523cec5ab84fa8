"""The small dialog for the condition of a breakpoint."""

from __future__ import annotations

import builtins
from collections.abc import Set as AbstractSet

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from flodesk.engine.condition import ConditionError, read_condition
from flodesk.flow.binding_rules import outside_names
from flodesk.flow.model import Address, Flow
from flodesk.flow.names import binds_of, names_of
from flodesk.flow.problem import did_you_mean


class ConditionDialog(QDialog):
    """Asks for a Python expression; `text` is what was typed. OK is refused, in words, for what is no expression.

    `known` are the names that there are at the place; None if that cannot be told. `later` are those that the node
    itself binds: they are of the turn before, as the run is held before it is called.
    """

    def __init__(
        self,
        parent: QWidget,
        place: str,
        condition: str,
        known: AbstractSet[str] | None = None,
        later: AbstractSet[str] = frozenset(),
    ) -> None:
        super().__init__(parent)
        self._place, self._known, self._later = place, known, later
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
        self.remark = QLabel()
        self.remark.setWordWrap(True)
        self.remark.setProperty("role", "muted")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText("Set")
        for part in (heading, self.line, hint, self.problem, self.remark, buttons):
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
        own = [] if problem or not self.text else [n for n in read_condition(self.text).names if n in self._later]
        self.remark.setText(
            f"The run is held before “{self._place}” is called: “{own[0]}” is still that of the turn before. To look at"
            " the new one, set the condition on its wire."
            if own
            else ""
        )
        self.remark.setVisible(bool(own))


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


def bound_at(flow: Flow, function: str, place: str) -> frozenset[str]:
    """Return the names that a node binds; none for a wire."""
    found = flow.index.get(Address(function, place))
    return frozenset(binds_of(found[0])) if found is not None else frozenset()


def known_at(flow: Flow, function: str) -> AbstractSet[str] | None:
    """Return the names that a condition in a function can read; None if that cannot be told from the text."""
    if function not in flow.functions:  # of another file
        return None
    outside, certain = outside_names(flow)
    if not certain:
        return None
    own = names_of(flow, function)
    return {"iteration", *own.bound, *own.parameters, *(outside - set(dir(builtins)))}
