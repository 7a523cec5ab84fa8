"""What a part gives after a run of the whole flow is what the whole gave, or the part says that it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.engine.events import RunFinished
from flodesk.engine.part import Part

HEAD = """
import flodesk
from flodesk.nodes import collect, queue, timing


def told(name, value):
    print(f"{name}={value!r}", flush=True)
    return value


def add(x, y=1.0):
    return x + y


def push(values, k=2.0):
    values.append(k)
    return len(values)


def total(values):
    return sum(values)


class Sum:
    def __init__(self, start=0):
        self.value = start
        self.asked = 0

    def __call__(self, x):
        self.value += x
        return self.value

    def now(self):
        return self.value

    def asked_again(self):
        self.asked += 1
        return (self.value, self.asked)


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'

FLOWS: dict[str, list[str]] = {
    "collector": [
        "rows = collect.List()",
        "for i in timing.count(3):",
        "    a = add(i, y=10)",
        "    rows.add(a)",
        "g = rows.result()",
        "p = told('p', g)",
    ],
    "two loops fill it": [
        "rows = collect.List()",
        "for i in timing.count(3):",
        "    rows.add(i)",
        "for j in timing.count(2):",
        "    rows.add(j)",
        "g = rows.result()",
        "rows.add(100)",
        "h = rows.result()",
    ],
    "filled before and after": [
        "rows = collect.List()",
        "rows.add(1)",
        "g = rows.result()",
        "rows.add(2)",
        "h = rows.result()",
        "both = told(g, h)",
    ],
    "own object": [
        "acc = Sum(start=1)",
        "t = 0",
        "for i in timing.count(4):",
        "    a = acc(i)",
        "    t = add(t, y=a)",
        "m = acc.now()",
        "n = acc.asked_again()",
        "k = acc.asked_again()",
        "u = add(t, y=m)",
    ],
    "list": [
        "rows = [5]",
        "for i in timing.count(3):",
        "    rows.append(i)",
        "n = list(rows)",
        "s = total(rows)",
        "m = add(1.0, y=2.0)",
        "p = told(n, s)",
        "c = push(rows, k=4)",
        "z = total(rows)",
    ],
    "made by a class": [
        "rows = [1]",
        "rows.append(2)",
        "n = tuple(rows)",
        "m = add(1.0, y=2.0)",
        "p = told(n, m)",
    ],
    "carried": [
        "t = 1.0",
        "for i in timing.count(4):",
        "    a = add(i, y=1.0)",
        "    t = add(t, y=a)",
        "    b = add(t, y=0.5)",
        "u = add(t, y=100.0)",
        "v = add(b, y=u)",
    ],
    "bound again": [
        "x = add(1.0, y=1.0)",
        "u = add(x, y=5.0)",
        "x = add(x, y=10.0)",
        "v = add(x, y=u)",
    ],
    "arms": [
        "rows = collect.List()",
        "for i in timing.count(4):",
        "    high = add(i, y=0.0)",
        "    if high > 1.0:",
        "        b = add(high, y=3.0)",
        "        level = b",
        "    else:",
        "        d = add(high, y=9.0)",
        "        level = d",
        "    c = add(level, y=1.0)",
        "    rows.add(c)",
        "g = rows.result()",
    ],
    "nested": [
        "rows = collect.List()",
        "for i in timing.count(3):",
        "    own = collect.List()",
        "    for j in timing.count(2):",
        "        b = add(i, y=j)",
        "        own.add(b)",
        "    inner = own.result()",
        "    rows.add(inner)",
        "g = rows.result()",
    ],
}


def text_of(kind: str) -> str:
    return HEAD + "def flow():\n" + "".join(f"    {line}\n" for line in FLOWS[kind]) + TAIL


def nodes_of(kind: str) -> list[tuple[str, bool]]:
    """The calls that give something, and the loops; with whether it stands in a loop."""
    found = {}
    for line in FLOWS[kind]:
        inside = line.startswith(" ")
        name, _, rest = line.strip().removeprefix("for ").partition(" in " if "for " in line else " = ")
        if name.isidentifier() and "(" in rest:
            found[name] = inside
    return list(found.items())


def wait(placed: Any, part: Part | None = None) -> RunFinished:
    placed.finished.clear()
    placed.engine.start(part=part)
    ended = placed.wait()
    assert isinstance(ended, RunFinished)
    return ended


def values(engine: Any, names: set[str]) -> dict[str, Any]:
    got: dict[str, Any] = engine.values()
    return {name: got[name].value for name in names if name in got}


WHICH = ("node", "from", "to")
ALL = [(kind, node, inside, which) for kind in FLOWS for node, inside in nodes_of(kind) for which in WHICH]
REFUSED = ("Run to ", "there is no node")


def check(here: Any, kind: str, parts: list[tuple[Any, str, bool]]) -> list[str]:
    """Run the flow, then one part after the other; returns which of them were refused."""
    names = {f"flow.{node}" for node, _ in nodes_of(kind)}
    # objects have no value to compare; the name of several lines stands for the first of them in a part
    names -= {"flow.rows", "flow.acc", "flow.own", "flow.t", "flow.x"}
    here.engine.watch(names, set())
    assert here.run(text_of(kind)).reason == "succeeded"
    whole = values(here.engine, names)
    refused = []
    for which, node, inside in parts:
        ended = wait(here, Part(which, f"flow.{node}"))
        if ended.reason != "succeeded":
            assert any(words in ended.message for words in REFUSED), ended.message
            refused.append(f"{which} {node}")
        elif not (which == "to" and inside) and not (which != "from" and f"for {node} " in text_of(kind)):
            found = values(here.engine, names)
            if (kind, node) == ("arms", "d"):  # the arm that the last turn did not take: on what is there now
                return refused
            assert found == whole, (kind, which, node)
        else:
            return refused  # one turn: what is shown is that of the first from now on
    return refused


@pytest.mark.parametrize("kind", list(FLOWS))
def test_each_part_after_the_whole(here: Any, kind: str) -> None:
    for of, node, inside, which in ALL:
        if of == kind:
            refused = check(here, kind, [(which, node, inside), ("from", node, inside)])
            assert not any(line.startswith("to ") for line in refused)


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        ("collector", set()),
        ("two loops fill it", set()),
        ("own object", {"node a", "from a"}),
        ("list", set()),
        ("made by a class", set()),
        ("carried", {"from a"}),
        ("arms", set()),
        ("nested", set()),
    ],
)
def test_only_what_cannot_be_had_is_refused(here: Any, kind: str, refused: set[str]) -> None:
    found: set[str] = set()
    for of, node, inside, which in ALL:
        if of == kind:
            found |= set(check(here, kind, [(which, node, inside)]))
    assert found == refused


@pytest.mark.parametrize("first", WHICH)
@pytest.mark.parametrize("kind", ["collector", "nested", "own object", "carried"])
def test_a_turn_of_a_loop_is_not_taken_for_all_of_them(here: Any, kind: str, first: Any) -> None:
    last = [node for node, inside in nodes_of(kind) if not inside][-1]
    last = "u" if kind == "carried" else last
    for node, inside in nodes_of(kind):
        if not inside and f"for {node} " not in text_of(kind):
            continue
        here.engine.watch({f"flow.{last}"}, set())
        assert here.run(text_of(kind)).reason == "succeeded"
        whole = values(here.engine, {f"flow.{last}"})
        wait(here, Part(first, f"flow.{node}"))
        ended = wait(here, Part("from", f"flow.{last}"))
        assert ended.reason == "succeeded" or "Run to" in ended.message
        assert values(here.engine, {f"flow.{last}"}) == whole, (first, node)


QUEUES = """
jobs = queue.Queue(size=2)


def put():
    for i in timing.count(3):
        s = jobs.put(i)


def flow():
    rows = collect.List()
    for v in jobs:
        d = add(v, y=1)
        rows.add(d)
    g = rows.result()
    p = told('p', g)


if __name__ == "__main__":
    flodesk.main(put, flow)
"""


@pytest.mark.parametrize("which", ["node", "from", "to"])
@pytest.mark.parametrize("node", ["g", "p"])
def test_what_came_out_of_a_queue_is_still_there(here: Any, which: Any, node: str) -> None:
    here.engine.watch({"flow.p"}, set())
    assert here.run(HEAD + QUEUES).reason == "succeeded"
    for part in (Part(which, f"flow.{node}"), Part("from", "flow.g"), Part("from", "flow.g")):
        assert wait(here, part).reason == "succeeded"
        assert values(here.engine, {"flow.p"}) == {"flow.p": [1, 2, 3]}
