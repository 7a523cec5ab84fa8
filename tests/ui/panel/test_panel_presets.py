"""Presets by hand: kept from what the controls say, brought back as one step, and honest about what has gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import RemoveNode, SetPreset
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel

BODY = [
    "gain = control.slider(2.0, minimum=0.0, maximum=10.0)",
    "on = control.switch(True)",
    'shape = control.choice("sine", entries=["sine", "square"])',
    "fire = control.button()",
]
VIEWS = ["gain = [0, 0, 6, 1]", "on = [6, 0, 3, 1]", "shape = [0, 1, 6, 1]", "fire = [6, 1, 3, 1]"]


@pytest.fixture
def panel(open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text(BODY, VIEWS))


def turn(panel: ControlPanel, **values: object) -> None:
    for name, value in values.items():
        panel.board.cards[f"flow.{name}"].turned.emit(value)
        panel.board.cards[f"flow.{name}"].released.emit()


def entries(panel: ControlPanel) -> dict[str, bool]:
    menu = QMenu()
    panel.presets.fill(menu)
    return {action.text(): action.isChecked() for action in menu.actions() if action.isCheckable()}


def test_a_preset_is_kept_and_brought_back_as_one_step(panel: ControlPanel, qtbot: QtBot) -> None:
    said: list[str] = []
    panel.presets.said.connect(said.append)
    panel.presets.save("calm")
    line = 'calm = { "flow.gain.value" = 2.0, "flow.on.on" = true, "flow.shape.value" = "sine" }'
    assert line in write(panel.document.flow)
    assert said[-1] == "The preset “calm” holds the values of 3 controls. Alt+1 brings it back."
    before = write(panel.document.flow)
    assert entries(panel) == {"calm\tAlt+1": True}
    turn(panel, gain=8.0, on=False, shape="square")
    changed, steps = write(panel.document.flow), panel.document.steps
    assert entries(panel) == {"calm\tAlt+1": False}
    panel.presets.slot_1.use()  # type: ignore[attr-defined]
    assert write(panel.document.flow) == before
    assert said[-1] == "The preset “calm” sets 3 controls."
    assert panel.document.steps == steps + 1
    assert panel.document.undo_title == "Preset calm"
    panel.document.undo()
    assert write(panel.document.flow) == changed
    panel.presets.use("calm")
    panel.presets.use("calm")
    assert panel.document.steps == steps + 1
    assert "changes nothing" in said[-1]


def test_what_is_turned_right_before_belongs_to_it(panel: ControlPanel) -> None:
    panel.board.cards["flow.gain"].turned.emit(3.0)
    panel.board.cards["flow.gain"].turned.emit(4.0)
    panel.presets.save("now")
    assert '"flow.gain.value" = 4.0' in write(panel.document.flow)


def test_what_has_gone_is_said_and_the_rest_is_set(panel: ControlPanel, qtbot: QtBot) -> None:
    panel.presets.save("calm")
    panel.document.do(RemoveNode("flow", "on"))
    turn(panel, gain=8.0)
    panel.refresh()
    with qtbot.waitSignal(panel.presets.said) as said:
        panel.presets.use("calm")
    gone = "Not set: 1. The flow “flow” has no node “on” any more."
    assert said.args[0] == f"The preset “calm” sets 1 control. {gone}"
    assert "slider(2.0," in write(panel.document.flow)


def test_what_does_not_fit_is_said_with_the_reason_and_the_rest_is_one_step(panel: ControlPanel, qtbot: QtBot) -> None:
    before = write(panel.document.flow)
    line = {"flow.gain.value": 50.0, "flow.on.on": False, "flow.shape.value": "saw", "flow.gain.lost": 1.0, "f.x.y": 1}
    panel.document.do(SetPreset("odd", line))
    kept, steps = write(panel.document.flow), panel.document.steps
    with qtbot.waitSignal(panel.presets.said) as said:
        panel.presets.use("odd")
    assert said.args[0] == (
        "The preset “odd” sets 1 control. Not set: 4. “gain” cannot be 50.0: its maximum is 10. "
        '“shape” cannot be "saw": that is none of its choices. '
        "The node “gain” has no parameter and no output “lost” any more. And 1 more."
    )
    assert "switch(False)" in write(panel.document.flow)
    assert "slider(2.0," in write(panel.document.flow)
    assert panel.document.steps == steps + 1
    panel.document.undo()
    assert write(panel.document.flow) == kept
    panel.document.undo()
    assert write(panel.document.flow) == before
    panel.document.do(SetPreset("odd", {"flow.gain.value": "much", "flow.on.on": 1}))
    with qtbot.waitSignal(panel.presets.said) as said:
        panel.presets.use("odd")
    assert said.args[0] == (
        'The preset “odd” changes nothing. Not set: 2. “gain” cannot be "much": it takes a number. '
        "“on” cannot be 1: it is on or off (true or false)."
    )


def test_a_whole_number_by_hand_is_a_number_for_the_slider(panel: ControlPanel) -> None:
    panel.document.do(SetPreset("odd", {"flow.gain.value": 5}))
    panel.presets.use("odd")
    assert "slider(5.0," in write(panel.document.flow)


def test_a_number_beyond_all_floats_is_said_to_be_none(panel: ControlPanel, qtbot: QtBot) -> None:
    panel.document.do(SetPreset("odd", {"flow.gain.value": 10**400, "flow.on.on": False}))
    with qtbot.waitSignal(panel.presets.said) as said:
        panel.presets.use("odd")
    assert "it takes a number" in said.args[0]
    assert "gain = control.slider(2.0" in write(panel.document.flow)


def test_the_menu_saves_again_and_removes(panel: ControlPanel) -> None:
    panel.presets.save("calm")
    turn(panel, gain=8.0)
    menu = QMenu()
    panel.presets.fill(menu)
    again, away = (action.menu() for action in menu.actions() if action.menu())
    again.actions()[0].trigger()
    assert '"flow.gain.value" = 8.0' in write(panel.document.flow)
    away.actions()[0].trigger()
    assert "presets" not in write(panel.document.flow)
    assert not panel.presets.slot_1.there  # type: ignore[attr-defined]
