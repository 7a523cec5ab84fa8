"""What happened, for those who want to know more than the bar says: the log of the runs, in a dialog."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from flodesk.ui.console import Log
from flodesk.ui.panel.touch import TOUCH, reach


class Happened(QDialog):
    """Takes lines also while it is not shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("happened")
        self.setProperty(TOUCH, parent.property(TOUCH))
        self.setWindowTitle("What happened")
        self.log = Log()
        close = QPushButton("Close")
        close.setMinimumHeight(reach(self, 30))
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.addWidget(self.log, 1)
        column.addLayout(row)

    def open_newest(self) -> None:
        """Come on the screen, with the newest lines."""
        room = self._window.size()
        self.resize(min(760, room.width() - 40), min(460, room.height() - 40))
        self.show()
        self.raise_()
        self.log.show_newest()


__all__ = ["Happened"]
