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


LOG = """12:00 U=4.9 V ok
12:01 U=5.6 V
12:02 failed
12:03 U=5.1 V ok
"""


@pytest.mark.node("text.find_all", "text.count")
def test_all_places_are_found_and_counted():
    assert text.find_all(LOG, r"^\d+:\d+") == ["12:00"]
    assert text.find_all(LOG, r"U=([\d.]+) V( ok)?", group=1) == ["4.9", "5.6", "5.1"]
    assert text.find_all(LOG, r"U=([\d.]+) V( ok)?", group=2) == [" ok", "", " ok"]
    assert text.find_all(LOG, "never") == []
    assert text.count(LOG, "12:0") == 4
    assert text.count("aaaa", "aa") == 2
    assert (text.count("Ok OK", "ok"), text.count("Ok OK", "ok", ignore_case=True)) == (0, 2)
    with pytest.raises(ValueError, match="nothing to count"):
        text.count("a", "")
    with pytest.raises(ValueError, match="has 1 brackets: there is no number 2"):
        text.find_all("a", "(a)", group=2)


@pytest.mark.node("text.extract")
def test_a_log_becomes_a_table():
    found = text.extract(LOG, r"^(?P<time>\S+) U=(?P<volt>[\d.]+) V( ok)?$")
    assert found.columns.tolist() == ["time", "volt", "3"]
    assert found["time"].tolist() == ["12:00", "12:01", "12:03"]
    assert found["volt"].astype(float).tolist() == [4.9, 5.6, 5.1]
    assert found["3"].isna().tolist() == [False, True, False]
    assert text.extract("", "(a)(b)").shape == (0, 2)
    with pytest.raises(ValueError, match="has no brackets: put those parts in"):
        text.extract(LOG, "U=")
    with pytest.raises(ValueError, match="cannot be read"):
        text.extract(LOG, "(")


@pytest.mark.node("text.word_counts")
def test_words_are_counted():
    told = text.word_counts("To be, or not to be: that's Hamlet's 1st self-made_question")
    assert dict(zip(told["word"], told["count"], strict=True)) == {
        "to": 2, "be": 2, "or": 1, "not": 1, "that's": 1, "hamlet's": 1, "1st": 1, "self-made": 1, "question": 1,
    }  # fmt: skip
    assert told["word"].tolist()[:3] == ["to", "be", "or"]
    assert text.word_counts("To be, or not to be", ignore_case=False)["count"].tolist() == [2, 1, 1, 1, 1]
    assert text.word_counts("a b b", least=2)["word"].tolist() == ["b"]
    assert len(text.word_counts("", least=2)) == 0
