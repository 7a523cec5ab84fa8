"""The row of tools: what does not fit goes into a menu behind “»”, the run goes last."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from flodesk.ui.menu_button import opens
from flodesk.ui.run_bar import TIGHTEST, RunBar
from flodesk.ui.theme.icons import wear

_GAP = 4
LEAST = 320
"""Width in pixels at which Run, Stop, the state and “»” are still there."""


class ToolRow(QWidget):
    """Tools at the left, the run bar, tools at the right. A row of its own: QToolBar drops a wide widget as a whole.

    Parameters
    ----------
    left, right : sequences of QAction or None
        In their order; None is a line between two groups. The first of `right` go first when there is no room, then
        the last of `left`.
    """

    def __init__(self, left: Sequence[QAction | None], run_bar: RunBar, right: Sequence[QAction]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._run_bar = run_bar
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self._left = [self._add(action) for action in left]
        self._left.append(self._add(None))
        self._row.addWidget(run_bar)
        self._row.addStretch(1)
        self._right = [self._add(action) for action in right]
        self.more = QToolButton()
        self.more.setObjectName("more_tools")
        wear(self.more, "more")
        self.more.setIconSize(QSize(18, 18))
        self.more.setToolTip("More tools: the window is too narrow for all")
        self.more.setAccessibleName("More tools")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = QMenu(self.more)
        self.menu.aboutToShow.connect(self._fill)
        opens(self.more, self.menu)
        self._row.addWidget(self.more)
        run_bar.resized.connect(self.fit)

    def minimumSizeHint(self) -> QSize:
        """Leave the window free to become narrow."""
        return QSize(LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what fits."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Look again what fits when the font or the style has changed."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit()

    def fit(self) -> None:
        """Show everything, and take away piece after piece until the rest fits."""
        self._run_bar.tighten(0)
        for part in (*self._left, *self._right):
            part.show()
        self.more.hide()
        for take in self._ways():
            if self._needed() <= self.width():
                break
            take()

    def hidden_actions(self) -> list[QAction]:
        """Return what stands in the menu behind “»” now."""
        buttons = [b for b in (*self._left, *self._right) if isinstance(b, QToolButton) and b.isHidden()]
        return [button.defaultAction() for button in buttons]

    # -------------------------------------------------------------- inner
    def _add(self, action: QAction | None) -> QWidget:
        if action is None:
            line = QFrame()
            line.setObjectName("tool_line")
            line.setFixedSize(9, 22)  # its style leaves a pixel of it in the middle
            self._row.addWidget(line)
            return line
        button = QToolButton()
        button.setDefaultAction(action)
        button.setIconSize(QSize(18, 18))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # as in a tool bar: each has its key
        self._row.addWidget(button)
        return button

    def _ways(self) -> list[Callable[[], None]]:
        """Return what is given up, in this order."""
        ways: list[Callable[[], None]] = [lambda: self._run_bar.tighten(1)]
        ways += [lambda part=part: self._hide(part) for part in self._right[:-1]]  # type: ignore[misc]
        ways += [lambda level=level: self._run_bar.tighten(level) for level in range(2, TIGHTEST)]  # type: ignore[misc]
        ways += [lambda part=part: self._hide(part) for part in reversed(self._left)]  # type: ignore[misc]
        return [*ways, lambda: self._hide(self._right[-1]), lambda: self._run_bar.tighten(TIGHTEST)]

    def _hide(self, part: QWidget) -> None:
        part.hide()
        self.more.show()

    def _needed(self) -> int:
        parts = [p for p in (*self._left, self._run_bar, *self._right, self.more) if not p.isHidden()]
        return sum(max(part.sizeHint().width(), part.minimumWidth()) + _GAP for part in parts)

    def _fill(self) -> None:
        self.menu.clear()
        self.menu.addActions(self.hidden_actions())
        places = self._run_bar.hidden_places()
        if places:
            self.menu.addSeparator()
            self.menu.addActions(places)


__all__ = ["ToolRow"]
