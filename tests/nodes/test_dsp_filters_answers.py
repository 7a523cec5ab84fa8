from __future__ import annotations

import numpy as np
import pytest

from flodesk.nodes import dsp
from flodesk.public import Waveform

RATE = 1000.0


def tone(frequency: float, amplitude: float = 1.0, samples: int = 4000) -> Waveform:
    return Waveform(amplitude * np.sin(2 * np.pi * frequency * np.arange(samples) / RATE), 1 / RATE, unit="V")


def level(wave: Waveform, frequency: float, part: slice = slice(1000, 3000)) -> float:
    """Amplitude of one frequency in the middle, by correlation with a sine and a cosine."""
    turns = 2 * np.pi * frequency * wave.time[part]
    y = wave.y[..., part]
    return float(2 * np.hypot(np.mean(y * np.sin(turns)), np.mean(y * np.cos(turns))))


@pytest.mark.node("dsp.highpass")
def test_a_highpass_halves_its_cutoff_and_keeps_what_is_faster_in_its_place():
    assert level(dsp.highpass(tone(50.0), 50.0), 50.0) == pytest.approx(0.5, abs=1e-3)
    both = tone(200.0) + tone(2.0) + 7.0
    assert dsp.highpass(both, 40.0).y[1000:3000] == pytest.approx(tone(200.0).y[1000:3000], abs=2e-3)
    assert dsp.highpass(both).unit == "V"
    two = dsp.highpass(Waveform(np.vstack([both.y, tone(200.0).y]), 1 / RATE), 40.0)
    assert two.y[0, 1000:3000] == pytest.approx(two.y[1, 1000:3000], abs=2e-3)


@pytest.mark.node("dsp.bandpass", "dsp.bandstop")
def test_a_band_has_one_half_at_its_edges_and_the_two_are_each_others_remainder():
    for edge in (40.0, 90.0):
        assert level(dsp.bandpass(tone(edge), 40.0, 90.0), edge) == pytest.approx(0.5, abs=2e-3)
        assert level(dsp.bandstop(tone(edge), 40.0, 90.0), edge) == pytest.approx(0.5, abs=2e-3)
    # |H|² of the two is 1 at each frequency (Butterworth), and each runs twice
    for frequency in (20.0, 37.0, 60.0, 95.0, 200.0):
        passed = level(dsp.bandpass(tone(frequency), 40.0, 90.0), frequency)
        stopped = level(dsp.bandstop(tone(frequency), 40.0, 90.0), frequency)
        assert passed + stopped == pytest.approx(1.0, abs=2e-3)
        assert (passed > 0.9) == (frequency == 60.0)


@pytest.mark.node("dsp.notch")
@pytest.mark.parametrize("q", [2.0, 10.0])
def test_a_notch_takes_one_frequency_and_has_its_width(q):
    assert level(dsp.notch(tone(50.0), 50.0, q), 50.0) < 1e-3
    # the width between the two places of 3 dB (one half after two runs) is f / q: they are at f·(±1/2q + sqrt(1+1/4q²))
    for sign in (-1, 1):
        edge = 50.0 * (sign / (2 * q) + np.sqrt(1 + 1 / (4 * q * q)))
        edge = np.arctan(np.tan(np.pi * 50.0 / RATE) * edge / 50.0) * RATE / np.pi  # the bend of the bilinear transform
        assert level(dsp.notch(tone(edge), 50.0, q), edge) == pytest.approx(0.5, abs=0.02)
    assert level(dsp.notch(tone(150.0), 50.0, q), 150.0) == pytest.approx(1.0, abs=0.1 / q + 0.05)


@pytest.mark.node("dsp.iir")
@pytest.mark.parametrize(
    ("family", "at_cutoff"),
    [("butterworth", -3.0103), ("bessel", -3.0103), ("chebyshev 1", -0.5), ("elliptic", -0.5), ("chebyshev 2", -60.0)],
)
def test_each_family_has_at_its_cutoff_what_defines_it(family, at_cutoff):
    wave = dsp.iir(tone(50.0), 50.0, family=family, order=4, ripple=0.5, attenuation=60.0)
    assert 20 * np.log10(level(wave, 50.0)) == pytest.approx(at_cutoff, abs=0.02)
    # far in the stopband it keeps what it promises
    if family in ("elliptic", "chebyshev 2"):
        assert level(dsp.iir(tone(310.0), 50.0, family=family, ripple=0.5, attenuation=60.0), 310.0) < 1.001e-3


@pytest.mark.node("dsp.iir")
def test_bands_of_recursive_filters_and_steady_signals():
    wave = dsp.iir(tone(60.0), 40.0, 90.0, kind="bandpass", family="butterworth")
    assert level(wave, 60.0) == pytest.approx(1.0, abs=2e-3)
    assert level(dsp.iir(tone(60.0), 40.0, 90.0, kind="bandstop"), 60.0) < 0.01
    steady = Waveform(np.full((2, 10), 3.0), 1 / RATE)
    assert dsp.iir(steady, family="chebyshev 2").y == pytest.approx(np.full((2, 10), 3.0))


@pytest.mark.node("dsp.fir")
@pytest.mark.parametrize("window", ["hamming", "hann", "blackman", "boxcar"])
def test_a_windowed_sinc_has_one_half_at_its_cutoff_and_no_delay(window):
    assert level(dsp.fir(tone(100.0), 100.0, window=window), 100.0) == pytest.approx(0.5, abs=0.01)
    both = tone(20.0) + tone(300.0)
    middle = slice(1000, 3000)
    assert dsp.fir(both, 100.0, window=window).y[middle] == pytest.approx(tone(20.0).y[middle], abs=0.03)
    assert dsp.fir(both, 100.0, kind="highpass", window=window).y[middle] == pytest.approx(
        tone(300.0).y[middle], abs=0.03
    )


@pytest.mark.node("dsp.fir")
def test_fir_stopbands_are_those_of_the_table_of_windows():
    # Oppenheim & Schafer, table 7.2: peak approximation error -44 dB (Hann), -53 dB (Hamming), -74 dB (Blackman)
    impulse = Waveform(np.r_[np.zeros(500), 1.0, np.zeros(500)], 1 / RATE)
    for window, decibels in (("hann", -44.0), ("hamming", -53.0), ("blackman", -74.0)):
        response = np.abs(np.fft.rfft(dsp.fir(impulse, 100.0, taps=101, window=window).y, 2**14))
        beyond = response[int(160 / RATE * 2**14) :]  # 60 Hz past the cutoff: past half of each window's step
        assert 20 * np.log10(beyond.max()) < decibels


@pytest.mark.node("dsp.StreamFilter")
@pytest.mark.parametrize("kind", ["lowpass", "highpass", "bandpass", "bandstop"])
@pytest.mark.parametrize("family", ["butterworth", "elliptic"])
def test_a_stream_in_blocks_is_filtered_as_one_piece(kind, family):
    whole = Waveform(np.random.default_rng(2).standard_normal(600), 1 / RATE)
    running = dsp.StreamFilter(kind, family)
    parts = [running(Waveform(whole.y[a : a + 50], 1 / RATE, a / RATE), 40.0, 90.0).y for a in range(0, len(whole), 50)]
    expected = dsp.iir(whole, 40.0, 90.0, kind=kind, family=family).y
    assert np.concatenate(parts) == pytest.approx(expected, abs=1e-9)


@pytest.mark.node("dsp.StreamFilter")
def test_a_highpass_of_a_stream_takes_the_steady_part():
    running = dsp.StreamFilter()
    parts = [running(Waveform(np.full(50, 7.5), 1 / RATE, n / 20), 20.0 + 5.0 * n).y for n in range(10)]
    assert np.concatenate(parts) == pytest.approx(np.zeros(500), abs=1e-7)


def test_what_these_filters_cannot_do_is_said_in_words():
    with pytest.raises(ValueError, match=r"upper edge 600 Hz is not between 0 Hz and half"):
        dsp.bandpass(tone(5.0), 20.0, 600.0)
    with pytest.raises(ValueError, match="band from 90 Hz to 40 Hz is empty"):
        dsp.bandstop(tone(5.0), 90.0, 40.0)
    with pytest.raises(ValueError, match="empty: set the lower edge below"):
        dsp.fir(tone(5.0), 90.0, 40.0, kind="bandpass")
    with pytest.raises(ValueError, match="odd number"):
        dsp.fir(tone(5.0), taps=100)
    with pytest.raises(ValueError, match="frequency 700 Hz is not between"):
        dsp.notch(tone(5.0), 700.0)
    with pytest.raises(ValueError, match="quality is 0"):
        dsp.notch(tone(5.0), q=0.0)
    for filtered in (dsp.iir, dsp.fir):
        with pytest.raises(ValueError, match="no samples to filter"):
            filtered(Waveform(np.empty(0), 1 / RATE))
    for filtered in (dsp.iir, dsp.fir, dsp.notch, dsp.highpass, dsp.bandpass, dsp.bandstop, dsp.StreamFilter()):
        with pytest.raises(TypeError, match="signal is ndarray and has no sample rate"):
            filtered(np.ones(100))
    with pytest.raises(ValueError, match="10 samples are too few"):
        dsp.highpass(tone(5.0, samples=10))
