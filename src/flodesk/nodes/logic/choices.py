"""Choices between values, and votes of truths."""

from __future__ import annotations

from typing import Annotated, Any

from flodesk.public import Range, node


@node(tags=("if", "ternary", "choose", "multiplexer", "merge", "either"), pure=True)
def select(condition: bool, then: Any, otherwise: Any) -> Any:
    """Pass one of two values on, by a truth. Both are there; a switch lets only one arm run.

    Parameters
    ----------
    condition : bool
        Which one is taken.
    then, otherwise : Any
        What is given if it is true, and if it is false.

    Returns
    -------
    Any
        The one that is taken.

    Examples
    --------
    >>> logic.select(True, "warm", "cold")
    'warm'
    """
    return then if condition else otherwise


@node(tags=("case", "multiplexer", "index", "selector", "pick"), pure=True)
def choose(index: int, *values: Any) -> Any:
    """Pass one of many values on, by its number.

    Parameters
    ----------
    index : int
        Number of the value, from 0 (dimensionless).
    *values : Any
        The values.

    Returns
    -------
    Any
        The one with that number.

    Raises
    ------
    ValueError
        There is none with that number.

    Examples
    --------
    >>> logic.choose(1, "low", "middle", "high")
    'middle'
    """
    if not 0 <= index < len(values):
        raise ValueError(f"there is no value number {index}: {len(values)} are wired, counted from 0")
    return values[int(index)]


@node(tags=("2 of 3", "majority", "at least", "redundancy", "quorum", "all", "any"), pure=True)
def vote(*truths: bool, needed: Annotated[int, Range(1)] = 2) -> bool:
    """Say whether at least so many of several truths are true.

    Parameters
    ----------
    *truths : bool
        The truths.
    needed : int
        How many have to be true.

    Returns
    -------
    bool
        True if they are enough.

    Raises
    ------
    ValueError
        There are fewer truths than have to be true.

    Examples
    --------
    >>> logic.vote(True, False, True, needed=2)
    True
    """
    if needed > len(truths):
        raise ValueError(f"{needed} have to be true and {len(truths)} are wired: wire more, or lower needed")
    return sum(bool(truth) for truth in truths) >= needed
