"""The bar of time above the panel: a slider over the turns that are held, and what plays them back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QActionGroup, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from flodesk.ui.looking_back.moments import SIZES, Moments
from flodesk.ui.looking_back.scrubber import Scrubber
from flodesk.ui.menu_button import opens
from flodesk.ui.number_field import NumberField
from flodesk.ui.panel.figures import counted
from flodesk.ui.panel.touch import reach
from flodesk.ui.theme.icons import wear

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_WORDS = 620
"""Pixels from which on there is room for all words."""
_MOST = 2_000_000_000


class HistoryBar(QWidget):
    """Moves all views of the panel to one turn; hidden until a hand asks for it.

    One that is `uppermost` on the panel keeps a distance from what is above that.
    """

    def __init__(self, moments: Moments, parent: QWidget | None = None, *, uppermost: bool = False) -> None:
        super().__init__(parent)
        self.moments = moments
        self.play = _button("Play what is held (Space)", "run")
        self.speed = _button("How fast it is played", "")
        self.slider = Scrubber()
        self.slider.setAccessibleName("Turn that all views show")
        self.slider.setToolTip("Move all views to the same turn; arrow keys go by one, Home and End to the ends")
        self.slider.setMinimumWidth(60)
        self.turn = NumberField("Turn")
        self.turn.setToolTip("Type a turn to go there")
        self.turn.setPrefix("Turn ")
        self.turn.setKeyboardTracking(False)
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.loops = QComboBox()
        self.loops.setAccessibleName("Loop whose turns are counted")
        self.loops.setToolTip("The loop whose turns are counted; views of others go along by the time")
        self.live = _button("Show the newest values (Escape)", "")
        self.live.setText("Live")
        self.live.setCheckable(True)
        self.more = _button("How much is held", "dots")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4 if uppermost else 0, 8, 4)
        row.setSpacing(6)
        for widget in (self.play, self.speed, self.slider, self.turn, self.words, self.loops, self.live, self.more):
            row.addWidget(widget, 1 if widget is self.slider else 0)
            if not isinstance(widget, QLabel):
                widget.setMinimumSize(reach(self, widget.minimumWidth()), reach(self, 0))
        self._fill_menus()
        self.play.clicked.connect(self._play)
        self.slider.valueChanged.connect(self._moved)
        self.turn.valueChanged.connect(self._moved)
        self.loops.activated.connect(lambda: moments.choose(self.loops.currentData()))
        self.live.clicked.connect(self._live)
        moments.changed.connect(self.refresh)
        self.hide()

    def _fill_menus(self) -> None:
        speeds = QMenu(self.speed)
        group = QActionGroup(speeds)
        for speed in SPEEDS:
            action = speeds.addAction(f"×{speed:g}", partial(self._set_speed, speed))
            action.setCheckable(True)
            action.setChecked(speed == self.moments.player.speed)
            group.addAction(action)
        opens(self.speed, speeds)
        self.speed.setText(f"×{self.moments.player.speed:g}")
        sizes = QMenu(self.more)
        sizes.aboutToShow.connect(partial(self._fill_sizes, sizes))
        opens(self.more, sizes)

    def _fill_sizes(self, menu: QMenu) -> None:
        menu.clear()
        menu.addSection("Hold of all views together")
        for size in SIZES:
            text = f"At most {size} MB" if size else "Nothing"
            action = menu.addAction(text, partial(self.moments.set_size, size))
            action.setCheckable(True)
            action.setChecked(size == self.moments.size)

    def _set_speed(self, speed: float) -> None:
        self.speed.setText(f"×{speed:g}")
        self.moments.player.set_speed(speed)

    # -------------------------------------------------------------- shown
    def look(self) -> None:
        """Ask what is held now, while the bar is to be seen."""
        if self.isVisible():
            self.moments.look()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is held, with the keyboard on the slider."""
        super().showEvent(event)
        self.moments.look()
        self.refresh()
        if not event.spontaneous():
            self.slider.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Show the newest values: nobody would see any more which turn it is."""
        super().hideEvent(event)
        if not event.spontaneous() and self.isHidden() and self.moments.at is not None:
            self.moments.go_live()

    def refresh(self) -> None:
        """Show the turns that are held, and the one that is shown."""
        if not self.isVisible():
            return
        moments = self.moments
        first, last = moments.span
        there = bool(moments.loop)
        with QSignalBlocker(self.slider), QSignalBlocker(self.turn):
            self.slider.setRange(min(first, _MOST), min(last, _MOST))
            self.slider.setPageStep(max(1, (last - first) // 20))
            self.slider.setValue(moments.turn)
            self.turn.setRange(min(first, moments.turn), last)
            if not self.turn.hasFocus() or self.turn.value() != moments.turn:
                self.turn.setValue(moments.turn)
        for widget in (self.slider, self.turn, self.play):
            widget.setEnabled(there and last > first)
        self.turn.setVisible(there)
        self.live.setEnabled(there)
        self.live.setChecked(moments.at is None)
        wear(self.play, "pause" if moments.player.on else "run", "text")
        self.play.setToolTip("Stay at this turn (Space)" if moments.player.on else "Play what is held (Space)")
        self._tell_loops()
        self.words.setText(self._words())
        self.words.setToolTip(self._held())

    def _tell_loops(self) -> None:
        names = sorted(self.moments.course.spans)
        if [self.loops.itemData(n) for n in range(self.loops.count())] != names:
            self.loops.clear()
            for name in names:
                self.loops.addItem(name, name)
        self.loops.setCurrentIndex(self.loops.findData(self.moments.loop))
        self.loops.setVisible(len(names) > 1)

    def _words(self) -> str:
        moments = self.moments
        if moments.course.error:
            return "What was held has ended with the engine: run the flow again"
        if not moments.size:
            return "Nothing is held: choose how much under “…”"
        if not moments.loop:
            return "Nothing is held yet: run a flow with a loop"
        text = f"of {counted(moments.span[1])}"
        if self.width() >= _WORDS:
            if moments.seconds is not None:
                text += f" · {moments.seconds:.3f} s into the run"
            elif moments.at is None:
                text += f" · {_size(moments.course.bytes)} held"
        return text

    def _held(self) -> str:
        course = self.moments.course
        first, last = self.moments.span
        if not self.moments.loop:
            return ""
        return (
            f"Turns {counted(first)} to {counted(last)} of {self.moments.loop} are held: "
            f"{_size(course.bytes)} of {_size(course.most)}"
        )

    # -------------------------------------------------------------- hand
    def _moved(self, turn: int) -> None:
        self.moments.player.pause()
        self.moments.go_to(turn)

    def _play(self) -> None:
        if self.moments.player.on:
            self.moments.player.pause()
        else:
            self.moments.player.play()

    def _live(self) -> None:
        self.moments.go_live()
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays and stays, Escape shows the newest values."""
        match event.key():
            case Qt.Key.Key_Space:
                self._play()
            case Qt.Key.Key_Escape if self.moments.at is not None:
                self.moments.go_live()
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out words where there is no room for them."""
        super().resizeEvent(event)
        self.speed.setVisible(event.size().width() >= _WORDS // 2)
        self.refresh()


def _button(tip: str, icon: str) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if icon:
        wear(button, icon, "muted")
    return button


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count < 100_000_000 else f"{count / 1e6:.0f} MB"
