# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work", "measuring"]
#
# [tool.flodesk.canvas.celsius]
# def = [0, 0]
# resistance = [280, 0]
# warm = [560, 0]
# return = [840, 0]
#
# [tool.flodesk.canvas.flow]
# step = [0, 0]
# low = [280, -120]
# high = [280, 120]
# inlet = [560, -120]
# outlet = [560, 120]
# gain = [840, 0]
# gains = [1120, 160]
# shown = [1120, -100]
# figures = [1400, 160]
# mean = [1680, 160]
#
# [tool.flodesk.canvas.ohms]
# def = [0, 0]
# volts = [280, 0]
# rest = [560, 160]
# ratio = [840, 0]
# resistance = [1120, 0]
# return = [1400, 0]
#
# [tool.flodesk.panel.flow]
# shown = [0, 0, 5, 3]
# mean = [5, 0, 5, 3]
# ///
"""A heat exchanger: what two sensors count becomes temperatures in a subflow that both of them share."""

import flodesk
from flodesk.nodes import collect, maths, show, statistics, timing


def ohms(counts: float, supply: float = 3.3):
    volts = maths.scale(counts, factor=0.0008058608058608059)  # 3.3 V are 4095 counts
    rest = maths.subtract(supply, volts)
    ratio = maths.divide(volts, rest)
    resistance = maths.scale(ratio, factor=1000.0)  # in series with 1000 ohms
    return resistance


def celsius(counts: float):
    resistance = ohms(counts)
    warm = maths.scale(resistance, factor=0.25974025974025977, offset=-259.7402597402597)  # a Pt1000
    return warm


def flow():
    gains = collect.List()
    for step in timing.count(100):
        low = maths.scale(step, factor=1.0, offset=2100.0)
        high = maths.scale(step, factor=1.5, offset=2150.0)
        inlet = celsius(low)
        outlet = celsius(high)
        gain = maths.subtract(outlet, inlet)
        shown = show.number(gain, title="Warmer by", unit="°C", digits=2)
        gains.add(gain)
    all_gains = gains.result()
    figures = statistics.describe(all_gains)
    mean = show.number(figures.mean, title="Mean", unit="°C", digits=2)


if __name__ == "__main__":
    flodesk.main(flow)
