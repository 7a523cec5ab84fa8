"""Texts against answers that are known."""

from __future__ import annotations

import pytest

from flodesk.nodes import text


@pytest.mark.node("text.template")
def test_template():
    assert text.template("{{ name }} is {{ volt | round(2) }} V", name="U", volt=1.2345) == "U is 1.23 V"
    assert text.template("plain\n") == "plain\n"
    with pytest.raises(ValueError, match="'y' is undefined"):
        text.template("{{ y }}", x=1)
    with pytest.raises(ValueError, match=r"not allowed|undefined"):
        text.template("{{ x.__class__.__mro__ }}", x=1)
    with pytest.raises(ValueError, match="line 2 of it"):
        text.template("a\n{{ x y }}")


@pytest.mark.node("text.join")
def test_join():
    assert text.join("a", 1, 2.5) == "a 1 2.5"
    assert text.join(["a", "b"], "c", separator=", ") == "a, b, c"
    assert text.join() == ""


@pytest.mark.node("text.split")
def test_split():
    assert text.split(" a  b\tc ") == ["a", "b", "c"]
    assert text.split("a, b,", ",") == ["a", "b", ""]
    assert text.split("a, b", ",", strip=False) == ["a", " b"]


@pytest.mark.node("text.replace")
def test_replace():
    assert text.replace("1,5", ",", ".") == "1.5"
    assert text.replace("aaa", "a") == ""
    with pytest.raises(ValueError, match="old is empty"):
        text.replace("a", "")


@pytest.mark.node("text.number")
def test_number():
    assert text.number(1234.5678) == "1235"
    assert text.number(0.000012345) == "1.234e-05"
    assert text.number(3.14159, style="fixed", digits=2) == "3.14"
    assert text.number(31415.9, style="scientific", digits=1) == "3.1e+04"
    with pytest.raises(ValueError, match="0 or more"):
        text.number(1.0, digits=-1)


@pytest.mark.node("text.to_number")
def test_text_to_number():
    assert text.to_number(" -1.5e-3\n") == -0.0015
    assert text.to_number("2,5", comma=True) == 2.5
    with pytest.raises(ValueError, match="'2,5' is no number: a number has a point"):
        text.to_number("2,5")


@pytest.mark.node("text.find")
def test_find():
    assert text.find("run 42 of 50", r"\d+") == (True, "42", 4)
    assert text.find("U=3.5V", r"U=([\d.]+)V", group=1) == (True, "3.5", 2)
    assert text.find("abc", r"\d") == (False, "", -1)
    with pytest.raises(ValueError, match="cannot be read"):
        text.find("a", "(")
    with pytest.raises(ValueError, match="has 0 brackets"):
        text.find("a", "a", group=1)
