"""The design of filters: what their nodes have in common."""

from __future__ import annotations

from typing import Any, Literal

from flodesk.nodes.dsp.inputs import below_half
from flodesk.public import Array, Waveform

Family = Literal["butterworth", "chebyshev 1", "chebyshev 2", "elliptic", "bessel"]
Kind = Literal["lowpass", "highpass", "bandpass", "bandstop"]


def edges_of(kind: str, cutoff: float, upper: float, rate: float | None = None) -> tuple[float, ...]:
    """Return the frequencies in Hz that a kind of filter has: its cutoff, or both edges of its band.

    Raises
    ------
    ValueError
        A rate is given, and they do not fit it (see `check_edges`).
    """
    edges = (cutoff, upper) if kind.startswith("band") else (cutoff,)
    if rate is not None:
        check_edges(edges, rate)
    return edges


def check_edges(edges: tuple[float, ...], rate: float) -> None:
    """Raise unless the frequencies in Hz are between 0 and half of the sample rate, and rise.

    Raises
    ------
    ValueError
        They are not.
    """
    for edge, name in zip(edges, ("cutoff",) if len(edges) == 1 else ("lower edge", "upper edge"), strict=True):
        below_half(edge, rate, name)
    if len(edges) == 2 and not edges[0] < edges[1]:
        raise ValueError(
            f"the band from {edges[0]:g} Hz to {edges[1]:g} Hz is empty: set the lower edge below the upper"
        )


def sections(
    family: str,
    order: int,
    edges: tuple[float, ...],
    rate: float,
    kind: str,
    ripple: float = 1.0,
    attenuation: float = 40.0,
) -> Array:
    """Design a filter as second-order sections, shape (sections, 6).

    Parameters
    ----------
    family : str
        One of `Family`.
    order : int
        Order (dimensionless); of a band it is that of each of its two edges.
    edges : tuple of float
        The cutoff in Hz, or both edges of a band.
    rate : float
        Sample rate in Hz.
    kind : str
        One of `Kind`.
    ripple, attenuation : float
        What the passband may sag, and the stopband keep at least, in dB, for the families that have such.

    Raises
    ------
    ValueError
        A frequency is not between 0 and half of the sample rate, or the band is none.
    """
    import scipy.signal

    check_edges(edges, rate)
    at = edges[0] if len(edges) == 1 else list(edges)
    options: dict[str, Any] = {"btype": kind, "fs": rate, "output": "sos"}
    if family == "chebyshev 1":
        return scipy.signal.cheby1(order, ripple, at, **options)
    if family == "chebyshev 2":
        return scipy.signal.cheby2(order, attenuation, at, **options)
    if family == "elliptic":
        return scipy.signal.ellip(order, ripple, attenuation, at, **options)
    if family == "bessel":
        return scipy.signal.bessel(order, at, norm="mag", **options)
    return scipy.signal.butter(order, at, **options)


def both_ways(wave: Waveform, design: Array, order: int) -> Waveform:
    """Filter forwards and backwards, so that nothing is shifted in time.

    Raises
    ------
    ValueError
        The signal is too short for the filter to settle.
    """
    import scipy.signal

    needed = 3 * (2 * len(design) + 1)
    if len(wave) <= needed:
        raise ValueError(f"{len(wave)} samples are too few for order {order}: give more than {needed}, or use Lowpass")
    return wave.with_y(scipy.signal.sosfiltfilt(design, wave.y))
