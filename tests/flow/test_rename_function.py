"""A function gets another name: in its def, where it is called, in main() and in the header."""

from __future__ import annotations

import pytest

from flodesk.flow.edit import RenameFunction, from_json, to_json
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused, rename_everywhere

TEXT = '''\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.part]
# y = [0, 0]
#
# [tool.flodesk.panel.part]
# y = [0, 0, 8, 6]
#
# [tool.flodesk.places.part]
# y = "process"
#
# [tool.flodesk.detached.part]
# y = 2
# ///
"""Twice."""
import flodesk


# what it does
def part(x: float, by=1) -> float:  # a part
    y = abs(x)
    return y


def other(part):
    z = abs(part)
    return z


def flow():
    a = part(-1.0)  # the first
    for k in range(3):
        b = part(a, by=k)
        if b:
            code = [part(n) for n in range(3)]
    c = other(a)


if __name__ == "__main__":
    flodesk.main(flow)  # go
'''


def test_all_that_calls_it_follows_and_nothing_else_changes() -> None:
    flow = read(TEXT)
    new, back = RenameFunction("part", "piece").apply(flow)
    expected = TEXT
    for old in ("canvas.part", "panel.part", "places.part", "detached.part"):
        expected = expected.replace(old, old.replace("part", "piece"))
    expected = expected.replace("def part(", "def piece(").replace("= part(", "= piece(").replace("[part(", "[piece(")
    assert write(new) == expected
    assert read(write(new)) == new
    again, _ = back.apply(new)
    assert again == flow
    assert write(again) == TEXT
    edit = RenameFunction("part", "piece")
    assert from_json(to_json(edit)) == edit


def test_a_flow_is_renamed_where_it_is_started() -> None:
    text = write(RenameFunction("flow", "measure").apply(read(TEXT))[0])
    assert text == TEXT.replace("def flow(", "def measure(").replace("main(flow)  # go", "main(measure)  # go")


@pytest.mark.parametrize("name", ["flow", "y", "abs", "class", "2x", "flodesk", "part with"])
def test_what_cannot_be_is_refused_in_words(name: str) -> None:
    with pytest.raises(Refused):
        rename_everywhere(read(TEXT), "part", name)
