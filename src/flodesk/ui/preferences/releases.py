"""Whether to be told of newer releases: off until somebody wants it."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

import flodesk
from flodesk.engine.releases import Release, address, ask
from flodesk.ui.environments.pieces import words
from flodesk.ui.preferences.pieces import Reply, button, heading, row
from flodesk.ui.side_thread import SideThread
from flodesk.ui.updates import want, wanted


class Releases(QWidget):
    """A switch, what it does in words, and a button that looks now."""

    def __init__(self, side: SideThread) -> None:
        super().__init__()
        self._side, self._address = side, address()
        host = urlsplit(self._address).hostname or ""
        self.on = QCheckBox("Tell me when a newer flodesk is out")
        self.on.setChecked(bool(host) and wanted())
        self.on.toggled.connect(want)
        self.what = words(
            f"Asks {host} once a day, at the start, for the number of the newest version. Nothing about you is sent, "
            "nothing is downloaded or installed."
            if host
            else "This copy of flodesk was made without an address to ask. Look where you got it from.",
            "muted",
        )
        self.look = button("Look now", "Ask once, now", self._look)
        self.answer = Reply()
        self.answer.hide()
        for one in (self.on, self.look):
            one.setEnabled(bool(host))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading("Updates"))
        for part in (self.on, self.what):
            column.addWidget(part)
        column.addLayout(row(self.look))
        column.addWidget(self.answer)

    def _look(self) -> None:
        self.look.setEnabled(False)
        self._say("It is being asked …")
        self._side.do(partial(ask, self._address), self._found, lambda error: self._say(f"{error}"[:200], "error"))

    def _found(self, found: Release) -> None:
        page = f" {found.notes}" if found.notes else ""
        here = f"This is {flodesk.__version__}"
        self._say(f"flodesk {found.version} is out. {here}.{page}" if found.newer else f"{here}, the newest.", "ok")

    def _say(self, text: str, role: str = "muted") -> None:
        self.look.setEnabled(text != "It is being asked …")
        self.answer.show()
        self.answer.say(text, role)


__all__ = ["Releases"]
