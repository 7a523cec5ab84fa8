"""Nodes without a place get one: left to right, nothing on top of anything, the same each time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRectF

from flodesk.flow.graph import Graph, Node, Port, Wire
from flodesk.ui.canvas.placing import places

WITHOUT = """\
from flodesk.nodes import dsp, maths, show, source


def flow():
    a = source.sine(0)
    b = maths.add(a, 1.0)
    c = maths.multiply(a, b)
    d = dsp.rms(c)
    e = show.number(d)
"""


def graph_of(count: int, wires: set[tuple[int, int]]) -> Graph:
    port = Port("x", "any", "x", "")
    nodes = {
        f"n{k}": Node(f"n{k}", "flow", "call", "T", "t", None, (port,), (port,), (), (f"n{k}",)) for k in range(count)
    }
    return Graph("flow", nodes, tuple(Wire((f"n{a}", "x"), (f"n{b}", "x"), "any") for a, b in wires))


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Graph, dict[str, tuple[float, float]], dict[str, tuple[float, float]]]:
    count = draw(st.integers(1, 14))
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    wires = draw(st.sets(pair, max_size=24))  # circles too: a broken file must not hang the canvas
    sizes = {f"n{k}": (float(draw(st.integers(110, 280))), float(draw(st.integers(40, 320)))) for k in range(count)}
    given_ = draw(st.sets(st.integers(0, count - 1), max_size=3))
    placed = {f"n{k}": (400.0 * k, 350.0 * (k % 2)) for k in given_}
    return graph_of(count, wires), sizes, placed


@settings(max_examples=120, deadline=None)
@given(drawn())
def test_no_card_lies_on_another(
    case: tuple[Graph, dict[str, tuple[float, float]], dict[str, tuple[float, float]]],
) -> None:
    graph, sizes, placed = case
    made = places(graph, sizes, placed)
    assert made.keys() == graph.nodes.keys() - placed.keys()
    assert places(graph, sizes, placed) == made
    boxes = {key: QRectF(*place, *sizes[key]) for key, place in (placed | made).items()}
    for (a, one), (b, two) in combinations(boxes.items(), 2):
        assert not one.intersects(two), (a, b)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12).flatmap(lambda n: st.sets(
    st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] < p[1]), max_size=20
).map(lambda wires: (n, wires))))  # fmt: skip
def test_values_go_from_left_to_right(case: tuple[int, set[tuple[int, int]]]) -> None:
    count, wires = case
    made = places(graph_of(count, wires), {f"n{k}": (150.0, 100.0) for k in range(count)}, {})
    for a, b in wires:
        assert made[f"n{a}"][0] < made[f"n{b}"][0], (a, b)


def test_what_only_gives_stands_left_of_what_reads_it() -> None:
    graph = graph_of(4, {(0, 1), (0, 2), (1, 3)})
    sizes = dict.fromkeys(graph.nodes, (150.0, 100.0))
    made = places(graph, sizes, {"n1": (0.0, 0.0), "n2": (0.0, 300.0), "n3": (300.0, 0.0)})
    assert made["n0"][0] + 150.0 < 0.0
    assert made["n0"][1] == 150.0, "between those that read it"


def test_an_empty_canvas_is_shown_at_100_percent(open_canvas: Callable[..., Any]) -> None:
    canvas = open_canvas(WITHOUT).canvas
    canvas.zoom_to(0.4)
    empty = open_canvas("def flow():\n    pass\n").canvas
    empty.fit()
    assert empty.zoom() == 1.0


def test_a_flow_without_places_is_laid_out_and_stays_as_it_was(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(WITHOUT)
    cards = hand.canvas.board.cards
    assert hand.undo_steps == 0
    assert hand.text == WITHOUT
    xs = [cards[key].x() for key in "abcde"]
    assert xs == sorted(set(xs))
    hand.check()


def test_the_first_drag_saves_the_places_that_were_made_up(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(WITHOUT)
    shown = {key: (card.x(), card.y()) for key, card in hand.canvas.board.cards.items()}
    start = hand.canvas.node_center("c")
    hand.drag(start, start + QPoint(0, 90))
    saved = hand.canvas.document.flow.header.canvas["flow"]
    assert {key: saved[key] for key in "abde"} == {key: shown[key] for key in "abde"}
    assert saved["c"] != shown["c"]
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == WITHOUT
    assert {key: (card.x(), card.y()) for key, card in hand.canvas.board.cards.items()} == shown
