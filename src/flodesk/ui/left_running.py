"""The question before a window closes, or opens another flow, while a run is on that would go on without it."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from flodesk.engine.places.anywhere import Anywhere
from flodesk.ui.files import Files
from flodesk.ui.focus import focus_kept
from flodesk.ui.run import Run


class LeftRunning(QObject):
    """Asks whether a run on a queue is to be stopped, or goes on there without the window."""

    def __init__(self, window: QWidget, run: Run, files: Files) -> None:
        super().__init__(window)
        self._window, self._run, self._files = window, run, files
        self._chosen = False
        """Whether the run is to be left when the window lets go of it."""
        run.leave = self.leave

    @property
    def can(self) -> bool:
        """Whether there is such a run."""
        engine = self._run.engine
        return self._run.active and isinstance(engine, Anywhere) and engine.can_leave

    def may(self, what: str) -> bool:
        """Ask before the window closes, or does `what` else that would stop the run; False if all is to stay."""
        self._chosen = False
        box = QMessageBox(self._window)
        box.setObjectName("left_running")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("The flow runs on the queue")
        box.setText(f"<b>The flow runs on a worker, and can go on there {what}.</b>")
        box.setInformativeText("To come back to it, open the same file again, or say: flodesk attach FILE")
        stop = box.addButton("Stop it", QMessageBox.ButtonRole.DestructiveRole)
        leave = box.addButton("Leave it running", QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        for button in (stop, leave, stay):  # the box measures them before the default one is set in bold
            button.ensurePolished()
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(button.text()) + 48)
        box.setEscapeButton(stay)
        with focus_kept(self._files.home):
            box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        self._chosen = clicked is leave
        return clicked in (stop, leave)

    def leave(self) -> bool:
        """Leave the run if that was chosen; False if it is to be stopped."""
        chosen, self._chosen = self._chosen, False
        engine = self._run.engine
        if not chosen or not self.can or not isinstance(engine, Anywhere):
            return False
        try:
            engine.leave()
        except RuntimeError as error:
            self._run.said.emit(f"The run could not be left: {error}", "error")
            return False
        return True


__all__ = ["LeftRunning"]
