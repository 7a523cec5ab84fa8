"""The menu of a view lists the forms that fit what it shows; a control can be shown only, and turned again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow.forms import named
from flodesk.flow.script import write
from flodesk.public import Lamp, Number
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.controls.slider import Slider
from flodesk.ui.panel.controls.switches import NumberControl
from flodesk.ui.panel.faces.dials.bars import BarFace
from flodesk.ui.panel.faces.dials.gauge import GaugeFace
from flodesk.ui.panel.faces.small_faces import NumberFace
from flodesk.ui.panel.looks import LooksDialog

OpenPanel = Callable[[str], ControlPanel]


def listed(panel: ControlPanel, key: str) -> dict[str, QAction]:
    menu = panel.board.cards[key].menu()
    found = next((a.menu() for a in menu.actions() if a.text() == "Show as"), None)
    if not isinstance(found, QMenu):
        return {}
    return {action.text(): action for action in found.actions() if action.text()}


def test_a_number_becomes_a_gauge_in_one_step_and_back(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    panel = open_panel(flow_text(["shown = show.number(3)"], ["shown = [0, 0, 4, 5]"]))
    before = write(panel.document.flow)
    panel.show_values({"flow.shown": Sample(1, Number("Level", 40.0, "bar"))})
    card = panel.board.cards["flow.shown"]
    offered = listed(panel, "flow.shown")
    assert {"Number", "Gauge", "Bar", "Tank", "Thermometer", "Text"} <= set(offered)
    assert not {"Plot", "LED", "Slider"} & set(offered)
    assert [text for text, action in offered.items() if action.isChecked()] == ["Number"]
    offered["Gauge"].trigger()
    panel.refresh()
    assert panel.document.flow.header.panel["flow"]["shown"].options == (("as", "show.gauge"),)
    assert isinstance(card.content, GaugeFace)
    assert card.content.text == "40.00 bar", "the value is there without another run"
    panel.document.undo()
    panel.refresh()
    assert write(panel.document.flow) == before
    assert isinstance(card.content, NumberFace)
    listed(panel, "flow.shown")["Bar"].trigger()
    panel.refresh()
    assert isinstance(card.content, BarFace)
    listed(panel, "flow.shown")["Number"].trigger()
    panel.refresh()
    assert write(panel.document.flow) == before, "the node's own form needs no word"


def test_a_control_is_shown_only_and_turned_again(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    body = ['level = control.slider(2.0, minimum=0.0, maximum=5.0, unit="bar")']
    panel = open_panel(flow_text(body, ["level = [0, 0, 5, 3]"]))
    before = write(panel.document.flow)
    card = panel.board.cards["flow.level"]
    offered = listed(panel, "flow.level")
    assert [text for text, action in offered.items() if action.isChecked()] == ["Slider"]
    offered["Bar"].trigger()
    panel.refresh()
    assert isinstance(card.content, BarFace)
    assert card.variable == "flow.level"
    panel.show_values({"flow.level": Sample(1, 4.0)})
    assert card.content.text == "4.000 bar"
    assert (card.content.scale.minimum, card.content.scale.maximum) == (0.0, 5.0), "the limits are the control's"
    listed(panel, "flow.level")["Number field"].trigger()
    panel.refresh()
    assert isinstance(card.content, NumberControl)
    listed(panel, "flow.level")["Slider"].trigger()
    panel.refresh()
    assert isinstance(card.content, Slider)
    assert write(panel.document.flow) == before


def test_one_value_has_several_views(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    line = 'shown = { at = [0, 0, 4, 5], options = { as = "show.gauge", maximum = 50 } }'
    panel = open_panel(flow_text(["shown = show.number(3)"], [line]))
    before = write(panel.document.flow)
    panel.show_values({"flow.shown": Sample(1, Number("Level", 40.0, "bar"))})
    for _ in range(2):
        menu = panel.board.cards["flow.shown"].menu()
        next(action for action in menu.actions() if action.text() == "Add another view").trigger()
        panel.refresh()
    views = panel.document.flow.header.panel["flow"]
    assert list(views) == ["shown", "shown_2", "shown_3"]
    assert {view.shows for view in views.values()} == {"shown"}
    assert len({(view.column, view.row) for view in views.values()}) == 3
    contents = [panel.board.cards[f"flow.{name}"].content for name in views]
    assert [content.text for content in contents if isinstance(content, GaugeFace)] == ["40.00 bar"] * 3
    listed(panel, "flow.shown_2")["Bar"].trigger()
    panel.refresh()
    assert isinstance(panel.board.cards["flow.shown_2"].content, BarFace)
    assert isinstance(panel.board.cards["flow.shown"].content, GaugeFace)
    for _ in range(3):
        panel.document.undo()
    assert write(panel.document.flow) == before


def test_the_looks_of_a_view_are_asked_for(open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot) -> None:
    line = 'shown = { at = [0, 0, 4, 5], options = { as = "show.gauge", colour = "pink", minimum = 1 } }'
    panel = open_panel(flow_text(["shown = show.number(3)"], [line]))
    panel.show_values({"flow.shown": Sample(1, Number("Level", 40.0, "bar"))})
    card = panel.board.cards["flow.shown"]
    before = write(panel.document.flow)
    menu = card.menu()
    next(action for action in menu.actions() if action.text() == "Looks…").trigger()
    dialog = card.findChild(LooksDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible)
    fields = dialog.editors
    low, high, alarm = fields["minimum"], fields["maximum"], fields["alarm_above"]
    assert isinstance(low, QLineEdit)
    assert low.text() == "1"
    qtbot.keyClicks(high, "much")
    assert not dialog.ok.isEnabled()
    assert "“much” is no number" in dialog.problem.text()
    high.clear()
    qtbot.keyClicks(high, "0.5")
    assert "below the maximum" in dialog.problem.text()
    high.clear()
    qtbot.keyClicks(high, "1.5k")
    qtbot.keyClicks(alarm, "30")
    assert dialog.problem.isHidden()
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    panel.refresh()
    said = dict(panel.document.flow.header.panel["flow"]["shown"].options)
    assert said == {"as": "show.gauge", "colour": "pink", "minimum": 1, "maximum": 1500, "alarm_above": 30}
    assert isinstance(card.content, GaugeFace)
    assert card.content.text == "40 bar, Alarm"
    panel.document.undo()
    assert write(panel.document.flow) == before


def test_a_box_of_the_looks_says_what_it_does(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    panel = open_panel(flow_text(["shown = show.line(timing.clock(1.0))"], ["shown = [0, 0, 6, 4]"]))
    card = panel.board.cards["flow.shown"]
    form = named("show.line")
    assert form is not None
    dialog = LooksDialog(card, "Shown", form, {})
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert next(option.help for option in form.options if option.name == "linked") in said
    assert "The title is set in the inspector." in said
    dialog.close()


def test_the_looks_grow_with_what_is_wrong(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    panel = open_panel(flow_text(["shown = show.line(timing.clock(1.0))"], ["shown = [0, 0, 6, 4]"]))
    form = named("show.line")
    assert form is not None
    dialog = LooksDialog(panel, "Shown", form, {})
    dialog.show()
    before = dialog.height()
    editors = [editor for editor in dialog.editors.values() if isinstance(editor, QLineEdit)]
    wrong = next(editor for name, editor in dialog.editors.items() if name == "maximum")
    assert wrong in editors
    QTest.keyClicks(wrong, "a hundred and many more of them")
    assert dialog.problem.isVisible()
    assert dialog.height() > before
    low = dialog.problem.geometry().bottom()
    dialog.layout().activate()
    assert dialog.layout().heightForWidth(dialog.width()) <= dialog.height()
    assert dialog.findChild(QDialogButtonBox).geometry().top() > low
    dialog.close()


def test_a_slider_of_a_number_has_the_limits_of_its_view(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    views = [
        'wide = { at = [0, 0, 5, 2], options = { as = "control.slider", minimum = -5, maximum = 5, step = 0.5 } }',
        "tight = { at = [5, 0, 5, 2], options = { minimum = -99, maximum = 99 } }",
        "odd = { at = [0, 2, 5, 2], options = { minimum = 7, maximum = 3, step = -1 } }",
    ]
    body = ["wide = control.number(2.0)", "tight = control.slider(2.0, minimum=0.0, maximum=4.0)"]
    panel = open_panel(flow_text([*body, "odd = control.slider(2.0, minimum=0.0, maximum=4.0)"], views))
    cards = panel.board.cards
    limits = {key: (card.shown.minimum, card.shown.maximum) for key, card in cards.items()}  # type: ignore[union-attr]
    assert limits == {"flow.wide": (-5, 5), "flow.tight": (0.0, 4.0), "flow.odd": (0.0, 4.0)}
    slider = cards["flow.wide"].content
    assert isinstance(slider, Slider)
    slider.track.setFocus()
    QTest.keyClick(slider.track, Qt.Key.Key_Right)
    assert slider.setting.value == 2.5
    assert "Looks…" in [action.text() for action in cards["flow.wide"].menu().actions()]


def test_what_does_not_fit_is_not_listed(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    body = ["waits = control.switch(True)", "shown = show.text(waits)"]
    panel = open_panel(flow_text(body, ["gone = [0, 0, 3, 2]", "shown = [3, 0, 3, 2]"]))
    assert listed(panel, "flow.gone") == {}
    assert not {"LED", "Gauge", "Plot"} & set(listed(panel, "flow.shown")), "a text is no number"
    panel.show_values({"flow.shown": Sample(1, Lamp(on=True))})
    assert {"LED", "Text"} <= set(listed(panel, "flow.shown"))
