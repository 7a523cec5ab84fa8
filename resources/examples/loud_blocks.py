# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work", "signals"]
#
# [tool.flodesk.canvas.flow]
# limit = [0, 320]
# block = [0, 0]
# signal = [280, -80]
# level = [560, -80]
# high = [840, 180]
# if_1 = [1120, 180]
# sent = [1400, 0]
#
# [tool.flodesk.canvas.report]
# value = [0, 0]
# volts = [280, 0]
# last = [560, -140]
# levels = [560, 120]
# figures = [840, 60]
# number = [1120, -60]
# mean = [1120, 140]
#
# [tool.flodesk.panel.flow]
# limit = [0, 0, 8, 2]
#
# [tool.flodesk.panel.report]
# last = [0, 2, 4, 3]
# number = [4, 2, 4, 3]
# mean = [8, 2, 4, 3]
# ///
"""Two loops side by side: one measures block after block, the other sums up the loud ones that it gets by a queue."""

import flodesk
from flodesk.nodes import collect, control, dsp, maths, queue, show, source, statistics, timing

loud = queue.Queue(size=100)


def flow():
    limit = control.slider(0.6, minimum=0.0, maximum=1.0, label="Loud above", unit="V")
    for block in timing.count(600):
        signal = source.sine(block, frequency=3.3, samples=50, unit="V")
        level = dsp.rms(signal)
        high = maths.greater(level, limit=limit)
        if high:
            sent = loud.put(level)


def report():
    levels = collect.List()
    for value in loud:
        volts = maths.scale(value, factor=1000.0)
        last = show.number(volts, title="Last loud block", unit="mV")
        levels.add(volts)
    all_levels = levels.result()
    figures = statistics.describe(all_levels)
    number = show.number(figures.number, title="Loud blocks")
    mean = show.number(figures.mean, title="Mean of them", unit="mV")


if __name__ == "__main__":
    flodesk.main(flow, report)
