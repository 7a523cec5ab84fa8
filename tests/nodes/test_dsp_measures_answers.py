from __future__ import annotations

import numpy as np
import pytest

from flodesk.nodes import dsp
from flodesk.public import Waveform

RATE = 1000.0


def tone(frequency, amplitude=1.0, samples=4000, rate=RATE, phase=0.0):
    return Waveform(amplitude * np.sin(2 * np.pi * frequency * np.arange(samples) / rate + phase), 1 / rate, unit="V")


@pytest.mark.node("dsp.decimate")
def test_decimation_keeps_the_slow_and_takes_the_fast():
    slow = dsp.decimate(tone(10.0) + tone(230.0), 5)
    assert (slow.rate, len(slow), slow.unit) == (pytest.approx(200.0), 800, "V")
    assert slow.y[100:700] == pytest.approx(tone(10.0, samples=800, rate=200.0).y[100:700], abs=0.01)
    with pytest.raises(ValueError, match="1 or more"):
        dsp.decimate([1.0, 2.0], 0)


@pytest.mark.node("dsp.upsample")
def test_upsampling_finds_the_sine_between_its_samples():
    fast = dsp.upsample(tone(50.0, samples=500), 4)
    assert fast.rate == pytest.approx(4000.0)
    assert fast.y[400:1600] == pytest.approx(tone(50.0, samples=2000, rate=4000.0).y[400:1600], abs=0.005)
    assert dsp.upsample([1.0, 1.0, 1.0], 2) == pytest.approx(np.ones(6), abs=2e-3)


@pytest.mark.node("dsp.shift_frequency")
@pytest.mark.parametrize("by", [30.0, -30.0])
def test_a_shifted_tone_is_elsewhere_and_nowhere_else(by):
    moved = dsp.shift_frequency(tone(100.0, 2.0), by)
    assert dsp.lock_in(moved, 100.0 + by).amplitude == pytest.approx(2.0, abs=1e-6)
    assert dsp.lock_in(moved, 100.0 - by).amplitude == pytest.approx(0.0, abs=1e-6)  # no mirror
    with pytest.raises(TypeError, match="no sample rate"):
        dsp.shift_frequency([1.0])


@pytest.mark.node("dsp.peaks")
def test_peaks_have_the_heights_places_and_widths_of_the_bells_they_are():
    x = np.arange(2000) / RATE
    bells = [(0.4, 5.0, 0.02), (1.0, 1.0, 0.05), (1.6, 3.0, 0.03)]
    y = sum(h * np.exp(-0.5 * ((x - c) / s) ** 2) for c, h, s in bells)
    found = dsp.peaks(Waveform(y, 1 / RATE, 7.0))
    assert found.x == pytest.approx([7.4, 8.0, 8.6])
    assert found.y == pytest.approx([5.0, 1.0, 3.0])
    assert found.prominence == pytest.approx([5.0, 1.0, 3.0], abs=1e-6)
    assert found.width == pytest.approx([2.3548 * s for _, _, s in bells], abs=2e-4)  # full width at half maximum
    assert dsp.peaks(y, start=0.0, step=0.001, height=2.0).x == pytest.approx([0.4, 1.6])
    assert dsp.peaks(y, step=0.001, distance=0.7).x == pytest.approx([0.4, 1.6])
    assert len(dsp.peaks(np.zeros(5)).x) == 0
    with pytest.raises(ValueError, match="the step is 0"):
        dsp.peaks(y, step=0.0)


@pytest.mark.node("dsp.distortion")
def test_the_distortion_of_a_known_sum_of_sines_and_noise():
    noise = Waveform(1e-3 * np.random.default_rng(1).standard_normal(50_000), 1 / RATE)
    wave = tone(61.7, 1.0, 50_000) + tone(123.4, 0.01, 50_000) + tone(185.1, 0.005, 50_000) + noise
    found = dsp.distortion(wave)
    assert found.frequency == pytest.approx(61.7, abs=1e-3)
    assert found.amplitude == pytest.approx(1.0, abs=1e-3)
    assert found.thd == pytest.approx(20 * np.log10(np.hypot(0.01, 0.005)), abs=0.05)
    assert found.snr == pytest.approx(10 * np.log10(0.5 / 1e-6), abs=0.2)
    assert found.sinad == pytest.approx(10 * np.log10(0.5 / (1e-6 + 0.5 * 1.25e-4)), abs=0.1)


@pytest.mark.node("dsp.distortion")
@pytest.mark.parametrize("bits", [8, 12])
def test_an_ideal_converter_has_the_bits_that_it_has(bits):
    wave = tone(np.pi * 10, 1.0, 20_000)
    step = 2.0 / 2**bits
    assert dsp.distortion(wave.with_y(np.round(wave.y / step) * step)).enob == pytest.approx(bits, abs=0.1)
    folded = tone(400.0, 1.0, 20_000) + tone(200.0, 0.1, 20_000)  # 800 Hz seen at 1000 Hz
    assert dsp.distortion(folded, harmonics=2).thd == pytest.approx(-20.0, abs=0.01)
    with pytest.raises(ValueError, match="20 periods"):
        dsp.distortion(tone(1.0, samples=1000))
    with pytest.raises(ValueError, match="256 or more"):
        dsp.distortion(tone(1.0, samples=100))


@pytest.mark.node("dsp.pulse_measures")
def test_a_trapezoid_has_the_times_that_it_was_drawn_with():
    y = np.interp(np.arange(200), [40, 60, 120, 130], [1.0, 3.0, 3.0, 1.0])
    found = dsp.pulse_measures(Waveform(y, 1e-3, 9.0))
    assert (found.low, found.high, found.overshoot) == (1.0, 3.0, 0.0)
    assert (found.rise_time, found.fall_time, found.width) == pytest.approx((0.016, 0.008, 0.075))


@pytest.mark.node("dsp.pulse_measures")
def test_the_step_responses_of_the_books():
    time = np.arange(-2000, 30_000) * 1e-3
    on = np.maximum(time, 0.0)
    # one pole: 2.197 time constants from 10 % to 90 %, no overshoot
    found = dsp.pulse_measures(Waveform(np.where(time < 0, 0.0, 1.0 - np.exp(-on)), 1e-3))
    assert found.rise_time == pytest.approx(2.1972, abs=0.02)
    assert found.overshoot == pytest.approx(0.0, abs=0.1)
    assert np.isnan([found.fall_time, found.width]).all()
    # two poles, damping 0.5: overshoot exp(-pi / sqrt(3)) = 16.3 %
    ring = np.sqrt(0.75)
    y = 1.0 - np.exp(-0.5 * on) * (np.cos(ring * on) + 0.5 / ring * np.sin(ring * on))
    assert dsp.pulse_measures(Waveform(np.where(time < 0, 0.0, y), 1e-3)).overshoot == pytest.approx(16.3, abs=0.3)
    with pytest.raises(ValueError, match="one level only"):
        dsp.pulse_measures(Waveform(np.ones(20), 1e-3))
    with pytest.raises(ValueError, match="no rising edge"):
        dsp.pulse_measures(Waveform(np.repeat([1.0, 0.0], 20), 1e-3))
