# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["measuring", "statistics"]
#
# [tool.flodesk.canvas.flow]
# ideality = [0, -140]
# meter = [280, -200]
# recent = [560, -80]
# rows = [560, 120]
# warmth = [0, 480]
# volts = [0, 120]
# so_far = [840, -240]
# currents = [840, -60]
# curve = [1120, -200]
# free = [840, 200]
# volt = [1120, 260]
# current = [1120, 60]
# logs = [1400, 0]
# line = [1680, 140]
# straight = [1960, -160]
# result = [1960, 440]
# told = [2240, 440]
# answer = [2520, 440]
#
# [tool.flodesk.panel.flow]
# ideality = [0, 5, 4, 3]
# warmth = [4, 5, 4, 3]
# curve = [0, 0, 6, 5]
# straight = [6, 0, 6, 5]
# answer = [8, 5, 4, 3]
# ///
"""The curve of a diode: a simulated source-meter sweeps the voltage, a line through the logarithm tells what it is."""
import math
import random
from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np

import flodesk
from flodesk import Array, Range, Unit
from flodesk.nodes import array, collect, control, fit, maths, show, statistics, table, text

Volts = Annotated[float, Unit("V")]
Celsius = Annotated[float, Unit("°C")]


def thermal(celsius: Celsius) -> Volts:
    """Return k T / q: the voltage by which the current of an ideal diode grows e-fold."""
    return 1.380649e-23 * (celsius + 273.15) / 1.602176634e-19


@flodesk.node(pure=False)
def sweep(
    start: Volts = 0.2, stop: Volts = 0.7, points: int = 51, pause: Annotated[float, Unit("s"), Range(0.0)] = 0.03
) -> Iterator[Volts]:
    """Give one voltage after the other, and the diode time to settle."""
    for volts in np.linspace(start, stop, points):
        yield float(volts)
        flodesk.context().sleep(pause)


class SourceMeter:
    """A source-meter with a diode on it, simulated: 2 nA of saturation current, 1 % of noise, at most 10 mA."""

    def __init__(self, ideality: Annotated[float, Range(0.5, 3.0)] = 1.6) -> None:
        self._ideality = ideality
        self._chance = random.Random(7)

    def __call__(self, volts: Volts, celsius: Celsius = 25.0) -> Annotated[float, Unit("A")]:
        """Put a voltage on the diode, and measure its current."""
        current = 2e-9 * math.expm1(volts / (self._ideality * thermal(celsius)))
        return min(0.01, current * self._chance.gauss(1.0, 0.01))


class Found(NamedTuple):
    """What a line through the logarithm of the current says: ideality and half of its 95 % interval."""

    ideality: float
    uncertainty: float


def found(slope: float, errors: Array, celsius: Celsius) -> Found:
    """Turn the slope of ln(I) over V, in 1/V, with its standard error into the ideality."""
    ideality = 1.0 / (slope * thermal(celsius))
    return Found(ideality, 1.96 * ideality * errors[0] / slope)


def flow():
    ideality = control.slider(1.6, minimum=1.0, maximum=2.0, label="Ideality of the diode")
    warmth = control.slider(25.0, minimum=-40.0, maximum=120.0, label="Temperature", unit="°C")
    meter = SourceMeter(ideality=ideality)
    recent = statistics.Recent(number=60)
    rows = collect.Table(columns=["volt", "ampere"])
    for volts in sweep():
        ampere = meter(volts, celsius=warmth)
        both = recent(volts, ampere)
        so_far = array.row(both, index=0)
        currents = array.row(both, index=1)
        curve = show.xy(so_far, currents, title="Current over voltage", x_unit="V", y_unit="A")
        rows.add(volts, ampere)
    sheet = rows.result()
    free = table.filter_rows(sheet, "ampere", "<", value=0.0099)
    volt = table.column(free, "volt")
    current = table.column(free, "ampere")
    logs = maths.logarithm(current)
    line = fit.line(volt, logs)
    straight = show.xy(
        volt,
        logs,
        line.fitted,
        title="Logarithm of the current",
        names="measured, fitted",
        x_unit="V",
        y_label="ln (I / A)",
    )
    result = found(line.slope, line.errors, warmth)
    told = text.template(
        "# {{ '%.3f' | format(n) }} ± {{ '%.3f' | format(by) }}\nwith 95 % confidence",
        n=result.ideality,
        by=result.uncertainty,
    )
    answer = show.markdown(told, title="Ideality found")


if __name__ == "__main__":
    flodesk.main(flow)
