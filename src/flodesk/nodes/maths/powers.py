"""Powers, roots, exponentials and logarithms."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.nodes._quantity import on_each, quantity, single
from flodesk.public import Quantity, Range, Unit, Waveform, node


@node(tags=("pow", "exponent", "square", "cube", "^", "**"), pure=True)
def power(base: Quantity, exponent: Quantity = 2.0) -> Quantity:
    """Raise a value to a power: by default, square it.

    Parameters
    ----------
    base : float, Array or Waveform
        The value, in any unit.
    exponent : float, Array or Waveform
        The power (dimensionless).

    Returns
    -------
    float, Array or Waveform
        ``base ** exponent``. A squared signal has the square of its unit; with another power but 1 the unit is left
        out. In arrays and signals NaN or an infinity where there is no answer.

    Raises
    ------
    ValueError
        There is no real answer for the one number, as for (-8) ** 0.5, or it is too large.

    Examples
    --------
    >>> maths.power(2.0, 3.0)
    8.0
    """
    import numpy

    known, raised = quantity(base, "base"), quantity(exponent, "exponent")
    if isinstance(known, Waveform) and numpy.ndim(raised) == 0 and raised in (1, 2):
        return numpy.multiply(known, known) if raised == 2 else known
    if isinstance(known, complex) or isinstance(raised, complex):
        return numpy.power(known, raised)
    problem = f"to the power of {raised} there is no real number of a size that fits"
    return on_each(lambda value: numpy.power(value, numpy.multiply(raised, 1.0)), known, problem)


@node(title="Square root", tags=("sqrt", "root"), pure=True)
def square_root(value: Quantity) -> Quantity:
    """Take the square root of a value.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit; 0 or more.

    Returns
    -------
    float, Array or Waveform
        The root that is not negative. A signal in V² has V after it; of other units none is kept. In arrays and signals
        NaN where the value is below 0.

    Raises
    ------
    ValueError
        The number is below 0.

    Examples
    --------
    >>> maths.square_root(9.0)
    3.0
    """
    import numpy

    result = on_each(numpy.sqrt, value, "a number below 0 has no real square root; wire a complex one for i")
    if isinstance(result, Waveform) and isinstance(value, Waveform) and value.unit.endswith("²"):
        root = value.unit.removesuffix("²")
        return result.with_y(result.y, root if root.isalpha() else "")
    return result


@node(tags=("exp", "e", "growth", "antilogarithm"), pure=True)
def exponential(value: Quantity, base: Annotated[float, Range(0.0)] | None = None) -> Quantity:
    """Raise e, or another base, to a value.

    Parameters
    ----------
    value : float, Array or Waveform
        The exponent (dimensionless).
    base : float, optional
        What is raised (dimensionless), above 0; None for e = 2.718...

    Returns
    -------
    float, Array or Waveform
        ``base ** value`` (dimensionless). In arrays and signals an infinity where it is too large.

    Raises
    ------
    ValueError
        The base is not above 0, or the result of the one number is too large.

    Examples
    --------
    >>> maths.exponential(0.0), maths.exponential(3.0, base=10.0)
    (1.0, 1000.0)
    """
    import numpy

    if base is None:
        return on_each(numpy.exp, value, "e to this power is too large")
    if not base > 0.0:
        raise ValueError(f"the base is {base:g}: it must be above 0")
    return on_each(lambda exponent: numpy.power(float(base), exponent), value, "the result is too large")


@node(tags=("log", "ln", "log10", "log2", "decade", "octave"), pure=True)
def logarithm(value: Quantity, base: Annotated[float, Range(0.0)] | None = None) -> Quantity:
    """Take the logarithm of a value: the natural one, or one to another base.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, above 0 (dimensionless; of another one the number in its unit is taken).
    base : float, optional
        The base (dimensionless), above 0 and not 1; None for e = 2.718...

    Returns
    -------
    float, Array or Waveform
        The power to which the base must be raised for the value (dimensionless). In arrays and signals minus infinity
        where the value is 0, NaN where it is below.

    Raises
    ------
    ValueError
        The number is not above 0, or the base is none.

    Examples
    --------
    >>> maths.logarithm(1000.0, base=10.0)
    3.0
    """
    import numpy

    problem = "only a number above 0 has a logarithm"
    if base is None:
        return on_each(numpy.log, value, problem)
    if not base > 0.0 or base == 1.0:
        raise ValueError(f"the base is {base:g}: it must be above 0 and not 1")
    exact = {2.0: numpy.log2, 10.0: numpy.log10}.get(float(base))
    if exact is not None:
        return on_each(exact, value, problem)
    return on_each(lambda known: numpy.divide(numpy.log(known), numpy.log(base)), value, problem)


@node(title="To decibels", tags=("dB", "decibel", "level", "gain", "log", "attenuation"), pure=True)
def to_decibels(value: Quantity, reference: float = 1.0, kind: Literal["amplitude", "power"] = "amplitude") -> Quantity:
    """Say how many decibels a value is above a reference.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit; its sign does not matter.
    reference : float
        What counts as 0 dB, in the unit of the value.
    kind : str
        ``"amplitude"`` for a voltage, a current or a pressure (20 dB for a factor of 10), ``"power"`` for a power or
        an energy (10 dB for a factor of 10).

    Returns
    -------
    float, Array or Waveform
        The level in dB. In arrays and signals minus infinity where the value is 0.

    Raises
    ------
    ValueError
        The number is 0, or the reference is not above 0.

    Examples
    --------
    >>> maths.to_decibels(10.0), maths.to_decibels(10.0, kind="power")
    (20.0, 10.0)
    """
    import numpy

    base = single(reference, "reference")
    if not base > 0.0:
        raise ValueError(f"the reference is {base:g}: it must be above 0")
    factor = 20.0 if kind == "amplitude" else 10.0

    def level(known: Any) -> Any:
        return numpy.multiply(numpy.log10(numpy.divide(numpy.absolute(known), base)), factor)

    result = on_each(level, value, "0 has no level in dB")
    return result.with_y(result.y, "dB") if isinstance(result, Waveform) else result


@node(title="From decibels", tags=("dB", "decibel", "level", "gain", "antilog", "attenuation"), pure=True)
def from_decibels(
    level: Annotated[Quantity, Unit("dB")], reference: float = 1.0, kind: Literal["amplitude", "power"] = "amplitude"
) -> Quantity:
    """Find the value that is so many decibels above a reference.

    Parameters
    ----------
    level : float, Array or Waveform
        The level in dB.
    reference : float
        What counts as 0 dB, in the unit of the result.
    kind : str
        ``"amplitude"`` for a voltage, a current or a pressure (20 dB for a factor of 10), ``"power"`` for a power or
        an energy (10 dB for a factor of 10).

    Returns
    -------
    float, Array or Waveform
        The value, in the unit of the reference.

    Raises
    ------
    ValueError
        The result of the one number is too large.

    Examples
    --------
    >>> maths.from_decibels(40.0)
    100.0
    """
    import numpy

    factor = 20.0 if kind == "amplitude" else 10.0

    def value(known: Any) -> Any:
        return numpy.multiply(numpy.power(10.0, numpy.divide(known, factor)), reference)

    return on_each(value, level, "the result is too large")
