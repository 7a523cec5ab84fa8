"""The range slider by real events: both ends, the span between them, keys, typed values and undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.controls.range_slider import HIGH, LOW, RangeSlider, SpanTrack

LINE = 'band = control.range((20.0, 80.0), minimum=0.0, maximum=200.0, unit="Hz")'
Opened = Callable[..., ControlPanel]
Key = Qt.Key


@pytest.fixture
def panel(open_panel: Opened, flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text([LINE, "low = show.number(band.low)"], ["band = [0, 0, 12, 2]"]))


def slider_of(panel: ControlPanel) -> RangeSlider:
    found = panel.board.cards["flow.band"].content
    assert isinstance(found, RangeSlider)
    return found


def written(panel: ControlPanel) -> str:
    panel.document.settle()
    return next(line.strip() for line in write(panel.document.flow).splitlines() if "band = control" in line)


def said(low: float, high: float) -> str:
    return LINE.replace("(20.0, 80.0)", repr((low, high)))


def drag(qtbot: QtBot, track: SpanTrack, start: float, end: float) -> None:
    y = round(track.middle)
    here, there = QPoint(round(track.x_of(start)), y), QPoint(round(track.x_of(end)), y)
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=here)
    for step in range(1, 9):
        qtbot.mouseMove(track, here + (there - here) * step / 8)
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=there)


def test_each_end_is_dragged_and_stops_at_the_other(panel: ControlPanel, qtbot: QtBot) -> None:
    before, track = write(panel.document.flow), slider_of(panel).track
    drag(qtbot, track, 20.0, 60.0)
    low = track.ends[LOW]
    assert low == pytest.approx(60.0, abs=1.0)
    assert written(panel) == said(low, 80.0)
    drag(qtbot, track, 80.0, 10.0)
    assert track.ends == (low, low), "the upper end cannot go below the lower one"
    drag(qtbot, track, low, 190.0)
    assert track.ends[LOW] == low
    assert track.ends[HIGH] == pytest.approx(190.0, abs=1.0), "of two ends in one place the hand gets what can move"
    for _ in range(3):
        panel.document.undo()
    assert write(panel.document.flow) == before


def test_what_is_between_the_ends_is_dragged_as_a_whole(panel: ControlPanel, qtbot: QtBot) -> None:
    track = slider_of(panel).track
    drag(qtbot, track, 50.0, 90.0)
    low, high = track.ends
    assert low == pytest.approx(60.0, abs=1.0)
    assert high - low == 60.0
    drag(qtbot, track, 90.0, 200.0)
    assert track.ends == (140.0, 200.0), "it stops at the limit as wide as it was"
    panel.document.undo()
    panel.document.undo()
    assert written(panel) == LINE


def test_a_press_beside_the_ends_brings_the_nearer_one(panel: ControlPanel, qtbot: QtBot) -> None:
    track = slider_of(panel).track
    qtbot.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.x_of(150.0)), round(track.middle)))
    assert track.ends == (20.0, pytest.approx(150.0, abs=1.0))
    qtbot.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.x_of(4.0)), round(track.middle)))
    assert track.ends[LOW] == pytest.approx(4.0, abs=1.0)


def test_keys_move_one_end_the_other_or_both(panel: ControlPanel, qtbot: QtBot) -> None:
    slider = slider_of(panel)
    track = slider.track
    track.setFocus()
    qtbot.keyClick(track, Key.Key_Right)
    assert written(panel) == said(22.0, 80.0)
    assert track.accessibleName() == "band, lower end"
    qtbot.keyClick(track, Key.Key_Tab)
    assert track.hasFocus()
    assert track.accessibleName() == "band, upper end"
    qtbot.keyClick(track, Key.Key_PageDown)
    assert written(panel) == said(22.0, 60.0)
    qtbot.keyClick(track, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert written(panel) == said(20.0, 58.0)
    qtbot.keyClick(track, Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert written(panel) == said(162.0, 200.0)
    qtbot.keyClick(track, Key.Key_Home)
    assert written(panel) == said(162.0, 162.0), "no further than the other end"
    qtbot.keyClick(track, Key.Key_Tab)
    assert slider.fields[LOW].hasFocus()


def test_the_wheel_turns_it_with_the_keyboard_alone(panel: ControlPanel) -> None:
    track = slider_of(panel).track

    def wheel() -> None:
        at = QPointF(track.rect().center())
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        plain = Qt.KeyboardModifier.NoModifier
        event = QWheelEvent(at, track.mapToGlobal(at), QPoint(), QPoint(0, 120), none, plain, phase, False)
        QApplication.sendEvent(track, event)

    wheel()
    assert written(panel) == LINE
    track.setFocus()
    wheel()
    assert written(panel) == said(22.0, 80.0)


def test_ends_are_typed_and_limited_in_sight(panel: ControlPanel, qtbot: QtBot) -> None:
    slider = slider_of(panel)
    low, high = slider.fields
    for field, typed, ends, notice in (
        (low, "0.03k", (30.0, 80.0), ""),
        (low, "90", (80.0, 80.0), "90 Hz was limited to 80 Hz."),
        (high, "500", (80.0, 200.0), "500 Hz was limited to 200 Hz."),
    ):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Key.Key_Return)
        assert written(panel) == said(*ends)
        assert field.notice == notice
    panel.document.undo()
    qtbot.waitUntil(lambda: slider.track.ends == (80.0, 80.0))


def test_a_script_beyond_the_limits_or_without_numbers_is_said(
    open_panel: Opened, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    body = ["band = control.range((80.0, -20.0), minimum=0.0, maximum=100.0)", "odd = control.range(3)"]
    panel = open_panel(flow_text(body, ["band = [0, 0, 6, 2]", "odd = [6, 0, 6, 2]"]))
    slider = slider_of(panel)
    assert slider.ends == (-20.0, 80.0)
    assert slider.track.ends == (0.0, 80.0)
    assert slider.track.beyond == (True, False)
    assert "The script says -20 to 80; the limits make it 0 to 80." in slider.tip()
    odd = panel.board.cards["flow.odd"].content
    assert isinstance(odd, RangeSlider)
    assert "The script says 3, which is not two numbers" in odd.tip()
    odd.track.setFocus()
    qtbot.keyClick(odd.track, Key.Key_PageUp)
    panel.document.settle()
    assert "odd = control.range((10.0, 100.0))" in write(panel.document.flow)


def test_what_a_wire_sets_only_shows_and_a_preset_keeps_both_ends(
    open_panel: Opened, flow_text: Callable[..., str], panel: ControlPanel
) -> None:
    panel.presets.save("wide")
    assert 'wide = { "flow.band.value" = [20.0, 80.0] }' in write(panel.document.flow)
    slider_of(panel).turn((1.0, 2.0))
    panel.presets.use("wide")
    assert written(panel) == LINE, "a tuple again, as it was written"
    wired = open_panel(flow_text(["ends = (1.0, 2.0)", "band = control.range(ends)"], ["band = [0, 0, 6, 2]"]))
    slider = slider_of(wired)
    assert wired.board.cards["flow.band"].variable == "flow.band", "all that it gives, not one of its outputs"
    wired.show_values({"flow.band": Sample(1, (10.0, 30.0))})
    assert slider.track.ends == (10.0, 30.0)
    assert not slider.track.isEnabled()
