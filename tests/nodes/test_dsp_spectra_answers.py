from __future__ import annotations

import numpy as np
import pytest

from flodesk.nodes import dsp
from flodesk.public import Waveform

RATE = 1000.0


def wave(y, t0=0.0):
    return Waveform(np.asarray(y, dtype=float), 1 / RATE, t0, "V")


def noise(samples, seed=1, sigma=1.0):
    return sigma * np.random.default_rng(seed).standard_normal(samples)


@pytest.mark.node("dsp.power_spectral_density")
def test_a_density_adds_up_to_the_mean_square():
    y = noise(4096) + 3.0
    one = dsp.power_spectral_density(wave(y), size=4096, window="boxcar")
    assert one.density.sum() * one.frequency[1] == pytest.approx(y.var())  # Parseval, exactly
    many = dsp.power_spectral_density(wave(noise(100_000, sigma=0.3)))
    # white noise: 2 sigma² / rate at each frequency but the ends
    assert many.density[2:-2].mean() == pytest.approx(2 * 0.09 / RATE, rel=0.02)
    two = dsp.power_spectral_density(np.vstack([y, y]), size=10_000)
    assert (two.density.shape, two.frequency[-1]) == ((2, 2049), 0.5)
    with pytest.raises(ValueError, match="2 or more are needed"):
        dsp.power_spectral_density([1.0])
    with pytest.raises(ValueError, match="overlap of 1"):
        dsp.power_spectral_density(y, overlap=1.0)


@pytest.mark.node("dsp.spectrogram")
def test_a_spectrogram_tells_when_a_tone_changed_and_how_strong_it_is():
    time = np.arange(2000) / RATE
    y = np.where(time < 1.0, 3.0 * np.sin(2 * np.pi * 50 * time), 2.0 * np.sin(2 * np.pi * 200 * time)) + 1.5
    found = dsp.spectrogram(wave(y, 10.0), size=100)
    early, late = found.amplitude[:, 3], found.amplitude[:, -3]
    assert (found.frequency[3 + early[3:].argmax()], early[3:].max()) == pytest.approx((50.0, 3.0))
    assert (found.frequency[3 + late[3:].argmax()], late[3:].max()) == pytest.approx((200.0, 2.0))
    assert found.amplitude[0, :18] == pytest.approx(np.full(18, 1.5), abs=1e-6)
    assert found.time[:2] == pytest.approx([10.05, 10.1])
    with pytest.raises(ValueError, match="one channel"):
        dsp.spectrogram(np.zeros((2, 100)))


@pytest.mark.node("dsp.stft", "dsp.istft")
@pytest.mark.parametrize("overlap", [0.5, 0.75])
def test_a_signal_comes_back_from_its_short_time_transform(overlap):
    y = noise(1000)
    values = dsp.stft(wave(y), size=64, overlap=overlap).values
    again = dsp.istft(values, rate=RATE, size=64, overlap=overlap, unit="V")
    assert again.y[:1000] == pytest.approx(y, abs=1e-9)
    assert (again.rate, again.unit) == (RATE, "V")
    middle = dsp.stft(wave(4.0 * np.cos(2 * np.pi * 125 * np.arange(1000) / RATE)), size=64).values[8, 10]
    assert abs(middle) == pytest.approx(2.0, abs=1e-6)  # one half to either side of 0 Hz
    with pytest.raises(ValueError, match=r"from 0\.5"):
        dsp.stft(wave(y), overlap=0.2)
    with pytest.raises(ValueError, match="65 rows"):
        dsp.istft(values)


@pytest.mark.node("dsp.cross_spectrum")
def test_coherence_is_the_share_that_is_common():
    common, other = noise(200_000, 1), noise(200_000, 2)
    found = dsp.cross_spectrum(wave(common), wave(common + other))
    assert found.coherence.mean() == pytest.approx(0.5, abs=0.02)  # signal to noise of 1
    assert dsp.cross_spectrum(common, other).coherence.mean() < 0.01
    late = dsp.cross_spectrum(wave(common[1:]), wave(common[:-1]))  # one sample later: -2 pi f / rate
    assert late.phase[10:100] == pytest.approx(-2 * np.pi * late.frequency[10:100] / RATE, abs=0.02)
    with pytest.raises(ValueError, match="512 or more"):
        dsp.cross_spectrum(common[:300], other[:300])
    with pytest.raises(ValueError, match="sample rates differ"):
        dsp.cross_spectrum(wave(common), Waveform(other, 0.5))


@pytest.mark.node("dsp.frequency_response")
def test_the_response_of_a_first_order_filter_is_found_in_noise():
    import scipy.signal

    x = noise(200_000)
    pole = 0.8  # y[n] = 0.2 x[n] + 0.8 y[n-1]
    y = scipy.signal.lfilter([1 - pole], [1.0, -pole], x) + noise(200_000, 5, 0.1)
    found = dsp.frequency_response(wave(x), wave(y))
    exact = (1 - pole) / (1 - pole * np.exp(-2j * np.pi * found.frequency / RATE))
    assert found.gain[2:-1] == pytest.approx(np.abs(exact)[2:-1], rel=0.05)
    assert found.phase[2:60] == pytest.approx(np.angle(exact)[2:60], abs=0.05)
    assert found.coherence[2] > 0.9
    assert np.isnan(dsp.frequency_response(np.zeros(1000), x[:1000]).gain).all()


@pytest.mark.node("dsp.cross_correlation")
def test_the_delay_between_two_signals_is_found():
    y = noise(1100)
    found = dsp.cross_correlation(wave(y[37:1037]), wave(y[:1000]))
    assert found.delay == pytest.approx(0.037)
    assert found.correlation.max() == pytest.approx(0.963, abs=0.05)  # 963 of 1000 samples overlap
    assert dsp.cross_correlation(y, y).correlation.max() == pytest.approx(1.0)
    assert dsp.cross_correlation(y[:1000], y[20:1020]).delay == -20.0
    with pytest.raises(ValueError, match="constant"):
        dsp.cross_correlation([1.0, 1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="one length"):
        dsp.cross_correlation([1.0, 2.0], [1.0, 2.0, 3.0])


@pytest.mark.node("dsp.autocorrelation")
def test_the_autocorrelation_of_a_first_order_process_falls_by_its_factor():
    steps, y = noise(100_000, 8), np.zeros(100_000)
    for n in range(1, len(y)):
        y[n] = 0.7 * y[n - 1] + steps[n]
    found = dsp.autocorrelation(wave(y), lags=5)
    assert found.correlation == pytest.approx(0.7 ** np.arange(6), abs=0.02)
    assert found.lag == pytest.approx(np.arange(6) / RATE)
    assert len(dsp.autocorrelation([1.0, 2.0, 4.0]).lag) == 3
    with pytest.raises(ValueError, match="constant"):
        dsp.autocorrelation([2.0, 2.0])


@pytest.mark.node("dsp.convolve")
def test_convolution_multiplies_polynomials_and_keeps_a_signal_in_its_place():
    # (1 + 2x + 3x²)(4 + 5x) = 4 + 13x + 22x² + 15x³
    assert dsp.convolve([1.0, 2.0, 3.0], [4.0, 5.0], mode="full").tolist() == [4.0, 13.0, 22.0, 15.0]
    y = wave(noise(50), 3.0)
    assert dsp.convolve(y, [0.0, 1.0, 0.0]) == y
    assert dsp.convolve([[1.0, 0.0], [0.0, 1.0]], [1.0, 2.0], "full").tolist() == [[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]]
    with pytest.raises(ValueError, match="kernel has no samples"):
        dsp.convolve([1.0], [])
