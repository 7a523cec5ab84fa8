"""The bar of the operator's window: what runs, how it is doing, and the buttons that are always in their place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from flodesk.ui.menu_button import opens
from flodesk.ui.panel.touch import reach
from flodesk.ui.run import Run
from flodesk.ui.run_words import run_words
from flodesk.ui.soon import soon
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.icons import wear

_HIGH, _WIDE, _FINGERS = 46, 112, 60
"""Height and least width of a button in pixels, and the height where fingers work."""
_NARROW = 700
"""Width in pixels of a bar in which the buttons are narrower."""
_WORDS = 900
"""Width in pixels from which on there is room for the word beside the clock."""


class OperatorBar(QFrame):
    """Title, state and buttons. The verbs are handed in; `more` is the menu behind the last button."""

    def __init__(
        self,
        parent: QWidget,
        run: Run,
        called: Callable[[str], str],
        *,
        start: Callable[[], object],
        pause: Callable[[], object],
        stop: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self.setObjectName("operator_bar")
        self._run, self._called = run, called
        self._title = self._words = ""
        self.title, self.state, self.light = QLabel(), QLabel(), QLabel("●")
        self.title.setProperty("role", "operator_title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setProperty("role", "operator_state")
        self.start = self._button("operator_start", start)
        self.pause = self._button("operator_pause", pause)
        self.stop = self._button("operator_stop", stop)
        wear(self.start, "run", "on_accent")
        wear(self.stop, "stop", "on_accent")
        self.start.setText("Start")
        self.stop.setText("Stop")
        self.history = QToolButton(self)
        self.history.setObjectName("operator_history")
        self.history.setText("History")
        self.history.setAccessibleName("History")
        self.history.setToolTip("Move all views to the same turn of the past; the run goes on meanwhile")
        self.history.setCheckable(True)
        self.menu = QMenu(self)
        self.more = QToolButton(self)
        self.more.setAccessibleName("More")
        self.more.setToolTip("More")
        opens(self.more, self.menu)
        for button, icon in ((self.history, "history"), (self.more, "dots")):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setIconSize(QSize(22, 22))
            button.setFixedHeight(self._high)
            wear(button, icon, "muted")
        self.more.setFixedWidth(reach(self, _HIGH))
        self._lay_out()
        self._ticks = QTimer(self, interval=250)
        self._ticks.timeout.connect(self._show)
        run.changed.connect(self._phase)
        run.held.connect(self._phase)
        current.changed.connect(self._show)
        self._phase()

    @property
    def _high(self) -> int:
        return _FINGERS if reach(self, 0) else _HIGH

    def _button(self, name: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setFixedHeight(self._high)
        button.setIconSize(QSize(20, 20))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        button.clicked.connect(lambda: do())
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        state = QHBoxLayout()
        state.setSpacing(7)
        state.addWidget(self.light)
        state.addWidget(self.state, 1)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addLayout(state)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 10, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for button in (self.start, self.pause, self.stop, self.history, self.more):
            row.addWidget(button)

    # -------------------------------------------------------------- what it shows
    def show_title(self, title: str) -> None:
        """Say what runs."""
        self._title = title
        self._fit()

    def _phase(self) -> None:
        run = self._run
        held = run.paused is not None
        self.start.setEnabled(not run.active)
        self.stop.setEnabled(run.active and run.phase != "stopping")
        self.pause.setEnabled(run.phase == "running")
        self.pause.setText("Continue" if held or run.pausing else "Pause")
        wear(self.pause, "continue" if held or run.pausing else "pause", "text")
        if run.active:
            self._ticks.start()
        else:
            self._ticks.stop()
        self._show()

    def _show(self) -> None:
        self._words, role = run_words(self._run, self._called, operated=True)
        self.light.setStyleSheet(f"color: {getattr(theme(), role)}")
        self.setAccessibleDescription(self._words)
        self._fit()

    def _fit(self) -> None:
        """Show as much of the words as there is room for, and all of it in the tooltip."""
        for label, words in ((self.title, self._title), (self.state, self._words)):
            wide = max(label.width() - 2, 10)
            shown = label.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, wide)
            label.setMinimumWidth(10)
            label.setText(shown)
            label.setToolTip(words if shown != words else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the buttons be narrower where the words would have no room."""
        super().resizeEvent(event)
        least = _WIDE if self.width() >= _NARROW else 84
        for button in (self.start, self.pause, self.stop):
            button.setMinimumWidth(least)
        styles = Qt.ToolButtonStyle
        worded = self.width() >= _WORDS
        self.history.setToolButtonStyle(styles.ToolButtonTextBesideIcon if worded else styles.ToolButtonIconOnly)
        soon(self, self._fit)


__all__ = ["OperatorBar"]
