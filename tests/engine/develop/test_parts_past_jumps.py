"""“Run to here” and “run from here” where code may leave a loop, a turn or the flow on the way."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from flodesk.engine.events import LogLine
from flodesk.engine.headless import Result, run
from flodesk.engine.load import MODULE_NAME
from flodesk.engine.part import Part

HEAD = """
import flodesk

log = []


def note(name, *values):
    log.append((name, *values))
    return sum(values)


def upto(n):
    yield from range(n)


def flow():
"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'

TEXTS = """
# the first turn that goes on
for i in upto(6):
    if i < 3:
        continue
    w = note('w', i)
    b = note('b', i)
b = 3
ran ('b', 3)

# what the turns before have carried on
t = 1
for i in upto(6):
    if i < 3:
        u = note('u', t, i)
        t = u
        continue
    b = note('b', t)
b = 4
ran ('u', 1, 0) ('u', 1, 1) ('u', 2, 2) ('b', 4)

# what the turns before have done below it
t = 1
for i in upto(3):
    for j in upto(2):
        if i < 2:
            continue
        b = note('b', t)
    u = note('u', t, i)
    t = u
b = 2
ran ('u', 1, 0) ('u', 1, 1) ('b', 2) ('u', 2, 2)

# a loop that is left before it
for i in upto(6):
    a = note('a', i)
    if a == 2:
        break
    c = note('c', i)
b = note('b', i)
b = 2
ran ('a', 0) ('a', 1) ('a', 2) ('b', 2)

# what does not lie on the way
for i in upto(3):
    b = note('b', i)
    if i == 1:
        break
    c = note('c', i)
b = 0
ran ('b', 0)

# a flow that is left before it
a = note('a', 1)
if a:
    return
b = note('b', 1)
b not reached
ran ('a', 1)

# a loop that never gets there
for i in upto(3):
    if i < 5:
        continue
    b = note('b', i)
b not reached
ran

# out of two loops
for i in upto(3):
    for j in upto(3):
        if i + j == 3:
            return
        a = note('a', i, j)
    if a < 2:
        continue
    b = note('b', a)
b = 2
ran ('a', 0, 0) ('a', 0, 1) ('a', 0, 2) ('b', 2)
"""
CASES = {part.split("\n")[0].removeprefix("# "): part.split("\n")[1:] for part in TEXTS.strip().split("\n\n")}


def part_of(lines: list[str], which: Any, node: str) -> tuple[Result, list[tuple[Any, ...]], list[str]]:
    text = HEAD + "".join(f"    {line}\n" for line in lines) + TAIL
    result = run(text, part=Part(which, f"flow.{node}"), keep_values=True)
    assert result.reason == "succeeded", result.message
    said = [event.text for event in result.events if isinstance(event, LogLine) and event.level == "warning"]
    return result, sys.modules[MODULE_NAME].log, said


@pytest.mark.parametrize("name", CASES)
def test_to_a_node_that_may_be_passed_by(name: str) -> None:
    *lines, wanted, ran = CASES[name]
    result, log, said = part_of(lines, "to", "b")
    assert log == eval("[" + ran.removeprefix("ran").strip().replace(") (", "), (") + "]")
    if wanted == "b not reached":
        assert ["code_1 left before it was reached" in text for text in said] == [True]
        assert "flow.b" not in result.values
    else:
        assert said == []
        assert result.values["flow.b"] == int(wanted.removeprefix("b = "))


@pytest.mark.parametrize(("limit", "wanted"), [(5, ["a"]), (-1, ["a", "b"])])
def test_from_a_node_as_far_as_its_turn_went(here, limit: int, wanted: list[str]) -> None:
    lines = ["for i in upto(2):", "    a = note('a', i)", f"    if i < {limit}:", "        continue",
             "    b = note('b', a)"]  # fmt: skip
    text = HEAD + "".join(f"    {line}\n" for line in lines) + TAIL
    assert here.run(text).reason == "succeeded"
    sys.modules[MODULE_NAME].log.clear()
    here.finished.clear()
    here.engine.start(part=Part("from", "flow.a"))
    assert here.finished.wait(60)
    assert [entry[0] for entry in sys.modules[MODULE_NAME].log] == wanted
