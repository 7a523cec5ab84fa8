from __future__ import annotations

import math

import pytest


def test_the_ideality_is_found(run_plainly):
    (values,) = run_plainly("diode", 1000)
    assert values["result"].ideality == pytest.approx(1.60, abs=0.02)
    assert 0.0 < values["result"].uncertainty < 0.02
    assert values["told"].startswith("# 1.6")


@pytest.mark.parametrize(("ideality", "celsius"), [(1.0, 25.0), (1.9, 100.0), (1.2, -30.0)])
def test_other_diodes_and_temperatures_are_found_too(run_plainly, examples, tmp_path, ideality, celsius):
    text = (examples / "diode.py").read_text(encoding="utf-8")
    old = text[text.index("    ideality = ") : text.index("    meter = ")]
    new = old.replace("slider(1.6", f"slider({ideality}").replace("slider(25.0", f"slider({celsius}")
    (values,) = run_plainly("diode", 1000, change=(old, new))
    assert values["result"].ideality == pytest.approx(ideality, abs=0.02)


def test_what_the_meter_cuts_off_is_not_fitted(run_plainly):
    (values,) = run_plainly("diode", 1000)
    assert values["sheet"]["ampere"].max() == 0.01
    assert len(values["sheet"]) == 51
    assert values["free"]["ampere"].max() < 0.0099
    # 2 nA times e to V / (n kT/q), by hand: at 0.5 V and 25 °C
    at = values["free"].iloc[30]
    assert at["volt"] == pytest.approx(0.5)
    assert at["ampere"] == pytest.approx(2e-9 * math.exp(0.5 / (1.6 * 0.025693)), rel=0.04)
