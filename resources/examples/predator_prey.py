# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["simulation"]
#
# [tool.flodesk.canvas.flow]
# growth = [0, -340]
# hunting = [0, -130]
# feeding = [0, 80]
# starving = [0, 290]
# animals = [280, -40]
# times = [560, -280]
# prey = [560, -60]
# hunters = [560, 120]
# course = [840, -280]
# orbit = [840, -40]
# cycles = [840, 200]
# lengths = [1120, 120]
# length = [1400, 120]
# period = [1680, 120]
#
# [tool.flodesk.panel.flow]
# course = [0, 0, 8, 5]
# orbit = [8, 0, 4, 5]
# growth = [0, 5, 2, 3]
# hunting = [2, 5, 2, 3]
# feeding = [4, 5, 2, 3]
# starving = [6, 5, 2, 3]
# period = [8, 5, 4, 3]
# ///
"""Rabbits and foxes after Lotka and Volterra: each one's numbers drive the other's, round and round."""
import flodesk
from flodesk.nodes import array, control, dsp, maths, show, simulate, source, statistics


def flow():
    growth = control.knob(1.1, minimum=0.2, maximum=2.0, label="Rabbits multiply", unit="1/year")
    hunting = control.knob(0.4, minimum=0.1, maximum=1.0, label="Foxes hunt", unit="1/year")
    feeding = control.knob(0.1, minimum=0.05, maximum=0.5, label="Foxes thrive", unit="1/year")
    starving = control.knob(0.4, minimum=0.1, maximum=1.0, label="Foxes starve", unit="1/year")
    animals = simulate.lotka_volterra(
        alpha=growth, beta=hunting, delta=feeding, gamma=starving, duration=60.0, points=6001
    )
    prey = array.row(animals, index=0)
    hunters = array.row(animals, index=1)
    times = source.linspace(0.0, 60.0, number=6001)
    course = show.xy(times, prey, hunters, title="How many there are", names="rabbits, foxes", x_label="Years")
    cycles = dsp.peaks(prey, prominence=0.5)
    orbit = show.xy(prey, hunters, title="Foxes over rabbits", x_label="Rabbits", y_label="Foxes")
    lengths = maths.difference(cycles.x)
    length = statistics.median(lengths)
    period = show.number(length, title="A cycle lasts", unit="years")


if __name__ == "__main__":
    flodesk.main(flow)
