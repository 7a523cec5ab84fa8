"""The question before a window closes, or opens another flow, while a run is on that would go on without it."""

from __future__ import annotations

import shlex
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from flodesk.engine.events import RunFinished
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server.server_address import FOR_SESSION
from flodesk.engine.places.session.left_there import left_at, remember
from flodesk.engine.places.session.run_on import LEFT
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
        files.left_running = lambda: self._chosen and (self.can or self.ends_with_us)

    @property
    def can(self) -> bool:
        """Whether there is such a run."""
        engine = self._run.engine
        return self._run.active and isinstance(engine, Anywhere) and engine.can_leave

    @property
    def ends_with_us(self) -> bool:
        """Whether there is a run on the local queue, which ends with the last window."""
        engine = self._run.engine
        return self._run.active and isinstance(engine, Anywhere) and engine.ends_with_us

    def may_stop(self) -> bool:
        """Ask before the window closes and stops such a run; False if all is to stay."""
        box = QMessageBox(self._window)
        box.setObjectName("ends_with_us")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("The flow runs on the local queue")
        box.setText("<b>The flow runs on the local queue, which ends with this window. Stop it and quit?</b>")
        box.setInformativeText("To let runs go on without a window, name a server in the preferences.")
        stop = box.addButton("Stop it and quit", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        with focus_kept(self._files.home):
            box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        return clicked is stop

    def may(self, what: str) -> bool:
        """Ask before the window closes, or does `what` else that would stop the run; False if all is to stay."""
        self._chosen = False
        box = QMessageBox(self._window)
        box.setObjectName("left_running")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("The flow runs on the queue")
        box.setText(f"<b>The flow runs on a worker, and can go on there {what}.</b>")
        box.setInformativeText(self._how_to_come_back())
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

    def _how_to_come_back(self) -> str:
        """Say what it takes, where the address of the server goes with this window."""
        path, engine = self._run.document.path, self._run.engine
        left = Path(engine.left_path) if isinstance(engine, Anywhere) and engine.left_path else None
        its = path is not None and left is not None and left.resolve() == path.resolve()
        if path is None or left is None:
            words, name = "To come back to it, choose it among the jobs in the Queues dock, and Attach", self._run.id
        else:
            what = "the same file" if its else left.name
            words, name = f"To come back to it, open {what} again", shlex.quote(left.name)
        words += "." if self.ends_with_us else f", or say: flodesk attach {name}"
        if self._run.document.dirty:
            words += "\n\nValues that you have set are set in the run, and come back with it, saved or not."
        if self.ends_with_us:
            return f"{words} It ends with the last window, as the local queue does."
        server = engine.afar.server if isinstance(engine, Anywhere) else None
        if server is None or server.origin != FOR_SESSION:
            return words
        there = left_at(server.url)
        password = " Its password is kept nowhere, and is asked for then." if there.asks else ""
        leads = " The Queues dock leads there." if path is None or left is None else ""
        return f"{words}\n\nThe server {there.place} is remembered.{leads}{password}"

    def leave(self) -> bool:
        """Leave the run if that was chosen; False if it is to be stopped."""
        chosen, self._chosen = self._chosen, False
        engine = self._run.engine
        if not chosen or not (self.can or self.ends_with_us) or not isinstance(engine, Anywhere):
            return False
        run, path = self._run.id, engine.left_path  # another flow may be open by now
        engine.leave()
        # that is told when the server knows, and by then the window may have closed its history
        self._run.recorder.take(RunFinished(run, "left", LEFT, self._run.seconds))
        server = engine.afar.server
        if server is not None and (why := remember(left_at(server.url, run, path))):
            self._run.said.emit(f"Where the run was left is not remembered: {why}", "warning")
        return True


__all__ = ["LeftRunning"]
