"""The surface of the panel: holds a card a view, places them on the grid, and says what to do while there is none."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from flodesk.ui.panel.card import Card
from flodesk.ui.panel.layout.arrange import Glass
from flodesk.ui.panel.layout.grid import NARROWEST, Cells, Metrics, make_room
from flodesk.ui.panel.paint import color, small
from flodesk.ui.theme import theme

_SLIM = 120
"""Height in pixels below which there is room for what to do, and for nothing else."""


class Board(QWidget):
    """Cards on a grid. It knows places and pixels, and nothing of the flow."""

    hint_changed = Signal()
    """There is nothing to be seen but a hint, or there is something now."""
    rows_changed = Signal()
    """The cards need another height than before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, Card] = {}
        self._places: dict[str, Cells] = {}
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
        return Metrics(self.width())

    def preview(self, places: Mapping[str, Cells]) -> None:
        """Show the cards at these places."""
        self._places = dict(places)
        self._lay_out()

    def settle(self, places: Mapping[str, Cells]) -> None:
        """Show the cards at these places, parted where two would cover each other."""
        first = min(places, key=lambda key: (places[key].row, places[key].column), default="")
        before = self.rows()
        self.preview(make_room(places, first) if places else {})
        if self.rows() != before:
            self.rows_changed.emit()

    def menu_of(self, key: str) -> QMenu:
        """Return the context menu of a card."""
        return self.cards[key].menu()

    def rows(self) -> int:
        """Return how many rows are taken, with a free one to drop on while the panel is edited."""
        taken = max((cells.bottom for cells in self._places.values()), default=0)
        return taken + (3 if self.glass.isVisible() else 0)

    def first_row(self) -> int:
        """Return the height in pixels that the uppermost cards need."""
        upper = min((cells.row for cells in self._places.values()), default=0)
        return self.metrics().size(max((c.bottom for c in self._places.values() if c.row == upper), default=0))[1]

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
        metrics = self.metrics()
        for key, cells in self._places.items():
            if key in self.cards:
                self.cards[key].setGeometry(*metrics.rectangle(cells))
        self.glass.setGeometry(self.rect())
        self.glass.raise_()
        self.updateGeometry()
        self.glass.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        self._lay_out()

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
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        title, text = self._hint
        if title:
            slim = self.height() < _SLIM
            middle = 4.0 if slim else min(self.height() / 2, 220.0)
            if not slim:
                painter.setFont(small(self, 15, bold=True))
                painter.setPen(color(colors.text))
                painter.drawText(QRectF(20, middle - 34, self.width() - 40, 24), Qt.AlignmentFlag.AlignCenter, title)
            painter.setFont(small(self, 13))
            painter.setPen(color(colors.muted))
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            wide = min(self.width() - 24, 720) if slim else min(self.width() - 40, 420)
            painter.drawText(QRectF((self.width() - wide) / 2, middle - 4, wide, 140), flags, text)
        painter.end()
