"""Commands: one table from which menus, tool bar, shortcuts and the palette are made."""

from flodesk.ui.commands.actions import Actions
from flodesk.ui.commands.one import Command
from flodesk.ui.commands.palette import Palette
from flodesk.ui.commands.table import COMMANDS, MENUS, command

__all__ = ["COMMANDS", "MENUS", "Actions", "Command", "Palette", "command"]
