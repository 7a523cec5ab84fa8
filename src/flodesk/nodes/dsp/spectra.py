"""Spectra: how strong each frequency is."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.nodes._spectra import amplitudes
from flodesk.nodes.dsp.inputs import step_of
from flodesk.public import Array, Signal, Unit, node


class Spectrum(NamedTuple):
    """An amplitude spectrum.

    Attributes
    ----------
    frequency : Array
        Frequencies in Hz from 0, shape (m,); for a plain array in cycles per sample.
    amplitude : Array
        Amplitude of the sine at each, in the unit of the signal, shape (m,) or (channels, m).
    """

    frequency: Annotated[Array, Unit("Hz")]
    amplitude: Array


@node(tags=("fft", "fourier", "frequency", "amplitude"), pure=True)
def spectrum(
    signal: Signal,
    window: Literal["hann", "hamming", "blackman", "flattop", "boxcar"] = "hann",
    remove_mean: bool = True,
) -> Spectrum:
    """Find how strong each frequency is in a signal.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n), two or more. For a plain array the sample distance is 1.
    window : str
        Window function that the signal is weighted with. The amplitudes are corrected for it: with each of them a sine
        of amplitude 3 gives a peak of height 3, if its frequency is one of the spectrum's.
    remove_mean : bool
        Take the mean off first, so that it does not leak into the low frequencies.

    Returns
    -------
    frequency : Array
        Frequencies from 0 to half of the sample rate in Hz; for a plain array in cycles per sample.
    amplitude : Array
        Amplitude at each, in the unit of the signal.

    Raises
    ------
    ValueError
        There are fewer than two samples.

    Notes
    -----
    Reference: G. Heinzel, A. Rüdiger, R. Schilling, Spectrum and spectral density estimation by the DFT, 2002,
    section 9 (amplitude spectrum).

    Examples
    --------
    >>> found = dsp.spectrum(source.sine(0, frequency=50.0, amplitude=3.0))
    >>> dsp.peak(found.frequency, found.amplitude.round(6))
    Peak(x=50.0, y=3.0)
    """
    import numpy

    y = numbers(signal, "signal")
    amplitude = amplitudes(y, window, remove_mean)
    return Spectrum(numpy.fft.rfftfreq(y.shape[-1], step_of(signal)), amplitude)
