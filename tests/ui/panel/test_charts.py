"""Dots and bars: what is painted stands where its numbers are, in both themes, and the mouse reads it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.nodes import show
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.curves.bars import BarsPlot
from flodesk.ui.panel.faces.curves.dots import ScatterPlot
from flodesk.ui.panel.faces.curves.names import GAP, spaced
from flodesk.ui.panel.faces.curves.plot import LinePlot
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


def ink(plot: LinePlot, x: float, y: float) -> QColor:
    """Return the colour at a place of the data."""
    at = plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(x, y)))
    return QColor(plot.plot.grab().toImage().pixelColor(at))


def near(found: QColor, wanted: str, share: float = 0.0) -> bool:
    """Say whether a colour is one of the theme, or that much of the ground through it."""
    ground, full = QColor(theme().raised), QColor(wanted)
    parts = [(a * (1 - share) + b * share) for a, b in zip(full.getRgb()[:3], ground.getRgb()[:3], strict=True)]
    return all(abs(a - b) <= 40 for a, b in zip(found.getRgb()[:3], parts, strict=True))


def test_bars_stand_where_their_numbers_are(shown: Show) -> None:
    plot = shown("show.bars", show.bars([3.0, 7.0], [5.0, 1.0], labels="left, right", names="a, b"))
    assert isinstance(plot, BarsPlot)
    first, second = theme().traces[:2]
    assert near(ink(plot, 0.8, 2.4), first, 0.15)
    assert near(ink(plot, 0.8, 3.4), theme().raised)
    assert near(ink(plot, 1.2, 4.4), second, 0.15)
    assert near(ink(plot, 1.8, 6.6), first, 0.15)
    (left, right), (low, high) = plot.box.viewRange()
    assert (left, right, low) == (0.5, 2.5, 0.0)
    assert high >= 7.0
    assert [text for _, text in plot.axes["bottom"]._tickLevels[0]] == ["left", "right"]


def test_bars_below_zero_hang_from_it(shown: Show) -> None:
    plot = shown("show.bars", show.bars([-3.0, 2.0]))
    assert near(ink(plot, 1.0, -2.4), theme().traces[0], 0.15)
    assert near(ink(plot, 1.0, 0.6), theme().raised)


def test_the_mouse_reads_a_bar(shown: Show, qtbot: QtBot) -> None:
    counted = show.Histogram(bins=4, lower=0.0, upper=4.0, unit="V")
    plot = shown("show.bars", counted([0.5, 2.2, 2.5, 2.7, 9.0]))
    assert plot.tip().endswith("4 values, 1 outside")
    at = plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(2.5, 1.5)))
    QTest.mouseMove(plot.plot.viewport(), at + QPointF(9, 9).toPoint())
    QTest.mouseMove(plot.plot.viewport(), at)
    qtbot.waitUntil(lambda: plot.legend.place != "", timeout=5000)
    assert plot.legend.place == "2 to 3 V"
    assert plot.legend.entries[0].value == "3.000"
    plot.copying.copy()
    assert QGuiApplication.clipboard().text().splitlines()[1:] == ["0.5,1.0", "1.5,0.0", "2.5,3.0", "3.5,0.0"]


def test_dots_are_not_joined(shown: Show) -> None:
    plot = shown("show.scatter", show.scatter([1.0, 3.0], [1.0, 3.0], [3.0, 1.0], names="a, b"))
    assert isinstance(plot, ScatterPlot)
    assert near(ink(plot, 1.0, 1.0), theme().traces[0], 0.25)
    assert near(ink(plot, 3.0, 1.0), theme().traces[1], 0.25)
    assert near(ink(plot, 2.0, 1.8), theme().raised)
    (left, right), _ = plot.box.viewRange()
    assert left < 1.0 < 3.0 < right


def test_rows_have_dots_where_they_have_values_and_a_row_may_have_none(shown: Show) -> None:
    nan = float("nan")
    plot = shown("show.scatter", show.scatter([1.0, 3.0], [1.0, nan], [nan, 3.0], [nan, nan], names="a, b, c"))
    assert near(ink(plot, 1.0, 1.0), theme().traces[0], 0.25)
    assert near(ink(plot, 3.0, 3.0), theme().traces[1], 0.25)
    assert near(ink(plot, 2.0, 2.0), theme().raised)


def test_too_many_dots_are_shown_as_how_dense_they_are(shown: Show) -> None:
    x = np.concatenate([np.zeros(3000), np.full(3000, 10.0), [5.0]])
    plot = shown("show.scatter", show.scatter(x, x))
    assert not plot.curves
    assert "6001 dots" in plot.tip()
    assert near(ink(plot, 0.05, 0.05), theme().traces[0])
    assert near(ink(plot, 9.95, 9.95), theme().traces[0])
    assert near(ink(plot, 2.0, 8.0), theme().raised)
    (left, right), _ = plot.box.viewRange()
    assert (left, right) == (0.0, 10.0)
    plot.show_value(show.scatter([1.0], [1.0]))
    assert len(plot.curves) == 1


def test_a_double_click_fits_dragged_axes_again(shown: Show, qtbot: QtBot) -> None:
    plot = shown("show.bars", show.bars([3.0, 7.0]))
    view = plot.plot.viewport()
    middle, there = view.rect().center(), view.rect().center() + QPointF(40, 0).toPoint()
    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    before = plot.box.viewRange()
    QTest.mousePress(view, left, plain, middle)
    for step in (10, 20, 40):
        QTest.mouseMove(view, middle + QPointF(step, 0).toPoint())
        qtbot.wait(5)
    QTest.mouseRelease(view, left, plain, there)
    assert plot.fits is False
    assert plot.box.viewRange() != before
    QTest.mouseDClick(view, left, plain, middle)
    assert plot.fits is True
    assert plot.box.viewRange() == before


# ------------------------------------------------------------------ names below bars
EIGHT = "0°, 45°, 90°, 135°, 180°, 225°, 270°, 315°"
LONG = "Flow of the feed pump, Flow of the return pump, Level of the first tank, Level of the second tank"


def names_below(plot: LinePlot) -> list[tuple[float, str]]:
    """Return what is written below the bars, and where each text begins, from a picture that keeps letters."""
    device = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(device)
    generator.setSize(plot.plot.size())
    with QPainter(generator) as painter:
        painter.translate(plot.axes["bottom"].scenePos())
        plot.axes["bottom"].paint_on(painter, plot.plot)
    texts = re.findall(r'<text[^>]* x="([-0-9.]+)"[^>]*>([^<]+)<', bytes(device.data().data()).decode(), re.DOTALL)
    return [(float(x), text.strip()) for x, text in texts]


@pytest.mark.parametrize("wide", [150, 240, 700])
@pytest.mark.parametrize("labels", [EIGHT, LONG])
def test_names_below_bars_never_lie_over_one_another(shown: Show, qtbot: QtBot, wide: int, labels: str) -> None:
    names = labels.split(", ")
    plot = shown("show.bars", show.bars(np.arange(1.0, len(names) + 1), labels=labels))
    card = plot.parentWidget()
    card.resize(wide, 240)
    qtbot.waitUntil(lambda: abs(plot.plot.width() - plot.width()) < 4 and plot.width() < wide)
    QGuiApplication.processEvents()
    axis = plot.axes["bottom"]
    written = names_below(plot)
    assert written, "some of them are there"
    measure = QFontMetricsF(axis.style["tickFont"])
    for (left, text), (right, _) in itertools.pairwise(written):
        assert left + measure.horizontalAdvance(text) <= right
    assert all(any(name.startswith(text.rstrip("…")) for name in names) for _, text in written)
    if wide == 700:
        assert len(written) == len(names)
    if labels == EIGHT:
        assert {text for _, text in written} <= set(names), "short names are left out, and none is cut short"


def test_as_many_names_as_there_is_room_for(qapp: object) -> None:
    measure = QFontMetricsF(QGuiApplication.font())
    wide = measure.horizontalAdvance("ten")
    at = [100.0 * n for n in range(5)]
    ends = (-50.0, 450.0)
    assert [left + wide / 2 for left, _ in spaced(at, ["ten"] * 5, measure, ends)] == at
    close = [(wide + GAP - 1) * n for n in range(5)]
    assert [left + wide / 2 for left, _ in spaced(close, ["ten"] * 5, measure, ends)] == close[::2]
    long = spaced(at, ["a name that is longer than its place"] * 5, measure, (0.0, 450.0))
    assert all(text.endswith("…") for _, text in long)
    assert long[0][0] == 0.0
    assert measure.horizontalAdvance(long[0][1]) <= 50.0 - GAP / 2, "half of its place is beyond the plot"
    assert spaced([5.0], ["alone"], measure, (0.0, 99.0)) == [(0.0, "alone")]
