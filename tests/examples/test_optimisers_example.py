from __future__ import annotations

import numpy as np
import pytest


def test_each_finds_the_deepest_of_the_dips_and_the_first_one_wins(run_plainly):
    (values,) = run_plainly("optimisers", 1000)
    assert values["turn"] == 149
    for search, far in (("one", 0.1), ("two", 1e-3), ("three", 1e-3)):
        assert values[search].point == pytest.approx([0.0, 0.0], abs=far)
        x, y = values[search].point
        assert values[search].value == pytest.approx(
            20 + x**2 + y**2 - 10 * (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y))
        )
    courses = values["courses"]
    first = [int(np.argmax(course < -6.0)) + 1 if (course < -6.0).any() else 999 for course in courses]
    winner = ["Annealing", "The swarm", "Evolution"][int(np.argmin(first))]
    assert values["verdict"] == f"### {winner} wins after {min(first)} turns"
    assert winner == "Evolution"


def test_other_random_numbers_are_another_race(run_plainly):
    one = run_plainly("optimisers", 5)[-1]
    other = run_plainly("optimisers", 5, ("number(1.0", "number(4.0"))[-1]
    assert one["three"].value != other["three"].value


def test_dots_are_painted_where_the_searchers_are(run_plainly):
    picture = run_plainly("optimisers", 5)[-1]["cloud"]
    assert picture.shape == (240, 240, 3)
    assert [(picture == color).all(axis=2).sum() > 8 for color in ((255, 80, 80), (255, 210, 60), (90, 230, 120))] == [
        True
    ] * 3
