"""From tab to tab by one pair of keys: the pages of the panel where that has the keyboard, else the functions."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from flodesk.ui.function_tabs import FunctionTabs
from flodesk.ui.panel import ControlPanel


class TabsInTurn:
    """Turns to the next tab of what the hand is at."""

    def __init__(self, functions: FunctionTabs, panel: ControlPanel) -> None:
        self._functions = functions
        self._panel = panel

    @property
    def possible(self) -> bool:
        """Whether there are tabs, of whatever kind."""
        return self._functions.several or self._panel.pages.several

    def next(self) -> None:
        """Turn to the tab on the right; from the last one to the first."""
        if self._on_panel():
            self._panel.pages.next()
        elif self._functions.several:
            self._functions.next()

    def previous(self) -> None:
        """Turn to the tab on the left; from the first one to the last."""
        if self._on_panel():
            self._panel.pages.previous()
        elif self._functions.several:
            self._functions.previous()

    def _on_panel(self) -> bool:
        focus = QApplication.focusWidget()
        inside = focus is not None and (focus is self._panel or self._panel.isAncestorOf(focus))
        alone = self._panel.window() is not self._functions.window()  # on the whole screen
        return (inside or alone) and self._panel.pages.several
