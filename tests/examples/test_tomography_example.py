from __future__ import annotations

import numpy as np
import pytest


def test_what_comes_back_is_the_slice(run_plainly):
    (values,) = run_plainly("tomography")
    assert values["body"].shape == values["back"].shape == (160, 160)
    assert values["shadows"].shape == (160, 160)
    assert values["rms"].value == pytest.approx(0.028, abs=0.001)
    assert values["rms"].value == pytest.approx(np.sqrt(np.mean((values["back"] - values["body"]) ** 2)))


def test_from_each_side_the_shadow_is_all_of_the_body(run_plainly):
    (values,) = run_plainly("tomography")
    assert values["shadows"].sum(axis=0) == pytest.approx(values["body"].sum(), rel=0.01)


@pytest.mark.parametrize(
    ("change", "least"), [(("slider(160.0", "slider(16.0"), 0.08), (("slider(0.0", "slider(5.0"), 0.08)]
)
def test_fewer_angles_and_noise_make_it_worse(run_plainly, change, least):
    (values,) = run_plainly("tomography", change=change)
    assert values["rms"].value > least
