"""The Dask cluster: its address, which is no secret, tried and kept in the settings of this machine."""

from __future__ import annotations

import os
from html import escape
from importlib import import_module
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from flodesk.engine.places.dask.dask_settings import Scheduler
from flodesk.engine.settings import keep, section
from flodesk.ui.preferences.pieces import Answer, button, field, heading, row
from flodesk.ui.side_thread import SideThread
from flodesk.ui.theme import theme

_VARIABLE = "FLODESK_DASK_ADDRESS"


class DaskCluster(QWidget):
    """A field for the address of the scheduler, kept when it is left."""

    def __init__(self, side: SideThread) -> None:
        super().__init__()
        self._side = side
        self.address = field("Address of the Dask scheduler", "tcp://HOST:8786; empty starts a cluster on this machine")
        self.test = button("Test", "Connect to the cluster, and say what it has", self.try_it)
        self.now = Answer()
        self.answer = Answer()
        self.link = QLabel()
        self.link.setTextFormat(Qt.TextFormat.RichText)
        self.link.setOpenExternalLinks(True)
        self.link.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading("Dask cluster"))
        column.addWidget(self.now)
        line = row(self.address, self.test, stretch=False)
        line.setStretchFactor(self.address, 1)
        column.addLayout(line)
        column.addWidget(self.answer)
        column.addWidget(self.link)
        self.now.setVisible(bool(os.environ.get(_VARIABLE)))
        self.now.say(f"In use: that of ${_VARIABLE}. It comes before what is kept here.", "warning")
        self.answer.hide()
        self.address.setText(section("dask", Scheduler()).address)
        self.address.textChanged.connect(self._arrange)
        self.address.editingFinished.connect(self._keep)
        self._arrange()

    def _arrange(self) -> None:
        self.test.setEnabled(bool(self.address.text().strip()))

    def _keep(self) -> None:
        if self.address.isModified():
            self.address.setModified(False)
            text = self.address.text().strip()
            self._side.do(
                lambda: keep("dask", "address", text),
                lambda _: self._say("Kept: it counts from the next run on."),
                lambda error: self._say(f"It cannot be kept: {error}", "error"),
            )

    def try_it(self) -> None:
        """Connect to the address in the field."""
        address = self.address.text().strip()

        def work() -> Any:
            trial: Any = import_module("flodesk.engine.places.dask.dask_trial")
            return trial.try_cluster(address)

        self._say("It is being asked …")
        self.link.hide()
        self.test.setEnabled(False)
        self._side.do(work, self._tried, self._failed)

    def _tried(self, found: Any) -> None:
        workers = f"{found.workers} worker{'' if found.workers == 1 else 's'}"
        cores = f"{found.threads} core{'' if found.threads == 1 else 's'}"
        self._say(f"It answers: {workers}, {cores}." if found.workers else "It answers, and has no workers yet.", "ok")
        if found.dashboard:
            page = escape(found.dashboard)
            self.link.setText(f"<a style='color:{theme().accent}' href='{page}'>Dashboard: {page}</a>")
            self.link.show()
        self._arrange()

    def _failed(self, error: Exception) -> None:
        missing = f"It needs the package {getattr(error, 'name', '')}: pip install 'flodesk[dask]'"
        self._say(missing if isinstance(error, ModuleNotFoundError) else str(error), "error")
        self._arrange()

    def _say(self, words: str, role: str = "muted") -> None:
        self.answer.show()
        self.answer.say(words, role)
