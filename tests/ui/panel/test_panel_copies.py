"""Views copied, cut, pasted and duplicated by keys: within a page, to another one, into another flow, into a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow.model import View
from flodesk.flow.script import read, write
from flodesk.flow.view_text import NoViewsError, views_in, views_text
from flodesk.public import Line, Trace
from flodesk.ui.panel.layout.grid import Cells

BODY = ["a = control.slider(1.0)", "b = control.slider(1.0)", "p = show.number(a)"]
VIEWS = [
    'a = { at = [0, 1, 4, 1], group = "Pump" }',
    'p = { at = [0, 2, 4, 2], group = "Pump", options = { as = "show.bar" } }',
    "b = [6, 0, 4, 2]",
]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def hand(arrange: Callable[[str], Any], flow_text: Callable[..., str]) -> Any:
    return arrange(flow_text(BODY, VIEWS))


def clipboard() -> str:
    return QApplication.clipboard().text()


def test_what_is_copied_are_the_lines_of_the_header(hand: Any) -> None:
    hand.click(hand.title("Pump"))
    hand.key(Qt.Key.Key_C, CTRL)
    assert clipboard() == f"# [tool.flodesk.panel.flow]\n# {VIEWS[0]}\n# {VIEWS[1]}\n"
    hand.choose("b", "p")
    hand.key(Qt.Key.Key_C, CTRL)
    assert clipboard() == (
        '# [tool.flodesk.panel.flow]\n# p = { at = [0, 2, 4, 2], options = { as = "show.bar" } }\n# b = [6, 0, 4, 2]\n'
    ), "a part of a group is none"
    assert not hand.panel.document.dirty


def test_a_copy_goes_where_there_is_room_and_is_selected(hand: Any) -> None:
    before = write(hand.panel.document.flow)
    hand.choose("b")
    hand.key(Qt.Key.Key_C, CTRL)
    hand.key(Qt.Key.Key_V, CTRL)
    assert hand.lines["b_2"] == '{ at = [4, 2, 4, 2], shows = "b" }'
    assert hand.chosen() == {"b_2"}
    hand.key(Qt.Key.Key_V, CTRL)
    assert "b_3" in hand.lines
    text = write(hand.panel.document.flow)
    assert write(read(text)) == text
    hand.undo()
    hand.undo()
    assert write(hand.panel.document.flow) == before


def test_cut_and_paste_give_the_same_lines(hand: Any) -> None:
    hand.choose("a", "b")
    hand.key(Qt.Key.Key_X, CTRL)
    assert list(hand.lines) == ["p"]
    assert hand.panel.document.undo_title == "Cut 2 views"
    hand.key(Qt.Key.Key_V, CTRL)
    assert set(hand.lines) == {"a", "b", "p"}
    cells = hand.panel.board.places()
    assert cells["flow.b"].column - cells["flow.a"].column == 6, "as they lay to one another"
    assert cells["flow.b"].row - cells["flow.a"].row == -1


def test_a_whole_group_is_copied_as_one_of_its_own(hand: Any) -> None:
    hand.click(hand.title("Pump"))
    hand.key(Qt.Key.Key_D, CTRL)
    assert hand.lines["a_2"] == '{ at = [0, 5, 4, 1], shows = "a", group = "Pump 2" }'
    assert hand.lines["p_2"] == '{ at = [0, 6, 4, 2], shows = "p", group = "Pump 2", options = { as = "show.bar" } }'
    assert hand.panel.document.undo_title == "Duplicate the group “Pump”"
    assert set(hand.panel.board.titles()) == {"Pump", "Pump 2"}


def test_pasting_by_the_menu_goes_to_the_place_of_the_mouse_and_pushes_down(hand: Any) -> None:
    hand.choose("b")
    hand.key(Qt.Key.Key_C, CTRL)
    ground = QPoint(hand.at("b").x() - 40, hand.at("p").y() + 150)
    hand.menu(ground)["Paste"].trigger()
    at = hand.panel.board.metrics().cell_at(ground.x(), ground.y())
    assert hand.panel.board.places()["flow.b_2"] == Cells(*at, 4, 2)
    hand.menu("b")["Paste"].trigger()
    assert hand.panel.board.places()["flow.b"].row > 0


def test_views_are_pasted_on_another_page(hand: Any) -> None:
    hand.click(hand.title("Pump"))
    hand.key(Qt.Key.Key_C, CTRL)
    hand.panel.pages.add()
    hand.panel.refresh()
    hand.key(Qt.Key.Key_V, CTRL)
    assert hand.lines["a_2"] == '{ at = [0, 1, 4, 1], shows = "a", page = "Page 2", group = "Pump" }'
    assert set(hand.panel.board.cards) == {"flow.a_2", "flow.p_2"}


def test_a_group_goes_to_another_page_as_one(hand: Any) -> None:
    hand.click(hand.title("Pump"))
    hand.menu(hand.title("Pump"))["New page"].trigger()
    assert hand.lines["a"] == '{ at = [0, 1, 4, 1], page = "Page 2", group = "Pump" }'
    hand.undo()
    hand.click("p")
    hand.menu("p")["New page"].trigger()
    assert hand.lines["p"] == '{ at = [0, 0, 4, 2], page = "Page 2", options = { as = "show.bar" } }', "a part is none"


def test_a_view_of_a_node_that_another_flow_lacks_says_so(
    hand: Any, arrange: Callable[[str], Any], flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    hand.key(Qt.Key.Key_A, CTRL)
    hand.key(Qt.Key.Key_C, CTRL)
    other = arrange(
        flow_text(["b = control.slider(1.0)"], []).replace("def flow", "def main_loop").replace("(flow)", "(main_loop)")
    )
    with qtbot.waitSignal(other.panel.refused) as told:
        other.key(Qt.Key.Key_V, CTRL)
    assert "“a”, “p”" in told.args[0]
    cards = other.panel.board.cards
    assert set(cards) == {"main_loop.a", "main_loop.p", "main_loop.b"}
    assert cards["main_loop.a"].content.accessibleName() == "The flow “main_loop” has no node “a” any more."
    assert cards["main_loop.b"].shown.title == "b"
    other.undo()
    assert not other.panel.board.cards


@pytest.mark.parametrize(
    "text", ["", "a = 1\n", "# [tool.flodesk.panel.flow]\n# a = [0, 0]\n", "# [tool.flodesk.panel.x"]
)
def test_what_is_no_view_is_not_pasted(hand: Any, qtbot: QtBot, text: str) -> None:
    QApplication.clipboard().setText(text)
    with qtbot.waitSignal(hand.panel.refused) as told:
        hand.key(Qt.Key.Key_V, CTRL)
    assert told.args[0].startswith(("The clipboard has no views", "The views on the clipboard cannot be read"))
    assert not hand.panel.document.dirty


def test_lines_of_a_header_are_read_from_any_text_that_has_them() -> None:
    views = {"flow": [View("a", "a", 0, 0, 4, 1), View("größe", "a.x", 0, 1, 2, 2, page="Two", group="G", tab="T")]}
    text = views_text(views)
    assert views_in(text) == views
    assert views_in(text.replace("# ", "")) == views, "an editor may have taken the signs off"
    assert views_in(f"# /// script\n# [tool.flodesk]\n# version = 1\n#\n{text}# ///\nimport flodesk\n") == views
    with pytest.raises(NoViewsError, match=r"should be \[column, row"):
        views_in(text.replace("4, 1]", '"x"]'))


def test_no_key_stands_twice_in_the_menu_of_a_plot(
    flow_text: Callable[..., str], arrange: Callable[[str], Any]
) -> None:
    on = arrange(flow_text(["p = show.line(timing.clock(1.0))"], ["p = [0, 0, 6, 4]"]))
    on.panel.show_values({"flow.p": Sample(1, Line(traces=(Trace([0.0, 1.0], [0.0, 1.0]),)))})
    on.choose("p")
    entries = on.menu("p")
    assert "Copy what is seen as CSV" in entries
    keys = [key for key in (entry.shortcut().toString() for entry in entries.values()) if key]
    assert entries["Copy"].shortcut().toString() == "Ctrl+C"
    assert len(keys) == len(set(keys))


def test_the_menu_of_the_ground_adds_pastes_and_selects(
    hand: Any, flow_text: Callable[..., str], arrange: Callable[[str], Any]
) -> None:
    on = arrange(flow_text(BODY, VIEWS[2:]))
    ground = QPoint(on.at("b").x(), on.at("b").y() + 200)
    entries = on.menu(ground)
    assert {"Paste", "Add view", "Select all", "End arranging"} <= set(entries)
    entries["Select all"].trigger()
    assert on.chosen() == {"b"}
    on.click(ground)
    on.menu(ground)["a   (Slider)"].trigger()
    at = on.panel.board.metrics().cell_at(ground.x(), ground.y())
    assert on.lines["a"].startswith(f"[{min(at[0], 7)}, {at[1]}, 5,")
    on.menu(ground + QPoint(0, 120))["End arranging"].trigger()
    assert not on.panel.editing
    entries = on.menu(ground + QPoint(0, 120), board=True)
    assert "Select all" not in entries
    entries["Arrange"].trigger()
    assert on.panel.editing
