# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["signals", "measuring"]
#
# [tool.flodesk.canvas.flow]
# speed = [0, -110]
# noise = [0, 110]
# level = [560, -500]
# edge = [560, -270]
# tick = [0, -300]
# signals = [280, 0]
# again = [560, 330]
# highest = [560, 120]
# hold = [840, 190]
# bars = [1120, 190]
# scope = [840, -240]
#
# [tool.flodesk.panel.flow]
# sweep = [0, 0, 8, 5]
# bars = [8, 0, 4, 5]
# speed = [0, 5, 2, 3]
# noise = [2, 5, 2, 3]
# level = [4, 5, 4, 3]
# edge = [8, 5, 2, 3]
# again = [10, 5, 2, 3]
# ///
"""Eight vibration sensors around a rotor on a scope that a trigger holds still, and the highest peak of each."""
import numpy as np

import flodesk
from flodesk import Array, Signal, Waveform
from flodesk.nodes import control, dsp, show, timing


def sensors(block: int, speed: float, noise: float = 0.05, samples: int = 200, rate: float = 4000.0) -> Signal:
    """Give a block of eight sensors around a rotor, in m/s²: each sees it an eighth of a turn later, and weaker."""
    time = (block * samples + np.arange(samples)) / rate
    channel = np.arange(8)[:, None]
    hiss = noise * np.random.default_rng(block).standard_normal((8, samples))
    swing = (1.0 - 0.1 * channel) * np.sin(2.0 * np.pi * (speed * time - channel / 8.0))
    return Waveform(swing + hiss, 1.0 / rate, block * samples / rate, "m/s²")


def peaks(signals: Signal) -> Array:
    """Find the highest sample of each channel, whichever sign it has, in the unit of the signal."""
    return np.abs(signals.y).max(axis=1)


def flow():
    speed = control.knob(40.0, minimum=10.0, maximum=100.0, label="Speed", unit="Hz")
    noise = control.knob(0.05, minimum=0.0, maximum=0.5, label="Noise", unit="m/s²")
    level = control.slider(0.4, minimum=-1.0, maximum=1.0, label="Trigger", unit="m/s²")
    edge = control.radio("rising", entries=["rising", "falling", "free"], label="Edge")
    again = control.button(label="Hold anew")
    scope = show.Scope(
        span=0.05, level=level, edge=edge, title="Eight sensors", names="0°, 45°, 90°, 135°, 180°, 225°, 270°, 315°"
    )
    hold = dsp.PeakHold()
    for tick in timing.every(0.05):
        signals = sensors(tick, speed, noise)
        sweep = scope(signals)
        highest = peaks(signals)
        held = hold(highest, reset=again)
        bars = show.bars(
            held, title="Highest peaks", labels="0°, 45°, 90°, 135°, 180°, 225°, 270°, 315°", y_unit="m/s²"
        )


if __name__ == "__main__":
    flodesk.main(flow)
