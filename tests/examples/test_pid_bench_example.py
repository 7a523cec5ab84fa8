"""The PID bench against the closed loop's transfer function, which knows nothing of turns."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from flodesk.engine.headless import run


def found(examples, **gains: str):
    text = (examples / "pid_bench.py").read_text(encoding="utf-8")
    return run(text, settings={f"{name}.value": value for name, value in gains.items()}, keep_values=True)


def continuous(kp: float, ki: float, kd: float) -> tuple[np.ndarray, np.ndarray]:
    """A step through kp + ki/s, with kd on what is measured alone, around 1/(s² + 2s + 5)."""
    times = np.arange(240) * 0.05
    _, answer = signal.step(([kp, ki], [1.0, 2.0 + kd, 5.0 + kp, ki]), T=times)
    return times, answer


def test_it_does_not_overshoot_and_settles_within_five_seconds(examples):
    result = found(examples)
    assert result.reason == "succeeded", result.message
    assert result.indicators["flow.overshoot"].value == 0.0
    assert result.indicators["flow.settling"].value == pytest.approx(4.85, abs=0.02)


@pytest.mark.parametrize("gains", [(20.0, 8.0, 6.0), (30.0, 2.0, 3.0), (10.0, 20.0, 1.0)])
def test_the_course_is_that_of_the_transfer_function(examples, gains):
    result = found(examples, **{name: str(gain) for name, gain in zip(("kp", "ki", "kd"), gains, strict=True)})
    _, answer = continuous(*gains)
    # a turn of 0.05 s holds what the controller does, and so is late by half of that
    assert result.values["flow.measured"][:240] == pytest.approx(answer, abs=0.12)
    assert result.values["flow.measured"][200] == pytest.approx(answer[200], abs=0.01)


def test_the_integral_takes_away_what_a_load_does(examples):
    result = found(examples, ki="20.0", load="-10.0")
    measured = result.values["flow.measured"]
    assert measured[239] == pytest.approx(1.0, abs=0.005)
    assert min(measured[240:]) < 0.8
    assert measured[-1] == pytest.approx(1.0, abs=0.02)
    assert result.values["flow.effort"][-1] == pytest.approx(5.0 + 10.0, rel=0.02), "1 takes 5, and the load 10 more"
    assert found(examples, ki="0.0", load="-10.0").values["flow.measured"][-1] == pytest.approx(
        (20 - 10) / 25, abs=0.01
    )
