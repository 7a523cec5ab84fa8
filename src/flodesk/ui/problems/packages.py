"""Packages that a flow needs and that are not there: installed when a hand says so, and told to those who wait."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from flodesk.flow.requires import requirement
from flodesk.ui.console import Log
from flodesk.ui.environments.chosen import keeps_own
from flodesk.ui.environments.environments import Environments
from flodesk.ui.message_bar import MessageBar
from flodesk.ui.problems.install_plan import plan
from flodesk.ui.problems.installing import Installing
from flodesk.ui.station import Station


class Packages(QObject):
    """Opens the dialog, one at a time; what the installer prints stands in the log. `installed` tells a package."""

    installed = Signal(str)

    def __init__(
        self, window: QWidget, station: Station, log: Log, bar: MessageBar, restart: Callable[[], object]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._checking = station.checking
        self._log = log
        self._bar = bar
        self._restart = restart
        self.environments = Environments(window, station.document, station.chosen, station.run, bar)
        self.environments.said.connect(log.say)
        self.environments.installed.connect(self._changed)
        self.installed.connect(station.foreign.renew)
        self.dialog: Installing | None = None

    def ask(self, package: str, wanted_by: str) -> None:
        """Show what installing a package means; nothing is done before a hand says so."""
        if self.environments.chosen.wanted.python or keeps_own():
            self.environments.install((requirement(package),), wanted_by)
            return
        if self.dialog is not None and isValid(self.dialog):
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        self.dialog = dialog = Installing(self._window, plan(package), wanted_by)
        dialog.said.connect(self._log.say)
        dialog.installed.connect(self._installed)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    def _changed(self, package: str) -> None:
        """Look again for what was not there, or is no longer."""
        self.installed.emit(package)
        self._checking.now()

    def _installed(self, package: str) -> None:
        self.installed.emit(package)
        self._checking.now()
        self._bar.show_message(
            f"“{package}” is installed. The engine finds it in its next process.",
            "info",
            (("Restart the engine", self._again),),
        )

    def _again(self) -> None:
        self._bar.clear()
        self._restart()

    def close(self) -> None:
        """Leave no installer behind."""
        self.environments.close()
        if self.dialog is not None and isValid(self.dialog):
            self.dialog.close()
