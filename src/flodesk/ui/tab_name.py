"""The name of a function, edited in place on its tab."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QTabBar

LEAST = 140
"""So wide in pixels is the field at least."""


class TabName(QLineEdit):
    """Enter renames, Escape or a click elsewhere leaves it.

    `accept` is called with the new name and returns whether it could be, `left` when the field goes.
    """

    def __init__(self, tabs: QTabBar, number: int, accept: Callable[[str], bool], left: Callable[[], None]) -> None:
        super().__init__(str(tabs.tabData(number)), tabs)
        self._accept = accept
        self._left: Callable[[], None] | None = left
        self.setAccessibleName(f"New name of {tabs.tabData(number)}")
        box, height = tabs.tabRect(number), self.sizeHint().height()
        x = max(0, min(box.left() + 2, tabs.width() - LEAST))
        self.setGeometry(x, (tabs.height() - height) // 2, max(box.width() + 24, LEAST), height)
        self.returnPressed.connect(self._take)
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        if self._accept(self.text().strip()):
            self._leave()

    def _leave(self) -> None:
        left, self._left = self._left, None
        if left is not None:  # hiding takes the focus away, which leads here again
            self.hide()
            self.deleteLater()
            left()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave: a name is not changed by accident."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._leave()
