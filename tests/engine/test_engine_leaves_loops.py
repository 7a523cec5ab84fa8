"""``break``, ``continue`` and ``return`` in the body of a flow end what they end in the script, however it is run."""

from __future__ import annotations

import sys
import time

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import NodeFailed, Paused
from flodesk.engine.headless import run
from flodesk.engine.load import MODULE_NAME
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.script import read

HEAD = """
import contextlib
import flodesk

log = []


def note(name, *values):
    log.append((name, values))
    return len(log)


def upto(n):
    try:
        yield from range(n)
    finally:
        log.append(("closed", n))


def picky(x):
    if x == 1:
        raise ValueError(x)
    return x


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'

TEXTS = """
# break
for i in upto(5):
    a = note('a', i)
    if i > 2:
        break
    b = note('b', i)
c = note('c', 1)

# continue, and what the turn after it gets
t = 0
for i in upto(6):
    a = note('a', i, t)
    if i % 2:
        continue
    t = a
c = note('c', t)

# the innermost loop
for i in upto(4):
    for j in upto(4):
        if j > i:
            break
        if j == 1:
            continue
        a = note('a', i, j)
    b = note('b', i)

# an arm that leaves owes no value
for i in upto(4):
    if i < 2:
        x = note('x', i)
    elif i == 2:
        continue
    else:
        break
    y = note('y', x)

# an arm that raises owes none either
x = note('x', 1)
if x:
    a = note('a', x)
else:
    raise ValueError(x)
b = note('b', a)

# return
a = note('a', 1)
if a:
    return
b = note('b', 1)

# return out of two loops
for i in upto(4):
    for j in upto(4):
        a = note('a', i, j)
        if a > 6:
            return note('given', a)
b = note('b', 1)

# code that binds and leaves
for i in upto(4):
    n = i * 2; note('n', n)
    try:
        x = 6 // (2 - i)
    except ZeroDivisionError:
        x = -1
        break
    y = note('y', x)
z = note('z', n)

# loops of the code itself
for i in upto(5):
    for k in range(3):
        if k == i:
            break
    else:
        break
    while True:
        if i:
            break
        note('while', i)
        break
    y = note('y', i, k)

# what a finally binds on the way out
y = -1
for i in upto(5):
    try:
        if i == 2:
            break
    finally:
        y = i
    a = note('a', y)
b = note('b', y)

# what a finally adds on the way out
for i in upto(4):
    x = 0
    try:
        x = 1
        if i == 2:
            break
    finally:
        x = x + 10
        z = i
    y = note('y', x, z)
c = note('c', x, z)

# a finally that leaves itself
for i in upto(4):
    try:
        x = picky(i)
    finally:
        if i == 1:
            continue
    y = note('y', x)

# out of a with
for i in upto(5):
    with contextlib.nullcontext(i) as k:
        if k == 2:
            break
    y = note('y', k)
"""
CASES = {part.split("\n")[0].removeprefix("# "): part.split("\n")[1:] for part in TEXTS.strip().split("\n\n")}


def flow(*lines: str, header: str = "") -> str:
    top = f"# /// script\n# [tool.flodesk]\n# version = 1\n{header}# ///\n" if header else ""
    return top + HEAD + "def flow():\n" + "\n".join(f"    {line}" for line in lines) + TAIL


@pytest.mark.parametrize("name", CASES)
def test_a_flow_leaves_what_its_script_leaves(name: str, same) -> None:
    text = flow(*CASES[name])
    same(text)
    found = [p for p in check(read(text), Catalog.builtin()) if p.kind != "after-loop"]
    assert found == [], "what runs is no problem"


@pytest.mark.parametrize("name", CASES)
def test_also_when_it_is_run_step_by_step(name: str) -> None:
    text = flow(*CASES[name])
    plain: dict = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), plain)
    plain["flow"]()
    events: list = []
    engine = InProcess(events.append)
    try:
        engine.open(text)
        engine.set_breaks({"flow.i": "", "flow.a": "", "flow.x": ""})
        engine.start()
        end = time.monotonic() + 60
        told = 0
        while not any(type(e).__name__ == "RunFinished" for e in events):
            assert time.monotonic() < end
            held = sum(isinstance(e, Paused) for e in events)
            if held > told:
                told = held
                engine.step("into")
            time.sleep(0.0005)
    finally:
        engine.close()
    assert told >= 3
    assert sys.modules[MODULE_NAME].log == plain["log"]


def test_a_failed_turn_and_one_that_was_left_are_two_things() -> None:
    lines = ["for i in upto(6):", "    a = picky(i)", "    if i == 3:", "        continue", "    if i == 5:",
             "        break", "    b = note('b', a)", "c = note('c', 1)"]  # fmt: skip
    result = run(flow(*lines, header='# on_error = "reject"\n'))
    assert result.reason == "failed"
    assert "1 of 6 turns" in result.message
    called = [entry for entry in sys.modules[MODULE_NAME].log if entry[0] != "closed"]
    assert called == [("b", (0,)), ("b", (2,)), ("b", (4,)), ("c", (1,))]


def test_what_runs_beside_a_loop_that_is_left_gets_the_turns_before() -> None:
    lines = ["for i in upto(6):", "    a = note('a', i)", "    b = abs(i)", "    c = note('c', b)", "    if i == 3:",
             "        break", "    d = abs(i)", "e = note('e', 1)"]  # fmt: skip
    text = flow(*lines, header="#\n# [tool.flodesk.detached.flow]\n# b = 2\n")
    result = run(text)
    assert result.reason == "succeeded", result.message
    log = sys.modules[MODULE_NAME].log
    assert [entry for entry in log if entry[0] == "c"] == [("c", (i,)) for i in range(4)]
    assert log[-1][0] == "e"
    wrong = flow("for i in upto(6):", "    if i:", "        break",
                 header="#\n# [tool.flodesk.detached.flow]\n# if_1 = 2\n")  # fmt: skip
    assert ["may leave it" in p.message for p in check(read(wrong), Catalog.builtin())] == [True]


def test_code_that_leaves_runs_in_no_other_place() -> None:
    text = flow("for i in upto(6):", "    break", header='#\n# [tool.flodesk.places.flow]\n# code_1 = "process"\n')
    assert ["may leave" in p.message for p in check(read(text), Catalog.builtin())] == [True]


def test_a_change_after_an_early_end_runs_what_was_not_reached(here) -> None:
    lines = ["x = abs(1)", "if x == 1:", "    return", "a = note('a', x)"]
    assert here.run(flow(*lines)).reason == "succeeded"
    assert sys.modules[MODULE_NAME].log == []
    here.engine.swap(flow(*lines).replace("abs(1)", "abs(2)"))
    here.until(lambda: getattr(sys.modules[MODULE_NAME], "log", None))
    assert sys.modules[MODULE_NAME].log == [("a", (2,))]
    assert [e for e in here.events if isinstance(e, NodeFailed)] == []


RUNNING = """
import flodesk
from flodesk.nodes import maths, timing


def late(x):
    if x > 100.0:
        return 7.0
    y = maths.add(x, 1.0)
    return y


def flow():
    limit = maths.add(1.0, 2.0)
    if limit > 50.0:
        return
    start = late(1.0)
    for tick in timing.every(0.005):
        a = maths.add(tick, start)
        if a < 0:
            continue
        b = maths.add(a, 0.0)
        if b > 1000.0:
            break
    end = maths.add(1.0, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_parameters_are_live_where_a_loop_may_be_left(here) -> None:
    here.engine.watch({"flow.b", "flow.end"}, set())
    here.start(RUNNING)
    here.until(lambda: here.value("flow.b"))
    here.engine.set_parameter("flow.b", "values[1]", "10.0")
    here.until(lambda: here.value("flow.b") > 10)
    here.engine.set_parameter("flow.start", "x", "200.0")  # a call above the loop that returns early now
    here.until(lambda: here.value("flow.b") > 16)
    # by this the script would have left before the loop, and it is past that
    here.engine.set_parameter("flow.limit", "values[1]", "99.0")
    here.until(lambda: [line for line in here.lines() if "at the next start of the run" in line.text])
    here.engine.set_parameter("flow.b", "values[1]", "5000.0")
    assert here.wait().reason == "succeeded"
    assert here.value("flow.end") == 2.0


def test_a_changed_text_that_returns_above_the_loop_ends_the_flow(here) -> None:
    here.engine.watch({"flow.b", "flow.end"}, set())
    here.start(RUNNING)
    here.until(lambda: here.value("flow.b"))
    here.engine.swap(RUNNING.replace("    if limit > 50.0:\n        return\n", "    if limit:\n        return\n"))
    assert here.wait().reason == "succeeded"
    assert here.value("flow.end") is None


def test_a_yield_is_refused() -> None:
    result = run(flow("a = note('a', 1)", "yield a"))
    assert "yield cannot be run in a flow" in result.message
