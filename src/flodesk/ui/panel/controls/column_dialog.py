"""The dialog for a column of the table that is typed: its name and its type."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from flodesk.ui.panel.tabular import KINDS, Column, RefusedError


class ColumnDialog(QDialog):
    """Asks for name and type of a column; what cannot be is told in it, and it stays open.

    Parameters
    ----------
    column : Column
        As it is now.
    take : callable
        Gets the column that is wanted; raises `RefusedError` where that cannot be.
    """

    def __init__(self, parent: QWidget, column: Column, take: Callable[[Column], object]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Column {column.name}")
        self._take = take
        self.name = QLineEdit(column.name)
        self.name.selectAll()
        self.kind = QComboBox()
        for kind, words in KINDS.items():
            self.kind.addItem(words, kind)
        self.kind.setCurrentIndex(self.kind.findData(column.kind))
        self.refusal = QLabel()
        self.refusal.setProperty("role", "error")
        self.refusal.setWordWrap(True)
        self.refusal.setMinimumWidth(240)
        self.refusal.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow("Name", self.name)
        form.addRow("Type", self.kind)
        form.addRow(self.refusal)
        form.addRow(buttons)

    def accept(self) -> None:
        """Hand over what is wanted; close if it was taken."""
        try:
            self._take(Column(self.name.text(), self.kind.currentData()))
        except RefusedError as refused:
            self.refusal.setText(str(refused))
            self.refusal.show()
            self.adjustSize()
        else:
            super().accept()
