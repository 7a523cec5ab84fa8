"""The question for the password, before the flow of an app is opened for editing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from flodesk.ui.panel.touch import reach
from flodesk.ui.side_thread import SideThread

_WAIT = 1000
"""Milliseconds after a wrong password before the next one is taken."""


class Unlocking(QDialog):
    """Asks until the password is right or it is closed; `unlocked` tells that it was right.

    Parameters
    ----------
    opens : callable
        Whether a text is the password; it takes a while, and is called in another thread. It raises `ValueError` where
        what is kept of the password cannot be read.
    running : bool
        Whether a run is on: it goes on while the flow is edited.
    """

    unlocked = Signal()

    def __init__(self, parent: QWidget, opens: Callable[[str], bool], *, running: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("unlocking")
        self.setWindowTitle("Edit this flow")
        self._opens = opens
        self._side = SideThread(self)
        self._checking = False
        goes_on = "; the run goes on" if running else ""
        self.words = QLabel(f"The flow of this app is locked. Its password opens it for editing{goes_on}.")
        self.words.setWordWrap(True)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Password")
        self.field.setPlaceholderText("Password")
        self.field.setMinimumHeight(reach(self, 30))
        self.said = QLabel(" ")
        self.said.setProperty("role", "error")
        self.said.setWordWrap(True)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.ok = self.buttons.button(buttons.Ok)
        self.ok.setText("Edit")
        for button in self.buttons.buttons():
            button.setMinimumHeight(reach(self, 30))
        self.buttons.accepted.connect(self._try)
        self.buttons.rejected.connect(self.reject)
        self.field.textChanged.connect(lambda _: self.said.setText(" "))
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for part in (self.words, self.field, self.said, self.buttons):
            column.addWidget(part)
        self.setMinimumWidth(380)
        self._again = QTimer(self, singleShot=True, interval=_WAIT)
        self._again.timeout.connect(self._free)
        self.finished.connect(self._over)

    def _try(self) -> None:
        if not self.ok.isEnabled():
            return
        text = self.field.text()
        self.ok.setEnabled(False)
        self.field.setReadOnly(True)
        self._checking = True
        self._side.do(lambda: self._opens(text), self._answer, self._cannot)

    def _answer(self, right: bool) -> None:
        if self._has_gone():
            return
        if right:
            self.unlocked.emit()
            self.accept()
            return
        self.field.selectAll()
        self.said.setText("That is not the password.")
        self._again.start()

    def _cannot(self, problem: Exception) -> None:
        if self._has_gone():
            return
        words = f"The password in the file cannot be read: {problem}. Whoever may edit the file can mend that line."
        self.said.setText(words)
        self._again.start()

    def _free(self) -> None:
        self.ok.setEnabled(True)
        self.field.setReadOnly(False)
        self.field.setFocus()

    def _has_gone(self) -> bool:
        """Note that the check has ended; whether nobody waits for its answer any more."""
        self._checking = False
        if self.isVisible():
            return False
        self.end()
        return True

    def _over(self, _: int) -> None:
        if not self._checking:  # else it goes, unseen, when that has ended: a costly line takes seconds
            self.end()

    def end(self) -> None:
        """Go for good, after the check that is going on."""
        self._side.close()
        self.deleteLater()


__all__ = ["Unlocking"]
