# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work"]
# cache = true
#
# [tool.flodesk.canvas.flow]
# station = [0, 70]
# count = [310, -10]
# degrees = [620, 0]
# month = [920, 0]
# normal = [1230, -220]
# figures = [1230, -50]
# warmer = [1540, -90]
# report = [1850, -40]
# sheet = [2160, -10]
#
# [tool.flodesk.panel.flow]
# sheet = [0, 0, 8, 5]
# ///
"""Weather stations, a month of each: a loop in a loop, a subflow from another file, and a slow result kept on disk."""

import math
from collections.abc import Iterator

import temperatures

import flodesk
from flodesk.nodes import collect, maths, show, statistics


def stations() -> Iterator[str]:
    """Give the names of the stations."""
    yield from ("harbour", "hill", "forest", "field")


def counts(station: str, days: int = 30) -> Iterator[float]:
    """Give what the sensor of a station counts at noon, day by day."""
    for day in range(days):
        yield 2100.0 + 4.0 * len(station) + 25.0 * math.sin(2.0 * math.pi * day / days)


def usual(years: int = 30) -> float:
    """Return the mean in °C of many made-up days. It is slow, and does not run again until it is changed."""
    return math.fsum(18.0 + 6.0 * math.sin(day * day) for day in range(365 * years)) / (365 * years)


def flow():
    normal = usual(years=300)
    report = collect.Table(columns=["station", "mean", "warmer"])
    for station in stations():
        month = collect.List()
        for count in counts(station, days=30):
            degrees = temperatures.celsius(count)
            month.add(degrees)
        values = month.result()
        figures = statistics.describe(values)
        warmer = maths.subtract(figures.mean, normal)
        report.add(station, figures.mean, warmer)
    months = report.result()
    sheet = show.table(months, title="The month, in °C")


if __name__ == "__main__":
    flodesk.main(flow)
