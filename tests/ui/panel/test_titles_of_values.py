"""A value that no node of the panel shows has a title, limits and names of curves by its view."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.script import read, write
from flodesk.public import Line, Number, Trace, Waveform
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.panel.looks import LooksDialog

OpenPanel = Callable[[str], ControlPanel]
FlowText = Callable[..., str]
BODY = ["lowpass = dsp.Lowpass(order=4)", "smooth = lowpass(source.sine())", "chart = show.line(smooth)"]
WAVE = Waveform(np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]), 0.1, 0.0, "V")


def opened(open_panel: OpenPanel, flow_text: FlowText, view: str, name: str = "a") -> tuple[ControlPanel, Card]:
    text = flow_text(BODY, [f"{name} = {{ at = [0, 0, 8, 6], {view} }}"])
    panel = open_panel(text.replace("import control,", "import control, dsp,"))
    return panel, panel.board.cards[f"flow.{name}"]


def looks_of(card: Card, qtbot: QtBot) -> LooksDialog:
    next(action for action in card.menu().actions() if action.text() == "Looks…").trigger()
    dialog = card.findChild(LooksDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def write_in(dialog: LooksDialog, qtbot: QtBot, **texts: str) -> None:
    for name, text in texts.items():
        field = dialog.editors[name]
        assert isinstance(field, QLineEdit)
        field.clear()
        qtbot.keyClicks(field, text)
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)


def test_a_plot_of_a_port_gets_title_limits_and_names(open_panel: OpenPanel, flow_text: FlowText, qtbot: QtBot) -> None:
    panel, card = opened(open_panel, flow_text, 'shows = "lowpass", options = { as = "show.line" }')
    before = write(panel.document.flow)
    card.show_sample(Sample(1, WAVE))
    fitted = card.content.box.viewRange()[1]  # type: ignore[union-attr]
    dialog = looks_of(card, qtbot)
    assert not [label for label in dialog.findChildren(QLabel) if "inspector" in label.text()]
    write_in(dialog, qtbot, title="Smooth  signal", minimum="-2", maximum="10", names="left")
    panel.refresh()
    said = dict(panel.document.flow.header.panel["flow"]["a"].options)
    assert said == {"as": "show.line", "title": "Smooth  signal", "minimum": -2, "maximum": 10, "names": "left"}
    plot = card.content
    assert isinstance(plot, LinePlot)
    assert card.title == "Smooth signal"
    assert plot.box.viewRange()[1] == [-2.0, 10.0]
    assert [entry.name for entry in plot.legend.entries] == ["left", "channel 2"]
    card.show_sample(Sample(2, Waveform(np.array([[0.0, 100.0], [3.0, -70.0]]), 0.1, 0.0, "V")))
    assert plot.box.viewRange()[1] == [-2.0, 10.0]
    assert card.title == "Smooth signal"
    card.show_sample(Sample(3, WAVE))
    panel.document.undo()
    panel.refresh()
    assert write(panel.document.flow) == before
    assert card.title == "lowpass"
    assert plot.box.viewRange()[1] == fitted
    assert [entry.name for entry in plot.legend.entries] == ["channel 1", "channel 2"]


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("minimum = -2", -2.0, None),
        ("maximum = 9", None, 9.0),
        ("minimum = 50", 50.0, None),
        ("maximum = -50", None, -50),
    ],
)
def test_one_end_leaves_the_other_to_the_data(
    open_panel: OpenPanel, flow_text: FlowText, said: str, low: float | None, high: float | None
) -> None:
    view = f'shows = "chart", options = {{ as = "show.line", {said} }}'
    _, card = opened(open_panel, flow_text, view, "chart")
    card.show_sample(Sample(1, Line(traces=(Trace(np.arange(3.0), np.arange(3.0)),))))
    assert isinstance(card.content, LinePlot)
    first, last = card.content.box.viewRange()[1]
    assert first < last
    assert low is None or first == low
    assert high is None or last == high


@pytest.mark.parametrize("form", ["show.gauge", "show.number", "show.compass", "show.text", ""])
def test_every_form_has_a_title_also_before_its_first_value(
    open_panel: OpenPanel, flow_text: FlowText, qtbot: QtBot, form: str
) -> None:
    options = f'options = {{ as = "{form}" }}' if form else "options = {}"
    panel, card = opened(open_panel, flow_text, f'shows = "lowpass", {options}')
    write_in(looks_of(card, qtbot), qtbot, title="Level")
    panel.refresh()
    assert card.title == "Level"
    card.show_sample(Sample(1, Number("Of the value", 4.0)))
    assert card.title == "Level", "what the view says goes before what the value brings along"


def test_a_parameter_has_a_title_too(open_panel: OpenPanel, flow_text: FlowText, qtbot: QtBot) -> None:
    view = 'shows = "lowpass.order", options = { as = "control.number" }'
    panel, card = opened(open_panel, flow_text, view)
    assert card.title == "lowpass.order"
    write_in(looks_of(card, qtbot), qtbot, title="Corner")
    panel.refresh()
    assert card.title == "Corner"


def test_a_node_of_the_panel_keeps_its_own_title(open_panel: OpenPanel, flow_text: FlowText, qtbot: QtBot) -> None:
    view = 'shows = "chart", options = { title = "Mine", names = "mine" }'
    panel, card = opened(open_panel, flow_text, view, "chart")
    before = write(panel.document.flow)
    card.show_sample(Sample(1, Line("Its own", (Trace(np.arange(3.0), np.arange(3.0), "its"),))))
    assert card.title == "Its own"
    assert isinstance(card.content, LinePlot)
    assert [entry.name for entry in card.content.legend.entries] == ["its"]
    dialog = looks_of(card, qtbot)
    assert not {"title", "names"} & set(dialog.editors)
    assert [label for label in dialog.findChildren(QLabel) if label.text() == "The title is set in the inspector."]
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert write(panel.document.flow) == before


def test_a_title_that_is_no_text_is_passed_over_and_found(open_panel: OpenPanel, flow_text: FlowText) -> None:
    view = 'shows = "lowpass", options = { as = "show.line", title = 5, names = [1], minimum = "low" }'
    panel, card = opened(open_panel, flow_text, view)
    card.show_sample(Sample(1, WAVE))
    assert card.title == "lowpass"
    assert isinstance(card.content, LinePlot)
    text = write(panel.document.flow)
    found = [problem.message for problem in check(read(text), Catalog.builtin()) if "passed over" in problem.message]
    assert len(found) == 3


def test_a_view_of_a_call_has_the_title_of_its_node_before_the_first_value(
    open_panel: OpenPanel, flow_text: FlowText
) -> None:
    body = [
        'scope = show.Scope(title="Eight sensors")', "wave = source.sine()", "sweep = scope(wave)",
        "called = show.line(wave, title=sweep)",
    ]  # fmt: skip
    panel = open_panel(flow_text(body, ["sweep = [0, 0, 6, 4]", "called = [6, 0, 6, 4]"]))
    cards = panel.board.cards
    assert cards["flow.sweep"].title == "Eight sensors", "it does not change when the run begins"
    assert cards["flow.called"].title == "called", "what only a run knows"
