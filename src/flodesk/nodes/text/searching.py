"""What stands in a text: places that fit a pattern, parts, words, likeness."""

from __future__ import annotations

import re
from typing import Annotated, Literal, NamedTuple

from flodesk.public import Range, Table, node


def _compiled(pattern: str) -> re.Pattern[str]:
    """Read a regular expression.

    Raises
    ------
    ValueError
        It cannot be read.
    """
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"the pattern {pattern!r} cannot be read: {error}") from error


def _with_group(pattern: str, group: int) -> re.Pattern[str]:
    known = _compiled(pattern)
    if not 0 <= group <= known.groups:
        raise ValueError(f"the pattern {pattern!r} has {known.groups} brackets: there is no number {group}")
    return known


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
    match = _with_group(pattern, group).search(text)
    if match is None:
        return Found(False, "", -1)
    return Found(True, match[group] or "", match.start(group))


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


@node(tags=("search", "regex", "regular expression", "all matches", "findall", "string", "list"), pure=True)
def find_all(text: str, pattern: str, group: int = 0) -> list[str]:
    r"""Find all places in a text that fit a pattern.

    Parameters
    ----------
    text : str
        The text that is searched.
    pattern : str
        A regular expression: ``\d+`` finds rows of digits.
    group : int
        Number of the bracket in the pattern whose part is given; 0 gives all of it.

    Returns
    -------
    list of str
        What stands at each place, in order; empty if there is none.

    Raises
    ------
    ValueError
        The pattern cannot be read, or has no such bracket.

    Examples
    --------
    >>> text.find_all("CH1=4.9 CH2=5.1", r"=([\d.]+)", group=1)
    ['4.9', '5.1']
    """
    return [match[group] or "" for match in _with_group(pattern, group).finditer(text)]


@node(
    title="Extract to table",
    tags=("regex", "regular expression", "groups", "scan", "parse", "log file", "match", "columns"),
    pure=True,
)
def extract(text: str, pattern: str) -> Table:
    r"""Take the bracketed parts of a pattern out of a text, wherever it fits.

    Parameters
    ----------
    text : str
        The text that is searched: a line, or a whole log.
    pattern : str
        A regular expression with brackets: ``(?P<name>\w+)=(?P<value>\d+)``. ``^`` and ``$`` are the ends of lines.

    Returns
    -------
    Table
        A row for each place that fits, and a column of texts for each bracket: by its name, or its number from 1. What
        a place lacks is missing.

    Raises
    ------
    ValueError
        The pattern cannot be read, or has no brackets.

    Examples
    --------
    >>> text.extract("U=4.9 V, I=0.2 A", r"(?P<what>\w)=(?P<value>[\d.]+)")
      what value
    0    U   4.9
    1    I   0.2
    """
    import pandas

    known = re.compile(_compiled(pattern).pattern, re.MULTILINE)
    if not known.groups:
        raise ValueError(f"the pattern {pattern!r} has no brackets: put those parts in ( ) that are to be columns")
    names = {number: name for name, number in known.groupindex.items()}
    columns = [names.get(number, str(number)) for number in range(1, known.groups + 1)]
    return pandas.DataFrame([match.groups() for match in known.finditer(text)], columns=columns, dtype=object)


@node(title="Count in text", tags=("occurrences", "how often", "frequency", "string"), pure=True)
def count(text: str, part: str, ignore_case: bool = False) -> int:
    """Count how often a text holds another, to the letter.

    Parameters
    ----------
    text : str
        The text that is searched.
    part : str
        What is counted; of places that overlap the first counts.
    ignore_case : bool
        Take capitals and small letters for the same.

    Returns
    -------
    int
        Number of places.

    Raises
    ------
    ValueError
        `part` is empty.

    Examples
    --------
    >>> text.count("ok, ok, failed, OK", "ok", ignore_case=True)
    3
    """
    if not part:
        raise ValueError("nothing to count: part is empty")
    return text.casefold().count(part.casefold()) if ignore_case else text.count(part)


_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@node(tags=("frequency", "bag of words", "words", "corpus", "tally", "histogram"), pure=True)
def word_counts(text: str, ignore_case: bool = True, least: Annotated[int, Range(1)] = 1) -> Table:
    """Count the words of a text.

    Parameters
    ----------
    text : str
        The text.
    ignore_case : bool
        Take capitals and small letters for the same; words are given in small letters then.
    least : int
        Number of times that a word has to be there to be listed.

    Returns
    -------
    Table
        The words (``word``) and how often each is there (``count``), the most frequent first, and of equals the one
        that comes first in the text.

    Examples
    --------
    >>> text.word_counts("The sine, the noise and the sum.", least=2)
      word  count
    0  the      3
    """
    from collections import Counter

    import pandas

    words = Counter(_WORD.findall(text.lower() if ignore_case else text))
    listed = [(word, number) for word, number in words.most_common() if number >= least]
    return pandas.DataFrame(
        {
            "word": pandas.Series([word for word, _ in listed], dtype=object),
            "count": pandas.Series([number for _, number in listed], dtype="int64"),
        }
    )
