"""What stands around the list of dead letters: the offer to undo, the words where there is nothing, the line below."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from flodesk.ui.letters.desk import LAST, View
from flodesk.ui.letters.words import number

_WHAT = (
    "A dead letter is a turn of a loop in which a node failed: what the producer gave, what the node was given and "
    "why it failed are kept, and the loop goes on. Later the turn can be put back into the flow, or dropped."
)
_NOW = {
    "reject": "This flow keeps its failed turns.",
    "continue": "This flow skips its failed turns, and keeps nothing of them.",
}


class Strip(QFrame):
    """Says what was dropped, and offers to undo it."""

    def __init__(self, undo: Callable[[], None]) -> None:
        super().__init__()
        self.words = QLabel()
        self.button = QPushButton("Undo")
        self.button.setToolTip("Let the letters come back")
        self.button.clicked.connect(undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.addWidget(self.words)
        row.addWidget(self.button)
        row.addStretch(1)
        self.hide()

    def say(self, words: str) -> None:
        """Show it with these words."""
        self.words.setText(words)
        self.show()


class Nothing(QScrollArea):
    """What stands there instead of an empty list: what dead letters are, and how there can be some; or an error.

    In a low dock it is scrolled: no line of it is cut.
    """

    def __init__(self, keep: Callable[[], None]) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        self.words.setMaximumWidth(760)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton("Keep failed turns of this flow")
        self.button.setToolTip('Sets on_error = "reject": “Keep the turn” on the flow\'s page in the inspector')
        self.button.clicked.connect(keep)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setWidget(page)

    def explain(self, error: str, mode: str, every: bool) -> None:
        """Say why there is nothing; `mode` is what the loops of the flow do after an error."""
        none = "There are no dead letters." if every else "There are no dead letters of this flow."
        now = _NOW.get(mode, "A loop of this flow stops at the first turn that fails.")
        self.words.setText(error or f"{none} {now}\n\n{_WHAT}")
        self.button.setVisible(not error and mode != "reject")


def footing(view: View, shown: int) -> str:
    """Say how much there is in all, and what went to make room."""
    stock, parts = view.stock, []
    if shown >= LAST:
        parts.append(f"The newest {number(LAST)} are shown.")
    if view.room and stock.letters:
        size = f"{stock.size / 1e6:,.1f} MB" if stock.size >= 1e5 else f"{stock.size / 1e3:,.1f} kB"
        parts.append(f"{number(stock.letters)} of all flows, {size}; no more than {view.room} are kept.")
    if stock.dropped:
        since = time.strftime("%Y-%m-%d", time.localtime(stock.since))
        parts.append(f"{number(stock.dropped)} went since {since} to make room.")
    return " ".join(parts)
