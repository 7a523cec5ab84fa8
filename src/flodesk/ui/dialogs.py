"""What the window opens over itself: the palette, the sizes, the keys, and what it is."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from flodesk.ui.about import about
from flodesk.ui.commands import Actions, Palette
from flodesk.ui.environments.environments import Environments
from flodesk.ui.let_go import LetGo
from flodesk.ui.preferences import PreferencesDialog
from flodesk.ui.reports import Reports
from flodesk.ui.shortcuts import ShortcutsDialog
from flodesk.ui.sizing import ask_size

PALETTE_WIDTH = 520


class Dialogs:
    """The verbs that open them.

    Parameters
    ----------
    window : QWidget
        They stand over it, and the dialog of the keys goes with it.
    reports : Reports
        Takes what is to be known of a choice, and sentences for the status bar.
    environments : Environments
        What is done with the environment of the open flow.
    """

    def __init__(
        self,
        window: QWidget,
        commands: Actions,
        reports: Reports,
        environments: Environments,
    ) -> None:
        self._window = window
        self._commands = commands
        self._said, self._tell = reports.message, reports.sentence
        self._environments = environments
        LetGo(window)

    def show_palette(self) -> None:
        """Open the command palette."""
        popup = Palette(self._window, self._commands)
        popup.told.connect(self._tell)
        corner = QPoint((self._window.width() - PALETTE_WIDTH) // 2, 90)
        popup.open_at(self._window.mapToGlobal(corner), PALETTE_WIDTH)

    def choose_size(self) -> None:
        """Let the size of everything be chosen."""
        if said := ask_size(self._window):
            self._said(said)

    def show_shortcuts(self) -> None:
        """Show every key and gesture."""
        dialog = self._window.findChild(ShortcutsDialog) or ShortcutsDialog(self._window)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def show_preferences(self) -> None:
        """Show what is set for all flows."""
        dialog = self._window.findChild(PreferencesDialog) or PreferencesDialog(self._window, self._environments)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def show_about(self) -> None:
        """Say what this is."""
        about(self._window)
