"""Filters, spectra and measures of signals."""

from __future__ import annotations

from flodesk.nodes.dsp.filters import bandpass, bandstop, butterworth, fir, highpass, iir, notch
from flodesk.nodes.dsp.measures import peak, rms
from flodesk.nodes.dsp.rates import resample
from flodesk.nodes.dsp.spectra import spectrum
from flodesk.nodes.dsp.streams import Lowpass, StreamFilter, Tail

__all__ = [
    "Lowpass", "StreamFilter", "Tail", "bandpass", "bandstop", "butterworth", "fir", "highpass", "iir", "notch",
    "peak", "resample", "rms", "spectrum",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
