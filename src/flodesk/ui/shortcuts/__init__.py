"""All keys and gestures, to be looked up, and the keys of commands, to be changed."""

from flodesk.ui.shortcuts.dialog import ShortcutsDialog

__all__ = ["ShortcutsDialog"]
