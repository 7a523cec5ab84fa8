"""The Dask cluster: its address, which is no secret, tried and kept in the settings of this machine."""

from __future__ import annotations

import os
from html import escape
from importlib import import_module
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from flodesk.engine.folders import FolderError
from flodesk.engine.places.dask.dask_settings import Scheduler
from flodesk.engine.settings import keep, section
from flodesk.ui.preferences.pieces import Answer, Reply, button, field, form, heading, row
from flodesk.ui.side_thread import SideThread
from flodesk.ui.theme import theme

_VARIABLE = "FLODESK_DASK_ADDRESS"


_OWN = "None is named: a run there starts a cluster on this machine, which ends with flodesk."


class DaskCluster(QWidget):
    """A field for the address of the scheduler, and what can be done with it, as with that of the Redis server."""

    def __init__(self, side: SideThread) -> None:
        super().__init__()
        self._side = side
        self.address = field("Address of the Dask scheduler", "tcp://HOST:8786")
        self.test = button("Test connection", "Connect to this cluster, and say what it has", self.try_it)
        self.keep = button("Keep", "Keep this address for all flows: it counts from the next run on", self.keep_it)
        self.forget = button("Forget", "Name no cluster any more: a run starts one on this machine", self._forget)
        self.now = Answer()
        self.answer = Reply()
        self.link = QLabel()
        self.link.setTextFormat(Qt.TextFormat.RichText)
        self.link.setOpenExternalLinks(True)
        self.link.hide()
        self._kept = ""
        self._refused = ""
        """The address that was not kept, as no cluster answers there now."""
        self._busy = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading("Dask cluster"))
        column.addWidget(self.now)
        column.addLayout(form(("Scheduler", self.address)))
        column.addLayout(row(self.test, self.keep, self.forget))
        column.addWidget(self.answer)
        column.addWidget(self.link)
        self.answer.hide()
        self.read()
        self.address.setText(self._kept)
        self.address.textChanged.connect(self._arrange)
        self.address.returnPressed.connect(self.keep.click)

    def read(self) -> None:
        """Find out which address counts now, and say it."""
        self._kept = section("dask", Scheduler()).address
        if first := os.environ.get(_VARIABLE, ""):
            self.now.say(f"In use: {first}, that of ${_VARIABLE}. It comes before what is kept here.", "warning")
        else:
            self.now.say(f"In use: {self._kept}." if self._kept else _OWN)
        self._arrange()

    def _arrange(self) -> None:
        named = bool(self.address.text().strip()) and not self._busy
        self.test.setEnabled(named)
        self.keep.setEnabled(named)
        self.forget.setEnabled(bool(self._kept) and not self._busy)

    def try_it(self) -> None:
        """Connect to the address in the field."""
        address = self.address.text().strip()
        self._begin("Testing …")
        self._side.do(lambda: _tried(address), self._answers, lambda error: self._end(_why(error), "error"))

    def keep_it(self) -> None:
        """Keep the address in the field, if a cluster answers there; where none does, when asked for once more."""
        address = self.address.text().strip()
        insists = address == self._refused

        def work() -> Any:
            found = None if insists else _tried(address)
            keep("dask", "address", address)
            return found

        def told(found: Any) -> None:
            self._refused = ""
            self.read()
            said = "It is kept, and counts from the next run on."
            if found is None:
                self._end(said, "ok")
            else:
                self._answers(found, said)

        def failed(error: Exception) -> None:
            if isinstance(error, OSError | ValueError | FolderError):
                self._end(f"It is not kept: {error}", "error")
                return
            self._refused = address
            in_use = f"{self._kept} stays in use" if self._kept else "No cluster is named as before"
            why = _why(error).rstrip(".")
            self._end(f"It is not kept. {why}. {in_use}. Press Keep again to keep it all the same.", "error")

        self._begin("Testing …" if not insists else "Keeping …")
        self._side.do(work, told, failed)

    def _forget(self) -> None:
        def told(_: object) -> None:
            self.address.clear()
            self._refused = ""
            self.read()
            self._end("No address is kept any more.")

        self._begin("Forgetting …")
        self._side.do(lambda: keep("dask", "address", ""), told, lambda error: self._end(f"It stays: {error}", "error"))

    def _answers(self, found: Any, more: str = "") -> None:
        workers = f"{found.workers} worker{'' if found.workers == 1 else 's'}"
        cores = f"{found.threads} core{'' if found.threads == 1 else 's'}"
        said = f"It answers: {workers}, {cores}." if found.workers else "It answers, and has no workers yet."
        self._end(f"{said} {more}".strip(), "ok")
        if found.dashboard:
            page = escape(found.dashboard)
            self.link.setText(f"<a style='color:{theme().accent}' href='{page}'>Dashboard: {page}</a>")
            self.link.show()

    def _begin(self, words: str) -> None:
        self._busy = True
        self.link.hide()
        self.answer.show()
        self.answer.say(words)
        self._arrange()

    def _end(self, words: str, role: str = "muted") -> None:
        self._busy = False
        self.answer.say(words, role)
        self._arrange()


def _tried(address: str) -> Any:
    trial: Any = import_module("flodesk.engine.places.dask.dask_trial")
    return trial.try_cluster(address)


def _why(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"It needs the package {error.name}: pip install 'flodesk[dask]'"
    return str(error)
