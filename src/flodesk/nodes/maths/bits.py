"""Bits of whole numbers, as the status registers of instruments hold them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.nodes._quantity import samples
from flodesk.public import Array, Quantity, Range, node


def _whole(value: Any, name: str) -> Any:
    """Return whole numbers from 0 on, as unsigned integers of 64 bits."""
    import numpy

    found = samples(value, name)
    if found.dtype.kind == "f" and not (found == numpy.floor(found)).all():
        raise ValueError(f"{name} holds numbers that are not whole: bits are those of whole ones")
    large = found.dtype.kind == "O" or (found.dtype.kind == "f" and (found >= 2.0**64).any())
    if large or found.dtype.kind == "c" or (found < 0).any():
        raise ValueError(f"{name} holds numbers that are not from 0 to 2^64 - 1: they have no bits here")
    return found.astype(numpy.uint64)


def _given(result: Any) -> Any:
    return result if result.ndim else int(result)


@node(title="Is bit set", tags=("status", "register", "flag", "mask", "bit"), pure=True)
def is_bit_set(value: Quantity, bit: Annotated[int, Range(0, 63)] = 0) -> Quantity:
    """Say whether a bit of a whole number is set, as in the status byte of an instrument.

    Parameters
    ----------
    value : int or Array
        The number, from 0 on (dimensionless).
    bit : int
        Number of the bit: 0 for the lowest, which is worth 1.

    Returns
    -------
    bool or Array
        True where it is set.

    Raises
    ------
    ValueError
        The number is not whole or below 0, or there is no such bit.

    Examples
    --------
    >>> maths.is_bit_set(0b1000_0010, bit=7), maths.is_bit_set(0b1000_0010, bit=0)
    (True, False)
    """
    import numpy

    if not 0 <= bit <= 63:
        raise ValueError(f"the bit is {bit}: give 0 to 63")
    found = (_whole(value, "value") >> numpy.uint64(bit)) & numpy.uint64(1)
    return found.astype(bool) if found.ndim else bool(found)


@node(tags=("bit and", "bit or", "bit xor", "mask", "register", "&", "|", "^"), pure=True)
def bitwise(a: Quantity, b: Quantity, how: Literal["and", "or", "xor"] = "and") -> Quantity:
    """Combine the bits of two whole numbers.

    Parameters
    ----------
    a, b : int or Array
        The numbers, from 0 on (dimensionless).
    how : str
        Which bits are set in the result: those that are set in both (``"and"``), in at least one (``"or"``), or in one
        only (``"xor"``).

    Returns
    -------
    int or Array
        The combined bits as a number.

    Raises
    ------
    ValueError
        A number is not whole or below 0, or the shapes do not fit.

    Examples
    --------
    >>> maths.bitwise(0b1100, 0b1010), maths.bitwise(0b1100, 0b1010, how="xor")
    (8, 6)
    """
    import numpy

    functions = {"and": numpy.bitwise_and, "or": numpy.bitwise_or, "xor": numpy.bitwise_xor}
    return _given(functions[how](_whole(a, "a"), _whole(b, "b")))


@node(title="Shift bits", tags=("<<", ">>", "logical shift", "register", "left", "right"), pure=True)
def shift_bits(value: Quantity, places: Annotated[int, Range(-63, 63)] = 1) -> Quantity:
    """Move the bits of a whole number.

    Parameters
    ----------
    value : int or Array
        The number, from 0 on (dimensionless).
    places : int
        Number of places to the left, which doubles the number each; negative ones to the right, which halves it.

    Returns
    -------
    int or Array
        The moved bits as a number; what goes beyond 64 bits or below the lowest is gone.

    Raises
    ------
    ValueError
        The number is not whole or below 0, or there are too many places.

    Examples
    --------
    >>> maths.shift_bits(3, places=4), maths.shift_bits(48, places=-4)
    (48, 3)
    """
    import numpy

    if not -63 <= places <= 63:
        raise ValueError(f"places is {places}: give -63 to 63")
    found = _whole(value, "value")
    return _given(found << numpy.uint64(places) if places >= 0 else found >> numpy.uint64(-places))


@node(title="Number to bits", tags=("binary", "flags", "unpack", "boolean array", "register"), pure=True)
def to_bits(value: int, number: Annotated[int, Range(1, 64)] = 8) -> Array:
    """Take a whole number apart into its bits.

    Parameters
    ----------
    value : int
        The number, from 0 on (dimensionless).
    number : int
        Number of bits.

    Returns
    -------
    Array
        A truth for each bit, the lowest first, shape (number,).

    Raises
    ------
    ValueError
        The number is not whole, below 0, or needs more bits.

    Examples
    --------
    >>> maths.to_bits(6, number=4)
    array([False,  True,  True, False])
    """
    import numpy

    if not 1 <= number <= 64:
        raise ValueError(f"number is {number}: give 1 to 64 bits")
    found = _whole(value, "value")
    if found.ndim:
        raise ValueError(f"the value has the shape {found.shape}: give one number")
    if number < 64 and int(found) >> number:
        raise ValueError(f"{int(found)} needs more than {number} bits: raise number")
    return ((found >> numpy.arange(number, dtype=numpy.uint64)) & numpy.uint64(1)).astype(bool)


@node(title="Bits to number", tags=("binary", "flags", "pack", "boolean array", "register"), pure=True)
def from_bits(bits: Array) -> int:
    """Put a whole number together from its bits.

    Parameters
    ----------
    bits : Array
        A truth for each bit, the lowest first, shape (n,), n up to 64.

    Returns
    -------
    int
        The number (dimensionless).

    Raises
    ------
    ValueError
        There are more than 64 bits, or they have rows.

    Examples
    --------
    >>> maths.from_bits([False, True, True, False])
    6
    """
    found = samples(bits, "bits")
    if found.ndim != 1 or found.size > 64:
        raise ValueError(f"the bits have the shape {found.shape}: give up to 64, one after the other")
    total = 0
    for place, one in enumerate(found.tolist()):
        total |= bool(one) << place
    return total
