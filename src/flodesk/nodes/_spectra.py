"""How strong each frequency is: what the node that measures it and the one that shows it have in common."""

from __future__ import annotations

from typing import Any, Literal

Window = Literal["hann", "hamming", "blackman", "flattop", "boxcar"]


def amplitudes(y: Any, window: str, remove_mean: bool) -> Any:
    """Return the amplitude of the sine at each frequency of samples along the last axis.

    Raises
    ------
    ValueError
        There are fewer than two samples.
    """
    import numpy
    import scipy.signal

    count = y.shape[-1] if y.ndim else 0
    if count < 2:
        raise ValueError(f"a spectrum needs two samples or more, and got {count}")
    if remove_mean:
        y = y - y.mean(axis=-1, keepdims=True)
    shape = scipy.signal.get_window(window, count)
    amplitude = numpy.abs(numpy.fft.rfft(y * shape, axis=-1)) * (2.0 / shape.sum())
    # 0 Hz, and half of the rate where there is such a bin, stand for themselves and for no mirrored partner
    amplitude[..., 0] *= 0.5
    if count % 2 == 0:
        amplitude[..., -1] *= 0.5
    return amplitude
