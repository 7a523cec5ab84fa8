"""The text of a note, edited where it stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from flodesk.ui.canvas.painting import fonts
from flodesk.ui.canvas.pieces.note_item import PAD, SIZE
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.focus import is_for_window
from flodesk.ui.theme import theme

_LEAST = (220, 88)
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class NoteField(QPlainTextEdit):
    """Shows the Markdown of a note. Esc, Ctrl+Enter and a click elsewhere end it and keep what was typed.

    Parameters
    ----------
    box : callable
        Returns the note's rectangle in the scene; None once the note is gone.
    done : callable
        Takes the text that was typed.
    """

    closed = Signal()

    def __init__(
        self, viewer: Viewer, text: str, box: Callable[[], QRectF | None], done: Callable[[str], object]
    ) -> None:
        super().__init__(text, viewer.viewport())
        self._viewer = viewer
        self._box = box
        self._done = done
        self._open = True
        self.setAccessibleName("Text of the note, in Markdown")
        self.setToolTip("Markdown: # heading, **bold**, *italics*, `code`, - list, [words](https://…). Esc ends it.")
        self.setPlaceholderText("# Heading\nSome words, **bold** or *not*")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(False)
        look = theme()
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {look.sunken}; color: {look.text}; border: 1.5px solid {look.accent};"
            f" border-radius: 8px; selection-background-color: {look.accent}; selection-color: {look.on_accent}; }}"
        )
        self._stand()
        viewer.view_changed.connect(self._stand)
        self.textChanged.connect(self._stand)
        self.show()
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stand(self) -> None:
        if not self._open:
            return
        scene_box = self._box()
        if scene_box is None:
            self.finish(keep=False)
            return
        zoom = max(0.75, self._viewer.zoom())
        font = QFont(fonts().label.font)
        font.setPixelSize(max(11, round(SIZE * zoom)))
        self.setFont(font)
        self.document().setDocumentMargin(PAD * zoom - 2)
        box = self._viewer.mapFromScene(scene_box).boundingRect()
        lines = self.document().blockCount() + 1
        height = max(box.height(), _LEAST[1], round(lines * font.pixelSize() * 1.4 + 2 * PAD * zoom))
        room = self._viewer.viewport().height() - box.top() - 8
        height = min(height, max(_LEAST[1], room))
        self.setGeometry(QRect(box.left(), box.top(), max(box.width(), _LEAST[0]), height))

    def finish(self, keep: bool = True) -> None:
        """Close; keep what was typed unless the note has gone."""
        if not self._open:
            return
        self._open = False
        if self.hasFocus():
            self._viewer.setFocus()
        self.hide()
        if keep:
            self._done(self.toPlainText().rstrip())
        self.closed.emit()
        self.deleteLater()

    # -------------------------------------------------------------- Qt
    def event(self, event: QEvent) -> bool:
        """Keep the window's shortcuts (Delete, Ctrl+Z) out while a text is typed; Save and a run stay in reach."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(not is_for_window(event))
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End by Esc and Ctrl+Enter."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.finish()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End when the hand goes elsewhere; a menu of its own, or another window, is no end."""
        super().focusOutEvent(event)
        if event.reason() not in _PASSING:
            self.finish()
