"""Groups of views and their tabs, by real mouse and key events: made, moved as one, named, and used while it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow.script import read, write
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.layout.grid import Cells
from flodesk.ui.settings import settings

BODY = [
    "a = control.slider(1.0)", "b = control.slider(1.0)", "c = control.slider(1.0)",
    "p = show.number(a)", "q = show.number(b)",
]  # fmt: skip
LOOSE = ["a = [0, 0, 4, 2]", "b = [4, 0, 4, 2]", "c = [0, 2, 8, 1]"]
GROUPED = [
    'a = { at = [0, 1, 4, 2], group = "Pump" }',
    'b = { at = [4, 1, 4, 2], group = "Pump" }',
    "c = [0, 3, 8, 1]",
]
TABBED = [
    'p = { at = [0, 1, 4, 2], group = "Tank", tab = "Level" }',
    'q = { at = [0, 1, 4, 2], group = "Tank", tab = "Flow" }',
    'a = { at = [0, 3, 4, 1], group = "Tank" }',
    "c = [6, 0, 4, 1]",
]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def hand(arrange: Callable[[str], Any], flow_text: Callable[..., str]) -> Callable[[list[str]], Any]:
    return lambda views: arrange(flow_text(BODY, views))


def test_ctrl_g_makes_a_group_whose_title_is_typed(hand: Any) -> None:
    on = hand(LOOSE)
    before = write(on.panel.document.flow)
    on.choose("a", "b")
    on.key(Qt.Key.Key_G, CTRL)
    on.type("Pump")
    assert on.lines == {
        "a": '{ at = [0, 1, 4, 2], group = "Pump" }', "b": '{ at = [4, 1, 4, 2], group = "Pump" }',
        "c": "[0, 3, 8, 1]",
    }  # fmt: skip
    assert on.panel.focusWidget() is on.glass, "the keyboard goes on with the panel"
    text = write(on.panel.document.flow)
    assert write(read(text)) == text
    on.undo()
    on.undo()
    assert write(on.panel.document.flow) == before


def test_ctrl_shift_g_takes_the_box_away(hand: Any) -> None:
    on = hand(GROUPED)
    on.click(on.title("Pump"))
    assert on.chosen() == {"a", "b"}
    on.key(Qt.Key.Key_G, CTRL, SHIFT)
    assert on.lines == {"a": "[0, 1, 4, 2]", "b": "[4, 1, 4, 2]", "c": "[0, 3, 8, 1]"}
    assert on.panel.board.titles() == {}
    assert on.panel.document.undo_title == "Ungroup the group “Pump”"


def test_a_title_moves_the_group_as_one_and_a_group_in_the_way_goes_down_as_one(hand: Any) -> None:
    on = hand(GROUPED)
    on.drag(on.title("Pump"), 2, 5)
    assert on.lines["a"] == '{ at = [2, 6, 4, 2], group = "Pump" }'
    assert on.lines["b"] == '{ at = [6, 6, 4, 2], group = "Pump" }'
    below = on.panel.board.cards["flow.c"].geometry()
    on.drag(QPoint(below.center().x(), below.bottom() - 2), 0, 1)
    assert on.lines["c"] == "[0, 3, 8, 2]"
    on.drag(QPoint(below.center().x(), below.bottom() + 46), 0, 1)
    assert on.lines["c"] == "[0, 3, 8, 3]", "it reaches into the title"
    assert on.lines["a"] == '{ at = [2, 7, 4, 2], group = "Pump" }'
    assert on.lines["b"] == '{ at = [6, 7, 4, 2], group = "Pump" }'


def test_a_view_that_is_dropped_on_a_group_joins_it_and_leaves_it_when_it_is_taken_out(hand: Any) -> None:
    on = hand(GROUPED)
    before = write(on.panel.document.flow)
    on.drag("c", 0, -2)
    assert on.lines["c"] == '{ at = [0, 1, 8, 1], group = "Pump" }'
    assert on.lines["a"] == '{ at = [0, 2, 4, 2], group = "Pump" }'
    on.undo()
    assert write(on.panel.document.flow) == before
    on.drag("b", 0, 6)
    assert on.lines["b"] == "[4, 7, 4, 2]"
    assert on.lines["a"] == GROUPED[0][4:], "the others stay in it"
    on.undo()
    on.drag("b", 1, 0)
    assert on.lines["b"] == '{ at = [5, 1, 4, 2], group = "Pump" }', "what is no more than a cell away stays in it"


def test_a_title_is_edited_in_place_and_refused_where_there_is_such_a_group(hand: Any, qtbot: QtBot) -> None:
    on = hand([*GROUPED[:2], 'c = { at = [0, 4, 8, 1], group = "Tank" }'])
    qtbot.mouseDClick(on.glass, Qt.MouseButton.LeftButton, pos=on.title("Pump"))
    with qtbot.waitSignal(on.panel.refused) as told:
        on.type("Tank")
    assert told.args == ["There is a group “Tank” on this page already: choose another title."]
    field = on.panel.arranging.naming.field
    field.selectAll()
    on.type("Motor")
    assert on.lines["a"] == '{ at = [0, 1, 4, 2], group = "Motor" }'
    assert on.panel.document.undo_title == "Rename the group “Pump” to “Motor”"
    on.click("c")
    on.key(Qt.Key.Key_F2)
    qtbot.keyClick(on.panel.arranging.naming.field, Qt.Key.Key_Escape)
    assert on.panel.arranging.naming.field is None
    assert on.lines["c"] == '{ at = [0, 4, 8, 1], group = "Tank" }'


def test_a_group_aligns_as_what_it_is(hand: Any) -> None:
    on = hand(
        ['a = { at = [2, 1, 3, 1], group = "Pump" }', 'b = { at = [5, 2, 3, 1], group = "Pump" }', "c = [0, 5, 4, 1]"]
    )
    on.click(on.title("Pump"))
    on.click("c", CTRL)
    on.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier, SHIFT)
    assert on.lines["a"] == '{ at = [0, 1, 3, 1], group = "Pump" }'
    assert on.lines["b"] == '{ at = [3, 2, 3, 1], group = "Pump" }'


# ------------------------------------------------------------------ tabs
def test_tabs_work_in_run_mode_and_what_is_hidden_is_not_watched(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(BODY, TABBED))
    cards = panel.board.cards
    assert cards["flow.p"].isVisible()
    assert not cards["flow.q"].isVisible()
    assert cards["flow.a"].isVisible(), "a view without a tab is seen with each"
    assert "flow.p" in panel.watched()
    assert "flow.q" not in panel.watched()
    tabs = panel.board.boxes.box("Tank").tabs  # type: ignore[union-attr]
    with qtbot.waitSignal(panel.watched_changed):
        qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    assert (cards["flow.p"].isVisible(), cards["flow.q"].isVisible()) == (False, True)
    assert "flow.p" not in panel.watched()
    assert "flow.q" in panel.watched()
    assert not panel.document.dirty, "which tab is shown is no part of the flow"
    tabs.setFocus()
    qtbot.keyClick(tabs, Qt.Key.Key_Left)
    assert cards["flow.p"].isVisible()
    panel.refresh()
    assert cards["flow.p"].isVisible()


def test_several_views_are_laid_on_tabs_in_one_place(hand: Any) -> None:
    on = hand(['a = { at = [0, 0, 4, 2], options = { label = "x" } }', "b = [4, 0, 6, 3]", "c = [0, 5, 8, 1]"])
    before = write(on.panel.document.flow)
    on.choose("b", "a")
    on.key(Qt.Key.Key_T, CTRL)
    on.type("Both")
    assert on.lines["a"].startswith("{ at = [0, 1, 6, 3], ")
    assert 'group = "Both", tab = "a"' in on.lines["a"]
    assert on.lines["b"] == '{ at = [0, 1, 6, 3], group = "Both", tab = "b" }'
    assert on.panel.board.shown_tabs() == {"Both": "a"}
    assert not on.panel.board.cards["flow.b"].isVisible()
    on.undo()
    on.undo()
    assert write(on.panel.document.flow) == before


def test_a_group_with_tabs_moves_with_all_of_them(hand: Any) -> None:
    on = hand(TABBED)
    on.drag(on.title("Tank"), 1, 1)
    assert [on.lines[name][:20] for name in "pqa"] == [
        "{ at = [1, 2, 4, 2],",
        "{ at = [1, 2, 4, 2],",
        "{ at = [1, 4, 4, 1],",
    ]
    on.key(Qt.Key.Key_Delete)
    assert list(on.lines) == ["c"]


def test_views_go_to_tabs_by_the_menu_and_by_the_mouse(hand: Any) -> None:
    on = hand(TABBED)
    entries = on.menu("a")
    assert entries["On every tab"].isChecked()
    entries["Flow"].trigger()
    assert on.lines["a"] == '{ at = [0, 3, 4, 1], group = "Tank", tab = "Flow" }'
    assert on.panel.board.shown_tabs() == {"Tank": "Flow"}
    on.menu("a")["New tab…"].trigger()
    on.type("Set")
    assert on.lines["a"] == '{ at = [0, 1, 4, 1], group = "Tank", tab = "Set" }'
    assert on.panel.board.shown_tabs() == {"Tank": "Set"}, "it is shown, also under its new name"
    on.drag("c", -6, 2)
    assert on.lines["c"] == '{ at = [0, 2, 4, 1], group = "Tank", tab = "Set" }', "it joins the tab that is shown"
    on.click(on.title("Tank"))
    on.menu(on.title("Tank"))["Take the tabs out"].trigger()
    assert "tab =" not in write(on.panel.document.flow)
    places = list(on.panel.board.places().values())
    assert not any(one.overlaps(other) for n, one in enumerate(places) for other in places[n + 1 :])


def test_the_menu_of_a_view_in_a_group_has_all_that_the_view_offers(hand: Any) -> None:
    on = hand([*GROUPED, 'p = { at = [0, 5, 4, 2], group = "Lone" }'])
    on.panel.board.cards["flow.p"].show_sample(Sample(1, 3.0))
    assert {"Freeze", "Looks…", "Show as", "Cut"} <= on.menu("p").keys(), "it is the whole of its group"
    on.click(on.title("Pump"))
    entries = on.menu("b")
    assert on.chosen() == {"a", "b"}, "the menu is of both"
    assert {"Only “b”", "Looks…", "Remove 2 views from panel", "Rename the group…"} <= entries.keys()
    entries["Add another view"].trigger()
    assert sorted(on.lines) == ["a", "b", "b_2", "c", "p"]
    assert "Looks…" not in on.menu(on.title("Pump")), "no view is there"


def test_a_tab_is_turned_and_renamed_while_the_panel_is_arranged(hand: Any, qtbot: QtBot) -> None:
    on = hand(TABBED)
    tabs = on.panel.board.boxes.box("Tank").tabs
    flow = tabs.mapTo(on.panel.board, tabs.tabRect(1).center())
    on.click(flow)
    assert on.panel.board.cards["flow.q"].isVisible()
    on.click("a")
    on.key(Qt.Key.Key_Right, CTRL)
    assert on.panel.board.cards["flow.p"].isVisible()
    qtbot.mouseDClick(on.glass, Qt.MouseButton.LeftButton, pos=flow)
    on.type("Rate")
    assert on.lines["q"] == '{ at = [0, 1, 4, 2], group = "Tank", tab = "Rate" }'


@pytest.mark.parametrize("tab", ["", "Level", "Flow"])
def test_a_name_is_edited_beside_the_others_and_hides_none(hand: Any, qtbot: QtBot, tab: str) -> None:
    on = hand(TABBED)
    board = on.panel.board
    tabs = board.boxes.box("Tank").tabs

    def areas() -> dict[str, QRect]:
        found = {name: tabs.tabRect(number) for number, name in enumerate(tabs.names)}
        return {name: area.translated(tabs.mapTo(board, QPoint())) for name, area in found.items()}

    before = areas()
    qtbot.mouseDClick(on.glass, Qt.MouseButton.LeftButton, pos=before[tab].center() if tab else on.title("Tank"))
    field = on.panel.arranging.naming.field
    assert field.text() == (tab or "Tank")
    hidden = [name for name, area in areas().items() if name != tab and field.geometry().intersects(area)]
    assert hidden == []
    assert tabs.geometry().right() >= tabs.tabRect(1).right(), "and none is pushed out"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert areas() == before


def test_a_tab_is_dragged_to_its_place_by_one_edit_of_the_order_of_lines(hand: Any, qtbot: QtBot) -> None:
    on = hand(TABBED)
    before = write(on.panel.document.flow)
    tabs = on.panel.board.boxes.box("Tank").tabs
    first, second = (tabs.mapTo(on.panel.board, tabs.tabRect(number).center()) for number in (0, 1))
    on.drag_to(first, second + QPoint(4, 0), drop=False)
    qtbot.keyClick(on.glass, Qt.Key.Key_Escape)
    assert tabs.names == ("Level", "Flow")
    qtbot.mouseRelease(on.glass, Qt.MouseButton.LeftButton, pos=second)
    assert write(on.panel.document.flow) == before, "Escape takes the drag back"
    on.drag_to(first, second + QPoint(4, 0))
    assert write(on.panel.document.flow) == before.replace(
        "".join(f"# {line}\n" for line in TABBED[:2]), "".join(f"# {line}\n" for line in TABBED[1::-1])
    )
    on.panel.refresh()
    assert tabs.names == ("Flow", "Level")
    assert on.panel.board.cards["flow.p"].isVisible(), "what was dragged is shown"
    assert on.panel.document.undo_title == "Move a tab of the group “Tank”"
    on.undo()
    assert write(on.panel.document.flow) == before
    assert tabs.names == ("Level", "Flow")


def test_keys_and_the_menu_move_the_tab_that_is_shown(hand: Any) -> None:
    on = hand(TABBED)
    on.click("p")
    on.key(Qt.Key.Key_Right, CTRL, SHIFT)
    on.panel.refresh()
    tabs = on.panel.board.boxes.box("Tank").tabs
    assert tabs.names == ("Flow", "Level")
    on.key(Qt.Key.Key_Right, CTRL, SHIFT)
    assert on.panel.document.steps == 1, "it is the last one"
    entries = on.menu("p")
    assert not entries["Move the tab right"].isEnabled()
    entries["Move the tab left"].trigger()
    on.panel.refresh()
    assert tabs.names == ("Level", "Flow")


def test_tabs_of_several_functions_stand_in_their_order(
    arrange: Callable[[str], Any], flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    text = flow_text(BODY, TABBED).replace("flodesk.main(flow)", "flodesk.main(flow, other)")
    text = text.replace(
        "# ///\nimport",
        '#\n# [tool.flodesk.panel.other]\n# r = { at = [0, 1, 4, 2], group = "Tank", tab = "Far" }\n# ///\nimport',
    ).replace("\n\nif __name__", "\n\ndef other():\n    r = control.slider(1.0)\n\n\nif __name__")
    on = arrange(text)
    tabs = on.panel.board.boxes.box("Tank").tabs
    assert tabs.names == ("Level", "Flow", "Far")
    ends = [tabs.mapTo(on.panel.board, tabs.tabRect(number).center()) for number in (2, 0)]
    with qtbot.waitSignal(on.panel.refused) as told:
        on.drag_to(*ends)
    assert told.args == [
        "The tabs of “Tank” cannot stand like that: those that show one function come before those that show the next."
    ]
    assert tabs.names == ("Level", "Flow", "Far")
    assert on.panel.document.steps == 0


def test_the_tab_that_was_shown_last_is_shown_again_and_is_not_in_the_file(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(BODY, TABBED))
    tabs = panel.board.boxes.box("Tank").tabs  # type: ignore[union-attr]
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    assert panel.document.steps == 0
    again = open_panel(flow_text(BODY, TABBED))
    assert again.board.cards["flow.q"].isVisible()
    assert again.document.path is not None
    panel.document.save(other := again.document.path.with_name("other.py"))
    again.document.open(other)
    qtbot.waitUntil(lambda: "flow.q" in again.board.cards)
    assert again.board.cards["flow.q"].isVisible(), "a copy that was saved elsewhere has it, too"


@pytest.mark.parametrize("odd", ["nonsense", "[]", '{"x": 3}', '{"PATH": {"": 3}}', '{"PATH": {"": {"Tank": "Gone"}}}'])
def test_odd_settings_show_the_first_tab(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str], tmp_path: Path, odd: str
) -> None:
    settings().setValue("group_tabs", odd.replace("PATH", str(tmp_path / "flow.py")))
    assert open_panel(flow_text(BODY, TABBED)).board.cards["flow.p"].isVisible()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ((Qt.Key.Key_T, CTRL), "Select two views at least to lay them on tabs"),
        ((Qt.Key.Key_G, CTRL, SHIFT), "Select a group first"),
        ((Qt.Key.Key_X, SHIFT, Qt.KeyboardModifier.AltModifier), "Select three views or groups at least first"),
    ],
)
def test_a_key_that_has_too_little_to_work_on_says_what_to_select(
    hand: Any, qtbot: QtBot, keys: tuple[Any, ...], said: str
) -> None:
    on = hand(LOOSE)
    on.click("a")
    with qtbot.waitSignal(on.panel.refused) as told:
        on.key(*keys)
    assert told.args[0].startswith(said)
    assert on.panel.document.steps == 0


def test_a_view_on_a_hidden_tab_is_no_longer_selected(hand: Any) -> None:
    on = hand(TABBED)
    on.click("p")
    on.panel.board.boxes.turn("Tank", "Flow")
    assert on.chosen() == set()
    on.key(Qt.Key.Key_A, CTRL)
    assert on.chosen() == {"p", "q", "a", "c"}, "all: hidden tabs go along with their group"


def test_a_group_at_the_top_of_a_hand_written_file_is_shown_without_an_edit(hand: Any) -> None:
    on = hand(['a = { at = [0, 0, 4, 2], group = "Pump" }', "b = [0, 2, 4, 2]"])
    assert on.panel.board.places() == {"flow.a": Cells(0, 1, 4, 2), "flow.b": Cells(0, 3, 4, 2)}
    assert not on.panel.document.dirty


def test_a_tab_that_is_gone_makes_way_for_the_first(hand: Any) -> None:
    on = hand(TABBED)
    on.panel.board.boxes.turn("Tank", "Flow")
    on.click("q")
    on.key(Qt.Key.Key_Delete)
    assert on.panel.board.shown_tabs() == {"Tank": "Level"}
    assert on.panel.board.cards["flow.p"].isVisible()
    on.undo()
    assert set(on.panel.board.shown_tabs()) == {"Tank"}


def test_a_box_is_painted_behind_its_views(hand: Any) -> None:
    on = hand(GROUPED)
    box = on.panel.board.boxes.box("Pump")
    assert box.accessibleName() == "Pump"
    assert box.geometry().contains(on.panel.board.cards["flow.b"].geometry())
    below = on.panel.board.children()
    assert below.index(box) < below.index(on.panel.board.cards["flow.a"])
