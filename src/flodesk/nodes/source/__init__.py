"""Signals and data to start from.

The periodic ones give one block of samples at a time: wire a tick count to `block`, and the blocks follow each other
without a seam. With a literal 0 they give a test signal.
"""

from __future__ import annotations

from flodesk.nodes.source.data import co2, constant, linspace, nile, signal, sunspots
from flodesk.nodes.source.datasets import dataset, picture
from flodesk.nodes.source.noises import coloured_noise, noise, random_walk, uniform_noise
from flodesk.nodes.source.periodic import multitone, pulse, sawtooth, sine, square, triangle
from flodesk.nodes.source.single import chirp, decay, impulse, step

__all__ = [
    "chirp", "co2", "coloured_noise", "constant", "dataset", "decay", "impulse", "linspace", "multitone", "nile",
    "noise", "picture", "pulse", "random_walk", "sawtooth", "signal", "sine", "square", "step", "sunspots", "triangle",
    "uniform_noise",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
