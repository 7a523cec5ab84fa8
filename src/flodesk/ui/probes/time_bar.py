"""The bar of time above the probes: one slider moves all of them to the same turn."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from flodesk.ui.probes.desk import MARKS, ProbeDesk

_WIDE = 480
"""Pixels from which on there is room for the seconds, too."""


class TimeBar(QWidget):
    """Live or a turn of the past; keeps two moments as A and B."""

    moved = Signal(int)

    def __init__(self, desk: ProbeDesk) -> None:
        super().__init__()
        self._desk = desk
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        self.live = _button("Live", "Show the newest values, as they come", checkable=True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Turn that all probes show")
        self.slider.setToolTip("Move all probes to the same turn; with the arrow keys turn by turn")
        self.slider.setMinimumWidth(80)
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.words.setMinimumWidth(1)
        self.marks = {mark: _button(mark, f"Keep the moment that is shown as {mark}", checkable=True) for mark in MARKS}
        self.clear = _button("Clear", "Let the moments A and B go")
        for widget in (self.live, self.slider, self.words, *self.marks.values(), self.clear):
            row.addWidget(widget, 1 if widget is self.slider else 0)
        self.live.clicked.connect(self._live)
        self.slider.valueChanged.connect(self._moved)
        for mark, button in self.marks.items():
            button.clicked.connect(lambda _=False, mark=mark: self._pin(mark))
        self.clear.clicked.connect(desk.unpin)
        desk.answered.connect(self.refresh)
        desk.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the span that is held now, and where in it the probes are."""
        desk = self._desk
        first, last = desk.span
        there = last > 0 or first > 0
        self.slider.blockSignals(True)
        self.slider.setRange(first, last)
        self.slider.setPageStep(max(1, (last - first) // 10))
        self.slider.setValue(desk.turn)
        self.slider.blockSignals(False)
        self.slider.setEnabled(last > first)
        self.live.setChecked(desk.at is None)
        for mark, button in self.marks.items():
            button.setChecked(bool(desk.pins.get(mark)))
            button.setEnabled(there)
        self.clear.setEnabled(bool(desk.pins))  # it keeps its place: the marks beside it must not move under the hand
        self.words.setText(self._where() if there else "no value yet")
        if desk.trouble:
            self.words.setText("No more to be had")
            self.slider.setEnabled(False)
        self.words.setToolTip(f"{desk.trouble}: what the probes held has ended with it" if desk.trouble else "")

    def _where(self) -> str:
        desk = self._desk
        lead = desk.held[desk.leader]
        what = "turn" if lead.loop else "value"
        text = f"{what} {desk.turn} of {desk.span[1]}"
        place = lead.kept.place if lead.kept is not None and lead.number else None
        if place is not None and self.width() > _WIDE:
            text += f" · {place.seconds:.3f} s"
        return text

    def _live(self) -> None:
        self._desk.go_live()
        self.refresh()

    def _moved(self, turn: int) -> None:
        self._desk.go_to(turn)
        self.refresh()

    def _pin(self, mark: str) -> None:
        self.marks[mark].setChecked(bool(self._desk.pins.get(mark)))  # the answer says
        self._desk.pin(mark)


def _button(text: str, tip: str, *, checkable: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("flat", True)
    button.setProperty("small", True)
    button.setCheckable(checkable)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
