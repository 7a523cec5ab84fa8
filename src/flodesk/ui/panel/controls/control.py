"""What the controls of the panel have in common, and the table of which widget sets what."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from flodesk.ui.panel.content import Content
from flodesk.ui.panel.setting import Setting

PAUSE = 700
"""Milliseconds without a key or a wheel step after which turning is over: the next turn is another undo step."""


class Control(Content):
    """A widget that sets one literal of the flow.

    `turned` is emitted with each new value while a hand turns it, `released` when the hand lets go: what lies between
    two releases is one step of undo. `pulsed` is emitted by a button that springs back: pressed, then let go.
    """

    turned = Signal(object)
    released = Signal()
    pulsed = Signal(bool)

    narrowest = 84

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(10)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.released)

    def show_setting(self, setting: Setting) -> None:
        """Show another state of the same literal. Never emits `turned`."""
        self.setting = setting

    def show_value(self, value: Any) -> None:
        """Show a value that the run computed, where a wire sets it."""
        self.show_setting(self.setting.with_value(value))

    def tip(self) -> str:
        """Return what sets it if not a hand, else what it is."""
        return f"Set by a wire from “{self.setting.wired}”." if self.setting.wired else self.setting.help

    def turn(self, value: Any) -> None:
        """Take a value that a hand has set, as far as the node takes it; tell it if it is another one."""
        value = self.setting.within(value)
        if self.setting.wired or (value == self.setting.value and type(value) is type(self.setting.value)):
            return
        self.setting = self.setting.with_value(value)
        self.turned.emit(value)

    def turn_by_key(self, value: Any) -> None:
        """Take a value from a key or the wheel; the turning is over after a pause."""
        self.turn(value)
        self._pause.start()

    def let_go(self) -> None:
        """Say that the turning is over, if some was under way or not."""
        self._pause.stop()
        self.released.emit()
