"""The parameters of a function as parts of their text: read, put in, taken out, and written back."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass, replace

from flodesk.flow.model import Function
from flodesk.flow.wiring.refused import Refused


@dataclass(frozen=True, slots=True)
class Part:
    """One parameter as it is written; `name` is empty for the signs ``*`` and ``/``."""

    text: str
    name: str
    default: bool
    sign: str = ""
    """``*`` or ``**`` before the name, or the sign alone."""


def parts_of(function: Function) -> list[Part]:
    """Return the parameters of a function in their order.

    Raises
    ------
    Refused
        Comments stand among them, which would be lost.
    """
    found: list[Part] = []
    for text in _split(function):
        sign = text[: len(text) - len(text.lstrip("*/"))]
        tree = ast.parse(f"def f({text if sign != '*' or len(text) > 1 else 'x'}): pass") if text != "/" else None
        bare = text in ("*", "/")
        definition = tree.body[0] if tree is not None else None
        assert bare or isinstance(definition, ast.FunctionDef)
        given = definition.args if isinstance(definition, ast.FunctionDef) and not bare else None
        names = [*given.args, *filter(None, (given.vararg, given.kwarg))] if given is not None else []
        found.append(Part(text, names[0].arg if names else "", bool(given and given.defaults), sign))
    return found


def _split(function: Function) -> list[str]:
    """Cut the text between the brackets at its commas."""
    text, cuts, depth = function.parameters, [0], 0
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for token in tokenize.generate_tokens(io.StringIO(f"({text})").readline):
        if token.type == tokenize.COMMENT:
            raise Refused(f"Comments stand among the parameters of “{function.name}”: change them in the script.")
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
            if token.string == "," and depth == 1:
                row, column = token.start
                cuts.append(starts[row - 1] + column - (1 if row == 1 else 0) + 1)
    ends = [cut - 1 for cut in cuts[1:]] + [len(text)]
    pieces = (text[begin:end].strip() for begin, end in zip(cuts, ends, strict=True))
    return [piece for piece in pieces if piece]


def written(function: Function, parts: list[Part]) -> Function:
    """Return the function with these parameters; what else stands in its first line stays where it can."""
    text = ", ".join(part.text for part in parts)
    return _with(function, function.parameters, text, parameters=text)


def with_result(function: Function, returns: str) -> Function:
    """Return the function with another annotation of what it returns."""
    if function.returns:
        return _with(function, function.returns, returns, returns=returns)
    return replace(function, returns=returns, raw=None)


def _with(function: Function, old: str, new: str, **changes: str) -> Function:
    raw = function.raw
    if raw is not None:
        opening = raw.find("(")
        inside = f"({old}" if "parameters" in changes else old
        at = raw.find(inside, opening)
        fits = opening >= 0 and at >= 0 and bool(old or "()" in raw)
        at += len(inside) - len(old)
        raw = raw[:at] + new + raw[at + len(old) :] if fits else None
    return replace(function, raw=raw, **changes)  # type: ignore[arg-type]


def place_for_required(parts: list[Part]) -> int:
    """Return where a parameter without a default can stand, as far back as can be."""
    return next((n for n, part in enumerate(parts) if part.default or (part.sign and part.sign != "/")), len(parts))
