"""Fits against the certified answers of NIST's Statistical Reference Datasets (StRD), and curves that are known."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import fit
from flodesk.public import Waveform

NORRIS_X = [
    0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0, 447.5,
    11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3, 229.2, 669.1,
    448.9, 0.5,
]  # fmt: skip
NORRIS_Y = [
    0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9,
    10.8, 557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4,
    449.2, 0.2,
]  # fmt: skip
MISRA_X = [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0]
MISRA_Y = [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78]
LONGLEY = pd.DataFrame(
    [
        (60323, 83.0, 234289, 2356, 1590, 107608, 1947), (61122, 88.5, 259426, 2325, 1456, 108632, 1948),
        (60171, 88.2, 258054, 3682, 1616, 109773, 1949), (61187, 89.5, 284599, 3351, 1650, 110929, 1950),
        (63221, 96.2, 328975, 2099, 3099, 112075, 1951), (63639, 98.1, 346999, 1932, 3594, 113270, 1952),
        (64989, 99.0, 365385, 1870, 3547, 115094, 1953), (63761, 100.0, 363112, 3578, 3350, 116219, 1954),
        (66019, 101.2, 397469, 2904, 3048, 117388, 1955), (67857, 104.6, 419180, 2822, 2857, 118734, 1956),
        (68169, 108.4, 442769, 2936, 2798, 120445, 1957), (66513, 110.8, 444546, 4681, 2637, 121950, 1958),
        (68655, 112.6, 482704, 3813, 2552, 123366, 1959), (69564, 114.2, 502601, 3931, 2514, 125368, 1960),
        (69331, 115.7, 518173, 4806, 2572, 127852, 1961), (70551, 116.9, 554894, 4007, 2827, 130081, 1962),
    ],
    columns=["employed", "deflator", "gnp", "unemployed", "forces", "population", "year"],
)  # fmt: skip
X = np.linspace(0.0, 10.0, 101)
RANDOM = np.random.default_rng(7)


@pytest.mark.node("fit.line")
def test_norris():
    found = fit.line(NORRIS_X, NORRIS_Y)
    assert found.slope == pytest.approx(1.00211681802045, rel=1e-12)
    assert found.intercept == pytest.approx(-0.262323073774029, rel=1e-10)
    assert found.errors == pytest.approx([0.429796848199937e-3, 0.232818234301152], rel=1e-10)
    assert found.r_squared == pytest.approx(0.999993745883712, rel=1e-12)
    assert math.sqrt((found.residuals**2).sum() / 34) == pytest.approx(0.884796396144373, rel=1e-10)
    with pytest.raises(ValueError, match="cannot be told apart"):
        fit.line([1.0, 1.0, 1.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="give 3 or more"):
        fit.line([1.0, 2.0, 3.0], [1.0, 2.0, math.nan])


@pytest.mark.node("fit.line")
def test_the_band_of_a_line_holds_the_truth_as_often_as_it_says():
    held = 0
    for _ in range(400):
        found = fit.line(X, 2.0 * X + 1.0 + RANDOM.normal(0.0, 0.5, X.size))
        held += bool(found.lower[20] <= 5.0 <= found.upper[20])
    assert 0.92 < held / 400 < 0.98


@pytest.mark.node("fit.polynomial")
def test_polynomials():
    # StRD Wampler1: y = 1 + x + x² + x³ + x⁴ + x⁵ for x = 0 ... 20, certified to be all 1 with no error
    x = np.arange(21.0)
    found = fit.polynomial(x, sum(x**k for k in range(6)), degree=5)
    assert found.coefficients == pytest.approx(np.ones(6), rel=1e-7)
    assert found.r_squared == pytest.approx(1.0)
    line = fit.polynomial(NORRIS_X, NORRIS_Y, degree=1)
    assert line.coefficients == pytest.approx([-0.262323073774029, 1.00211681802045], rel=1e-10)
    gap = fit.polynomial([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, math.nan, 9.0, 16.0])
    assert gap.fitted[2] == pytest.approx(4.0)
    assert math.isnan(gap.residuals[2])
    with pytest.raises(ValueError, match="give 4 or more"):
        fit.polynomial([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], degree=2)
    with pytest.raises(ValueError, match="0 or more"):
        fit.polynomial(X, X, degree=-1)


@pytest.mark.node("fit.regression")
def test_longley():
    found = fit.regression(LONGLEY.drop(columns="employed"), LONGLEY["employed"])
    certified = [
        -3482258.63459582, 15.0618722713733, -0.358191792925910e-1, -2.02022980381683, -1.03322686717359,
        -0.511041056535807e-1, 1829.15146461355,
    ]  # fmt: skip
    errors = [
        890420.383607373, 84.9149257747669, 0.334910077722432e-1, 0.488399681651699, 0.214274163161675,
        0.226073200069370, 455.478499142212,
    ]  # fmt: skip
    assert found.coefficients == pytest.approx(certified, rel=1e-8)
    assert found.table["error"].tolist() == pytest.approx(errors, rel=1e-8)
    assert found.table["name"].tolist()[:2] == ["intercept", "deflator"]
    assert found.r_squared == pytest.approx(0.995479004577296, rel=1e-10)
    assert found.f == pytest.approx(330.285339234588, rel=1e-8)
    assert found.p < 1e-8
    with pytest.raises(ValueError, match="a row for each"):
        fit.regression(np.ones((3, 2)), [1.0, 2.0])


@pytest.mark.node("fit.regression")
def test_a_regression_through_the_origin():
    # StRD NoInt1: y = 130 ... 140 for x = 60 ... 70 without a constant
    found = fit.regression(np.arange(60.0, 71.0), np.arange(130.0, 141.0), intercept=False)
    assert found.coefficients == pytest.approx([2.07438016528926], rel=1e-12)
    assert found.table["error"].tolist() == pytest.approx([0.165289256198347e-1], rel=1e-10)
    assert found.r_squared == pytest.approx(0.999365492298663, rel=1e-12)
    assert found.f == pytest.approx(15750.25, rel=1e-10)


@pytest.mark.node("fit.robust_line")
def test_a_third_of_outliers_does_not_move_a_robust_line():
    y = 3.0 * X - 2.0
    y[::4] = 500.0
    found = fit.robust_line(X, y)
    assert found.slope == pytest.approx(3.0, abs=0.05)
    assert found.slope_lower <= 3.0 <= found.slope_upper
    with pytest.raises(ValueError, match="two different x"):
        fit.robust_line([1.0, 1.0, 1.0], [1.0, 2.0, 3.0])


@pytest.mark.node("fit.curve")
def test_misra1a():
    # StRD Misra1a, from its first and harder start (500, 0.0001)
    found = fit.curve(MISRA_X, MISRA_Y, "b1 * (1 - exp(-b2 * x))", start="b1 = 500, b2 = 0.0001")
    assert found.values == pytest.approx([2.3894212918e2, 5.5015643181e-4], rel=1e-7)
    assert found.errors == pytest.approx([2.7070075241, 7.2668688436e-6], rel=1e-6)
    assert (found.residuals**2).sum() == pytest.approx(1.2455138894e-1, rel=1e-9)
    assert found.table["name"].tolist() == ["b1", "b2"]
    assert (found.lower < found.fitted).all()
    assert (found.fitted < found.upper).all()


@pytest.mark.node("fit.curve")
def test_what_is_no_curve_is_said():
    with pytest.raises(ValueError, match="cannot be read"):
        fit.curve(X, X, "a * x +")
    with pytest.raises(ValueError, match="nothing that a formula may hold"):
        fit.curve(X, X, "a * x.real")
    with pytest.raises(ValueError, match="no function"):
        fit.curve(X, X, "open(x) * a")
    with pytest.raises(ValueError, match="needs x"):
        fit.curve(X, X, "2 * x")
    with pytest.raises(ValueError, match="start names k"):
        fit.curve(X, X, "a * x", start="k = 2")
    with pytest.raises(ValueError, match="no value at some x"):
        fit.curve(X, X, "a * log(x - b)", start="b = 5")
    with pytest.raises(ValueError, match="cannot be told apart"):
        fit.curve(X, X, "a * b * x")


@pytest.mark.node("fit.exponential")
def test_exponentials():
    found = fit.exponential(X, -3.0 * np.exp(-0.7 * X))
    assert (found.amplitude, found.rate) == pytest.approx((-3.0, -0.7))
    # 2^k from a far origin: doubling each year
    years = np.arange(1990.0, 2000.0)
    assert fit.exponential(years, 2.0 ** (years - 1990.0)).rate == pytest.approx(math.log(2.0))
    with pytest.raises(ValueError, match="common sign"):
        fit.exponential([0.0, 1.0, 2.0], [0.0, 0.0, 0.0])


@pytest.mark.node("fit.decay")
def test_a_capacitor_is_charged():
    found = fit.decay(X, 5.0 * (1.0 - np.exp(-X / 1.5)))
    assert found[:3] == pytest.approx((-5.0, 1.5, 5.0))
    noisy = fit.decay(X + 3.0, 20.0 + 60.0 * np.exp(-X / 4.0) + RANDOM.normal(0.0, 0.5, X.size))
    assert noisy.time_constant == pytest.approx(4.0, abs=4.0 * noisy.errors[1])
    assert noisy.offset == pytest.approx(20.0, abs=4.0 * noisy.errors[2])
    with pytest.raises(ValueError, match="one x"):
        fit.decay([1.0] * 5, [1.0, 2.0, 3.0, 4.0, 5.0])


@pytest.mark.node("fit.power_law")
def test_keplers_third_law():
    # mean distance in au and period in years of the six planets that Kepler knew
    distance = [0.387, 0.723, 1.0, 1.524, 5.203, 9.537]
    period = [0.2408, 0.6152, 1.0, 1.8808, 11.862, 29.457]
    found = fit.power_law(distance, period)
    assert found.exponent == pytest.approx(1.5, abs=0.001)
    assert found.factor == pytest.approx(1.0, abs=0.002)
    with pytest.raises(ValueError, match="above 0"):
        fit.power_law([0.0, 1.0, 2.0], [1.0, 2.0, 3.0])


@pytest.mark.node("fit.gaussian")
def test_gaussian_peaks_and_dips():
    for height in (4.0, -4.0):
        found = fit.gaussian(X, height * np.exp(-((X - 6.2) ** 2) / (2 * 0.3**2)) + 10.0)
        assert found[:4] == pytest.approx((height, 6.2, 0.3, 10.0))
    noisy = fit.gaussian(X, 4.0 * np.exp(-((X - 6.2) ** 2) / (2 * 0.8**2)) + RANDOM.normal(0.0, 0.2, X.size))
    assert noisy.center == pytest.approx(6.2, abs=4.0 * noisy.errors[1])
    assert noisy.width == pytest.approx(0.8, abs=4.0 * noisy.errors[2])
    with pytest.raises(ValueError, match="give 5 or more"):
        fit.gaussian([1.0, 2.0, 3.0], [1.0, 2.0, 1.0])


@pytest.mark.node("fit.lorentzian")
def test_a_resonance():
    found = fit.lorentzian(X, -2.0 / (1.0 + ((X - 3.0) / 0.25) ** 2) + 1.0)
    assert found[:4] == pytest.approx((-2.0, 3.0, 0.25, 1.0))
    with pytest.raises(ValueError, match="one x"):
        fit.lorentzian([1.0] * 6, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])


@pytest.mark.node("fit.logistic")
def test_a_step_in_both_directions():
    for bottom, top in ((1.0, 5.0), (5.0, 1.0)):
        found = fit.logistic(X, bottom + (top - bottom) * 0.5 * (1.0 + np.tanh((X - 4.0) / 1.4)))
        assert found[:4] == pytest.approx((bottom, top, 4.0, 0.7))
    with pytest.raises(ValueError, match="one x"):
        fit.logistic([1.0] * 6, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])


@pytest.mark.node("fit.sine")
def test_a_sine_between_the_bins_of_the_spectrum():
    t = 5.0 + np.arange(400) / 1000.0
    clean = Waveform(0.7 * np.sin(2 * np.pi * 50.3 * t + 1.0) - 2.0, 0.001, 5.0, "V")
    assert fit.sine(clean)[:4] == pytest.approx((50.3, 0.7, 1.0, -2.0))
    # a frequency is as sure as √6·σ / (π·T·A·√n) says (Montgomery, O'Donoghue 1999)
    noisy = fit.sine(clean + RANDOM.normal(0.0, 0.05, 400))
    assert noisy.errors[0] == pytest.approx(math.sqrt(6.0 / 400.0) * 0.05 / (math.pi * 0.4 * 0.7), rel=0.15)
    assert noisy.frequency == pytest.approx(50.3, abs=4.0 * noisy.errors[0])
    assert fit.sine(np.sin(np.arange(50.0)), rate=10.0).frequency == pytest.approx(10.0 / (2.0 * math.pi))
    with pytest.raises(ValueError, match="flat"):
        fit.sine(np.ones(20))
    with pytest.raises(ValueError, match="one channel"):
        fit.sine(np.ones((2, 20)))


@pytest.mark.node("fit.spline")
def test_a_spline_finds_the_curve_below_the_noise():
    truth = np.sin(X)
    noisy = truth + RANDOM.normal(0.0, 0.2, X.size)
    assert np.sqrt(np.mean((fit.spline(X, noisy) - truth) ** 2)) < 0.1
    # an endless weight of the bends leaves the straight line of least squares
    assert fit.spline(X, noisy, smoothing=1e9) == pytest.approx(fit.line(X, noisy).fitted, abs=1e-3)
    with pytest.raises(ValueError, match="same x"):
        fit.spline([1.0, 1.0, 2.0, 3.0, 4.0], [1.0] * 5)
    with pytest.raises(ValueError, match="0 or more"):
        fit.spline(X, X, smoothing=-1.0)


@pytest.mark.node("fit.lowess")
def test_lowess_goes_past_an_outlier():
    y = 2.0 * X + RANDOM.normal(0.0, 0.1, X.size)
    y[50] = 1000.0
    assert fit.lowess(X, y) == pytest.approx(2.0 * X, abs=0.15)
    with pytest.raises(ValueError, match="up to 1"):
        fit.lowess(X, y, share=30.0)
    with pytest.raises(ValueError, match="two neighbours"):
        fit.lowess([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], share=0.1)


MONTHS = np.arange(120)
SEASON = 3.0 * np.sin(2 * np.pi * MONTHS / 12)


@pytest.mark.node("fit.decompose")
def test_a_line_and_a_season_are_told_apart():
    parts = fit.decompose(300.0 + 0.1 * MONTHS + SEASON, period=12)
    assert parts.season == pytest.approx(SEASON, abs=0.02)
    assert parts.trend == pytest.approx(300.0 + 0.1 * MONTHS, abs=0.02)
    assert parts.trend + parts.season + parts.rest == pytest.approx(300.0 + 0.1 * MONTHS + SEASON)
    spiked = SEASON.copy()
    spiked[40] += 50.0
    assert fit.decompose(spiked, how="robust").season == pytest.approx(SEASON, abs=0.2)
    with pytest.raises(ValueError, match="two periods"):
        fit.decompose(MONTHS[:20])
    with pytest.raises(ValueError, match="gaps"):
        fit.decompose([1.0, math.nan] * 12)


@pytest.mark.node("fit.forecast")
def test_a_line_and_a_season_go_on():
    coming = np.arange(120, 132)
    found = fit.forecast(300.0 + 0.1 * MONTHS + SEASON, steps=12, period=12)
    assert found.values == pytest.approx(300.0 + 0.1 * coming + 3.0 * np.sin(2 * np.pi * coming / 12), abs=0.02)
    assert found.error < 0.05
    assert fit.forecast([5.0] * 8, steps=2).values.tolist() == [5.0, 5.0]
    with pytest.raises(ValueError, match="1 or more"):
        fit.forecast(MONTHS, steps=0)
    with pytest.raises(ValueError, match="5 or more"):
        fit.forecast([1.0, 2.0, 3.0, 4.0])
