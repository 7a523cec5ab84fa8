"""The quiet bar over the canvas of a file that comes from elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from flodesk.ui.dock import small_button
from flodesk.ui.menus import Entry, pop_up
from flodesk.ui.theme import current
from flodesk.ui.theme.icons import pixmap

TRUST_FILE = "Run it from now on without a question, as long as its text is this one"
TRUST_FOLDER = "Run all files of this folder from now on without a question"
RUN_ANYWAY = "Run it now, and as long as it is open here"
"""What the answers mean."""
_WORDS = 320
"""Width in pixels that the words keep beside the buttons; below that, the buttons stand under them."""
LOW = 640
"""Height in pixels of a window in which it is one line, with a menu where the buttons have no room."""


class TrustBar(QFrame):
    """Asks what may be done with a file. Each of its signals is one of its buttons."""

    look_wanted = Signal()
    trusted = Signal()
    folder_trusted = Signal()
    run_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("trust_bar")
        self.level = "info"
        self._sign = QLabel()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.look = _button("What would it run?", "List what it imports and what it could do; nothing is run for that")
        self.trust = _button("Trust this file", TRUST_FILE)
        self.folder = _button("Trust its folder", TRUST_FOLDER)
        self.run = _button("Run anyway", RUN_ANYWAY)
        for button, wanted in zip(
            self.buttons, (self.look_wanted, self.trusted, self.folder_trusted, self.run_wanted), strict=True
        ):
            button.setParent(self)  # before it has a place: what has no parent would be a window
            button.clicked.connect(wanted)
        self.more = QPushButton("Trust…")
        self.more.setProperty("flat", True)
        self.more.setToolTip("What may be done with this file")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(self._drop_down)
        self.more.hide()
        self._text = ""
        self._beside, self._below = QHBoxLayout(), QGridLayout()
        self._beside.setSpacing(4)
        self._below.setSpacing(4)
        self._columns = 0
        """In how many columns the buttons stand below the words; 0 where they stand beside them."""
        self.thin = False
        """Whether it is one line."""
        self._beside.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self._beside.addSpacing(4)
        self._beside.addWidget(self.words, 1)
        self._close = small_button("close", "Hide this; Run asks again", self.hide)
        self._beside.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self._beside.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 6)
        column.setSpacing(2)
        column.addLayout(self._beside)
        column.addLayout(self._below)
        self._place_buttons()
        current.changed.connect(self._tint)
        self._tint()
        self.hide()

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """Its buttons, in their order."""
        return self.look, self.trust, self.folder, self.run

    def ask(self, text: str, level: str = "info") -> None:
        """Show a question."""
        self.level = level
        self._text = text
        self.words.setText(text)
        self.words.setToolTip(text)
        self.setAccessibleName(text)
        self.setProperty("level", level)
        self._tint()
        self.show()
        self._place_buttons()

    def take_focus(self) -> None:
        """Put the keyboard on its first button."""
        (self.more if self.thin else self.look).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape hides it."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons where there is room."""
        super().resizeEvent(event)
        self._place_buttons()

    def minimumSizeHint(self) -> QSize:
        """Let the canvas be as narrow as it likes."""
        return QSize(0, super().minimumSizeHint().height())

    def _place_buttons(self) -> None:
        for button in self.buttons:
            button.ensurePolished()
        widths = [button.sizeHint().width() + 4 for button in self.buttons]
        room = self.width() - 24
        self._be_thin(self.window().height() < LOW and room - sum(widths) < _WORDS)
        if self.thin:
            return
        columns = 0 if room - sum(widths) >= _WORDS else len(widths) if sum(widths) <= room else 2
        if columns == self._columns and self._beside.indexOf(self.look) + self._below.indexOf(self.look) > -2:
            return
        self._columns = columns
        for number, button in enumerate(self.buttons):
            self._beside.removeWidget(button)
            self._below.removeWidget(button)
            if columns:
                self._below.addWidget(button, number // columns, number % columns)
            else:
                self._beside.insertWidget(self._beside.count() - 2, button, 0, Qt.AlignmentFlag.AlignTop)

    def _be_thin(self, thin: bool) -> None:
        """Be one line, with the buttons in a menu, or show them all."""
        if thin != self.thin:
            self.thin = thin
            had_focus = any(button.hasFocus() for button in (*self.buttons, self.more))
            for button in self.buttons:
                button.setVisible(not thin)
            self.more.setVisible(thin)
            self.words.setWordWrap(not thin)
            if had_focus:
                self.take_focus()
            if not thin:
                self.words.setText(self._text)
            margin = 2 if thin else 6
            for part in (self._sign, self._close):
                upright = Qt.AlignmentFlag.AlignVCenter if thin else Qt.AlignmentFlag.AlignTop
                self._beside.setAlignment(part, upright)
            self._column.setContentsMargins(12, margin, 8, margin)
        if thin:
            taken = self._sign.sizeHint().width() + self.more.sizeHint().width() + self._close.sizeHint().width()
            room = self.width() - taken - 40
            measure, first = self.words.fontMetrics(), self._text.partition(". ")[0] + "."
            whole = measure.horizontalAdvance(self._text) <= room or measure.horizontalAdvance(first) > room
            self.words.setText(measure.elidedText(self._text if whole else first, Qt.TextElideMode.ElideRight, room))

    def _drop_down(self) -> None:
        entries: list[Entry] = [(button.text(), "", button.click) for button in self.buttons]
        pop_up(self, self.more.mapToGlobal(self.more.rect().bottomLeft()), entries, words=self._text)

    def _tint(self) -> None:
        color = current.theme.warning if self.level == "warning" else current.theme.accent
        self._sign.setPixmap(pixmap(self.level, color, 18))
        self.style().polish(self)


def _button(title: str, tip: str) -> QPushButton:
    button = QPushButton(title)
    button.setProperty("flat", True)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
