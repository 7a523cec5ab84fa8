"""A log: lines with time and level, the newest at the end, which is followed until a hand scrolls away from it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFontMetricsF, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from flodesk.indicators.telling import Lines
from flodesk.public import Indicator
from flodesk.ui.focus import keep_keys
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.faces.words.lines import MOST, LogModel, Row, clock, ink_of, text_of, word_of
from flodesk.ui.panel.figures import counted
from flodesk.ui.panel.paint import color, elided, small
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

LINE = 20
_ROOMY = 150
"""Height from which on there is room for the filter."""


class LogFace(Face):
    """A log with a filter above it."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self.model = LogModel()
        self.list = _List(self.model, self)
        self.sought = QLineEdit(self, placeholderText="Filter", clearButtonEnabled=True)
        self.sought.setAccessibleName("Show only lines with this text")
        self.sought.setToolTip("Show only lines with this text in them")
        self.least = QComboBox(self)
        self.least.addItems(["All levels", "From info on", "From warning on", "Errors"])
        self.least.setAccessibleName("Show only lines from this level on")
        self.told = QLabel(self)
        self.end = QPushButton("Follow", self)
        self.end.setToolTip("Go to the newest line, and stay there")
        self.end.hide()
        self.bar = QWidget(self)
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.sought, 1)
        row.addWidget(self.least)
        row.addWidget(self.end)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.told)
        self.follows = True
        """Whether the newest line is kept in sight."""
        self.sought.textChanged.connect(self._filter)
        self.least.currentIndexChanged.connect(self._filter)
        self.end.clicked.connect(self.follow)
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._taking = False
        self.wear_theme()
        self._tell()

    # -------------------------------------------------------------- lines
    def show_value(self, value: Indicator) -> None:
        """Take in the lines that came since the last look."""
        assert isinstance(value, Lines)
        self.shown += 1
        self._taking = True
        if self.model.take(value):
            if self.follows:
                self.list.scrollToBottom()
            self._tell()
            if self.model.gap is not None and self.asking is not None and self.asking.ready:
                row, start, missing = self.model.gap
                skipped = max(0, missing - MOST)  # no more than the list keeps
                take = partial(self._fill, row, start)
                self.asking.lines(self.reading.variable, start + skipped, missing - skipped, take)
        self._taking = False

    def _fill(self, gap: Row, start: int, lines: Lines | None) -> None:
        """Put the lines that were missed in their place."""
        if lines is None:
            return
        self._taking = True
        self.model.fill(gap, lines, start)
        if self.follows:
            self.list.scrollToBottom()
        self._taking = False
        self._tell()

    def _filter(self) -> None:
        self._taking = True
        self.model.filter(self.sought.text().strip(), self.least.currentIndex())
        if self.follows:
            self.list.scrollToBottom()
        self._taking = False
        self._tell()

    def _tell(self) -> None:
        seen, kept, count = len(self.model.seen), len(self.model.rows), self.model.count
        words = f"{counted(count)} lines" if count else "No line yet"
        if seen != kept:
            words += f"; {counted(seen)} of the last {counted(kept)} shown"
        elif kept < count:
            words += f"; the last {counted(kept)} shown"
        self.told.setText(words)
        self.list.setAccessibleDescription(words)

    # -------------------------------------------------------------- the end
    def _scrolled(self, at: int) -> None:
        """Stay where a hand has scrolled to, or follow the end again once it is there."""
        if not self._taking:
            self.follows = at >= self.list.verticalScrollBar().maximum()
            self.end.setVisible(not self.follows)

    def follow(self) -> None:
        """Go to the newest line, and stay there."""
        self.follows = True
        self.end.hide()
        self.list.scrollToBottom()

    # -------------------------------------------------------------- hands and looks
    def actions_of_face(self) -> Iterator[QAction]:
        """Follow, copy, clear."""
        follow = QAction("Follow the newest line", self, checkable=True, checked=self.follows)
        follow.triggered.connect(self.follow)
        yield follow
        copy = QAction("Copy lines", self, enabled=bool(self.model.seen))
        copy.triggered.connect(self.list.copy)
        yield copy
        clear = QAction("Clear what is shown", self, enabled=bool(self.model.rows))
        clear.triggered.connect(self.clear)
        yield clear

    def clear(self) -> None:
        """Begin with an empty list; what comes now is shown as ever."""
        self.model.clear()
        self.follow()
        self._tell()

    def resizeEvent(self, event: object) -> None:
        """Leave out the filter where there is no room for it."""
        roomy = self.height() >= _ROOMY
        self.bar.setVisible(roomy)
        self.told.setVisible(roomy)
        if self.follows:
            self.list.scrollToBottom()

    def wear_theme(self) -> None:
        """Lines of the card's colours."""
        self.list.setStyleSheet("QListView { background: transparent; border: none; }")
        self.told.setStyleSheet(f"color: {theme().muted}; background: transparent;")
        self.bar.setStyleSheet("background: transparent;")
        self.list.viewport().update()


class _List(QListView):
    """The lines: they are painted one by one, only those on the screen."""

    def __init__(self, model: LogModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines = model
        self.setModel(model)
        self.setItemDelegate(_Strokes(self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Lines")
        keep_keys(self)

    def copy(self) -> None:
        """Put the selected lines on the clipboard; without any, all that are shown."""
        chosen = sorted(index.row() for index in self.selectedIndexes())
        rows = [self.lines.seen[n] for n in chosen] if chosen else self.lines.seen
        QGuiApplication.clipboard().setText("\n".join(map(text_of, rows)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy by Ctrl+C."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)


_Index = QModelIndex | QPersistentModelIndex


class _Strokes(QStyledItemDelegate):
    """Paints a line: the time in small figures, the level as a word, the text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, LINE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, LogModel)
        when, level, text = model.seen[index.row()]
        area = QRectF(option.rect)
        list_ = self.parent()
        assert isinstance(list_, QWidget)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, color(theme().accent, 0.25))
        left = area.left() + 2
        if area.width() > 300:
            painter.setFont(small(list_, 11))
            painter.setPen(color(theme().muted))
            painter.drawText(area.adjusted(2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, clock(when))
            left += QFontMetricsF(painter.font()).horizontalAdvance("00:00:00.000") + 12
        painter.setPen(ink_of(level))
        word = word_of(level)
        if word:
            painter.setFont(small(list_, 11, bold=True))
            painter.drawText(QRectF(left, area.top(), 64, LINE), Qt.AlignmentFlag.AlignVCenter, word.capitalize())
            left += 60
        painter.setFont(small(list_, 12))
        elided(painter, QRectF(left, area.top(), area.right() - left - 4, LINE), text, Qt.AlignmentFlag.AlignLeft)
        painter.restore()
