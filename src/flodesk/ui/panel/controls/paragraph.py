"""A text of several lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from flodesk.ui.focus import pass_undo_on
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.wheel import leave_wheel
from flodesk.ui.panel.setting import Setting


class Paragraph(Control):
    """Takes what was typed when it loses the keyboard, or at Ctrl+Enter; Escape takes it back."""

    narrowest = 120

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.edit = QPlainTextEdit(self)
        self.edit.setObjectName("memo")
        self.edit.setTabChangesFocus(True)
        self.edit.installEventFilter(self)
        self.row.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        pass_undo_on(self.edit)
        leave_wheel(self.edit, self)
        self.show_setting(setting)

    def show_setting(self, setting: Setting) -> None:
        """Show another state; what is being typed is left alone."""
        changed = setting.value != self.setting.value
        super().show_setting(setting)
        text = setting.value if isinstance(setting.value, str) else str(getattr(setting.value, "text", setting.value))
        if (changed or not self.edit.document().isModified()) and self.edit.toPlainText() != text:
            self.edit.setPlainText(text)
            self.edit.document().setModified(False)
        self.edit.setReadOnly(bool(setting.wired) or not isinstance(setting.value, str | None))
        self.edit.setAccessibleName(setting.title)

    def tip(self) -> str:
        """Return the help of the parameter, and how a text is taken."""
        how = "" if self.edit.isReadOnly() else "Ctrl+Enter, or leaving it, takes the text; Escape takes it back."
        return "\n".join(filter(None, (super().tip(), how)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the text, or take it back."""
        if event.type() == QEvent.Type.FocusOut:
            self._take()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
                self._take()
                return True
            if event.key() == Qt.Key.Key_Escape and self.edit.document().isModified():
                self.edit.document().setModified(False)
                self.show_setting(self.setting)
                return True
        return super().eventFilter(watched, event)

    def _take(self) -> None:
        if self.edit.document().isModified() and not self.edit.isReadOnly():
            self.edit.document().setModified(False)
            self.turn(self.edit.toPlainText())
            self.let_go()
