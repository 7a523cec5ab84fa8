from __future__ import annotations

import sys

import numpy as np
import pytest

from flodesk.nodes import dsp
from flodesk.public import Waveform

RATE = 1000.0


@pytest.mark.node("dsp.wavelet_split", "dsp.wavelet_join")
@pytest.mark.parametrize("wavelet", ["haar", "db4", "sym8", "bior2.2"])
def test_a_signal_comes_back_from_its_halves(wavelet):
    y = np.random.default_rng(1).standard_normal((2, 64))
    slow, fast = dsp.wavelet_split(y, wavelet)
    assert dsp.wavelet_join(slow, fast, wavelet) == pytest.approx(y, abs=1e-6)


@pytest.mark.node("dsp.wavelet_split")
def test_halves_are_those_of_haar_and_a_wavelet_sees_no_polynomial_of_its_degree():
    slow, fast = dsp.wavelet_split(Waveform(np.array([1.0, 3.0, 5.0, 5.0]), 0.1), "haar")
    assert slow == pytest.approx(np.array([4.0, 10.0]) / np.sqrt(2))
    assert fast == pytest.approx(np.array([-2.0, 0.0]) / np.sqrt(2))
    cubic = np.arange(64.0) ** 3 / 1e3
    assert dsp.wavelet_split(cubic, "db4").detail[4:-4] == pytest.approx(np.zeros(27), abs=1e-8)
    with pytest.raises(ValueError, match="2 or more"):
        dsp.wavelet_split([1.0])


@pytest.mark.node("dsp.wavelet_join")
def test_halves_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="both of one split"):
        dsp.wavelet_join([1.0, 2.0], [1.0])


@pytest.mark.node("dsp.wavelet_denoise")
@pytest.mark.parametrize("kind", ["soft", "hard"])
def test_noise_goes_and_a_step_stays(kind):
    step = np.repeat([0.0, 10.0, 4.0], [300, 500, 224])
    noisy = step + np.random.default_rng(2).standard_normal(1024)
    clean = dsp.wavelet_denoise(Waveform(noisy, 1 / RATE, 2.0, "V"), "haar", kind=kind)
    assert np.sqrt(np.mean((clean.y - step) ** 2)) < 0.45  # of 1
    assert (clean.t0, clean.unit, len(clean)) == (2.0, "V", 1024)
    pure = dsp.wavelet_denoise(np.random.default_rng(3).standard_normal(4096), kind=kind)
    assert pure.std() < 0.15
    with pytest.raises(ValueError, match="allow 6 levels"):
        dsp.wavelet_denoise(noisy, "sym8", levels=12)
    with pytest.raises(ValueError, match="16 or more"):
        dsp.wavelet_denoise([1.0, 2.0])


@pytest.mark.node("dsp.scalogram")
def test_a_scalogram_shows_a_tone_with_its_amplitude_and_when_it_was():
    time = np.arange(2000) / RATE
    y = np.where(time < 1.0, 3.0 * np.sin(2 * np.pi * 40 * time), 2.0 * np.sin(2 * np.pi * 160 * time))
    found = dsp.scalogram(Waveform(y, 1 / RATE, 5.0), 10.0, 320.0, 61)
    early, late = found.magnitude[:, 500], found.magnitude[:, 1500]
    assert (found.frequency[early.argmax()], early.max()) == pytest.approx((40.0, 3.0), rel=0.02)
    assert (found.frequency[late.argmax()], late.max()) == pytest.approx((160.0, 2.0), rel=0.02)
    assert (found.time[0], len(found.time)) == (5.0, 2000)
    with pytest.raises(ValueError, match="no span"):
        dsp.scalogram(Waveform(y, 1 / RATE), 10.0, 600.0)
    with pytest.raises(TypeError, match="no sample rate"):
        dsp.scalogram(y)


def test_without_the_package_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pywt", None)
    with pytest.raises(ImportError, match=r"PyWavelets, which is missing: install flodesk\[wavelets\]"):
        dsp.wavelet_denoise(np.zeros(20))
