"""A field for a number with its unit: takes prefixes, steps by key and wheel, shows when it limited what was typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyleOptionFrame, QWidget

from flodesk.flow.finite import is_finite
from flodesk.ui.panel.controls.entry import Entry
from flodesk.ui.panel.figures import parse, plain, prefixed, snap, tidy_step
from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme

_INNER = 4
"""Pixels that a line edit keeps free left and right of its text, together."""


class NumberField(Entry):
    """Shows and takes one number.

    `entered` is emitted with a new number, already brought within the limits; `stepped` likewise for a step by key or
    wheel.
    """

    entered = Signal(float)
    stepped = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = 0.0
        self.unit = ""
        self.minimum: float | None = None
        self.maximum: float | None = None
        self.step: float | None = None
        self.integer = False
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._with_unit = True
        self._lead = ""
        """The SI prefix of the unit that is shown."""

    @property
    def words(self) -> str:
        """What is read in it: the digits, and the unit with its prefix where there is room."""
        return f"{self.text()} {self._lead}{self.unit}".strip() if self._with_unit else self.text()

    def set_limits(
        self, minimum: float | None, maximum: float | None, step: float | None, unit: str, integer: bool
    ) -> None:
        """Set limits (both included), the step of a key press, the unit and whether only whole numbers are taken."""
        self.minimum, self.maximum, self.step, self.unit, self.integer = minimum, maximum, step, unit, integer
        self.fit()

    def set_value(self, value: Any) -> None:
        """Show a number; a text that is being typed is left alone unless the number is another one."""
        if not isinstance(value, int | float):
            self.setText(str(getattr(value, "text", value)))
            return
        if self.isModified() and value == self.value:
            return
        self.value = value
        self.fit()

    def fit(self) -> None:
        """Show the number in the room there is: without its unit, or with fewer digits, but never cut at an end."""
        if self.isModified():
            return
        measure = self.fontMetrics().horizontalAdvance
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inner = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        room = inner.width() - _INNER
        digits, lead = prefixed(self.value, self.unit)
        full = digits + lead  # a bare number that is typed is in the unit itself, so the prefix stands with the digits
        self._lead = "" if self.hasFocus() else lead
        shown = full if self.hasFocus() else digits
        aside = measure(self._lead + self.unit) + 5 if self.unit else 0
        self._with_unit = measure(shown) + aside <= room
        self.setTextMargins(0, 0, aside if self._with_unit else 0, 0)
        if self._with_unit or self.hasFocus():
            fits = shown
        else:
            rounded = ("".join(prefixed(self.value, self.unit, digits)) for digits in range(5, 0, -1))
            fits = next((text for text in (full, *rounded) if measure(text) <= room), full)
        self.setText(fits)
        self.setCursorPosition(0)
        self.setModified(False)
        self.setToolTip("" if self._with_unit else f"{digits} {lead}{self.unit}".strip())
        self.update()

    def limited(self, value: float) -> float:
        """Return the number within the limits, whole if only those are taken."""
        if self.minimum is not None:
            value = max(value, self.minimum)
        if self.maximum is not None:
            value = min(value, self.maximum)
        return round(value) if self.integer else value

    def key_step(self) -> float:
        """Return what one key press changes: the given step, a hundredth of the range, or a digit of the number."""
        if self.step:
            return self.step
        if self.minimum is not None and self.maximum is not None and self.maximum > self.minimum:
            step = tidy_step((self.maximum - self.minimum) / 100)
        else:
            step = tidy_step(max(abs(self.value) / 10, 1e-12)) if self.value else 0.1
        return max(step, 1.0) if self.integer else step

    def step_by(self, steps: float) -> None:
        """Change the number by so many steps."""
        if not is_finite(self.value):  # there is nothing beside it
            return
        step = self.key_step()
        value = self.limited(snap(self.value + steps * step, step))
        if value != self.value:
            self.set_value(value)
            self.stepped.emit(value)

    def enter(self) -> None:
        """Take the number that was typed, brought within the limits."""
        if not self.isModified():
            return
        number = parse(self.text(), self.unit)
        if number is None:
            measure, unit = (f" in {self.unit}", f" {self.unit}") if self.unit else ("", "")
            self.say(f"“{self.text()}” is not a number{measure}. Type something like “{plain(self.value)}{unit}”.")
            return
        limited = self.limited(number)
        self.setModified(False)
        self.set_value(limited)
        self.selectAll()
        if limited != number:
            unit = f" {self.unit}" if self.unit else ""
            bound = "a whole number" if self.integer and limited == round(number) else f"{plain(limited)}{unit}"
            self.say(f"{plain(number)}{unit} was limited to {bound}.")
        self.entered.emit(limited)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the whole number to who edits it."""
        super().focusInEvent(event)
        self.fit()
        self.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the number in the room there is."""
        super().resizeEvent(event)
        self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the unit behind the number."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            if self.unit and self._with_unit:
                painter.setPen(color(theme().muted))
                room = self.rect().adjusted(0, 0, -9, 0)
                unit = self._lead + self.unit
                painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, unit)
