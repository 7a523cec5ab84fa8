"""A plot that is zoomed asks the engine for the part that is seen: every sample, exact, also of what stands still."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.engine.client import InProcess
from flodesk.flow.model import View
from flodesk.ui.panel.asking import Asking
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.panel.setting import Reading

COUNT = 1_000_000
TEXT = f"""
import numpy as np
import flodesk
from flodesk.nodes import show
from flodesk.public import Signal, Waveform


def upto(n):
    yield from range(1, n + 1)


def made(k) -> Signal:
    return Waveform(k * np.cos(np.arange({COUNT}) * 0.7), 0.001)


def flow():
    for k in upto(3):
        wave = made(k)
        shown = show.line(wave)


if __name__ == "__main__":
    flodesk.main(flow)
"""
SAMPLES = 3 * np.cos(np.arange(COUNT) * 0.7)


@pytest.fixture(scope="module")
def engine() -> Iterator[InProcess]:
    made = InProcess()
    made.open(TEXT)
    made.hold(["flow.shown"], 64_000_000)
    yield made
    made.close()


@pytest.fixture
def card(engine: InProcess, qtbot: QtBot) -> Card:
    engine.watch({"flow.shown"}, set())
    if "flow.shown" not in engine.values():
        engine.start()
    qtbot.waitUntil(lambda: not engine.running)
    qtbot.waitUntil(lambda: "flow.shown" in engine.values())
    qtbot.waitUntil(lambda: float(engine.values()["flow.shown"].value.traces[0].y.max()) == 3.0)
    made = Card("flow", View("view", "node", 0, 0, 6, 6), Reading("flow.shown", "Wave"))
    qtbot.addWidget(made)
    asking = Asking(made)
    asking.engine = lambda: engine
    made.ask(asking)
    made.resize(700, 420)
    made.show()
    made.show_sample(engine.values()["flow.shown"])
    return made


def plot_of(card: Card) -> LinePlot:
    assert isinstance(card.content, LinePlot)
    return card.content


def zoom(plot: LinePlot, left: float, right: float) -> None:
    plot.box.setRange(xRange=(left, right), padding=0, disableAutoRange=False)
    plot.box.sigRangeChangedManually.emit([True, False])


def test_a_million_samples_zoomed_to_a_thousand_show_every_one(card: Card, qtbot: QtBot) -> None:
    plot = plot_of(card)
    assert len(plot.curves[0].x) <= 2000
    zoom(plot, 500.0, 500.999)
    qtbot.waitUntil(lambda: len(plot.curves[0].x) > 2000)
    curve = plot.curves[0]
    seen = (curve.x >= 499.9995) & (curve.x <= 500.9995)
    assert seen.sum() == 1000
    assert np.array_equal(curve.y[seen], SAMPLES[500_000:501_000])
    assert np.allclose(curve.x[seen], np.arange(500_000, 501_000) * 0.001, rtol=1e-12)
    drawn = plot._items[0].getData()
    assert len(drawn[0]) == len(curve.x)
    plot.look.show_sums(on=True)
    part = SAMPLES[500_000:501_000]
    words = plot.readout.lines[-1].text
    assert "of 1\u202f000 samples" in words
    assert f"RMS {np.sqrt((part**2).mean()):.3f}" in words
    QTest.keyClick(plot, Qt.Key.Key_A)
    plot.look.show_sums(on=False)
    assert len(plot.curves[0].x) <= 2000


def test_figures_of_all_that_is_seen_are_of_all_samples(card: Card, qtbot: QtBot) -> None:
    plot = plot_of(card)
    QTest.keyClick(plot, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: any("of 1\u202f000\u202f000 samples" in line.text for line in plot.readout.lines))
    assert f"σ {SAMPLES.std():.3f}" in plot.readout.lines[-1].text


def test_only_the_newest_part_is_asked_for_while_an_answer_is_under_way(
    card: Card, qtbot: QtBot, engine: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot, asked = plot_of(card), []
    ask = engine.zoom

    def counting(name, of, left, right, told, *, whole=False):  # type: ignore[no-untyped-def]
        asked.append((left, right))
        ask(name, of, left, right, told, whole=whole)

    monkeypatch.setattr(engine, "zoom", counting)
    for n in range(20):
        zoom(plot, 100.0 + n, 110.0 + n)
    assert len(asked) <= 2
    qtbot.waitUntil(lambda: plot.zoom.seen and plot.zoom.span == (119.0, 129.0))
    assert len(asked) <= 3


def test_a_view_that_stands_still_gives_its_own_samples(card: Card, qtbot: QtBot, engine: InProcess) -> None:
    plot = plot_of(card)
    card.freeze(on=True)
    engine.hold([], 0)
    zoom(plot, 10.0, 10.5)
    qtbot.waitUntil(lambda: plot.zoom.seen)
    curve = plot.curves[0]
    seen = (curve.x >= 9.9995) & (curve.x <= 10.5005)
    assert np.array_equal(curve.y[seen], SAMPLES[10_000:10_501])
    engine.hold(["flow.shown"], 64_000_000)


def test_what_is_seen_is_copied_in_full(card: Card, qtbot: QtBot) -> None:
    plot = plot_of(card)
    zoom(plot, 20.0, 22.9995)
    plot.setFocus()
    QGuiApplication.clipboard().clear()
    QTest.keyClick(plot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(QGuiApplication.clipboard().text().splitlines()) == 3001)
    last = QGuiApplication.clipboard().text().splitlines()[-1]
    assert float(last.split(",")[1]) == SAMPLES[22_999]
    with qtbot.waitSignal(card.giving.said) as said:
        plot.copying.copy()
    assert "too many for the clipboard" in said.args[0]
