from __future__ import annotations

import numpy as np
import pytest

TURNS = 80  # 4 s of signal, of which the first 2 s are left for the filter to settle


def amplitude(samples, frequency: float, rate: float = 1000.0) -> float:
    """Amplitude of a frequency over a Hann-windowed span, by NumPy's FFT alone."""
    window = np.hanning(len(samples) + 1)[:-1]
    lines = np.abs(np.fft.rfft(samples * window)) * 2.0 / window.sum()
    return float(lines[round(frequency * len(samples) / rate)])


def settled(turns, name):
    return np.concatenate([turn[name].y for turn in turns])[2000:]


def test_the_signal_stays_and_the_hum_falls_by_sixty_decibels(run_plainly):
    turns = run_plainly("noisy_sine", TURNS)
    noisy, clean = settled(turns, "noisy"), settled(turns, "clean")
    assert amplitude(noisy, 5.0) == pytest.approx(1.0, abs=0.05)
    assert amplitude(clean, 5.0) == pytest.approx(1.0, abs=0.05)
    assert amplitude(noisy, 120.0) == pytest.approx(0.5, abs=0.05)
    assert 20.0 * np.log10(amplitude(noisy, 120.0) / amplitude(clean, 120.0)) > 60.0


def test_the_slider_lets_the_hum_through(run_plainly):
    turns = run_plainly("noisy_sine", TURNS, change=("slider(20.0,", "slider(200.0,"))
    assert amplitude(settled(turns, "clean"), 120.0) == pytest.approx(0.5, abs=0.05)


def test_the_noise_slider_is_the_noise(run_plainly):
    turns = run_plainly("noisy_sine", TURNS, change=("slider(0.3,", "slider(0.0,"))
    noisy = settled(turns, "noisy")
    pure = np.sin(2 * np.pi * 5 * np.arange(2000, 4000) / 1000) + 0.5 * np.sin(
        2 * np.pi * 120 * np.arange(2000, 4000) / 1000
    )
    assert noisy == pytest.approx(pure, abs=1e-9)


def test_the_chart_shows_the_last_two_seconds_of_both(run_plainly):
    last = run_plainly("noisy_sine", TURNS)[-1]
    before, after = last["chart"].traces
    assert (before.name, after.name, before.unit) == ("noisy", "clean", "V")
    assert len(before.x) == len(after.y) == 2000
    assert (before.x[0], before.x[-1]) == pytest.approx((2.0, 3.999))
    assert after.y[-50:].tolist() == last["clean"].y.tolist()


def test_the_meter_shows_the_effective_value_of_the_last_second(run_plainly):
    # a sine of 1 V has 0.707 V; what is left of noise and hum adds a little
    assert run_plainly("noisy_sine", TURNS)[-1]["meter"].value == pytest.approx(0.71, abs=0.03)
