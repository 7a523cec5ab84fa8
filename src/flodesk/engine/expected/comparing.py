"""What is different between what was expected and what came: the first thing, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flodesk.engine.expected.forms import Form

RTOL = 1e-9
"""Numbers may differ by so much of the larger one."""
_READABLE = ("summary", "rounded to", "begins")
"""Keys that are there to be read: a checksum decides."""
_MOST = 120


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much two numbers may differ: `rtol` of the larger one, or `atol`, whichever is more."""

    rtol: float = RTOL
    atol: float = 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that differs in a value.

    Attributes
    ----------
    where : str
        Which part of the value: ``.y.values[3]``; empty if it is the value itself.
    expected, came : str
        In words.
    """

    where: str
    expected: str
    came: str


def compare(expected: Form, came: Form, tolerance: Tolerance) -> Difference | None:
    """Return the first difference of two written values; None if there is none."""
    found = _differs(expected, came, "", tolerance, 0.0)
    if found is None:
        return None
    if found.where.endswith(".checksum"):  # hashes tell nobody anything: what they stand for does
        where = found.where.removesuffix(".checksum")
        return Difference(_shown(where), words(_at(expected, where)), words(_at(came, where)))
    return Difference(_shown(found.where), found.expected, found.came)


def words(form: Any) -> str:
    """Say in short what a written value is."""
    if not isinstance(form, Mapping):
        return _short(form)
    if "value" in form and "type" in form:
        return _short(form["value"])
    said = str(form.get("type", "column"))
    if "shape" in form:
        said += f" of shape {tuple(form['shape'])}"
    if "rows" in form:
        said += f" of {form['rows']} rows with the columns {', '.join(form['columns'])}"
    if "dtype" in form:
        said += f" of {form['dtype']}"
    if "length" in form:
        said += f" of length {form['length']}"
    if "values" in form:
        said += f" {form['values']}"
    if form.get("summary"):
        said += f" ({', '.join(f'{name} {value:.12g}' for name, value in form['summary'].items())})"
    if "checksum" in form:
        said += f", checksum {form['checksum'][:8]}"
    for part in ("fields", "items", "y"):
        if part in form:
            inner = form[part]
            several = (
                inner.items() if part == "fields" else enumerate(inner) if isinstance(inner, list) else [("", inner)]
            )
            said += " " + ", ".join(f"{name} {words(one)}".strip() for name, one in several)
    return said if len(said) <= _MOST else said[: _MOST - 1] + "…"


def _differs(expected: Any, came: Any, where: str, tolerance: Tolerance, scale: float) -> Difference | None:
    if isinstance(expected, Mapping) and isinstance(came, Mapping):
        return _of_mappings(expected, came, where, tolerance)
    if isinstance(expected, list) and isinstance(came, list):
        if len(expected) != len(came):
            return Difference(where, f"{len(expected)} entries", f"{len(came)} entries")
        # beside large numbers of one array, what a small one has beyond 1e-9 of them is the noise of rounding
        scale = max((abs(one) for one in expected if _is_number(one)), default=0.0) if where.endswith("values") else 0.0
        for number, (first, second) in enumerate(zip(expected, came, strict=True)):
            found = _differs(first, second, f"{where}[{number}]", tolerance, scale)
            if found is not None:
                return found
        return None
    return None if _equal(expected, came, tolerance, scale) else Difference(where, _short(expected), _short(came))


def _of_mappings(
    expected: Mapping[str, Any], came: Mapping[str, Any], where: str, tolerance: Tolerance
) -> Difference | None:
    for name in expected:
        if name in _READABLE and "checksum" in expected:
            continue
        if name not in came:
            return Difference(where, f"{name} {words(expected[name])}", f"no {name}: {words(came)}")
        found = _differs(expected[name], came[name], f"{where}.{name}", tolerance, 0.0)
        if found is not None:
            if name == "type" and found.where == f"{where}.type":
                return Difference(where, words(expected), words(came))
            return found
    more = [name for name in came if name not in expected and not (name in _READABLE or name == "checksum")]
    return Difference(where, f"no {more[0]}", f"{more[0]} {words(came[more[0]])}") if more else None


def _equal(expected: Any, came: Any, tolerance: Tolerance, scale: float) -> bool:
    if not _is_number(expected) or not _is_number(came):
        return type(expected) is type(came) and bool(expected == came)
    if isinstance(expected, int) and isinstance(came, int):
        return expected == came
    room = tolerance.rtol * max(abs(expected), abs(came), scale)
    return math.isclose(expected, came, rel_tol=0.0, abs_tol=max(room, tolerance.atol))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _at(form: Any, where: str) -> Any:
    """Return the part of a written value that `where` leads to."""
    for step in where.replace("[", ".[").split("."):
        if step:
            form = form[int(step[1:-1])] if step.startswith("[") else form[step]
    return form


def _shown(where: str) -> str:
    """Name a part as Python would: the words under which it is written down are left out."""
    for word in (".fields", ".items", ".values", ".value", ".columns"):
        where = where.replace(word + ".", ".").replace(word + "[", "[")
        where = where.removesuffix(word)
    return where


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


__all__ = ["RTOL", "Difference", "Tolerance", "compare", "words"]
