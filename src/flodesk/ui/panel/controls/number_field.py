"""A field for a number with its unit: takes prefixes, steps by key and wheel, shows when it limited what was typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QToolTip, QWidget

from flodesk.ui.focus import pass_undo_on
from flodesk.ui.panel.figures import parse, plain, prefixed, snap, tidy_step
from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme

_NOTICE = 2500
_INNER = 4
"""Pixels that a line edit keeps free left and right of its text, together."""
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class NumberField(QLineEdit):
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
        self.notice = ""
        """What was wrong with the last entry, in words; empty if nothing."""
        self._notice_over = QTimer(self, singleShot=True, interval=_NOTICE)
        self._notice_over.timeout.connect(self._clear_notice)
        self.returnPressed.connect(self._enter)
        pass_undo_on(self)

    @property
    def words(self) -> str:
        """What is read in it: the digits, and the unit with its prefix where there is room."""
        return f"{self.text()} {self._lead}{self.unit}".strip() if self._with_unit else self.text()

    def set_limits(
        self, minimum: float | None, maximum: float | None, step: float | None, unit: str, integer: bool
    ) -> None:
        """Set limits (both included), the step of a key press, the unit and whether only whole numbers are taken."""
        self.minimum, self.maximum, self.step, self.unit, self.integer = minimum, maximum, step, unit, integer
        self._fit()

    def set_value(self, value: Any) -> None:
        """Show a number; a text that is being typed is left alone unless the number is another one."""
        if not isinstance(value, int | float):
            self.setText(str(getattr(value, "text", value)))
            return
        if self.isModified() and value == self.value:
            return
        self.value = value
        self._fit()

    def _fit(self) -> None:
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
        step = self.key_step()
        value = self.limited(snap(self.value + steps * step, step))
        if value != self.value:
            self.set_value(value)
            self.stepped.emit(value)

    def _enter(self) -> None:
        if not self.isModified():
            return
        number = parse(self.text(), self.unit)
        if number is None:
            measure, unit = (f" in {self.unit}", f" {self.unit}") if self.unit else ("", "")
            self._say(f"“{self.text()}” is not a number{measure}. Type something like “{plain(self.value)}{unit}”.")
            return
        limited = self.limited(number)
        self.setModified(False)
        self.set_value(limited)
        self.selectAll()
        if limited != number:
            unit = f" {self.unit}" if self.unit else ""
            bound = "a whole number" if self.integer and limited == round(number) else f"{plain(limited)}{unit}"
            self._say(f"{plain(number)}{unit} was limited to {bound}.")
        self.entered.emit(limited)

    def _say(self, text: str) -> None:
        self.notice = text
        self.update()
        self._notice_over.start()
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), text, self)

    def _clear_notice(self) -> None:
        self.notice = ""
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by the arrow and page keys; Escape takes back what was typed."""
        steps = _STEPS.get(Qt.Key(event.key()))
        if steps is not None and not self.isReadOnly():
            self.step_by(steps)
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setModified(False)
            self.set_value(self.value)
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step, but only where the field has the focus: a panel that is scrolled must not change its values."""
        if self.hasFocus() and not self.isReadOnly() and event.angleDelta().y():
            self.step_by(event.angleDelta().y() / 120)
            event.accept()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was typed; what is no number is dropped, with a word."""
        self._enter()
        if self.isModified():
            self.setModified(False)
        super().focusOutEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the whole number to who edits it."""
        super().focusInEvent(event)
        self._fit()
        self.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the number in the room there is."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the unit behind the number, and a mark if the last entry was limited or refused."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self.unit and self._with_unit:
            painter.setPen(color(theme().muted))
            room = self.rect().adjusted(0, 0, -9, 0)
            unit = self._lead + self.unit
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, unit)
        if self.notice:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(color(theme().error if self.isModified() else theme().warning))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.end()
