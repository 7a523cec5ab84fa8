"""The page itself: it lies over everything below the tool bar until something is opened."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from flodesk.ui.dock import small_button
from flodesk.ui.start.tiles import Tiles

RECENT, GALLERY = (96, 61), (196, 124)
"""Sizes of the pictures."""
TEXT = 190
"""Width in pixels of what is written beside a recent flow."""
_BESIDE = 760
"""Width in pixels from which the lists stand side by side."""
_WIDEST = 1180
AT_START = {"page": "this page", "last": "the flow of last time", "live": "the live example"}
"""What the program can begin with, and what it is called."""


class StartPage(QWidget):
    """What was open lately on the left, the examples on the right, how to begin above them.

    Signals: `new_wanted`, `open_wanted`, `live_wanted`; `flow_wanted` and `example_wanted` with a path;
    `forgotten` with a path; `begin_with` with a key of `AT_START`; `left` when it was closed by a hand.
    """

    new_wanted = Signal()
    open_wanted = Signal()
    live_wanted = Signal()
    flow_wanted = Signal(str)
    example_wanted = Signal(str)
    forgotten = Signal(str)
    begin_with = Signal(str)
    left = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("start_page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Start page")
        self._window = window
        self.recent = Tiles("Recent flows", RECENT, gallery=False)
        self.gallery = Tiles("Examples", GALLERY, gallery=True)
        self.recent.chosen.connect(self.flow_wanted)
        self.recent.unwanted.connect(self.forgotten)
        self.gallery.chosen.connect(self.example_wanted)
        self.nothing = _label("What you open or save stands here next time.", "muted")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.new = _button("New flow", "An empty canvas (Ctrl+N)", self.new_wanted)
        self.new.setProperty("primary", True)
        self.open = _button("Open…", "Any Python file (Ctrl+O)", self.open_wanted)
        self.live = _button("Run the live example", "A noisy sine that is filtered while you watch", self.live_wanted)
        self.begin = QComboBox()
        self.begin.setAccessibleName("What flodesk begins with")
        self.begin.setToolTip("What is there when flodesk is started")
        for key, words in AT_START.items():
            self.begin.addItem(words, key)
        self.begin.activated.connect(lambda row: self.begin_with.emit(self.begin.itemData(row)))
        self._lay_out()
        self.hide()
        window.installEventFilter(self)

    def _lay_out(self) -> None:
        self._close = small_button("close", "Close the start page (Esc)", self.left.emit)
        head = QHBoxLayout()
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        title = _label("flodesk", "start_title")
        words.addWidget(title)
        words.addWidget(_label("Wire Python together on a canvas. A flow is a readable script.", "muted"))
        head.addLayout(words)
        head.addStretch(1)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        for button in (self.new, self.open, self.live):
            deeds.addWidget(button)
        deeds.addStretch(1)
        self._lists = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lists.setSpacing(24)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, name, parts in (
            (left, "Recent", (self.recent, self.nothing)),
            (right, "Examples", (self.gallery,)),
        ):
            column.setSpacing(6)
            column.addWidget(_label(name, "title"))
            for part in parts:
                column.addWidget(part, 1)
        self._lists.addLayout(left, 2)
        self._lists.addLayout(right, 5)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(_label("Begin with", "muted"))
        foot.addWidget(self.begin)
        foot.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(16)
        self._column.addLayout(head)
        self._column.addLayout(deeds)
        self._column.addLayout(self._lists, 1)
        self._column.addLayout(foot)

    def open_page(self) -> None:
        """Show it, with the keyboard in the list of recent flows, or on *New flow* where there is none."""
        some = self.recent.count() > 0
        self.recent.setVisible(some)
        self.nothing.setVisible(not some)
        self._lie()
        self.show()
        self.raise_()
        (self.recent if some else self.new).setFocus()

    def _lie(self) -> None:
        """Lie over what is between the tool bar and the status bar."""
        center, bar = self._window.centralWidget(), self._window.statusBar()
        assert center is not None, "the window was put together"
        top = center.mapTo(self._window, QPoint()).y()
        self.setGeometry(QRect(0, top, self._window.width(), bar.geometry().top() - top))

    # -------------------------------------------------------------- Qt's events
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and not self.isHidden():
            self._lie()
            self.raise_()  # Qt lays the parts of a window anew above all else
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the lists side by side where there is room, and keep lines short in a wide window."""
        super().resizeEvent(event)
        width = event.size().width()
        directions = QBoxLayout.Direction
        side = max(24, (width - _WIDEST) // 2)
        roomy = event.size().height() > 520
        self._lists.setDirection(directions.LeftToRight if width >= _BESIDE or not roomy else directions.TopToBottom)
        self._column.setContentsMargins(side, 32 if roomy else 12, side, 20 if roomy else 8)
        self._column.setSpacing(16 if roomy else 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    return label


def _button(title: str, tip: str, wanted: object) -> QPushButton:
    button = QPushButton(title)
    button.setToolTip(tip)
    button.setAutoDefault(True)
    button.clicked.connect(lambda _=False: wanted.emit())  # type: ignore[attr-defined]
    return button


__all__ = ["AT_START", "TEXT", "StartPage"]
