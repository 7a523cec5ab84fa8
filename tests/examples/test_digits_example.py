from __future__ import annotations

import numpy as np
import pytest


def test_nine_hundred_and_ninety_one_of_a_thousand_are_read_right(run_plainly):
    (values,) = run_plainly("digits")
    assert values["number"].value == 450
    assert values["percent"].value == pytest.approx(99.1, abs=0.05)
    told = values["told"]
    assert (told["target"] == told["predicted"]).sum() == 446


def test_the_gallery_shows_each_mistake(run_plainly):
    (values,) = run_plainly("digits")
    wrong, sheet = values["wrong"], values["painted"]
    assert len(wrong) == 4
    assert np.trace(values["confusion"].matrix) == 446
    pixels = wrong.iloc[0].drop(["target", "predicted"]).to_numpy(float).reshape(8, 8)
    middles = sheet[12:72:8, 12:72:8]  # of the first tile, whose corner is at 8, 8
    assert np.corrcoef(middles.ravel(), pixels.ravel())[0, 1] > 0.95


def test_the_test_is_of_what_was_not_seen(run_plainly):
    (values,) = run_plainly("digits")
    assert (
        not set(values["parts"].train.index) & set(values["parts"].test.index)
        or len(values["parts"].train) + len(values["parts"].test) == 1797
    )
    (few,) = run_plainly("digits", change=("slider(25.0", "slider(75.0"))
    assert few["number"].value == pytest.approx(1797 * 0.75, abs=1)
    assert 95.0 < few["percent"].value < values["percent"].value


def test_a_gamma_that_is_far_too_large_learns_by_heart(run_plainly):
    (values,) = run_plainly("digits", change=("knob(0.001", "knob(0.1"))
    assert values["percent"].value < 50.0
