"""Far away all cards and wires are painted together; each still looks as its node, its state and its place say."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QGraphicsItem

from flodesk.engine.client import NodeState
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Move, SetParameter
from flodesk.flow.model import Literal
from flodesk.ui.canvas.heat_paint import Heat
from flodesk.ui.canvas.painting import mixed, tint
from flodesk.ui.canvas.portions import SIZE, Portions
from flodesk.ui.checking import Checking
from flodesk.ui.theme import theme

_NO_CONTENTS = QGraphicsItem.GraphicsItemFlag.ItemHasNoContents


def at(hand: Any, place: QPointF) -> QColor:
    """Return the colour on the screen of a point of the scene."""
    QApplication.processEvents()
    picture = hand.canvas.viewport().grab().toImage()
    spot = hand.canvas.viewer.mapFromScene(place)
    return picture.pixelColor(spot)


def near(a: QColor, b: QColor) -> bool:
    return all(abs(x - y) <= 12 for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True))


def body(hand: Any, key: str) -> QPointF:
    return hand.canvas.board.cards[key].box().center() + QPointF(0, 8)


def edge(hand: Any, key: str) -> QPointF:
    box = hand.canvas.board.cards[key].box()
    return QPointF(box.left(), box.center().y() + 8)


def test_cards_are_blocks_of_their_colour_and_follow_what_happens_to_them(hand: Any) -> None:
    canvas, look = hand.canvas, theme()
    canvas.zoom_to(0.2)
    card = canvas.board.cards["size"]
    assert card.flags() & _NO_CONTENTS
    ground = mixed(look.category_color("dsp"), look.raised, 0.22)
    assert near(at(hand, body(hand, "size")), ground)
    before = body(hand, "size")
    card.setPos(card.pos() + QPointF(0, 400))
    assert near(at(hand, body(hand, "size")), ground)
    assert near(at(hand, before), tint(look.canvas))
    canvas.show_states({"flow.size": NodeState("failed")})
    assert near(at(hand, edge(hand, "size")), tint(look.error))
    canvas.show_states({})
    canvas.select(["size"])
    assert near(at(hand, edge(hand, "size")), tint(look.accent))
    canvas.board.show_heat({"size": Heat(1.0, "", "")})
    assert not near(at(hand, body(hand, "size")), ground)
    canvas.board.show_heat({})
    assert near(at(hand, body(hand, "size")), ground)


def test_what_comes_and_goes_far_away_is_seen_at_once(hand: Any) -> None:
    canvas, look = hand.canvas, theme()
    canvas.zoom_to(0.2)
    place = QPointF(900, 600)
    added = canvas.add_node("flodesk.nodes.dsp.rms", place)
    assert canvas.board.cards[added].flags() & _NO_CONTENTS
    assert near(at(hand, body(hand, added)), mixed(look.category_color("dsp"), look.raised, 0.22))
    where = body(hand, added)
    canvas.document.undo()
    assert near(at(hand, where), tint(look.canvas))


def test_wires_are_painted_far_away_and_one_that_is_cut_is_gone(hand: Any) -> None:
    canvas, look = hand.canvas, theme()
    canvas.zoom_to(0.2)
    ends = next(ends for ends in canvas.board.wires if ends[1][0] == "chart")
    middle = canvas.board.wires[ends].middle()

    def seen() -> bool:
        QApplication.processEvents()
        picture, spot = canvas.viewport().grab().toImage(), canvas.viewer.mapFromScene(middle)
        ground = tint(look.canvas)
        around = [picture.pixelColor(spot + QPoint(x, y)) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        return any(not near(color, ground) for color in around)

    assert seen()
    canvas.changes.disconnect([canvas.board.wires[ends].wire])
    assert ends not in canvas.board.wires
    assert not seen()


def test_near_by_every_card_paints_itself_again(hand: Any) -> None:
    canvas = hand.canvas
    canvas.zoom_to(0.2)
    canvas.zoom_to(1.0)
    items = [*canvas.board.cards.values(), *canvas.board.wires.values()]
    assert not any(item.flags() & _NO_CONTENTS for item in items)
    assert not canvas.board.far.cards_far
    canvas.zoom_to(0.2)
    assert all(item.flags() & _NO_CONTENTS for item in items)
    hand.click(canvas.viewer.mapFromScene(body(hand, "size")))
    assert canvas.selection() == ["size"], "what is painted by others is still hit"


def test_only_the_portion_of_what_changed_is_made_anew() -> None:
    made: list[list[int]] = []

    def make(items: Collection[int]) -> int:
        made.append(sorted(items))
        return sum(items)

    portions: Portions[int, int] = Portions(make)
    for number in range(3 * SIZE):
        portions.add(number)
    assert sum(portions.made()) == sum(range(3 * SIZE))
    made.clear()
    portions.touch(SIZE + 1)
    portions.made()
    assert made == [list(range(SIZE, 2 * SIZE))]
    portions.discard(0)
    portions.add(1000)
    portions.touch(12345)
    assert sum(portions.made()) == sum(range(3 * SIZE)) + 1000
    for number in [*portions]:
        portions.discard(number)
    assert portions.made() == []
    assert len(portions) == 0


def test_a_check_is_made_when_something_else_than_places_has_changed(hand: Any) -> None:
    document = hand.canvas.document
    checking = Checking(document, Catalog.builtin())
    document.listeners.append(checking.follow)
    checking.now()
    document.do(Move("flow", {"size": (10.0, 20.0)}))
    assert not checking._timer.isActive()
    document.do(SetParameter("flow", "signal", "frequency", Literal("7.0")))
    assert checking._timer.isActive()
    checking.now()
    document.undo()
    assert checking._timer.isActive()
    document.do(Move("flow", {"size": (0.0, 0.0)}))
    assert checking._timer.isActive(), "what waited for a check still does"
    checking._timer.stop()


def test_many_selected_cards_go_with_one_word_about_the_selection(hand: Any) -> None:
    canvas = hand.canvas
    canvas.select_all()
    told: list[list[str]] = []
    canvas.selection_changed.connect(told.append)
    canvas.delete_selection()
    assert told == [[]]
    canvas.document.undo()
    assert len(canvas.board.cards) == 5
