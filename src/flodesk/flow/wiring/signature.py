"""The parameters of a function as parts of their text: read, put in, taken out, and written back."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass, replace

from flodesk.flow.model import Function
from flodesk.flow.script.heads import find_signature
from flodesk.flow.script.text import Text
from flodesk.flow.syntax import parse_tree
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
    return [_part(text) or Part(text, "", False, text) for text in _split(function)]


def _part(text: str) -> Part | None:
    """Read one parameter; None if the text is none, or only a piece of one."""
    try:
        tree = parse_tree(f"def f({text}): pass").body[0]
    except SyntaxError:
        return None
    assert isinstance(tree, ast.FunctionDef)
    given = tree.args
    names = [*given.args, *filter(None, (given.vararg, given.kwarg))]
    sign = text[: len(text) - len(text.lstrip("*"))]
    return Part(text, names[0].arg, bool(given.defaults), sign) if len(names) == 1 else None


def _split(function: Function) -> list[str]:
    """Cut the text between the brackets at its commas, but for those of a ``lambda``."""
    text, cuts, depth = function.parameters, [0], 0
    starts = Text(f"({text})").starts
    for token in tokenize.generate_tokens(io.StringIO(f"({text})", newline="").readline):
        if token.type == tokenize.COMMENT:
            raise Refused(f"Comments stand among the parameters of “{function.name}”: change them in the script.")
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
            if token.string == "," and depth == 1:
                row, column = token.start
                cuts.append(starts[row - 1] + column)
    found: list[str] = []
    begin = 0
    for end in [*cuts[1:], len(text)]:
        piece = text[begin:end].strip().removesuffix(",").strip()
        if not piece or piece in ("*", "/") or _part(piece) is not None:
            found.append(piece)
            begin = end
    if begin < len(text) and text[begin:].strip(" ,\t\r\n"):
        raise Refused(f"The parameters of “{function.name}” cannot be told apart: change them in the script.")
    return [piece for piece in found if piece]


def written(function: Function, parts: list[Part]) -> Function:
    """Return the function with these parameters; what else stands in its first line stays as it is."""
    text = ", ".join(part.text for part in _without_bare(parts))
    raw, places = function.raw, _places(function)
    if raw is not None and places is not None:
        raw = raw[: places.opening] + text + raw[places.closing :]
    return replace(function, raw=raw if places is not None else None, parameters=text)


def with_result(function: Function, returns: str) -> Function:
    """Return the function with another annotation of what it returns."""
    raw, places = function.raw, _places(function)
    if raw is not None and places is not None:
        old = places.returns
        if old is not None:
            raw = raw[: old[0]] + returns + raw[old[1] :]
        else:
            raw = f"{raw[: places.closing + 1]} -> {returns}{raw[places.closing + 1 :]}"
    return replace(function, raw=raw if places is not None else None, returns=returns)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the parts of a head stand in its text: between the brackets, and the annotation of what it returns."""

    opening: int
    closing: int
    returns: tuple[int, int] | None


def _places(function: Function) -> _Places | None:
    """Find the parts of the head of a function by what the parser says; None where it is to be rendered anew."""
    raw = function.raw
    for whole in () if raw is None else (f"{raw}\n    pass", raw):
        try:
            node = parse_tree(whole).body[0]
        except SyntaxError:
            continue
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        text = Text(whole)
        found = find_signature(text, node)
        opening = whole.index("(", text.start(node)) + 1
        closing = opening + len(found.parameters)
        if (found.parameters, found.returns) != (function.parameters, function.returns) or whole[closing] != ")":
            return None
        if node.returns is None:
            return _Places(opening, closing, None)
        start = whole.index(found.returns, found.arrow)
        return _Places(opening, closing, (start, start + len(found.returns)))
    return None


def _without_bare(parts: list[Part]) -> list[Part]:
    """Leave out a ``/`` with nothing before it, and a ``*`` with nothing behind it that it could divide from."""
    kept = [p for n, p in enumerate(parts) if p.text != "/" or any(other.name for other in parts[:n])]
    return [p for n, p in enumerate(kept) if p.text != "*" or any(not other.sign for other in kept[n + 1 :])]


def place_for_required(parts: list[Part]) -> int:
    """Return where a parameter without a default can stand, as far back as can be."""
    return next((n for n, part in enumerate(parts) if part.default or (part.sign and part.sign != "/")), len(parts))


def is_constant(text: str) -> bool:
    """Say whether an expression is the same each time: written out, a name of the file's top, or calculated of these.

    What can be changed (a list), and what a call makes, is another object each time.
    """
    tree = parse_tree(f"({text}\n)", mode="eval").body
    calculated = ast.Constant | ast.UnaryOp | ast.BinOp | ast.Tuple | ast.Name | ast.Attribute
    signs = ast.operator | ast.unaryop | ast.expr_context
    return all(isinstance(node, calculated | signs) for node in ast.walk(tree))
