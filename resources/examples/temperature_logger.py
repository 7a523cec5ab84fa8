# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["measuring"]
# on_error = "reject"
#
# [tool.flodesk.canvas.flow]
# band = [280, 200]
# reply = [0, 0]
# celsius = [280, 0]
# trend = [560, -360]
# shown = [560, -160]
# kept = [560, 40]
# recorded = [840, 40]
# over = [560, 300]
# alarm = [840, 270]
# count = [840, 450]
# alarms = [1120, 450]
#
# [tool.flodesk.panel.flow]
# trend = [0, 0, 9, 5]
# shown = [9, 0, 3, 2]
# alarm = [9, 2, 3, 3]
# band = [0, 5, 6, 3]
# alarms = [6, 5, 3, 3]
# recorded = [9, 5, 3, 3]
# ///
"""A temperature logger: an alarm above a limit, every reading on disk, and bad ones set aside as dead letters."""
import math
import random
from collections.abc import Iterator
from typing import Annotated

import flodesk
from flodesk import Range, Unit
from flodesk.nodes import control, dsp, logic, record, show


@flodesk.node(pure=False)
def sensor(number: int = 200, pause: Annotated[float, Unit("s"), Range(0.0)] = 0.02) -> Iterator[str]:
    """Give what a simulated sensor replies: its wire comes loose once, and twice it starts anew."""
    chance = random.Random(11)
    for k in range(number):
        warm = 24.0 + 5.0 * math.sin(2.0 * math.pi * k / 100) + chance.gauss(0.0, 0.15)
        yield {40: "OPEN", 90: "85.0", 151: "85.0"}.get(k, f"{warm:.2f}")
        flodesk.context().sleep(pause)


def temperature(reply: str, highest: Annotated[float, Unit("°C")] = 60.0) -> Annotated[float, Unit("°C")]:
    """Read a reply in °C, and refuse what cannot be."""
    try:
        celsius = float(reply)
    except ValueError:
        raise ValueError(f"the sensor replied {reply!r}: look at its wire") from None
    if celsius > highest:
        raise ValueError(f"{celsius:g} °C is what the sensor says after it has lost its power")
    return celsius


def flow():
    band = control.range((26.0, 27.0), minimum=18.0, maximum=30.0, label="Alarm: off below, on above", unit="°C")
    trend = show.Strip(seconds=4.0, title="Temperature", unit="°C")
    kept = record.Csv("temperature_log.csv", columns=["celsius"], existing="replace")
    over = dsp.Hysteresis(lower=band.low, upper=band.high)
    count = logic.Counter()
    for reply in sensor():
        celsius = temperature(reply)
        shown = show.number(celsius, title="Now", unit="°C")
        recent = trend(celsius)
        rows = kept(celsius)
        recorded = show.number(rows.turns, title="Readings kept")
        hot = over(celsius)
        alarm = show.lamp(hot, title="Too warm", color="red")
        times = count(hot)
        alarms = show.number(times, title="Alarms")


if __name__ == "__main__":
    flodesk.main(flow)
