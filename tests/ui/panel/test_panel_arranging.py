"""Arranging the panel by real mouse and key events: the header's lines change, and one gesture is one undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import RemoveNode
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.layout.grid import Cells

BODY = [
    "gain = control.slider(1.0)",
    "on = control.switch()",
    "spare = control.number(2.0)",
    "seen = show.number(gain)",
]
VIEWS = ["gain = [0, 0, 6, 2]", "on = [0, 2, 4, 1]", "seen = [6, 0, 4, 2]"]
OpenPanel = Callable[[str], ControlPanel]


@pytest.fixture
def panel(open_panel: OpenPanel, flow_text: Callable[..., str]) -> ControlPanel:
    made = open_panel(flow_text(BODY, VIEWS))
    made.set_editing(True)
    return made


def lines(panel: ControlPanel) -> dict[str, str]:
    """The lines of the panel's table in the flow's text, by view."""
    text = write(panel.document.flow).split("# [tool.flodesk.panel.flow]\n")[-1].split("# ///")[0]
    return dict(line.removeprefix("# ").split(" = ", 1) for line in text.splitlines() if " = " in line)


def middle(panel: ControlPanel, key: str) -> QPoint:
    return panel.board.cards[key].geometry().center()


def drag(qtbot: QtBot, panel: ControlPanel, start: QPoint, columns: float, rows: float, *, drop: bool = True) -> None:
    glass = panel.board.glass
    way = QPointF(columns * panel.board.metrics().column, rows * 48).toPoint()
    qtbot.mousePress(glass, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(glass, start + way * step / 5)
    if drop:
        qtbot.mouseRelease(glass, Qt.MouseButton.LeftButton, pos=start + way)


def test_a_drag_moves_a_view_and_is_one_undo(panel: ControlPanel, qtbot: QtBot) -> None:
    before = write(panel.document.flow)
    drag(qtbot, panel, middle(panel, "flow.seen"), 2.2, 3.1)
    assert lines(panel) == {"gain": "[0, 0, 6, 2]", "on": "[0, 2, 4, 1]", "seen": "[8, 3, 4, 2]"}
    qtbot.waitUntil(lambda: panel.board.places()["flow.seen"] == Cells(8, 3, 4, 2))
    panel.document.undo()
    assert write(panel.document.flow) == before
    qtbot.waitUntil(lambda: panel.board.places()["flow.seen"] == Cells(6, 0, 4, 2))


def test_a_view_dragged_onto_others_pushes_them_down_in_the_same_undo(panel: ControlPanel, qtbot: QtBot) -> None:
    before = write(panel.document.flow)
    drag(qtbot, panel, middle(panel, "flow.seen"), -6, 0)
    assert lines(panel) == {"gain": "[0, 2, 6, 2]", "on": "[0, 4, 4, 1]", "seen": "[0, 0, 4, 2]"}
    panel.document.undo()
    assert write(panel.document.flow) == before


def test_a_view_cannot_be_dragged_off_the_grid(panel: ControlPanel, qtbot: QtBot) -> None:
    drag(qtbot, panel, middle(panel, "flow.gain"), 20, -20)
    assert lines(panel)["gain"] == "[6, 0, 6, 2]"


@pytest.mark.parametrize(
    ("edge", "columns", "rows", "expected"),
    [
        ("right", 2, 0, "[0, 2, 6, 1]"), ("right", -9, 0, "[0, 2, 1, 1]"), ("bottom", 0, 2, "[0, 2, 4, 3]"),
        ("corner", 3, 1, "[0, 2, 7, 2]"),
    ],
)  # fmt: skip
def test_an_edge_resizes(panel: ControlPanel, qtbot: QtBot, edge: str, columns: int, rows: int, expected: str) -> None:
    area = panel.board.cards["flow.on"].geometry()
    start = {
        "right": QPoint(area.right() - 2, area.center().y()),
        "bottom": QPoint(area.center().x(), area.bottom() - 2),
        "corner": area.bottomRight() - QPoint(2, 2),
    }[edge]
    drag(qtbot, panel, start, columns, rows)
    assert lines(panel)["on"] == expected


def test_the_left_edge_resizes_to_the_left(panel: ControlPanel, qtbot: QtBot) -> None:
    area = panel.board.cards["flow.seen"].geometry()
    drag(qtbot, panel, QPoint(area.left() + 2, area.center().y()), 2, 0)
    assert lines(panel)["seen"] == "[8, 0, 2, 2]"


def test_a_press_without_a_move_changes_nothing(panel: ControlPanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(panel.board.glass, Qt.MouseButton.LeftButton, pos=middle(panel, "flow.gain"))
    assert panel.board.glass.selected == "flow.gain"
    assert not panel.document.dirty


def test_escape_takes_a_drag_back(panel: ControlPanel, qtbot: QtBot) -> None:
    drag(qtbot, panel, middle(panel, "flow.seen"), -6, 0, drop=False)
    assert panel.board.places()["flow.gain"].row == 2
    qtbot.keyClick(panel.board.glass, Qt.Key.Key_Escape)
    qtbot.mouseRelease(panel.board.glass, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert panel.board.places()["flow.gain"] == Cells(0, 0, 6, 2)
    assert not panel.document.dirty


def test_keys_walk_move_resize_and_remove(panel: ControlPanel, qtbot: QtBot) -> None:
    glass = panel.board.glass
    glass.setFocus()
    qtbot.keyClick(glass, Qt.Key.Key_Tab)
    qtbot.keyClick(glass, Qt.Key.Key_Tab)
    assert glass.selected == "flow.seen"
    qtbot.keyClick(glass, Qt.Key.Key_Right)
    qtbot.keyClick(glass, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert lines(panel)["seen"] == "[7, 0, 4, 3]"
    qtbot.keyClick(glass, Qt.Key.Key_Delete)
    assert "seen" not in lines(panel)
    qtbot.waitUntil(lambda: "flow.seen" not in panel.board.cards)
    assert "seen = show.number(gain)" in write(panel.document.flow), "the node stays"
    panel.document.undo()
    qtbot.waitUntil(lambda: "flow.seen" in panel.board.cards)


def test_controls_cannot_be_turned_while_the_panel_is_arranged(panel: ControlPanel, qtbot: QtBot) -> None:
    card = panel.board.cards["flow.on"]
    at = card.mapTo(panel.board, card.content.geometry().center())  # type: ignore[union-attr]
    assert panel.board.childAt(at) is panel.board.glass
    panel.bar.arrange.click()
    assert not panel.editing
    assert panel.board.childAt(at) is not panel.board.glass


def test_a_spare_control_is_offered_and_added_at_a_free_place(panel: ControlPanel, qtbot: QtBot) -> None:
    panel.bar.menu.aboutToShow.emit()
    offered = panel.bar.menu.actions()
    first = next((n for n, action in enumerate(offered) if action.isSeparator()), len(offered))
    assert [action.text().split()[0] for action in offered[:first]] == ["spare"]
    offered[0].trigger()
    cells = [int(number) for number in lines(panel)["spare"].strip("[]").split(",")]
    qtbot.waitUntil(lambda: "flow.spare" in panel.board.cards)
    added = Cells(*cells)
    others = {key: place for key, place in panel.board.places().items() if key != "flow.spare"}
    assert not any(added.overlaps(other) for other in others.values())
    panel.document.undo()
    assert "spare" not in lines(panel)


def test_a_view_of_a_node_that_is_gone_says_so_and_can_be_removed(
    open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(BODY, [*VIEWS, "lost = [0, 3, 6, 3]"]))
    card = panel.board.cards["flow.lost"]
    button = card.content.findChild(QPushButton)  # type: ignore[union-attr]
    assert card.content.accessibleName() == "The flow “flow” has no node “lost” any more."  # type: ignore[union-attr]
    for rows in (3, 2, 1):
        card.resize(card.width(), rows * 48 - 8)
        assert button.geometry().bottom() < card.content.height(), f"cut in {rows} rows"  # type: ignore[union-attr]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "lost" not in lines(panel)
    qtbot.waitUntil(lambda: "flow.lost" not in panel.board.cards)


def test_a_view_whose_node_leaves_and_returns_comes_back(panel: ControlPanel, qtbot: QtBot) -> None:
    panel.document.do(RemoveNode("flow", "spare"))
    panel.document.undo()
    panel.document.do(RemoveNode("flow", "on"))
    qtbot.waitUntil(lambda: "flow.on" not in panel.board.cards or panel.board.cards["flow.on"].variable == "")
    panel.document.undo()
    qtbot.waitUntil(lambda: "flow.on" in panel.board.cards and panel.board.cards["flow.on"].title == "on")


def test_an_empty_panel_says_what_to_do(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    empty = open_panel(flow_text(["pass"], []))
    assert empty.board.accessibleDescription().startswith("Drop a port or a field")
    spare = open_panel(flow_text(BODY, []))
    assert (
        spare.board.accessibleDescription()
        == "The flow has 4 controls and indicators. Press “Add view” to show them here."
    )
    one = open_panel(flow_text(BODY[:1], []))
    said = "The flow has one control or indicator. Press “Add view” to show it here."
    assert one.board.accessibleDescription() == said


def test_places_off_the_grid_and_on_each_other_are_shown_without_an_edit(
    open_panel: OpenPanel, flow_text: Callable[..., str]
) -> None:
    panel = open_panel(flow_text(BODY, ["gain = [0, 0, 40, 2]", "on = [-3, 1, 4, 1]", "seen = [11, 0, 4, 2]"]))
    places = list(panel.board.places().values())
    assert all(0 <= cells.column <= cells.column + cells.width <= 12 for cells in places)
    assert not any(a.overlaps(b) for i, a in enumerate(places) for b in places[i + 1 :])
    assert not panel.document.dirty


def test_a_panel_that_is_gone_leaves_the_document_alone(
    open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(BODY, VIEWS))
    document = panel.document
    count = len(document.listeners)
    panel.deleteLater()
    qtbot.waitUntil(lambda: len(document.listeners) == count - 1)
