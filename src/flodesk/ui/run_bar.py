"""The run bar: Run and Stop, where to run, and how the run is doing."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from flodesk.ui.run import Run
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.icons import wear

PLACES = (("This machine", "local"), ("Redis queue", "rq"))
_ENDS = {
    "succeeded": ("Succeeded", "ok"),
    "failed": ("Failed", "error"),
    "stopped": ("Stopped", "muted"),
    "killed": ("Ended by force", "warning"),
    "crashed": ("Crashed", "error"),
}


class RunBar(QWidget):
    """Buttons and status of the run. The buttons do the commands `start` and `stop`."""

    def __init__(self, run: Run, start: QAction, stop: QAction) -> None:
        super().__init__()
        self._run = run
        self.start = QPushButton("Run")
        self.start.setProperty("primary", True)
        self.start.setToolTip(start.toolTip())
        self.start.clicked.connect(start.trigger)
        self.stop = QPushButton("Stop")
        self.stop.setToolTip(stop.toolTip())
        self.stop.clicked.connect(stop.trigger)
        wear(self.start, "run", "on_accent")
        wear(self.stop, "stop", "error")
        for button in (self.start, self.stop):
            button.setIconSize(QSize(15, 15))
        self.place = QComboBox()
        self.place.setAccessibleName("Where the flow runs")
        self.place.setToolTip(
            "Where the flow runs: in a process beside this window, or on a worker that takes jobs from Redis"
        )
        self.place.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for words, place in PLACES:
            self.place.addItem(words, place)
        self.place.currentIndexChanged.connect(self._set_place)
        self.light = QLabel("●")
        self.status = QLabel()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setMinimumWidth(280)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (self.start, self.stop, self.place):
            row.addWidget(part)
        row.addSpacing(8)
        row.addWidget(self.light)
        row.addWidget(self.status)
        self._ticks = QTimer(self, interval=250)
        self._ticks.timeout.connect(self._show)
        run.changed.connect(self._phase)
        current.changed.connect(self._show)
        self._phase()

    def _set_place(self) -> None:
        self._run.place = str(self.place.currentData())

    def _phase(self) -> None:
        active = self._run.active
        self.stop.setEnabled(active and self._run.phase != "stopping")
        self.start.setText("Run again" if active else "Run")
        self.place.setEnabled(not active)
        if active:
            self._ticks.start()
        else:
            self._ticks.stop()
        self._show()

    def _show(self) -> None:
        words, role = self.words()
        self.light.setStyleSheet(f"color: {getattr(theme(), role)}")
        self.status.setText(words)

    def words(self) -> tuple[str, str]:
        """Return the status in words, and the theme's colour that goes with it."""
        run = self._run
        if run.phase == "starting":
            return "Starting …", "running"
        if run.phase == "stopping":
            return "Stopping …", "warning"
        if run.phase == "running":
            self._count()
            turns = _turns(run.iterations)
            return f"Running  {clock(run.seconds)}{turns}", "running"
        if run.last is None:
            return "Not run yet", "muted"
        words, role = _ENDS[run.last.reason]
        turns = _turns(run.iterations)
        return f"{words} after {clock(run.last.seconds)}{turns}", role

    def _count(self) -> None:
        counts = [state.count for state in self._run.engine.states().values()]
        self._run.iterations = max(counts, default=0)


def _turns(count: int) -> str:
    number = f"{count:,}".replace(",", "\u202f")
    return f"  ·  {number} iteration{'' if count == 1 else 's'}" if count else ""


def clock(seconds: float) -> str:
    """Return a time as a stopwatch shows it: ``0.8 s``, ``12 s``, ``3:05``, ``1:02:03``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
