from __future__ import annotations

import numpy as np
import pytest

from flodesk.nodes import dsp
from flodesk.public import Waveform

RATE = 1000.0
TIME = np.arange(1000) / RATE


def wave(y, t0=0.0):
    return Waveform(np.asarray(y, dtype=float), 1 / RATE, t0, "V")


@pytest.mark.node("dsp.envelope")
def test_the_envelope_of_a_modulated_carrier_is_what_modulates_it():
    shape = 2.0 + np.cos(2 * np.pi * 3.0 * TIME)
    found = dsp.envelope(wave(shape * np.sin(2 * np.pi * 100.0 * TIME)))
    assert found.y == pytest.approx(shape, abs=1e-9)
    assert found.unit == "V"
    assert dsp.envelope(np.vstack([np.sin(2 * np.pi * 10 * TIME)] * 2)).shape == (2, 1000)


@pytest.mark.node("dsp.instantaneous_frequency")
def test_the_frequency_of_a_chirp_rises_as_it_was_made():
    chirp = np.sin(2 * np.pi * (50.0 * TIME + 25.0 * TIME**2))  # 50 Hz to 100 Hz
    found = dsp.instantaneous_frequency(wave(chirp))
    assert found.unit == "Hz"
    assert found.y[200:800] == pytest.approx(50.0 + 50.0 * TIME[200:800], abs=0.5)
    with pytest.raises(ValueError, match="one sample"):
        dsp.instantaneous_frequency([1.0])


@pytest.mark.node("dsp.unwrap")
def test_unwrapping_gives_back_the_straight_phase():
    straight = 40.0 * TIME
    found = dsp.unwrap(wave(np.angle(np.exp(1j * straight))))
    assert found.y == pytest.approx(straight, abs=1e-9)
    with pytest.raises(ValueError, match="above 0"):
        dsp.unwrap([1.0], period=0.0)


@pytest.mark.node("dsp.detrend")
def test_a_line_is_taken_off_and_nothing_else():
    square = np.tile([1.0, -1.0, -1.0, 1.0], 250)  # orthogonal to every line
    assert dsp.detrend(wave(square + 5.0 - 3.0 * TIME)).y == pytest.approx(square, abs=1e-9)
    assert dsp.detrend([[1.0, 3.0], [4.0, 4.0]], kind="constant").tolist() == [[-1.0, 1.0], [0.0, 0.0]]
    with pytest.raises(ValueError, match="no samples"):
        dsp.detrend([])


@pytest.mark.node("dsp.window")
@pytest.mark.parametrize(
    ("shape", "gain", "noise"),
    # coherent gain and equivalent noise bandwidth in bins: Harris 1978, table 1; flat top: Heinzel 2002
    [("hann", 0.50, 1.50), ("hamming", 0.54, 1.36), ("blackman", 0.42, 1.73), ("bartlett", 0.50, 1.33),
     ("boxcar", 1.0, 1.0), ("tukey", 0.75, 1.22), ("flattop", 0.2156, 3.77)],
)  # fmt: skip
def test_windows_have_the_gains_of_the_table(shape, gain, noise):
    weights = dsp.window(np.ones(4096), shape)
    assert weights.mean() == pytest.approx(gain, abs=0.005)
    assert len(weights) * np.sum(weights**2) / weights.sum() ** 2 == pytest.approx(noise, abs=0.01)


@pytest.mark.node("dsp.lock_in")
def test_a_lock_in_finds_a_tone_below_the_noise_and_between_whole_periods():
    tone = 0.2 * np.cos(2 * np.pi * 37.3 * (TIME + 2.0) + 0.4)
    found = dsp.lock_in(wave(tone + 5.0, 2.0), 37.3)
    assert found.amplitude == pytest.approx(0.2, abs=1e-9)
    assert found.phase == pytest.approx(0.4 + np.pi / 2, abs=1e-9)
    assert dsp.lock_in(wave(tone, 2.0), 37.3, phase=found.phase).quadrature == pytest.approx(0.0, abs=1e-9)
    long = np.arange(50_000) / RATE
    noisy = 0.1 * np.sin(2 * np.pi * 81.0 * long) + np.random.default_rng(3).standard_normal(50_000)
    # the amplitude's scatter is sqrt(2 / n) of the noise: 0.0063
    assert dsp.lock_in(wave(noisy), 81.0).amplitude == pytest.approx(0.1, abs=0.02)
    with pytest.raises(ValueError, match="shorter than a period"):
        dsp.lock_in(wave(tone[:10]), 37.3)
    with pytest.raises(ValueError, match="half of the sample rate"):
        dsp.lock_in(wave(tone), 900.0)
    with pytest.raises(TypeError, match="no sample rate"):
        dsp.lock_in(tone)


@pytest.mark.node("dsp.Smooth")
def test_exponential_smoothing_of_a_step_comes_nearer_by_a_fixed_factor():
    smooth = dsp.Smooth(0.25)
    assert [1.0 - smooth(value) for value in (0.0, 1.0, 1.0, 1.0)] == [1.0, 0.75, 0.75**2, 0.75**3]
    assert smooth(float("nan")) == 1.0 - 0.75**3
    rows = dsp.Smooth(0.5)
    rows(wave([0.0, 8.0]))
    assert rows(wave([4.0, 8.0], 3.0)) == wave([2.0, 8.0], 3.0)
    assert rows([1.0, 2.0, 3.0]).tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="up to 1"):
        dsp.Smooth(0.0)


@pytest.mark.node("dsp.median_filter")
def test_a_median_takes_a_spike_and_keeps_an_edge():
    step = np.repeat([1.0, 5.0], 50)
    spiked = step.copy()
    spiked[[10, 11, 70]] = 99.0
    assert dsp.median_filter(wave(spiked), 5) == wave(step)
    assert dsp.median_filter([[1.0, 9.0, 1.0], [4.0, 4.0, 4.0]], 3).tolist() == [[1.0] * 3, [4.0] * 3]
    with pytest.raises(ValueError, match="odd number"):
        dsp.median_filter(step, 4)


@pytest.mark.node("dsp.savgol")
def test_savitzky_golay_has_the_weights_of_its_paper():
    impulse = np.zeros(21)
    impulse[10] = 1.0
    # Savitzky and Golay 1964, table I: five points, quadratic: -3, 12, 17, 12, -3 over 35
    assert dsp.savgol(impulse, 5, 2)[8:13] * 35 == pytest.approx([-3.0, 12.0, 17.0, 12.0, -3.0])
    # table IV, first derivative: -2, -1, 0, 1, 2 over 10
    assert dsp.savgol(impulse, 5, 2, derivative=1)[8:13] * 10 == pytest.approx([2.0, 1.0, 0.0, -1.0, -2.0])
    slope = dsp.savgol(wave(3.0 * TIME**2), 5, 2, derivative=1)
    assert slope.y == pytest.approx(6.0 * TIME, abs=1e-6)
    assert slope.unit == "V/s"
    assert dsp.savgol(wave(3.0 * TIME**2), 5, 2, derivative=2).unit == "V/s²"
    with pytest.raises(ValueError, match="make size larger"):
        dsp.savgol(TIME, 3, 5)
    with pytest.raises(ValueError, match="11 or more are needed"):
        dsp.savgol(TIME[:5])


@pytest.mark.node("dsp.moving_average")
def test_a_moving_average_as_long_as_a_period_takes_the_hum():
    hum = np.sin(2 * np.pi * 40.0 * TIME)  # 25 samples
    assert dsp.moving_average(wave(hum + 3.0), 25).y[20:-20] == pytest.approx(np.full(960, 3.0), abs=1e-9)
    with pytest.raises(ValueError, match="odd number"):
        dsp.moving_average(hum, 0)
