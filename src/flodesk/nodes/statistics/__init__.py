"""Figures of samples and of streams, and tests of what they say."""

from __future__ import annotations

from flodesk.nodes.statistics.estimates import bootstrap_interval, confidence_interval, density, ecdf
from flodesk.nodes.statistics.hypotheses import (
    anova,
    chi_square,
    contingency,
    kolmogorov_smirnov,
    mann_whitney,
    normality,
    t_test,
    t_test_paired,
    t_test_two,
    wilcoxon,
)
from flodesk.nodes.statistics.middles import geometric_mean, median, mode, trimmed_mean
from flodesk.nodes.statistics.quality import allan_deviation, capability, control_chart, outliers
from flodesk.nodes.statistics.relations import correlation, covariance, linear_fit
from flodesk.nodes.statistics.streams import Recent, RunningMean, RunningMedian, RunningStatistics
from flodesk.nodes.statistics.summaries import (
    describe,
    histogram,
    quantile,
    skewness,
    spread,
    standard_deviation,
    variance,
    z_score,
)

__all__ = [
    "Recent", "RunningMean", "RunningMedian", "RunningStatistics", "allan_deviation", "anova", "bootstrap_interval",
    "capability", "chi_square", "confidence_interval", "contingency", "control_chart", "correlation", "covariance",
    "density", "describe", "ecdf", "geometric_mean", "histogram", "kolmogorov_smirnov", "linear_fit", "mann_whitney",
    "median", "mode", "normality", "outliers", "quantile", "skewness", "spread", "standard_deviation", "t_test",
    "t_test_paired", "t_test_two", "trimmed_mean", "variance", "wilcoxon", "z_score",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
