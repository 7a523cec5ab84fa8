"""Where runs were left, while nobody names a server: a button leads there, and a menu to the others."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton

from flodesk.engine.places.session.left_there import Left

_LONGEST = 24
"""Characters of a server's name that are shown."""


class LeftServers(QFrame):
    """A row that says it. `wanted` gives the `Left` whose server is to be named for this session.

    Attributes
    ----------
    newest, others : QPushButton
        The server where a run was left last, and a menu of the others; hidden where there are none.
    """

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._servers: list[Left] = []
        self._words = QLabel("A run was left at")
        self._words.setProperty("role", "muted")
        self.newest, self.others = QPushButton(), QPushButton("Others")
        self._menu = QMenu(self.others)
        self._menu.setToolTipsVisible(True)
        self.others.setMenu(self._menu)
        self.others.setToolTip("Other servers at which runs were left")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(self._words)
        for button in (self.newest, self.others):
            button.setProperty("small", True)
            row.addWidget(button)
        row.addStretch(1)
        self.newest.clicked.connect(lambda: self.wanted.emit(self._servers[0]))
        self.hide()

    def show_lefts(self, lefts: Sequence[Left]) -> None:
        """Show the servers where these were left, the newest first; nothing where there are none."""
        by_server: dict[str, Left] = {}
        for left in lefts:
            by_server.setdefault(left.server, left)
        servers = [*by_server.values()]
        if servers and servers != self._servers:
            self._servers = servers
            self._fill()
        self.setVisible(bool(servers))

    def _fill(self) -> None:
        newest, *others = self._servers
        short = newest.place if len(newest.place) <= _LONGEST else f"{newest.place[: _LONGEST - 1]}…"
        self.newest.setText(short)
        self.newest.setAccessibleName(f"Go to the server {newest.place}, where a run was left")
        self.newest.setToolTip(_tip(newest))
        self.others.setVisible(bool(others))
        self._menu.clear()
        for left in others:
            action = self._menu.addAction(left.place)
            action.setToolTip(_tip(left))
            action.triggered.connect(partial(self._chosen, left))

    def _chosen(self, left: Left, _: bool = False) -> None:
        self.wanted.emit(left)


def _tip(left: Left) -> str:
    at = time.strftime("%Y-%m-%d %H:%M", time.localtime(left.at))
    password = " It asks for the password." if left.asks else ""
    return f"Name {left.server} until flodesk ends, and see its jobs: a run was left there, {at}.{password}"


__all__ = ["LeftServers"]
