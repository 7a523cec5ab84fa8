"""An object in the place of another: each of its lines stands where it belongs, and what is read is read as before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.py"))
HEAD = """\
import flodesk
from flodesk.nodes import collect, dsp, maths, statistics, table, timing

SEEN = []


def seen(value: object) -> None:
    SEEN.append(value)


class Bag:
    def __init__(self, start: float = 0.0) -> None:
        self.total = start

    def add(self, value: float) -> None:
        self.total += value

    def result(self) -> float:
        return self.total


def halves(value: float):
    half = maths.scale(value, factor=0.5)
    return half


def flow():
"""
TAIL = """

if __name__ == "__main__":
    flodesk.main(flow)
"""
GATHERS = """\
    rows = collect.List()
    smooth = statistics.RunningMean(window=2)
    bag = Bag(start=1.0)
    for n in timing.count(4):
        x = maths.scale(n, factor=2.0)
        y = halves(x)
        rows.add(x)
        mean = smooth(y)
        bag.add(mean)
    found = rows.result()
    told = seen(found)
    total = bag.result()
    said = seen(total)
"""


def run(text: str) -> list[Any]:
    """Run a flow as the plain Python that it is, and return what it has seen."""
    there: dict[str, Any] = {"__name__": "flow"}
    exec(compile(text, "flow.py", "exec"), there)
    there["flow"]()
    found: list[Any] = there["SEEN"]
    return found


def replaced(node: str, path: str, body: str = GATHERS) -> tuple[str, tuple[str, ...]]:
    """Replace a node; return the lines of the function then, and what was not kept."""
    flow = read(HEAD + body + TAIL)
    made = wiring.replace_node(flow, CATALOG, picture(flow, CATALOG.with_flow(flow)), node, path)
    new, inverse = made.edit.apply(flow)
    assert read(write(new)) == new
    assert write(inverse.apply(new)[0]) == HEAD + body + TAIL
    return write(new).partition("def flow():\n")[2].removesuffix(TAIL), made.lost


def test_what_is_gathered_is_read_behind_the_loop_as_before() -> None:
    body, lost = replaced("rows", "flodesk.nodes.collect.Table")
    assert body == GATHERS.replace("collect.List", "collect.Table")
    assert lost == ()


@pytest.mark.parametrize(
    ("path", "gives"), [("collect.Last", 6), ("collect.Mean", 3.0), ("collect.List", [0, 2, 4, 6])]
)
def test_it_runs_with_another_collector(path: str, gives: object) -> None:
    body, lost = replaced("rows", f"flodesk.nodes.{path}")
    assert lost == ()
    assert run(HEAD + body + TAIL)[0] == gives
    assert len(run(HEAD + body + TAIL)) == 2


def test_what_gathers_cannot_become_what_does_not() -> None:
    for path in ("flodesk.nodes.maths.scale", "flodesk.nodes.statistics.RunningMean"):
        with pytest.raises(Refused, match="another collector alone can stand in its place"):
            replaced("rows", path)


def test_an_object_is_made_before_the_loop_and_not_each_turn() -> None:
    body, lost = replaced("x", "flodesk.nodes.statistics.RunningMean")
    assert body.index("x = statistics.RunningMean()") < body.index("for n in")
    assert "        running_mean_out = x(n)\n        y = halves(running_mean_out)" in body
    assert lost == ("factor = 2.0",)
    inner = "    for n in timing.count(2):\n        for m in timing.count(3):\n            x = maths.scale(m)\n"
    body, _ = replaced("x", "flodesk.nodes.statistics.RunningMean", inner)
    assert body.startswith("    x = statistics.RunningMean()\n    for n")


def test_a_call_becomes_a_collector_whose_result_stands_behind_the_loop() -> None:
    inner = "    for n in timing.count(2):\n        for m in timing.count(3):\n            x = maths.scale(m)\n"
    body, _ = replaced("x", "flodesk.nodes.collect.List", inner)
    assert body.splitlines() == [
        "    x = collect.List()",
        "    for n in timing.count(2):",
        "        for m in timing.count(3):",
        "            x.add(m)",
        "    list_2_result = x.result()",
    ]


def test_a_call_takes_the_place_of_what_is_called_each_turn() -> None:
    loop = "    for n in timing.count(3):\n"
    inner = f"    watch = timing.Stopwatch()\n{loop}        spent = watch()\n        told = seen(spent)\n"
    body, _ = replaced("watch", "flodesk.nodes.control.number", inner)
    assert body == f"{loop}        watch = control.number(0.0)\n        told = seen(watch)\n"


def test_an_object_that_is_called_in_several_places_says_so() -> None:
    twice = GATHERS.replace("        mean = ", "        rows.add(y)\n        mean = ")
    body, _ = replaced("rows", "flodesk.nodes.collect.Last", twice)
    assert body == twice.replace("collect.List", "collect.Last")
    with pytest.raises(Refused, match="called in several places"):
        replaced("rows", "flodesk.nodes.statistics.RunningMean", twice)


def test_the_same_type_gives_the_same_run() -> None:
    text = HEAD + GATHERS + TAIL
    flow = read(text)
    done = 0
    for function in flow.functions:
        graph = picture(flow, CATALOG.with_flow(flow), function)
        for node in graph.nodes.values():
            if wiring.replaceable(node) and node.type != "SEEN.append":
                made = wiring.replace_node(flow, CATALOG, graph, node.id, node.type)
                after = write(made.edit.apply(flow)[0])
                assert (made.lost, run(after)) == ((), run(text)), node.id
                done += 1
    assert done == 9


def test_the_same_type_changes_nothing_in_any_example() -> None:
    done = 0
    for path in EXAMPLES:
        flow = read(path.read_text(encoding="utf-8"))
        catalog = CATALOG.with_flow(flow)
        for function in flow.functions:
            graph = picture(flow, catalog, function)
            for node in graph.nodes.values():
                spec = catalog.find(node.type)
                if spec is None or not wiring.replaceable(node) or wiring.why_not_replaced(node, spec):
                    continue
                made = wiring.replace_node(flow, catalog, graph, node.id, node.type)
                new = made.edit.apply(flow)[0]
                assert (made.lost, picture(new, catalog, function)) == ((), graph), f"{path.name}: {node.id}"
                done += 1
    assert done > 100
