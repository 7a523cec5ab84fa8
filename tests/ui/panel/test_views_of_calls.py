"""A view may name the call of an object (`logged = log(volt)`): it shows what the node of the object shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import Rename
from flodesk.flow.graph import picture
from flodesk.flow.model import View
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.faces.recorder import RecorderFace
from flodesk.ui.panel.farewell import Farewell
from flodesk.ui.panel.setting import Reading, Setting, shown

BODY = [
    'log = record.Csv("there.csv")',
    "for k in timing.every(0.1):",
    "    value = maths.scale(k)",
    "    logged = log(k, value)",
    "    twice, thrice = k * 2, k * 3",
]
OpenPanel = Callable[[str], ControlPanel]


@pytest.fixture
def text(flow_text: Callable[..., str]) -> Callable[..., str]:
    return lambda views, body=BODY: flow_text(body, views).replace("import control,", "import control, record,")


def test_the_name_of_a_call_shows_the_recorder_as_the_name_of_its_object_does(
    qtbot: QtBot, open_panel: OpenPanel, text: Callable[..., str]
) -> None:
    panel = open_panel(text(["logged = [0, 0, 5, 4]", "log = [6, 0, 5, 4]", "thrice = [0, 6, 3, 2]"]))
    flow = panel.document.flow
    by_call, by_object = (panel.board.cards[f"flow.{name}"] for name in ("logged", "log"))
    assert isinstance(by_call.content, RecorderFace)
    assert isinstance(by_call.shown, Reading)
    assert by_call.shown == by_object.shown
    assert by_call.shown.variable == "flow.logged.state"
    assert [p.message for p in check(flow, panel.catalog) if p.kind == "view"] == []
    with qtbot.waitSignal(panel.node_wanted) as asked:
        by_call.node_wanted.emit()
    assert asked.args == ["flow.log"]
    with qtbot.waitSignal(panel.node_wanted) as asked:
        panel.board.cards["flow.thrice"].node_wanted.emit()
    assert asked.args == ["flow.code_1"]


def test_it_is_not_offered_once_more(open_panel: OpenPanel, text: Callable[..., str]) -> None:
    panel = open_panel(text(["logged = [0, 0, 5, 4]"]))
    assert panel.views.available() == {"flow": []}


@pytest.mark.parametrize(
    ("shows", "value"), [("logged.turns", "flow.logged.turns"), ("log.turns", "flow.logged.turns")]
)
def test_one_of_its_values_is_found_by_both_names(
    catalog: Catalog, open_panel: OpenPanel, text: Callable[..., str], shows: str, value: str
) -> None:
    flow = open_panel(text([f'view = {{ at = [0, 0, 5, 4], shows = "{shows}" }}'])).document.flow
    what = shown(View("view", shows, 0, 0, 1, 1), picture(flow, catalog))
    assert isinstance(what, Reading)
    assert what.variable == value
    assert isinstance(shown(View("", "logged.recording", 0, 0, 1, 1), picture(flow, catalog)), Setting)
    assert [p.message for p in check(flow, catalog) if p.kind == "view"] == []


def test_of_two_calls_each_shows_its_own_values(
    catalog: Catalog, open_panel: OpenPanel, text: Callable[..., str]
) -> None:
    two = [*BODY[:4], "    again = log(value, k)"]
    flow = open_panel(text(["again = [0, 0, 5, 4]"], two)).document.flow
    what = shown(View("again", "again", 0, 0, 5, 4), picture(flow, catalog))
    assert isinstance(what, Reading)
    assert what.variable == "flow.again.state"


def test_the_view_follows_a_new_name_and_says_when_the_node_has_gone(
    open_panel: OpenPanel, text: Callable[..., str]
) -> None:
    panel = open_panel(text(["logged = [0, 0, 5, 4]"]))
    panel.document.do(Rename("flow", "logged", "kept"))
    panel.refresh()
    assert [view.shows for view in panel.document.flow.header.panel["flow"].values()] == ["kept"]
    assert isinstance(panel.board.cards["flow.kept"].content, RecorderFace)


def test_what_the_panel_does_not_find_is_a_problem(open_panel: OpenPanel, text: Callable[..., str]) -> None:
    unnamed = [*BODY[:3], "    log(k, value)"]
    panel = open_panel(text(["log = [6, 0, 5, 4]", "call_1 = [0, 0, 5, 4]"], unnamed))
    assert isinstance(panel.board.cards["flow.call_1"].content, Farewell)
    found = [p for p in check(panel.document.flow, panel.catalog) if p.kind == "view"]
    assert [p.message for p in found] == ["The panel shows “call_1” of “flow”, which is not there."]


def test_a_recorder_that_is_deleted_takes_its_view_along(open_panel: OpenPanel, text: Callable[..., str]) -> None:
    panel = open_panel(text(["logged = [0, 0, 5, 4]"]))
    flow = panel.document.flow
    panel.document.do(wiring.remove(flow, picture(flow, panel.catalog, "flow"), ["log"]))
    assert dict(panel.document.flow.header.panel.get("flow", {})) == {}
