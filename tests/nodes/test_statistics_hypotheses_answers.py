"""Tests of hypotheses against answers of books: Student's sleep data, PlantGrowth, Mendel's peas."""

from __future__ import annotations

import math

import pytest

from flodesk.nodes import statistics

# Hours of sleep gained by ten patients with two drugs (Student, Biometrika 6, 1908); R's data set `sleep`
DRUG_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


@pytest.mark.node("statistics.t_test")
def test_one_mean():
    # R: t.test(extra[group == 1]) gives t = 1.3257, df = 9, p-value = 0.2176
    found = statistics.t_test(DRUG_1)
    assert found.t == pytest.approx(1.3257, abs=5e-5)
    assert found.freedom == 9
    assert found.p == pytest.approx(0.2176, abs=5e-5)
    assert found.difference == pytest.approx(0.75)
    assert statistics.t_test(DRUG_1, side="greater").p == pytest.approx(0.2176 / 2, abs=5e-5)
    with pytest.raises(ValueError, match="do not scatter"):
        statistics.t_test([2.0, 2.0])
    with pytest.raises(ValueError, match="1 number: give 2"):
        statistics.t_test([2.0, math.nan])


@pytest.mark.node("statistics.t_test_two")
def test_two_means():
    # R: t.test(extra ~ group) gives t = -1.8608, df = 17.776, p-value = 0.07939; with var.equal p-value = 0.07919
    found = statistics.t_test_two(DRUG_1, DRUG_2)
    assert found.t == pytest.approx(-1.8608, abs=5e-5)
    assert found.freedom == pytest.approx(17.776, abs=5e-4)
    assert found.p == pytest.approx(0.07939, abs=5e-6)
    assert found.difference == pytest.approx(-1.58)
    same = statistics.t_test_two(DRUG_1, DRUG_2, variances="equal")
    assert (same.freedom, round(same.p, 5)) == (18.0, 0.07919)
    with pytest.raises(ValueError, match="do not scatter"):
        statistics.t_test_two([1.0, 1.0], [2.0, 2.0])


@pytest.mark.node("statistics.t_test_paired")
def test_means_of_pairs():
    # R: t.test(extra ~ group, paired = TRUE) gives t = -4.0621, df = 9, p-value = 0.002833
    found = statistics.t_test_paired(DRUG_1, DRUG_2)
    assert found.t == pytest.approx(4.0621, abs=5e-5)
    assert found.p == pytest.approx(0.002833, abs=5e-7)
    assert found.difference == pytest.approx(1.58)
    assert statistics.t_test_paired(DRUG_1, DRUG_2, side="greater").p == pytest.approx(0.002833 / 2, abs=5e-7)
    with pytest.raises(ValueError, match="one length"):
        statistics.t_test_paired(DRUG_1, DRUG_2[:-1])


@pytest.mark.node("statistics.anova")
def test_weights_of_plants():
    # R: anova(lm(weight ~ group, PlantGrowth)) gives F = 4.8461, p = 0.01591 (A. J. Dobson, 1983)
    control = [4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14]
    first = [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69]
    second = [6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26]
    found = statistics.anova(control, first, second)
    assert found.f == pytest.approx(4.8461, abs=5e-5)
    assert found.p == pytest.approx(0.01591, abs=5e-6)
    assert (found.between, found.within) == (2, 27)
    with pytest.raises(ValueError, match="two or more"):
        statistics.anova(control)
    with pytest.raises(ValueError, match="no group scatters"):
        statistics.anova([1.0, 1.0], [2.0, 2.0])


@pytest.mark.node("statistics.chi_square")
def test_mendels_peas():
    # 315 round yellow, 101 wrinkled yellow, 108 round green, 32 wrinkled green, where 9 : 3 : 3 : 1 was expected
    found = statistics.chi_square([315, 101, 108, 32], [9, 3, 3, 1])
    assert found.chi_square == pytest.approx(0.470, abs=5e-4)
    assert found.freedom == 3
    assert found.p == pytest.approx(0.925, abs=5e-4)
    assert statistics.chi_square([10, 10]).p == 1.0
    with pytest.raises(ValueError, match="as many"):
        statistics.chi_square([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="above 0"):
        statistics.chi_square([1, 2], [1, 0])


@pytest.mark.node("statistics.contingency")
def test_a_table_of_four():
    # n (ad - bc)² over the product of the sums, and erfc for one degree of freedom
    found = statistics.contingency([[10, 20], [30, 40]])
    assert found.chi_square == pytest.approx(100 * 200**2 / (30 * 70 * 40 * 60))
    assert found.p == pytest.approx(math.erfc(math.sqrt(found.chi_square / 2)))
    assert statistics.contingency([[1, 2, 3], [2, 4, 6]]) == pytest.approx((0.0, 2, 1.0))
    with pytest.raises(ValueError, match="two rows"):
        statistics.contingency([1, 2])
    with pytest.raises(ValueError, match="zeros"):
        statistics.contingency([[0, 2], [0, 3]])


@pytest.mark.node("statistics.kolmogorov_smirnov")
def test_samples_that_do_not_overlap_are_one_apart():
    found = statistics.kolmogorov_smirnov([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
    assert found.statistic == 1.0
    assert found.p == pytest.approx(2 / math.comb(6, 3))  # two of twenty orders are so far apart
    assert statistics.kolmogorov_smirnov([1.0, 2.0], [1.0, 2.0]) == (0.0, 1.0)
    with pytest.raises(ValueError, match="a holds no numbers"):
        statistics.kolmogorov_smirnov([], [1.0])


@pytest.mark.node("statistics.mann_whitney")
def test_tortoise_and_hare():
    # of the 3 · 4 pairs 2 are won; 7 of the C(7, 3) = 35 orders are as low: U = 0, 1, 1, 2 ... (1, 1, 2 orders)
    found = statistics.mann_whitney([1.0, 2.0, 5.5], [3.0, 4.0, 5.0, 6.0], side="less")
    assert found.statistic == 3.0
    assert found.p == pytest.approx((1 + 1 + 2 + 3) / 35)
    assert statistics.mann_whitney([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]).p == pytest.approx(2 / 20)
    with pytest.raises(ValueError, match="b holds no numbers"):
        statistics.mann_whitney([1.0], [math.nan])


@pytest.mark.node("statistics.wilcoxon")
def test_ranks_of_pairs():
    # all five rise: one of 2⁵ patterns of signs on either side
    found = statistics.wilcoxon([1.0, 2.0, 3.0, 4.0, 5.0], [1.5, 3.0, 4.5, 6.0, 8.5])
    assert found == pytest.approx((0.0, 2 / 32))
    assert statistics.wilcoxon([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], side="greater") == pytest.approx((6.0, 1 / 8))
    with pytest.raises(ValueError, match="no pair differs"):
        statistics.wilcoxon([1.0, 2.0], [1.0, 2.0])


@pytest.mark.node("statistics.normality")
def test_the_weights_of_eleven_men():
    # the example of Shapiro and Wilk, Biometrika 52 (1965), table 1: W = 0.79, below its 1 % point 0.792
    found = statistics.normality([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236])
    assert found.statistic == pytest.approx(0.79, abs=0.005)
    assert found.p < 0.01
    with pytest.raises(ValueError, match="all values are the same"):
        statistics.normality([1.0, 1.0, 1.0])
    with pytest.raises(ValueError, match="at most 5000"):
        statistics.normality(range(5001))
