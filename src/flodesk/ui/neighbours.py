"""Script and inspector: side by side in a wide window, in one place behind tabs in a narrow one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

CLOSE = 1200
"""Width of a window, in pixels, below which the script and the inspector share a place."""


class Neighbours:
    """The script, which stands between the canvas and the inspector where there is room for both."""

    def __init__(self, window: QMainWindow, inspector: QDockWidget, script: QDockWidget) -> None:
        self._window, self._inspector, self._script = window, inspector, script
        self.shares = False
        """Whether they share a place because the window is narrow: where a hand has put them together it means it."""

    def part(self) -> None:
        """Put the script between canvas and inspector; all that is behind tabs of the inspector stays there."""
        window, sideways = self._window, Qt.Orientation.Horizontal
        behind = [dock for dock in window.tabifiedDockWidgets(self._inspector) if dock is not self._script]
        shown = {dock: not dock.isHidden() for dock in (*behind, self._inspector, self._script)}
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._inspector)
        window.splitDockWidget(self._inspector, self._script, sideways)
        window.splitDockWidget(self._script, self._inspector, sideways)
        for dock in behind:
            window.tabifyDockWidget(self._inspector, dock)
        for dock, seen in shown.items():
            dock.setVisible(seen)
        self.shares = False

    def share(self) -> None:
        """Put the script into the place of the inspector, on top of it, if both are beside the canvas."""
        window, both = self._window, (self._inspector, self._script)
        if any(dock.isFloating() for dock in both) or self._script in window.tabifiedDockWidgets(self._inspector):
            return
        if window.dockWidgetArea(self._inspector) != window.dockWidgetArea(self._script):
            return
        shown = [not dock.isHidden() for dock in both]
        window.tabifyDockWidget(*both)
        for dock, seen in zip(both, shown, strict=True):
            dock.setVisible(seen)
        if shown[1]:
            self._script.raise_()
        self.shares = True

    def fit(self, width: int) -> None:
        """Share a place in a window that is so narrow, or part again."""
        if width < CLOSE:
            self.share()
        elif self.shares:
            self.part()


__all__ = ["CLOSE", "Neighbours"]
