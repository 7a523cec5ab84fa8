"""What a run means, sentence by sentence: each with the smallest flow that shows it.

Most rows run the text twice, as plain Python and by the engine, and hold that the same was called with the same values;
rows about what a script alone cannot say hold the events, the values or the failures of the run.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from flodesk.engine.events import LoopFinished, NodeFailed, RunFinished
from flodesk.engine.headless import Result, run
from flodesk.engine.letters import Letters
from flodesk.engine.load import MODULE_NAME
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.graph import picture
from flodesk.flow.script import read

HEAD = """
import asyncio
import enum
import threading
import time
from typing import Annotated, Literal, NamedTuple

import flodesk
import numpy
from flodesk import Range, Unit
from flodesk.nodes import collect, control, maths, queue, show, statistics, text, timing

log = []


def note(name, *values, **named):
    log.append((name, values, sorted(named.items())))
    return len(log)


def upto(n):
    try:
        yield from range(n)
    finally:
        log.append(("ended", (n,), []))


def bad(x):
    if x == 1:
        raise ValueError(f"{x} is bad")
    return x


class Parts(NamedTuple):
    low: int
    high: int


def split(x: int) -> Parts:
    return Parts(x // 2, x - x // 2)


class Meter:
    def __init__(self, start: int = 0) -> None:
        self.sum = start
        log.append(("made", (start,), []))

    def __call__(self, x: int) -> int:
        self.sum += x
        return self.sum

    def close(self) -> None:
        log.append(("closed", (self.sum,), []))


"""


@dataclass(frozen=True)
class Row:
    """A sentence in our words, the body of `flow` (or whole functions), and what must hold."""

    says: str
    body: str
    holds: Callable[[Row], None] | None = None
    mains: str = "flow"
    header: str = ""
    before: str = ""

    @property
    def text(self) -> str:
        lines = self.body.strip("\n").split("\n")
        start = "" if self.mains != "flow" or lines[0].startswith("async def") else "def flow():\n"
        body = "\n".join(f"    {line}" if start and line else line for line in lines)
        top = f"# /// script\n# [tool.flodesk]\n# version = 1\n{self.header}# ///\n" if self.header else ""
        tail = f'\n\n\nif __name__ == "__main__":\n    flodesk.main({self.mains})\n'
        return f"{top}{HEAD}{self.before}{start}{body}{tail}"


# ------------------------------------------------------------------ what must hold
def plainly(row: Row) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(row.text, "plain", "exec"), space)
    found = space[row.mains]()
    if hasattr(found, "send"):
        found.close()
    return space


def as_the_script(row: Row) -> None:
    """The engine calls what plain Python calls, in the same order, with the same values."""
    wanted = plainly(row)["log"]
    result = run(row.text)
    assert result.reason == "succeeded", result.message
    assert engine_log() == wanted
    assert wanted, "a row that calls nothing proves nothing"


def engine_log() -> list[Any]:
    found: list[Any] = sys.modules[MODULE_NAME].log
    return found


def calls(name: str) -> list[Any]:
    return [values for called, values, _ in engine_log() if called == name]


def gives(**wanted: list[tuple[Any, ...]]) -> Callable[[Row], None]:
    """The run succeeds, and these were called with these values, in this order."""

    def holds(row: Row) -> None:
        result = run(row.text)
        assert result.reason == "succeeded", result.message
        assert {name: calls(name) for name in wanted} == wanted

    return holds


def fails(node: str, *words: str, then: Callable[[Result], None] = lambda result: None) -> Callable[[Row], None]:
    def holds(row: Row) -> None:
        result = run(row.text)
        assert result.reason == "failed"
        assert result.failures[0].failure.node == node
        told = f"{result.message} {result.failures[0].failure}"
        for word in words:
            assert word in told
        then(result)

    return holds


def refused(node: str, *words: str) -> Callable[[Row], None]:
    """The checker finds one problem, at its node and in words."""

    def holds(row: Row) -> None:
        problem, *others = check(read(row.text), Catalog.builtin())
        assert others == []
        assert (problem.severity, problem.node) == ("error", node)
        for word in words:
            assert word in f"{problem.message} {problem.hint}"

    return holds


def reasons(result: Result) -> dict[str, str]:
    return {e.loop: e.reason for e in result.events if isinstance(e, LoopFinished)}


def other_loop_went_on(result: Result) -> None:
    assert reasons(result) == {"one": "failed", "two": "succeeded"}
    assert calls("two") == [(n,) for n in range(50)]


def closed_once(result: Result) -> None:
    assert [entry[0] for entry in engine_log()].count("closed") == 1


def kept_letters(result: Result) -> None:
    assert calls("good") == [(0,), (2,)]
    store = Letters()
    try:
        (letter,) = [store.get(found.id) for found in store.find()]
    finally:
        store.close()
    assert letter is not None
    assert letter.failure.node == "flow.a"
    assert "1 is bad" in letter.failure.message


def two_threads(row: Row) -> None:
    result = run(row.text)
    assert result.reason == "succeeded", result.message
    one, two = (next(values[0] for name, values, _ in engine_log() if name == which) for which in ("one", "two"))
    assert one != two, "each function has a thread of its own"


def ports(node: str, inputs: list[tuple[str, str]], outputs: list[tuple[str, str]]) -> Callable[[Row], None]:
    def holds(row: Row) -> None:
        flow = read(row.text)
        catalog = Catalog.builtin()
        found = picture(flow, catalog.with_flow(flow), "flow").nodes[node]
        assert [(p.name, p.type) for p in found.inputs] == inputs
        assert [(p.name, p.type) for p in found.outputs] == outputs

    return holds


PRODUCERS = {
    "no producer": Row("Without a producer the script runs once, top to bottom.", "a = note('a', 1)\nb = note('b', a)"),
    "a loop": Row("A producer is a loop.", "for i in upto(3):\n    a = note('a', i)\nb = note('b', 1)"),
    "at least": Row("Its body is at least what is downstream of it.", "for i in upto(2):\n    a = note('a', 5)"),
    "inner": Row(
        "A producer with inputs is an inner loop, which starts anew for every value of them.",
        "for i in upto(4):\n    for j in upto(i):\n        a = note('a', i, j)",
    ),
    "one after the other": Row(
        "Loops one after the other in one function run so.",
        "for i in upto(2):\n    a = note('a', i)\nfor j in upto(2):\n    b = note('b', j)",
    ),
    "side by side": Row(
        "Functions handed to flodesk.main run side by side, each in its own thread.",
        "def one():\n    a = note('one', threading.get_ident())\n    meet.wait(20)\n\n\n"
        "def two():\n    a = note('two', threading.get_ident())\n    meet.wait(20)\n",
        two_threads, mains="one, two", before="meet = threading.Barrier(2)\n\n\n",
    ),
    "a producer's end": Row("A producer is closed when its loop ends.",
                            "for i in upto(9):\n    if i == 2:\n        break\n    a = note('a', i)\nb = note('b', 1)"),
}  # fmt: skip
LOOPS = {
    "a collector": Row(
        "A collector gives one value when the producer ends; what reads it is outside the loop.",
        "rows = collect.List()\nmean = collect.Mean()\nfor i in upto(4):\n    rows.add(i)\n    mean.add(i)\n"
        "r = rows.result()\nm = mean.result()\na = note('a', r, m)",
    ),
    "a collector of a collector": Row(
        "A collector that is made in a loop is new each turn.",
        "for i in upto(3):\n    rows = collect.List()\n    for j in upto(i):\n        rows.add(j)\n"
        "    r = rows.result()\n    a = note('a', r)",
    ),
    "straight between loops": Row(
        "Between two loops nothing flows but through a queue: the checker names the two.",
        "def one():\n    a = maths.absolute(1.0)\n\n\ndef two():\n    b = maths.absolute(a)\n",
        refused("two.b", "“a” of “one”", "side by side", "queue"), mains="one, two",
    ),
    "a queue": Row(
        "Every value of a queue arrives once, in its order, and its end travels.",
        "def one():\n    for i in upto(50):\n        sent = jobs.put(i)\n\n\ndef two():\n    for v in jobs:\n"
        "        a = note('two', v)\n",
        gives(two=[(n,) for n in range(50)]), mains="one, two", before="jobs = queue.Queue(size=3)\n\n\n",
    ),
    "every reader": Row(
        "Every reader of a queue gets every value ...",
        "def one():\n    for i in upto(20):\n        sent = jobs.put(i)\n\n\ndef two():\n    for v in jobs:\n"
        "        a = note('two', v)\n\n\ndef three():\n    for v in jobs:\n        a = note('three', v)\n",
        gives(two=[(n,) for n in range(20)], three=[(n,) for n in range(20)]), mains="one, two, three",
        before="jobs = queue.Queue(size=3)\n\n\n",
    ),
    "competing readers": Row(
        "... unless they compete on purpose: then each value goes to one of them.",
        "def one():\n    for i in upto(40):\n        sent = jobs.put(i)\n\n\ndef two():\n    for v in jobs:\n"
        "        a = note('two', v)\n\n\ndef three():\n    for v in jobs:\n        a = note('three', v)\n",
        lambda row: _competed(row), mains="one, two, three",
        before='jobs = queue.Queue(size=3, readers="compete")\n\n\n',
    ),
    "latest": Row(
        "A latest value is sampled and held.",
        "def one():\n    sent = level.put(7)\n    met = meet.wait(20)\n\n\ndef two():\n    met = meet.wait(20)\n"
        "    a = level.get()\n    b = level.get()\n    c = note('two', a, b)\n",
        gives(two=[(7, 7)]), mains="one, two", before="level = queue.Latest()\nmeet = threading.Barrier(2)\n\n\n",
    ),
    "feedback": Row(
        "Feedback is carried from one iteration to the next, and read after the loop.",
        "t = 1\nu = 0\nfor i in upto(4):\n    n = note('n', t, u)\n    u = t\n    t = n\nc = note('c', t, u)",
    ),
    "feedback of an empty loop": Row("Without an iteration it has its start value.",
                                     "t = 7\nfor i in upto(0):\n    n = note('n', t)\n    t = n\nc = note('c', t)"),
}  # fmt: skip
BRANCHES = {
    "not taken": Row("The branch that is not taken does not run.",
                     "for i in upto(4):\n    if i > 1:\n        a = note('a', i)\n    elif i:\n"
                     "        b = note('b', i)\n    else:\n        c = note('c', i)"),
    "a merge": Row("A merge takes the value of the branch that did.",
                   "for i in upto(4):\n    if i > 1:\n        a = note('a', i)\n        m = a\n"
                   "    else:\n        m = i\n    b = note('b', m)"),
    "dead all the way": Row("What hangs on a branch that is not taken is dead, all the way down.",
                            "x = 0\nif x:\n    a = note('a', 1)\n    b = note('b', a)\n    if b:\n"
                            "        c = note('c', b)\nd = note('d', x)"),
    "only one test": Row("The tests of later arms are not asked once one holds.",
                         "a = note('a', 1)\nif a > 0:\n    b = note('b', 1)\n"
                         "elif note('never', 1):\n    c = note('c', 1)"),
}  # fmt: skip
SUBFLOWS = {
    "a function of the file": Row("A subflow is a function of the file.",
                                  "for i in upto(3):\n    b = twice(i)\n    c = note('c', b)",
                                  before="def twice(x):\n    a = note('in', x)\n"
                                  "    b = note('on', a)\n    return b\n\n\n"),
    "to any depth": Row("... to any depth, fresh at each call.",
                        "for i in upto(3):\n    b = outer(i)\n    c = note('c', b)",
                        before="def inner(x):\n    m = Meter(x)\n    a = m(x)\n    return a\n\n\n"
                        "def outer(x):\n    a = inner(x)\n    b = inner(a)\n    return a, b\n\n\n",
                        holds=lambda row: _closes_too(row)),
    "its output": Row("Each output of a result with named values is a port.",
                      "p = split(9)\na = note('a', p.low, p.high)"),
}  # fmt: skip
ERRORS = {
    "named": Row("A node that raises stops its loop, and names the node, the message, the inputs and the user's line.",
                 "for i in upto(3):\n    a = bad(i)\n    b = note('b', a)",
                 fails("flow.a", "1 is bad", "raise ValueError", "('x', '1", then=lambda r: _after(r, b=[(0,)]))),
    "reject": Row("With on_error = reject the turn goes to the dead letters and the loop goes on; the run has failed.",
                  "for i in upto(3):\n    a = bad(i)\n    b = note('good', a)",
                  fails("flow.a", "1 of 3", then=kept_letters), header='# on_error = "reject"\n'),
    "continue": Row("With on_error = continue it is counted.",
                    "for i in upto(3):\n    a = bad(i)\n    b = note('good', a)\nc = note('end', 1)",
                    fails("flow.a", "1 of 3", then=lambda r: _after(r, good=[(0,), (2,)], end=[(1,)])),
                    header='# on_error = "continue"\n'),
    "another loop": Row("A loop that fails never takes another one down.",
                        "def one():\n    a = bad(1)\n\n\ndef two():\n    for i in upto(50):\n"
                        "        a = note('two', i)\n",
                        fails("one.a", "1 is bad", then=other_loop_went_on), mains="one, two"),
    "no retries": Row("There are no silent retries.", "a = note('a', 1)\nb = bad(a)\nc = note('c', 1)",
                      fails("flow.b", then=lambda r: _after(r, a=[(1,)], c=[]))),
    "closed": Row("An object with state is closed when the run ends, however it ends.",
                  "m = Meter()\nfor i in upto(3):\n    a = m(i)\n    b = bad(i)", fails("flow.b", then=closed_once)),
}  # fmt: skip
PLACES = {
    "the same values": Row(
        "The place changes where the work is done and never what comes out.",
        "t = 0\nfor i in upto(3):\n    a = maths.add(i, t)\n    b = maths.multiply(a, 3)\n    t = b\n"
        "    c = note('c', a, b)",
        header='#\n# [tool.flodesk.places.flow]\n# a = "process"\n# b = "process"\n',
    ),
    "one job": Row(
        "Neighbours with the same place travel as one job.",
        "a = where(1)\nb = where(a)\nc = note('same', a == b, a != me)",
        gives(same=[(True, True)]),
        header='#\n# [tool.flodesk.places.flow]\n# a = "process"\n# b = "process"\n',
        before="import os\n\nme = os.getpid()\n\n\ndef where(x):\n    return os.getpid()\n\n\n",
    ),
    "impure calls keep their order": Row(
        "Side by side runs only what is pure: impure calls keep the script's order.",
        "a = step(1)\nb = step(2)\nc = step(3)\nd = note('order', a, b, c)",
        gives(order=[(1, 2, 3)]),
        header='#\n# [tool.flodesk.places.flow]\n# a = "process"\n# b = "process"\n# c = "process"\n#\n'
        "# [tool.flodesk.process]\n# cpus = 2\n",
        before="count = 0\n\n\n@flodesk.node(pure=False)\ndef step(x):\n    global count\n    count += 1\n"
        "    return count\n\n\n",
    ),
}  # fmt: skip
VALUES = {
    "plain": Row("A value is plain Python, NumPy or pandas.", "a = numpy.arange(4)\nb = a.sum\nc = b()\n"
                 "d = note('d', c)"),
    "ports": Row("Required parameters are ports; the return annotation is the output type.",
                 "a = gain(2.0)", ports("a", [("value", "number")], [("", "number")]),
                 before="def gain(value: float, by: Annotated[float, Range(0, 9)] = 2.0) -> float:\n"
                 "    return value * by\n\n\n"),
    "many wires": Row("`*values` is a port that takes many wires.",
                      "a = note('a', 1)\nb = note('b', a, a, 3)\nc = note('c', a, b)"),
    "wrong types": Row("A wire that cannot work is refused, with both types in the message.",
                       "a = text.join('a', 'b')\nb = maths.scale(1.0, factor=a)",
                       refused("flow.b", "“a” gives text", "“factor” of “b” takes a number")),
    "a converter": Row("A converter is offered where one exists.",
                       "a = gain(2.0)\nb = text.split(a)", refused("flow.b", "“a” gives a number", "text.number"),
                       before="def gain(value: float) -> float:\n    return value\n\n\n"),
    "a template": Row("A text that holds {{ … }} is filled in from the node's inputs before each call.",
                      "for i in upto(3):\n    a = text.template('{{ value + 1 }} V', value=i)\n    b = note('b', a)"),
}  # fmt: skip
ROWS = {
    f"{part}: {name}": row
    for part, rows in [
        ("producers", PRODUCERS), ("loops", LOOPS), ("branches", BRANCHES), ("subflows", SUBFLOWS),
        ("errors", ERRORS), ("places", PLACES), ("values", VALUES),
    ]
    for name, row in rows.items()
}  # fmt: skip


def _competed(row: Row) -> None:
    result = run(row.text)
    assert result.reason == "succeeded", result.message
    assert sorted(calls("two") + calls("three")) == [(n,) for n in range(40)]
    assert calls("two") == sorted(calls("two")), "each reader keeps the order"


def _closes_too(row: Row) -> None:
    """A subflow's own objects are closed when its call ends: that is what a run adds to the script."""
    wanted = plainly(row)["log"]
    result = run(row.text)
    assert result.reason == "succeeded", result.message
    got = engine_log()
    assert [entry for entry in got if entry[0] != "closed"] == wanted
    assert [entry[0] for entry in got].count("closed") == 6


def _after(result: Result, **wanted: list[tuple[Any, ...]]) -> None:
    assert {name: calls(name) for name in wanted} == wanted


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_run_means_what_it_says(row: Row) -> None:
    (row.holds or as_the_script)(row)


# ------------------------------------------------------------------ while it runs
def test_stop_between_nodes_is_at_once_and_in_a_node_that_waits(placed) -> None:
    text = Row("", "for i in timing.every(0.01):\n    a = time.sleep(0.01)").text
    placed.start(text)
    placed.until(lambda: "flow.a" in placed.engine.states() and placed.engine.states()["flow.a"].count > 2)
    end = placed.stop()
    assert isinstance(end, RunFinished)
    assert end.reason == "stopped"


def test_a_changed_parameter_counts_from_the_next_call_with_no_restart(here) -> None:
    """Rule 3, in a loop: the run goes on, and each turn has the old value or the new one."""
    text = Row("", "m = Meter()\nfor i in timing.every(0.002):\n    a = maths.scale(i, factor=2.0)\n    b = m(1)").text
    here.engine.watch({"flow.a", "flow.i", "flow.b"}, set())
    here.start(text)
    here.until(lambda: here.value("flow.a"))
    here.engine.set_parameter("flow.a", "factor", "50.0")
    here.until(lambda: here.value("flow.a") and here.value("flow.a") > 20.0 * here.value("flow.i"))
    turns = here.value("flow.b")
    here.until(lambda: here.value("flow.b") > turns)
    here.stop()
    assert [entry[0] for entry in engine_log()].count("made") == 1
    assert [e for e in here.events if isinstance(e, NodeFailed)] == []


def test_without_a_producer_only_what_is_downstream_of_a_change_runs_again(here) -> None:
    text = Row("", "a = note('a', 1)\nb = note('b', 2, k=5)\nc = note('c', a)\nd = note('d', b, c)").text
    here.run(text)
    here.finished.clear()
    here.engine.set_parameter("flow.b", "k", "6")
    here.wait()
    assert [entry[0] for entry in engine_log()] == ["a", "b", "c", "d", "b", "d"]


def test_a_pure_call_above_the_loop_is_computed_again_before_the_next_turn(here) -> None:
    text = Row("", "g = maths.scale(1.0, factor=3.0)\nfor i in timing.every(0.002):\n    a = maths.absolute(g)").text
    here.engine.watch({"flow.a"}, set())
    here.start(text)
    here.until(lambda: here.value("flow.a") == 3.0)
    here.engine.set_parameter("flow.g", "factor", "4.0")
    here.until(lambda: here.value("flow.a") == 4.0)
    here.stop()


def test_a_changed_constructor_makes_its_object_anew_and_says_so(here) -> None:
    text = Row("", "m = Meter(start=0)\nfor i in timing.every(0.002):\n    b = m(1)").text
    here.engine.watch({"flow.b"}, set())
    here.start(text)
    here.until(lambda: here.value("flow.b"))
    here.engine.set_parameter("flow.m", "start", "100000")
    here.until(lambda: here.value("flow.b") > 100_000)
    here.stop()
    assert [values for name, values, _ in engine_log() if name == "made"] == [(0,), (100_000,)]
    assert any("made anew" in line.text for line in here.lines())


def test_a_changed_producer_starts_its_generator_anew(here) -> None:
    text = Row("", "for i in counting(start=0):\n    a = maths.absolute(i)",
               before="def counting(start):\n    while True:\n        time.sleep(0.002)\n        yield start\n"
               "        start += 1\n\n\n").text  # fmt: skip
    here.engine.watch({"flow.a"}, set())
    here.start(text)
    here.until(lambda: here.value("flow.a"))
    here.engine.set_parameter("flow.i", "start", "5000")
    here.until(lambda: here.value("flow.a") and here.value("flow.a") >= 5000)
    here.stop()


def test_no_thread_of_a_run_is_left() -> None:
    before = threading.active_count()
    assert run(ROWS["loops: a queue"].text).reason == "succeeded"
    assert threading.active_count() == before
