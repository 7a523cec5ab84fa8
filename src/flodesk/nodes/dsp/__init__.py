"""Filters, spectra and measures of signals; control and triggers."""

from __future__ import annotations

from flodesk.nodes.dsp.control import PID, Hysteresis, PeakHold, RateLimiter, Trigger, zero_crossings
from flodesk.nodes.dsp.correlations import autocorrelation, convolve, cross_correlation
from flodesk.nodes.dsp.densities import (
    cross_spectrum,
    frequency_response,
    istft,
    power_spectral_density,
    spectrogram,
    stft,
)
from flodesk.nodes.dsp.filters import bandpass, bandstop, butterworth, fir, highpass, iir, notch
from flodesk.nodes.dsp.measures import distortion, peak, peaks, rms
from flodesk.nodes.dsp.pulses import pulse_measures
from flodesk.nodes.dsp.rates import decimate, resample, shift_frequency, upsample
from flodesk.nodes.dsp.smoothing import median_filter, moving_average, savgol
from flodesk.nodes.dsp.spectra import spectrum
from flodesk.nodes.dsp.streams import Lowpass, StreamFilter, Tail
from flodesk.nodes.dsp.transforms import Smooth, detrend, envelope, instantaneous_frequency, lock_in, unwrap, window
from flodesk.nodes.dsp.wavelets import scalogram, wavelet_denoise, wavelet_join, wavelet_split

__all__ = [
    "Hysteresis", "Lowpass", "PID", "PeakHold", "RateLimiter", "Smooth", "StreamFilter", "Tail", "Trigger",
    "autocorrelation", "bandpass", "bandstop", "butterworth", "convolve", "cross_correlation", "cross_spectrum",
    "decimate", "detrend", "distortion", "envelope", "fir", "frequency_response", "highpass", "iir",
    "instantaneous_frequency", "istft", "lock_in", "median_filter", "moving_average", "notch", "peak", "peaks",
    "power_spectral_density", "pulse_measures", "resample", "rms", "savgol", "scalogram", "shift_frequency",
    "spectrogram", "spectrum", "stft", "unwrap", "upsample", "wavelet_denoise", "wavelet_join", "wavelet_split",
    "window", "zero_crossings",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
