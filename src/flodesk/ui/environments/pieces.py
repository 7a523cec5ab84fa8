"""What the dialogs about environments are made of."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton


def words(text: str = "", role: str = "") -> QLabel:
    """Return a label that breaks its lines, and takes its text as it is."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        label.setProperty("role", role)
    return label


def tell(label: QLabel, text: str, role: str = "muted") -> None:
    """Show a text in a label, in the color of its role."""
    label.setProperty("role", role)
    label.style().polish(label)
    label.setText(text if len(text) <= 300 else text[:300] + " …")


def button(title: str, tip: str, do: Callable[[], object]) -> QPushButton:
    """Return a button that Enter in another field does not press."""
    made = QPushButton(title)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    made.clicked.connect(lambda: do())
    return made


def progress() -> QProgressBar:
    """Return a thin bar that moves for as long as it is seen."""
    bar = QProgressBar()
    bar.setRange(0, 0)
    bar.setTextVisible(False)
    bar.setFixedHeight(4)
    kept = bar.sizePolicy()
    kept.setRetainSizeWhenHidden(True)  # nothing moves when it comes and goes
    bar.setSizePolicy(kept)
    bar.hide()
    return bar


__all__ = ["button", "progress", "tell", "words"]
