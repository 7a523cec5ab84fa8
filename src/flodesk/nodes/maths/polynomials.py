"""Polynomials and complex numbers."""

from __future__ import annotations

from typing import Annotated, Any

from flodesk.nodes._quantity import along, like, quantity, samples
from flodesk.public import Array, Quantity, Unit, node


def _coefficients(coefficients: Any) -> Any:
    array = along(coefficients, "coefficients")
    if array.ndim != 1:
        raise ValueError(f"coefficients have the shape {array.shape}: give one after the other")
    return array


@node(tags=("polyval", "evaluate", "curve", "calibration", "horner"), pure=True)
def polynomial(x: Quantity, coefficients: Array) -> Quantity:
    """Evaluate a polynomial.

    Parameters
    ----------
    x : float, Array or Waveform
        Where it is evaluated.
    coefficients : Array
        Its coefficients, shape (degree + 1,), that of the highest power first: ``[2, 0, -1]`` is 2 x² - 1.

    Returns
    -------
    float, Array or Waveform
        The values, in the shape of `x`; the unit of a signal is left out.

    Raises
    ------
    ValueError
        There are no coefficients, or they do not lie one after the other.

    Examples
    --------
    >>> maths.polynomial(3.0, [2.0, 0.0, -1.0])
    17.0
    """
    import numpy

    known = quantity(x, "x")
    return like(known, numpy.polyval(_coefficients(coefficients), samples(known)), "")


@node(tags=("zeros", "solve", "polynomial", "quadratic equation"), pure=True)
def roots(coefficients: Array) -> Array:
    """Find where a polynomial is 0.

    Parameters
    ----------
    coefficients : Array
        Its coefficients, shape (degree + 1,), that of the highest power first: ``[1, -3, 2]`` is x² - 3 x + 2.

    Returns
    -------
    Array
        The roots, shape (degree,), each as often as it is one, in the order of their real parts; complex if one is.

    Raises
    ------
    ValueError
        There are no coefficients, or only zeros.

    Notes
    -----
    Eigenvalues of the companion matrix. Source: R. A. Horn, C. R. Johnson, Matrix Analysis, section 3.3.

    Examples
    --------
    >>> maths.roots([1.0, -3.0, 2.0])
    array([1., 2.])
    """
    import numpy

    array = _coefficients(coefficients)
    if not array.any():
        raise ValueError("all coefficients are 0: every number is a root")
    return numpy.sort(numpy.roots(array))


@node(title="Make complex", tags=("complex", "imaginary", "real", "phasor", "build"), pure=True)
def make_complex(real: Quantity, imaginary: Quantity) -> Quantity:
    """Make complex numbers of their real and imaginary parts.

    Parameters
    ----------
    real, imaginary : float, Array or Waveform
        The parts, in one unit, of shapes that fit each other.

    Returns
    -------
    complex, Array or Waveform
        ``real + i * imaginary``, in the unit of the parts.

    Raises
    ------
    ValueError
        Rates, lengths, shapes or units do not fit.

    Examples
    --------
    >>> maths.make_complex(3.0, 4.0)
    (3+4j)
    """
    import numpy

    return numpy.add(quantity(real, "real"), numpy.multiply(quantity(imaginary, "imaginary"), 1j))


@node(title="Polar to complex", tags=("phasor", "polar", "magnitude", "phase", "complex"), pure=True)
def from_polar(magnitude: Quantity, phase: Annotated[Quantity, Unit("rad")]) -> Quantity:
    """Make complex numbers of their magnitudes and phases.

    Parameters
    ----------
    magnitude : float, Array or Waveform
        The size, in any unit.
    phase : float, Array or Waveform
        The angle in rad, counted from the real axis.

    Returns
    -------
    complex, Array or Waveform
        The complex number, in the unit of the magnitude.

    Raises
    ------
    ValueError
        Rates, lengths or shapes do not fit.

    Examples
    --------
    >>> maths.round(maths.from_polar(2.0, np.pi / 2), digits=9)
    2j
    """
    import numpy

    angle = quantity(phase, "phase")
    turned = numpy.exp(numpy.multiply(angle, 1j))
    return numpy.multiply(quantity(magnitude, "magnitude"), turned)


@node(title="Real part", tags=("complex", "re"), pure=True)
def real(value: Quantity) -> Quantity:
    """Take the real part of complex numbers.

    Parameters
    ----------
    value : complex, Array or Waveform
        The value, in any unit.

    Returns
    -------
    float, Array or Waveform
        The real part, in the unit of the value.

    Examples
    --------
    >>> maths.real(3 + 4j)
    3.0
    """
    return like(value, samples(value, "value").real[()])


@node(title="Imaginary part", tags=("complex", "im"), pure=True)
def imaginary(value: Quantity) -> Quantity:
    """Take the imaginary part of complex numbers.

    Parameters
    ----------
    value : complex, Array or Waveform
        The value, in any unit.

    Returns
    -------
    float, Array or Waveform
        The imaginary part, in the unit of the value.

    Examples
    --------
    >>> maths.imaginary(3 + 4j)
    4.0
    """
    return like(value, samples(value, "value").imag[()])


@node(title="Phase", tags=("complex", "angle", "argument", "arg", "phasor"), pure=True)
def phase(value: Quantity) -> Quantity:
    """Find the angle of complex numbers to the real axis; their size is what Absolute gives.

    Parameters
    ----------
    value : complex, Array or Waveform
        The value, in any unit.

    Returns
    -------
    float, Array or Waveform
        The angle in rad, from -π to π; that of 0 is 0.

    Examples
    --------
    >>> maths.degrees(maths.phase(2j))
    90.0
    """
    import numpy

    return like(value, numpy.angle(samples(value, "value")), "rad")


@node(title="Conjugate", tags=("complex", "conj"), pure=True)
def conjugate(value: Quantity) -> Quantity:
    """Turn the sign of the imaginary part of complex numbers.

    Parameters
    ----------
    value : complex, Array or Waveform
        The value, in any unit.

    Returns
    -------
    complex, Array or Waveform
        The conjugate, in the unit of the value.

    Examples
    --------
    >>> maths.conjugate(3 + 4j)
    (3-4j)
    """
    import numpy

    return numpy.conjugate(quantity(value))
