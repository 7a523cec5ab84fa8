"""Tests of hypotheses: whether what is seen may be chance."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.nodes.statistics.sample import pairs, sample
from flodesk.public import Array, Quantity, node

Side = Literal["two-sided", "less", "greater"]


class TTest(NamedTuple):
    """A t test."""

    t: float
    freedom: float
    p: float
    difference: float


def _t_test(found: Any, difference: float) -> TTest:
    return TTest(float(found.statistic), float(found.df), float(found.pvalue), difference)


@node(title="t test", tags=("student", "significance", "mean", "one sample", "ttest", "hypothesis"), pure=True)
def t_test(values: Quantity, expected: float = 0.0, side: Side = "two-sided") -> TTest:
    """Test whether the mean of a sample may be what is expected.

    Parameters
    ----------
    values : Array, Waveform or list
        A sample in any unit, any shape, of two numbers or more; NaN are left out.
    expected : float
        Mean that is expected, in the unit of the values.
    side : str
        What the test looks for: any difference, a mean below what is expected (``"less"``), or above it.

    Returns
    -------
    t : float
        Difference over its standard error (dimensionless).
    freedom : float
        Number of degrees of freedom.
    p : float
        Probability of such a difference by chance (dimensionless): below 0.05 it is called significant.
    difference : float
        Mean less what is expected, in the unit of the values.

    Raises
    ------
    ValueError
        There are fewer than two numbers, or all are the same.

    Examples
    --------
    >>> round(statistics.t_test([5.1, 4.9, 5.3, 5.2], expected=5.0).p, 3)
    0.239
    """
    import scipy.stats

    array = sample(values, needed=2)
    _check_scatter(array)
    found = scipy.stats.ttest_1samp(array, expected, alternative=side)
    return _t_test(found, float(array.mean()) - expected)


@node(title="t test, paired", tags=("student", "before and after", "dependent", "significance", "ttest"), pure=True)
def t_test_paired(before: Array, after: Array, side: Side = "two-sided") -> TTest:
    """Test whether a quantity differs between two measurements of the same objects.

    Parameters
    ----------
    before, after : Array
        Pairs in one unit, each of shape (n,); pairs with a NaN are left out.
    side : str
        What the test looks for: any difference, ``after`` below ``before`` (``"less"``), or above it.

    Returns
    -------
    t : float
        Mean difference over its standard error (dimensionless).
    freedom : float
        Number of degrees of freedom.
    p : float
        Probability of such a difference by chance (dimensionless): below 0.05 it is called significant.
    difference : float
        Mean of `after` less that of `before`, in the unit of the values.

    Raises
    ------
    ValueError
        Lengths differ, there are fewer than two pairs, or all differ by the same.

    Examples
    --------
    >>> statistics.t_test_paired([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]).difference
    2.0
    """
    import scipy.stats

    first, second = pairs(before, after, 2)
    _check_scatter(second - first)
    return _t_test(scipy.stats.ttest_1samp(second - first, 0.0, alternative=side), float((second - first).mean()))


@node(title="t test of two samples", tags=("student", "welch", "compare", "significance", "ttest2"), pure=True)
def t_test_two(a: Quantity, b: Quantity, variances: Literal["any", "equal"] = "any", side: Side = "two-sided") -> TTest:
    """Test whether two independent samples may have one mean.

    Parameters
    ----------
    a, b : Array, Waveform or list
        Samples in one unit, any shape, of two numbers or more; NaN are left out.
    variances : str
        ``"any"`` is Welch's test; ``"equal"`` is Student's, for samples of which it is known that they scatter alike.
    side : str
        What the test looks for: any difference, a mean of ``a`` below that of ``b`` (``"less"``), or above it.

    Returns
    -------
    t : float
        Difference over its standard error (dimensionless).
    freedom : float
        Number of degrees of freedom; with Welch's test no whole one.
    p : float
        Probability of such a difference by chance (dimensionless): below 0.05 it is called significant.
    difference : float
        Mean of `a` less that of `b`, in the unit of the values.

    Raises
    ------
    ValueError
        There are fewer than two numbers in a sample, or none of the two scatters.

    Notes
    -----
    Reference: B. L. Welch, The generalization of Student's problem when several different population variances are
    involved, Biometrika 34 (1947) 28.

    Examples
    --------
    >>> round(statistics.t_test_two([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]).t, 3)
    -3.674
    """
    import numpy
    import scipy.stats

    first, second = sample(a, "a", 2), sample(b, "b", 2)
    _check_scatter(numpy.concatenate([first - first.mean(), second - second.mean()]))
    found = scipy.stats.ttest_ind(first, second, equal_var=variances == "equal", alternative=side)
    return _t_test(found, float(first.mean() - second.mean()))


def _check_scatter(array: Any) -> None:
    if array.min() == array.max():
        raise ValueError("the values do not scatter: a t test has nothing to measure the difference with")


class Anova(NamedTuple):
    """An analysis of variance."""

    f: float
    p: float
    between: int
    within: int


@node(title="ANOVA", tags=("analysis of variance", "groups", "one-way", "F test", "compare"), pure=True)
def anova(*groups: Quantity) -> Anova:
    """Test whether several groups may have one mean.

    Parameters
    ----------
    *groups : Array, Waveform or list
        Two samples or more in one unit, each of two numbers or more; NaN are left out.

    Returns
    -------
    f : float
        Variance between the groups over that within them (dimensionless).
    p : float
        Probability of such differences by chance (dimensionless): below 0.05 they are called significant.
    between, within : int
        Number of degrees of freedom between the groups, and within them.

    Raises
    ------
    ValueError
        There are fewer than two groups, one has fewer than two numbers, or no group scatters.

    Notes
    -----
    Reference: NIST/SEMATECH e-Handbook of Statistical Methods, section 7.4.3.

    Examples
    --------
    >>> statistics.anova([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]).f
    1.5
    """
    import scipy.stats

    if len(groups) < 2:
        raise ValueError(f"{len(groups)} group cannot be compared: wire two or more to it")
    known = [sample(group, f"group {number}", 2) for number, group in enumerate(groups, 1)]
    if all(group.min() == group.max() for group in known):
        raise ValueError("no group scatters: there is nothing to measure the differences with")
    found = scipy.stats.f_oneway(*known)
    total = sum(group.size for group in known)
    return Anova(float(found.statistic), float(found.pvalue), len(known) - 1, total - len(known))


class ChiSquare(NamedTuple):
    """A chi-square test."""

    chi_square: float
    freedom: int
    p: float


@node(title="Chi-square test", tags=("goodness of fit", "counts", "frequencies", "pearson"), pure=True)
def chi_square(counts: Array, expected: Array | None = None) -> ChiSquare:
    """Test whether counts may come from what is expected.

    Parameters
    ----------
    counts : Array
        How many were counted of each kind, shape (n,).
    expected : Array, optional
        How many are expected of each, shape (n,); only their ratios count. None for the same of all.

    Returns
    -------
    chi_square : float
        Sum of the squared differences over what is expected (dimensionless).
    freedom : int
        Number of degrees of freedom.
    p : float
        Probability of such differences by chance (dimensionless): below 0.05 they are called significant.

    Raises
    ------
    ValueError
        Lengths differ, there are fewer than two kinds, or one is below 0 or not expected at all.

    Examples
    --------
    >>> statistics.chi_square([15, 5, 10]).chi_square
    5.0
    """
    import numpy
    import scipy.stats

    seen = numbers(counts, "counts").ravel()
    wanted = numpy.ones_like(seen) if expected is None else numbers(expected, "expected").ravel()
    if wanted.size != seen.size or seen.size < 2:
        raise ValueError(f"there are {seen.size} counts and {wanted.size} that are expected: give as many, 2 or more")
    if not (seen >= 0.0).all() or not (wanted > 0.0).all() or not 0.0 < seen.sum() < numpy.inf:
        raise ValueError("counts must be 0 or more, not all 0, and what is expected above 0")
    found = scipy.stats.chisquare(seen, wanted * (seen.sum() / wanted.sum()))
    return ChiSquare(float(found.statistic), seen.size - 1, float(found.pvalue))


@node(title="Chi-square of a table", tags=("contingency", "independence", "cross table", "homogeneity"), pure=True)
def contingency(counts: Array) -> ChiSquare:
    """Test whether the rows and the columns of a table of counts are independent.

    Parameters
    ----------
    counts : Array
        How many were counted, shape (rows, columns), two of each or more.

    Returns
    -------
    chi_square : float
        Pearson's sum of squared differences over what is expected (dimensionless), without Yates's correction.
    freedom : int
        Number of degrees of freedom.
    p : float
        Probability of such differences by chance (dimensionless): below 0.05 they are called significant.

    Raises
    ------
    ValueError
        It is no table of two rows and columns or more, holds a number below 0, or a row or column of zeros.

    Examples
    --------
    >>> statistics.contingency([[10, 20], [20, 10]]).freedom
    1
    """
    import scipy.stats

    table = numbers(counts, "counts")
    if table.ndim != 2 or min(table.shape) < 2:
        raise ValueError(f"counts has the shape {table.shape}: give a table of two rows and two columns or more")
    if not (table >= 0.0).all() or not table.sum(axis=0).all() or not table.sum(axis=1).all():
        raise ValueError("counts must be 0 or more, with no row and no column of zeros alone")
    found = scipy.stats.chi2_contingency(table, correction=False)
    return ChiSquare(float(found.statistic), int(found.dof), float(found.pvalue))


class Distance(NamedTuple):
    """A test by a statistic of its own."""

    statistic: float
    p: float


@node(title="Kolmogorov-Smirnov test", tags=("ks", "distribution", "compare", "goodness of fit"), pure=True)
def kolmogorov_smirnov(a: Quantity, b: Quantity) -> Distance:
    """Test whether two samples may come from one distribution, whatever that is.

    Parameters
    ----------
    a, b : Array, Waveform or list
        Samples in one unit, any shape; NaN are left out.

    Returns
    -------
    statistic : float
        Largest distance of the two cumulative distributions, from 0 to 1 (dimensionless).
    p : float
        Probability of such a distance by chance (dimensionless): below 0.05 it is called significant.

    Raises
    ------
    ValueError
        There is no number in a sample.

    Examples
    --------
    >>> statistics.kolmogorov_smirnov([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0]).statistic
    0.5
    """
    import scipy.stats

    found = scipy.stats.ks_2samp(sample(a, "a"), sample(b, "b"))
    return Distance(float(found.statistic), float(found.pvalue))


@node(title="Mann-Whitney test", tags=("wilcoxon rank sum", "U test", "ranks", "compare", "nonparametric"), pure=True)
def mann_whitney(a: Quantity, b: Quantity, side: Side = "two-sided") -> Distance:
    """Test by ranks whether the values of one sample tend to be larger than those of another.

    Parameters
    ----------
    a, b : Array, Waveform or list
        Independent samples in one unit, any shape; NaN are left out. They need not be normally distributed.
    side : str
        What the test looks for: any difference, values of ``a`` below those of ``b`` (``"less"``), or above them.

    Returns
    -------
    statistic : float
        U of `a`: number of pairs in which the value of `a` is the larger one.
    p : float
        Probability of such a difference by chance (dimensionless): below 0.05 it is called significant.

    Raises
    ------
    ValueError
        There is no number in a sample.

    Examples
    --------
    >>> statistics.mann_whitney([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
    Distance(statistic=0.0, p=0.1)
    """
    import scipy.stats

    found = scipy.stats.mannwhitneyu(sample(a, "a"), sample(b, "b"), alternative=side)
    return Distance(float(found.statistic), float(found.pvalue))


@node(title="Wilcoxon test, paired", tags=("signed rank", "ranks", "before and after", "nonparametric"), pure=True)
def wilcoxon(before: Array, after: Array, side: Side = "two-sided") -> Distance:
    """Test by ranks whether a quantity differs between two measurements of the same objects.

    Parameters
    ----------
    before, after : Array
        Pairs in one unit, each of shape (n,); pairs with a NaN are left out.
    side : str
        What the test looks for: any difference, ``after`` below ``before`` (``"less"``), or above it.

    Returns
    -------
    statistic : float
        Sum of the ranks of one sign (dimensionless): the smaller one for a two-sided test, else that of the rises.
    p : float
        Probability of such differences by chance (dimensionless): below 0.05 they are called significant.

    Raises
    ------
    ValueError
        Lengths differ, there are no pairs, or none of them differs.

    Examples
    --------
    >>> statistics.wilcoxon([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    Distance(statistic=0.0, p=0.25)
    """
    import scipy.stats

    first, second = pairs(before, after, 1)
    if not (first != second).any():
        raise ValueError("no pair differs: there is nothing to rank")
    found = scipy.stats.wilcoxon(second - first, alternative=side)
    return Distance(float(found.statistic), float(found.pvalue))


@node(title="Normality test", tags=("shapiro", "wilk", "gaussian", "normal distribution"), pure=True)
def normality(values: Quantity) -> Distance:
    """Test whether a sample may come from a normal distribution.

    Parameters
    ----------
    values : Array, Waveform or list
        A sample in any unit, any shape, of 3 to 5000 numbers; NaN are left out.

    Returns
    -------
    statistic : float
        Shapiro and Wilk's W, 1 or less (dimensionless).
    p : float
        Probability of so small a W for a normal distribution (dimensionless): below 0.05 it is hardly a normal one.

    Raises
    ------
    ValueError
        There are fewer than 3 numbers or more than 5000, or all are the same.

    Notes
    -----
    Reference: S. S. Shapiro, M. B. Wilk, An analysis of variance test for normality, Biometrika 52 (1965) 591.

    Examples
    --------
    >>> statistics.normality([1.0, 2.0, 3.0]).statistic
    1.0
    """
    import scipy.stats

    array = sample(values, needed=3)
    if array.size > 5000:
        raise ValueError(f"there are {array.size} values: the test is made for at most 5000. Take some of them")
    if array.min() == array.max():
        raise ValueError("all values are the same: there is no distribution to test")
    found = scipy.stats.shapiro(array)
    return Distance(float(found.statistic), float(found.pvalue))
