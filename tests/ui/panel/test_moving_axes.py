"""Axes along which a stream runs: they move once in a few frames, of many plots not all at once, and lose no sample."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyqtgraph import AxisItem
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.public import Line, Trace
from flodesk.ui.panel.faces.curves.axes import axis_class
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.panel.faces.curves.span import FRAME, TOGETHER, Scroll, Turns
from flodesk.ui.panel.setting import Reading

FRAMES = 60.0


@given(st.floats(1e-6, 1e6), st.floats(-1e6, 1e6), st.lists(st.tuples(st.booleans(), st.floats(0, 0.6)), max_size=20))
def test_all_samples_stay_within_whoever_steps_early(
    extent: float, begin: float, frames: list[tuple[bool, float]]
) -> None:
    scroll = Scroll()
    low = begin
    scroll.follow(low, low + extent)
    for early, step in frames:
        low += step * extent
        scroll.follow(low, low + extent, early=early)
        slack = 1e-5 * (extent + abs(low) * 1e-9)
        assert scroll.low - slack <= low <= low + extent <= scroll.high + slack
        assert scroll.high - scroll.low <= 1.5 * extent + 1e-9 * abs(low)


def test_a_second_that_runs_at_the_eye_rate_moves_its_axis_in_one_frame_of_six() -> None:
    scroll = Scroll()
    moved = [scroll.follow(n / FRAMES, n / FRAMES + 0.999) for n in range(600)]
    assert moved[60:].count(True) <= 540 / 5.5
    widths = set()
    for n in range(600, 700):
        scroll.follow(n / FRAMES, n / FRAMES + 0.999)
        widths.add(round(scroll.high - scroll.low, 6))
    assert len(widths) == 1, "the curve would jump between two scales"


def test_the_axes_of_many_plots_move_in_turns_and_stand_alike() -> None:
    scrolls, turns = [Scroll() for _ in range(12)], Turns()
    moves = []
    for n in range(300):
        now = n / FRAMES
        moved = 0
        for number, scroll in enumerate(scrolls):
            early = turns.spare(now + number * 1e-4)
            if scroll.follow(now, now + 1.0, early=early):
                turns.moved(now + number * 1e-4)
                moved += 1
        moves.append(moved)
    assert max(moves[60:]) <= 2 * TOGETHER, moves
    assert sum(moves[60:]) <= 240 / 5.5 * len(scrolls)
    ends = {round(scroll.high, 6) for scroll in scrolls}
    assert max(ends) - min(ends) <= 0.1 + 1e-9, "no further from another than one step"


def test_turns_come_back_after_a_frame() -> None:
    turns = Turns()
    for _ in range(TOGETHER):
        assert turns.spare(1.0)
        turns.moved(1.0)
    assert not turns.spare(1.0 + FRAME / 2)
    assert turns.spare(1.0 + FRAME * 1.1)


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e6), st.floats(40.0, 1500.0))
def test_ticks_are_those_of_pyqtgraph(qapp: object, low: float, extent: float, size: float) -> None:
    axis = axis_class()("bottom")
    edge = 1e-6 * (extent + abs(low))  # whether what is on the edge is within hangs on the last digit
    mine, theirs = (
        [(space, [tick for tick in ticks if low + edge < tick < low + extent - edge]) for space, ticks in found]
        for found in (axis.tickValues(low, low + extent, size), AxisItem.tickValues(axis, low, low + extent, size))
    )
    assert [space for space, _ in mine] == [space for space, _ in theirs]
    for (_, ticks), (_, others) in zip(mine, theirs, strict=True):
        assert ticks == pytest.approx(others, rel=1e-9, abs=1e-9 * extent)


def test_a_plot_whose_axis_moves_is_painted_once(qtbot: QtBot) -> None:
    plot = LinePlot(Reading("flow.wave", "Wave"))
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.show()
    paints: list[int] = []

    class Counted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                paints.append(1)
            return False

    counted = Counted()

    def frame(n: int) -> None:
        plot.show_value(Line("", (Trace(np.arange(100.0) + 50 * n, np.sin(np.arange(100.0))),)))
        for _ in range(4):
            QApplication.processEvents()

    for n in range(3):
        frame(n)
    plot.plot.viewport().installEventFilter(counted)
    before = plot.box.viewRange()[0]
    frame(3)
    assert plot.box.viewRange()[0] != before
    assert len(paints) == 1
