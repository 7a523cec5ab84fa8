"""A queue on this machine at the press of a button: started, told where it is, and stopped."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSpinBox

from flodesk.engine.places.server.broker import NONE_FOR_WINDOWS
from flodesk.engine.places.server.local_queue import LOCAL, MOST_WORKERS
from flodesk.engine.places.server.server_address import naming
from flodesk.ui.number_field import NumberField

INSTALL = "pip install 'flodesk[redis]'"
_WORDS = {
    "starting": "A local queue is being started …",
    "stopping": "The local queue is being stopped …",
}


class ServerTold(QObject):
    """Tells in the window's thread that the local queue has changed, or that another server is named."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lists = (LOCAL.listeners, naming.listeners)
        for listeners in self._lists:
            listeners.append(self._tell)

    def close(self) -> None:
        """Tell nobody any more."""
        for listeners in self._lists:
            if self._tell in listeners:
                listeners.remove(self._tell)

    def _tell(self) -> None:
        with contextlib.suppress(RuntimeError):  # the window went in the meantime
            self.changed.emit()


class LocalRow(QFrame):
    """Says how the local queue is. `start_wanted` gives a number of workers, `stop_wanted` asks for its end."""

    start_wanted = Signal(int)
    stop_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = QLabel()
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setProperty("role", "muted")
        self.start = QPushButton("Start a local queue")
        self.start.setProperty("small", True)
        self.start.setToolTip("Start a Redis server and workers on this machine; they end with the last window")
        self.start.clicked.connect(self._start)
        self.workers: QSpinBox = NumberField("Workers of the local queue", 1, MOST_WORKERS)
        self.workers.setToolTip("How many flows it runs side by side")
        self._wear_number(1)
        self.workers.valueChanged.connect(self._wear_number)
        self.stop = QPushButton("Stop the queue")
        self.stop.setProperty("small", True)
        self.stop.setToolTip("End the local server and its workers; what is on it is gone")
        self.stop.clicked.connect(self.stop_wanted)
        self.copy = QPushButton("Copy the command")
        self.copy.setProperty("small", True)
        self.copy.setToolTip(f"Copy: {INSTALL}")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(INSTALL))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 0, 2)
        row.setSpacing(8)
        self.beside = QLabel()
        """What is said of the local queue where another server is looked at."""
        self.beside.setProperty("role", "muted")
        for part in (self.start, self.workers, self.words, self.copy, self.beside, self.stop):
            row.addWidget(part)
        row.addStretch(1)
        self.arrange("", "", "")

    def _start(self) -> None:
        self.start_wanted.emit(self.workers.value())

    def _wear_number(self, number: int) -> None:
        self.workers.setSuffix(" worker" if number == 1 else " workers")

    def arrange(self, address: str, origin: str, missing: str) -> None:
        """Show what there is to say and to do.

        Parameters
        ----------
        address, origin : str
            Of the server that is looked at, and who says it.
        missing : str
            What a local queue lacks.
        """
        state = LOCAL.state
        off = state == "off" and not address
        self.start.setText("Start it again" if LOCAL.died else "Start a local queue")
        self.start.setVisible(off and not missing)
        self.workers.setVisible(off and not missing)
        self.copy.setVisible(off and installable(missing))
        self.stop.setVisible(state == "on")
        another = bool(address) and origin != "the local queue"
        self.beside.setText(f"·  Local queue on port {place(LOCAL.url).rpartition(':')[2]}")
        self.beside.setVisible(state == "on" and another)
        if state in _WORDS:
            words = _WORDS[state]
        elif state == "on" and not another:
            words = f"Local queue at {place(LOCAL.url)}, {workers_now()}. It ends with the last window."
        elif off:
            words = f"{missing}. Install one: {INSTALL}" if installable(missing) else missing and f"{missing}."
        else:
            words = f"{address} ({origin})"
        self.words.setText(words)
        self.words.setToolTip(LOCAL.trouble)
        self.words.setVisible(bool(words))


def workers_now() -> str:
    """Say how many workers of the local queue listen."""
    many = LOCAL.workers
    words = f"{many or 'no'} worker{'s' if many > 1 else ''}"
    return f"{words} (another one is on its way)" if LOCAL.trouble else words


def installable(missing: str) -> bool:
    """Return whether pip brings what a local queue lacks."""
    return bool(missing) and missing != NONE_FOR_WINDOWS


def place(url: str) -> str:
    """Return the host and port of an address; of a socket its path."""
    scheme, _, rest = url.rpartition("://")
    rest = rest.rpartition("@")[2].partition("?")[0]
    return rest if scheme == "unix" else rest.partition("/")[0]
