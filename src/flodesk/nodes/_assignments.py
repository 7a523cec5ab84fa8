"""Numbers and formulas by their names, as a hand types them in one field: ``a = 1, b = 2.5`` and ``dx = -x``."""

from __future__ import annotations

import math

from flodesk.nodes._formula import Formula, read


def values_of(text: str, what: str) -> dict[str, float]:
    """Return the numbers of a text such as ``a = 1, b = 2.5``; commas, semicolons or lines part them.

    Parameters
    ----------
    text : str
        What was typed; an empty one gives nothing.
    what : str
        The field that it is of, for the message.

    Raises
    ------
    ValueError
        A part is no name with a number.
    """
    found: dict[str, float] = {}
    for part in text.replace(";", ",").replace("\n", ",").split(","):
        if not part.strip():
            continue
        name, number = _parted(part, what)
        formula = read(number) if number else None
        value = math.nan if formula is None or formula.names else float(formula.value({}))
        if not math.isfinite(value):
            raise ValueError(f"{part.strip()!r} in {what} gives no number: write it as x = 1.5")
        found[name] = value
    return found


def equations_of(text: str, what: str) -> dict[str, Formula]:
    """Return the formulas of a text such as ``dx = -x`` by the names to their left; semicolons or lines part them.

    Raises
    ------
    ValueError
        There is none, or a part is no name with a formula.
    """
    found: dict[str, Formula] = {}
    for part in text.replace(";", "\n").splitlines():
        if part.strip():
            name, formula = _parted(part, what)
            found[name] = read(formula)
    if not found:
        raise ValueError(f"{what} is empty: write a line such as dx = -x")
    return found


def _parted(part: str, what: str) -> tuple[str, str]:
    name, equals, rest = (piece.strip() for piece in part.partition("="))
    if not name.isidentifier() or not equals:
        raise ValueError(f"{part.strip()!r} in {what} does not begin with a name and =, as in x = 1.5")
    return name, rest
