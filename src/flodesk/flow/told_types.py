"""What the type that a docstring names in words means: ``int``, ``(N,) array_like``, ``{'full', 'same'}, optional``.

Such words are for people and seldom say all (``'low'`` goes where only ``'lowpass'`` is listed). So they choose
editors, colors and what is offered, and refuse nothing: see `Parameter.loose`.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from functools import cache, lru_cache

from flodesk.flow.annotation import Meaning
from flodesk.flow.syntax import literal
from flodesk.flow.types import PortType, common

_SET = re.compile(r"^\s*(?:str(?:ing)?|int|bool)?\s*(?:,|in|of|:)?\s*(\{[^{}]*\})")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_NOISE = re.compile(
    r"\b(?:optional|default|of (?:shape|length|size|dtype|type|dimension)|with shape)\b.*|\bshape\s*[=(].*",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN = re.compile(
    r"(?:between|in (?:the )?(?:range|interval)?\s*(?:of )?|range\s*)\s*[\[(]?\s*(-?\d+(?:\.\d*)?)\s*(?:,|and|to)\s*"
    r"(-?\d+(?:\.\d*)?)\s*[\])]?(?!\w)",
    re.IGNORECASE,
)
_LEAST = re.compile(r">=?\s*(-?\d+(?:\.\d*)?)")
_KINDS: tuple[tuple[str, PortType], ...] = (
    (r"\bdata ?frames?\b", "table"),
    (r"\b(?:nd)?arrays?(?:[_ -]?likes?)?\b|\bmatrix\b|\bimages?\b|\bvectors?\b|\bSeries\b|\bnd ?array", "array"),
    (r"\b(?:lists?|tuples?|sequences?|iterables?|sets?)\b", "list"),
    (r"\bbool(?:ean)?s?\b|\btrue\b|\bfalse\b", "truth"),
    (r"\bint(?:eger)?s?\b", "integer"),
    (r"\b(?:float(?:ing)?|scalars?|numbers?|numeric|real|double)\b", "number"),
    (r"\b(?:str|strings?|text)\b", "text"),
    (r"\bpathlib\b|\bpath(?:[_ -]?like)?\b|\bfile ?names?\b", "path"),
    (r"\bNone(?:Type)?\b", "none"),
)
_UNKNOWN = re.compile(
    r"\b(?:callable|functions?|dict(?:ionary)?|objects?|instances?|complex|dtypes?|generator|estimator|sparse|any|class"
    r"|slice|model|random[_ ]?state|[A-Z]\w*[a-z]\w*[A-Z]\w*)\b"
)


@lru_cache(maxsize=8192)
def told_type(text: str) -> Meaning:
    """Say what a type in words means; one that nothing is known about is ``any``."""
    if not text:
        return Meaning()
    optional = bool(re.search(r"\bNone\b", text))
    if (found := _SET.match(text)) and (values := _entries(found[1])):
        rest = _NOISE.sub("", text[found.end() :]).strip(" ,.;:")
        if re.fullmatch(r"(?:or None|None|str(?:ing)?|bool|int)?", rest):
            kinds = common("truth" if isinstance(v, bool) else "integer" if isinstance(v, int) else
                           "number" if isinstance(v, float) else "text" for v in values)  # fmt: skip
            return Meaning(kinds, choices=values, optional=optional)
        return Meaning(optional=optional)
    words = _QUOTED.sub("str", _NOISE.sub("", text)).replace("``", "")
    return _limited(replace(_plain(words), optional=optional), text)


def _entries(text: str) -> tuple[object, ...]:
    """Give what stands between braces as values, without None; empty if one of them is no plain value."""
    try:
        tree = ast.parse(text.replace("\n", " "), mode="eval").body
    except (SyntaxError, ValueError):
        return ()
    if not isinstance(tree, ast.Set):
        return ()
    try:
        values = tuple(dict.fromkeys(literal(part) for part in tree.elts))
    except (ValueError, TypeError):
        return ()
    real = tuple(value for value in values if value is not None)
    return real if all(isinstance(value, str | int | float) for value in real) else ()


def _plain(words: str) -> Meaning:
    """Read words that are no set of choices: the type that all of its alternatives have."""
    parts = [part for part in re.split(r"\bor\b|\||/|;|,(?![^(\[]*[)\]])", words) if part.strip(" ,.()")]
    kinds: set[PortType] = set()
    for part in parts:
        named = [kind for pattern, kind in _words() if pattern.search(part)]
        if _UNKNOWN.search(part) and named[:1] != ["table"]:
            return Meaning()
        if named:
            kinds.add(named[0])
    optional = "none" in kinds and len(kinds) > 1
    kinds -= {"none"}
    if kinds == {"array", "list"} or kinds == {"array", "number"}:
        return Meaning("array" if "list" in kinds else "any")
    return Meaning(common(kinds) if kinds else "any", optional=optional)


@cache
def _words() -> tuple[tuple[re.Pattern[str], PortType], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _KINDS)


def _limited(meaning: Meaning, text: str) -> Meaning:
    """Read the limits that a type of numbers is said to have: ``float in [0, 1]``, ``int > 0``, ``positive int``."""
    if meaning.type not in ("number", "integer"):
        return meaning
    if found := _BETWEEN.search(text):
        low, high = float(found[1]), float(found[2])
        return replace(meaning, minimum=low, maximum=high) if low < high else meaning
    if found := _LEAST.search(text):
        strict = ">=" not in found[0] and meaning.type == "integer"
        return replace(meaning, minimum=float(found[1]) + strict)
    if re.search(r"\bnon-?negative\b", text, re.IGNORECASE):
        return replace(meaning, minimum=0.0)
    if re.search(r"\bpositive\b", text, re.IGNORECASE):
        return replace(meaning, minimum=1.0 if meaning.type == "integer" else 0.0)
    return meaning


__all__ = ["told_type"]
