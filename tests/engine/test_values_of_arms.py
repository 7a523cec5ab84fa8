"""Each arm has the value that it gave last, and the merge the one that it took: they bind one variable."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.engine.events import Paused
from flodesk.engine.ring import Room
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Graph, picture
from flodesk.flow.script import read

HEAD = """
import flodesk


def up(x, by=1):
    return x + by


"""
TAIL = """

if __name__ == "__main__":
    flodesk.main(flow)
"""
LOOP = """
def flow():
    for k in range(4):
        a = up(k)
        if a > 2:
            out = up(a)
        elif a > 1:
            out = a - 1
        else:
            if k == 5:
                out = up(a)
            else:
                out = a * 2
                out = up(out)
        got = up(out)
    total = 0
    for k in range(10, 12):
        total = total + k
"""
ONCE = """
def flow():
    a = up(1)
    if a > 1:
        out = a + 1
    else:
        out = a - 1
    got = up(out)
"""
PASSING = """
def flow():
    n = 1
    for k in range(3):
        n = up(k)
        if k == 1:
            n = up(n, 100)
        last = up(n)
"""
ANEW = """
def flow():
    for row in range(3):
        row = up(row, 10)
        last = up(row)
    got = up(row)
"""
ANEW_INSIDE = """
def flow():
    for k in range(3):
        for row in range(k):
            row = up(row, 100)
    got = up(k)
"""
NOTHING = """
def flow():
    row = 5
    for row in []:
        last = up(row)
    got = up(row)
"""
SUMMED = """
def flow():
    total = 0
    for k in range(4):
        before = up(total)
        total = total + k
        got = up(total)
"""
INSIDE = """
def part(x):
    if x > 1:
        out = up(x)
    else:
        out = up(x, 10)
    return out


def flow():
    for k in range(4):
        a = part(k)
        b = part(0)
"""


def graphs(text: str) -> list[Graph]:
    flow = read(text)
    return [picture(flow, Catalog.builtin().with_flow(flow), name) for name in flow.functions]


def names(text: str) -> dict[str, str]:
    """The name of each value by its card (``function.node``), as the canvas asks for it."""
    return {
        node.address: graph.value(node.id, port)
        for graph in graphs(text)
        for node in graph.nodes.values()
        for port in node.outputs
        if port.variable
    }


def shown(watcher: Any, asked: dict[str, str]) -> dict[str, str]:
    previews = watcher.engine.previews()
    return {card: previews[name].value.text for card, name in asked.items() if name in previews}


CASES = [
    pytest.param(
        LOOP,
        {
            "flow.call_1": "5",
            "flow.code_1": "1",
            "flow.code_2": "2",
            "flow.code_3": "3",
            "flow.out": "5",
            "flow.got": "6",
            "flow.total": "0",
            "flow.code_4": "21",
        },
        {"flow.call_2"},
        id="arms",
    ),
    pytest.param(
        PASSING, {"flow.n": "1", "flow.code_1": "3", "flow.code_2": "102", "flow.n_if_1": "3"}, set(), id="no else"
    ),
    pytest.param(
        SUMMED,
        {"flow.total": "0", "flow.total~k": "6", "flow.before": "4", "flow.code_1": "6", "flow.got": "7"},
        set(),
        id="carried by code",
    ),
    pytest.param(INSIDE, {"part.call_1": "4", "part.call_2": "10", "part.out": "10"}, set(), id="subflow"),
    pytest.param(ANEW, {"flow.row": "2", "flow.code_1": "12", "flow.last": "13", "flow.got": "13"}, set(), id="anew"),
    pytest.param(
        ANEW_INSIDE,
        {"flow.row": "1", "flow.code_1": "101", "flow.got": "3"},
        set(),
        id="anew in a loop of a loop",
    ),
    pytest.param(NOTHING, {"flow.row": "5", "flow.got": "6"}, set(), id="nothing given"),
]


@pytest.mark.parametrize(("body", "values", "never"), CASES)
def test_each_arm_has_what_it_gave_last(placed: Any, body: str, values: dict[str, str], never: set[str]) -> None:
    text = HEAD + body + TAIL
    asked = names(text)
    placed.engine.watch(full=frozenset(), brief=frozenset(asked.values()))
    assert placed.run(text).reason == "succeeded"
    placed.until(lambda: values.items() <= shown(placed, asked).items())
    assert not never & shown(placed, asked).keys()


def test_what_is_looked_at_after_the_run_is_that_of_the_arm_that_ran(here: Any) -> None:
    text = HEAD + ONCE + TAIL
    asked = names(text)
    here.run(text)
    here.engine.watch(full=frozenset(), brief=frozenset(asked.values()))
    here.until(lambda: shown(here, asked) == {"flow.a": "2", "flow.code_1": "3", "flow.out": "3", "flow.got": "4"})


def test_a_probe_of_an_arm_keeps_what_that_arm_has_given(here: Any) -> None:
    text = HEAD + LOOP + TAIL
    asked = names(text)
    here.engine.set_probes({asked[card]: Room() for card in ("flow.call_1", "flow.code_1", "flow.call_2", "flow.out")})
    here.run(text)
    got: list[Any] = []
    here.engine.look({}, got.append, None)
    here.until(lambda: got)
    held = {card: got[0].held[asked[card]] for card in ("flow.call_1", "flow.code_1", "flow.call_2", "flow.out")}
    assert {card: (one.count, one.kept and one.kept.value, one.last.turn) for card, one in held.items()} == {
        "flow.call_1": (2, 5, 4),
        "flow.code_1": (1, 1, 2),
        "flow.call_2": (0, None, 0),
        "flow.out": (4, 5, 4),
    }


def test_the_wire_of_an_arm_holds_where_that_arm_was_taken(here: Any) -> None:
    text = HEAD + LOOP + TAIL
    asked = names(text)
    here.engine.watch(full=frozenset(), brief=frozenset(asked.values()))
    here.engine.set_breaks({f"{asked['flow.code_1']} -> out.arm[2].arm[1]": ""})
    here.start(text)
    pause = here.until(lambda: next((e for e in list(here.events) if isinstance(e, Paused)), None))
    assert (pause.node, pause.iteration) == ("flow.code_1", 2)
    here.until(lambda: {"flow.code_1": "1", "flow.code_3": "3", "flow.out": "1"}.items() <= shown(here, asked).items())
    assert "flow.call_1" not in shown(here, asked)
    here.engine.set_probes({asked["flow.code_1"]: Room(), asked["flow.code_3"]: Room()})
    got: list[Any] = []
    here.engine.look({}, got.append, None)
    here.until(lambda: got)
    assert got[0].held[asked["flow.code_1"]].kept.value == 1
    assert got[0].held[asked["flow.code_3"]].kept is None, "that is of the turn before"
    here.engine.resume()
    assert here.wait().reason == "succeeded"
