"""Signals as sound files."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated, Any, Literal

from flodesk.nodes._reading import reading
from flodesk.nodes._replacing import replacing
from flodesk.public import Range, Signal, Waveform, context, node

Scale = Annotated[float, Range(1e-12)]


@node(title="Read WAV", tags=("open", "load", "sound", "audio", "wave", "wavread", "audioread"), pure=False)
def read_wav(path: Path, full_scale: Scale = 1.0, unit: str = "") -> Signal:
    """Read a signal from a sound file (WAV of 8 to 64 bits, or of floating point numbers).

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    full_scale : float
        What the largest number of the file stands for, in the unit of the signal.
    unit : str
        Unit of the signal, such as ``V`` or ``Pa``.

    Returns
    -------
    Signal
        The samples between minus and plus the full scale, from 0 s; several channels have the shape (channels, n).

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is no WAV that can be read, or holds no samples.

    Examples
    --------
    >>> wave = Waveform(np.array([0.0, 0.5, -0.25]), dt=1 / 8000)
    >>> file.read_wav(file.write_wav(wave, "click.wav"))
    Waveform(3 samples, 8000 Hz, from 0 s)
    """
    import struct

    import numpy
    from scipy.io import wavfile

    with reading(path) as place, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", wavfile.WavFileWarning)  # parts that other programs add are no fault
        try:
            rate, data = wavfile.read(place)
        except (ValueError, struct.error, EOFError, ZeroDivisionError) as error:
            raise ValueError(f"{place} is no WAV that can be read ({error}): save it as WAV with plain PCM") from error
    if any("prematurely" in str(warning.message) for warning in told):
        context().log(f"{place} ends early: some samples are missing", "warning")
    if data.size == 0 or rate <= 0:
        raise ValueError(f"{place} holds no samples: choose another file")
    if data.dtype.kind == "f":
        y = data.astype(float)
    elif data.dtype == numpy.uint8:
        y = (data.astype(float) - 128.0) / 128.0
    else:
        y = data / 2.0 ** (8 * data.dtype.itemsize - 1)
    return Waveform(numpy.ascontiguousarray(y.T) * full_scale, 1.0 / rate, unit=unit)


@node(
    title="Write WAV",
    tags=("save", "export", "sound", "audio", "wave", "wavwrite", "audiowrite"),
    pure=False,
    saves=(".wav",),
)
def write_wav(
    signal: Signal, path: Path, full_scale: Scale = 1.0, numbers: Literal["16 bit", "32 bit", "float"] = "16 bit"
) -> Path:
    """Write a signal to a sound file (WAV), whole or not at all.

    Its start and its unit are not kept.

    Parameters
    ----------
    signal : Signal
        The signal, which knows its sample rate; several channels have the shape (channels, n).
    path : Path
        The file; a relative name counts from the folder of the flow.
    full_scale : float
        What the largest number of the file stands for, in the unit of the signal.
    numbers : str
        How the samples are written. Only ``"float"`` (32 bits) can go beyond the full scale.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full.
    TypeError
        The signal has no sample rate.
    ValueError
        It goes beyond the full scale, has no samples or missing ones, or its rate is no whole number of Hz.

    Examples
    --------
    >>> file.write_wav(Waveform(np.array([0.0, 3.3]), dt=0.001, unit="V"), "step.wav", full_scale=5.0).name
    'step.wav'
    """
    from scipy.io import wavfile

    if not isinstance(signal, Waveform):
        raise TypeError(f"{type(signal).__name__} has no sample rate: wire a signal (Waveform) to it")
    rate = round(signal.rate)
    if rate < 1 or abs(signal.rate - rate) > 1e-6 * rate:
        raise ValueError(f"WAV takes a whole number of Hz, and the rate is {signal.rate:g} Hz: resample the signal")
    data = _coded(signal.y, full_scale, numbers)
    place = context().path(path)
    with replacing(place) as temporary:
        wavfile.write(temporary, rate, data.T)
    return place


def _coded(y: Any, full_scale: float, numbers: str) -> Any:
    """Return the samples as the numbers that stand in the file."""
    import numpy

    y = numpy.asarray(y, dtype=float) / full_scale
    if y.ndim not in (1, 2) or y.size == 0:
        raise ValueError(f"samples of shape {y.shape} are no sound: give them the shape (n,) or (channels, n)")
    if not numpy.isfinite(y).all():
        raise ValueError("the signal has samples that are missing or infinite: fill them first")
    if numbers == "float":
        return y.astype(numpy.float32)
    top = numpy.abs(y).max()
    if top > 1.0:
        raise ValueError(
            f"the signal goes to {top * full_scale:g}, beyond the full scale of {full_scale:g}: set full_scale higher,"
            " or write it as float"
        )
    steps = 2.0 ** (15 if numbers == "16 bit" else 31)
    return numpy.clip(numpy.rint(y * steps), -steps, steps - 1).astype(
        numpy.int16 if numbers == "16 bit" else numpy.int32
    )
