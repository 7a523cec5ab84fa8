"""The open flow as an app: how operators are to see it, and a window to try that over the same run."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from flodesk.flow.app import App, app_of
from flodesk.flow.edit import EditError, SetApp
from flodesk.flow.password import hashed
from flodesk.ui.operator import Operator
from flodesk.ui.side_thread import SideThread
from flodesk.ui.station import Station
from flodesk.ui.theme.looks import Looks
from flodesk.ui.trust.judging import Judging


class AsApp(QObject):
    """The verbs. `said` gives a sentence and its level."""

    said = Signal(str, str)
    changed = Signal()

    def __init__(self, window: QWidget, station: Station, looks: Looks, judging: Judging) -> None:
        super().__init__(window)
        self._window, self._station, self._looks, self._judging = window, station, looks, judging
        self._shown: Operator | None = None

    @property
    def is_open(self) -> bool:
        """Whether the window to try it is there."""
        return self._shown is not None

    def show(self) -> None:
        """Open the window to try it, or close it."""
        if self._shown is not None:
            self._shown.close()
            return
        self._shown = Operator(self._looks, self._station, editor=self._back, judging=self._judging)
        self._shown.closed.connect(self._gone)
        self._shown.begin()
        self._shown.activateWindow()

    def _gone(self) -> None:
        self._shown = None
        self.changed.emit()

    def _back(self, operator: Operator) -> None:
        operator.close()
        self._window.raise_()
        self._window.activateWindow()

    def ask(self) -> None:
        """Let title, size, start and password be chosen."""
        dialog = AppDialog(self._window, app_of(self._station.document.flow))
        dialog.decided.connect(self._write)
        dialog.open()

    def _write(self, lines: dict[str, str | bool | None]) -> None:
        try:
            self._station.document.do(SetApp(lines))
        except EditError as error:
            self.said.emit(str(error), "error")

    def close(self) -> None:
        """Close the window to try it: the window of the flow goes."""
        if self._shown is not None:
            self._shown.close()


class AppDialog(QDialog):
    """Asks how operators see a flow; `decided` gives the lines that are to be different in its header."""

    decided = Signal(dict)

    def __init__(self, parent: QWidget, app: App) -> None:
        super().__init__(parent)
        self.setObjectName("app_settings")
        self.setWindowTitle("This flow as an app")
        self._app = app
        self._side = SideThread(self)
        self.name = QLineEdit(app.title)
        self.name.setPlaceholderText("The name of the file")
        self.name.setAccessibleName("Title")
        self.full = _box("Take the whole screen", app.full_screen)
        self.touch = _box("Size for fingers: targets of at least 44 pixels", app.touch)
        self.start = _box("Run at once", app.start)
        self.keep = _box("Keep what the controls are set to for the next start", app.keep)
        self.locked = _box("Ask for a password before the flow can be edited", bool(app.password))
        self.password, self.again = _secret("Password"), _secret("The same again")
        if app.password:
            self.password.setPlaceholderText("As it is")
        self.said = QLabel()
        self.said.setProperty("role", "error")
        self.said.setWordWrap(True)
        self.said.hide()
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.buttons.accepted.connect(self._decide)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self.locked.toggled.connect(self._lock)
        self._lock(self.locked.isChecked())
        self.finished.connect(self._over)

    def _lay_out(self) -> None:
        what = QLabel("Operators see the control panel alone, with Start, Pause and Stop: flodesk app FILE.")
        truth = QLabel(
            "A password keeps operators from editing the flow in the app. Whoever may write the file can take it out."
        )
        for label in (what, truth):
            label.setProperty("role", "muted")
            label.setWordWrap(True)
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow("Title", self.name)
        for box in (self.full, self.touch, self.start, self.keep, self.locked):
            form.addRow("", box)
        form.addRow("Password", self.password)
        form.addRow("Again", self.again)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(what)
        column.addLayout(form)
        for part in (truth, self.said, self.buttons):
            column.addWidget(part)
        self.setMinimumWidth(460)

    def _lock(self, on: bool) -> None:
        for field in (self.password, self.again):
            field.setEnabled(on)

    def _decide(self) -> None:
        typed = self.password.text()
        if not self.locked.isChecked():
            self._give(None)
        elif typed != self.again.text():
            self._refuse("The two passwords differ: type the same one twice.")
        elif typed:
            self.buttons.setEnabled(False)
            self._side.do(lambda: hashed(typed), self._give)  # it takes longer than a frame
        elif self._app.password:
            self._give(self._app.password)
        else:
            self._refuse("Type a password, or take the tick away.")

    def _refuse(self, words: str) -> None:
        self.said.setText(words)
        self.said.show()
        if (laid := self.layout()) is not None:  # a dialog does not grow with words that are wrapped
            laid.activate()
            self.resize(self.width(), max(self.height(), laid.totalHeightForWidth(self.width())))

    def _give(self, password: str | None) -> None:
        wanted: dict[str, str | bool | None] = {
            "title": self.name.text().strip() or None,
            "full_screen": self.full.isChecked() or None,
            "touch": self.touch.isChecked() or None,
            "start": self.start.isChecked() or None,
            "keep": None if self.keep.isChecked() else False,
            "password": password or None,
        }
        default = App()
        # what the file says otherwise already stays to the letter
        lines = {
            name: value
            for name, value in wanted.items()
            if (getattr(default, name) if value is None else value) != getattr(self._app, name)
        }
        if lines:
            self.decided.emit(lines)
        self.accept()

    def _over(self, _: int) -> None:
        self._side.close()
        self.deleteLater()


def _box(words: str, on: bool) -> QCheckBox:
    box = QCheckBox(words)
    box.setChecked(on)
    return box


def _secret(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    return field


__all__ = ["AppDialog", "AsApp"]
