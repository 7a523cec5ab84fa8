"""Controls of truths, choices, texts and plain numbers: switch, button, drop-down, text field, number field."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QSizePolicy, QWidget

from flodesk.flow.model import Symbol
from flodesk.ui.focus import pass_undo_on
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.number_field import NumberField
from flodesk.ui.panel.guard import Guarded
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Setting
from flodesk.ui.panel.touch import on_touch, reach
from flodesk.ui.theme import theme

_FINGER = 1.5
"""How much larger a switch is painted where fingers work."""
_WORD = 49.0
"""Where the word beside a switch begins, in pixels of one that is not painted larger."""


class Toggle(Guarded, QWidget):
    """A painted switch with its state in words beside it."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(24)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Room for the switch and "Off"."""
        scale = _FINGER if on_touch(self) else 1.0
        return QSize(round(scale * (48 + self.fontMetrics().horizontalAdvance("Off") + 8)), reach(self, 28))

    def scale(self) -> float:
        """Return how large it is painted: for a finger larger, and smaller where there is no room for its word."""
        usual = _FINGER if on_touch(self) else 1.0
        beside = self.width() / (_WORD + self.fontMetrics().horizontalAdvance("Off") + 2)
        alone = self.width() / (_WORD - 5)
        return min(usual, beside if beside >= 1.0 else alone)

    def word(self, scale: float) -> tuple[str, QRectF]:
        """Return its state in words and where they stand, in units of `scale`: beside it, or below it; else none."""
        word, wide, high = "On" if self.on else "Off", self.width() / scale, self.height() / scale
        needed = self.fontMetrics().horizontalAdvance(word)
        if needed <= wide - _WORD:
            return word, QRectF(_WORD, -12, wide - _WORD, 24)
        line = self.fontMetrics().height()
        if high / 2 >= 12 + line and needed <= wide - 3:
            return word, QRectF(3, 12, wide - 3, line)
        return "", QRectF()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Change over, if the hand lets go upon it."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that the card beneath does not."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change over by Space or Enter."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the groove, the knob and the word."""
        colors = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            scale = self.scale()
            painter.translate(0, self.height() / 2)
            painter.scale(scale, scale)
            groove = QRectF(3, -10, 38, 20)
            ink = (colors.accent if self.isEnabled() else colors.faint) if self.on else colors.line_strong
            if self.hasFocus():
                painter.setPen(QPen(color(colors.accent, 0.45), 2))
                painter.drawRoundedRect(groove.adjusted(-2, -2, 2, 2), 12, 12)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(ink))
            painter.drawRoundedRect(groove, 10, 10)
            painter.setBrush(color("#ffffff" if self.isEnabled() or not self.on else colors.raised))
            knob = groove.right() - 10 if self.on else groove.left() + 10
            painter.drawEllipse(QPointF(knob, groove.center().y()), 7.5, 7.5)
            painter.setPen(color(colors.text if self.on else colors.muted))
            word, room = self.word(scale)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, word)


class Switch(Control):
    """A truth."""

    narrowest = 50

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.toggle = Toggle(self)
        self.row.addWidget(self.toggle)
        self.setFocusProxy(self.toggle)
        self.toggle.clicked.connect(self._change)
        self.show_setting(setting)

    def show_setting(self, setting: Setting) -> None:
        """Show another state."""
        super().show_setting(setting)
        self.toggle.on = bool(setting.value) and not isinstance(setting.value, Symbol)
        self.toggle.setEnabled(not setting.wired)
        self.toggle.setAccessibleName(f"{setting.title}, {'on' if self.toggle.on else 'off'}")
        self.toggle.update()

    def _change(self) -> None:
        self.turn(not self.toggle.on)
        self.show_setting(self.setting)
        self.let_go()


class Button(Control):
    """A button that springs back: when the hand lets go or, a latch, when the flow has read it.

    It never changes the flow: `pulsed` says that it was pressed and let go, and the run is told.
    """

    titled = False

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.button = QPushButton(self)
        self.button.setMinimumHeight(28)
        self.button.setStyleSheet("padding: 3px 4px;")
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.row.addWidget(self.button)
        self.setFocusProxy(self.button)
        self.button.pressed.connect(lambda: self.pulsed.emit(True))
        self.button.released.connect(self._let_go)
        self.down = False
        """Whether the run has not read the press of a latch yet."""
        self.show_setting(setting)

    def show_setting(self, setting: Setting) -> None:
        """Show another state."""
        super().show_setting(setting)
        self.button.setText(setting.title)
        self.button.setEnabled(not setting.wired)

    def show_down(self, held: Container[str]) -> None:
        """Paint a latch as held down, or let it come up, unless a hand holds it."""
        if not self.setting.latch:
            return
        self.down = down = self.setting.node in held
        self.button.setAccessibleDescription("Pressed: the flow has not read it yet" if down else "")
        if down or not self.button.underMouse() or not QApplication.mouseButtons():
            self.button.setDown(down)

    def _let_go(self) -> None:
        self.pulsed.emit(False)
        self.button.setDown(self.down)


class _Entries(QComboBox):
    """A drop-down that leaves the wheel to the panel unless it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Choice(Control):
    """One of several values."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.entries = _Entries(self)
        self.entries.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.entries.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.entries.setMinimumContentsLength(4)
        self.row.addWidget(self.entries, 1)
        self.setFocusProxy(self.entries)
        self.entries.activated.connect(self._choose)
        self.show_setting(setting)

    def show_setting(self, setting: Setting) -> None:
        """Show another state; a value that is none of the entries is shown too, and marked."""
        super().show_setting(setting)
        values = list(setting.choices)
        if setting.value not in values:
            values.append(setting.value)
        texts = [word(v) + ("" if v in setting.choices or not setting.choices else "  (not offered)") for v in values]
        if [self.entries.itemText(i) for i in range(self.entries.count())] != texts:
            self.entries.clear()
            self.entries.addItems(texts)
        self._values = values
        self.entries.setCurrentIndex(values.index(setting.value))
        self.entries.setEnabled(not setting.wired)
        self.entries.setAccessibleName(setting.title)

    def _choose(self, index: int) -> None:
        self.turn(self._values[index])
        self.let_go()


class TextField(Control):
    """A line of text."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.edit = QLineEdit(self)
        self.row.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.edit.editingFinished.connect(self._finish)
        pass_undo_on(self.edit)
        self.show_setting(setting)

    def show_setting(self, setting: Setting) -> None:
        """Show another state; what is being typed is left alone."""
        changed = setting.value != self.setting.value
        super().show_setting(setting)
        if changed or not self.edit.isModified():
            self.edit.setText(word(setting.value))
        self.edit.setReadOnly(bool(setting.wired) or not isinstance(setting.value, str | None))
        self.edit.setAccessibleName(setting.title)

    def _finish(self) -> None:
        if self.edit.isModified():
            self.edit.setModified(False)
            self.turn(self.edit.text())
            self.let_go()


class NumberControl(Control):
    """A number that is typed or stepped."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.field = NumberField(self)
        self.field.setMaximumWidth(220)
        self.row.addWidget(self.field, 1000)
        self.row.addStretch(1)
        self.setFocusProxy(self.field)
        self.field.entered.connect(self._enter)
        self.field.stepped.connect(self._step)
        self.show_setting(setting)

    def show_setting(self, setting: Setting) -> None:
        """Show another state."""
        super().show_setting(setting)
        self.field.set_limits(setting.minimum, setting.maximum, setting.step, setting.unit, setting.integer)
        self.field.setReadOnly(bool(setting.wired))
        self.field.setAccessibleName(setting.title)
        self.field.set_value(setting.value)

    def _typed(self, value: float) -> Any:
        return round(value) if self.setting.integer else float(value)

    def _enter(self, value: float) -> None:
        self.turn(self._typed(value))
        self.show_setting(self.setting)
        self.let_go()

    def _step(self, value: float) -> None:
        self.turn_by_key(self._typed(value))
        self.show_setting(self.setting)


def word(value: Any) -> str:
    """Return a literal, or a name, as it stands in a field of text."""
    if isinstance(value, Symbol):
        return value.text
    return value if isinstance(value, str) else "none" if value is None else str(value)
