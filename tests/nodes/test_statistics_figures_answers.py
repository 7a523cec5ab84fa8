"""Figures of samples and streams against answers of NIST's handbook, of Excel's help, and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from flodesk.nodes import statistics
from flodesk.public import Waveform

EXCEL = [3, 4, 5, 2, 3, 4, 5, 6, 4, 7]
"""The example in the help of Excel's SKEW and KURT: 0.359543 and -0.151800."""


@pytest.mark.node("statistics.median")
def test_a_median():
    assert statistics.median([5.0, 1.0, math.nan, 2.0, 9.0]) == 3.5
    assert statistics.median(Waveform(np.array([1.0, 7.0, 3.0]), 0.1)) == 3.0
    with pytest.raises(ValueError, match="no numbers"):
        statistics.median([])
    with pytest.raises(TypeError, match="None"):
        statistics.median(None)


@pytest.mark.node("statistics.mode")
def test_a_mode():
    assert statistics.mode([5.6, 4.0, 4.0, 3.0, 2.0, 4.0]) == (4.0, 3)
    assert statistics.mode([2, 1, 2, 1]) == (1.0, 2)
    with pytest.raises(ValueError, match="no numbers"):
        statistics.mode([math.nan])


@pytest.mark.node("statistics.standard_deviation", "statistics.variance")
def test_scatter_of_whole_numbers():
    # 1 ... n has the variance (n² - 1) / 12
    values = np.arange(1, 11)
    assert statistics.variance(values, of="population") == pytest.approx(99 / 12)
    assert statistics.variance(values) == pytest.approx(99 / 12 * 10 / 9)
    assert statistics.standard_deviation([10000001, 10000003, 10000002]) == 1.0
    assert statistics.standard_deviation([3.0], of="population") == 0.0
    with pytest.raises(ValueError, match="give 2 or more"):
        statistics.standard_deviation([3.0])
    with pytest.raises(ValueError, match="infinite"):
        statistics.variance([3.0, math.inf])


@pytest.mark.node("statistics.quantile")
def test_quantiles():
    assert statistics.quantile([1.0, 2.0, 3.0, 4.0, 5.0], 0.9) == pytest.approx(4.6)
    assert statistics.quantile([4.0, 1.0], 0.6, method="lower") == 1.0
    assert statistics.quantile(range(101), 0.95) == 95.0
    with pytest.raises(ValueError, match="from 0 to 1"):
        statistics.quantile([1.0], 95)


@pytest.mark.node("statistics.spread")
def test_spread():
    found = statistics.spread(range(1, 102))
    assert found == pytest.approx((100.0, 50.0, 1.4826 * 25.0))
    # of a normal distribution the quartiles are 1.349 deviations apart
    normal = np.random.default_rng(1).normal(10.0, 2.0, 20000)
    assert statistics.spread(normal).quartiles == pytest.approx(2 * 1.349, rel=0.03)
    assert statistics.spread(normal).deviation == pytest.approx(2.0, rel=0.03)


@pytest.mark.node("statistics.skewness")
def test_skewness_as_excel_has_it():
    assert statistics.skewness(EXCEL) == pytest.approx((0.359543071, -0.151799637), abs=1e-9)
    with pytest.raises(ValueError, match="all values are the same"):
        statistics.skewness([1.0] * 5)


@pytest.mark.node("statistics.trimmed_mean")
def test_a_trimmed_mean():
    # the example in the help of Excel's TRIMMEAN: 20 % of 11 values, 3.778
    assert statistics.trimmed_mean([4, 5, 6, 7, 2, 3, 4, 5, 1, 2, 3], 0.1) == pytest.approx(34 / 9)
    with pytest.raises(ValueError, match=r"below 0\.5"):
        statistics.trimmed_mean([1.0], 0.5)


@pytest.mark.node("statistics.geometric_mean")
def test_growth_of_two_years():
    assert statistics.geometric_mean([1.1, 1.1 * 1.21]) == pytest.approx(1.1 * 1.1)
    with pytest.raises(ValueError, match="above 0"):
        statistics.geometric_mean([1.0, 0.0])


@pytest.mark.node("statistics.z_score")
def test_scores_have_mean_0_and_deviation_1():
    scores = statistics.z_score([1.0, math.nan, 3.0])
    assert scores[[0, 2]] == pytest.approx([-math.sqrt(0.5), math.sqrt(0.5)])
    assert math.isnan(scores[1])
    wave = statistics.z_score(Waveform(np.array([0.0, 5.0, 10.0]), 0.1, unit="V"))
    assert (wave.y.tolist(), wave.dt, wave.unit) == ([-1.0, 0.0, 1.0], 0.1, "")
    with pytest.raises(ValueError, match="same"):
        statistics.z_score([2.0, 2.0])


@pytest.mark.node("statistics.covariance")
def test_covariance():
    x = [1.0, 2.0, 3.0, 4.0]
    assert statistics.covariance(x, x) == pytest.approx(5 / 3)
    assert statistics.covariance(x, [4.0, math.nan, 2.0, 1.0]) == pytest.approx(-7 / 3)
    with pytest.raises(ValueError, match="give 2"):
        statistics.covariance([1.0], [2.0])


@pytest.mark.node("statistics.correlation")
def test_correlations():
    # intelligence and hours of television: rho = -29/165 (the example of Wikipedia's article on Spearman's rho)
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    rho = statistics.correlation(iq, hours, method="spearman")
    assert rho.coefficient == pytest.approx(-29 / 165)
    assert rho.p == pytest.approx(0.627188, abs=1e-6)
    # of six pairs of places five agree and one does not
    assert statistics.correlation([1, 2, 3, 4], [1, 3, 2, 4], method="kendall").coefficient == pytest.approx(4 / 6)
    x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]  # Anscombe's first set
    y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    assert statistics.correlation(x, y) == pytest.approx((0.81642, 0.00217), abs=5e-6)
    with pytest.raises(ValueError, match="does not vary"):
        statistics.correlation([1, 1, 1], [1, 2, 3])


@pytest.mark.node("statistics.RunningMedian")
def test_a_running_median_takes_a_spike_out():
    steady = statistics.RunningMedian(window=3)
    assert [steady(v) for v in (1.0, 1.0, 99.0, 2.0, math.nan, 3.0)] == [1.0, 1.0, 1.0, 2.0, 2.0, 3.0]
    assert math.isnan(statistics.RunningMedian()(math.nan))
    with pytest.raises(ValueError, match="1 or more"):
        statistics.RunningMedian(window=0)


@pytest.mark.node("statistics.RunningStatistics")
def test_running_statistics():
    watch = statistics.RunningStatistics(window=3)
    first = watch(9.0)
    assert first[0] == 9.0
    assert math.isnan(first.deviation)
    for value in (2.0, 4.0, 6.0):
        last = watch(value)
    assert last == (4.0, 2.0, 2.0, 6.0)
    with pytest.raises(ValueError, match="2 or more"):
        statistics.RunningStatistics(window=1)


@pytest.mark.node("statistics.confidence_interval")
def test_an_interval_of_the_mean():
    # t for 4 degrees of freedom and 95 % is 2.776445 (tables)
    found = statistics.confidence_interval([1, 2, 3, 4, 5])
    assert found == pytest.approx((3.0, 3.0 - 2.776445 * math.sqrt(0.5), 3.0 + 2.776445 * math.sqrt(0.5)), abs=1e-6)
    with pytest.raises(ValueError, match="below 1"):
        statistics.confidence_interval([1, 2], level=95)


@pytest.mark.node("statistics.bootstrap_interval")
def test_a_bootstrap_agrees_with_the_normal_distribution():
    values = np.random.default_rng(3).normal(5.0, 1.0, 400)
    found = statistics.bootstrap_interval(values)
    half = 1.96 * values.std() / 20.0
    assert found.value == pytest.approx(values.mean())
    assert (found.value - found.lower, found.upper - found.value) == pytest.approx((half, half), rel=0.08)
    assert statistics.bootstrap_interval(values) == found
    assert statistics.bootstrap_interval(values, seed=1) != found
    # the median scatters by 1.2533 times as much as the mean
    median = statistics.bootstrap_interval(values, of="median")
    assert median.upper - median.lower == pytest.approx(2 * 1.2533 * half, rel=0.25)
    assert statistics.bootstrap_interval(values, of="deviation").value == pytest.approx(values.std(ddof=1))
    with pytest.raises(ValueError, match="0 samples"):
        statistics.bootstrap_interval(values, samples=0)


@pytest.mark.node("statistics.density")
def test_a_density_has_the_area_1_and_finds_two_heaps():
    values = np.concatenate([np.full(30, -5.0), np.full(10, 5.0)])
    curve = statistics.density(values, width=0.5, points=2001)
    assert np.trapezoid(curve.y, curve.x) == pytest.approx(1.0, abs=0.003)
    assert np.interp([-5.0, 5.0], curve.x, curve.y) == pytest.approx(
        [0.75 / (0.5 * math.sqrt(2 * math.pi)), 0.25 / (0.5 * math.sqrt(2 * math.pi))], rel=1e-4
    )
    normal = statistics.density(np.random.default_rng(0).normal(0.0, 1.0, 5000))
    assert np.interp(0.0, normal.x, normal.y) == pytest.approx(0.399, abs=0.03)
    with pytest.raises(ValueError, match="above 0"):
        statistics.density([1.0, 1.0])
    with pytest.raises(ValueError, match="2 or more"):
        statistics.density([1.0, 2.0], points=1)


@pytest.mark.node("statistics.ecdf")
def test_a_cumulative_distribution():
    curve = statistics.ecdf([2.0, 1.0, 2.0, math.nan, 5.0])
    assert (curve.x.tolist(), curve.y.tolist()) == ([1.0, 2.0, 5.0], [0.25, 0.75, 1.0])
    with pytest.raises(ValueError, match="no numbers"):
        statistics.ecdf([])


# NIST/SEMATECH e-Handbook, section 1.3.5.17.1: readings of a mass spectrometer for a uranium isotope
URANIUM = [199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57]


@pytest.mark.node("statistics.outliers")
def test_the_outlier_of_nists_handbook():
    for method in ("grubbs", "mad", "iqr"):
        found = statistics.outliers(URANIUM, method=method)
        assert found.mask.tolist() == [False] * 7 + [True]
        assert found.kept.tolist() == URANIUM[:-1]
    # G is 2.4687; it would pass at a level at which the critical value is higher
    assert statistics.outliers(URANIUM, method="grubbs", limit=1e-9).number == 0
    assert statistics.outliers([1.0, 2.0, math.nan, 3.0]).kept.tolist() == [1.0, 2.0, 3.0]
    assert statistics.outliers([5.0, 5.0, 5.0, 5.0], method="grubbs").number == 0
    with pytest.raises(ValueError, match="give 3"):
        statistics.outliers([1.0, 2.0])
    with pytest.raises(ValueError, match="one row"):
        statistics.outliers([[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="level"):
        statistics.outliers(URANIUM, method="grubbs", limit=95.0)


@pytest.mark.node("statistics.control_chart")
def test_the_flow_rates_of_nists_handbook():
    # section 6.3.2.2: center 50.81, limits 45.8159 and 55.8041
    found = statistics.control_chart([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    assert found[:3] == pytest.approx((50.81, 45.8159, 55.8041), abs=5e-4)
    assert not found.outside.any()
    assert statistics.control_chart([1.0, 2.0, math.nan, 1.0, 2.0, 9.0], sigmas=2.0).outside.tolist() == [False] * 5 + [
        True
    ]
    with pytest.raises(ValueError, match="above 0"):
        statistics.control_chart([1.0, 2.0], sigmas=0.0)


@pytest.mark.node("statistics.capability")
def test_the_process_of_nists_handbook():
    # section 6.1.6: limits 8 and 20, mean 16, deviation 2: Cp 1.0, Cpk 0.6667
    found = statistics.capability([14.0, 16.0, 18.0], lower=8.0, upper=20.0)
    assert found[:2] == pytest.approx((1.0, 2 / 3))
    assert found.outside == pytest.approx(0.0227501 + 0.0000317, abs=1e-7)  # beyond 2 and 4 deviations
    with pytest.raises(ValueError, match="swap"):
        statistics.capability([1.0, 2.0], lower=2.0, upper=1.0)
    with pytest.raises(ValueError, match="same"):
        statistics.capability([1.0, 1.0], lower=0.0, upper=2.0)


@pytest.mark.node("statistics.allan_deviation")
def test_the_nine_frequencies_of_nist():
    # NIST SP 1065, section 12.2 (NBS Monograph 140): overlapping, 91.22945 and 85.95287
    found = statistics.allan_deviation([892, 809, 823, 798, 671, 644, 883, 903, 677])
    assert found.deviation[:2] == pytest.approx([91.22945, 85.95287], abs=1e-5)
    assert found.time.tolist() == [1.0, 2.0, 4.0]
    # a steady drift d per reading gives d·m/√2
    drift = statistics.allan_deviation(Waveform(np.arange(64.0), 0.5))
    assert drift.time[3] == 4.0
    assert drift.deviation == pytest.approx(2.0 ** np.arange(len(drift.time)) / math.sqrt(2.0))
    with pytest.raises(ValueError, match="three finite"):
        statistics.allan_deviation([1.0, math.nan, 2.0, 3.0])
    with pytest.raises(ValueError, match="above 0 s"):
        statistics.allan_deviation([1.0, 2.0, 3.0], interval=0.0)
