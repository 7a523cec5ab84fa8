# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work", "control"]
#
# [tool.flodesk.canvas.drive]
# course = [600, 230]
# position = [0, 140]
# clock = [0, -210]
# goal = [0, -40]
# later = [300, 50]
# sent = [600, -120]
# there = [600, 60]
# if_1 = [900, 60]
# code_1 = [1200, 60]
# times = [900, 190]
# aims = [900, 350]
# way = [900, 510]
# chart = [1200, 320]
#
# [tool.flodesk.canvas.log]
# entries = [600, 110]
# now = [0, 0]
# entry = [300, 0]
# newest = [600, -110]
# curve = [900, 110]
#
# [tool.flodesk.canvas.plan]
# goal = [0, 0]
# aimed = [300, -90]
# wanted = [300, 80]
#
# [tool.flodesk.panel.drive]
# chart = [0, 0, 8, 5]
#
# [tool.flodesk.panel.log]
# newest = [8, 5, 4, 4]
# curve = [0, 5, 8, 4]
#
# [tool.flodesk.panel.plan]
# wanted = [8, 0, 4, 5]
# ///
"""A motor stage follows the newest of its targets, and a slow log notes the newest of its positions."""

from collections.abc import Iterator
from typing import Annotated

import flodesk
from flodesk import Range, Unit
from flodesk.nodes import collect, maths, queue, show, table

target = queue.Latest(0.0)
positions = queue.Queue(size=1, full="newest")


@flodesk.node(pure=False)
def targets(pause: Annotated[float, Unit("s"), Range(0.0)] = 0.3) -> Iterator[float]:
    """Give one target after the other, in mm."""
    for goal in (2.0, 5.0, 6.0, 10.0):
        yield goal
        flodesk.context().sleep(pause)


@flodesk.node(pure=False)
def ticks(period: Annotated[float, Unit("s"), Range(0.0)] = 0.01, number: int = 1000) -> Iterator[float]:
    """Give the clock of the motor, in s; it gives up after so many ticks."""
    for tick in range(number):
        yield tick * period
        flodesk.context().sleep(period)


def moved(position: float, goal: float, step: Annotated[float, Unit("mm"), Range(0.0)] = 0.15) -> float:
    """Move towards a target, in mm: one step at most."""
    return position + min(step, max(-step, goal - position))


@flodesk.node(pure=False)
def noted(position: float, seconds: Annotated[float, Unit("s"), Range(0.0)] = 0.06) -> float:
    """Note a position. It takes its time, and the motor does not wait for it."""
    flodesk.context().sleep(seconds)
    return position


def plan():
    for goal in targets(pause=0.3):
        aimed = target.put(goal)
        wanted = show.number(goal, title="Target", unit="mm")


def drive():
    course = collect.Table(columns=["time", "target", "position"])
    position = 0.0
    for clock in ticks(period=0.01):
        goal = target.get()
        later = moved(position, goal, step=0.15)
        sent = positions.put(later)
        course.add(clock, goal, later)
        position = later
        there = maths.greater(later, limit=9.999)
        if there:
            break
    rows = course.result()
    times = table.column(rows, "time")
    aims = table.column(rows, "target")
    way = table.column(rows, "position")
    chart = show.xy(
        times, aims, way, title="The motor follows", names="target, position", x_label="Time", x_unit="s", y_unit="mm"
    )


def log():
    entries = collect.List()
    for now in positions:
        entry = noted(now, seconds=0.06)
        newest = show.number(entry, title="Noted last", unit="mm", digits=4)
        entries.add(entry)
    noted_all = entries.result()
    curve = show.line(noted_all, title="The log", names="position", x_label="Entry", y_unit="mm")


if __name__ == "__main__":
    flodesk.main(plan, drive, log)
