"""Whatever a hand does, flow, picture and drawn wires stay one and the same, and everything can be undone."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from flodesk.flow import wiring
from flodesk.flow.pieces import pieces
from flodesk.flow.routes import Route, routes
from flodesk.flow.script import read, write
from flodesk.ui.canvas import InputEnd
from flodesk.ui.canvas.junction_item import JunctionItem
from flodesk.ui.canvas.pieces.item import PieceItem

LOOP = """\
from flodesk.nodes import control, dsp, maths, show, source, statistics, timing


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    average = statistics.RunningMean(window=20)
    total = 0.0
    for tick in timing.every(0.05):
        signal = source.sine(tick, frequency=5.0, samples=50)
        louder = maths.multiply(signal, level)
        size = dsp.rms(louder)
        smooth = average(size)
        longer = maths.add(total, smooth)
        total = longer
        high = maths.greater(smooth, 5.0)
        if high:
            clipped = maths.clip(smooth, upper=5.0)
            shown = clipped
        else:
            shown = smooth
        meter = show.number(shown)
"""
SUBFLOW = """\
from flodesk.nodes import dsp, maths, show, source


def part(signal, gain: float = 2.0):
    louder = maths.scale(signal, factor=gain)
    size = dsp.rms(louder)
    return size


def flow():
    signal = source.sine(0, samples=50)
    first = part(signal, 3.0)
    shown = show.number(first)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def _beside(name: str) -> Any:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


drawn, more = _beside("monkey"), _beside("more_gestures")
KINDS = [*drawn.KINDS, *more.DEEDS]
FLOWS = {"flow": LOOP, "part": SUBFLOW}
"""A function, and the text that it is in."""


def check_drawn(hand: Any, *, typed: bool = False) -> None:
    """Notes, frames and ways of wires are drawn as the flow says; no line is about a wire that is no more.

    Where it was `typed` out of the text its line stays: who types a name anew does not draw its wires anew.
    """
    flow, board = hand.canvas.document.flow, hand.canvas.board
    assert {key: item.piece for key, item in board.pieces.items()} == pieces(flow, hand.canvas.function)
    assert all(item.flat() == item.piece.box for item in board.pieces.values())
    shown = {wire.name: wire.route for wire in board.wires.values() if wire.route != Route()}
    there = {wire.name for wire in board.wires.values()}
    lines = routes(flow, hand.canvas.function)
    assert shown == {name: line for name, line in lines.items() if name in there or not typed}
    items = hand.canvas.viewer.scene().items()
    points = {point for wire in board.wires.values() for point in wire.junctions}
    assert points == {item for item in items if isinstance(item, JunctionItem)}
    assert all((p.x(), p.y()) == p.wire.route.points[p.number] for p in points)
    assert {item for item in items if isinstance(item, PieceItem)} == set(board.pieces.values())
    assert not any(frame.lit or frame.resizing for frame in board.frames())


def check_all(monkey: Any) -> None:
    """Flow, canvas and script are the same, and the script can be read."""
    hand = monkey.hand
    hand.check()
    check_drawn(hand, typed=monkey.typed)
    text = hand.text
    assert write(read(text)) == text
    assert monkey.script.editor.toPlainText() == text
    assert monkey.script.in_step.unread is None


def undo_all(monkey: Any, start: str) -> None:
    """Go back to the start, and forth to the end."""
    document, end = monkey.canvas.document, monkey.hand.text
    steps = document.steps  # what a hand has undone itself may be done again beyond that
    for verb, wanted in ((document.undo, start), (document.redo, end), (document.undo, start)):
        for _ in range(steps):
            verb()
        QApplication.processEvents()
        monkey.script.in_step.pull()
        check_all(monkey)
        assert monkey.hand.text == wanted


def run(hand: Any, seed: int, steps: int) -> Counter[str]:
    monkey = drawn.Monkey(hand, more, seed)
    start = hand.text
    try:
        for number in range(steps):
            kind = monkey.random.choice(KINDS)
            try:
                monkey.step(kind)
                check_all(monkey)
            except Exception as problem:
                raise AssertionError(f"seed {seed}, step {number}: {kind}\n{hand.text}") from problem
            hand.canvas.fit()
            QApplication.processEvents()
        undo_all(monkey, start)
    finally:
        monkey.close()
    return monkey.done


@pytest.mark.parametrize(("seed", "function"), [(1, "flow"), (2, "part")])
def test_random_gestures(open_canvas: Callable[..., Any], seed: int, function: str) -> None:
    done = run(open_canvas(FLOWS[function], function), seed, 45)
    assert sum(done.values()) > 12, f"the gestures did too little: {done}"


def test_what_would_run_beside_a_function_cannot_feed_a_loose_input_of_it(open_canvas: Callable[..., Any]) -> None:
    text = SUBFLOW.replace(
        "    louder = maths.scale",
        "    for tick in timing.every(0.1):\n        turns = maths.scale(tick)\n    louder = maths.scale",
    )
    hand = open_canvas(
        text.replace("source\n", "source, timing\n", 1).replace("main(flow)", "main(flow, part)"), "part"
    )
    start = hand.text
    added = hand.canvas.add_node("flodesk.nodes.timing.every", QPointF(0, 0), InputEnd("turns", "factor", "number"))
    assert added == ""
    assert hand.text == start
    assert "through a queue" in hand.said[-1]


def test_the_way_of_a_wire_to_the_end_of_a_function_is_not_copied(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(SUBFLOW, "part")
    canvas = hand.canvas
    canvas.routing.add_point(canvas.board.wires[("size", ""), ("return", "value")], QPointF(500, 40))
    canvas.select(["size", "return"])
    nodes, drawn = canvas.pieces.along()
    canvas.paste(wiring.copy(canvas.document.flow, canvas.board.graph, nodes, drawn))
    assert len(canvas.board.cards) > 4
    check_drawn(hand)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("function", FLOWS)
def test_ten_thousand_random_gestures(open_canvas: Callable[..., Any], function: str) -> None:
    """In 2 × 60 rows of up to 200, each on a canvas of its own; what fails is shortened to what it takes."""
    total: Counter[str] = Counter()

    class Gestures(RuleBasedStateMachine):
        """What a hand may do, in any order."""

        @initialize()
        def open(self) -> None:
            self.monkey = drawn.Monkey(open_canvas(FLOWS[function], function), more)
            self.start = self.monkey.hand.text

        @rule(kind=st.sampled_from(KINDS), seed=st.integers(0, 1 << 16))
        def gesture(self, kind: str, seed: int) -> None:
            self.monkey.random = random.Random(seed)
            self.monkey.step(kind)
            total[kind] += 1
            check_all(self.monkey)
            self.monkey.canvas.fit()
            QApplication.processEvents()

        def teardown(self) -> None:
            if hasattr(self, "monkey"):
                try:
                    undo_all(self.monkey, self.start)
                finally:
                    self.monkey.close()
                    self.monkey.canvas.close()

    wanted = settings(
        max_examples=60,
        stateful_step_count=200,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Gestures, settings=wanted)
    print(f"{sum(total.values())} gestures: {dict(total)}")
    assert sum(total.values()) >= 10_000
