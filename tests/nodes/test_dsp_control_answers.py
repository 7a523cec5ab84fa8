from __future__ import annotations

import numpy as np
import pytest

from flodesk.nodes import dsp
from flodesk.public import Waveform


def closed_loop(pid, seconds, dt=1e-3, limit=1e9):
    """Run a controller on 1/(s² + 2 s + 5), held exactly from step to step, and return what is measured."""
    # exp of the system with its input held, from the poles -1 ± 2i
    decay, turn = np.exp(-dt), 2.0 * dt
    c, s = decay * np.cos(turn), decay * np.sin(turn)
    step = np.array([[c + s / 2, s / 2], [-5 * s / 2, c - s / 2]])
    force = np.linalg.solve([[0.0, 1.0], [-5.0, -2.0]], (step - np.eye(2)) @ [0.0, 1.0])
    state, seen = np.zeros(2), []
    for _ in range(round(seconds / dt)):
        seen.append(state[0])
        state = step @ state + force * np.clip(pid(1.0, state[0], dt), -limit, limit)
    return np.array(seen)


@pytest.mark.node("dsp.PID")
def test_a_pid_settles_a_known_process_without_overshoot():
    seen = closed_loop(dsp.PID(20.0, 8.0, 6.0), 12.0)
    assert seen.max() <= 1.0 + 1e-3
    outside = np.flatnonzero(np.abs(seen - 1.0) > 0.02)
    assert 1e-3 * (outside[-1] + 1) == pytest.approx(4.85, abs=0.05)
    assert seen[-1] == pytest.approx(1.0, abs=2e-3)


@pytest.mark.node("dsp.PID")
def test_a_setpoint_step_makes_no_kick_and_an_integral_does_not_wind_up():
    pid = dsp.PID(0.0, 0.0, 5.0)
    assert [pid(setpoint, 2.0, 0.1) for setpoint in (2.0, 9.0, -9.0)] == [0.0, 0.0, 0.0]
    assert pid(0.0, 3.0, 0.1) == pytest.approx(-50.0)
    pid = dsp.PID(0.0, 1.0, 0.0, minimum=-2.0, maximum=2.0)
    assert [pid(1.0, 0.0, 1.0) for _ in range(100)][-1] == 2.0
    assert pid(0.0, 0.5, 1.0) == 1.5  # at once, and not after the 98 turns that would have been summed up
    with pytest.raises(ValueError, match="not below the upper one"):
        dsp.PID(minimum=2.0, maximum=1.0)
    with pytest.raises(ValueError, match="above 0 s"):
        pid(1.0, 1.0, 0.0)
    with pytest.raises(ValueError, match="must be finite"):
        pid(1.0, float("nan"), 0.1)
    assert pid(0.0, 0.5, 1.0) == 1.0  # the broken value has left no trace


@pytest.mark.node("dsp.RateLimiter")
def test_a_rate_limiter_walks_and_arrives():
    limiter = dsp.RateLimiter(rate=4.0)
    assert [limiter(value, dt=0.5) for value in (1.0, 10.0, 10.0, 4.5, -9.0)] == [1.0, 3.0, 5.0, 4.5, 2.5]
    with pytest.raises(ValueError, match="above 0"):
        dsp.RateLimiter(0.0)


@pytest.mark.node("dsp.Hysteresis")
def test_hysteresis_ignores_what_happens_between_its_limits():
    switch = dsp.Hysteresis(1.0, 2.0)
    values = [1.5, 2.0, 2.1, 1.5, 1.0, float("nan"), 0.9, 1.5, 2.0]
    assert [switch(value) for value in values] == [False, False, True, True, True, True, False, False, False]
    with pytest.raises(ValueError, match="swap them"):
        dsp.Hysteresis(2.0, 1.0)


@pytest.mark.node("dsp.PeakHold")
def test_peak_hold_keeps_each_sample_by_itself():
    hold = dsp.PeakHold()
    first = Waveform(np.array([1.0, np.nan, 3.0]), 0.1, unit="V")
    hold(first)
    held = hold(Waveform(np.array([2.0, 5.0, 1.0]), 0.1, 0.3, "V"))
    assert (held.y.tolist(), held.t0, held.unit) == ([2.0, 5.0, 3.0], 0.3, "V")
    assert first.y[0] == 1.0
    assert hold(np.zeros(2)).tolist() == [0.0, 0.0]
    low = dsp.PeakHold("minimum")
    assert [low(value) for value in (4, 6, -1.0, 2)] == [4.0, 4.0, -1.0, -1.0]


@pytest.mark.node("dsp.Trigger")
@pytest.mark.parametrize("edge", ["rising", "falling"])
def test_each_cut_of_a_sine_starts_at_the_same_phase(edge):
    trigger = dsp.Trigger(length=0.05, before=0.2)
    time = np.arange(4000) / 1000.0
    whole = np.sin(2 * np.pi * 7.0 * time + 0.3)
    cuts = [trigger(Waveform(whole[a : a + 130], 1e-3, a * 1e-3), edge=edge) for a in range(0, 3900, 130)]
    cuts = [cut for cut in cuts if cut is not None]
    assert len(cuts) > 20
    sign = 1.0 if edge == "rising" else -1.0
    for cut in cuts:
        assert len(cut) == 50
        assert sign * cut.y[9] < 0.0 <= sign * cut.y[10]
        assert cut.y == pytest.approx(np.sin(2 * np.pi * 7.0 * cut.time + 0.3), abs=1e-9)


@pytest.mark.node("dsp.Trigger")
def test_a_trigger_waits_for_its_edge_and_is_not_fooled_by_noise():
    trigger = dsp.Trigger(length=0.003)
    flat = Waveform(np.zeros(20), 1e-3)
    assert trigger(flat, level=1.0) is None
    noisy = Waveform(np.array([-0.1, 0.1, -0.1, 0.1, -2.0, 0.2, 0.3, 0.4]), 1e-3)
    assert dsp.Trigger(length=0.003)(noisy, hysteresis=1.0).y.tolist() == [0.2, 0.3, 0.4]
    two = Waveform(np.array([[-1.0, 1.0, 2.0], [7.0, 8.0, 9.0]]), 1e-3)
    assert dsp.Trigger(length=0.002)(two).y.tolist() == [[1.0, 2.0], [8.0, 9.0]]
    with pytest.raises(ValueError, match="within 0 to 1"):
        dsp.Trigger(before=2.0)
    with pytest.raises(TypeError, match="no sample rate"):
        trigger([1.0])


@pytest.mark.node("dsp.zero_crossings")
def test_zero_crossings_of_a_sine_are_half_a_period_apart():
    wave = Waveform(np.sin(2 * np.pi * 3.0 * np.arange(2000) / 1000.0 - 1e-9), 1e-3, 5.0)
    assert dsp.zero_crossings(wave) == pytest.approx(5.0 + np.arange(6) / 3.0, abs=1e-6)
    assert np.diff(dsp.zero_crossings(wave, edge="both")) == pytest.approx(np.full(11, 1 / 6), abs=1e-6)
    assert dsp.zero_crossings([0.0, 4.0, 0.0], level=1.0, edge="falling").tolist() == [1.75]
    assert dsp.zero_crossings([-1.0, 0.1, -0.1, 0.1], hysteresis=0.5) == pytest.approx([1 - 0.1 / 1.1])
    assert dsp.zero_crossings([1.0]).tolist() == []
    with pytest.raises(ValueError, match="no samples"):
        dsp.zero_crossings([])
