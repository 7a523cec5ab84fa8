# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["simulation", "learning"]
#
# [tool.flodesk.canvas.flow]
# draw = [0, 0]
# seed = [280, 0]
# annealing = [560, -280]
# swarm = [560, 0]
# evolution = [560, 340]
# turn = [280, 300]
# cloud = [840, 320]
# places = [1120, 320]
# one_deep = [840, -340]
# two_deep = [840, -180]
# three_deep = [840, -20]
# recent = [1120, -340]
# judge = [1120, -60]
# race = [1400, -340]
# winner = [1400, -60]
# over = [840, 140]
# if_1 = [1120, 140]
# code_1 = [1400, 140]
#
# [tool.flodesk.panel.flow]
# places = [0, 0, 5, 8]
# race = [5, 0, 7, 5]
# draw = [5, 5, 3, 3]
# winner = [8, 5, 4, 3]
# ///
"""Three searches race for the deepest of a hundred dips: annealing, a swarm and evolution on Rastrigin's hills."""
import numpy as np

import flodesk
from flodesk import Array, Picture
from flodesk.nodes import control, maths, show, simulate, statistics, timing


def on_map(annealing: Array, swarm: Array, evolution: Array, limit: float = 5.12, size: int = 240) -> Picture:
    """Paint where three searches are, each of shape (n, 2): red, yellow and green dots on Rastrigin's hills."""
    x, y = np.meshgrid(np.linspace(-limit, limit, size), np.linspace(limit, -limit, size))
    height = (20.0 + x**2 + y**2 - 10.0 * (np.cos(2.0 * np.pi * x) + np.cos(2.0 * np.pi * y))) / 80.0
    colors = ((255, 80, 80), (255, 210, 60), (90, 230, 120))
    painted = (np.array([30.0, 40.0, 70.0]) + height[..., None] * np.array([120.0, 140.0, 180.0])).clip(0, 255)
    for places, color in zip((annealing, swarm, evolution), colors, strict=True):
        for right, up in np.asarray(places):
            column, row = round((right / limit + 1.0) / 2.0 * (size - 1)), round((1.0 - up / limit) / 2.0 * (size - 1))
            painted[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3] = color
    return painted.astype(np.uint8)


def depth(height: float) -> float:
    """Tell how high a place is above the deepest, in powers of ten: -3 is 0.001."""
    return float(np.log10(max(height, 1e-12)))


class Judge:
    """Tell who was the first to come within a millionth of the deepest place."""

    def __init__(self) -> None:
        self.turns = 0
        self.over = False
        self.words = "### The race is on"

    def __call__(self, annealing: float, swarm: float, evolution: float) -> str:
        """Look at how deep the three are, in powers of ten."""
        self.turns += 1
        best, who = min((annealing, "Annealing"), (swarm, "The swarm"), (evolution, "Evolution"))
        if best < -6.0 and not self.over:
            self.over = True
            self.words = f"### {who} wins after {self.turns} turns"
        return self.words


def flow():
    draw = control.number(1.0, minimum=0.0, maximum=999.0, label="Which random numbers")
    seed = maths.whole(draw)
    annealing = simulate.Annealing(seed=seed)
    swarm = simulate.ParticleSwarm(seed=seed)
    evolution = simulate.DifferentialEvolution(seed=seed)
    recent = statistics.Recent(number=150)
    judge = Judge()
    for turn in timing.every(0.04):
        one = annealing(turn)
        two = swarm(turn)
        three = evolution(turn)
        cloud = on_map(one.places, two.places, three.places)
        places = show.image(cloud, title="Annealing red, swarm yellow, evolution green")
        one_deep = depth(one.value)
        two_deep = depth(two.value)
        three_deep = depth(three.value)
        courses = recent(one_deep, two_deep, three_deep)
        race = show.line(
            courses,
            title="How far from the deepest place",
            names="annealing, swarm, evolution",
            x_label="Turn",
            y_label="Power of ten",
        )
        verdict = judge(one_deep, two_deep, three_deep)
        winner = show.markdown(verdict, title="Who wins")
        over = maths.greater(turn, limit=148.5)
        if over:
            break


if __name__ == "__main__":
    flodesk.main(flow)
