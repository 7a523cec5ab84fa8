"""From one unit to another."""

from __future__ import annotations

from flodesk.nodes._quantity import like, quantity, samples
from flodesk.nodes._units import converted, size_of
from flodesk.public import Quantity, Waveform, node


@node(
    title="Convert unit",
    tags=("units", "prefix", "inch", "celsius", "fahrenheit", "psi", "mph", "kilo", "milli", "metric"),
    pure=True,
)
def convert_unit(value: Quantity, to: str = "mV", of: str = "") -> Quantity:
    """Say a value in another unit.

    Known are the units of the SI with all prefixes, those of time, angle and data, and the usual others (°C, °F, in,
    ft, mi, lb, psi, bar, atm, mmHg, kn, mph, gal, eV, cal, BTU, hp ...), put together as in ``km/h``, ``N·m``,
    ``m/s²`` or ``W/(m²·K)``.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in the unit `of`.
    to : str
        The unit of the result.
    of : str
        The unit of the value; empty for that of a signal, which knows it.

    Returns
    -------
    float, Array or Waveform
        The value in the new unit.

    Raises
    ------
    ValueError
        A unit is not known, the two measure different things, or it is not said which unit the value has.

    Notes
    -----
    An angle counts as a quantity of its own: rpm becomes rad/s or °/s, and not Hz.

    Examples
    --------
    >>> maths.convert_unit(90.0, of="km/h", to="m/s")
    25.0
    >>> maths.convert_unit(100.0, of="°C", to="°F")
    212.0
    """
    known = quantity(value)
    own = known.unit if isinstance(known, Waveform) else ""
    if of and own and of != own:
        raise ValueError(f"the signal is in {own} and not in {of}: leave `of` empty")
    before = of or own
    if not before:
        raise ValueError("it is not said in which unit the value is: set `of`")
    source, target = size_of(before), size_of(to)
    if source.powers != target.powers:
        raise ValueError(f"{before} and {to} measure different things: nothing leads from one to the other")
    return like(known, converted(samples(known), source, target)[()], to)
