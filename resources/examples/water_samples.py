# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work", "measuring"]
#
# [tool.flodesk.canvas.arrive]
# sample = [0, 0]
# waiting = [300, 0]
#
# [tool.flodesk.canvas.new]
# sample = [0, 0]
# reading = [300, 100]
# busy = [300, -100]
# sent = [600, 100]
#
# [tool.flodesk.canvas.old]
# sample = [0, 0]
# reading = [300, 100]
# busy = [300, -100]
# sent = [600, 100]
#
# [tool.flodesk.canvas.report]
# rows = [300, 0]
# sample = [0, 0]
# ordered = [600, 0]
# sheet = [900, -190]
# levels = [900, -20]
# figures = [1200, -60]
# number = [1500, -130]
# mean = [1500, 40]
# shares = [900, 170]
# tally = [1200, 190]
# work = [1500, 190]
#
# [tool.flodesk.panel.new]
# busy = [9, 0, 3, 3]
#
# [tool.flodesk.panel.old]
# busy = [6, 0, 3, 3]
#
# [tool.flodesk.panel.report]
# sheet = [0, 0, 6, 9]
# number = [6, 6, 3, 3]
# mean = [9, 6, 3, 3]
# work = [6, 3, 6, 3]
# ///
"""Water samples wait for two photometers: each of them takes the next sample as soon as it is free."""

import math
from collections.abc import Iterator
from typing import Annotated, NamedTuple

import flodesk
from flodesk import Range, Unit
from flodesk.nodes import collect, queue, show, statistics, table

samples = queue.Queue(size=50, readers="compete")
results = queue.Queue(size=50)


class Reading(NamedTuple):
    """What a photometer says of a sample: its number, who measured it, nitrate in mg/l."""

    sample: int
    photometer: str
    nitrate: float


def bottles(number: int = 24) -> Iterator[int]:
    """Give the numbers of the samples as they are brought in."""
    yield from range(1, number + 1)


@flodesk.node(pure=False)
def measured(
    sample: int, photometer: str = "old", seconds: Annotated[float, Unit("s"), Range(0.0)] = 0.1
) -> Reading:
    """Measure a sample: what it absorbs is made up, and 0.046 of it are 1 mg/l of nitrate."""
    flodesk.context().sleep(seconds)
    absorbance = 0.46 + 0.23 * math.sin(2.0 * math.pi * sample / 24)
    return Reading(sample, photometer, absorbance / 0.046)


def arrive():
    for sample in bottles(number=24):
        waiting = samples.put(sample)


def old():
    for sample in samples:
        busy = show.number(sample, title="Old photometer: sample")
        reading = measured(sample, seconds=0.2)
        sent = results.put(reading)


def new():
    for sample in samples:
        busy = show.number(sample, title="New photometer: sample")
        reading = measured(sample, photometer="new", seconds=0.06)
        sent = results.put(reading)


def report():
    rows = collect.Table(columns=["sample", "by", "nitrate"])
    for sample, photometer, nitrate in results:
        rows.add(sample, photometer, nitrate)
    readings = rows.result()
    ordered = table.sort(readings, by="sample")
    sheet = show.table(ordered, title="Nitrate in mg/l")
    levels = table.column(ordered, "nitrate")
    figures = statistics.describe(levels)
    number = show.number(figures.number, title="Samples measured")
    mean = show.number(figures.mean, title="Mean", unit="mg/l")
    shares = table.totals(ordered, value="nitrate", by="by")
    tally = table.select(shares, columns=["by", "rows"])
    work = show.table(tally, title="Who measured how many")


if __name__ == "__main__":
    flodesk.main(arrive, old, new, report)
