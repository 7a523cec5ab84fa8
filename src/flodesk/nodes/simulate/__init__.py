"""Models: systems in time, nature, chance and queues, and searches for the best."""

from __future__ import annotations

from flodesk.nodes.simulate.chance import erlang_c, monte_carlo, random_walks, simulate_queue, uncertainty
from flodesk.nodes.simulate.dynamics import Plant, bode, impulse_response, ode, state_space, step_response
from flodesk.nodes.simulate.nature import HeatPlate, diffusion, lotka_volterra, oscillator, pendulum
from flodesk.nodes.simulate.optimum import assignment, linear_program, minimise, root
from flodesk.nodes.simulate.searching import Annealing, DifferentialEvolution, ParticleSwarm

__all__ = [
    "Annealing", "DifferentialEvolution", "HeatPlate", "ParticleSwarm", "Plant", "assignment", "bode", "diffusion",
    "erlang_c", "impulse_response", "linear_program", "lotka_volterra", "minimise", "monte_carlo", "ode", "oscillator",
    "pendulum", "random_walks", "root", "simulate_queue", "state_space", "step_response", "uncertainty",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
