"""What a loop does after an error: a setting of the flow, chosen on its page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from flodesk.ui.inspector.drop_down import DropDown

CHOICES = (
    ("stop", "Stop the loop", "The loop ends at the first turn that fails."),
    ("reject", "Keep the turn", "A turn that fails is kept as a dead letter, and the loop goes on."),
    ("continue", "Skip the turn", "A turn that fails is counted and told, and the loop goes on."),
)
"""Value of ``on_error``, its name, and what it means."""


class OnError(QWidget):
    """The choice; `chosen` gives the new value."""

    chosen = Signal(str)

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.box = _Box("When a node in a loop fails")
        for value, name, words in CHOICES:
            self.box.addItem(name, value)
            self.box.setItemData(self.box.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        self.meaning = QLabel()
        self.meaning.setProperty("role", "muted")
        self.meaning.setWordWrap(True)
        label = QLabel("When a node in a loop fails")
        label.setBuddy(self.box)
        label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(3)
        for widget in (label, self.box, self.meaning):
            column.addWidget(widget)
        self.show_mode(mode)
        self.box.activated.connect(self._choose)

    def show_mode(self, mode: str) -> None:
        """Show what the flow says now."""
        known = self.box.findData(mode)
        self.box.setCurrentIndex(known)
        self._explain(known, mode)

    def _choose(self, index: int) -> None:
        self._explain(index, "")
        self.chosen.emit(self.box.itemData(index))

    def _explain(self, index: int, mode: str) -> None:
        unknown = f"The file says {mode!r}, which is none of these."
        words = CHOICES[index][2] if index >= 0 else unknown
        self.meaning.setText(words)
        self.box.setToolTip(words)


class _Box(DropDown):
    """A drop-down that leaves the wheel to the page that it stands on."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page."""
        event.ignore()
