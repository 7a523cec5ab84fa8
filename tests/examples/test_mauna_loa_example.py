from __future__ import annotations

import pytest
from statsmodels.datasets import co2


def test_the_figures_of_the_record(run_plainly):
    (values,) = run_plainly("mauna_loa")
    assert values["number"].value == 526
    assert values["measured"][0] == pytest.approx(316.1, abs=0.05)
    assert values["high"].value == pytest.approx(371.0, abs=0.05)
    assert values["swing"].value == pytest.approx(6.95, abs=0.005)


def test_a_month_is_the_mean_of_its_weeks(run_plainly):
    (values,) = run_plainly("mauna_loa")
    weeks = co2.load_pandas().data["co2"]
    may = weeks[(weeks.index.year == 1990) & (weeks.index.month == 5)].mean()
    at = (1990 - 1958) * 12 + 5 - 3
    assert values["years"][at] == pytest.approx(1990 + 4.5 / 12)
    assert values["measured"][at] == pytest.approx(may)


def test_it_goes_on_as_it_went_before(run_plainly):
    (values,) = run_plainly("mauna_loa")
    # the last ten years rose by 1.5 ppm a year, and the year has its highest month in spring
    assert len(values["coming"].values) == 240
    assert values["future"] - values["last"] == pytest.approx(20 * 1.5, abs=8)
    assert int(values["coming"].values[:12].argmax()) in (3, 4, 5)
    assert len(run_plainly("mauna_loa", change=("slider(20.0", "slider(1.0"))[0]["coming"].values) == 12
