"""Every control, and every field that a control sets, becomes an indicator of its value and a control again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow import forms
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.setting import Reading, Setting

CONTROLS = {
    "slider": "2.0", "knob": "2.0", "number": "2.0", "switch": "True", "choice": '"a", entries=["a", "b"]',
    "radio": '"a", entries=["a", "b"]', "text": '"a"', "paragraph": '"a"', "path": '"a"', "color": '"#ff0000"',
}  # fmt: skip
FIELDS = {
    "scale.factor": "scale = maths.scale(1.0, factor=3.0)",
    "noise.samples": "noise = source.noise(samples=50)",
    "sine.unit": 'sine = source.sine(unit="V")',
    "k.value": "k = 5.0",
}
OpenPanel = Callable[[str], ControlPanel]


def show_as(panel: ControlPanel, key: str) -> dict[str, QAction]:
    """The entries of *Show as* of the one card, by the key of their form."""
    card = panel.board.cards[key]
    menu = card.menu()
    below = next(action.menu() for action in menu.actions() if action.text() == "Show as")
    assert isinstance(below, QMenu)
    return {action.text(): action for action in below.actions() if action.text()}


def turn_round(panel: ControlPanel, key: str) -> None:
    """Make an indicator of a control, a control of that, and take both back."""
    card = panel.board.cards[key]
    before = write(panel.document.flow)
    own = card.shown
    assert isinstance(own, Setting)
    asked = forms.control(own.widget)
    assert asked is not None
    looks = [f for f in forms.fitting((own.type,), "indicator") if f.title != asked.title]
    assert looks, f"nothing shows a {own.type}"
    show_as(panel, key)[looks[0].title].trigger()
    panel.refresh()
    assert isinstance(card.shown, Reading)
    assert isinstance(card.content, Face)
    if card.variable:
        panel.show_values({card.variable: Sample(1, own.value)})
    assert card.content.shown == 1, "it shows the value"
    indicator = write(panel.document.flow)
    show_as(panel, key)[asked.title].trigger()
    panel.refresh()
    assert isinstance(card.shown, Setting)
    assert isinstance(card.content, Control)
    assert write(panel.document.flow) == before
    panel.document.undo()
    assert write(panel.document.flow) == indicator
    panel.document.undo()
    panel.refresh()
    assert write(panel.document.flow) == before
    assert isinstance(card.content, Control)


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_becomes_an_indicator_and_back(
    open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot, name: str
) -> None:
    panel = open_panel(flow_text([f"one = control.{name}({CONTROLS[name]})"], ["one = [0, 0, 6, 4]"]))
    turn_round(panel, "flow.one")


@pytest.mark.parametrize("shows", FIELDS)
def test_a_field_becomes_an_indicator_and_back(
    open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot, shows: str
) -> None:
    panel = open_panel(flow_text([FIELDS[shows]], [f'one = {{ at = [0, 0, 6, 4], shows = "{shows}" }}']))
    turn_round(panel, "flow.one")


def test_a_field_that_is_shown_only_follows_the_script(
    open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    views = [
        'turned = { at = [0, 0, 6, 2], shows = "scale.factor" }',
        'seen = { at = [0, 2, 6, 4], shows = "scale.factor", options = { as = "show.gauge", maximum = 10.0 } }',
    ]
    panel = open_panel(flow_text([FIELDS["scale.factor"]], views))
    seen = panel.board.cards["flow.seen"]
    panel.board.cards["flow.turned"].turned.emit(4.5)
    panel.hand.settle()
    assert isinstance(seen.shown, Reading)
    assert seen.shown.written is not None
    assert seen.shown.written.value == 4.5
    assert isinstance(seen.content, Face)
    assert seen.content.shown == 2
