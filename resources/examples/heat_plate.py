# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["simulation"]
#
# [tool.flodesk.canvas.flow]
# top = [0, -330]
# left = [0, -140]
# right = [0, 50]
# bottom = [0, 240]
# metal = [840, -330]
# cold = [280, 420]
# plate = [560, 340]
# turn = [560, -330]
# edged = [840, 60]
# later = [1120, -40]
# picture = [1400, -160]
# center = [1400, 120]
# recent = [1680, -40]
# shown = [1680, 240]
#
# [tool.flodesk.panel.flow]
# picture = [0, 0, 6, 6]
# course = [6, 0, 6, 4]
# shown = [6, 4, 2, 2]
# metal = [8, 4, 4, 2]
# top = [0, 6, 3, 2]
# left = [3, 6, 3, 2]
# right = [6, 6, 3, 2]
# bottom = [9, 6, 3, 2]
# ///
"""Heat spreads over a metal plate while you heat and cool its edges: the middle comes to the mean of the four."""
import numpy as np

import flodesk
from flodesk import Array
from flodesk.nodes import array, control, show, simulate, timing


def with_edges(plate: Array, top: float, left: float, right: float, bottom: float) -> Array:
    """Put the edges of a plate at these temperatures in °C; the first row is the lower edge."""
    plate = np.array(plate)
    plate[:, 0], plate[:, -1] = left, right
    plate[0, 1:-1], plate[-1, 1:-1] = bottom, top
    return plate


def spread(plate: Array, metal: str, seconds: float = 2.0) -> Array:
    """Let heat spread for so many seconds over a plate of 0.4 m, in °C."""
    diffusivity = {"copper": 1.1e-4, "brass": 3.4e-5, "steel": 4e-6}[metal]
    return simulate.HeatPlate(diffusivity=diffusivity, spacing=0.4 / (len(plate) - 1), interval=seconds)(plate)


def in_the_middle(plate: Array) -> float:
    """Measure in the middle of a plate, in °C."""
    rows, columns = np.shape(plate)
    return float(plate[rows // 2, columns // 2])


def flow():
    top = control.slider(100.0, maximum=200.0, label="Upper edge", unit="°C")
    left = control.slider(0.0, maximum=200.0, label="Left edge", unit="°C")
    right = control.slider(0.0, maximum=200.0, label="Right edge", unit="°C")
    bottom = control.slider(0.0, maximum=200.0, label="Lower edge", unit="°C")
    metal = control.radio("copper", entries=["copper", "brass", "steel"], label="Metal")
    recent = show.Strip(seconds=20.0, title="In the middle", unit="°C")
    cold = array.filled(0.0, rows=41, columns=41)
    plate = cold
    for turn in timing.every(0.05):
        edged = with_edges(plate, top, left, right, bottom)
        later = spread(edged, metal)
        picture = show.heat(
            later, title="The plate", x_step=0.01, y_step=0.01, x_unit="m", y_unit="m", unit="°C", minimum=0.0
        )
        center = in_the_middle(later)
        course = recent(center)
        shown = show.number(center, title="In the middle", unit="°C", digits=3)
        plate = later


if __name__ == "__main__":
    flodesk.main(flow)
