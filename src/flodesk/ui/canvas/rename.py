"""Renaming in place: a text field over the name on the card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import fonts
from flodesk.ui.canvas.pieces.frame_item import FrameItem
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.focus import is_for_window
from flodesk.ui.theme import theme


class NameField(QLineEdit):
    """Enter renames, Escape leaves it, a click elsewhere renames too if that is possible.

    `accept` is called with the new name and returns why it cannot be, or an empty text; `old` is the name as it is now.
    """

    closed = Signal()

    def __init__(self, viewer: Viewer, card: NodeItem | FrameItem, accept: Callable[[str], str], old: str) -> None:
        super().__init__(old, viewer.viewport())
        self._old = old
        self._viewer = viewer
        self._card = card
        self._accept = accept
        self._open = True
        self.setAccessibleName(f"New name of {self._old}")
        self.setFrame(False)
        self._dress("")
        self._stand()
        viewer.view_changed.connect(self._stand)
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stand(self) -> None:
        if self._card.scene() is None:
            self.leave()
            return
        zoom = self._viewer.zoom()
        font = QFont(fonts().title.font)
        font.setPixelSize(max(9, round(13 * zoom)))
        self.setFont(font)
        box = self._viewer.mapFromScene(self._card.mapRectToScene(self._card.title_box())).boundingRect()
        width = max(box.width(), 120)
        self.setGeometry(QRect(box.left() - 4, box.top() - 2, width + 8, max(22, box.height() + 4)))

    def _dress(self, problem: str) -> None:
        look = theme()
        line = look.error if problem else look.accent
        self.setStyleSheet(
            f"QLineEdit {{ background: {look.sunken}; color: {look.text}; border: 1.5px solid {line};"
            f" border-radius: 4px; padding: 0 3px; selection-background-color: {look.accent};"
            f" selection-color: {look.on_accent}; min-height: 0; }}"
        )
        self.setToolTip(problem)

    def leave(self) -> None:
        """Close without a change."""
        if self._open:
            self._open = False
            if self.hasFocus():
                self._viewer.setFocus()
            self.hide()
            self.closed.emit()
            self.deleteLater()

    def _finish(self, leave_anyway: bool) -> None:
        name = self.text().strip()
        problem = self._accept(name) if name != self._old else ""
        if problem and not leave_anyway:
            self._dress(problem)
            self.selectAll()
            return
        self.leave()

    # -------------------------------------------------------------- Qt
    def event(self, event: QEvent) -> bool:
        """Keep the window's shortcuts (Delete, Ctrl+A) out while a name is typed; Save and a run stay in reach."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(not is_for_window(event))
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish(leave_anyway=False)
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Rename when the hand goes elsewhere; a name that cannot be is dropped."""
        super().focusOutEvent(event)
        # a menu that opens or has just closed, and another window, are no end of it
        passing = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if self._open and event.reason() not in passing:
            self._finish(leave_anyway=True)
