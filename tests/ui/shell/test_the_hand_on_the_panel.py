"""A hand on the panel while the flow runs: what it presses and turns reaches the next turn, and the script."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import RemoveNode, SetDocstring, SetParameter, SetPreset, SetText
from flodesk.flow.model import Docstring, Literal
from flodesk.flow.script import write
from flodesk.ui.panel.controls.switches import Button
from flodesk.ui.window import Window

WhenAsked = Callable[[Callable[[QWidget], object]], None]

TEXT = """# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# level = [0, 0, 6, 1]
# fire = [6, 0, 2, 1]
# n = [0, 1, 2, 1]
# m = [2, 1, 2, 1]
# ///
import flodesk
from flodesk.nodes import control, show, timing


class Count:
    def __init__(self) -> None:
        self.n = 0

    def __call__(self, pressed: bool) -> float:
        self.n += bool(pressed)
        return float(self.n)


def flow():
    level = control.slider(20.0, minimum=0.0, maximum=100.0)
    count = Count()
    for tick in timing.every(0.005):
        fire = control.button()
        seen = count(fire)
        n = show.number(seen)
        m = show.number(level)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def shown(window: Window, name: str) -> float | None:
    card = window.panel.board.cards[f"flow.{name}"]
    return card.seen.value.value if card.seen is not None else None


def run(qtbot: QtBot, window: Window) -> None:
    window.run.start()
    qtbot.waitUntil(lambda: shown(window, "n") is not None, timeout=60_000)


def stop(qtbot: QtBot, window: Window) -> None:
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)


def test_a_turn_reaches_the_run_before_the_script_and_rebuilds_nothing(qtbot: QtBot, opened: Window) -> None:
    run(qtbot, opened)
    page = opened.inspector.flow_page
    assert page is not None
    card = opened.panel.board.cards["flow.level"]
    told: list[object] = []
    opened.document.listeners.append(lambda change: told.append(change))
    for value in range(21, 61):
        card.turned.emit(float(value))
    assert len(told) < 20
    qtbot.waitUntil(lambda: shown(opened, "m") == 60.0, timeout=60_000)
    card.released.emit()
    assert "slider(60.0," in write(opened.document.flow)
    assert opened.inspector.flow_page is page
    assert opened.commands["edit.undo"].isEnabled()
    opened.commands.trigger("edit.undo")
    assert "slider(20.0," in write(opened.document.flow)
    qtbot.waitUntil(lambda: shown(opened, "m") == 20.0, timeout=60_000)
    stop(qtbot, opened)


def test_a_run_begins_with_what_was_turned_just_before(qtbot: QtBot, opened: Window) -> None:
    card = opened.panel.board.cards["flow.level"]
    card.turned.emit(30.0)
    card.turned.emit(70.0)
    run(qtbot, opened)
    qtbot.waitUntil(lambda: shown(opened, "m") == 70.0, timeout=60_000)
    stop(qtbot, opened)


def test_the_page_of_the_flow_follows_what_it_shows(qtbot: QtBot, opened: Window) -> None:
    page = opened.inspector.flow_page
    opened.document.do(SetParameter("flow", "level", "value", Literal("33.0"), 0))
    assert opened.inspector.flow_page is page
    opened.document.do(RemoveNode("flow", "m"))
    assert opened.inspector.flow_page is not page
    page = opened.inspector.flow_page
    opened.document.do(SetDocstring(Docstring(value="What it does.")))
    assert opened.inspector.flow_page is not page


def test_a_preset_by_its_key_while_it_runs(qtbot: QtBot, opened: Window, when_asked: WhenAsked) -> None:
    when_asked(lambda dialog: dialog.accept())  # type: ignore[attr-defined]
    qtbot.keyClick(opened, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    assert opened.panel.presets.names == ["Preset 1"]
    run(qtbot, opened)
    card = opened.panel.board.cards["flow.level"]
    card.turned.emit(70.0)
    card.released.emit()
    qtbot.waitUntil(lambda: shown(opened, "m") == 70.0, timeout=60_000)
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    assert opened.commands["panel.preset_1"].isEnabled()
    qtbot.keyClick(opened, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert "slider(20.0," in write(opened.document.flow)
    qtbot.waitUntil(lambda: shown(opened, "m") == 20.0, timeout=60_000)
    stop(qtbot, opened)


def test_two_values_of_a_preset_reach_the_run_between_the_same_two_turns(qtbot: QtBot, opened: Window) -> None:
    text = write(opened.document.flow).replace(
        "    count = Count()\n", "    other = control.slider(20.0, minimum=0.0, maximum=100.0)\n    count = Count()\n"
    )
    apart = text.replace("fire = control.button()", "fire = level != other")
    opened.document.do(SetText(apart, "Another flow"))
    opened.document.do(SetPreset("both", {"flow.level.value": 50.0, "flow.other.value": 50.0}))
    opened.document.do(SetPreset("back", {"flow.level.value": 20.0, "flow.other.value": 20.0}))
    opened.panel.refresh()
    run(qtbot, opened)
    for name, value in (("both", 50.0), ("back", 20.0), ("both", 50.0)):
        opened.panel.presets.use(name)
        qtbot.waitUntil(lambda v=value: shown(opened, "m") == v, timeout=60_000)
    assert shown(opened, "n") == 0.0, "never was one of the two set without the other"
    stop(qtbot, opened)


def test_each_click_on_a_latch_is_counted_once(qtbot: QtBot, opened: Window) -> None:
    run(qtbot, opened)
    content = opened.panel.board.cards["flow.fire"].content
    assert isinstance(content, Button)
    for number in range(4):
        qtbot.mouseClick(content.button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not content.button.isDown(), timeout=60_000)
        qtbot.waitUntil(lambda n=number: shown(opened, "n") == n + 1, timeout=60_000)
    assert not opened.document.dirty, "a press changes nothing in the flow"
    stop(qtbot, opened)
