"""Whatever a hand does, flow, picture and drawn wires stay one and the same, and everything can be undone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flodesk.flow.pieces import pieces
from flodesk.flow.routes import Route, routes
from flodesk.flow.script import read, write
from flodesk.ui.canvas import InputEnd, OutputEnd
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
TYPES = ["maths.add", "dsp.rms", "show.number", "source.sine", "control.slider", "timing.every", "dsp.Lowpass"]


class Monkey:
    """Draws gestures from the canvas as it stands: those drawn blindly would seldom meet anything."""

    def __init__(self, hand: Any, seed: int) -> None:
        self.hand = hand
        self.canvas = hand.canvas
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()

    def port(self, side: str) -> QPoint | None:
        ports = [(key, name) for key, card in self.canvas.board.cards.items() for s, name in card.ports if s == side]
        return self.canvas.port_position(*self.random.choice(ports), side) if ports else None

    def step(self) -> str:
        kinds = ["wire", "wire", "wire", "detach", "pull", "move", "nudge", "delete", "undo", "undo", "redo"]
        kinds += ["add", "add", "loose", "rename", "cancel", "marquee"]
        kind = self.random.choice(
            [*kinds, "frame", "note", "piece", "bend", "point", "labels", "arrange", "pin", "all"]
        )
        before = self.hand.undo_steps
        getattr(self, kind)()
        if self.canvas.viewer.gesture.active:  # where things lie on one another a drag may be a click: the wire hangs
            self.hand.key(Qt.Key.Key_Escape)
        QApplication.processEvents()
        self.done[kind] += self.hand.undo_steps != before
        return kind

    def wire(self) -> None:
        a, b = self.port("out"), self.port("in")
        if a and b:
            if self.random.random() < 0.2:
                a, b = b, a
            self.hand.drag(a, b)

    def detach(self) -> None:
        wires = list(self.canvas.board.wires)
        if wires:
            _, target = self.random.choice(wires)
            to = self.port("in") if self.random.random() < 0.5 else self.hand.empty_place()
            self.hand.drag(self.canvas.port_position(*target, "in"), to)

    def pull(self) -> None:
        wires = list(self.canvas.board.wires)
        if wires:
            at = self.canvas.wire_position(*self.random.choice(wires), self.random.choice([0.3, 0.7]))
            self.hand.drag(at, self.random.choice([self.port("in"), self.port("out")]) or at)

    def cancel(self) -> None:
        start = self.port(self.random.choice(["in", "out"]))
        if start:
            self.hand.drag(start, self.port("in") or start, drop=False)
            self.hand.key(Qt.Key.Key_Escape)
            self.hand.release(start)

    def move(self) -> None:
        cards = list(self.canvas.board.cards)
        if cards:
            at = self.canvas.node_center(self.random.choice(cards))
            self.hand.drag(at, at + QPoint(self.random.randint(-40, 40), self.random.randint(-40, 40)))

    def choose(self) -> str | None:
        cards = list(self.canvas.board.cards)
        key = self.random.choice(cards) if cards else None
        if key:
            self.hand.click(self.canvas.node_center(key))
            self.hand.key(Qt.Key.Key_Escape) if self.canvas.viewer.gesture.active else None
        return key

    def nudge(self) -> None:
        self.choose()
        self.hand.key(self.random.choice([Qt.Key.Key_Left, Qt.Key.Key_Down]))

    def delete(self) -> None:
        if len(self.canvas.board.cards) > 5:
            self.choose()
            self.hand.key(Qt.Key.Key_Delete)

    def undo(self) -> None:
        self.canvas.document.undo()

    def redo(self) -> None:
        self.canvas.document.redo()

    def add(self) -> None:
        if len(self.canvas.board.cards) < 16:
            place = QPointF(self.random.randint(-300, 900), self.random.randint(-200, 500))
            self.canvas.add_node(f"flodesk.nodes.{self.random.choice(TYPES)}", place)

    def loose(self) -> None:
        """Let a wire go over nothing and choose a type for it, as the quick add does."""
        asked: list[Any] = []
        keep = lambda _at, place, end: asked.append((place, end))  # noqa: E731 - disconnected below by identity
        self.canvas.quick_add_requested.connect(keep)
        start = self.port(self.random.choice(["in", "out"]))
        if start and len(self.canvas.board.cards) < 16:
            self.hand.drag(start, self.hand.empty_place())
        self.canvas.quick_add_requested.disconnect(keep)
        for place, end in asked:
            assert isinstance(end, OutputEnd | InputEnd)
            self.canvas.add_node(f"flodesk.nodes.{self.random.choice(TYPES)}", place, end)

    def rename(self) -> None:
        key = self.choose()
        if key:
            self.canvas.changes.rename(key, f"{key.rstrip('0123456789_')}_{self.random.randint(1, 99)}")

    # -------------------------------------------------------------- what only the picture has
    def frame(self) -> None:
        if len(self.canvas.board.frames()) < 4:
            self.choose() if self.random.random() < 0.5 else self.marquee()
            self.canvas.pieces.add_frame()
            QTest.keyClicks(self.canvas.pieces.field, "Some")
            QTest.keyClick(self.canvas.pieces.field, Qt.Key.Key_Return)

    def note(self) -> None:
        if len(self.canvas.board.pieces) < 7:
            self.canvas.pieces.add_note(QPointF(self.random.randint(-300, 900), self.random.randint(-200, 500)))
            QTest.keyClicks(self.canvas.pieces.field, "# Some *words*")
            QTest.keyClick(self.canvas.pieces.field, Qt.Key.Key_Escape)

    def piece(self) -> None:
        """Drag a note or a frame, by its title or by an edge."""
        pieces = list(self.canvas.board.pieces.values())
        if pieces:
            box = self.random.choice(pieces).box()
            grips = [(20.0, 14.0), (box.width() - 1, 60.0), (1.0, 40.0), (box.width() - 1, box.height() - 1)]
            at = self.canvas.viewer.mapFromScene(box.topLeft() + QPointF(*self.random.choice(grips)))
            drop = self.random.random() < 0.8
            to = at + QPoint(self.random.randint(-60, 60), self.random.randint(-60, 60))
            self.hand.drag(at, to, drop=drop)
            if not drop:
                self.hand.key(Qt.Key.Key_Escape)
                self.hand.release(to)

    def bend(self) -> None:
        wires = list(self.canvas.board.wires)
        if wires:
            self.hand.double_click(self.canvas.wire_position(*self.random.choice(wires), self.random.random()))
            self.hand.key(Qt.Key.Key_Escape)

    def point(self) -> None:
        points = [point for wire in self.canvas.board.bent() for point in wire.junctions]
        if points:
            at = self.canvas.viewer.mapFromScene(self.random.choice(points).pos())
            self.hand.drag(at, at + QPoint(self.random.randint(-60, 60), self.random.randint(-60, 60)))
            if self.random.random() < 0.3:
                self.hand.key(Qt.Key.Key_Delete)

    def labels(self) -> None:
        self.choose()
        self.canvas.routing.toggle_labels()

    def arrange(self) -> None:
        self.marquee()
        verb = self.random.choice(["left", "centre", "right", "top", "middle", "bottom", "across", "down", "tidy"])
        self.canvas.tidy() if verb == "tidy" else getattr(self.canvas.aligning, verb)()

    def pin(self) -> None:
        cards = list(self.canvas.board.cards)
        key = self.random.choice(cards) if cards else ""
        fields = [part.name for part in self.canvas.board.graph.nodes[key].fields if not part.wired] if key else []
        if fields:
            name = self.random.choice(fields)
            self.canvas.fields.pin(key, name, name not in self.canvas.board.graph.nodes[key].pins)

    def all(self) -> None:
        self.canvas.select_all()
        self.hand.key(Qt.Key.Key_Right)

    def marquee(self) -> None:
        self.hand.drag(self.hand.empty_place(), QPoint(self.random.randint(50, 1100), self.random.randint(50, 700)))


def check_drawn(hand: Any) -> None:
    """Notes, frames and ways of wires are drawn as the flow says; no line is about a wire that is no more."""
    flow, board = hand.canvas.document.flow, hand.canvas.board
    assert {key: item.piece for key, item in board.pieces.items()} == pieces(flow, "flow")
    assert all(item.flat() == item.piece.box for item in board.pieces.values())
    shown = {wire.name: wire.route for wire in board.wires.values() if wire.route != Route()}
    assert shown == routes(flow, "flow")
    items = hand.canvas.viewer.scene().items()
    points = {point for wire in board.wires.values() for point in wire.junctions}
    assert points == {item for item in items if isinstance(item, JunctionItem)}
    assert all((p.x(), p.y()) == p.wire.route.points[p.number] for p in points)
    assert {item for item in items if isinstance(item, PieceItem)} == set(board.pieces.values())
    assert not any(frame.lit or frame.resizing for frame in board.frames())


def run(hand: Any, seed: int, steps: int) -> Counter[str]:
    monkey = Monkey(hand, seed)
    start = hand.text
    for number in range(steps):
        kind = monkey.step()
        try:
            hand.check()
            check_drawn(hand)
            assert write(read(hand.text)) == hand.text
        except Exception as problem:
            raise AssertionError(f"seed {seed}, step {number}: {kind}\n{hand.text}") from problem
        hand.canvas.fit()
        QApplication.processEvents()
    while hand.canvas.document.undo_title:
        hand.canvas.document.undo()
    hand.check()
    assert hand.text == start
    return monkey.done


@pytest.mark.parametrize("seed", [1, 2])
def test_random_gestures(open_canvas: Callable[..., Any], seed: int) -> None:
    done = run(open_canvas(LOOP), seed, 60)
    assert sum(done.values()) > 15, f"the gestures did too little: {done}"


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(100, 112))
def test_many_random_gestures(open_canvas: Callable[..., Any], seed: int) -> None:
    run(open_canvas(LOOP), seed, 300)
