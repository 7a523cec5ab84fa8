# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk[examples]"]
#
# [tool.flodesk]
# version = 1
# title = "Mauna Loa"
# tags = ["statistics"]
#
# [tool.flodesk.canvas.flow]
# ahead = [560, 380]
# weeks = [0, 60]
# months = [280, 60]
# years = [560, 180]
# measured = [560, 0]
# about = [840, -600]
# number = [1120, -620]
# last = [840, -380]
# high = [1120, -450]
# parts = [840, -240]
# spread = [1120, -260]
# swing = [1400, -260]
# steps = [840, 420]
# coming = [1120, 360]
# future = [1400, 440]
# expected = [1680, 420]
# joined = [1400, 140]
# course = [1680, 140]
#
# [tool.flodesk.panel.flow]
# course = [0, 0, 12, 5]
# ahead = [0, 5, 4, 3]
# expected = [4, 5, 2, 3]
# number = [6, 5, 2, 3]
# high = [8, 5, 2, 3]
# swing = [10, 5, 2, 3]
# ///
"""The breath of the earth: carbon dioxide over Mauna Loa, taken apart into a trend and a season, and continued."""
from typing import NamedTuple

import numpy as np
import pandas as pd

import flodesk
from flodesk import Array, Table
from flodesk.nodes import control, fit, maths, show, source, statistics, table


def monthly(weeks: Table) -> Table:
    """Average weekly readings by month; a month without any gets what lies between its neighbours, in ppm."""
    months = weeks.set_index("date")["co2"].resample("MS").mean().interpolate()
    return pd.DataFrame({"year": months.index.year + (months.index.month - 0.5) / 12.0, "co2": months.to_numpy()})


def months_of(years: float) -> int:
    """Count the months of some years."""
    return max(1, round(12.0 * years))


class Continued(NamedTuple):
    """Times in years and carbon dioxide in ppm: measured, trend and forecast, NaN where there is none."""

    years: Array
    measured: Array
    trend: Array
    forecast: Array


def continued(years: Array, measured: Array, trend: Array, forecast: Array) -> Continued:
    """Put what was measured and what is to come on one axis of time."""
    ahead = years[-1] + np.arange(1, len(forecast) + 1) / 12.0
    none, before = np.full(len(forecast), np.nan), np.full(len(years), np.nan)
    return Continued(
        np.append(years, ahead), np.append(measured, none), np.append(trend, none), np.append(before, forecast)
    )


def flow():
    ahead = control.slider(20.0, minimum=1.0, maximum=50.0, step=1.0, label="Look ahead", unit="years")
    weeks = source.co2()
    months = monthly(weeks)
    years = table.column(months, "year")
    measured = table.column(months, "co2")
    about = statistics.describe(measured)
    number = show.number(about.number, title="Months")
    last = maths.element(measured)
    high = show.number(last, title="December 2001", unit="ppm", digits=4)
    parts = fit.decompose(measured, period=12)
    spread = statistics.spread(parts.season)
    swing = show.number(spread.range, title="Swing of a year", unit="ppm", digits=3)
    steps = months_of(ahead)
    coming = fit.forecast(measured, steps=steps, period=12)
    future = maths.element(coming.values)
    expected = show.number(future, title="Then there are", unit="ppm", digits=3)
    joined = continued(years, measured, parts.trend, coming.values)
    course = show.xy(
        joined.years,
        joined.measured,
        joined.forecast,
        joined.trend,
        title="Carbon dioxide over Mauna Loa",
        names="measured, forecast, trend",
        x_label="Year",
        y_unit="ppm",
    )


if __name__ == "__main__":
    flodesk.main(flow)
