"""A double click where one click is enough: the second one is for nobody, and not for what has come below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication


class SecondClick(QObject):
    """Takes double clicks for as long as they may belong to a click that opens something."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._over = QTimer(self, singleShot=True)
        self._over.timeout.connect(self._end)

    @property
    def on(self) -> bool:
        """Whether it looks out for one."""
        return self._over.isActive()

    def begin(self) -> None:
        """Look out from now on: what was pressed opens something as soon as it is let go."""
        application = QApplication.instance()
        if application is not None and not self._over.isActive():
            application.installEventFilter(self)
        self._over.start(QApplication.doubleClickInterval())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the second one; a click somewhere else is none, however soon it comes."""
        return event.type() == QEvent.Type.MouseButtonDblClick

    def _end(self) -> None:
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)


__all__ = ["SecondClick"]
