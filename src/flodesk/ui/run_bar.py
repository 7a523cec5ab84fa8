"""The run bar: Run and Stop, where to run, and how the run is doing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from flodesk.flow.document import Change
from flodesk.flow.place_rules import known_places
from flodesk.ui.console import Line
from flodesk.ui.place_words import RUN_ON
from flodesk.ui.run import Run
from flodesk.ui.run_words import run_words
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.icons import wear

_WIDEST = 16_777_215
"""Qt's own word for a width without limit."""
STATUS_WIDTH, STATUS_TIGHT, STATUS_LEAST = 280, 150, 96
"""Widths in pixels of the words about the run: whole, in a narrow window, in a very narrow one."""
TIGHTEST = 5
"""The last level of `RunBar.tighten`."""
_SHORTER = {" after ": " ", "Waiting for a worker …  ": "Waiting  ", "Waiting for the server …": "No server"}
"""What is said instead where there is less room."""
_PLACE_TIP = (
    "Where the flow runs: in a process beside this window, on a worker that takes jobs from Redis,\n"
    "or with all nodes that can travel on a Dask cluster ($FLODESK_DASK_ADDRESS, else one of our own)"
)


class _Places(QComboBox):
    """Where the flow runs. Places of other packages are looked for when the list is opened: it takes 12 ms."""

    def __init__(self) -> None:
        super().__init__()
        for words, place in RUN_ON:
            self.addItem(words, place)

    def look(self) -> None:
        """Add the places of other packages that are not there yet."""
        for name in known_places():
            if name != "process" and self.findData(name) < 0:
                self.addItem(f"Place “{name}”", name)

    def showPopup(self) -> None:
        """Open the list."""
        self.look()
        super().showPopup()


class RunBar(QWidget):
    """Buttons and status of the run. The buttons do the commands `start` and `stop`.

    `resized` tells that other words need another width.
    """

    resized = Signal()

    def __init__(self, run: Run, start: QAction, stop: QAction, pause: QAction, steps: Sequence[QAction]) -> None:
        super().__init__()
        self.setObjectName("run_bar")
        self._run = run
        self.called: Callable[[str], str] = lambda address: address
        """Gives ``function.card`` for ``function.statement``: what a card is called on the canvas."""
        self._tight = 0
        self._waits_for = ""
        """Why no worker has begun the run, as its log says."""
        self._words: dict[QPushButton, str] = {}
        self.start = QPushButton()
        self.start.setProperty("primary", True)
        self.start.setToolTip(start.toolTip())
        self.start.clicked.connect(start.trigger)
        self.stop = QPushButton()
        self.stop.setToolTip(stop.toolTip())
        self.stop.clicked.connect(stop.trigger)
        wear(self.start, "run", "on_accent")
        wear(self.stop, "stop", "error")
        for button, words in ((self.start, "Run"), (self.stop, "Stop")):
            button.setIconSize(QSize(15, 15))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
            self._title(button, words)
        self.pause = _tool(pause)
        self._pause = pause
        self.steps = [_tool(action) for action in steps]
        self.place = _Places()
        self.place.setAccessibleName("Where the flow runs")
        self.place.setToolTip(_PLACE_TIP)
        self.place.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.place.currentIndexChanged.connect(self._set_place)
        self._beside: dict[str, QWidget] = {}
        """What is shown beside the choice of the place, where that place is chosen."""
        self.light = QLabel("●")
        self.status = QLabel()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setFixedWidth(STATUS_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (self.start, self.stop, self.pause, *self.steps, self.place):
            row.addWidget(part)
        row.addSpacing(8)
        row.addWidget(self.light)
        row.addWidget(self.status)
        self._ticks = QTimer(self, interval=250)
        self._ticks.timeout.connect(self._show)
        run.changed.connect(self._phase)
        run.held.connect(self._phase)
        run.logged.connect(self._hear)
        run.document.listeners.append(self._follow)
        current.changed.connect(self._show)
        self._phase()

    # -------------------------------------------------------------- less room
    def tighten(self, level: int) -> None:
        """Need less room.

        1 gives up the count of iterations, 2 what stands beside the place, 3 the place, 4 the words of the buttons, 5
        most words.
        """
        if level == self._tight:
            return
        self._tight = level
        for button, words in self._words.items():
            self._wear_words(button, words)
        self.place.setVisible(level < 3)
        self._show_beside()
        self.status.setFixedWidth(STATUS_WIDTH if level == 0 else STATUS_TIGHT if level < TIGHTEST else STATUS_LEAST)
        self._show()

    def stand_beside_place(self, place: str, shown: QWidget) -> None:
        """Show something beside the choice of the place where that one is chosen."""
        self._beside[place] = shown
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(row.indexOf(self.place) + 1, shown)
        self._show_beside()

    def _show_beside(self) -> None:
        for place, shown in self._beside.items():
            shown.setVisible(self._tight < 2 and self.place.currentData() == place)

    def hidden_places(self) -> list[QAction]:
        """Return a menu's entries for where the flow runs, and for what is beside that, as far as it is not shown."""
        return [*self._entries_of_place(), *self._entry_beside()] if self._tight >= 2 else []

    def _entries_of_place(self) -> list[QAction]:
        if not self.place.isHidden():
            return []
        self.place.look()
        entries = []
        for number in range(self.place.count()):
            entry = QAction(f"Run on: {self.place.itemText(number)}", self.place)
            entry.setCheckable(True)
            entry.setChecked(number == self.place.currentIndex())
            entry.setEnabled(self.place.isEnabled())
            entry.triggered.connect(lambda _=False, n=number: self.place.setCurrentIndex(n))
            entries.append(entry)
        return entries

    def _entry_beside(self) -> list[QAction]:
        beside = self._beside.get(self.place.currentData())
        if not isinstance(beside, QToolButton):
            return []
        menu: QMenu | None = beside.menu()
        entry = menu.menuAction() if menu is not None else QAction(beside)
        if menu is None:
            entry.setEnabled(beside.isEnabled())
            entry.triggered.connect(beside.click)
        entry.setText(beside.text())
        entry.setToolTip(beside.toolTip())
        return [entry]

    def _title(self, button: QPushButton, words: str) -> None:
        """Give a button its words, which it shows where there is room."""
        if self._words.get(button) != words:
            self._words[button] = words
            button.setAccessibleName(words)
            self._wear_words(button, words)
            self.resized.emit()

    def _wear_words(self, button: QPushButton, words: str) -> None:
        button.setText(words if self._tight < 4 else "")
        button.setMaximumWidth(_WIDEST if self._tight < 4 else 38)

    def _follow(self, change: Change) -> None:
        """Run another flow on this machine until a hand says else: it is sent nowhere unasked."""
        if change.kind == "open" and not change.again:
            self.place.setCurrentIndex(self.place.findData("local"))

    def _set_place(self) -> None:
        self._run.place = str(self.place.currentData())
        self._show_beside()
        self.resized.emit()

    def _phase(self) -> None:
        active = self._run.active
        if not self._run.waits:
            self._waits_for = ""
        self.stop.setEnabled(active and self._run.phase != "stopping")
        self._title(self.start, "Run again" if active else "Run")
        self.place.setEnabled(not active)
        self.place.setToolTip(
            f"{_PLACE_TIP}.\nA run stays where it is: stop it to choose another place" if active else _PLACE_TIP
        )
        if active and self.place.currentData() != self._run.place:  # the window has come to a run that was on
            self.place.setCurrentIndex(max(0, self.place.findData(self._run.place)))
        self._show_steps()
        if active:
            self._ticks.start()
        else:
            self._ticks.stop()
        self._show()

    def _hear(self, lines: Iterable[Line]) -> None:
        """Take note of what is said of a run that waits."""
        said = [line.text for line in lines if not line.node]
        if said and self._run.waits:
            self._waits_for = said[-1]
            self._show()

    def _show_steps(self) -> None:
        held, pausing = self._run.paused is not None, self._run.pausing
        wear(self._pause, "continue" if held or pausing else "pause", "ok" if held or pausing else "text")
        keys = self._pause.shortcut().toString()
        tip = "Take the pause back" if pausing else "Let the run go on" if held else "Pause the run between two nodes"
        self.pause.setToolTip(f"{tip}  ({keys})")
        self.pause.setAccessibleName("Continue" if held else "Pause")
        wanted = [(self.pause, self._run.active), *((step, held) for step in self.steps)]
        if any(button.isHidden() == shown for button, shown in wanted):
            for button, shown in wanted:
                button.setVisible(shown)
            self.resized.emit()

    def _show(self) -> None:
        words, role = self.words()
        self.light.setStyleSheet(f"color: {getattr(theme(), role)}")
        shown = self._fitted(words)
        ended = not self._run.active and self._run.refused is None and self._run.last is not None
        queues = [f"{name}: {said}" for name, said, _ in self._run.last.lost] if ended and self._run.last else []
        tip = "\n".join([words, *queues]) if shown != words or queues else ""
        if self._run.waits and self._waits_for:
            tip = f"{words}\n{self._waits_for}"
        self.status.setToolTip(self._run.edits.behind or tip)
        self.light.setToolTip(self.status.toolTip())
        self.status.setText(shown)

    def _fitted(self, words: str) -> str:
        """Return as much of the words as there is room for: what was lost before the iterations."""
        metrics, wide = self.status.fontMetrics(), self.status.width()
        first, *rest = words.split("  ·  ")
        if self._tight:
            for long, short in _SHORTER.items():
                first = first.replace(long, short)
            said, gap, time = first.partition("  ")
            room = wide - metrics.horizontalAdvance(gap + time)  # what is counted is not cut off
            return metrics.elidedText(said, Qt.TextElideMode.ElideRight, room) + gap + time
        if len(rest) > 1 and metrics.horizontalAdvance(words) > wide:
            words = f"{first}  ·  {rest[-1]}"
        return words

    def words(self) -> tuple[str, str]:
        """Return the status in words, and the theme's colour that goes with it."""
        return run_words(self._run, self.called)


def _tool(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(18, 18))
    button.setAccessibleName(action.text())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
