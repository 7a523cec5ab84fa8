"""The thermostat, by the engine and as the plain script, against the same steps written down by hand."""

from __future__ import annotations

import subprocess
import sys

import pytest

from flodesk.engine.headless import run


def by_hand(wanted: float = 21.0, outside: float = 5.0) -> tuple[list[float], float]:
    """Temperatures minute by minute, and the mean of what the heater was at."""
    temperature, course, heat = 12.0, [], []
    for _ in range(240):
        lack = wanted - temperature
        heating = 1.0 if lack > 2.0 else 0.5 * lack if lack > 0.0 else 0.0
        temperature += 0.4 * heating - 0.02 * (temperature - outside)
        course.append(temperature)
        heat.append(heating)
    return course, sum(heat) / len(heat)


@pytest.mark.parametrize(("wanted", "outside"), [(21.0, 5.0), (10.0, 20.0), (30.0, -20.0)])
def test_the_engine_takes_each_of_the_three_arms(examples, wanted, outside):
    text = (examples / "thermostat.py").read_text(encoding="utf-8")
    settings = {"wanted.value": str(wanted), "outside.value": str(outside)}
    result = run(text, settings=settings, keep_values=True, keep_events=True)
    assert result.reason == "succeeded", result.message
    course, mean = by_hand(wanted, outside)
    assert result.values["flow.temperatures"] == pytest.approx(course)
    assert result.indicators["flow.share"].value == pytest.approx(mean)
    # the log runs beside the loop, and is complete all the same
    assert result.indicators["flow.last"].text == f"3:59  {course[-1]:.2f} °C"


def test_in_the_middle_of_its_range_it_settles_where_heat_and_loss_are_equal(examples):
    course, _ = by_hand()
    assert 0.4 * 0.5 * (21.0 - course[-1]) == pytest.approx(0.02 * (course[-1] - 5.0), rel=1e-3)


def test_python_and_flodesk_say_the_same(examples):
    path = examples / "thermostat.py"
    said = [
        subprocess.run([sys.executable, *how, str(path)], capture_output=True, text=True, check=True).stdout
        for how in ((), ("-m", "flodesk", "run"))
    ]
    assert said[0] == said[1]
    assert "flow.share (Heater at): 0.776" in said[0]
