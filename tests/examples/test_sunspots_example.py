from __future__ import annotations

import numpy as np
import pytest
from statsmodels.datasets import sunspots


def test_the_sun_has_a_cycle_of_eleven_years(run_plainly):
    (values,) = run_plainly("sunspots")
    assert values["years"] == pytest.approx(11.0, abs=0.05)
    assert values["period"].summary() == "11 years"
    assert values["history"].traces[0].x[[0, -1]].tolist() == [1700, 2008]


def test_two_other_ways_find_the_same_period(run_plainly):
    (values,) = run_plainly("sunspots")
    y = sunspots.load_pandas().data.SUNACTIVITY.to_numpy()
    y = y - y.mean()
    power = np.abs(np.fft.fft(y)[1 : len(y) // 2]) ** 2
    assert values["years"] == pytest.approx(len(y) / (power.argmax() + 1))
    # no Fourier at all: the shift by ten cycles at which the record is most like itself
    likeness = {shift: float(np.dot(y[:-shift], y[shift:])) / (len(y) - shift) for shift in range(103, 119)}
    assert max(likeness, key=likeness.get) / 10 == 11.0
    assert values["strongest"].y == pytest.approx(2.0 * np.sqrt(power.max()) / len(y))
