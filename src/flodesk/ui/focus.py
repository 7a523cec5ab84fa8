"""Where the keyboard is after a question or a change: back where it was, else on the canvas; never somewhere new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid


@contextmanager
def focus_kept(home: Callable[[], QWidget]) -> Iterator[None]:
    """Give the focus back to who had it, or to `home` if that one is gone or nobody had it.

    When a widget with the focus goes, Qt hands it to the next in the row: a text field there, and the next key changes
    the flow.
    """
    before = QApplication.focusWidget() or home().window().focusWidget()  # a window that is not entered keeps its own
    try:
        yield
    finally:
        stays = before is not None and isValid(before) and before.isVisibleTo(before.window())
        wanted = before if stays and before is not None else home()
        if wanted.window().focusWidget() is not wanted:
            wanted.setFocus()


_Keys = QKeySequence.StandardKey
_OWN = (_Keys.SelectAll, _Keys.Copy, _Keys.Cut, _Keys.Paste)
OF_NODES = ("Ctrl+D", "Ctrl+G", "F2")
"""Keys that duplicate, put together and rename nodes: for `keep_keys` where a hand means what it has just touched."""


def keep_keys(view: QWidget, *more: QKeySequence.StandardKey | str) -> None:
    """Let a list or a page have its own keys while it has the keyboard: Del, select all, copy, and `more`.

    So has whatever lies in it: a key that nobody there claims comes up to it before it becomes a command.

    Elsewhere in the window they are those of the flow, which must not lose a node to who works in a list.
    """
    view.installEventFilter(_Keeper(view, (*_OWN, *more)))


class _Keeper(QObject):
    def __init__(self, view: QWidget, keys: tuple[QKeySequence.StandardKey | str, ...]) -> None:
        super().__init__(view)
        self._keys = [key for key in keys if not isinstance(key, str)]
        self._others = [QKeySequence(key) for key in keys if isinstance(key, str)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim a key before it becomes a command."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        own = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) or any(event.matches(key) for key in self._keys)
        own = own or QKeySequence(event.keyCombination()) in self._others
        if own:
            event.accept()
        return own


def pass_undo_on(field: QLineEdit | QPlainTextEdit) -> None:
    """Let a text field have undo and redo only while it has typing of its own to take back or to do again.

    Else they are the flow's: who has just pressed Enter in a field wants that edit undone. Qt's fields claim the keys
    whether they have something to undo or not.
    """
    field.installEventFilter(_Passing(field))


class _Passing(QObject):
    def __init__(self, field: QLineEdit | QPlainTextEdit) -> None:
        super().__init__(field)
        self._field = field

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave a key to the commands of the window that the field has no use for."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        has = self._field if isinstance(self._field, QLineEdit) else self._field.document()
        undo = event.matches(_Keys.Undo) and not has.isUndoAvailable()
        redo = event.matches(_Keys.Redo) and not has.isRedoAvailable()
        if undo or redo:
            event.ignore()
        return undo or redo


def take_typed(window: QWidget) -> None:
    """Let the field that has the keyboard take what is typed in it, as if it were left, and go on there.

    Who saves, runs or closes means what is on the screen, not what was there before.
    """
    field = window.focusWidget()
    if not isinstance(field, QLineEdit | QPlainTextEdit):
        return
    reason = Qt.FocusReason.OtherFocusReason
    QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusOut, reason))
    if isValid(field) and field.isVisible() and QApplication.focusWidget() is field:
        QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusIn, reason))


def is_for_window(event: QEvent) -> bool:
    """Say whether a key is the window's while something is typed on the canvas, too: Save, and those of a run."""
    if not isinstance(event, QKeyEvent):
        return False
    return event.matches(_Keys.Save) or Qt.Key.Key_F5 <= event.key() <= Qt.Key.Key_F12


__all__ = ["OF_NODES", "focus_kept", "is_for_window", "keep_keys", "pass_undo_on", "take_typed"]
