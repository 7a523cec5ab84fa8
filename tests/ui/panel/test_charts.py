"""Dots and bars: what is painted stands where its numbers are, in both themes, and the mouse reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.nodes import show
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.curves.bars import BarsPlot
from flodesk.ui.panel.faces.curves.dots import ScatterPlot
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
