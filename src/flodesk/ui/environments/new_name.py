"""The question before an environment is made: what it is called, which says where it lies."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from flodesk.engine.environments.environment import free_name, named
from flodesk.engine.folders import FolderError
from flodesk.ui.environments.pieces import tell, words


class NewName(QDialog):
    """Has a name that will do from the start. `given` tells the one that is taken."""

    given = Signal(str)

    def __init__(self, parent: QWidget, suggested: str) -> None:
        super().__init__(parent)
        self.setObjectName("new_environment")
        self.setWindowTitle("Create an environment")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        self.field = QLineEdit(suggested)
        self.field.setAccessibleName("Name of the environment")
        self.field.selectAll()
        self.where = words("", "muted")
        buttons = QDialogButtonBox()
        self.cancel: QPushButton = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.make: QPushButton = buttons.addButton("Create", QDialogButtonBox.ButtonRole.AcceptRole)
        self.make.setDefault(True)
        self.make.clicked.connect(self._give)
        self.cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        for part in (words("Name of the environment", "title"), self.field, self.where, buttons):
            column.addWidget(part)
        self.field.textChanged.connect(self._judge)
        self._judge(suggested)

    def _judge(self, text: str) -> None:
        name = text.strip()
        try:
            fit = free_name(name) if name else ""
            where = str(named(name).root) if name else ""
        except FolderError as error:
            tell(self.where, str(error), "error")
            self.make.setEnabled(False)
            return
        self.make.setEnabled(bool(name) and fit == name)
        if not name:
            tell(self.where, "Give it a name.")
        elif fit != name:
            tell(self.where, f"“{name}” is taken, or has letters that no folder should have: {fit} would do.", "error")
        else:
            tell(self.where, f"It is made in {where}, for flows of this project.")

    def _give(self) -> None:
        self.given.emit(self.field.text().strip())
        self.accept()


__all__ = ["NewName"]
