"""Controls turned by real mouse and key events: the flow's text changes, and one gesture is one undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.engine.events import Released, RunFinished
from flodesk.flow.edit import RemoveNode, SetParameter
from flodesk.flow.model import Literal
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.controls.slider import Slider
from flodesk.ui.panel.controls.switches import Button, Choice, NumberControl, Switch

SLIDER = 'cutoff = control.slider(20.0, minimum=1.0, maximum=200.0, label="Cutoff", unit="Hz")'


def line_of(panel: ControlPanel, name: str) -> str:
    """The line of the flow's text that binds a name, with what a hand has just turned."""
    panel.document.settle()
    return next(
        line.strip() for line in write(panel.document.flow).splitlines() if line.strip().startswith(f"{name} = ")
    )


def content(panel: ControlPanel, key: str, kind: type) -> QWidget:
    found = panel.board.cards[key].content
    assert isinstance(found, kind)
    return found


@pytest.fixture
def slider_panel(open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text([SLIDER], ["cutoff = [0, 0, 12, 2]"]))


def drag(qtbot: QtBot, widget: QWidget, start: QPoint, end: QPoint, steps: int = 8) -> None:
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, steps + 1):
        qtbot.mouseMove(widget, start + (end - start) * step / steps)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def test_a_drag_writes_the_literal_and_is_one_undo(slider_panel: ControlPanel, qtbot: QtBot) -> None:
    before = write(slider_panel.document.flow)
    seen: list[object] = []
    slider_panel.document.listeners.append(lambda change: seen.append(change.edit))
    slider = content(slider_panel, "flow.cutoff", Slider)
    track = slider.track
    thumb = QPoint(round(track.x_of(20.0)), round(track.middle))
    end = QPoint(round(track.x_of(100.0)), round(track.middle))
    drag(qtbot, track, thumb, end)
    assert seen
    assert all(isinstance(edit, SetParameter) for edit in seen)
    value = slider.setting.value
    assert value == pytest.approx(100.0, abs=1.0)
    text = line_of(slider_panel, "cutoff")
    assert text == SLIDER.replace("20.0", repr(value))
    assert len(repr(value)) <= 5, "a drag gives tidy numbers"
    slider_panel.document.undo()
    assert write(slider_panel.document.flow) == before
    assert slider_panel.document.undo_title == ""


def test_two_drags_are_two_undos(slider_panel: ControlPanel, qtbot: QtBot) -> None:
    track = content(slider_panel, "flow.cutoff", Slider).track
    middle = round(track.middle)
    drag(qtbot, track, QPoint(round(track.x_of(20)), middle), QPoint(round(track.x_of(60)), middle))
    first = track.value
    drag(qtbot, track, QPoint(round(track.x_of(first)), middle), QPoint(round(track.x_of(150)), middle))
    slider_panel.document.undo()
    qtbot.waitUntil(lambda: track.value == first)
    assert line_of(slider_panel, "cutoff") == SLIDER.replace("20.0", repr(first))


def test_a_press_on_the_track_brings_the_thumb_there(slider_panel: ControlPanel, qtbot: QtBot) -> None:
    track = content(slider_panel, "flow.cutoff", Slider).track
    qtbot.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.x_of(150.0)), round(track.middle)))
    assert track.value == pytest.approx(150.0, abs=1.0)


def test_a_drag_beyond_the_end_stops_at_the_limit(slider_panel: ControlPanel, qtbot: QtBot) -> None:
    track = content(slider_panel, "flow.cutoff", Slider).track
    drag(qtbot, track, QPoint(round(track.x_of(20)), round(track.middle)), QPoint(track.width() + 300, 5))
    assert line_of(slider_panel, "cutoff") == SLIDER.replace("20.0", "200.0")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (Qt.Key.Key_Right, "21.0"), (Qt.Key.Key_Up, "21.0"), (Qt.Key.Key_Left, "19.0"), (Qt.Key.Key_PageUp, "30.0"),
        (Qt.Key.Key_PageDown, "10.0"), (Qt.Key.Key_Home, "1.0"), (Qt.Key.Key_End, "200.0"),
    ],
)  # fmt: skip
def test_keys_turn_the_slider(slider_panel: ControlPanel, qtbot: QtBot, key: Qt.Key, value: str) -> None:
    track = content(slider_panel, "flow.cutoff", Slider).track
    track.setFocus()
    qtbot.keyClick(track, key)
    assert line_of(slider_panel, "cutoff") == SLIDER.replace("20.0", value)


def test_keys_in_a_row_are_one_undo_until_a_pause(slider_panel: ControlPanel, qtbot: QtBot) -> None:
    slider = content(slider_panel, "flow.cutoff", Slider)
    with qtbot.waitSignal(slider.released, timeout=60000):
        for _ in range(4):
            qtbot.keyClick(slider.track, Qt.Key.Key_Right)
    qtbot.keyClick(slider.track, Qt.Key.Key_Right)
    assert slider.setting.value == 25.0
    slider_panel.document.undo()
    qtbot.waitUntil(lambda: slider.setting.value == 24.0)
    slider_panel.document.undo()
    qtbot.waitUntil(lambda: slider.setting.value == 20.0)


@pytest.mark.parametrize(
    ("typed", "value", "notice"),
    [
        ("35.5", "35.5", ""),
        ("35,5", "35.5", ""),
        ("0.1k", "100.0", ""),
        ("0.15 kHz", "150.0", ""),
        ("5000", "200.0", "5000 Hz was limited to 200 Hz."),
        ("-3", "1.0", "-3 Hz was limited to 1 Hz."),
        ("twenty", "20.0", "“twenty” is not a number in Hz. Type something like “20 Hz”."),
    ],
)
def test_a_typed_number_is_limited_and_says_so(
    slider_panel: ControlPanel, qtbot: QtBot, typed: str, value: str, notice: str
) -> None:
    field = content(slider_panel, "flow.cutoff", Slider).field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert line_of(slider_panel, "cutoff") == SLIDER.replace("20.0", value)
    assert field.notice == notice


def test_escape_takes_back_what_was_typed(slider_panel: ControlPanel, qtbot: QtBot) -> None:
    field = content(slider_panel, "flow.cutoff", Slider).field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "77")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "20"
    assert line_of(slider_panel, "cutoff") == SLIDER


def wheel(widget: QWidget) -> QWheelEvent:
    at = QPointF(widget.rect().center())
    event = QWheelEvent(
        at, widget.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    return event


def test_the_wheel_turns_only_what_has_the_focus(slider_panel: ControlPanel, qtbot: QtBot) -> None:
    slider = content(slider_panel, "flow.cutoff", Slider)
    slider_panel.activateWindow()
    qtbot.waitUntil(slider_panel.isActiveWindow)
    slider.field.setFocus()
    wheel(slider.track)
    assert slider.setting.value == 20.0
    slider.track.setFocus()
    wheel(slider.track)
    assert slider.setting.value == 21.0


def test_other_edits_of_the_line_reach_the_control(slider_panel: ControlPanel, qtbot: QtBot) -> None:
    slider = content(slider_panel, "flow.cutoff", Slider)
    slider_panel.document.do(SetParameter("flow", "cutoff", "maximum", Literal("50.0")))
    qtbot.waitUntil(lambda: slider.track.maximum == 50.0)
    slider_panel.document.do(SetParameter("flow", "cutoff", "label", Literal("'Corner'")))
    qtbot.waitUntil(lambda: slider_panel.board.cards["flow.cutoff"].title == "Corner")
    assert content(slider_panel, "flow.cutoff", Slider) is slider, "the widget stays, and with it the focus"


def test_a_wired_control_only_shows(open_panel: Callable[..., ControlPanel], flow_text: Callable[..., str]) -> None:
    body = ["start = maths.add(1.0, 2.0)", "cutoff = control.slider(start, minimum=1.0, maximum=200.0)"]
    panel = open_panel(flow_text(body, ["cutoff = [0, 0, 8, 2]"]))
    slider = content(panel, "flow.cutoff", Slider)
    assert slider.setting.wired == "start"
    assert not slider.track.isEnabled()
    assert slider.field.isReadOnly()
    assert panel.board.cards["flow.cutoff"].toolTip() == "Set by a wire from “start”."
    assert panel.watched() == {"flow.cutoff"}
    panel.show_values({"flow.cutoff": Sample(1, 3.0)})
    assert slider.field.text() == "3"


@pytest.fixture
def switch_panel(open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]) -> ControlPanel:
    body = [
        'on = control.switch(True, label="Filter")',
        'reset = control.button(label="Reset")',
        'hold = control.button(action="switch")',
        'window = control.choice("hann", entries=["hann", "flat top", "none"])',
        "count = control.number(3.0, minimum=0.0, maximum=10.0)",
    ]
    views = [f"{name} = [{column}, {row}, 4, 1]" for name, column, row in
             (("on", 0, 0), ("reset", 4, 0), ("hold", 8, 0), ("window", 0, 1), ("count", 4, 1))]  # fmt: skip
    return open_panel(flow_text(body, views))


def test_a_switch_by_mouse_and_by_key(switch_panel: ControlPanel, qtbot: QtBot) -> None:
    toggle = content(switch_panel, "flow.on", Switch).toggle
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton, pos=QPoint(20, toggle.height() // 2))
    assert line_of(switch_panel, "on") == 'on = control.switch(False, label="Filter")'
    qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert line_of(switch_panel, "on") == 'on = control.switch(True, label="Filter")'
    switch_panel.document.undo()
    qtbot.waitUntil(lambda: not toggle.on)


def test_a_latch_is_down_until_the_flow_has_read_it(switch_panel: ControlPanel, qtbot: QtBot) -> None:
    before = write(switch_panel.document.flow)
    sent: list[tuple[str, ...]] = []
    pulses = switch_panel.pulses
    pulses.sent.connect(lambda *words: sent.append(words))
    pulses.pressed.connect(lambda *words: sent.append(words))
    button = content(switch_panel, "flow.reset", Button).button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.isDown(), "nobody has read it yet"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert sent == [("flow.reset", "pressed")], "one press, as the first is not read yet"
    pulses.take(Released("run", "flow.reset", "pressed"))
    qtbot.waitUntil(lambda: not button.isDown())
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert sent == [("flow.reset", "pressed")] * 2
    pulses.end(RunFinished("run", "succeeded"))
    qtbot.waitUntil(lambda: not button.isDown())
    assert write(switch_panel.document.flow) == before


def test_a_button_fills_its_card(open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]) -> None:
    panel = open_panel(flow_text(["fire = control.button()"], ["fire = [0, 0, 3, 2]"]))
    button, card = content(panel, "flow.fire", Button).button, panel.board.cards["flow.fire"]
    assert button.height() >= card.height() - 2 * 13


def test_without_a_loop_the_window_takes_a_press_back(switch_panel: ControlPanel, qtbot: QtBot) -> None:
    sent: list[tuple[str, ...]] = []
    switch_panel.pulses.sent.connect(lambda *words: sent.append(words))
    button = content(switch_panel, "flow.reset", Button).button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    switch_panel.pulses.take(Released("run", "flow.reset", "pressed", stays=True))
    qtbot.waitUntil(lambda: sent == [("flow.reset", "pressed", "False")])
    assert not button.isDown()


def test_a_button_that_switches_is_on_as_long_as_it_is_held(switch_panel: ControlPanel, qtbot: QtBot) -> None:
    sent: list[tuple[str, ...]] = []
    switch_panel.pulses.sent.connect(lambda *words: sent.append(words))
    button = content(switch_panel, "flow.hold", Button).button
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    assert sent == [("flow.hold", "pressed", "True")]
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert sent[1:] == [("flow.hold", "pressed", "False")]


def test_a_choice_by_key(switch_panel: ControlPanel, qtbot: QtBot) -> None:
    entries = content(switch_panel, "flow.window", Choice).entries
    entries.setFocus()
    qtbot.keyClick(entries, Qt.Key.Key_Down)
    assert (
        line_of(switch_panel, "window") == 'window = control.choice("flat top", entries=["hann", "flat top", "none"])'
    )


def test_a_number_by_keys_stays_in_its_limits(switch_panel: ControlPanel, qtbot: QtBot) -> None:
    field = content(switch_panel, "flow.count", NumberControl).field
    field.setFocus()
    for _ in range(3):
        qtbot.keyClick(field, Qt.Key.Key_Up)
    assert line_of(switch_panel, "count").startswith("count = control.number(6.0")
    qtbot.keyClick(field, Qt.Key.Key_PageUp)
    assert line_of(switch_panel, "count").startswith("count = control.number(10.0")


def test_a_refused_turn_is_told_and_taken_back(slider_panel: ControlPanel, qtbot: QtBot) -> None:
    slider = content(slider_panel, "flow.cutoff", Slider)
    slider_panel._later.blockSignals(True)  # the panel has not seen the next edit yet
    flow = slider_panel.document.flow
    slider_panel.document.do(RemoveNode("flow", "cutoff"))
    assert slider_panel.document.flow is not flow
    with qtbot.waitSignal(slider_panel.refused) as told:
        qtbot.keyClick(slider.track, Qt.Key.Key_Right)
    assert told.args == ["“cutoff” cannot be set: its line is no longer in the flow."]
