from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import load_wine
from sklearn.metrics import adjusted_rand_score


def test_three_clusters_are_nearly_those_of_the_growers(run_plainly):
    (values,) = run_plainly("wine")
    assert values["rand"].value == pytest.approx(0.895, abs=0.005)
    wine = load_wine()
    scaled = (wine.data - wine.data.mean(axis=0)) / wine.data.std(axis=0)
    found = KMeans(3, n_init=20, random_state=3).fit_predict(scaled)
    assert values["rand"].value == pytest.approx(adjusted_rand_score(wine.target, found), abs=0.02)


def test_each_wine_is_in_one_row_of_dots(run_plainly):
    (values,) = run_plainly("wine")
    rows = np.array(values["told"])
    assert (np.isfinite(rows).sum(axis=0) == 1).all()
    assert np.isfinite(rows).sum(axis=1)[3] == 0
    assert sorted(np.isfinite(rows[:3]).sum(axis=1)) == sorted(values["found"].centers["cases"])
    assert list(np.isfinite(np.array(values["known"])).sum(axis=1)) == [59, 71, 48, 0]


def test_another_number_of_clusters_agrees_less(run_plainly):
    for number in ("2.0", "6.0"):
        (values,) = run_plainly("wine", change=("slider(3.0", f"slider({number}"))
        assert values["rand"].value < 0.8
