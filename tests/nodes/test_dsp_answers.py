from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flodesk.nodes import dsp
from flodesk.public import Waveform

RATE = 1000.0


def tone(frequency: float, amplitude: float = 1.0, samples: int = 1000) -> Waveform:
    return Waveform(amplitude * np.sin(2 * np.pi * frequency * np.arange(samples) / RATE), 1 / RATE, unit="V")


def level(wave: Waveform, frequency: float) -> float:
    """Amplitude of one frequency, by correlation with a sine and a cosine."""
    turns = 2 * np.pi * frequency * wave.time
    return float(2 * np.hypot(np.mean(wave.y * np.sin(turns)), np.mean(wave.y * np.cos(turns))))


@pytest.mark.node("dsp.Lowpass")
@pytest.mark.parametrize("order", [1, 2, 3, 4, 6])
def test_a_lowpass_has_three_decibels_at_its_cutoff_and_falls_by_its_order(order):
    lowpass = dsp.Lowpass(order=order)
    settled = Waveform(lowpass(tone(20.0, samples=4000), 20.0).y[-1000:], 1 / RATE, 3.0)
    assert level(settled, 20.0) == pytest.approx(0.7071, abs=2e-4)
    # an octave above: 1 / sqrt(1 + 2^(2 order)), with the bend that the bilinear transform makes
    bend = np.tan(np.pi * 0.04) / np.tan(np.pi * 0.02)
    lowpass = dsp.Lowpass(order=order)
    settled = Waveform(lowpass(tone(40.0, samples=4000), 20.0).y[-1000:], 1 / RATE, 3.0)
    assert level(settled, 40.0) == pytest.approx(1 / np.sqrt(1 + bend ** (2 * order)), rel=1e-3)


@pytest.mark.node("dsp.Lowpass")
@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 399), max_size=8), order=st.integers(1, 8), channels=st.integers(1, 3))
def test_filtering_in_blocks_is_filtering_in_one_piece(cuts, order, channels):
    y = np.random.default_rng(1).standard_normal((channels, 400))
    y = y[0] if channels == 1 else y
    whole = dsp.Lowpass(order)(Waveform(y, 1 / RATE), 50.0).y
    lowpass, edges = dsp.Lowpass(order), sorted({0, *cuts, 400})
    parts = [lowpass(Waveform(y[..., a:b], 1 / RATE, a / RATE), 50.0).y for a, b in itertools.pairwise(edges)]
    assert np.concatenate(parts, axis=-1) == pytest.approx(whole, abs=1e-9)


@pytest.mark.node("dsp.Lowpass")
@pytest.mark.parametrize("order", [1, 2, 4, 5])
def test_a_new_cutoff_lets_a_steady_signal_through_without_a_jump(order):
    lowpass = dsp.Lowpass(order)
    for cutoff in (20.0, 20.0, 200.0, 1.0, 35.0, 450.0):
        assert lowpass(Waveform(np.full(50, 7.5), 1 / RATE), cutoff).y == pytest.approx(np.full(50, 7.5), abs=1e-7)


@pytest.mark.node("dsp.Lowpass")
@pytest.mark.parametrize("order", [1, 2, 4, 8])
@pytest.mark.parametrize("frequency", [0.5, 5.0, 60.0])
def test_a_step_of_the_cutoff_makes_no_shot(order, frequency):
    whole = tone(frequency, samples=6000)
    lowpass, parts = dsp.Lowpass(order), []
    for number in range(120):
        block = Waveform(whole.y[50 * number : 50 * number + 50], 1 / RATE, number * 50 / RATE)
        parts.append(lowpass(block, 1.0 if 40 <= number < 80 else 161.0).y)
    out = np.concatenate(parts)
    assert np.abs(out).max() < 1.5 * np.abs(whole.y).max()
    # from the next block on it is what the new filter gives alone
    fresh = dsp.Lowpass(order)(Waveform(whole.y[:4000], 1 / RATE), 1.0).y[2000:4000]
    assert out[2000:4000] == pytest.approx(fresh, abs=1e-9)


@pytest.mark.node("dsp.Lowpass")
def test_a_slow_signal_hardly_notices_a_moving_cutoff():
    lowpass, whole = dsp.Lowpass(4), tone(1.0, samples=4000)
    parts = []
    for number in range(80):
        block = Waveform(whole.y[50 * number : 50 * number + 50], 1 / RATE, 0.05 * number)
        parts.append(lowpass(block, 100.0 if number % 2 else 150.0).y)
    assert np.abs(np.concatenate(parts) - whole.y).max() < 0.05


@pytest.mark.node("dsp.Lowpass")
def test_another_rate_or_number_of_channels_starts_the_filter_afresh():
    lowpass = dsp.Lowpass()
    lowpass(Waveform(np.full(10, 5.0), 1 / RATE), 20.0)
    assert lowpass(Waveform(np.full(10, -1.0), 1 / 500.0), 20.0).y == pytest.approx(np.full(10, -1.0))
    assert lowpass(Waveform(np.full((2, 10), 3.0), 1 / 500.0), 20.0).y == pytest.approx(np.full((2, 10), 3.0))
    assert len(lowpass(Waveform(np.empty((2, 0)), 1 / 500.0), 20.0)) == 0


@pytest.mark.node("dsp.butterworth")
def test_butterworth_takes_away_one_side_and_shifts_nothing():
    low, high = tone(5.0, 1.0), tone(200.0, 0.5)
    both = low + high
    middle = slice(200, 800)
    assert dsp.butterworth(both, cutoff=40.0).y[middle] == pytest.approx(low.y[middle], abs=2e-3)
    assert dsp.butterworth(both, cutoff=40.0, kind="highpass").y[middle] == pytest.approx(high.y[middle], abs=2e-3)
    assert dsp.butterworth(both).unit == "V"


@pytest.mark.node("dsp.butterworth")
def test_butterworth_halves_the_amplitude_at_its_cutoff():
    assert level(dsp.butterworth(tone(50.0, samples=5000), cutoff=50.0), 50.0) == pytest.approx(0.5, abs=0.01)


@pytest.mark.node("dsp.Tail")
def test_a_tail_holds_the_last_span_with_its_time():
    tail = dsp.Tail(span=0.25)
    blocks = [Waveform(np.arange(100.0 * n, 100.0 * n + 100.0), 1 / RATE, 0.1 * n) for n in range(5)]
    lengths = [len(tail(block)) for block in blocks]
    assert lengths == [100, 200, 250, 250, 250]
    last = tail(Waveform(np.arange(500.0, 600.0), 1 / RATE, 0.5))
    assert last.y.tolist() == list(range(350, 600))
    assert last.time == pytest.approx(np.arange(350, 600) / RATE)


@pytest.mark.node("dsp.Tail")
def test_a_tail_of_two_signals_has_a_row_for_each():
    last = dsp.Tail(span=1.0)(tone(5.0, samples=20), tone(7.0, samples=20))
    assert last.y.tolist() == [tone(5.0, samples=20).y.tolist(), tone(7.0, samples=20).y.tolist()]
    assert last.unit == "V"
    with pytest.raises(ValueError, match="lengths differ"):
        dsp.Tail()(tone(5.0, samples=20), tone(7.0, samples=30))


@pytest.mark.node("dsp.Tail")
def test_a_tail_starts_afresh_after_a_gap():
    tail = dsp.Tail(span=1.0)
    tail(tone(5.0, samples=20))
    assert len(tail(Waveform(np.zeros(10), 1 / RATE, 0.5))) == 10


@pytest.mark.node("dsp.Tail")
def test_a_tail_does_not_keep_old_blocks_in_memory():
    tail, block = dsp.Tail(span=0.01), tone(5.0)
    assert tail(block).y.base is None


@pytest.mark.node("dsp.spectrum")
@pytest.mark.parametrize("window", ["hann", "hamming", "blackman", "flattop", "boxcar"])
@pytest.mark.parametrize("samples", [1000, 999])
def test_the_spectrum_of_three_times_a_sine_peaks_at_three(window, samples):
    frequency = 50 * RATE / samples
    wave = Waveform(3.0 * np.sin(2 * np.pi * frequency * np.arange(samples) / RATE) + 100.0, 1 / RATE)
    result = dsp.spectrum(wave, window=window)
    assert result.amplitude.max() == pytest.approx(3.0, rel=1e-4)
    assert result.frequency[result.amplitude.argmax()] == pytest.approx(frequency)


@pytest.mark.node("dsp.spectrum")
def test_the_ends_of_a_spectrum_stand_for_themselves():
    alternating = Waveform(2.0 * (-1.0) ** np.arange(100) + 5.0, 1 / RATE)
    result = dsp.spectrum(alternating, window="boxcar", remove_mean=False)
    assert (result.amplitude[0], result.amplitude[-1]) == pytest.approx((5.0, 2.0))
    assert (result.frequency[0], result.frequency[-1]) == (0.0, 500.0)
    assert dsp.spectrum(alternating.y).frequency[-1] == 0.5


@pytest.mark.node("dsp.peak")
def test_the_peak_is_looked_for_within_the_limits():
    x, y = np.array([0.0, 1.0, 2.0, 3.0, 4.0]), np.array([9.0, 1.0, np.nan, 5.0, 7.0])
    assert dsp.peak(x, y) == (0.0, 9.0)
    assert dsp.peak(x, y, lower=0.5) == (4.0, 7.0)
    assert dsp.peak(x, y, lower=0.5, upper=3.0) == (3.0, 5.0)
    with pytest.raises(ValueError, match="no point"):
        dsp.peak(x, y, lower=10.0)
    with pytest.raises(ValueError, match="one length"):
        dsp.peak(x, y[:3])


@pytest.mark.node("dsp.resample")
def test_resampling_keeps_what_fits_and_takes_away_what_would_fold_back():
    slow = dsp.resample(tone(10.0, samples=2000) + tone(230.0, samples=2000), rate=200.0)
    assert (slow.rate, len(slow), slow.unit) == (200.0, 400, "V")
    inner = Waveform(slow.y[100:300], slow.dt, slow.time[100])
    assert level(inner, 10.0) == pytest.approx(1.0, abs=0.01)
    assert level(inner, 30.0) < 0.01  # 230 Hz seen at 200 Hz
    faster = dsp.resample(tone(10.0, samples=500), rate=1500.0)
    assert faster.y[150:600] == pytest.approx(np.sin(2 * np.pi * 10 * np.arange(150, 600) / 1500.0), abs=0.01)
    with pytest.raises(ValueError, match="whole numbers"):
        dsp.resample(tone(10.0), rate=np.pi)


@pytest.mark.node("dsp.rms")
def test_the_effective_value_of_mains():
    assert dsp.rms(tone(50.0, 325.27)) == pytest.approx(230.0, abs=0.01)
    assert dsp.rms([3.0, -3.0]) == 3.0


def test_what_a_filter_cannot_do_is_said_in_words():
    with pytest.raises(ValueError, match=r"600 Hz is not between 0 Hz and half of the sample rate \(500 Hz\)"):
        dsp.Lowpass()(tone(5.0), 600.0)
    with pytest.raises(TypeError, match="signal is ndarray and has no sample rate"):
        dsp.Lowpass()(np.ones(10), 20.0)
    with pytest.raises(TypeError, match="input 2 is list"):
        dsp.Tail()(tone(5.0), [1.0])
    with pytest.raises(ValueError, match="10 samples are too few"):
        dsp.butterworth(tone(5.0, samples=10))
    with pytest.raises(ValueError, match="two samples"):
        dsp.spectrum([1.0])
    with pytest.raises(ValueError, match="above 0 s"):
        dsp.Tail(span=0.0)
    with pytest.raises(ValueError, match="no signal"):
        dsp.Tail()()
    with pytest.raises(ValueError, match="no samples"):
        dsp.rms([])
