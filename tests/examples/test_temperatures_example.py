"""The temperatures of the heat exchanger, by the engine and by plain Python, against the formula of the sensor."""

from __future__ import annotations

import pytest

from flodesk.engine.headless import run


def celsius(counts: float) -> float:
    """Temperature of a Pt1000 (3.85 ohms a degree) in series with 1000 ohms at 3.3 V, from a 12-bit reading."""
    volts = 3.3 * counts / 4095
    ohms = 1000.0 * volts / (3.3 - volts)
    return (ohms - 1000.0) / 3.85


GAINS = [celsius(2150.0 + 1.5 * step) - celsius(2100.0 + step) for step in range(100)]


@pytest.fixture
def text(examples) -> str:
    return (examples / "temperatures.py").read_text(encoding="utf-8")


def test_the_engine_goes_through_both_subflows(text):
    result = run(text, keep_values=True)
    assert result.reason == "succeeded", result.message
    assert 10.0 < GAINS[0] < GAINS[-1] < 60.0
    assert result.values["flow.all_gains"] == pytest.approx(GAINS)
    assert result.indicators["flow.shown"].value == pytest.approx(GAINS[-1])
    assert result.indicators["flow.mean"].value == pytest.approx(sum(GAINS) / 100)


def test_plain_python_gives_the_same(text):
    space = {"__name__": "plain"}
    exec(compile(text, "temperatures.py", "exec"), space)
    assert space["celsius"](2500.0) == pytest.approx(celsius(2500.0))
    assert space["ohms"](2047.5) == pytest.approx(1000.0)


def test_a_parameter_inside_is_that_of_both_sensors(text):
    # with 2000 ohms in the divider every resistance is twice as large
    gains = [2.0 * gain for gain in GAINS]
    result = run(text, settings={"ohms.resistance.factor": "2000.0"}, keep_values=True)
    assert result.values["flow.all_gains"] == pytest.approx(gains)
