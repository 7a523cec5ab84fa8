# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# title = "PID bench"
# tags = ["control", "simulation"]
#
# [tool.flodesk.canvas.closed_loop]
# def = [0, -240]
# pid = [560, -140]
# plant = [1120, 60]
# course = [1120, -240]
# measured = [280, 20]
# turn = [280, 200]
# driven = [840, 100]
# return = [1400, -240]
#
# [tool.flodesk.canvas.flow]
# kp = [0, -300]
# ki = [0, -110]
# kd = [0, 80]
# load = [0, 270]
# course = [280, -40]
# measured = [560, -260]
# times = [560, -40]
# effort = [560, 200]
# chart = [840, -240]
# drive = [840, 0]
# judged = [840, 240]
# overshoot = [1120, 140]
# settling = [1120, 320]
#
# [tool.flodesk.panel.flow]
# kp = [0, 5, 2, 3]
# ki = [2, 5, 2, 3]
# kd = [4, 5, 2, 3]
# load = [6, 5, 2, 3]
# chart = [0, 0, 8, 5]
# drive = [8, 0, 4, 5]
# overshoot = [8, 5, 2, 3]
# settling = [10, 5, 2, 3]
# ///
"""A PID controller on a bench: turn its three gains and see how the plant 1/(s² + 2s + 5) follows a step."""
from typing import Annotated, NamedTuple

import numpy as np

import flodesk
from flodesk import Array, Unit
from flodesk.nodes import collect, control, dsp, show, simulate, source, table, timing

Seconds = Annotated[float, Unit("s")]


class Judged(NamedTuple):
    """How good an answer to a step from 0 to 1 is: overshoot in %, time in s after which it stays within 2 %."""

    overshoot: Annotated[float, Unit("%")]
    settling: Seconds


def judge(answer: Array, period: Seconds = 0.05, until: Seconds = 12.0) -> Judged:
    """Judge an answer up to the time at which the load comes; NaN where it does not settle."""
    values = np.asarray(answer, float)[: round(until / period)]
    outside = np.flatnonzero(abs(values - 1.0) > 0.02)
    last = outside[-1] + 1 if len(outside) else 0
    return Judged(max(0.0, 100.0 * (values.max() - 1.0)), last * period if last < len(values) else float("nan"))


def pushed(effort: float, turn: int, load: float, start: int = 240) -> float:
    """Add a load to what the controller does, from turn `start` on."""
    return effort + load if turn >= start else effort


def closed_loop(kp: float, ki: float, kd: float, load: float):
    pid = dsp.PID(kp=kp, ki=ki, kd=kd)
    plant = simulate.Plant([1.0], [1.0, 2.0, 5.0], interval=0.05)
    course = collect.Table(columns=["measured", "effort"])
    measured = 0.0
    for turn in timing.count(400):
        effort = pid(1.0, measured, dt=0.05)
        driven = pushed(effort, turn, load)
        later = plant(driven)
        course.add(measured, effort)
        measured = later
    rows = course.result()
    return rows


def flow():
    kp = control.knob(20.0, maximum=40.0, label="Kp")
    ki = control.knob(8.0, maximum=40.0, label="Ki", unit="1/s")
    kd = control.knob(6.0, maximum=12.0, label="Kd", unit="s")
    load = control.knob(-2.0, minimum=-10.0, maximum=10.0, label="Load after 12 s")
    course = closed_loop(kp, ki, kd, load)
    times = source.linspace(0.0, 19.95, number=400)
    measured = table.column(course, "measured")
    effort = table.column(course, "effort")
    judged = judge(measured)
    chart = show.xy(times, measured, title="Answer to a step from 0 to 1", x_label="Time", x_unit="s")
    drive = show.xy(times, effort, title="What the controller does", x_label="Time", x_unit="s")
    overshoot = show.number(judged.overshoot, title="Overshoot", unit="%", digits=3)
    settling = show.number(judged.settling, title="Settled after", unit="s", digits=3)


if __name__ == "__main__":
    flodesk.main(flow)
