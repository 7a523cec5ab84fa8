"""Strip chart, scope and spectrum as the panel shows them, in both themes and by real events."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.nodes import show
from flodesk.public import Waveform
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.panel.faces.curves.streams import ScopePlot, SpectrumFace, StripPlot
from flodesk.ui.theme import DARK, LIGHT, current, theme

Show = Callable[..., LinePlot]


@pytest.fixture(params=[DARK, LIGHT], ids=["dark", "light"], autouse=True)
def in_both_themes(request: pytest.FixtureRequest) -> Iterator[None]:
    before = current.theme
    current.use(request.param)
    yield
    current.use(before)


@pytest.fixture
def shown(qtbot: QtBot, gallery: ModuleType) -> Show:
    """Return a function that shows a value in a form and gives its plot."""
    kept: list[Card] = []

    def made(key: str, value: object, **options: object) -> LinePlot:
        card = gallery.card_of(key, gallery.Shot((8, 6), value, "", options))
        qtbot.addWidget(card)
        kept.append(card)
        card.show()
        qtbot.waitExposed(card)
        gallery.settle()
        assert isinstance(card.content, LinePlot)
        return card.content

    return made


def sine(count: int, start: float = 0.0, height: float = 3.0) -> Waveform:
    t = start + np.arange(count) * 1e-3
    return Waveform(height * np.sin(2 * np.pi * 50 * t), 1e-3, start, "V")


def hover(plot: LinePlot, x: float, y: float, shift: int) -> bool:
    """Move the mouse, some pixels beside a place of the data, and say whether the plot tells where it is."""
    at = plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(x, y)))
    QTest.mouseMove(plot.plot.viewport(), at + QPoint(0, shift))
    return plot.legend.place != ""


def test_a_strip_chart_scrolls(shown: Show) -> None:
    chart = show.Strip(seconds=1.0)
    plot = shown("show.strip", chart(sine(1000)))
    assert isinstance(plot, StripPlot)
    first = plot.box.viewRange()[0]
    plot.show_value(chart(sine(700, 1.0)))
    second = plot.box.viewRange()[0]
    assert second[1] >= 1.699 > first[1]
    assert second[0] > first[0]


def test_a_strip_chart_sweeps_on_an_axis_that_stands_still(shown: Show) -> None:
    chart = show.Strip(seconds=1.0)
    plot = shown("show.strip", chart(sine(1000)), mode="sweep")
    for number in range(1, 4):
        plot.show_value(chart(sine(300, 0.7 + 0.3 * number)))
        assert plot.box.viewRange()[0] == [0.0, 1.0]
    assert isinstance(plot, StripPlot)
    assert plot._now.isVisible()
    assert plot._now.value() == pytest.approx(0.899, abs=0.002)
    curve = plot.curves[0]
    gaps = np.flatnonzero(np.isnan(curve.y))
    assert len(gaps) == 1, "a gap stands before what was there"
    new, old = curve.x[: gaps[0]], curve.x[gaps[0] + 1 :]
    assert (new[0], new[-1]) == pytest.approx((0.0, 0.899), abs=0.002)
    assert old[0] >= new[-1] + 0.02


def test_how_a_strip_chart_goes_on_is_a_matter_of_its_view(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]
) -> None:
    views = ['swept = { at = [0, 0, 8, 5], shows = "chart", options = { mode = "sweep" } }', "chart = [0, 5, 8, 5]"]
    body = ["trend = show.Strip(seconds=2.0)", "for i in timing.every(0.1):", "    chart = trend(1.0)"]
    panel = open_panel(flow_text(body, views))
    chart = show.Strip(seconds=2.0)(sine(500))
    cards = panel.board.cards
    value = {cards["flow.chart"].variable: Sample(1, chart)}
    assert panel.show_values(value) >= 1
    swept, plain = cards["flow.swept"].content, cards["flow.chart"].content
    assert isinstance(swept, StripPlot)
    assert isinstance(plain, StripPlot)
    assert (swept.sweeps, plain.reading.options) == (True, {})
    panel.show()
    cards["flow.swept"].dressed.emit({"mode": "scroll"})
    panel.refresh()
    assert not swept.sweeps
    panel.document.undo()
    panel.refresh()
    assert swept.sweeps


def test_a_scope_stands_still_and_says_how_its_trigger_is(shown: Show) -> None:
    scope = show.Scope(span=0.05, level=1.0, before=0.2, persistence=4)
    plot = shown("show.scope", scope(sine(30)))
    assert isinstance(plot, ScopePlot)
    assert plot.legend.chip == "Waits for the trigger"
    plot.show_value(scope(sine(600, 0.03)))
    assert plot.legend.chip == ""
    assert plot.box.viewRange()[0] == pytest.approx([-0.01, 0.04])
    assert len(plot._past) == 4
    assert plot._level.value() == 1.0
    assert plot._level.isVisible()
    assert plot._zero.isVisible()
    before = plot.box.viewRange()[0]
    plot.show_value(scope(sine(600, 0.63)))
    assert plot.box.viewRange()[0] == before
    assert plot.tip().endswith(f"{scope(sine(10, 1.23)).sweeps} sweeps")
    lost = shown("show.scope", show.Scope(span=0.05, level=50.0)(sine(600)))
    assert lost.legend.chip == "No trigger"


def test_the_mouse_reads_a_spectrum_in_decibels_over_decades(shown: Show, qtbot: QtBot) -> None:
    value = show.Spectrum(window="flattop")(sine(1000, height=10.0))
    plot = shown("show.spectrum", value, scale="decibel", frequency="logarithmic")
    assert isinstance(plot, SpectrumFace)
    assert "dBV" in plot.axes["left"].written
    assert plot.axes["bottom"].logMode
    (_, _), (_, high) = plot.box.viewRange()
    assert high >= 20.0
    shifts = itertools.cycle(range(9))  # pyqtgraph leaves out moves that come too fast
    qtbot.waitUntil(lambda: hover(plot, np.log10(50.0), 0.0, next(shifts)), timeout=5000)
    assert plot.legend.entries[0].value in ("20.00 dBV", "19.99 dBV", "19.98 dBV", "19.97 dBV")
    assert plot.legend.place.split()[1] == "Hz"
    assert float(plot.legend.place.split()[0]) == pytest.approx(50.0, abs=1.0)
    plot.copying.copy()
    rows = QGuiApplication.clipboard().text().splitlines()
    assert rows[0] == "Frequency (Hz),y1 (dBV)"
    assert float(rows[1].split(",")[0]) == pytest.approx(1.0)


def test_the_looks_of_a_spectrum_change_at_once(shown: Show) -> None:
    plot = shown("show.spectrum", show.Spectrum()(sine(1000)))
    assert plot.box.viewRange()[0] == [0.0, 500.0]
    assert plot.curves[0].y.max() == pytest.approx(3.0)
    plot.show_reading(replace(plot.reading, options={"scale": "decibel", "frequency": "logarithmic"}))
    assert plot.curves[0].y.max() == pytest.approx(20 * np.log10(3.0))
    assert plot.box.viewRange()[0] == pytest.approx([0.0, np.log10(500.0)], abs=0.01)
    assert plot.legend.entries[0].ink == theme().traces[0]


def test_dragging_and_fitting_a_strip_chart(shown: Show, qtbot: QtBot) -> None:
    chart = show.Strip(seconds=1.0)
    plot = shown("show.strip", chart(sine(1000)), mode="sweep")
    view = plot.plot.viewport()
    middle, none = view.rect().center(), Qt.KeyboardModifier.NoModifier
    QTest.mousePress(view, Qt.MouseButton.LeftButton, none, middle)
    for step in (10, 20, 40):
        QTest.mouseMove(view, middle + QPoint(step, 0))
        qtbot.wait(5)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, none, middle + QPoint(40, 0))
    assert plot.legend.chip == "Fit by itself"
    moved = plot.box.viewRange()[0]
    plot.show_value(chart(sine(100, 1.0)))
    assert plot.box.viewRange()[0] == moved
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, none, middle)
    assert plot.box.viewRange()[0] == [0.0, 1.0]
