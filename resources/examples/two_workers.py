# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work", "signals"]
#
# [tool.flodesk.places.flow]
# low = "process"
# low_levels = "process"
# high = "process"
# high_levels = "process"
#
# [tool.flodesk.process]
# cpus = 2
#
# [tool.flodesk.canvas.flow]
# slow = [-640, -160]
# fast = [-640, 100]
# both = [-360, -20]
# low = [-80, -160]
# low_levels = [200, -160]
# high = [-80, 120]
# high_levels = [200, 120]
# shown_low = [480, -160]
# shown_high = [480, 120]
#
# [tool.flodesk.panel.flow]
# shown_low = [0, 0, 6, 3]
# shown_high = [6, 0, 6, 3]
# ///
"""A long signal in two bands, each in a worker process of its own, side by side."""
import flodesk
from flodesk.nodes import dsp, maths, show, source, statistics


def flow():
    slow = source.sine(0, frequency=50.0, amplitude=2.0, samples=400000, rate=100000.0, unit="V")
    fast = source.sine(0, frequency=20000.0, samples=400000, rate=100000.0, unit="V")
    both = maths.add(slow, fast)
    low = dsp.butterworth(both, cutoff=500.0)
    low_levels = statistics.describe(low)
    high = dsp.butterworth(both, cutoff=5000.0, kind="highpass")
    high_levels = statistics.describe(high)
    shown_low = show.number(low_levels.deviation, title="Below 500 Hz", unit="V")
    shown_high = show.number(high_levels.deviation, title="Above 5 kHz", unit="V")


if __name__ == "__main__":
    flodesk.main(flow)
