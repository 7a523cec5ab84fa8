"""A group on the panel: a ground behind its views, with its title and its tabs in a line above them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.layout.group_tabs import GroupTabs, TabDrag
from flodesk.ui.panel.paint import RADIUS, color, elided, small
from flodesk.ui.tab_name import LEAST
from flodesk.ui.theme import theme

AIR = 3
"""Pixels that the box reaches into the gap round its views."""
_PAD = 10
_HALF = 0.45
"""Of its width, what a title takes at most beside tabs, and a name that is being edited at least if that is little."""
_TYPING = 24
"""Pixels that a name gets beyond its own width while it is being edited."""


class GroupBox(QWidget):
    """Lies behind the cards of a group. Its tabs work in run mode; what arranges the panel asks it where they are."""

    turned = Signal(str)
    """A hand has gone to the tab of this name."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = title
        self._board = parent
        self._line = 0
        """Height of the line above the views, in pixels."""
        self._typed = 0
        """Pixels from its left edge that the title takes while it is being edited."""
        self.tabs = GroupTabs(title, self)
        self.tabs.currentChanged.connect(self._turned)
        self.setAccessibleName(title)
        self.show()
        self.lower()

    def show_tabs(self, names: tuple[str, ...], shown: str) -> None:
        """Have these tabs, and show which one is shown."""
        self.tabs.blockSignals(True)
        if names != self.tabs.names:
            while self.tabs.count():
                self.tabs.removeTab(0)
            for name in names:
                self.tabs.setTabToolTip(self.tabs.addTab(name), f"{self.title}: {name}")
        self.tabs.setCurrentIndex(names.index(shown) if shown in names else 0)
        self.tabs.blockSignals(False)
        self.tabs.setVisible(bool(names))
        self._lay_out()

    def cover(self, area: QRect, line: int) -> None:
        """Lie round an area, that of its views and of the line above them, which is so many pixels high."""
        self._line = line
        self.setGeometry(area.adjusted(-AIR, 0, AIR, AIR))

    def tab_at(self, at: QPoint) -> str:
        """Return the tab at a point of the parent; empty if there is none."""
        number = self.tabs.tabAt(self.tabs.mapFrom(self._board, at)) if self.tabs.isVisible() else -1
        return self.tabs.tabText(number) if number >= 0 else ""

    def take(self, at: QPoint) -> TabDrag | None:
        """Take hold of the tab at a point of the parent, if there is one."""
        tab = self.tab_at(at)
        return TabDrag(self._board, self.tabs, self.title, tab) if tab else None

    def room_for(self, tab: str) -> QRect:
        """Leave room to edit the name of a tab, or without one the title, and return where, in pixels of the parent.

        What stands beside it makes way until `named`.
        """
        wide = max(self._area_of(tab).width() + _TYPING, min(LEAST, round(self.width() * _HALF)))
        self.tabs.widen(tab, wide)
        self._typed = 0 if tab else wide
        self._lay_out()
        area = self._area_of(tab)
        return QRect(area.left() + 2, area.top(), wide - 2, area.height())

    def named(self) -> None:
        """Take the room back that a name had while it was being edited."""
        self.tabs.widen("", 0)
        self._typed = 0
        self._lay_out()

    def _area_of(self, tab: str) -> QRect:
        names = self.tabs.names
        if tab in names:
            area = self.tabs.tabRect(names.index(tab))
            return QRect(self.tabs.mapTo(self._board, area.topLeft()), area.size())
        return self._title_area().adjusted(-_PAD, 0, 0, 0).translated(self.pos())

    def _turned(self, number: int) -> None:
        self.turned.emit(self.tabs.tabText(number))

    def _title_area(self) -> QRect:
        room = self.width() - 2 * _PAD
        wide = min(self._needed() + 2, round(room * _HALF) if self.tabs.count() else room)
        return QRect(_PAD, 2, max(wide, 0), self._line)

    def _needed(self) -> int:
        return QFontMetrics(small(self, 13, bold=True)).horizontalAdvance(self.title)

    def _lay_out(self) -> None:
        left = max(self._title_area().right(), self._typed) + _PAD
        height = min(self.tabs.sizeHint().height(), self._line)
        self.tabs.setGeometry(left, (self._line - height) // 2 + 2, max(self.width() - left - _PAD, 0), height)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Tell a title that is cut short in the tooltip."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(self.title if self._needed() > self._title_area().width() else "")
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the tabs."""
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, its edge, and the title."""
        colors = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color(colors.line_strong), 1))
            painter.setBrush(color(colors.line_strong, 0.16))
            radius = RADIUS + AIR
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
            painter.setFont(small(self, 13, bold=True))
            painter.setPen(color(colors.text))
            elided(painter, QRectF(self._title_area()), self.title, Qt.AlignmentFlag.AlignLeft)
