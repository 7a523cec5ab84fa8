"""The tabs and the filter of the dock: in its heading, or on a line of their own where that has no room for both."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QTabBar, QWidget

_LEAST, _MOST = 72, 180
"""Pixels that the filter takes: for its name and a few letters, and at most."""
_BETWEEN = 8


class Top(QObject):
    """Puts them where the tabs keep their words, whatever the width.

    Parameters
    ----------
    view : QWidget
        Has the width of the heading.

    Attributes
    ----------
    in_heading, below : QWidget
        The two places.
    """

    def __init__(self, view: QWidget, tabs: QTabBar, search: QLineEdit) -> None:
        super().__init__(view)
        self._view, self._tabs, self._search = view, tabs, search
        tabs.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        search.setMinimumWidth(_LEAST)
        search.setMaximumWidth(_MOST)
        self.in_heading, self.below = _row(), _row()
        self.in_heading.setMinimumWidth(1)  # else nobody could make the dock so narrow that they go below
        self._move(self.in_heading, self.below)
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit them to another width."""
        if event.type() == QEvent.Type.Resize:
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Put them where there is room."""
        heading = self.in_heading.parentWidget()
        if heading is None:
            return
        others = heading.sizeHint().width()
        if not self.in_heading.isHidden():
            others -= self.in_heading.sizeHint().width()
        wide = others + self._tabs.sizeHint().width() + _LEAST + 2 * _BETWEEN <= self._view.width()
        if wide == self.in_heading.isHidden():
            self._move(*((self.in_heading, self.below) if wide else (self.below, self.in_heading)))

    def _move(self, to: QWidget, away: QWidget) -> None:
        typing = self._search.hasFocus()
        for part in (self._tabs, self._search):
            row = to.layout()
            assert row is not None
            row.addWidget(part)
            part.show()
        away.hide()
        to.show()
        if typing:
            self._search.setFocus()


def _row() -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(_BETWEEN)
    return made


__all__ = ["Top"]
