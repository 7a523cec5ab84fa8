"""Dots, bars and histograms against known answers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from flodesk.engine.values import decode, encode
from flodesk.nodes import show


def travelled(value):
    return decode(*encode(value))


@pytest.mark.node("show.scatter")
def test_dots_are_kept_to_the_last_or_counted_in_cells():
    dots = show.scatter([1.0, 2.0], [3.0, 4.0], [5.0, 6.0], names="a, b", x_unit="V", y_unit="A")
    assert [(t.name, t.x.tolist(), t.y.tolist()) for t in travelled(dots).traces] == [
        ("a", [1.0, 2.0], [3.0, 4.0]), ("b", [1.0, 2.0], [5.0, 6.0]),
    ]  # fmt: skip
    assert dots.summary() == "a: 2 dots from 3 to 4 A; b: 2 dots from 5 to 6 A"
    few = travelled(show.scatter(np.arange(5000.0), np.arange(5000.0)))
    assert few.density is None
    assert len(few.traces[0].x) == 5000
    x = np.repeat([0.0, 10.0], [2000, 4000])
    many = travelled(show.scatter(x, np.append(x[:-1], np.nan)))
    assert many.traces == ()
    assert (many.density[0, 0], many.density[-1, -1], many.density.sum()) == (2000, 3999, 5999)
    assert many.extent == (0.0, 10.0, 0.0, 10.0)
    assert many.summary() == "5999 dots"
    assert travelled(show.scatter(np.full(6000, np.nan), np.zeros(6000))).traces == ()
    with pytest.raises(ValueError, match="curve 2 has 1"):
        show.scatter([1.0, 2.0], [1.0, 2.0], [1.0])


@pytest.mark.node("show.bars")
def test_bars_have_labels_and_rows_of_one_length():
    chart = show.bars([1.0, 5.0], [2.0, 3.0], labels="one, two", names="a, b", y_unit="kg")
    assert chart.summary() == "2 bars, the highest of a 5 kg at two"
    assert [row.tolist() for row in travelled(chart).heights] == [[1.0, 5.0], [2.0, 3.0]]
    assert show.bars(7).summary() == "1 bars, the highest 7 at 1"
    assert show.bars().summary() == show.bars([]).summary() == "no bars"
    assert show.bars([math.nan]).summary() == "1 bars without a height"
    long = travelled(show.bars(np.arange(5000.0)))
    assert len(long.heights[0]) == 200
    assert long.heights[0][-1] == 4999.0
    assert long.place(1) == "26"
    with pytest.raises(ValueError, match="must agree"):
        show.bars([1.0], [1.0, 2.0])
    with pytest.raises(TypeError, match="row 1"):
        show.bars("none")


@pytest.mark.node("show.Histogram")
def test_a_histogram_counts_as_numpy_does():
    values = np.random.default_rng(1).normal(size=(10, 100))
    counted = show.Histogram(bins=20, lower=-2.0, upper=2.0, unit="V")
    for row in values:
        chart = counted(row)
    counts, edges = np.histogram(values, 20, (-2.0, 2.0))
    assert chart.heights[0].tolist() == counts.tolist()
    assert np.allclose(chart.edges, edges)
    outside = int((np.abs(values) > 2.0).sum())
    assert chart.note == f"{1000 - outside} values, {outside} outside"
    assert counted([math.nan, 2.0, -2.0]).note == f"{1002 - outside} values, {outside} outside, 1 not finite"


@pytest.mark.node("show.Histogram")
def test_a_histogram_of_all_values_grows_and_loses_none():
    counted = show.Histogram(bins=10)
    assert counted([]).summary() == "no bars"
    for value in np.random.default_rng(2).normal(size=500) ** 3:
        chart = counted(value)
    assert counted([1e6, -1e3]).heights[0].sum() == 502 == chart.heights[0].sum() + 2
    again = counted([])
    assert again.edges[0] <= -1e3
    assert again.edges[-1] >= 1e6
    assert len(again.heights[0]) == 10
    near = show.Histogram(bins=10)
    near(np.linspace(-0.99, 0.99, 100))
    tight = near(np.linspace(-1.0, 1.0, 100))
    assert (tight.edges[0], tight.edges[-1]) == pytest.approx((-1.0, 1.0), abs=0.5)
    assert tight.heights[0].sum() == 200
    assert np.count_nonzero(tight.heights[0]) >= 8, "they are where the values are"


@pytest.mark.node("show.Histogram")
def test_a_histogram_of_the_last_values_forgets_the_others():
    counted = show.Histogram(bins=2, last=3)
    counted([9.0, 9.0])
    chart = counted([1.0, 2.0, 3.0])
    assert chart.heights[0].tolist() == [1, 2]
    assert (chart.edges[0], chart.edges[-1], chart.note) == (1.0, 3.0, "3 values")
    fixed = show.Histogram(bins=2, lower=0.0, upper=2.0, last=2)
    fixed([0.5, 0.5, 0.5])
    assert fixed(1.5).heights[0].tolist() == [1, 1]
    for wrong in ({"bins": 3}, {"lower": 1.0}, {"lower": 2.0, "upper": 1.0}):
        with pytest.raises(ValueError, match=r"set bins|give both|swap"):
            show.Histogram(**wrong)
