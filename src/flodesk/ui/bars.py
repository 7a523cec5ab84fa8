"""The bars of the window: the menus with what is filled in when they open, and the row of tools with the run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from flodesk.ui.commands import Actions
from flodesk.ui.files import Files
from flodesk.ui.run import Run
from flodesk.ui.run_bar import RunBar
from flodesk.ui.tool_row import ToolRow

TOOLS = ("file.new", "file.open", "file.save", "", "edit.undo", "edit.redo", "", "edit.add")
STEPS = ("run.step_over", "run.step_into", "run.step_iteration")
TOOLS_RIGHT = ("view.fit", "view.script", "view.layout", "view.palette", "view.toggle_theme")


class Bars:
    """Makes them in a window.

    Parameters
    ----------
    fill_windows : callable
        Fills the menu of the windows that there are.
    """

    def __init__(
        self, window: QMainWindow, commands: Actions, run: Run, files: Files, fill_windows: Callable[[QMenu], None]
    ) -> None:
        self._commands = commands
        commands.fill_menu_bar(window)
        window.statusBar().setSizeGripEnabled(False)
        self._menu("Open recent", window, files.fill_recent, "file.example").setToolTipsVisible(True)
        self._menu("Windows", window, fill_windows, "file.close")
        self._menu("Examples", window, files.fill_examples, "file.example")
        tools = QToolBar("Tools")
        tools.setObjectName("tools")
        tools.setMovable(False)
        window.addToolBar(tools)
        start, stop, pause = (commands[f"run.{name}"] for name in ("start", "stop", "pause"))
        self.run_bar = RunBar(run, start, stop, pause, [commands[name] for name in STEPS])
        left = [commands[name] if name else None for name in TOOLS]
        self.tools = ToolRow(left, self.run_bar, [commands[name] for name in TOOLS_RIGHT])
        tools.addWidget(self.tools)
        window.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def _menu(self, title: str, window: QMainWindow, fill: Callable[[QMenu], None], before: str) -> QMenu:
        """Put a menu before a command of the File menu; it is filled each time that it opens."""
        menu = QMenu(title, window)
        menu.aboutToShow.connect(lambda: fill(menu))
        self._commands.menus["File"].insertMenu(self._commands[before], menu)
        return menu
