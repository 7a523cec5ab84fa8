"""The columns of a list, made to fit it: words that have no room end in “…”, and none lies off to the side."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt
from PySide6.QtWidgets import QHeaderView, QTreeView

LEAST, LAST = 40, 90
"""Widths in pixels below which no column goes by itself, and the last one neither: of less nothing could be read."""
ENOUGH = 200
"""Pixels in which the words of a column can be read, however long they are."""
_AROUND = 18
"""Pixels beside the words of a title."""


class FittedColumns(QObject):
    """The widths of the columns of a view, as they are wanted, and as the view has room for them.

    The last one takes what is left. It gives way first, down to its title where nothing stands in it. Then all give
    what their words and titles do not need, then the titles, and at last words, the first columns last. What a hand
    draws is wanted from then on, and stays as it is until the view gets another width.

    While a page beside the view says what stands in some of them, these are left out where the words of all have no
    room, the last ones first. That depends on the width of the view and its words alone, and changes neither.

    Parameters
    ----------
    view : QTreeView
        Whose columns they are.
    widths : sequence of int
        Pixels that each column wants at first.
    beside : collection of int
        Those that the page says, too.
    """

    def __init__(self, view: QTreeView, widths: Sequence[int], beside: Collection[int] = ()) -> None:
        super().__init__(view)
        self._view = view
        self._header = header = view.header()
        self._viewport = view.viewport()
        self._wanted = list(widths)
        self._beside = frozenset(beside)
        self._has_page = False
        self._out: frozenset[int] = frozenset()
        """Those that are left out now."""
        self._needed = [0] * len(widths)
        """Pixels that the words in each column take which are in sight, or were since the view got its width."""
        self._tells = False
        """Whether any words stand in the last one."""
        self._by_hand = False
        self._fitting = False
        header.setResizeContentsPrecision(0)  # rows in sight alone: it is asked whenever words change
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setStretchLastSection(False)  # it would keep a width of its own where little is left
        self._show(self._wanted)
        header.sectionResized.connect(self._drawn)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit them to another width."""
        if event.type() == QEvent.Type.Resize:
            self._needed, self._by_hand = [0] * len(self._wanted), False
            self.fit()
        return super().eventFilter(watched, event)

    def words_changed(self) -> None:
        """Fit them to other words; a column that needs less is not made narrower, or all would go to and fro."""
        before = self._tells, list(self._needed)
        self._measure()
        if not self._by_hand and (self._tells, self._needed) != before:
            self._fit()

    def stand_beside_page(self, *, on: bool) -> None:
        """Note whether the page is there."""
        if on != self._has_page:
            self._has_page = on
            self.fit()

    def fit(self) -> None:
        """Give each column what it wants, as far as there is room."""
        self._measure()
        self._fit()

    def _fit(self) -> None:
        widths, room = list(self._wanted), self._viewport.width()
        self._out = self._without(room)
        seen, last = [at for at in range(len(widths)) if at not in self._out], self._last()
        if self._out:  # the page has taken the room: words count more than what is wanted
            widths = [max(width, min(self._needed[at], ENOUGH)) for at, width in enumerate(widths)]
        others = seen if self._out else [at for at in seen if at != last]
        over = sum(widths[at] for at in seen) - room
        if over > 0:
            if not self._out:
                over -= self._give(widths, {last: LAST if self._tells else self._title(last)}, over)
            over -= self._give(widths, {at: max(self._needed[at], self._title(at)) for at in others}, over)
            over -= self._give(widths, {at: max(self._needed[at], LEAST) for at in others}, over)
            for at in sorted(others, key=self._header.visualIndex, reverse=True):
                over -= self._give(widths, {at: LEAST}, over)
        widths[last] += max(0, room - sum(widths[at] for at in seen))
        self._show(widths)

    def _without(self, room: int) -> frozenset[int]:
        """Return the columns that are left out in so much room."""
        if not self._has_page:
            return frozenset()
        needed = {at: max(min(self._needed[at], ENOUGH), self._title(at)) for at in range(len(self._wanted))}
        out: set[int] = set()
        for at in sorted(self._beside, key=self._header.visualIndex, reverse=True):
            if sum(needed.values()) <= room:
                break
            out.add(at)
            del needed[at]
        return frozenset(out)

    def _measure(self) -> None:
        """Find out what the words in sight need, and whether the last column has any."""
        for at, before in enumerate(self._needed):
            self._needed[at] = max(before, self._view.sizeHintForColumn(at))
        rows, last = self._view.model(), self._header.logicalIndex(self._header.count() - 1)
        self._tells = any(rows.index(row, last).data() for row in range(rows.rowCount()))

    def _title(self, at: int) -> int:
        """Return what a title needs; Qt's own measure has room for the sign of an order beside each."""
        words = self._view.model().headerData(at, Qt.Orientation.Horizontal)
        return self._header.fontMetrics().horizontalAdvance(str(words)) + _AROUND

    @staticmethod
    def _give(widths: list[int], least: dict[int, int], over: int) -> int:
        """Take pixels from some of the widths, in proportion to what they have beyond the least; return how many."""
        spare = {at: max(0, widths[at] - one) for at, one in least.items()}
        whole = sum(spare.values())
        share = min(1.0, over / whole) if whole and over > 0 else 0.0
        taken = {at: min(spare[at], -int(-spare[at] * share // 1)) for at in least}
        for at, pixels in taken.items():
            widths[at] -= pixels
        return sum(taken.values())

    def _show(self, widths: Sequence[int]) -> None:
        self._fitting = True
        for at, width in enumerate(widths):
            self._header.setSectionHidden(at, at in self._out)
            if at not in self._out:
                self._header.resizeSection(at, width)
        self._fitting = False

    def _last(self) -> int:
        """Return the last one that is there."""
        return max((at for at in range(len(self._wanted)) if at not in self._out), key=self._header.visualIndex)

    def _drawn(self, at: int, _: int, width: int) -> None:
        if self._fitting or not self._header.isVisible():
            return
        self._wanted[at] = width
        self._by_hand = True
        last = self._last()
        if at != last:
            left = self._viewport.width() - self._header.length() + self._header.sectionSize(last)
            self._fitting = True
            self._header.resizeSection(last, max(left, min(self._wanted[last], LAST)))
            self._fitting = False

    def save(self) -> QByteArray:
        """Return what there is to remember of the columns: the widths that are wanted, their order."""
        self._out = frozenset()
        self._show(self._wanted)
        return self._header.saveState()

    def restore(self, state: object) -> None:
        """Take what was remembered."""
        if isinstance(state, QByteArray) and self._header.restoreState(state):
            self._header.setStretchLastSection(False)
            last = self._last()
            self._wanted = [
                width if at == last else self._header.sectionSize(at) for at, width in enumerate(self._wanted)
            ]
            self.fit()


__all__ = ["FittedColumns"]
