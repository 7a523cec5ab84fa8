"""Subflows by hand: opened by a double click, made of selected nodes, seen while they run."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar
from pytestqt.qtbot import QtBot

from flodesk.flow.script import read, write
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import dsp, maths, show, source, timing


def cleanup(signal, cutoff: float = 20.0):
    louder = maths.scale(signal, factor=2.0)
    clean = dsp.butterworth(louder, cutoff=cutoff)
    return clean


def flow():
    for tick in timing.every(0.05):
        signal = source.sine(tick, frequency=5.0, samples=100, rate=1000.0)
        hum = source.sine(tick, frequency=50.0, samples=100, rate=1000.0)
        noisy = maths.add(signal, hum)
        cleaned = cleanup(noisy, cutoff=30.0)
        chart = show.line(cleaned)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def middle(window: Window, node: str) -> QPoint:
    """A point of the card, below its title."""
    canvas = window.canvases.current
    card = canvas.board.cards[node]
    canvas.fit()
    QApplication.processEvents()
    box = card.box()
    return canvas.viewer.mapFromScene(QPointF(box.center().x(), box.bottom() - 6))


def double_click(window: Window, node: str) -> None:
    at = middle(window, node)
    port = window.canvases.current.viewport()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.mouseDClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QApplication.processEvents()


def tabs(window: Window) -> list[str]:
    return [window.canvases.tabs.tabText(n) for n in range(window.canvases.tabs.count())]


def test_a_double_click_on_a_call_opens_the_function(opened: Window) -> None:
    assert tabs(opened) == ["flow"]
    double_click(opened, "cleaned")
    assert tabs(opened) == ["flow", "cleanup"]
    assert opened.canvases.function == "cleanup"
    cards = opened.canvases.current.board.cards
    assert set(cards) == {"def", "louder", "clean", "return"}
    graph = opened.canvases.current.board.graph
    assert [port.name for port in graph.nodes["def"].outputs] == ["signal", "cutoff"]
    wires = {(w.source, w.target) for w in graph.wires}
    assert wires == {
        (("def", "signal"), ("louder", "value")),
        (("def", "cutoff"), ("clean", "cutoff")),
        (("louder", ""), ("clean", "signal")),
        (("clean", ""), ("return", "value")),
    }
    close = opened.canvases.tabs.tabButton(1, QTabBar.ButtonPosition.RightSide)
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert tabs(opened) == ["flow"]


def test_a_double_click_on_another_node_opens_nothing(opened: Window) -> None:
    double_click(opened, "noisy")
    assert tabs(opened) == ["flow"]


def test_the_ends_of_a_function_have_no_name_to_edit(opened: Window) -> None:
    double_click(opened, "cleaned")
    canvas = opened.canvases.current
    canvas.select(["def"])
    QTest.keyClick(canvas.viewer, Qt.Key.Key_F2)
    assert canvas.picking.naming.field is None


def test_a_wire_to_the_end_of_a_function_is_what_it_returns(opened: Window) -> None:
    double_click(opened, "cleaned")
    canvas = opened.canvases.current
    canvas.changes.connect(("louder", ""), ("return", "value"), None)
    assert "    return louder\n" in write(opened.document.flow)


def test_ctrl_g_makes_a_subflow_of_the_selection_and_one_undo_takes_it_back(opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.select(["signal", "hum", "noisy"])
    QTest.keyClick(canvas.viewer, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    text = write(opened.document.flow)
    assert "def make_noisy(tick" in text
    assert "        noisy = make_noisy(tick)\n        cleaned = cleanup(noisy, cutoff=30.0)\n" in text
    assert opened.canvases.current.picking.selection() == ["noisy"]
    opened.editing.undo()
    assert write(opened.document.flow) == write(read(TEXT))


def test_nodes_that_do_not_stand_together_are_refused_in_words(opened: Window) -> None:
    said: list[str] = []
    opened.editing.said.connect(lambda words, _: said.append(words))
    opened.canvases.current.select(["signal", "noisy", "chart"])
    opened.editing.make_subflow()
    assert said
    assert opened.bar.isVisible(), "it is said where the eye is"
    assert opened.bar.text == said[0]
    opened.canvases.current.select(["noisy", "cleaned"])
    opened.editing.make_subflow()
    assert not opened.bar.isVisible(), "it went with the next edit"
    assert "“cleaned” stands between the selected nodes" in said[0]


def test_states_and_values_inside_are_shown_while_it_runs(opened: Window, qtbot: QtBot) -> None:
    double_click(opened, "cleaned")
    opened.run.start()
    live = opened.canvases.current.board.cards["louder"].live
    qtbot.waitUntil(lambda: live.count > 2 and bool(live.previews), timeout=60_000)
    opened.run.stop()
    qtbot.waitUntil(lambda: opened.run.phase == "idle", timeout=60_000)
