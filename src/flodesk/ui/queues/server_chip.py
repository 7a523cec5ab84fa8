"""Beside the choice of the place: which server the runs of a queue go to, and one of our own where there is none."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QToolButton

from flodesk.engine.places.server.local_queue import DIED, LOCAL
from flodesk.ui.menu_button import opens
from flodesk.ui.queues.local_row import INSTALL, installable, place, workers_now
from flodesk.ui.theme import theme

_MANY = (1, 2, 4, 8)
_LONGEST = 24
"""Characters of a server's name that are shown."""


class ServerChip(QToolButton):
    """A button with a menu. Its signals say what is asked for: a local queue with so many workers, its end, more.

    `resized` tells that other words need another width.
    """

    start_wanted = Signal(int)
    stop_wanted = Signal()
    dock_wanted = Signal()
    naming_wanted = Signal()
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setProperty("framed", True)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        opens(self, self._menu)
        self._told = ("", "", "")
        self.arrange("", "", "")

    def arrange(self, address: str, origin: str, missing: str) -> None:
        """Take note of where the server is.

        Parameters
        ----------
        address, origin : str
            Of the server, and who says it; without an address `origin` is why there is none.
        missing : str
            What a local queue lacks.
        """
        self._told = address, origin, missing
        state, named = LOCAL.state, bool(address) and origin != "the local queue"
        where = place(address)
        if state in ("starting", "stopping") and not named:
            words, tip = f"{state.capitalize()} …", f"The local queue is {state}"
        elif named:
            short = where if len(where) <= _LONGEST else f"{where[: _LONGEST - 1]}…"
            words, tip = short, f"Runs go to the server {where} ({origin})"
        elif state == "on":
            tip = f"Runs go to the local queue at {place(LOCAL.url)}, which ends with the last window"
            tip = f"{tip}. {LOCAL.trouble}" if LOCAL.trouble else tip
            words = "Local queue"
        elif LOCAL.died:
            words, tip = "Local queue ended", f"{DIED} Start it again here, or press Run"
        else:
            words, tip = "No server", origin or "No Redis server is named: start one here, or name yours"
        changed = self.text() != words
        self.setText(words)
        self.setToolTip(tip)
        self.setAccessibleName(f"Server of the queue: {words}")
        warns = words in ("No server", "Local queue ended")
        # of the button alone: without its name before it, a style is also that of the menu and of the tip
        self.setStyleSheet(f"QToolButton {{ color: {theme().warning} }}" if warns else "")
        self._fill(named, state)
        if changed:
            self.resized.emit()

    def restyle(self) -> None:
        """Wear the theme that is chosen now."""
        self.arrange(*self._told)

    def _fill(self, named: bool, state: str) -> None:
        menu, missing = self._menu, self._told[2]
        menu.clear()
        if state == "on":
            menu.addAction(f"Local queue at {place(LOCAL.url)}, {workers_now()}").setEnabled(False)
            menu.addAction("Stop the queue").triggered.connect(lambda: self.stop_wanted.emit())
            copy = menu.addAction("Copy its address")
            copy.setToolTip("With its password: for flodesk worker --redis and flodesk run --redis on this machine")
            copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(LOCAL.url))
        elif not named and missing:
            menu.addAction(f"{missing}.").setEnabled(False)
            if installable(missing):
                copy = menu.addAction(f"Copy: {INSTALL}")
                copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(INSTALL))
        elif not named:
            menu.addAction("Start it again" if LOCAL.died else "Start a local queue").triggered.connect(
                partial(self._start, 1)
            )
            more = menu.addMenu("Start one with more workers")
            for many in _MANY[1:]:
                more.addAction(f"{many} workers").triggered.connect(partial(self._start, many))
        menu.addSeparator()
        menu.addAction("Name a server…").triggered.connect(lambda: self.naming_wanted.emit())
        menu.addAction("Show the queues").triggered.connect(lambda: self.dock_wanted.emit())

    def _start(self, workers: int, _: bool = False) -> None:
        self.start_wanted.emit(workers)
