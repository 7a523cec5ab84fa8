"""Texts measured, cut, filled and compared, against answers that anyone can count."""

from __future__ import annotations

import pytest

from flodesk.nodes import text


@pytest.mark.node("text.letters", "text.contains", "text.length")
def test_letters():
    assert text.letters(" über Ω\n") == "ÜBER Ω"
    assert text.letters(" Ab cD ", "lower", strip=False) == " ab cd "
    assert text.letters("ab cD", "title") == "Ab Cd"
    assert text.letters(" aB ", "as it is") == "aB"
    assert text.contains("abc", "b")
    assert not text.contains("abc", "B")
    assert text.contains("STRASSE", "straße", ignore_case=True)
    assert text.contains("abc", "ab", "start")
    assert not text.contains("abc", "ab", "end")
    assert text.contains("abc", "bc", "end")
    assert (text.length(""), text.length("Ω \n")) == (0, 3)


@pytest.mark.node("text.part", "text.pad")
def test_parts_and_widths():
    assert text.part("abcdef", 2) == "cdef"
    assert text.part("abcdef", 2, 3) == "cde"
    assert text.part("abcdef", -3, 2) == "de"
    assert text.part("abc", -9, 2) == "ab"
    assert text.part("abc", 7, 2) == ""
    assert text.pad("ab", 4) == "  ab"
    assert text.pad("ab", 4, "right", ".") == "ab.."
    assert text.pad("ab", 4, "both", "-") == "-ab-"
    assert text.pad("abcde", 4) == "abcde"
    with pytest.raises(ValueError, match="-1 characters are not possible"):
        text.part("abc", 0, -1)
    with pytest.raises(ValueError, match="'' is not one character"):
        text.pad("abc", 9, fill="")


@pytest.mark.node("text.similarity")
def test_how_alike_texts_are():
    assert text.similarity("abcd", "bcde") == 0.75  # three of four and four are common
    assert text.similarity("a", "b") == 0.0
    assert text.similarity("WIKIMEDIA", "WIKIMANIA") == pytest.approx(7 / 9)  # WIKIM and IA: 2 * 7 of 18
