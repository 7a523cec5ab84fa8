"""What a function returns gets other names and another order by hand: all that read it follow; values stay."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check, errors
from flodesk.flow.edit import Edit, from_json, to_json
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.wires.flow]
# "both.low -> more.values[0]" = { labels = true }
#
# [tool.flodesk.panel.flow]
# both = { at = [0, 0, 4, 4], shows = "both.low" }
# ///
import typing

import flodesk
from flodesk.nodes import maths, show


class Ends(typing.NamedTuple):
    \"\"\"Both ends.\"\"\"

    low: float  # the least
    high: float


def ends(one, two):
    low = maths.subtract(one, two)
    high = maths.add(one, two)
    return Ends(low, high)  # both


def other(x):
    inner = ends(x, 1.0)
    middle = inner.low
    if inner.low > inner.high:
        middle_2 = maths.add(inner.low, 0)
    return middle


def flow():
    both = ends(5.0, 3.0)
    more = maths.add(both.low, both.high)
    text = f"{both.low}, {both.low:.1f} ä {both.high}"; half = both.low / 2
    none = None  # off: maths.add(both.low)
    third = other(both.high)
    shown = show.number(more)
    print(more, text, half, third)


if __name__ == "__main__":
    flodesk.main(flow)
"""
DATACLASS = TEXT.replace("import typing\n", "import dataclasses\n").replace(
    "class Ends(typing.NamedTuple)", "@dataclasses.dataclass(frozen=True)\nclass Ends"
)
KEYWORDS = TEXT.replace("return Ends(low, high)", "return Ends(high=high, low=low)")


def printed(text: str, capsys: Any) -> str:
    space: dict[str, Any] = {"__name__": "other"}
    exec(compile(text, "flow.py", "exec", dont_inherit=True), space)
    space["flow"]()
    return str(capsys.readouterr().out)


def done(text: str, edit: Edit) -> str:
    """Do an edit: it travels, is undone to the letter, and what is written is what is read."""
    flow = read(text)
    new, back = edit.apply(flow)
    assert from_json(to_json(edit)).apply(flow)[0] == new
    assert write(back.apply(new)[0]) == text
    after = write(new)
    assert write(read(after)) == after
    before = {p.message for p in errors(check(flow, CATALOG.with_flow(flow)))}
    assert {p.message for p in errors(check(read(after), CATALOG.with_flow(read(after))))} == before
    return after


@pytest.mark.parametrize("text", [TEXT, DATACLASS, KEYWORDS], ids=["named tuple", "dataclass", "by name"])
def test_a_new_name_goes_wherever_it_is_read(text: str, capsys: Any) -> None:
    after = done(text, wiring.rename_output(read(text), "ends", "low", "least"))
    assert "both.low" not in after
    assert "inner.low" not in after
    assert "    least: float  # the least\n    high: float\n" in after
    assert "more = maths.add(both.least, both.high)" in after
    assert 'text = f"{both.least}, {both.least:.1f} ä {both.high}"; half = both.least / 2' in after
    assert "none = None  # off: maths.add(both.least)" in after
    assert "    if inner.least > inner.high:" in after
    assert "    low = maths.subtract(one, two)" in after, "the variable inside is another name"
    assert '"both.least -> more.values[0]" = { labels = true }' in after
    assert 'shows = "both.least"' in after
    assert wiring.output_names(read(after), "ends") == ("least", "high")
    assert printed(after, capsys) == printed(text, capsys)


@pytest.mark.parametrize("text", [TEXT, DATACLASS, KEYWORDS], ids=["named tuple", "dataclass", "by name"])
def test_two_change_places_and_every_reader_gets_what_it_got(text: str, capsys: Any) -> None:
    after = done(text, wiring.move_output(read(text), "ends", "high", -1))
    assert "    high: float\n    low: float  # the least\n" in after
    assert ("return Ends(high=high, low=low)" if text is KEYWORDS else "return Ends(high, low)  # both") in after
    assert "maths.add(both.low, both.high)" in after
    assert printed(after, capsys) == printed(text, capsys)
    assert wiring.output_names(read(after), "ends") == ("high", "low")
    with pytest.raises(wiring.Refused, match="at the end already"):
        wiring.move_output(read(after), "ends", "low", 1)


@pytest.mark.parametrize(
    ("change", "new", "says"),
    [
        (("", ""), "high", "a named value already"),
        (("", ""), "count", "what every tuple can do"),
        (("", ""), "not a name", "no name of a value"),
        (("", ""), "_low", "no name of a value"),
        (("print(more,", "print(both, more,"), "least", "at once"),
        (("def other(x):", "def other(x: Ends):"), "least", "is used by"),
        (("return Ends(low, high)  # both", "return low"), "least", "no values with names of their own"),
    ],
)
def test_what_cannot_be_is_refused_in_words(change: tuple[str, str], new: str, says: str) -> None:
    flow = read(TEXT.replace(*change) if change[0] else TEXT)
    with pytest.raises(wiring.Refused, match=says):
        wiring.rename_output(flow, "ends", "low", new)
