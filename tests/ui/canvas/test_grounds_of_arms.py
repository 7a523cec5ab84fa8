"""What stands in an arm of an `if` lies on a ground with the arm's head, within and around the grounds of loops."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRectF, QSizeF, Qt
from PySide6.QtWidgets import QApplication

from flodesk.flow.edit import SetText
from flodesk.ui.canvas.ground_item import Ground
from flodesk.ui.canvas.regions import Region
from flodesk.ui.theme import DARK, LIGHT, current

NESTED = """\
from flodesk.nodes import control, maths, show, timing


def flow():
    on = control.switch(True)
    for tick in timing.every(0.05):
        high = maths.greater(tick, 3.0)
        if high:
            more = maths.add(tick, 1.0)
            if on:
                deep = show.number(more)
        elif on:
            for turn in timing.every(0.1, count=3):
                part = maths.add(turn, tick)
                if part > 3:
                    inner = show.number(part)
        elif tick > 1000:
            pass
        else:
            scaled = maths.scale(tick, factor=1.1)
            lone = maths.add(1.0, 2.0)
        meter = show.number(tick)
"""
HEADS = {
    ("if_1", 0): "if high",
    ("if_1", 1): "elif on",
    ("if_1", 3): "else",
    ("if_2", 0): "if on",
    ("if_3", 0): "if part > 3",
}


def patches(ground: Ground) -> list[QRectF]:
    return list(ground._patches.values())


def around(ground: Ground, hand: Any, key: str) -> QRectF:
    """The patch of a ground under a card."""
    box = hand.canvas.board.cards[key].box()
    return next(patch for patch in patches(ground) if patch.contains(box))


def rounded(box: QRectF) -> tuple[int, ...]:
    return tuple(round(value) for value in (box.x(), box.y(), box.width(), box.height()))


def drawn(hand: Any) -> dict[Region, tuple[Any, ...]]:
    """All that a reader sees of the grounds."""
    return {
        region: (
            sorted(rounded(patch) for patch in patches(item)),
            sorted(rounded(band.boundingRect()) for band in item._bands.values()),
            item.depth,
            item._band,
            item.label.words,
            rounded(QRectF(item.label.pos(), QSizeF())),
        )
        for region, item in hand.canvas.board.grounds._items.items()
    }


def test_each_arm_with_cards_has_a_ground_with_its_head(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(NESTED)
    grounds = hand.canvas.board.grounds
    assert {key: item.label.words for key, item in grounds.arms.items()} == HEADS
    assert all(item.label.isVisible() for item in grounds.arms.values())
    assert set(grounds.loops) == {"tick", "turn"}
    tick, turn, arm = grounds.loops["tick"], grounds.loops["turn"], grounds.arms["if_1", 1]
    assert around(tick, hand, "turn").contains(around(arm, hand, "turn").adjusted(-4, -4, 4, 4))
    assert around(arm, hand, "turn").contains(around(turn, hand, "turn").adjusted(-4, -4, 4, 4))
    assert around(turn, hand, "inner").contains(around(grounds.arms["if_3", 0], hand, "inner"))
    assert around(grounds.arms["if_1", 0], hand, "deep").contains(around(grounds.arms["if_2", 0], hand, "deep"))
    levels = [tick, arm, turn, grounds.arms["if_3", 0]]
    assert [item.depth for item in levels] == [0, 1, 2, 3]
    assert [item.zValue() for item in levels] == sorted({item.zValue() for item in levels})
    for key, item in grounds.arms.items():
        box = item.label.mapRectToScene(item.label.boundingRect())
        assert any(patch.adjusted(-1, -1, 1, 1).contains(box) for patch in patches(item)), f"{key} has its head outside"
        cards = hand.canvas.board.cards.values()
        assert not any(card.box().intersects(box) for card in cards), f"a card lies on the head of {key}"
    heads = [item.label.mapRectToScene(item.label.boundingRect()) for item in grounds.arms.values()]
    assert not any(one.intersects(other) for one, other in combinations(heads, 2))


def test_the_grounds_are_those_of_the_script_whatever_was_before(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(NESTED)
    canvas = hand.canvas
    canvas.fit()
    seen = drawn(hand)
    hand.drag(canvas.node_center("more"), canvas.node_center("more") + QPoint(40, 160))
    assert drawn(hand) != seen
    seen = drawn(hand)
    canvas.select(["lone"])
    hand.key(Qt.Key.Key_Delete)
    assert len(patches(canvas.board.grounds.arms["if_1", 3])) == 1, "what went has left its ground"
    canvas.picking.select_all()
    hand.key(Qt.Key.Key_Right)
    canvas.select(["deep"])
    hand.key(Qt.Key.Key_Delete)
    assert ("if_2", 0) not in canvas.board.grounds.arms, "an empty arm has none"
    canvas.select(["scaled"])
    canvas.branching.into_if()
    canvas.select(["part"])
    hand.key(Qt.Key.Key_Delete)
    now = open_canvas(hand.text)
    assert {key: item.label.words for key, item in canvas.board.grounds.arms.items()} == {
        key: item.label.words for key, item in now.canvas.board.grounds.arms.items()
    }
    assert drawn(hand).keys() == drawn(now).keys()
    for region, item in canvas.board.grounds._items.items():
        new = now.canvas.board.grounds._items[region]
        assert (len(patches(item)), len(item._bands), item.depth, item._band) == (
            len(patches(new)), len(new._bands), new.depth, new._band,
        )  # fmt: skip
    while hand.undo_steps > 1:
        canvas.document.undo()
    assert drawn(hand) == seen
    assert sum(isinstance(item, Ground) for item in canvas.viewer.scene().items()) == len(seen)


def test_the_head_follows_the_test(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(NESTED)
    label = hand.canvas.board.grounds.arms["if_3", 0].label
    old = label.boundingRect().width()
    text = hand.text
    longer = text.replace("part > 3", "part > 3 and part < 5 and tick > part")
    hand.canvas.document.do(SetText(longer, "Type a longer test"))
    assert label.words == "if part > 3 and part < 5 and tick > part"
    room = hand.canvas.board.cards["inner"].box().width() + 14
    assert old < label.boundingRect().width() <= room, "it ends where the ground does"


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_it_is_another_kind_than_that_of_a_loop(open_canvas: Callable[..., Any], theme: Any) -> None:
    current.use(theme)
    try:
        hand = open_canvas(NESTED)
        canvas = hand.canvas
        ground, loop = canvas.board.grounds.arms["if_1", 3], canvas.board.grounds.loops["tick"]
        patch = around(ground, hand, "scaled")
        for zoom in (0.2, 0.5, 1.0, 2.0):
            canvas.zoom_to(zoom)
            canvas.viewer.center_on(patch.center())
            QApplication.processEvents()
            shown = canvas.viewport().grab().toImage()
            at = canvas.viewer.mapFromScene(patch.bottomLeft())
            colors = {
                shown.pixelColor(at.x() + x, at.y() - int(20 * zoom)).name() for x in range(-3, int(9 * zoom) + 3)
            }
            assert len(colors) > 1, f"nothing is seen of it at {zoom}"
            if zoom >= 1.0:
                inside = canvas.viewer.mapFromScene(patch.bottomLeft()) + QPoint(int(7 * zoom), int(-20 * zoom))
                assert shown.pixelColor(inside).name() == ground.color(theme).name()
        assert ground.color(theme) != loop.color(theme)
        assert ground.edge(theme) is not None
        assert loop.edge(theme) is None
    finally:
        current.use(DARK)


@pytest.mark.parametrize("tidy", [False, True])
def test_cards_that_find_their_places_leave_room_for_grounds_in_grounds(
    open_canvas: Callable[..., Any], tidy: bool
) -> None:
    lines = ["from flodesk.nodes import control, maths, show", "", "", "def flow():", "    on = control.switch(True)"]
    lines += ["    level = control.slider(1.0)"]
    for name in "abc":
        lines += [f"    if on:  # {name}", "        if on:", f"            {name} = show.number(level)"]
    hand = open_canvas("\n".join([*lines, ""]))
    if tidy:
        hand.canvas.tidy()
    arms = [item for (switch, _), item in hand.canvas.board.grounds.arms.items() if item.depth == 0]
    assert len(arms) == 3
    stacked = [around(item, hand, key) for item, key in zip(arms, "abc", strict=True)]
    assert not any(one.intersects(other) for one, other in combinations(stacked, 2))
