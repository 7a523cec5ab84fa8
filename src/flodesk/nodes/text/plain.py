"""Texts: filled in, joined, taken apart, changed."""

from __future__ import annotations

from typing import Any, Literal

from flodesk.public import Template, node, render


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
