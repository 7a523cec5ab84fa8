from __future__ import annotations

from math import sqrt

import pytest

from flodesk.engine.headless import run


def test_each_band_has_the_level_of_its_sine(run_plainly):
    (values,) = run_plainly("two_workers")
    assert values["low_levels"].deviation == pytest.approx(2.0 / sqrt(2.0), rel=1e-3)
    assert values["high_levels"].deviation == pytest.approx(1.0 / sqrt(2.0), rel=1e-3)


def test_the_workers_give_what_the_script_gives(run_plainly, examples):
    (plain,) = run_plainly("two_workers")
    path = examples / "two_workers.py"
    result = run(path.read_text(encoding="utf-8"), str(path), keep_values=True)
    assert result.reason == "succeeded", result.message
    assert result.values["flow.low_levels"] == plain["low_levels"]
    assert result.values["flow.high_levels"] == plain["high_levels"]
    assert (result.values["flow.low"].y == plain["low"].y).all()
    assert result.indicators["flow.shown_low"].summary() == "1.414 V"
