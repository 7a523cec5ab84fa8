"""A name that is edited in place: that of a tab, of a group."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QTabBar, QWidget

LEAST = 140
"""So wide in pixels is the field at least, where there is room."""


class NameField(QLineEdit):
    """Enter renames, Escape or a click elsewhere leaves it.

    Parameters
    ----------
    parent : QWidget
        What it lies on.
    area : QRect
        Where the field is to be there: it is as high as it has to be.
    accept : callable
        Called with the new name; returns whether it could be.
    left : callable
        Called when the field goes.
    """

    def __init__(
        self, parent: QWidget, name: str, area: QRect, accept: Callable[[str], bool], left: Callable[[], None]
    ) -> None:
        super().__init__(name, parent)
        self._accept = accept
        self._left: Callable[[], None] | None = left
        self.setAccessibleName(f"New name of {name}")
        height = self.sizeHint().height()
        x = max(0, min(area.left(), parent.width() - area.width()))
        y = area.center().y() + 1 - height // 2
        self.setGeometry(x, y, area.width(), height)
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


class TabName(NameField):
    """The name of a tab, which is its data."""

    def __init__(self, tabs: QTabBar, number: int, accept: Callable[[str], bool], left: Callable[[], None]) -> None:
        box = tabs.tabRect(number)
        area = QRect(box.left() + 2, 0, max(box.width() + 24, LEAST), tabs.height())
        super().__init__(tabs, str(tabs.tabData(number)), area, accept, left)
