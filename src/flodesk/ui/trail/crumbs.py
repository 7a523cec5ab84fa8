"""The row above a subflow that says where one is; a click goes out to there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from flodesk.ui.dock import small_button

_WIDEST = 220
_GAP = "›"


class Crumbs(QFrame):
    """One button for each step of the way, the last of them as words. `wanted` gives the number of a step."""

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("crumbs")
        self.setAccessibleName("Where you are")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 2, 8, 2)
        self._row.setSpacing(4)
        self._steps: tuple[tuple[str, str], ...] = ()
        self._parts: list[QWidget] = []
        self.buttons: list[QToolButton] = []
        self._up = small_button("up", "Go out to what calls this function (Alt+Up)", self._out)
        self._row.addWidget(self._up)
        self._row.addStretch(1)
        self.hide()

    def show_way(self, steps: Sequence[tuple[str, str]]) -> None:
        """Show the steps of the way, each with its name and its tooltip; a single one needs no row."""
        self._steps = tuple(steps)
        self._fill()
        self.setVisible(len(steps) > 1)

    @property
    def text(self) -> str:
        """What stands there."""
        return f" {_GAP} ".join(title for title, _ in self._steps)

    def _fill(self) -> None:
        for gone in self._parts:
            self._row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._parts.clear()
        self.buttons.clear()
        last = len(self._steps) - 1
        for number, (title, tip) in enumerate(self._steps):
            part: QWidget
            if number < last:
                button = QToolButton()
                button.setText(title)
                button.setAutoRaise(True)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(f"Go out to {title}")
                button.clicked.connect(lambda _=False, n=number: self.wanted.emit(n))
                self.buttons.append(button)
                part = button
            else:
                part = QLabel(title)
                part.setTextFormat(Qt.TextFormat.PlainText)
                part.setProperty("role", "heading")
            part.setToolTip(tip)
            self._add(part)
            if number < last:
                gap = QLabel(_GAP)
                gap.setProperty("role", "muted")
                self._add(gap)
        self._fit()

    def _add(self, part: QWidget) -> None:
        part.setMaximumWidth(_WIDEST)
        part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._row.insertWidget(self._row.count() - 1, part)
        self._parts.append(part)

    def _fit(self) -> None:
        """Leave steps in the middle out where there is no room for all: first those next to the first."""
        room = self.width() - 40
        needed = [part.sizeHint().width() + self._row.spacing() for part in self._parts]
        hidden = 0
        while sum(needed[:2]) + sum(needed[2 + hidden :]) > room and 2 + hidden < len(self._parts) - 1:
            hidden += 2
        for number, part in enumerate(self._parts):
            part.setVisible(not 2 <= number < 2 + hidden)

    def _out(self) -> None:
        if len(self._steps) > 1:
            self.wanted.emit(len(self._steps) - 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many steps as there is room for."""
        super().resizeEvent(event)
        self._fit()
