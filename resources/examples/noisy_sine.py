# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["signals"]
#
# [tool.flodesk.canvas.flow]
# cutoff = [560, -240]
# level = [0, 240]
# lowpass = [840, 60]
# recent = [1120, -120]
# second = [1120, 120]
# tick = [0, 0]
# signal = [280, -240]
# hum = [280, 0]
# hiss = [280, 240]
# noisy = [560, 0]
# chart = [1400, -120]
# left = [1400, 120]
# meter = [1680, 120]
#
# [tool.flodesk.panel.flow]
# chart = [0, 0, 12, 6]
# cutoff = [0, 6, 5, 2]
# level = [5, 6, 4, 2]
# meter = [9, 6, 3, 2]
# ///
"""A noisy sine, cleaned by a low-pass filter that you tune while it runs."""
import flodesk
from flodesk.nodes import control, dsp, maths, show, source, timing


def flow():
    cutoff = control.slider(20.0, minimum=1.0, maximum=200.0, label="Cutoff", unit="Hz")
    level = control.slider(0.3, minimum=0.0, maximum=1.0, label="Noise", unit="V")
    lowpass = dsp.Lowpass(order=4)
    recent = dsp.Tail(span=2.0)
    second = dsp.Tail(span=1.0)
    for tick in timing.every(0.05):
        signal = source.sine(tick, frequency=5.0, samples=50, rate=1000.0, unit="V")
        hum = source.sine(tick, frequency=120.0, amplitude=0.5, samples=50, rate=1000.0, unit="V")
        hiss = source.noise(tick, level=level, samples=50, rate=1000.0, unit="V")
        noisy = maths.add(signal, hum, hiss)
        clean = lowpass(noisy, cutoff=cutoff)
        both = recent(noisy, clean)
        chart = show.line(both, title="Before and after the filter", names="noisy, clean")
        stretch = second(clean)
        left = dsp.rms(stretch)
        meter = show.number(left, title="Level after the filter", unit="V", digits=3)


if __name__ == "__main__":
    flodesk.main(flow)
