"""The heads of compound statements: where they end, and what stands in them beside expressions."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from flodesk.flow.script.text import Opaque, Text

_GAP = re.compile(r"(?:[ \t\f\r\n\\(),/]|#[^\r\n]*)*")
_HEAD_REST = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_ELSE = re.compile(r"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*([ \t\f]*)else[ \t\f]*(?=:)")


@dataclass(frozen=True, slots=True)
class Head:
    """A head up to the end of the line of its colon.

    Attributes
    ----------
    raw, ending : str
        Its text, and how its last line ends if in an unusual way.
    following : int
        Offset of the next line.
    bare : bool
        Whether the body is a ``pass`` on the same line.
    note : str
        The comment behind the colon.
    """

    raw: str
    ending: str
    following: int
    bare: bool
    note: str


def find_head(text: Text, start: int, after: int, body: list[ast.stmt]) -> Head:
    """Find the line on which a head ends.

    Parameters
    ----------
    start, after : int
        Offsets of its first character and behind its last expression.
    body : list of statements
        What is below it.

    Raises
    ------
    Opaque
        A body other than ``pass`` begins on the head's own line.
    """
    colon = over_gap(text, after)
    if text.text[colon : colon + 1] != ":":
        raise Opaque
    rest = _HEAD_REST.match(text.text, colon + 1)
    if rest:
        end, note = rest.end(), rest[0].strip().removeprefix("#").strip()
    elif len(body) == 1 and isinstance(body[0], ast.Pass):
        end, note = text.rest(text.end(body[0])), ""
    else:
        raise Opaque
    return Head(text.text[start:end], text.ending(end), text.after_break(end), rest is None, note)


def over_gap(text: Text, offset: int) -> int:
    """Go over brackets, commas, blanks, ends of lines and comments behind an expression."""
    found = _GAP.match(text.text, offset)
    return found.end() if found else offset


def find_else(text: Text, offset: int, indent: str) -> tuple[int, int, int]:
    """Find an ``else`` behind a body.

    Returns
    -------
    line, start, end
        Offsets of its line, of the word, and of the colon.

    Raises
    ------
    Opaque
        It is laid out in some unusual way.
    """
    found = _ELSE.match(text.text, offset)
    if not found or found[1] != indent:
        raise Opaque
    return found.start(1), found.end(1), found.end()


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function's head says, as written.

    `after` is the offset behind all of it but the colon, `arrow` that behind the arrow, -1 if there is none.
    """

    parameters: str
    returns: str
    after: int
    arrow: int = -1


def find_signature(text: Text, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Signature:
    """Find parameters and return annotation in the head of a function."""
    opening = text.text.index("(", text.start(node))
    a = node.args
    some = [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg, *a.defaults, *a.kw_defaults]
    last = max((text.end(part) for part in some if part is not None), default=opening + 1)
    after = over_gap(text, last)
    parameters = text.text[opening + 1 : _last_bracket(text.text, last, after)]
    if node.returns is None:
        return Signature(parameters, "", after)
    end = text.end(node.returns)
    return Signature(parameters, text.text[after + 2 : over_gap(text, end)].strip(), end, after + 2)


def _last_bracket(text: str, start: int, end: int) -> int:
    """Offset of the last ``)`` between two offsets that is not in a comment."""
    found = -1
    while start < end:
        if text[start] == "#":
            start = min((p for p in (text.find("\n", start), text.find("\r", start)) if p >= 0), default=end)
            continue
        if text[start] == ")":
            found = start
        start += 1
    if found < 0:
        raise Opaque
    return found
