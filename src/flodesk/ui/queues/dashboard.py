"""Beside the choice of the place: the dashboard of the Dask cluster that runs use, once a run has told where it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QToolButton

from flodesk.ui.browsing import browse
from flodesk.ui.console import Line

_REACHED = re.compile(
    r"(?:No Dask cluster is named |The Dask cluster at \S+ has ).*?(?: Its dashboard: (https?://\S+))?"
)
"""The sentence of the place that has reached a cluster, with where its dashboard is, if it has one."""
_NONE = "It has no dashboard: that needs the package bokeh where its scheduler runs (pip install 'flodesk[dask]')"


class Dashboard(QToolButton):
    """A button that opens it."""

    def __init__(self) -> None:
        super().__init__()
        self.address = ""
        self.setText("Dashboard")
        self.setProperty("framed", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setEnabled(False)
        self.setToolTip("The dashboard of the cluster: known when a run has begun there")
        self.clicked.connect(self._open)

    def take(self, lines: Iterable[Line]) -> None:
        """Take note of where the place of a run says that the dashboard is."""
        for line in lines:
            found = None if line.node else _REACHED.fullmatch(line.text)  # nodes may say what they like
            if found is not None:
                self.address = found[1] or ""
                self.setEnabled(bool(self.address))
                self.setToolTip(f"Open the dashboard of the cluster, {self.address}" if self.address else _NONE)

    def _open(self) -> None:
        browse(QUrl(self.address))
