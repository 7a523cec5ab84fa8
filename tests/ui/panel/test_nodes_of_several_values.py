"""A node of several values (a player of two columns): each has its name, on its card and in *Add view*."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from flodesk.engine.preview import Preview
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.ui.canvas.card import output_label
from flodesk.ui.panel import ControlPanel
from flodesk.ui.subject import Subject

BODY = ['for k, value in record.play("s.arrows"):', "    twice = maths.scale(value)"]
OpenPanel = Callable[[str], ControlPanel]


@pytest.fixture
def panel(open_panel: OpenPanel, flow_text: Callable[..., str]) -> ControlPanel:
    made = open_panel(flow_text(BODY, []).replace("import control,", "import control, record,"))
    made.dropping.fitting.known = lambda value: Preview("number", "1.5")
    return made


def listed(menu: QMenu) -> dict[str, QMenu | None]:
    """The entries of a menu in order, headings among them, and what is below each."""
    found = {}
    for action in menu.actions():
        below = action.menu()
        found[action.text()] = below if isinstance(below, QMenu) else None
    assert len(found) == len(menu.actions()), "no two are named alike"
    return found


def test_each_port_of_its_card_has_the_name_of_its_column(panel: ControlPanel, catalog: Catalog) -> None:
    graph = picture(panel.document.flow, catalog)
    player, scaled = graph.nodes["k"], graph.nodes["twice"]
    assert [output_label(player, port) for port in player.outputs] == ["k", "value"]
    assert [output_label(scaled, port) for port in scaled.outputs] == ["value"], "its name stands above it"


def test_the_menu_of_its_values_says_of_which_each_group_is(panel: ControlPanel, qtbot: QtBot) -> None:
    menu = panel.bar.menu
    menu.popup(panel.mapToGlobal(QPoint(10, 10)))
    below = listed(menu)["k"]
    assert below is not None
    below.popup(panel.mapToGlobal(QPoint(60, 60)))
    titles = list(listed(below))
    assert titles[0] == "Show k"
    assert below.actions()[0].isSeparator(), "a heading"
    assert [title for title in titles if title.startswith("Show")] == [
        "Show k",
        "Show k with a node of its own",
        "Show value",
        "Show value with a node of its own",
    ]
    assert "With a node of its own" not in titles
    shown = listed(below)["Show value"]
    assert shown is not None
    next(action for action in shown.actions() if action.text() == "Gauge").trigger()
    below.close()
    menu.close()
    assert [view.shows for view in panel.document.flow.header.panel["flow"].values()] == ["k.value"]


def test_enter_takes_the_best_form_of_the_first_value_below_its_heading(panel: ControlPanel, qtbot: QtBot) -> None:
    panel.dropping.ask(Subject("node", "flow", "k"), panel, panel.mapToGlobal(QPoint(10, 10)))
    menu = panel.dropping.menu
    assert menu is not None
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is menu)
    assert not menu.activeAction().isSeparator()
    best = panel.dropping.fitting.of(Subject("node", "flow", "k")).best
    assert best is not None
    assert menu.activeAction().text() == best.title
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "flow" in panel.document.flow.header.panel)
    assert [view.shows for view in panel.document.flow.header.panel["flow"].values()] == ["k.k"]


def test_a_panel_of_a_flow_without_controls_says_so(panel: ControlPanel) -> None:
    menu = panel.bar.menu
    menu.popup(panel.mapToGlobal(QPoint(10, 10)))
    assert list(listed(menu)) == ["The flow has no control and no indicator yet", "Values and fields", "k", "twice"]
    menu.close()
