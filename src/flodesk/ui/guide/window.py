"""The window of the guide: contents or what was found at the left, the page at the right, the way back and forward."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from flodesk.ui.dock import small_button
from flodesk.ui.focus import pass_undo_on
from flodesk.ui.guide.contents_tree import ContentsTree
from flodesk.ui.guide.finding import Hit
from flodesk.ui.guide.hits import Hits
from flodesk.ui.guide.page import Page
from flodesk.ui.settings import settings

_SIZE, _LEAST, _LEFT = (1080, 760), (560, 360), 300
"""Width and height at first and at least; width of the contents, in pixels."""
_GEOMETRY, _PARTS = "guide/geometry", "guide/parts"


class GuideWindow(QDialog):
    """Shows pages; what they are is told by others.

    Signals: `wanted` gives the key of a page that was chosen in the contents or among the hits; `followed` the target
    of a link; `searched` what is looked for; `stepped` -1 for back and 1 for forward; `start_wanted` the start.
    """

    wanted = Signal(str)
    followed = Signal(str)
    searched = Signal(str)
    stepped = Signal(int)
    start_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("guide")
        self.setWindowTitle("User guide")
        self.setMinimumSize(*_LEAST)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search the guide")
        self.search.setAccessibleName("Search the guide")
        self.search.setClearButtonEnabled(True)
        pass_undo_on(self.search)
        self.contents = ContentsTree()
        self.hits = Hits()
        self.nothing = QLabel()
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setProperty("role", "muted")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.nothing.setContentsMargins(16, 24, 16, 16)
        self.page = Page()
        self.back = small_button("back", "Back (Alt+Left)", lambda: self.stepped.emit(-1))
        self.forward = small_button("forward", "Forward (Alt+Right)", lambda: self.stepped.emit(1))
        self.start = small_button("list", "Start of the guide (F1)", self.start_wanted.emit)
        self._lay_out()
        self._listen()
        self._restore()

    def _lay_out(self) -> None:
        self._left = QStackedWidget()
        for part in (self.contents, self.hits, self.nothing):
            self._left.addWidget(part)
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 4)
        head.setSpacing(4)
        for button in (self.back, self.forward, self.start):
            head.addWidget(button)
        head.addWidget(self.search, 1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._left, 1)
        self._parts = QSplitter(Qt.Orientation.Horizontal)
        self._parts.setHandleWidth(3)
        self._parts.addWidget(left)
        self._parts.addWidget(self.page)
        self._parts.setStretchFactor(1, 1)
        self._parts.setChildrenCollapsible(False)
        self._parts.setSizes([_LEFT, _SIZE[0] - _LEFT])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._parts)

    def _listen(self) -> None:
        self._delay = QTimer(self, singleShot=True, interval=20)
        self._delay.timeout.connect(lambda: self.searched.emit(self.search.text().strip()))
        self.search.textChanged.connect(lambda: self._delay.start())
        self.search.returnPressed.connect(self._take_first)
        self.contents.chosen.connect(self.wanted)
        self.hits.chosen.connect(self.wanted)
        self.page.followed.connect(self.followed)
        QShortcut(QKeySequence.StandardKey.Find, self, self._to_search)
        QShortcut(QKeySequence("Alt+Left"), self, lambda: self.stepped.emit(-1))
        QShortcut(QKeySequence("Alt+Right"), self, lambda: self.stepped.emit(1))
        QShortcut(QKeySequence("F1"), self, self.start_wanted.emit)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)

    # -------------------------------------------------------------- what is shown at the left
    def show_contents(self) -> None:
        """Show the contents."""
        self._left.setCurrentWidget(self.contents)

    def show_hits(self, hits: list[Hit], words: str) -> None:
        """Show what was found; words where that is nothing."""
        self.hits.show_hits(hits, words)
        self.nothing.setText(f"Nothing in the guide has “{words}”.\nTry fewer or other words. Esc shows the contents.")
        self._left.setCurrentWidget(self.hits if hits else self.nothing)

    def come(self) -> None:
        """Come to the front, with the keyboard in the page."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.page.setFocus()

    # -------------------------------------------------------------- keys
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc shows the contents again, then closes; Up and Down go between the search and what it has found."""
        found = self._left.currentWidget() is self.hits
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            self.search.setFocus()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            (self.hits if found else self.contents).setFocus()
        elif event.key() == Qt.Key.Key_Up and self.hits.hasFocus():
            self._to_search()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _take_first(self) -> None:
        """Show the first page that was found, also of what was typed just now."""
        if self._delay.isActive():
            self._delay.stop()
            self.searched.emit(self.search.text().strip())
        if self._left.currentWidget() is self.hits and (item := self.hits.currentItem()) is not None:
            self.hits.itemActivated.emit(item)

    # -------------------------------------------------------------- where it was
    def _restore(self) -> None:
        self.resize(*_SIZE)
        store = settings()
        geometry, parts = store.value(_GEOMETRY), store.value(_PARTS)
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        if isinstance(parts, QByteArray):
            self._parts.restoreState(parts)

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember where it was, and how large."""
        super().hideEvent(event)
        if not event.spontaneous():
            settings().setValue(_GEOMETRY, self.saveGeometry())
            settings().setValue(_PARTS, self._parts.saveState())


__all__ = ["GuideWindow"]
