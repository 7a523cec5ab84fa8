# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work", "measuring"]
#
# [tool.flodesk.canvas.alarm]
# count = [0, 110]
# swing = [0, -110]
# more = [300, 110]
# number = [600, 110]
# last = [300, -110]
#
# [tool.flodesk.canvas.detect]
# limit = [300, 90]
# velocity = [0, -60]
# size = [300, -60]
# strong = [600, 0]
# if_1 = [900, 0]
# raised = [1200, -90]
#
# [tool.flodesk.canvas.listen]
# velocity = [0, 0]
# kept = [300, -90]
# fresh = [300, 80]
#
# [tool.flodesk.canvas.record]
# everything = [300, 0]
# velocity = [0, 0]
# seismogram = [600, 0]
#
# [tool.flodesk.canvas.screen]
# recent = [600, 0]
# newest = [0, 0]
# point = [300, 0]
# picture = [900, 0]
#
# [tool.flodesk.panel.alarm]
# last = [8, 5, 4, 4]
# number = [8, 2, 4, 3]
#
# [tool.flodesk.panel.detect]
# limit = [8, 0, 4, 2]
#
# [tool.flodesk.panel.record]
# seismogram = [0, 0, 8, 5]
#
# [tool.flodesk.panel.screen]
# picture = [0, 5, 8, 4]
# ///
"""A seismometer: recorder and detector each get every reading, a slow screen misses some, no alarm may be lost."""

import math
from collections.abc import Iterator
from typing import Annotated

import flodesk
from flodesk import Range, Unit
from flodesk.nodes import collect, control, maths, queue, show, statistics

readings = queue.Queue(size=100)
drawn = queue.Queue(size=20, full="drop_oldest")
alarms = queue.Queue(size=50, full="fail")


@flodesk.node(pure=False)
def ground(
    number: int = 300, period: Annotated[float, Unit("s"), Range(0.0)] = 0.004
) -> Iterator[Annotated[float, Unit("m/s")]]:
    """Give how fast the ground moves, in m/s: it is never still, and one quake comes."""
    for k in range(number):
        quake = 8e-5 * math.exp((100 - k) / 40) * math.sin(0.4 * (k - 100)) if k > 100 else 0.0
        yield 1e-6 * math.sin(0.9 * k) + quake
        flodesk.context().sleep(period)


@flodesk.node(pure=False)
def painted(value: float, seconds: Annotated[float, Unit("s"), Range(0.0)] = 0.03) -> float:
    """Paint a reading on a slow screen."""
    flodesk.context().sleep(seconds)
    return value


def listen():
    for velocity in ground(number=300):
        kept = readings.put(velocity)
        fresh = drawn.put(velocity)


def record():
    everything = collect.List()
    for velocity in readings:
        everything.add(velocity)
    trace = everything.result()
    seismogram = show.line(trace, title="Recorded", names="velocity", x_label="Reading", y_unit="m/s")


def detect():
    limit = control.slider(3e-05, minimum=1e-05, maximum=0.0001, label="Alarm above", unit="m/s")
    for velocity in readings:
        size = maths.absolute(velocity)
        strong = maths.greater(size, limit=limit)
        if strong:
            raised = alarms.put(size)


def alarm():
    count = 0
    for swing in alarms:
        last = show.number(swing, title="Last alarm", unit="m/s", digits=3)
        more = maths.add(count, 1)
        number = show.number(more, title="Alarms")
        count = more


def screen():
    recent = statistics.Recent(number=40)
    for newest in drawn:
        point = painted(newest, seconds=0.03)
        points = recent(point)
        picture = show.line(points, title="On the screen", names="velocity", x_label="Picture", y_unit="m/s")


if __name__ == "__main__":
    flodesk.main(listen, record, detect, alarm, screen)
