"""After an edit only what is different is painted anew: the screen shows then what painting all of it would show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import Move, Rename, SetParameter
from flodesk.flow.model import Literal

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
        meter = show.number(smooth)
"""


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def screen(canvas: Any) -> QImage:
    """Return what stands on the screen where the canvas is."""
    window = canvas.window()
    taken: QImage = window.screen().grabWindow(window.winId()).toImage()
    return taken.convertToFormat(QImage.Format.Format_RGB32)


def steps(hand: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    canvas, document = hand.canvas, hand.canvas.document
    wires = canvas.board.wires
    yield "a number", lambda: document.do(SetParameter("flow", "signal", "frequency", Literal("7.25")))
    yield "moved", lambda: document.do(Move("flow", {"size": (40.0, 520.0)}))
    yield "moved back", document.undo
    yield "selected", lambda: canvas.select(["louder"])
    yield "unwired", lambda: canvas.changes.disconnect([wires[("louder", ""), ("size", "signal")].wire])
    yield "wired again", document.undo
    yield "added", lambda: canvas.add_node("flodesk.nodes.maths.clip", QPointF(60, 420))
    yield "taken back", document.undo
    yield "another name", lambda: document.do(Rename("flow", "size", "rms"))
    yield "off", lambda: (canvas.select(["louder"]), canvas.switching.toggle_bypass())
    yield "on again", document.undo
    yield "deleted", lambda: (canvas.select(["high", "meter"]), canvas.delete_selection())
    yield "all of it back", lambda: [document.undo() for _ in range(document.steps)]


@pytest.mark.parametrize("zoom", [1.0, 0.3])
def test_what_an_edit_leaves_alone_needs_no_painting(
    open_canvas: Callable[..., Any], qtbot: QtBot, zoom: float
) -> None:
    hand = open_canvas(LOOP)
    canvas = hand.canvas
    canvas.fit()
    canvas.zoom_to(zoom)
    paints = Paints(canvas.viewport())

    def painted(do: Callable[[], object]) -> QImage:
        """Do something, and return the screen when it has been painted and nothing more comes."""
        before = paints.count
        do()
        qtbot.waitUntil(lambda: paints.count > before, timeout=60000)
        while paints.count > before:
            before = paints.count
            qtbot.wait(30)
        return screen(canvas)

    before = painted(canvas.viewport().update)
    for name, do in steps(hand):
        shown = painted(do)
        assert shown == painted(canvas.viewport().update), f"{name}: not all that is different was painted"
        assert shown != before or (zoom < 1 and name in ("a number", "another name")), f"{name}: nothing to be seen"
        before = shown
