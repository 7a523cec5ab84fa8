"""The bar above the canvas while flows are compared: with what, how much is different, and a list in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QToolButton, QVBoxLayout

from flodesk.flow.diff.words import Group, Line
from flodesk.ui.canvas.difference_paint import paint_badge
from flodesk.ui.dock import small_button
from flodesk.ui.focus import keep_keys
from flodesk.ui.theme import current
from flodesk.ui.theme.icons import pixmap, untinted, wear

_MARGIN = 8
_LIST, _LEAST_LIST, _SHARE = 168, 72, 0.38
"""Height of the list in pixels, at most and at least, and its share of the window that the canvas has."""
_MOST_ROWS = 8
"""So many lines of code are shown in the list; a tooltip has all."""
_NUMBER = Qt.ItemDataRole.UserRole


class ComparisonBar(QFrame):
    """Says what is compared; `stepped` asks for the next (1) or previous (-1) difference, `chosen` for one of them.

    `taken_back` asks to take the one that is shown back, `closed` to end the comparison.
    """

    taken_back = Signal()
    stepped = Signal(int)
    chosen = Signal(int)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("comparison_bar")
        self.lines: tuple[Line, ...] = ()
        self._groups: tuple[Group, ...] = ()
        self._text = self._short = ""
        self._sign = QLabel()
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setMinimumWidth(40)
        self.words.setSizePolicy(self.words.sizePolicy().Policy.Ignored, self.words.sizePolicy().Policy.Preferred)
        self.elsewhere = QToolButton()
        self.elsewhere.setProperty("role", "link")
        self.elsewhere.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.elsewhere.setAutoRaise(True)
        self.elsewhere.hide()
        self.current = -1
        """The number of the line that is shown; -1 for none."""
        self.previous = small_button("previous", "Previous difference (Shift+F4)", lambda: self.stepped.emit(-1))
        self.next = small_button("next", "Next difference (F4)", lambda: self.stepped.emit(1))
        self.back = small_button("undo", "Take this difference back (Ctrl+Alt+Z)", self.taken_back.emit)
        self.back.setEnabled(False)
        self.open = small_button("list", "Show the differences as a list", self._toggle)
        self.open.setCheckable(True)
        self.close_button = small_button("close", "Stop comparing", self.closed.emit)
        self.list = QListWidget()
        self.list.setAccessibleName("Differences")
        self.list.setWordWrap(True)
        self.list.setIconSize(QSize(18, 18))
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        keep_keys(self.list)
        self.list.hide()
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, _MARGIN, 4)
        row.setSpacing(4)
        row.addWidget(self._sign)
        row.addSpacing(4)
        row.addWidget(self.words, 1)
        row.addWidget(self.elsewhere)
        for button in (self.previous, self.next, self.back, self.open, self.close_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.list)
        current.changed.connect(self._tint)
        self._tint()
        self.hide()

    # -------------------------------------------------------------- what it shows
    def say(self, text: str, short: str) -> None:
        """Show a sentence, or what is short for it where there is no room; the tooltip has all of it."""
        self._text, self._short = text, short
        self.words.setToolTip(text)
        self.words.setAccessibleName(text)
        self._elide()

    def say_elsewhere(self, text: str, tip: str) -> None:
        """Say how many differences other canvases have, and where; empty for none."""
        self.elsewhere.setText(text)
        self.elsewhere.setToolTip(tip)
        self.elsewhere.setAccessibleName(f"{text}. {tip}")
        self.elsewhere.setVisible(bool(text))

    def show_groups(self, groups: Sequence[Group]) -> None:
        """List differences."""
        self._groups = tuple(groups)
        self.lines = tuple(line for group in groups for line in group.lines)
        for button in (self.previous, self.next, self.open):
            button.setEnabled(bool(self.lines))
        if not self.lines:
            self._show_list(False)
        self._fill()

    def show_current(self, number: int) -> None:
        """Select the row of a difference in the list; -1 for none."""
        self.current = number
        self.back.setEnabled(number >= 0)
        for row in range(self.list.count()):
            if self.list.item(row).data(_NUMBER) == number:
                self.list.setCurrentRow(row)
                return
        self.list.setCurrentRow(-1)
        self.list.clearSelection()

    # -------------------------------------------------------------- Qt
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the list, and then the comparison."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.list.isHidden():
            self.closed.emit()
        else:
            self._show_list(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many of the words as there is room for."""
        super().resizeEvent(event)
        self._elide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the canvas most of the room."""
        if event.type() == QEvent.Type.Resize:
            self._give_room()
        return super().eventFilter(watched, event)

    # -------------------------------------------------------------- inner
    def _give_room(self) -> None:
        around = self.parentWidget()
        height = around.height() if around is not None else 0
        self.list.setFixedHeight(max(_LEAST_LIST, min(_LIST, round(height * _SHARE))))

    def _elide(self) -> None:
        room, measure = self.words.width(), self.words.fontMetrics()
        fits = measure.horizontalAdvance(self._text) <= room
        text = self._text if fits or not self._short else self._short
        self.words.setText(measure.elidedText(text, Qt.TextElideMode.ElideRight, room))

    def _toggle(self) -> None:
        self._show_list(self.list.isHidden())

    def _show_list(self, shown: bool) -> None:
        had_focus = self.list.hasFocus()
        self._give_room()
        self.list.setVisible(shown)
        self.open.setChecked(shown)
        tip = "Hide the list of differences" if shown else "Show the differences as a list"
        self.open.setToolTip(tip)
        self.open.setAccessibleName(tip)
        if had_focus and not shown:
            self.open.setFocus()

    def _fill(self) -> None:
        chosen = self.list.currentItem()
        number = chosen.data(_NUMBER) if chosen is not None else None
        at = self.list.verticalScrollBar().value()
        self.list.clear()
        bold = QFont(self.list.font())
        bold.setWeight(QFont.Weight.DemiBold)
        count = 0
        for group in self._groups:
            heading = QListWidgetItem(group.title)
            heading.setFont(bold)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(heading)
            for line in group.lines:
                self.list.addItem(self._row(line, count))
                count += 1
        self.list.verticalScrollBar().setValue(at)
        if number is not None:
            self.show_current(number)

    def _row(self, line: Line, number: int) -> QListWidgetItem:
        more = list(line.more[:_MOST_ROWS]) + (["…"] if len(line.more) > _MOST_ROWS else [])
        row = QListWidgetItem(sign_icon(line.sign), "\n".join([line.text, *more]))
        row.setToolTip("\n".join([line.text, *line.more]))
        row.setData(_NUMBER, number)
        return row

    def _choose(self, row: QListWidgetItem) -> None:
        number = row.data(_NUMBER)
        if number is not None:
            self.chosen.emit(number)

    def _tint(self) -> None:
        wear(self.open, "list", "muted")
        self._sign.setPixmap(pixmap("compare", current.theme.accent, 18))
        self._fill()


def sign_icon(sign: str) -> QIcon:
    """Return the sign of a difference as an icon."""
    if sign == "·":
        return QIcon()
    image = QPixmap(36, 36)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_badge(painter, QPointF(18, 18), sign, 1.7)
    image.setDevicePixelRatio(2.0)
    return untinted(image)
