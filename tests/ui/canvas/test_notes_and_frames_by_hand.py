"""Notes and frames with a mouse and a keyboard: made, written, moved with what lies on them, resized, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flodesk.flow.pieces import Box, pieces
from flodesk.flow.script import read, write
from flodesk.ui.canvas.pieces.note_field import NoteField
from flodesk.ui.canvas.pieces.note_item import NoteItem
from flodesk.ui.canvas.rename import NameField

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape
TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# level = [0, 0]
# signal = [0, 240]
# louder = [300, 100]
# size = [700, 100]
#
# [tool.flodesk.notes.flow]
# note_1 = { at = [700, 300, 240, 120], text = "# Size\\n\\nSee [loud](#louder) and [it](https://example.org/)" }
#
# [tool.flodesk.frames.flow]
# frame_1 = { at = [-40, -60, 560, 480], title = "Making it" }
# frame_2 = { at = [260, 40, 230, 220], title = "Inner", color = "green" }
# ///
import flodesk
from flodesk.nodes import control, dsp, maths, source


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    signal = source.sine(0, frequency=5.0, samples=50)
    louder = maths.multiply(signal, level)
    size = dsp.rms(louder)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def hand(open_canvas: Callable[..., Any]) -> Any:
    opened = open_canvas(TEXT)
    opened.canvas.zoom_to(1.0)
    opened.canvas.viewer.move_to(QPointF(-120, -160))
    QApplication.processEvents()
    return opened


def at(hand: Any, x: float, y: float) -> QPoint:
    place: QPoint = hand.canvas.viewer.mapFromScene(QPointF(x, y))
    return place


def boxes(hand: Any) -> dict[str, Box]:
    return {key[1]: piece.box for key, piece in pieces(hand.canvas.document.flow, "flow").items()}


def places(hand: Any) -> dict[str, tuple[float, float]]:
    return dict(hand.canvas.document.flow.header.canvas["flow"])


def check(hand: Any) -> None:
    """What is drawn is what the flow says, and the file comes back as it is."""
    hand.check()
    drawn = {key: item.piece for key, item in hand.canvas.board.pieces.items()}
    assert drawn == pieces(hand.canvas.document.flow, "flow")
    assert all(item.flat() == item.piece.box for item in hand.canvas.board.pieces.values())
    assert write(read(hand.text)) == hand.text


def field(hand: Any) -> Any:
    return hand.canvas.pieces.field


def test_a_frame_takes_along_what_lies_on_it_and_frames_on_it(hand: Any) -> None:
    before, cards = boxes(hand), places(hand)
    hand.drag(at(hand, 60, -45), at(hand, 100, -15))
    after = boxes(hand)
    assert after["frame_1"] == (0.0, -30.0, 560.0, 480.0)
    assert after["frame_2"][:2] == (before["frame_2"][0] + 40, before["frame_2"][1] + 30)
    assert after["note_1"] == before["note_1"]
    assert places(hand) == {k: (x + 40, y + 30) if k != "size" else (x, y) for k, (x, y) in cards.items()}
    check(hand)
    assert hand.undo_steps == 1
    hand.canvas.document.undo()
    assert hand.text == TEXT
    check(hand)


def test_escape_puts_a_frame_and_its_cards_back(hand: Any) -> None:
    hand.drag(at(hand, 60, -45), at(hand, 160, 75), drop=False)
    hand.key(ESC)
    hand.release(at(hand, 160, 75))
    assert hand.text == TEXT
    check(hand)


def test_a_card_dropped_out_of_a_frame_stays_when_the_frame_goes(hand: Any) -> None:
    start = hand.canvas.node_center("louder")
    hand.drag(start, start + QPoint(0, 340))
    before = places(hand)
    hand.drag(at(hand, 60, -45), at(hand, 60, -75))
    assert places(hand)["louder"] == before["louder"]
    assert places(hand)["level"] != before["level"]


def test_a_card_that_is_dragged_lights_the_frame_that_it_would_come_into(hand: Any) -> None:
    frame = hand.canvas.board.pieces["frame", "frame_1"]
    start = hand.canvas.node_center("size")
    hand.drag(start, start - QPoint(560, 0), drop=False)
    assert frame.lit
    assert not hand.canvas.board.pieces["frame", "frame_2"].lit
    hand.release(start - QPoint(560, 0))
    assert not frame.lit


def test_a_frame_with_its_cards_selected_moves_them_once(hand: Any) -> None:
    hand.canvas.select_all()
    hand.drag(at(hand, 60, -45), at(hand, 90, -45))
    assert {k: x for k, (x, _) in places(hand).items()} == {"level": 30, "signal": 30, "louder": 330, "size": 730}
    assert boxes(hand)["note_1"][0] == 730
    check(hand)


@pytest.mark.parametrize(("grip", "to", "box"), [
    ((518, 200), (568, 200), (-40, -60, 610, 480)), ((-38, 200), (-98, 200), (-100, -60, 620, 480)),
    ((200, 418), (200, 458), (-40, -60, 560, 520)), ((518, 418), (498, 398), (-40, -60, 540, 460)),
    ((200, -62), (200, -92), (-40, -90, 560, 510)), ((518, 418), (-900, -900), (-40, -60, 96, 48)),
])  # fmt: skip
def test_edges_and_corners_resize(
    hand: Any, grip: tuple[float, float], to: tuple[float, float], box: tuple[float, ...]
) -> None:
    hand.drag(at(hand, *grip), at(hand, *to))
    assert boxes(hand)["frame_1"] == box
    assert places(hand)["level"] == (0, 0), "resizing moves no card"
    assert hand.undo_steps == 1
    check(hand)
    hand.canvas.document.undo()
    assert hand.text == TEXT


@pytest.mark.parametrize(("x", "y"), [(-42, 200), (-42, 422), (240, -62), (522, 200)])
def test_an_edge_is_let_go_of_though_a_marquee_was_left_open(hand: Any, x: float, y: float) -> None:
    hand.canvas.viewer._rubber_band.isActive = True  # NodeGraphQt's: it would eat the release
    hand.drag(at(hand, x, y), at(hand, x - 40 if x < 500 else x + 40, y + 40 if y > 400 else y - 40))
    assert boxes(hand)["frame_1"] != (-40, -60, 560, 480)
    assert not any(frame.resizing for frame in hand.canvas.board.frames())
    assert hand.undo_steps == 1
    check(hand)


def test_escape_gives_up_a_resize(hand: Any) -> None:
    for grip in ((518, 200), (-38, 200)):
        hand.drag(at(hand, *grip), at(hand, 600, 100), drop=False)
        hand.key(ESC)
        hand.release(at(hand, 600, 100))
        assert hand.text == TEXT
        check(hand)


def test_a_frame_is_drawn_around_the_selection_and_titled_in_one_step(hand: Any) -> None:
    hand.canvas.select(["size"])
    hand.canvas.pieces.add_frame()
    assert isinstance(field(hand), NameField)
    QTest.keyClicks(field(hand), "Measured")
    QTest.keyClick(field(hand), ENTER)
    made = pieces(hand.canvas.document.flow, "flow")["frame", "frame_3"]
    card = hand.canvas.board.cards["size"].box()
    assert made.text == "Measured"
    assert made.box[0] < card.left() - 20
    assert made.box[1] + made.box[3] > card.bottom() + 20
    check(hand)
    assert hand.undo_steps == 1
    hand.canvas.document.undo()
    assert hand.text == TEXT


def test_the_title_of_a_frame_is_edited_where_it_stands(hand: Any) -> None:
    hand.double_click(at(hand, 60, -45))
    QTest.keyClicks(field(hand), "Louder")
    QTest.keyClick(field(hand), ENTER)
    assert pieces(hand.canvas.document.flow, "flow")["frame", "frame_1"].text == "Louder"
    assert hand.canvas.viewer.hasFocus()
    hand.key(Qt.Key.Key_F2)
    QTest.keyClicks(field(hand), "Other")
    QTest.keyClick(field(hand), ESC)
    assert pieces(hand.canvas.document.flow, "flow")["frame", "frame_1"].text == "Louder", "Esc leaves a title"
    check(hand)


def test_a_double_click_on_the_ground_of_a_frame_adds_a_node(hand: Any) -> None:
    asked: list[Any] = []
    hand.canvas.quick_add_requested.connect(lambda *given: asked.append(given))
    hand.double_click(at(hand, 400, 380))
    assert len(asked) == 1
    assert field(hand) is None


def test_a_marquee_begins_on_a_frame_and_chooses_frames_that_it_goes_around(hand: Any) -> None:
    hand.drag(at(hand, 215, 20), at(hand, 510, 300))
    assert hand.canvas.selection() == ["louder"]
    assert [item.piece.id for item in hand.canvas.pieces.selected()] == ["frame_2"]
    assert hand.text == TEXT


@pytest.mark.parametrize(("key", "keys"), [(ESC, Qt.KeyboardModifier.NoModifier), (ENTER, CTRL)])
def test_a_note_is_typed_where_it_is_wanted(hand: Any, key: Qt.Key, keys: Qt.KeyboardModifier) -> None:
    hand.canvas.pieces.add_note(QPointF(500, -60))
    assert isinstance(field(hand), NoteField)
    assert hand.text == TEXT, "nothing is there before something stands on it"
    QTest.keyClicks(field(hand), "# Why")
    QTest.keyClick(field(hand), ENTER)
    QTest.keyClicks(field(hand), "It *hums*")
    QTest.keyClick(field(hand), key, keys)
    QApplication.processEvents()
    made = pieces(hand.canvas.document.flow, "flow")["note", "note_2"]
    assert made.text == "# Why\nIt *hums*"
    assert [item.piece.id for item in hand.canvas.pieces.selected()] == ["note_2"]
    assert hand.canvas.viewer.hasFocus()
    check(hand)
    assert hand.undo_steps == 1
    hand.canvas.document.undo()
    assert hand.text == TEXT


def test_an_empty_note_is_none(hand: Any) -> None:
    hand.canvas.pieces.add_note()
    QTest.keyClick(field(hand), ESC)
    assert field(hand) is None
    assert hand.text == TEXT


def test_a_note_is_edited_by_a_double_click_and_grows_with_its_text(hand: Any) -> None:
    hand.double_click(at(hand, 800, 380))
    QTest.keyClick(field(hand), Qt.Key.Key_A, CTRL)
    for _ in range(12):
        QTest.keyClicks(field(hand), "line")
        QTest.keyClick(field(hand), ENTER)
        QTest.keyClick(field(hand), ENTER)
    hand.click(at(hand, 100, 390))
    QApplication.processEvents()
    assert field(hand) is None
    piece = pieces(hand.canvas.document.flow, "flow")["note", "note_1"]
    assert piece.text.startswith("line\n\nline")
    assert piece.box[:3] == (700, 300, 240)
    assert piece.box[3] > 250
    check(hand)
    assert hand.undo_steps == 1


def test_a_note_that_is_undone_away_takes_its_field_along(hand: Any) -> None:
    hand.double_click(at(hand, 800, 380))
    QTest.keyClicks(field(hand), "new")
    hand.canvas.changes.remove([], pieces=[("note", "note_1")])
    hand.canvas.zoom_to(0.9)
    assert field(hand) is None
    assert "note_1" not in hand.text


def test_links_lead_to_nodes_and_nothing_else_is_opened(hand: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.url()) or True)
    note = hand.canvas.board.pieces["note", "note_1"]

    def link(name: str) -> QPoint:
        for y in range(300, 420, 4):
            for x in range(700, 940, 4):
                if note.link_at(QPointF(x - 700, y - 300)) == name:
                    return at(hand, x + 3, y + 3)
        raise AssertionError(f"{name} is not shown")

    page, node = link("https://example.org/"), link("#louder")
    hand.click(page)
    hand.drag(page, page + QPoint(30, 30))
    assert opened == ["https://example.org/"], "a drag follows no link"
    hand.canvas.document.undo()
    hand.click(node)
    assert hand.canvas.selection() == ["louder"]
    hand.canvas.pieces.follow_link("file:///etc/passwd")
    assert len(opened) == 1
    assert "is not opened" in hand.said[-1]


def test_the_keyboard_does_it_all(hand: Any) -> None:
    frame = hand.canvas.board.pieces["frame", "frame_2"]
    for _ in range(8):
        hand.key(Qt.Key.Key_N)
        hand.canvas.picking.walk(1) if not hand.canvas.picking.cards() and not hand.canvas.pieces.selected() else None
        if frame.isSelected():
            break
    hand.canvas.pieces.select([("frame", "frame_2")])
    hand.key(Qt.Key.Key_Right)
    hand.key(Qt.Key.Key_Right)
    assert boxes(hand)["frame_2"] == (308, 40, 230, 220)
    assert places(hand)["louder"] == (348, 100)
    assert hand.undo_steps == 1
    hand.key(Qt.Key.Key_Down, CTRL | SHIFT)
    hand.key(Qt.Key.Key_Right, CTRL | SHIFT)
    assert boxes(hand)["frame_2"] == (308, 40, 254, 244)
    assert hand.undo_steps == 2
    hand.key(ENTER)
    assert isinstance(field(hand), NameField)
    QTest.keyClick(field(hand), ESC)
    hand.key(Qt.Key.Key_Delete)
    assert "frame_2" not in boxes(hand)
    assert "louder" in places(hand), "what it carried stays"
    check(hand)
    for _ in range(3):
        hand.canvas.document.undo()
    assert hand.text == TEXT


def test_cards_and_pieces_are_deleted_in_one_step(hand: Any) -> None:
    hand.canvas.select_all()
    hand.key(Qt.Key.Key_Delete)
    assert not boxes(hand)
    assert not hand.canvas.board.cards
    assert hand.undo_steps == 1
    check(hand)
    hand.canvas.document.undo()
    assert hand.text == TEXT


def test_colours_and_fit_from_the_menu(hand: Any) -> None:
    QTest.mouseClick(hand.canvas.viewport(), Qt.MouseButton.RightButton, pos=at(hand, 60, -45))
    hand.canvas.context._open(at(hand, 60, -45), QPoint(0, 0))
    menu = hand.canvas.context.menu
    titles = {action.text(): action for action in menu.actions()}
    colours = titles["Colour"].menu()
    next(action for action in colours.actions() if action.text() == "Red").trigger()
    assert pieces(hand.canvas.document.flow, "flow")["frame", "frame_1"].color == "red"
    titles["Fit to what is in it"].trigger()
    box = boxes(hand)["frame_1"]
    assert box[0] == -28
    assert box != (-40, -60, 560, 480)
    menu.close()
    check(hand)


def test_shift_and_click_chooses_several(hand: Any) -> None:
    hand.click(at(hand, 60, -45))
    hand.click(at(hand, 800, 410), SHIFT)
    hand.click(hand.canvas.node_center("size"), SHIFT)
    assert {item.piece.id for item in hand.canvas.pieces.selected()} == {"frame_1", "note_1"}
    assert hand.canvas.selection() == ["size"]
    hand.click(at(hand, 60, -45), CTRL)
    assert {item.piece.id for item in hand.canvas.pieces.selected()} == {"note_1"}
    assert hand.text == TEXT


def test_a_wire_under_a_note_is_not_taken(hand: Any) -> None:
    wire = hand.canvas.board.wires[("louder", ""), ("size", "signal")]
    middle = wire.middle()
    hand.canvas.changes.move({}, pieces={("note", "note_1"): (middle.x() - 120, middle.y() - 60, 240.0, 120.0)})
    hand.drag(at(hand, middle.x(), middle.y()), at(hand, middle.x(), middle.y() + 200))
    assert isinstance(hand.canvas.board.pieces["note", "note_1"], NoteItem)
    assert boxes(hand)["note_1"][1] == round(middle.y() - 60) + 200
    assert len(hand.wires()) == 3
    check(hand)


def test_the_map_and_the_whole_view_show_them(hand: Any) -> None:
    hand.canvas.changes.move({}, pieces={("note", "note_1"): (3000.0, 0.0, 240.0, 120.0)})
    hand.canvas.fit()
    assert hand.canvas.viewer.visible_rect().contains(QPointF(3239, 119))
    assert hand.canvas.minimap._content().right() == 3240


def test_tidy_keeps_what_lies_in_a_frame_in_it(hand: Any) -> None:
    before = {key: {k for k in places(hand) if inside(hand, k, key)} for key in ("frame_1", "frame_2")}
    hand.drag(hand.canvas.node_center("level"), hand.canvas.node_center("level") + QPoint(150, 180))
    hand.click(hand.empty_place())
    steps = hand.undo_steps
    hand.canvas.tidy()
    QApplication.processEvents()
    assert hand.undo_steps == steps + 1
    check(hand)
    after = boxes(hand)
    assert {key: {k for k in places(hand) if inside(hand, k, key)} for key in before} == before
    outer, inner = after["frame_1"], after["frame_2"]
    assert outer[0] < inner[0]
    assert inner[0] + inner[2] < outer[0] + outer[2]
    cards = [card.box() for card in hand.canvas.board.cards.values()]
    note = hand.canvas.board.pieces["note", "note_1"].box()
    assert not any(card.intersects(other) for card in cards for other in [*cards, note] if other is not card)
    hand.canvas.document.undo()
    hand.canvas.document.undo()
    assert hand.text == TEXT


def inside(hand: Any, card: str, frame: str) -> bool:
    ground = hand.canvas.board.pieces["frame", frame].box()
    found: bool = ground.contains(hand.canvas.board.cards[card].box().center())
    return found


def test_tidy_of_some_cards_moves_no_other(hand: Any) -> None:
    hand.drag(hand.canvas.node_center("size"), hand.canvas.node_center("size") + QPoint(-90, 60))
    before, drawn = places(hand), boxes(hand)
    hand.canvas.select(["louder", "size"])
    hand.canvas.tidy()
    after = places(hand)
    assert after["level"] == before["level"]
    assert after["signal"] == before["signal"]
    assert boxes(hand)["frame_1"] == drawn["frame_1"]
    assert boxes(hand)["frame_2"][0] == drawn["frame_2"][0], "the frame of all that is laid out stays where it was"
    right = hand.canvas.board.cards["louder"].box().right()
    assert after["size"][0] > right
    check(hand)


def test_the_menu_key_opens_the_menu_of_what_is_selected(hand: Any) -> None:
    def titles() -> list[str]:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(3, 3), QPoint(3, 3))
        QApplication.sendEvent(hand.canvas.viewport(), event)
        hand.canvas.context.menu.close()
        return [action.text().partition("\t")[0] for action in hand.canvas.context.menu.actions()]

    hand.canvas.pieces.select([("frame", "frame_2")])
    assert "Fit to what is in it" in titles()
    hand.canvas.select(["size"])
    assert "Rename…" in titles()
    hand.canvas.picking.clear_selection()
    hand.canvas.board.wires[("louder", ""), ("size", "signal")].setSelected(True)
    assert "Show as labels" in titles()


def test_a_frame_on_a_frame_takes_its_own_cards_along_beyond_the_edge(hand: Any) -> None:
    wider = {("frame", "frame_2"): (260.0, 40.0, 500.0, 220.0), ("frame", "frame_1"): (-40.0, -60.0, 640.0, 480.0)}
    hand.canvas.changes.move({"size": (620.0, 100.0)}, pieces=wider)
    hand.drag(at(hand, 60, -45), at(hand, 60, -25))
    assert places(hand)["size"] == (620, 120), "it lies on the inner frame alone"
    assert boxes(hand)["frame_2"][1] == 60
    check(hand)


def test_tidy_of_frames_that_lie_on_one_another_and_across(open_canvas: Callable[..., Any]) -> None:
    twice = '# frame_3 = { at = [260, 40, 230, 220], title = "The same place" }\n'
    across = '# frame_4 = { at = [250, 60, 600, 190], title = "Across" }\n'
    hand = open_canvas(TEXT.replace("# ///\nimport", f"{twice}{across}# ///\nimport"))
    hand.canvas.tidy()
    assert inside(hand, "louder", "frame_2")
    assert inside(hand, "louder", "frame_3")
    check(hand)
    hand.canvas.document.undo()
    check(hand)
