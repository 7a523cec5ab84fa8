"""What fields for one typed value have in common: steps by key and wheel, taking back, and a word on what was wrong."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from flodesk.ui.focus import pass_undo_on
from flodesk.ui.panel.controls.wheel import step_by_wheel
from flodesk.ui.panel.guard import Guarded
from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme

_NOTICE = 2500
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class Entry(Guarded, QLineEdit):
    """A line that is read as a value when the hand is done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = ""
        """What was wrong with the last entry, in words; empty if nothing."""
        self._notice_over = QTimer(self, singleShot=True, interval=_NOTICE)
        self._notice_over.timeout.connect(self._clear_notice)
        self.returnPressed.connect(self.enter)
        pass_undo_on(self)

    def enter(self) -> None:
        """Take what was typed, if something was."""
        raise NotImplementedError

    def fit(self) -> None:
        """Show the value in the room there is, unless something is being typed."""
        raise NotImplementedError

    def step_by(self, steps: float) -> None:
        """Change the value by so many steps."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Tell what was wrong with an entry, for a moment."""
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
            self.fit()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step, but only where the field has the focus: a panel that is scrolled must not change its values."""
        step_by_wheel(event, self.step_by, here=self.hasFocus() and not self.isReadOnly())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was typed; what is no value is dropped, with a word."""
        self.enter()
        if self.isModified():
            self.setModified(False)
        super().focusOutEvent(event)
        self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a mark if the last entry was limited or refused."""
        super().paintEvent(event)
        if self.notice:
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(color(theme().error if self.isModified() else theme().warning))
                painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
