"""Curves through points, with their errors; and what time series are made of."""

from __future__ import annotations

from flodesk.nodes.fit.curves import curve, decay, exponential, power_law
from flodesk.nodes.fit.lines import line, polynomial, regression, robust_line
from flodesk.nodes.fit.peaks import gaussian, logistic, lorentzian, sine
from flodesk.nodes.fit.trends import decompose, forecast, lowess, spline

__all__ = [
    "curve", "decay", "decompose", "exponential", "forecast", "gaussian", "line", "logistic", "lorentzian", "lowess",
    "polynomial", "power_law", "regression", "robust_line", "sine", "spline",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
