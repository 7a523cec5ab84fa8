"""Beside the choice of the place: the dashboard of the Dask cluster that runs use, once a run has told where it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QToolButton

from flodesk.ui.console import Line

_TOLD = re.compile(r"[Dd]ashboard: (https?://\S+)")


class Dashboard(QToolButton):
    """A button that opens it."""

    def __init__(self) -> None:
        super().__init__()
        self.address = ""
        self.setText("Dashboard")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setEnabled(False)
        self.setToolTip("The dashboard of the cluster: known when a run has begun there, if the package bokeh is there")
        self.clicked.connect(self._open)

    def take(self, lines: Iterable[Line]) -> None:
        """Take note of where a run says that the dashboard is."""
        for line in lines:
            if found := _TOLD.search(line.text):
                self.address = found[1].rstrip(".")
                self.setEnabled(True)
                self.setToolTip(f"Open the dashboard of the cluster, {self.address}")

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl(self.address))
