"""The keys of commands as the user wants them: those of the table, unless the settings say otherwise."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence

from flodesk.ui.commands.one import Command
from flodesk.ui.commands.table import COMMANDS, command
from flodesk.ui.settings import settings, text_list

_GROUP = "keys"
_TYPED = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier)
_FUNCTION_KEYS = range(Qt.Key.Key_F1, Qt.Key.Key_F35 + 1)


class Keymap(QObject):
    """Reads and writes the keys; `changed` gives the id of a command that has got others, in every window."""

    changed = Signal(str)

    def keys_of(self, entry: Command) -> tuple[str, ...]:
        """Return the keys of a command, in the order in which they are shown."""
        store = settings()
        if not store.contains(f"{_GROUP}/{entry.id}"):
            return entry.shortcuts
        return tuple(text_list(store.value(f"{_GROUP}/{entry.id}")))

    def is_changed(self, entry: Command) -> bool:
        """Whether a command has other keys than those of the table."""
        return self.keys_of(entry) != entry.shortcuts

    def owner_of(self, key: str) -> Command | None:
        """Return the command that a key belongs to."""
        wanted = QKeySequence(key)
        return next((c for c in COMMANDS if any(QKeySequence(k) == wanted for k in self.keys_of(c))), None)

    def now(self, key: str) -> str:
        """Return the key that stands for one of the table: as the user wants it; one of no command stays."""
        entry = next((c for c in COMMANDS if key and key in c.shortcuts), None)
        return key if entry is None else next(iter(self.keys_of(entry)), "")

    def put(self, name: str, keys: tuple[str, ...]) -> None:
        """Give a command these keys; a command that had one of them loses it."""
        for key in keys:
            owner = self.owner_of(key)
            if owner is not None and owner.id != name:
                left = (k for k in self.keys_of(owner) if QKeySequence(k) != QKeySequence(key))
                self._store(owner, tuple(left))
        self._store(command(name), keys)

    def reset(self, name: str) -> None:
        """Give a command its own keys back, from whoever has them now."""
        self.put(name, command(name).shortcuts)

    def reset_all(self) -> None:
        """Give every command its own keys back."""
        settings().remove(_GROUP)
        for entry in COMMANDS:
            self.changed.emit(entry.id)

    def _store(self, entry: Command, keys: tuple[str, ...]) -> None:
        if keys == entry.shortcuts:
            settings().remove(f"{_GROUP}/{entry.id}")
        else:
            settings().setValue(f"{_GROUP}/{entry.id}", list(keys) if keys else "")
        self.changed.emit(entry.id)


def refusal(key: str) -> str:
    """Say why a key cannot be that of a command; an empty text if it can."""
    sequence = QKeySequence(key)
    if sequence.isEmpty():
        return "Press a key."
    first = sequence[0]  # type: ignore[index]  # a sequence of keys has them
    if first.keyboardModifiers() in _TYPED and first.key() not in _FUNCTION_KEYS and first.key() != Qt.Key.Key_Delete:
        return f"{key} alone is typed into fields, or is a key of the canvas: hold Ctrl or Alt with it."
    return ""


keymap = Keymap()
"""That of this process."""
