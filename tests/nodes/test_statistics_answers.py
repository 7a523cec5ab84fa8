from __future__ import annotations

import math

import numpy as np
import pytest

from flodesk.nodes import statistics
from flodesk.public import Waveform

# Anscombe's quartet: four sets with the same line and very different looks (F. J. Anscombe, 1973)
X123 = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
ANSCOMBE = [
    (X123, [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]),
    (X123, [9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74]),
    (X123, [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73]),
    ([8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8], [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89]),
]


@pytest.mark.node("statistics.RunningMean")
def test_a_running_mean_of_three():
    average = statistics.RunningMean(window=3)
    assert [average(value) for value in (3.0, 6.0, 9.0, 12.0, 0.0)] == [3.0, 4.5, 6.0, 9.0, 7.0]


@pytest.mark.node("statistics.RunningMean")
def test_a_running_mean_forgets_what_has_left_its_window():
    average = statistics.RunningMean(window=2)
    for value in (math.nan, 1e300, 0.1, 0.1):
        last = average(value)
    assert last == 0.1
    with pytest.raises(ValueError, match="1 or more"):
        statistics.RunningMean(window=0)


@pytest.mark.node("statistics.Recent")
def test_recent_holds_the_last_values_of_each_stream():
    recent = statistics.Recent(number=3)
    for value in range(5):
        last = recent(value)
    assert last.tolist() == [2.0, 3.0, 4.0]
    both = statistics.Recent(number=2)
    both(1.0, 10.0)
    assert both(2.0, 20.0).tolist() == [[1.0, 2.0], [10.0, 20.0]]
    with pytest.raises(ValueError, match="1 values came where 2 came before"):
        both(3.0)
    with pytest.raises(ValueError, match="1 or more"):
        statistics.Recent(number=0)


@pytest.mark.node("statistics.describe")
def test_a_summary_of_known_numbers():
    # NIST's StRD set NumAcc1: 10000001, 10000003, 10000002 has the mean 10000002 and the deviation 1
    summary = statistics.describe([10000001, 10000003, 10000002])
    assert summary == (3, 10000002.0, 1.0, 10000001.0, 10000002.0, 10000003.0)
    assert statistics.describe(np.array([[1.0, np.nan], [2.0, 9.0]])).median == 2.0
    assert math.isnan(statistics.describe([5.0]).deviation)
    assert statistics.describe(Waveform(np.array([1.0, 3.0]), 0.1)).mean == 2.0
    with pytest.raises(ValueError, match="no numbers"):
        statistics.describe([math.nan])


@pytest.mark.node("statistics.histogram")
def test_a_histogram_counts_each_value_once():
    result = statistics.histogram([0.0, 0.5, 1.0, 1.5, 2.0, 4.0, math.nan], bins=4)
    assert result.centers.tolist() == [0.5, 1.5, 2.5, 3.5]
    assert result.counts.tolist() == [2, 2, 1, 1]
    assert statistics.histogram([5.0, 15.0, 25.0], bins=2, lower=0.0, upper=20.0).counts.tolist() == [1, 1]
    with pytest.raises(ValueError, match="swap"):
        statistics.histogram([1.0], lower=2.0, upper=0.0)
    with pytest.raises(ValueError, match="no numbers"):
        statistics.histogram([])


@pytest.mark.node("statistics.linear_fit")
@pytest.mark.parametrize(("x", "y"), ANSCOMBE)
def test_anscombes_four_sets_have_one_line(x, y):
    fit = statistics.linear_fit(x, y)
    assert fit.slope == pytest.approx(0.500, abs=0.0005)
    assert fit.intercept == pytest.approx(3.00, abs=0.005)
    assert fit.r_squared == pytest.approx(0.67, abs=0.005)


@pytest.mark.node("statistics.linear_fit")
def test_a_line_through_exact_points_and_a_missing_one():
    assert statistics.linear_fit([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, math.nan, 7.0]) == pytest.approx((2.0, 1.0, 1.0))
    with pytest.raises(ValueError, match="two different x"):
        statistics.linear_fit([1.0, 1.0], [0.0, 5.0])
    with pytest.raises(ValueError, match="one length"):
        statistics.linear_fit([1.0, 2.0], [0.0])
