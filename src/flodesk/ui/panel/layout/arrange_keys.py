"""The keys that arrange the panel, and what each asks for."""

from __future__ import annotations

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from flodesk.flow.aligning import ALIGNMENTS

ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
VERBS: dict[str, tuple[str, ...]] = {
    "leave": ("Esc",),
    "remove": ("Del", "Backspace"),
    "move": ("Left", "Right", "Up", "Down"),
    "resize": ("Shift+Left", "Shift+Right", "Shift+Up", "Shift+Down"),
    "select_all": ("Ctrl+A",),
    "copy": ("Ctrl+C", "Ctrl+Ins"),
    "cut": ("Ctrl+X", "Shift+Del"),
    "paste": ("Ctrl+V", "Shift+Ins"),
    "duplicate": ("Ctrl+D",),
    "group": ("Ctrl+G",),
    "ungroup": ("Ctrl+Shift+G",),
    "as_tabs": ("Ctrl+T",),
    "rename": ("F2",),
    "next_tab": ("Ctrl+Right",),
    "previous_tab": ("Ctrl+Left",),
    "tab_right": ("Ctrl+Shift+Right",),
    "tab_left": ("Ctrl+Shift+Left",),
    **{name: (how.key,) for name, how in ALIGNMENTS.items()},
}
"""The keys of each verb; the first one stands in menus."""
_BY_KEY = {key: verb for verb, keys in VERBS.items() for key in keys}


def verb_of(event: QKeyEvent) -> str:
    """Return what a key asks for; empty if it is none of these."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
    return _BY_KEY.get(key.toString(QKeySequence.SequenceFormat.PortableText), "")
