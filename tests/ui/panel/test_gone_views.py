"""What became of the node that a view showed is said on the view, which can show something else in its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.flow import wiring
from flodesk.flow.graph import picture
from flodesk.flow.model import View
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.farewell import Farewell
from flodesk.ui.panel.setting import Reading, Setting

BODY = [
    "gain = control.slider(1.0)",
    "wave = source.sine(frequency=5.0, rate=1000.0, amplitude=gain)",
    "wave_2 = source.sine(frequency=7.0, rate=500.0)",
    "size = maths.scale(gain, factor=3.0)",
]
VIEWS = [
    "gain = [0, 0, 5, 2]",
    'wave = { at = [0, 2, 8, 6], options = { as = "show.line" } }',
    'rate = { at = [8, 0, 4, 4], shows = "wave.rate", options = { as = "control.number" } }',
]
OpenPanel = Callable[[str], ControlPanel]


@pytest.fixture
def panel(open_panel: OpenPanel, flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text(BODY, VIEWS))


def remove(panel: ControlPanel, qtbot: QtBot, *nodes: str) -> None:
    flow = panel.document.flow
    panel.document.do(wiring.remove(flow, picture(flow, panel.catalog, "flow"), nodes))
    panel.refresh()


def farewell(panel: ControlPanel, key: str) -> Farewell:
    found = panel.board.cards[key].content
    assert isinstance(found, Farewell)
    return found


def views(panel: ControlPanel) -> dict[str, View]:
    return dict(panel.document.flow.header.panel["flow"])


def test_views_of_a_node_that_was_deleted_stay_and_say_so(panel: ControlPanel, qtbot: QtBot) -> None:
    before = write(panel.document.flow)
    remove(panel, qtbot, "wave")
    assert set(views(panel)) == {"gain", "wave", "rate"}
    assert farewell(panel, "flow.wave").message == "The flow “flow” has no node “wave” any more."
    assert farewell(panel, "flow.rate").message == "The flow “flow” has no node “wave” any more."
    panel.document.undo()
    panel.refresh()
    assert write(panel.document.flow) == before
    assert isinstance(panel.board.cards["flow.wave"].shown, Reading)


def test_the_view_of_a_control_goes_with_it(panel: ControlPanel, qtbot: QtBot) -> None:
    remove(panel, qtbot, "gain")
    assert set(views(panel)) == {"wave", "rate"}


@pytest.mark.parametrize(
    ("key", "best", "kind"), [("flow.wave", "wave_2", Reading), ("flow.rate", "wave_2.rate", Setting)]
)
def test_it_shows_something_else_in_two_clicks(
    panel: ControlPanel, qtbot: QtBot, key: str, best: str, kind: type[Reading | Setting]
) -> None:
    remove(panel, qtbot, "wave")
    gone = write(panel.document.flow)
    content = farewell(panel, key)
    qtbot.mouseClick(content.other, Qt.MouseButton.LeftButton)
    menu = panel.instead.menu
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    name = key.partition(".")[2]
    assert views(panel)[name].shows == best
    panel.refresh()
    assert isinstance(panel.board.cards[key].shown, kind)
    panel.document.undo()
    assert write(panel.document.flow) == gone


def test_what_fits_is_listed_and_nothing_else(panel: ControlPanel, qtbot: QtBot) -> None:
    remove(panel, qtbot, "wave")
    qtbot.mouseClick(farewell(panel, "flow.rate").other, Qt.MouseButton.LeftButton)
    menu = panel.instead.menu
    assert menu is not None
    listed = [action.text() for action in menu.actions() if action.text()]
    assert listed[:1] == ["wave_2.rate"]
    assert "gain" in listed, "its slider can be a number field as well"
    assert not {"wave_2", "wave_2.unit", "size"} & set(listed), "a value, a text: no number field sets it"
    menu.close()


def test_a_view_can_show_something_else_at_any_time(panel: ControlPanel, qtbot: QtBot) -> None:
    card = panel.board.cards["flow.wave"]
    action = next(action for action in card.menu().actions() if action.text() == "Show something else…")
    action.trigger()
    menu = panel.instead.menu
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert views(panel)["wave"].shows == "wave_2"
    assert views(panel)["wave"].options == (("as", "show.line"),)


def test_buttons_of_a_card_of_any_size_are_whole(panel: ControlPanel, qtbot: QtBot) -> None:
    remove(panel, qtbot, "wave")
    card = panel.board.cards["flow.wave"]
    content = farewell(panel, "flow.wave")
    for columns in range(2, 13):
        for rows in (1, 2, 3, 6):
            card.resize(columns * 60 - 8, rows * 48 - 8)
            buttons = [b.geometry() for b in (content.button, content.other) if not b.isHidden()]
            assert buttons
            assert all(content.rect().contains(box) for box in buttons), f"cut in {columns} × {rows}"
            assert len(buttons) == 1 or not buttons[0].intersects(buttons[1])


def test_a_switched_off_control_says_so(panel: ControlPanel, qtbot: QtBot) -> None:
    flow = panel.document.flow
    panel.document.do(wiring.switch(flow, picture(flow, panel.catalog, "flow"), ["wave_2"], "off").edit)
    panel.instead.show("flow.rate", "wave_2.rate")
    panel.refresh()
    assert "switched off" in farewell(panel, "flow.rate").message
