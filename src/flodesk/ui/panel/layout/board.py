"""The surface of the panel: holds a card a view, places them on the grid, and says what to do while there is none."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from flodesk.flow.groups import Member, settled
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.layout.arrange import Glass
from flodesk.ui.panel.layout.boxes import Boxes
from flodesk.ui.panel.layout.grid import HIGH_ROW, NARROWEST, ROW, Cells, Metrics
from flodesk.ui.panel.layout.group_tabs import TabDrag
from flodesk.ui.panel.paint import color, small
from flodesk.ui.panel.touch import on_touch
from flodesk.ui.theme import theme

_SLIM = 120
"""Height in pixels below which there is room for what to do, and for nothing else."""


class Board(QWidget):
    """Cards on a grid. It knows places and pixels, and nothing of the flow."""

    hint_changed = Signal()
    """There is nothing to be seen but a hint, or there is something now."""
    rows_changed = Signal()
    """The cards need another height than before."""
    menu_wanted = Signal(QPoint, QPoint)
    """The menu of the ground is wanted: at this point of the screen, and of the board."""
    turned = Signal()
    """Another tab of a group is shown: other cards are seen than before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, Card] = {}
        self._places: dict[str, Cells] = {}
        self.boxes = Boxes(self)
        self.boxes.turned.connect(self._turned)
        self._coming: dict[str, Member] = {}
        """Of which group and tab those views are whose cards are still to come."""
        self._hint = ("", "")
        self.drops: QObject | None = None
        """Who takes what is dropped."""
        self.glass = Glass(self, self)
        self.setAcceptDrops(True)

    # -------------------------------------------------------------- places
    def places(self) -> dict[str, Cells]:
        """Return where each card is shown, by its key."""
        return dict(self._places)

    def metrics(self) -> Metrics:
        """Return how cells become pixels at the present width."""
        return Metrics(self.width(), HIGH_ROW if on_touch(self) else ROW)

    def seen(self) -> dict[str, Cells]:
        """Return where those cards are that lie on no hidden tab."""
        hidden = self.boxes.hidden()
        return {key: cells for key, cells in self._places.items() if key not in hidden}

    def members(self) -> dict[str, Member]:
        """Return of which group and tab each view is, as the flow says."""
        known = {key: Member.of(self.cards[key].view) for key in self._places if key in self.cards}
        return {key: known.get(key, self._coming.get(key, Member())) for key in self._places}

    def titles(self) -> dict[str, QRect]:
        """Return where the title of each group is, in pixels."""
        return self.boxes.titles(self.metrics())

    def shown_tabs(self) -> dict[str, str]:
        """Return the tab that is shown of each group that has some."""
        return self.boxes.shown_tabs()

    def press_title(self, group: str, at: QPoint) -> None:
        """Show the tab that is at a point of a group's title, if there is one."""
        self.boxes.turn(group, self.boxes.tab_at(group, at))

    def take_tab(self, group: str, at: QPoint) -> TabDrag | None:
        """Take hold of the tab that is at a point of a group's title, if there is one."""
        return self.boxes.take_tab(group, at)

    def preview(self, places: Mapping[str, Cells], joined: Mapping[str, Member] = MappingProxyType({})) -> None:
        """Show the cards at these places, some of them as views of other groups."""
        self._places = dict(places)
        self.boxes.members = {**self.members(), **joined}
        self._lay_out()

    def settle(self, places: Mapping[str, Cells], members: Mapping[str, Member]) -> None:
        """Show the cards at these places, parted where two would cover each other; some may be still to come."""
        before = self.rows()
        self._coming = {key: member for key, member in members.items() if key not in self.cards}
        self.preview(settled(places, members))
        if self.rows() != before:
            self.rows_changed.emit()

    def rows(self) -> int:
        """Return how many rows are taken, with a free one to drop on while the panel is edited."""
        taken = max((cells.bottom for cells in self._places.values()), default=0)
        return taken + (3 if self.glass.isVisible() else 0)

    def first_row(self) -> int:
        """Return the height in pixels that the uppermost cards need."""
        seen = self.seen().values()
        upper = min((cells.row for cells in seen), default=0)
        return self.metrics().size(max((cells.bottom for cells in seen if cells.row == upper), default=0))[1]

    def sizeHint(self) -> QSize:
        """As high as the cards need."""
        return QSize(*self.metrics().size(self.rows()))

    def minimumSizeHint(self) -> QSize:
        """As wide as twelve narrow columns, as high as the cards need; a hint needs little."""
        if not self._places:
            return QSize(120, 40)
        around = self.parentWidget()
        tight = around is not None and Metrics(around.width()).column < NARROWEST  # there is room for all of it
        return QSize(around.width() if tight and around else Metrics(0).size(0)[0], self.sizeHint().height())

    def _lay_out(self) -> None:
        metrics, hidden = self.metrics(), self.boxes.hidden()
        self.boxes.lay(self._places, metrics)
        for key, cells in self._places.items():
            if key in self.cards:
                self.cards[key].setGeometry(*metrics.rectangle(cells))
                self.cards[key].setVisible(key not in hidden)
        self.glass.setGeometry(self.rect())
        self.glass.raise_()
        self.updateGeometry()
        self.glass.update()

    def _turned(self) -> None:
        self._lay_out()
        self.glass.keep()
        self.turned.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        self._lay_out()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the ground."""
        self.menu_wanted.emit(event.globalPos(), event.pos())

    # -------------------------------------------------------------- looks
    def say(self, title: str, text: str) -> None:
        """Show two lines where the cards would be; empty ones take them away."""
        if (title, text) != self._hint:
            self._hint = (title, text)
            self.setAccessibleDescription(text)
            self.update()
            self.hint_changed.emit()

    @property
    def empty(self) -> bool:
        """Whether there is no card."""
        return not self.cards

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hint of an empty panel."""
        colors = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            title, text = self._hint
            if title:
                slim = self.height() < _SLIM
                middle = 4.0 if slim else min(self.height() / 2, 220.0)
                if not slim:
                    painter.setFont(small(self, 15, bold=True))
                    painter.setPen(color(colors.text))
                    painter.drawText(
                        QRectF(20, middle - 34, self.width() - 40, 24), Qt.AlignmentFlag.AlignCenter, title
                    )
                painter.setFont(small(self, 13))
                painter.setPen(color(colors.muted))
                flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
                wide = min(self.width() - 24, 720) if slim else min(self.width() - 40, 420)
                painter.drawText(QRectF((self.width() - wide) / 2, middle - 4, wide, 140), flags, text)
