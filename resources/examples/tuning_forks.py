# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work", "signals"]
#
# [tool.flodesk.canvas.flow]
# pitches = [0, 0]
# times = [280, 160]
# sounds = [560, 60]
# rings = [840, 60]
# points = [1120, -60]
# chart = [1400, -60]
# failed = [1120, 160]
# report = [1400, 160]
#
# [tool.flodesk.panel.flow]
# chart = [0, 0, 12, 6]
# report = [0, 6, 12, 4]
# ///
"""A node is mapped over the records of twelve tuning forks, a fit for each: one is empty, and named, not in the way."""
from typing import NamedTuple

import numpy as np

import flodesk
from flodesk import Array
from flodesk.nodes import show

RATE = 8000.0


class Points(NamedTuple):
    """What the chart shows: pitches in Hz, and how long each fork rings in s."""

    pitch: Array
    seconds: Array


@flodesk.node(pure=True)
def octave(lowest: float = 220.0, count: int = 12) -> list:
    """Return the pitches of some forks in Hz, half a tone apart."""
    return [lowest * 2.0 ** (step / 12.0) for step in range(count)]


@flodesk.node(pure=True)
def ring_times(pitches: list, longest: float = 0.9) -> list:
    """Return how long each fork rings in s, until its sound has fallen to 1/e: the higher, the shorter."""
    return [longest * pitches[0] / pitch for pitch in pitches]


@flodesk.node(pure=True)
def strike(pitch: float, seconds: float, empty: float = 311.13) -> Array:
    """Record 1 s of a fork that is struck, with a little noise; of that with the pitch `empty` nothing was recorded."""
    if abs(pitch - empty) < 0.01:
        return np.zeros(int(RATE))
    t = np.arange(int(RATE)) / RATE
    noise = np.random.default_rng(int(pitch)).standard_normal(len(t))
    return np.exp(-t / seconds) * np.sin(2.0 * np.pi * pitch * t) + 0.002 * noise


@flodesk.node(pure=True)
def ring_down(sound: Array, pitch: float) -> Points:
    """Fit how long a fork rings: how the sound at its pitch falls, tenth by tenth of a second."""
    t = np.arange(len(sound)) / RATE
    turned = sound * np.exp(-2j * np.pi * pitch * t)
    loud = np.abs(turned.reshape(10, -1).mean(axis=1))
    if not loud.any():
        raise ValueError(f"the record at {pitch:.0f} Hz is empty")
    slope, _ = np.polyfit(t.reshape(10, -1).mean(axis=1), np.log(loud), 1)
    return Points(pitch, -1.0 / slope)


@flodesk.node(pure=True)
def together(rings: list) -> Points:
    """Put what was found for each fork into two rows."""
    return Points(*np.array(rings).T)


@flodesk.node(pure=True)
def words(errors: list) -> str:
    """Say which forks have failed, and why."""
    return "\n".join(f"Fork {error.item}: {error.message}" for error in errors) or "All forks were fitted."


def flow():
    pitches = octave()
    times = ring_times(pitches)
    sounds = [strike(pitch, time) for pitch, time in zip(pitches, times, strict=True)]
    rings = flodesk.each(lambda sound, pitch: ring_down(sound, pitch), sounds, pitches, on_item_error="collect")
    points = together(rings.results)
    chart = show.xy(points.pitch, points.seconds, title="How long each fork rings", x_label="Pitch", x_unit="Hz")
    failed = words(rings.errors)
    report = show.text(failed, title="What could not be fitted")


if __name__ == "__main__":
    flodesk.main(flow)
