"""Texts: filled in, joined, taken apart, searched."""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

from flodesk.public import Template, node, render

__all__ = [
    "contains", "find", "join", "length", "letters", "number", "pad", "part", "replace", "similarity", "split",
    "template", "to_number",
]  # fmt: skip


@node(tags=("format", "fill", "jinja", "string", "message"))
def template(template: Template, **values: Any) -> str:
    """Fill values into a text.

    Parameters
    ----------
    template : str
        The text, with ``{{ name }}`` where a value goes; Jinja2's filters may follow: ``{{ volt | round(2) }}``.
    **values : Any
        The values, each by its name.

    Returns
    -------
    str
        The text with the values in it.

    Raises
    ------
    ValueError
        The template cannot be read, or names a value that is not given.

    Examples
    --------
    >>> text.template("U = {{ volt | round(2) }} V", volt=4.6996)
    'U = 4.7 V'
    """
    return render(template, values)


@node(tags=("concatenate", "string", "list"))
def join(*values: Any, separator: str = " ") -> str:
    """Join values to one text.

    Parameters
    ----------
    *values : Any
        What is joined; a list gives its entries.
    separator : str
        What stands between two of them.

    Returns
    -------
    str
        The joined text.

    Examples
    --------
    >>> text.join("a", ["b", 3], separator=", ")
    'a, b, 3'
    """
    parts: list[Any] = []
    for value in values:
        parts.extend(value if isinstance(value, list | tuple) else [value])
    return separator.join(map(str, parts))


@node(tags=("string", "words", "list", "csv"))
def split(text: str, separator: str = "", strip: bool = True) -> list[str]:
    """Take a text apart.

    Parameters
    ----------
    text : str
        The text.
    separator : str
        What stands between two parts; empty for any white space.
    strip : bool
        Take white space off both ends of each part.

    Returns
    -------
    list of str
        The parts.

    Examples
    --------
    >>> text.split("4.9; 5.1; 5.0", separator=";")
    ['4.9', '5.1', '5.0']
    """
    parts = text.split(separator) if separator else text.split()
    return [part.strip() for part in parts] if strip else parts


@node(tags=("substitute", "string", "change"))
def replace(text: str, old: str, new: str = "") -> str:
    """Replace each occurrence of some text by another.

    Parameters
    ----------
    text : str
        The text.
    old : str
        What is replaced, to the letter.
    new : str
        What stands there instead.

    Returns
    -------
    str
        The changed text.

    Raises
    ------
    ValueError
        `old` is empty.

    Examples
    --------
    >>> text.replace("1,5", ",", ".")
    '1.5'
    """
    if not old:
        raise ValueError("nothing to replace: old is empty")
    return text.replace(old, new)


@node(title="Number as text", tags=("format", "digits", "string", "round"))
def number(value: float, style: Literal["general", "fixed", "scientific"] = "general", digits: int = 4) -> str:
    """Write a number as text.

    Parameters
    ----------
    value : float
        The number (in whatever unit it has).
    style : str
        ``general`` chooses by size, ``fixed`` is without a power of ten, ``scientific`` with one.
    digits : int
        Number of digits: significant ones in the general style, else those after the point.

    Returns
    -------
    str
        The number as text.

    Raises
    ------
    ValueError
        `digits` is negative.

    Examples
    --------
    >>> text.number(0.00123456, style="scientific", digits=2)
    '1.23e-03'
    """
    if digits < 0:
        raise ValueError(f"{digits} digits are not possible: it takes 0 or more")
    return format(value, f".{digits}{_STYLES[style]}")


_STYLES = {"general": "g", "fixed": "f", "scientific": "e"}


@node(title="Text to number", tags=("parse", "float", "convert", "read"))
def to_number(text: str, comma: bool = False) -> float:
    """Read a number from a text.

    Parameters
    ----------
    text : str
        The text: ``3``, ``-1.5e-3``; blanks around it do not matter.
    comma : bool
        Whether the decimal sign is a comma, as in ``1,5``.

    Returns
    -------
    float
        The number (in whatever unit it has).

    Raises
    ------
    ValueError
        The text is no number.

    Examples
    --------
    >>> text.to_number(" -1.5e-3 ")
    -0.0015
    """
    plain = text.strip()
    try:
        return float(plain.replace(",", ".") if comma else plain)
    except ValueError:
        raise ValueError(f"{text!r} is no number" + ("" if comma else ": a number has a point, no comma")) from None


class Found(NamedTuple):
    """What was found in a text."""

    found: bool
    text: str
    start: int


@node(tags=("search", "regex", "regular expression", "match", "string"))
def find(text: str, pattern: str, group: int = 0) -> Found:
    r"""Find the first place in a text that fits a pattern.

    Parameters
    ----------
    text : str
        The text that is searched.
    pattern : str
        A regular expression: ``\d+`` finds a row of digits.
    group : int
        Number of the bracket in the pattern whose part is given; 0 gives all of it.

    Returns
    -------
    found : bool
        Whether there is such a place.
    text : str
        What stands there; empty if there is none.
    start : int
        Number of characters before it; -1 if there is none.

    Raises
    ------
    ValueError
        The pattern cannot be read, or has no such bracket.

    Examples
    --------
    >>> text.find("run 42 of 50", r"\d+")
    Found(found=True, text='42', start=4)
    """
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"the pattern {pattern!r} cannot be read: {error}") from error
    if not 0 <= group <= compiled.groups:
        raise ValueError(f"the pattern {pattern!r} has {compiled.groups} brackets: there is no number {group}")
    match = compiled.search(text)
    if match is None:
        return Found(False, "", -1)
    return Found(True, match[group] or "", match.start(group))


@node(tags=("upper", "lower", "title", "capital", "uppercase", "lowercase", "strip", "trim", "string"), pure=True)
def letters(text: str, style: Literal["upper", "lower", "title", "as it is"] = "upper", strip: bool = True) -> str:
    """Write a text in capital or small letters, without white space at its ends.

    Parameters
    ----------
    text : str
        The text.
    style : str
        ``upper`` for capitals, ``lower`` for small letters, ``title`` for a capital at the begin of each word.
    strip : bool
        Take white space off both ends.

    Returns
    -------
    str
        The changed text.

    Examples
    --------
    >>> text.letters(" volt ")
    'VOLT'
    """
    changed = text if style == "as it is" else getattr(text, style)()
    return str(changed.strip() if strip else changed)


@node(tags=("search", "includes", "starts with", "ends with", "in", "string", "match"), pure=True)
def contains(
    text: str, part: str, where: Literal["anywhere", "start", "end"] = "anywhere", ignore_case: bool = False
) -> bool:
    """Say whether a text holds another, to the letter.

    Parameters
    ----------
    text : str
        The text that is searched.
    part : str
        What is looked for.
    where : str
        Whether it may stand ``anywhere``, or has to be the ``start`` or the ``end``.
    ignore_case : bool
        Take capitals and small letters for the same.

    Returns
    -------
    bool
        Whether it is there; an empty part always is.

    Examples
    --------
    >>> text.contains("OVERLOAD", "load", ignore_case=True)
    True
    """
    if ignore_case:
        text, part = text.casefold(), part.casefold()
    tests = {"anywhere": text.__contains__, "start": text.startswith, "end": text.endswith}
    return bool(tests[where](part))


@node(title="Text length", tags=("length", "count", "characters", "size", "string", "strlength"), pure=True)
def length(text: str) -> int:
    """Count the characters of a text.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    int
        Number of characters, white space among them.

    Examples
    --------
    >>> text.length("4.7 kΩ")
    6
    """
    return len(text)


@node(title="Part of text", tags=("substring", "slice", "left", "right", "mid", "string subset", "extract"), pure=True)
def part(text: str, start: int = 0, length: int | None = None) -> str:
    """Take a part out of a text.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Number of characters before the part; negative to count from the end (-3 begins with the third last).
    length : int, optional
        Number of characters to take; all that follow if there is none.

    Returns
    -------
    str
        The part; shorter, or empty, where the text ends before.

    Raises
    ------
    ValueError
        `length` is negative.

    Examples
    --------
    >>> text.part("SN-2024-17", start=3, length=4)
    '2024'
    """
    if length is not None and length < 0:
        raise ValueError(f"{length} characters are not possible: it takes 0 or more")
    begin = max(len(text) + start, 0) if start < 0 else start
    return text[begin:] if length is None else text[begin : begin + length]


@node(title="Pad text", tags=("fill", "align", "justify", "zeros", "width", "ljust", "rjust", "string"), pure=True)
def pad(text: str, width: int = 8, side: Literal["left", "right", "both"] = "left", fill: str = " ") -> str:
    """Make a text as wide as asked, by signs before or after it.

    Parameters
    ----------
    text : str
        The text; one that is wider stays as it is.
    width : int
        Number of characters that there should be.
    side : str
        Where to put the signs.
    fill : str
        The sign to put there: one character.

    Returns
    -------
    str
        The text with them.

    Raises
    ------
    ValueError
        `fill` is not one character.

    Examples
    --------
    >>> text.pad("17", width=5, fill="0")
    '00017'
    """
    if len(fill) != 1:
        raise ValueError(f"{fill!r} is not one character: that is what a text is filled with")
    return {"left": text.rjust, "right": text.ljust, "both": text.center}[side](width, fill)


@node(title="Similarity of texts", tags=("fuzzy", "match", "compare", "distance", "levenshtein", "typo"), pure=True)
def similarity(a: str, b: str) -> float:
    """Tell how alike two texts are.

    Parameters
    ----------
    a, b : str
        The texts.

    Returns
    -------
    float
        From 0 (nothing in common) to 1 (equal), dimensionless: twice the number of characters in common pieces, by the
        number of characters of both.

    Notes
    -----
    Source: J. W. Ratcliff, D. E. Metzener, Pattern Matching: The Gestalt Approach, Dr. Dobb's Journal, July 1988.

    Examples
    --------
    >>> text.similarity("volt", "bolt")
    0.75
    """
    import difflib

    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()
