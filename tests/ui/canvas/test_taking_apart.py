"""A subflow that is taken apart: its nodes stand in its place, and what would lie under them gives way."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from flodesk.flow.pieces import Box, pieces
from flodesk.ui.canvas.unfolding import room_for

BODY = """\
import flodesk
from flodesk.nodes import dsp, maths, show, source


def cleanup(signal, cutoff: float = 20.0):
    louder = maths.scale(signal, factor=2.0)
    clean = dsp.butterworth(louder, cutoff=cutoff)
    hum = dsp.butterworth(signal, cutoff=50.0)
    both = maths.add(clean, hum)
    return both


def flow():
    noisy = source.sine(0, frequency=5.0, samples=100, rate=1000.0)
    cleaned = cleanup(noisy, cutoff=30.0)
    size = dsp.rms(cleaned)
    chart = show.line(cleaned)
    other = dsp.rms(noisy)


if __name__ == "__main__":
    flodesk.main(flow)
"""
HEADER = """\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.cleanup]
# def = [0, 0]
# louder = [240, 0]
# clean = [480, 0]
# hum = [480, 200]
# both = [760, 0]
# return = [1000, 0]
#
# [tool.flodesk.canvas.flow]
# noisy = [0, 0]
# cleaned = [216, 0]
# size = [432, 0]
# chart = [432, 120]
# other = [216, 140]
# ///
"""
DRAWN = HEADER.replace(
    "# ///\n",
    """\
#
# [tool.flodesk.frames.flow]
# frame_1 = { at = [190, -40, 230, 170], title = "Clean" }
# frame_2 = { at = [420, -40, 260, 400], title = "Shown" }
#
# [tool.flodesk.notes.flow]
# note_1 = { at = [216, 300, 120, 60], text = "below" }
# ///
""",
)


def boxes(hand: Any) -> dict[str, QRectF]:
    cards = hand.canvas.board.cards
    return {key: QRectF(c.x(), c.y(), c.card.width, c.card.height) for key, c in cards.items()}


def take_apart(hand: Any, node: str) -> None:
    hand.canvas.context.take_apart(node)
    QApplication.processEvents()


@pytest.mark.parametrize("header", ["", HEADER, DRAWN, HEADER.replace("cleanup]\n", "nowhere]\n")])
def test_nothing_lies_on_anything_and_one_undo_takes_it_back(open_canvas: Callable[..., Any], header: str) -> None:
    hand = open_canvas(header + BODY)
    before, text = boxes(hand), hand.text
    take_apart(hand, "cleaned")
    after = boxes(hand)
    assert "cleanup" not in hand.text
    assert {"louder", "clean", "hum", "cleaned"} <= set(after)
    touching = [(a, b) for a, b in combinations(after, 2) if after[a].adjusted(-8, -8, 8, 8).intersects(after[b])]
    assert not touching
    new = {key: box for key, box in after.items() if key not in before or key == "cleaned"}
    assert min(box.left() for box in new.values()) == before["cleaned"].left()
    assert min(box.top() for box in new.values()) == before["cleaned"].top()
    for key in ("size", "chart"):
        assert after[key].left() >= max(box.right() for box in new.values()) + 16, "what reads it stands right of it"
    assert after["noisy"] == before["noisy"], "what is left of it stays"
    assert after["chart"].topLeft() - after["size"].topLeft() == before["chart"].topLeft() - before["size"].topLeft()
    assert set(hand.canvas.selection()) == set(new)
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    QApplication.processEvents()
    assert hand.text == text
    assert boxes(hand) == before


def test_frames_grow_and_go_and_notes_go_along(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(DRAWN + BODY)
    old = boxes(hand)
    take_apart(hand, "cleaned")
    after = boxes(hand)
    found = {key[1]: QRectF(*piece.box) for key, piece in pieces(hand.canvas.document.flow, "flow").items()}
    for key in ("louder", "clean", "hum", "cleaned"):
        assert found["frame_1"].contains(after[key]), key
    assert found["frame_2"].contains(after["size"])
    assert found["frame_2"].contains(after["chart"])
    assert (
        found["frame_2"].topLeft() - after["size"].topLeft() == QRectF(420, -40, 1, 1).topLeft() - old["size"].topLeft()
    )
    assert not any(found["note_1"].intersects(box) for box in after.values())
    assert not found["note_1"].intersects(found["frame_1"])


sides = st.integers(40, 300).map(float)
spots = st.integers(-6, 6).map(lambda n: n * 100.0)


@given(
    st.lists(st.tuples(spots, spots, sides, sides), max_size=8),
    st.lists(st.tuples(st.integers(0, 900).map(float), st.integers(0, 900).map(float), sides, sides), min_size=1),
)
def test_whatever_lies_around_gives_way(cards: list[Box], new: list[Box]) -> None:
    old = (0.0, 0.0, 180.0, 90.0)
    others: list[Box] = []
    for card in cards:
        if not any(QRectF(*card).intersects(QRectF(*o)) for o in [old, *others]):
            others.append(card)
    new = [(0.0, 0.0, 50.0, 50.0), *new]
    way = room_for(new, old, others, [])
    moved = [(*way.place(card[:2]), *card[2:]) for card in others]
    for card in moved:
        assert not any(QRectF(*card).intersects(QRectF(*box)) for box in new)
    assert not any(QRectF(*a).intersects(QRectF(*b)) for a, b in combinations(moved, 2))


def test_where_there_is_room_nothing_moves() -> None:
    way = room_for([(0.0, 0.0, 500.0, 200.0)], (0.0, 0.0, 180.0, 90.0), [(700.0, 0.0, 180.0, 90.0)], [])
    assert (way.across, way.down) == (0.0, 0.0)
