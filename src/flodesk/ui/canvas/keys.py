"""The keys of the canvas, as a table from key to verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from flodesk.ui.canvas.painting import GRID

_Key = Qt.Key
ARROWS = {
    _Key.Key_Left: QPointF(-1, 0),
    _Key.Key_Right: QPointF(1, 0),
    _Key.Key_Up: QPointF(0, -1),
    _Key.Key_Down: QPointF(0, 1),
}
"""The direction of each arrow key."""
FINE, COARSE = 1.0, GRID
"""How far an arrow key moves the selected cards, with and without Shift, in scene pixels."""


class Verbs(Protocol):
    """What keys can ask of the canvas."""

    def delete_selection(self) -> None:
        """Delete."""

    def select_all(self) -> None:
        """Select every card."""

    def clear_selection(self) -> bool:
        """Select nothing; return whether something was selected."""

    def rename_selected(self) -> None:
        """Rename in place."""

    def fit(self) -> None:
        """Show the whole flow."""

    def zoom_to(self, zoom: float) -> None:
        """Set the zoom."""

    def zoom_by(self, factor: float) -> None:
        """Change the zoom."""

    def nudge(self, step: QPointF) -> bool:
        """Move the selected cards; return whether there were any."""

    def walk_to(self, direction: QPointF) -> bool:
        """Select the nearest card in a direction."""

    def walk(self, step: int) -> bool:
        """Select the next card; return False if none is selected."""

    def resize(self, step: QPointF) -> bool:
        """Make the selected notes and frames larger; return whether there were any."""

    def probe(self) -> bool:
        """Probe what is selected, or what the cursor rests on; return whether there was anything."""

    def activate_selected(self) -> bool:
        """Open the selected card."""

    def ask_for_node(self) -> bool:
        """Open quick add."""


def table(verbs: Verbs) -> Mapping[tuple[_Key, bool], Callable[[], object]]:
    """Return the verb of each key, as (key, with Ctrl)."""
    return {
        (_Key.Key_Delete, False): verbs.delete_selection,
        (_Key.Key_Backspace, False): verbs.delete_selection,
        (_Key.Key_A, True): verbs.select_all,
        (_Key.Key_Escape, False): verbs.clear_selection,
        (_Key.Key_F2, False): verbs.rename_selected,
        (_Key.Key_F, False): verbs.fit,
        (_Key.Key_Home, False): verbs.fit,
        (_Key.Key_P, False): lambda: verbs.probe(),
        (_Key.Key_0, True): lambda: verbs.zoom_to(1.0),
        (_Key.Key_Plus, True): lambda: verbs.zoom_by(1.25),
        (_Key.Key_Equal, True): lambda: verbs.zoom_by(1.25),
        (_Key.Key_Minus, True): lambda: verbs.zoom_by(0.8),
        (_Key.Key_Tab, False): verbs.ask_for_node,
        (_Key.Key_Return, False): verbs.activate_selected,
        (_Key.Key_Enter, False): verbs.activate_selected,
    }


def press(verbs: Verbs, event: QKeyEvent) -> bool:
    """Do what a key asks for; return whether it was one of ours that had something to do."""
    with_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    key = Qt.Key(event.key())
    if key in ARROWS:
        direction = ARROWS[key]
        if with_ctrl and with_shift:
            return verbs.resize(direction * COARSE)
        if with_ctrl:
            return verbs.walk_to(direction)
        return verbs.nudge(direction * (FINE if with_shift else COARSE)) or verbs.walk_to(direction)
    if key == _Key.Key_N and not with_ctrl:
        return verbs.walk(-1 if with_shift else 1)
    verb = table(verbs).get((key, with_ctrl))
    return verb is not None and verb() is not False
