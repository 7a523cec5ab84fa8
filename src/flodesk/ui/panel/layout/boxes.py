"""The groups of a board: a box for each, which tab of it is shown, and which views are seen therefore."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import QWidget

from flodesk.flow.groups import TITLE, Member, boxes, tabs
from flodesk.ui.panel.layout.grid import Cells, Metrics
from flodesk.ui.panel.layout.group_box import GroupBox
from flodesk.ui.panel.layout.group_tabs import TabDrag


class Boxes(QObject):
    """Keeps the boxes in step with the views.

    Attributes
    ----------
    members : dict
        Of which group and tab each view is, by its key.
    shown : dict
        The tab that a hand has gone to, by group.
    """

    turned = Signal()
    """Another tab of a group is shown."""
    gone_to = Signal()
    """`shown` is another."""

    def __init__(self, board: QWidget) -> None:
        super().__init__(board)
        self._board = board
        self._boxes: dict[str, GroupBox] = {}
        self.shown: dict[str, str] = {}
        self._areas: dict[str, QRect] = {}
        self.members: dict[str, Member] = {}

    def shown_tabs(self) -> dict[str, str]:
        """Return the tab that is shown of each group that has some: the one that a hand has gone to, or the first."""
        found = {}
        for group in dict.fromkeys(member.group for member in self.members.values() if member.tab):
            names = tabs(self.members, group)
            shown = self.shown.get(group, "")
            found[group] = shown if shown in names else names[0]
        return found

    def hidden(self) -> set[str]:
        """Return the views that lie on a tab which is not shown."""
        shown = self.shown_tabs()
        return {key for key, one in self.members.items() if one.tab and shown.get(one.group) != one.tab}

    def turn(self, group: str, tab: str) -> None:
        """Show a tab of a group."""
        if tab in tabs(self.members, group) and self.shown_tabs().get(group) != tab:
            self.shown[group] = tab
            self.gone_to.emit()
            self.turned.emit()

    def stay(self, group: str) -> None:
        """Go on showing the tab of a group that is shown now, although others come to stand before it."""
        shown = self.shown_tabs().get(group, "")
        if shown and self.shown.get(group) != shown:
            self.shown[group] = shown
            self.gone_to.emit()

    def step(self, group: str, step: int) -> None:
        """Show the next tab of a group, or the one before."""
        names = tabs(self.members, group)
        if names:
            self.turn(group, names[(names.index(self.shown_tabs()[group]) + step) % len(names)])

    def renamed(self, group: str, tab: str, new: str) -> None:
        """Go on showing the same tab of a group that has another title, or whose tab has another name."""
        shown = self.shown_tabs().get(group, "")
        self.shown[group if tab else new] = new if tab and tab == shown else shown
        self.gone_to.emit()

    def lay(self, places: Mapping[str, Cells], metrics: Metrics) -> None:
        """Put a box round each group."""
        found = boxes(places, self.members)
        for group in [group for group in self._boxes if group not in found]:
            box = self._boxes.pop(group)
            box.hide()
            box.deleteLater()
        shown, line = self.shown_tabs(), _line(metrics)
        self._areas = {}
        for group, cells in found.items():
            if group not in self._boxes:
                made = self._boxes[group] = GroupBox(group, self._board)
                made.turned.connect(partial(self.turn, group))
            area = self._areas[group] = QRect(*metrics.rectangle(cells))
            self._boxes[group].cover(area, line)
            self._boxes[group].show_tabs(tabs(self.members, group), shown.get(group, ""))

    def titles(self, metrics: Metrics) -> dict[str, QRect]:
        """Return where the title of each group is, in pixels."""
        return {
            group: QRect(area.left(), area.top(), area.width(), _line(metrics)) for group, area in self._areas.items()
        }

    def tab_at(self, group: str, at: QPoint) -> str:
        """Return the tab of a group at a point; empty if there is none."""
        return self._boxes[group].tab_at(at) if group in self._boxes else ""

    def take_tab(self, group: str, at: QPoint) -> TabDrag | None:
        """Take hold of the tab of a group at a point, if there is one."""
        return self._boxes[group].take(at) if group in self._boxes else None

    def box(self, group: str) -> GroupBox | None:
        """Return the box of a group; None if there is no such group."""
        return self._boxes.get(group)

    def named(self) -> None:
        """Take the room back that a name had while it was being edited."""
        for box in self._boxes.values():
            box.named()

    def wear_theme(self) -> None:
        """Take the colours of the theme in force."""
        for box in self._boxes.values():
            box.update()


def _line(metrics: Metrics) -> int:
    """Return the height of a title in pixels."""
    return metrics.rectangle(Cells(0, 0, 1, TITLE))[3]
