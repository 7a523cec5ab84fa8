# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["control", "how flows work"]
#
# [tool.flodesk.detached.flow]
# line = 4
#
# [tool.flodesk.canvas.flow]
# wanted = [0, -140]
# temperature = [0, 190]
# lack = [310, -100]
# cold = [620, -270]
# cool = [620, -100]
# part = [620, 60]
# full = [620, 230]
# off = [620, 400]
# outside = [920, -260]
# if_1 = [920, -20]
# heating = [920, 170]
# minute = [1230, -90]
# later = [1230, 80]
# heat = [1230, 300]
# line = [1540, -50]
# course = [1540, 140]
# share = [1540, 290]
# last = [1850, -50]
# chart = [1850, 120]
#
# [tool.flodesk.panel.flow]
# wanted = [0, 0, 6, 2]
# outside = [6, 0, 6, 2]
# chart = [0, 2, 8, 5]
# share = [8, 2, 4, 2]
# last = [8, 4, 4, 3]
# ///
"""A room and its heater: feedback from minute to minute, one of three arms, and a slow log beside the loop."""

import flodesk
from flodesk.nodes import collect, control, maths, show, source, timing


def warmed(now: float, heating: float, outside: float) -> float:
    """Return the temperature a minute later: 0.4 K of heat at most, 2 % of the difference lost through the walls."""
    return now + 0.4 * heating - 0.02 * (now - outside)


@flodesk.node(pure=False)
def logged(minute: int, temperature: float) -> str:
    """Write down a minute. It takes its time, and the room does not wait for it."""
    flodesk.context().sleep(0.001)
    return f"{minute // 60}:{minute % 60:02}  {temperature:.2f} °C"


def flow():
    wanted = control.slider(21.0, minimum=5.0, maximum=30.0, label="Wanted", unit="°C")
    outside = control.slider(5.0, minimum=-20.0, maximum=20.0, label="Outside", unit="°C")
    course = collect.List()
    heat = collect.Mean()
    temperature = 12.0
    for minute in timing.count(240):
        lack = maths.subtract(wanted, temperature)
        cold = maths.greater(lack, limit=2.0)
        cool = maths.greater(lack, limit=0.0)
        if cold:
            full = source.constant(1.0)
            heating = full
        elif cool:
            part = maths.scale(lack, factor=0.5)
            heating = part
        else:
            off = source.constant(0.0)
            heating = off
        later = warmed(temperature, heating, outside)
        line = logged(minute, later)
        last = show.text(line, title="Log")
        course.add(later)
        heat.add(heating)
        temperature = later
    temperatures = course.result()
    chart = show.line(temperatures, title="Temperature of the room")
    mean = heat.result()
    share = show.number(mean, title="Heater at", digits=3)


if __name__ == "__main__":
    flodesk.main(flow)
