"""The tabs of a group: one of them may be wider for a while, as it is being named, or be dragged to another place."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QTabBar, QWidget


class GroupTabs(QTabBar):
    """Tabs whose text is their name."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setProperty("bare", True)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName(f"Tabs of {title}")

    @property
    def names(self) -> tuple[str, ...]:
        """The tabs as they stand now."""
        return tuple(self.tabText(number) for number in range(self.count()))

    def widen(self, tab: str, width: int) -> None:
        """Let one tab be so many pixels wide at least; of an empty name none."""
        side = QTabBar.ButtonPosition.RightSide
        for number, name in enumerate(self.names):
            if self.tabButton(number, side) is not None:
                self.setTabButton(number, side, None)
            if name == tab and (more := width - self.tabRect(number).width()) > 0:
                room = QWidget()
                room.setFixedSize(more, 1)
                self.setTabButton(number, side, room)


class TabDrag:
    """A tab under the mouse, which goes from place to place in its row.

    Attributes
    ----------
    group : str
        Whose tab it is.
    """

    def __init__(self, board: QWidget, tabs: GroupTabs, group: str, tab: str) -> None:
        self.group = group
        self._board, self._tabs, self._tab = board, tabs, tab
        self._before = tabs.names

    @property
    def names(self) -> tuple[str, ...]:
        """The tabs as they stand now."""
        return self._tabs.names

    @property
    def moved(self) -> bool:
        """Whether they stand in another order than at first."""
        return self.names != self._before

    def to(self, point: QPoint) -> None:
        """Let it change places with each tab whose middle a point, in pixels of the board, has left behind."""
        tabs, at = self._tabs, self._tabs.names.index(self._tab)
        x = tabs.mapFrom(self._board, point).x()
        while at + 1 < tabs.count() and x > tabs.tabRect(at + 1).center().x():
            tabs.moveTab(at, at + 1)
            at += 1
        while at > 0 and x < tabs.tabRect(at - 1).center().x():
            tabs.moveTab(at, at - 1)
            at -= 1

    def back(self) -> None:
        """Let it stand where it was."""
        for number, name in enumerate(self._before):
            self._tabs.moveTab(self.names.index(name), number)
