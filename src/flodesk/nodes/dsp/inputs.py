"""What the nodes of this shelf take: signals that know their sample rate, and what is said where they do not."""

from __future__ import annotations

from typing import Annotated, Any

from flodesk.nodes._numbers import numbers
from flodesk.public import Array, Range, Unit, Waveform

Hertz = Annotated[float, Unit("Hz"), Range(0.001)]
Order = Annotated[int, Range(1, 12)]


def waveform(signal: Any, name: str = "signal") -> Waveform:
    """Return the signal if it knows its sample rate.

    Raises
    ------
    TypeError
        It is something else.
    """
    if not isinstance(signal, Waveform):
        raise TypeError(f"{name} is {type(signal).__name__} and has no sample rate: wire a signal (Waveform) to it")
    return signal


def samples(signal: Any, name: str = "signal", least: int = 1) -> Array:
    """Return the samples as a float array of shape (n,) or (channels, n), so many of them at least.

    Raises
    ------
    TypeError
        They are no numbers.
    ValueError
        There are fewer.
    """
    y = numbers(signal, name)
    count = y.shape[-1] if y.ndim else 0
    if count < least:
        raise ValueError(f"{name} has {_counted(count)}, and {least} or more are needed: give a longer stretch")
    return y


def one_channel(signal: Any, name: str = "signal", least: int = 1) -> Array:
    """Return the samples of a signal of one channel as a float array of shape (n,).

    Raises
    ------
    TypeError
        They are no numbers.
    ValueError
        There are fewer, or several channels.
    """
    y = samples(signal, name, least)
    if y.ndim != 1:
        raise ValueError(f"{name} has the shape {y.shape}: take one channel of it, as a signal of shape (n,)")
    return y


def step_of(signal: Any) -> float:
    """Return the distance of two samples in s, 1 for a plain array."""
    return signal.dt if isinstance(signal, Waveform) else 1.0


def like(signal: Any, y: Array, unit: str | None = None) -> Any:
    """Return other samples as what the signal is: on its time axis, or as a plain array."""
    return signal.with_y(y, unit) if isinstance(signal, Waveform) else y


def pair(first: Any, second: Any, names: tuple[str, str], least: int = 2) -> tuple[Array, Array, float]:
    """Return the samples of two signals of one channel on one time axis, and their distance in s.

    Raises
    ------
    TypeError
        They are no numbers.
    ValueError
        They are too short, have several channels, or differ in rate, length or start.
    """
    one, other = one_channel(first, names[0], least), one_channel(second, names[1], least)
    if isinstance(first, Waveform) and isinstance(second, Waveform):
        first.check_axis(second)
    if one.shape != other.shape:
        raise ValueError(f"{names[0]} has {len(one)} samples and {names[1]} {len(other)}: cut both to one length")
    return one, other, step_of(first if isinstance(first, Waveform) else second)


def below_half(frequency: float, rate: float, name: str) -> float:
    """Return a frequency in Hz that lies between 0 and half of the sample rate.

    Raises
    ------
    ValueError
        It does not.
    """
    if not 0.0 < frequency < 0.5 * rate:
        raise ValueError(
            f"the {name} {frequency:g} Hz is not between 0 Hz and half of the sample rate ({0.5 * rate:g} Hz):"
            " change it, or the sample rate"
        )
    return frequency


def _counted(count: int) -> str:
    return "one sample" if count == 1 else f"{count or 'no'} samples"
