"""A formula as a node."""

from __future__ import annotations

from flodesk.nodes._formula import read
from flodesk.nodes._quantity import quantity
from flodesk.public import Quantity, node


@node(
    tags=("expression", "formula node", "equation", "calculator", "function", "eval", "script", "MathScript"), pure=True
)
def formula(
    x: Quantity,
    formula: str = "2 * x + 1",
    a: Quantity | None = None,
    b: Quantity | None = None,
    c: Quantity | None = None,
) -> Quantity:
    """Calculate a formula.

    It may use ``+ - * / // % **`` (``^`` is a power, too), comparisons, ``and``, ``or``, ``not``, ``p if q else r``,
    the constants ``pi`` and ``e``, and the functions abs, acos, asin, atan, atan2, cbrt, ceil, cos, cosh, degrees, exp,
    floor, hypot, ln, log, log10, log2, max, min, radians, round, sign, sin, sinh, sqrt, tan and tanh. Angles are in
    radians.

    Parameters
    ----------
    x : float, Array or Waveform
        What ``x`` is in the formula, in any unit.
    formula : str
        The formula, as ``a * sin(2 * pi * x) + b``.
    a, b, c : float, Array or Waveform, optional
        What ``a``, ``b`` and ``c`` are in it; only those that it uses have to be there.

    Returns
    -------
    float, Array or Waveform
        Its value, calculated place by place for arrays and signals. Signals keep their units as far as they are known.

    Raises
    ------
    ValueError
        The formula cannot be read, or reads what is not there, or shapes and units do not fit.

    Examples
    --------
    >>> maths.formula(3.0, "a * x^2 + 1", a=2.0)
    19.0
    >>> maths.formula(np.array([-1.0, 4.0]), "sqrt(x) if x > 0 else 0")
    array([0., 2.])
    """
    read_in = read(formula)
    given = {"x": x, "a": a, "b": b, "c": c}
    for name in read_in.names:
        if name in given and given[name] is None:
            raise ValueError(f"the formula reads {name}, and nothing is given for it: set or wire {name}")
    return read_in.value({name: quantity(value, name) for name, value in given.items() if value is not None})
