from __future__ import annotations

import numpy as np
import pytest


def test_a_cycle_lasts_what_it_should(run_plainly):
    (values,) = run_plainly("predator_prey")
    assert values["period"].value == pytest.approx(10.79, abs=0.01)
    assert len(values["cycles"].x) == 5


def test_what_stays_the_same_on_the_way_round_stays(run_plainly):
    (values,) = run_plainly("predator_prey")
    prey, hunters = np.asarray(values["prey"]), np.asarray(values["hunters"])
    kept = 0.1 * prey - 0.4 * np.log(prey) + 0.4 * hunters - 1.1 * np.log(hunters)
    assert kept == pytest.approx(kept[0], abs=1e-5)


def test_small_swings_last_as_a_pendulum_would(run_plainly):
    # near the balance (4 rabbits, 2.75 foxes) the period is 2 pi / sqrt(alpha gamma)
    (values,) = run_plainly("predator_prey", change=("alpha=growth", "prey=4.4, predators=2.75, alpha=growth"))
    assert values["length"] == pytest.approx(2 * np.pi / np.sqrt(1.1 * 0.4), rel=0.005)
