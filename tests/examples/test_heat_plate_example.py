from __future__ import annotations

import numpy as np
import pytest

TURNS = 400
"""800 s: more than ten times what the slowest shape of heat on 0.4 m of copper takes to fall to a third."""


def test_the_middle_comes_to_the_mean_of_the_edges(run_plainly):
    last = run_plainly("heat_plate", TURNS)[-1]
    assert last["center"] == pytest.approx(25.0, abs=0.1)
    warm = run_plainly("heat_plate", TURNS, change=("control.slider(0.0,", "control.slider(80.0,"))[-1]
    assert warm["center"] == pytest.approx((100 + 80 + 80 + 80) / 4, abs=0.1)


def test_the_plate_is_that_of_the_series(run_plainly):
    later = run_plainly("heat_plate", TURNS)[-1]["later"]
    # Laplace's equation on a square whose upper edge is at 100: the sum over odd n
    at = np.linspace(0.0, 1.0, 41)
    n = np.arange(1, 60, 2)[:, None]
    x, y = at[10], at[20]
    wanted = (400.0 / (np.pi * n) * np.sin(n * np.pi * x) * np.sinh(n * np.pi * y) / np.sinh(n * np.pi)).sum()
    assert later[20, 10] == pytest.approx(wanted, abs=0.2)


def test_steel_takes_longer_than_copper(run_plainly):
    copper = run_plainly("heat_plate", 30)[-1]["center"]
    steel = run_plainly("heat_plate", 30, change=('radio("copper"', 'radio("steel"'))[-1]["center"]
    assert copper > 5.0 > 0.1 > steel
