"""The tour through the window: which step it is at, and when it ends."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QToolButton, QWidget
from shiboken6 import isValid

from flodesk.ui.settings import settings
from flodesk.ui.tour.card import Card, Ring
from flodesk.ui.tour.steps import STEPS

_SEEN = "tour/seen"


class Tour(QObject):
    """Goes through the steps over a window. Nothing is locked meanwhile: what it speaks of can be tried.

    Parameters
    ----------
    finish : callable
        What comes behind the last step.
    """

    def __init__(self, window: QMainWindow, finish: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._finish = finish
        self._then: Callable[[], object] = lambda: None
        self.at = -1
        """The number of the step from 0; -1 while there is no tour."""
        self.card: Card | None = None
        self.ring: Ring | None = None
        self._before: QWidget | None = None
        """What had the keyboard before it began."""

    @property
    def is_on(self) -> bool:
        """Whether a step is shown."""
        return self.card is not None

    def was_seen(self) -> bool:
        """Whether it was begun once, in this window or another one."""
        return bool(settings().value(_SEEN, False, type=bool))

    def begin(self, then: Callable[[], object] = lambda: None) -> None:
        """Begin at the first step; `then` is done when it is left before the last one."""
        self.close()
        settings().setValue(_SEEN, True)
        self._then = then
        self._before = QApplication.focusWidget()
        self.ring = Ring(self._window)
        self.card = Card(self._window)
        self.card.stepped.connect(self.step)
        self.card.left.connect(self.leave)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self.at = 0
        self._show()

    def step(self, by: int) -> None:
        """Go on, or back; behind the last step the tour is over."""
        if self.at + by >= len(STEPS):
            self.close()
            self._finish()
        else:
            self.at = max(0, self.at + by)
            self._show()

    def leave(self) -> None:
        """End it before its end."""
        then = self._then
        self.close()
        then()

    def close(self) -> None:
        """Take it off the window."""
        self._then = lambda: None
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._give_back()
        for part in (self.card, self.ring):
            if part is not None:
                part.hide()
                part.deleteLater()
        self.card = self.ring = None
        self.at = -1

    def _give_back(self) -> None:
        """Give the keyboard back: Qt would lead it on to a control, whose node is selected then."""
        focus, before = QApplication.focusWidget(), self._before
        self._before = None
        if self.card is None or focus is None or not self.card.isAncestorOf(focus):
            return
        there = before is not None and isValid(before) and before.isVisible() and not self.card.isAncestorOf(before)
        (before if before is not None and there else self._window).setFocus(Qt.FocusReason.OtherFocusReason)

    # -------------------------------------------------------------- where it is
    def _show(self) -> None:
        if self.card is not None:
            self.card.show_step(self.at)
            self._lie()
            self.card.show()
            self.card.raise_()
            self.card.next.setFocus()

    def _lie(self) -> None:
        """Lie beside what the step is about, or in the middle where that is not on the screen."""
        if self.card is None or self.ring is None:
            return
        room = self._window.rect()
        target = self._target(STEPS[self.at].target)
        if target is None:
            middle = QRect(QPoint(), self.card.size())
            middle.moveCenter(room.center())
            self.card.move(middle.topLeft())
        else:
            box = QRect(target.mapTo(self._window, QPoint()), target.size()).intersected(room)
            self.ring.setGeometry(box)
            self.card.lie_at(box, room)
        self.ring.setVisible(target is not None)
        self.ring.raise_()
        self.card.raise_()

    def _target(self, name: str) -> QWidget | None:
        """Return a part of the window by the name of its widget, or the tool of a command; None if it is not seen."""
        if not name:
            return None
        if "." in name:
            tools = (tool for tool in self._window.findChildren(QToolButton) if tool.isVisible())
            return next((t for t in tools if t.defaultAction() and t.defaultAction().objectName() == name), None)
        found = self._window.findChild(QWidget, name)
        return found if found is not None and found.isVisible() else None

    # -------------------------------------------------------------- Qt's events
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave at Esc, wherever in the window the keyboard is, and follow the window's size."""
        kind = event.type()
        if kind in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and watched is self._window:
            self._lie()
        elif kind == QEvent.Type.KeyPress and self._leaves(watched, event):
            self.leave()
            return True
        return super().eventFilter(watched, event)

    def _leaves(self, watched: QObject, event: QEvent) -> bool:
        here = isinstance(watched, QWidget) and watched.window() is self._window
        return here and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape


__all__ = ["Tour"]
