"""A field for a date, a time of day or both: typed freely, stepped part by part, limited in sight."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.controls.entry import Entry
from flodesk.ui.panel.moments import EXAMPLES, WORDS, Kind, Moment, before, part_at, shown, stepped, typed


class MomentField(Entry):
    """Shows and takes one moment.

    `entered` is emitted with a new one, already brought within the limits; `stepped` likewise for a step by key or
    wheel, which changes the part that the cursor is in. `calendar_wanted` at Alt+Down or F4.

    Attributes
    ----------
    present : callable
        Gives the moment that it is now.
    """

    entered = Signal(object)
    stepped = Signal(object)
    calendar_wanted = Signal()
    tapped = Signal()
    """A finger, or the mouse, was let go upon it."""

    def __init__(self, kind: Kind, present: Callable[[], Moment], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.present = present
        self.value: Moment | None = None
        self.minimum: Moment | None = None
        self.maximum: Moment | None = None
        self.raw = ""
        """What the script says where that is no moment."""

    def show_moment(self, value: Moment | None, raw: str) -> None:
        """Show a moment, or the text that is none; what is being typed is left alone unless it is another one."""
        if self.isModified() and value == self.value:
            return
        self.value, self.raw = value, raw
        self.setModified(False)
        self.fit()

    def fit(self) -> None:
        """Show the moment, with its parts where they are in every other one."""
        if self.isModified():
            return
        text = shown(self.value) if self.value is not None else self.raw
        if text != self.text():
            place = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(place if self.hasFocus() else 0)
        self.setModified(False)
        cut = self.fontMetrics().horizontalAdvance(text) > self.width() - 20
        self.setToolTip(text if cut else "")

    def limited(self, value: Moment) -> Moment:
        """Return the moment within the limits."""
        if self.minimum is not None and before(value, self.minimum):
            return self.minimum
        return self.maximum if self.maximum is not None and before(self.maximum, value) else value

    def enter(self) -> None:
        """Take what was typed, brought within the limits."""
        if not self.isModified():
            return
        found = typed(self.text(), self.kind, self.value, self.present())
        if found is None:
            self.say(f"“{self.text()}” is not {WORDS[self.kind]}. Type something like “{EXAMPLES[self.kind]}”.")
            return
        limited = self.limited(found)
        self.show_moment(limited, "")
        self.setModified(False)
        self.fit()
        self.selectAll()
        if limited != found:
            self.say(f"{shown(found)} was limited to {shown(limited)}.")
        self.entered.emit(limited)

    def step_by(self, steps: float) -> None:
        """Step the part that the cursor is in, and select it."""
        count = round(steps) or (1 if steps > 0 else -1)
        part, start, end = part_at(self.kind, self.cursorPosition())
        value = self.limited(stepped(self.value if self.value is not None else self.present(), part, count))
        if value != self.value:
            self.setModified(False)
            self.show_moment(value, "")
            self.stepped.emit(value)
        # from its end to its start: the cursor stays in the part, also where the next one begins
        self.setSelection(end, start - end)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell that it was tapped."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.isReadOnly():
            self.tapped.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for the calendar by Alt+Down or F4."""
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() == Qt.Key.Key_F4 or (alt and event.key() == Qt.Key.Key_Down):
            self.calendar_wanted.emit()
        else:
            super().keyPressEvent(event)
