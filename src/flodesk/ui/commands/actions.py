"""The table of commands as Qt actions of one window: menus, shortcuts, and their state."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from flodesk.ui.commands.keymap import keymap
from flodesk.ui.commands.one import Command
from flodesk.ui.commands.table import COMMANDS, MENUS
from flodesk.ui.commands.table import command as command_of
from flodesk.ui.theme.icons import wear


class Actions(QObject):
    """One action for each command. `root` is the object that the paths of the table start from."""

    def __init__(self, window: QMainWindow, root: object) -> None:
        super().__init__(window)
        self._root = root
        self._actions: dict[str, QAction] = {}
        self.before: list[Callable[[], object]] = []
        """Called before a command is done: what is being typed belongs to the flow that it is done to."""
        self.menus: dict[str, QMenu] = {}
        for entry in COMMANDS:
            self._actions[entry.id] = self._make(entry)
        window.addActions(list(self._actions.values()))
        keymap.changed.connect(self._keys_changed)
        self._soon = QTimer(self, singleShot=True, interval=16)
        self._soon.timeout.connect(self.refresh)

    def __getitem__(self, name: str) -> QAction:
        """Return the action of a command's id."""
        return self._actions[name]

    def fill_menu_bar(self, window: QMainWindow) -> None:
        """Make the menus."""
        for title in MENUS:
            menu = window.menuBar().addMenu(f"&{title}")
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(self.refresh)
            self.menus[title] = menu
            for command in COMMANDS:
                first, _, inner = command.menu.partition("/")
                if first == title:
                    place = self._inner(menu, command.menu, inner) if inner else menu
                    if command.line_before:
                        place.addSeparator()  # Qt shows none above the first entry
                    place.addAction(self._actions[command.id])

    def _inner(self, menu: QMenu, path: str, title: str) -> QMenu:
        """Return the menu within a menu, made when its first command comes."""
        if path not in self.menus:
            self.menus[path] = menu.addMenu(title)
            self.menus[path].setToolTipsVisible(True)
        return self.menus[path]

    def refresh(self) -> None:
        """Show what can be done now, and what is on."""
        self._soon.stop()
        for command in COMMANDS:
            action = self._actions[command.id]
            action.setEnabled(self.possible(command))
            if command.why_not:
                tip = self.tip(command)
                action.setStatusTip(tip)
                action.setToolTip(tip)
            if command.suffix:
                what = str(resolve(self._root, command.suffix))
                action.setText(f"{command.title} “{what}”" if what else command.title)
            if command.checked:
                action.setChecked(bool(resolve(self._root, command.checked)))

    def refresh_soon(self) -> None:
        """Show it within a frame: what can be done is what could be, and only the words may be others."""
        if not self._soon.isActive():
            self._soon.start()

    def possible(self, command: Command) -> bool:
        """Whether the condition of a command holds."""
        return not command.when or bool(resolve(self._root, command.when))

    def tip(self, command: Command) -> str:
        """Say what a command does, or why it cannot do that now."""
        if not command.why_not or self.possible(command):
            return command.tip
        return f"Not now: {resolve(self._root, command.why_not)}"

    def is_on(self, command: Command) -> bool:
        """Whether what a command shows by a tick is on."""
        return bool(command.checked) and bool(resolve(self._root, command.checked))

    def trigger(self, name: str) -> None:
        """Do a command by its id, if it is possible now."""
        self._actions[name].setEnabled(self.possible(command_of(name)))
        self._actions[name].trigger()

    def _make(self, command: Command) -> QAction:
        action = QAction(command.title, self)
        action.setObjectName(command.id)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self._give_keys(action, command)
        action.setStatusTip(command.tip)
        action.setCheckable(bool(command.checked))
        if command.icon:
            wear(action, command.icon)
            action.setIconVisibleInMenu(False)
        action.triggered.connect(lambda _checked=False, path=command.do: self._do(path))
        return action

    def _give_keys(self, action: QAction, entry: Command) -> None:
        keys = keymap.keys_of(entry)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setToolTip(f"{entry.tip}  ({', '.join(keys)})" if keys else entry.tip)

    def _keys_changed(self, name: str) -> None:
        self._give_keys(self._actions[name], command_of(name))

    def _do(self, path: str) -> None:
        for settle in self.before:
            settle()
        verb: Callable[[], Any] = walk(self._root, path)
        verb()
        self.refresh()


def walk(root: object, path: str) -> Any:
    """Follow a dotted path from `root`.

    Raises
    ------
    AttributeError
        It leads nowhere.
    """
    return reduce(getattr, path.split("."), root)


def resolve(root: object, path: str) -> object:
    """Follow a path to a value; what can be called is."""
    found = walk(root, path)
    return found() if callable(found) else found
