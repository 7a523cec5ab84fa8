"""The panel alone on the screen, for who works with a flow and not on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from flodesk.ui.panel import ControlPanel

_AWAY = 16
"""Pixels between a sentence and the edges."""


class _Stage(QWidget):
    """A window that fills the screen: the panel, and below it a line for what the window of the flow has to say."""

    left = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.setObjectName("stage")
        self.setWindowTitle("Control panel — flodesk")
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setAccessibleName("Message")
        look = QPushButton("Show in the window")
        look.setToolTip("Leave the whole screen, and see what can be done")
        look.clicked.connect(self.left)
        self.line = QWidget()
        row = QHBoxLayout(self.line)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._words, 1)
        row.addWidget(look)
        self.line.hide()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.line)
        self.sentence = QLabel(self)
        self.sentence.setObjectName("sentence")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.sentence.hide()

    def tell(self, sentence: str) -> None:
        """Show a sentence over the lower edge, so that nothing below it moves; an empty one takes it away."""
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self._place()

    def _place(self) -> None:
        label = self.sentence
        label.setWordWrap(False)
        size, room = label.sizeHint(), self.width() - 2 * _AWAY
        wide, high = size.width(), size.height()
        if wide > room:
            label.setWordWrap(True)
            wide, high = room, label.heightForWidth(room)
        floor = self.line.y() if self.line.isVisible() else self.height()
        label.setGeometry((self.width() - wide) // 2, floor - _AWAY - high, wide, high)
        label.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sentence in its place."""
        super().resizeEvent(event)
        self._place()

    def say(self, words: str) -> None:
        """Show what there is to say; an empty text takes the line away."""
        self._words.setText(words)
        self.line.setVisible(bool(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Whoever closes it wants the window back, with the panel in it."""
        event.ignore()
        self.left.emit()


class FullScreen(QObject):
    """Takes the panel out of its window to the whole screen, and back.

    Parameters
    ----------
    window : QWidget
        The window of the flow.
    split : QSplitter
        Where the panel has its place there.

    Attributes
    ----------
    actions : sequence of QAction
        Commands of the window whose keys are wanted on the whole screen, too.
    """

    changed = Signal()

    def __init__(self, window: QWidget, panel: ControlPanel, split: QSplitter) -> None:
        super().__init__(window)
        self.actions: Sequence[QAction] = ()
        self._window = window
        self._panel = panel
        self._split = split
        self._stage: _Stage | None = None
        self._before: tuple[int, list[int], bool] = 0, [], True
        """Which place the panel had, the sizes there, and whether it was shown."""
        panel.bar.leave_wanted.connect(self.leave)

    @property
    def on(self) -> bool:
        """Whether the panel has the whole screen."""
        return self._stage is not None

    def toggle(self) -> None:
        """Give the panel the whole screen, or its place in the window again."""
        if self.on:
            self.leave()
        else:
            self._enter()

    def _enter(self) -> None:
        panel, split = self._panel, self._split
        self._before = split.indexOf(panel), split.sizes(), not panel.isHidden()
        stage = self._stage = _Stage(self._window)
        stage.addActions(self.actions)
        stage.left.connect(self.leave)
        stage.setGeometry(self._window.screen().geometry())
        stage.column.insertWidget(0, panel, 1)
        panel.show()
        panel.bar.show_full(True)
        stage.showFullScreen()
        stage.activateWindow()
        (panel.board.glass if panel.editing else stage).setFocus()  # moving the panel has taken the keyboard away
        self.changed.emit()

    def leave(self) -> None:
        """Give the panel its place in the window again."""
        stage, self._stage = self._stage, None
        if stage is None:
            return
        index, sizes, shown = self._before
        self._panel.bar.show_full(False)
        self._split.insertWidget(index, self._panel)
        self._panel.setVisible(shown)
        self._split.setSizes(sizes)
        stage.hide()
        stage.deleteLater()
        self._window.activateWindow()
        if self._panel.editing:
            self._panel.board.glass.setFocus()
        self.changed.emit()

    def say(self, words: str) -> None:
        """Show on the whole screen what the window, which nobody sees, has to say."""
        if self._stage is not None:
            self._stage.say(words)

    def tell(self, sentence: str) -> None:
        """Show what the status bar of the window says for a while."""
        if self._stage is not None:
            self._stage.tell(sentence)
