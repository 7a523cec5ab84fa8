"""Where the keyboard is after a question or a change: back where it was, else on the canvas; never somewhere new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication, QWidget
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


__all__ = ["focus_kept"]
