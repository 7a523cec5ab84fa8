"""What code in a loop binds anew and reads before that is drawn as feedback, and means it for all that is wired."""

from __future__ import annotations

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
TOP = "def act(x):\n    return x\n\n\ndef flow(given=1):\n"
SUMMED = """\
    total = 0.0
    for tick in range(4):
        before = act(total)
        total += tick
        after = act(total)
    last = act(total)
"""


def drawn(body: str) -> tuple[Flow, Graph]:
    flow = read(TOP + body)
    return flow, picture(flow, CATALOG.with_flow(flow), "flow")


def wires(graph: Graph) -> set[str]:
    """Each wire that feedback is an end of."""
    held = {name for name, node in graph.nodes.items() if node.kind == "feedback"}
    return {
        f"{w.source[0]} {'~>' if w.feedback else '->'} {'.'.join(w.target)}"
        for w in graph.wires
        if held & {w.source[0], w.target[0]}
    }


CASES = [
    pytest.param(
        SUMMED,
        {
            "total -> total~tick.start",
            "total~tick -> before.x",
            "total~tick -> code_1.total",
            "code_1 ~> total~tick.next",
        },
        id="what reads it above gets it from the turn before",
    ),
    pytest.param(
        "    for t in range(3):\n        given = act(given) * 2\n",
        {"def -> given~t.start", "given~t -> code_1.given", "code_1 ~> given~t.next"},
        id="a parameter",
    ),
    pytest.param(
        "    n = 1\n    for t in range(3):\n        for k in range(t):\n            n *= 2\n        got = act(n)\n",
        {"n -> n~t.start", "n~t -> code_1.n", "code_1 ~> n~t.next"},
        id="by the outer of two loops",
    ),
    pytest.param(
        "    for t in range(3):\n        n = 1\n        for k in range(t):\n            n *= 2\n        got = act(n)\n",
        {"n -> n~k.start", "n~k -> code_1.n", "code_1 ~> n~k.next"},
        id="by the inner of two loops",
    ),
    pytest.param(
        "    n = 1\n    for t in range(3):\n        if t > 1:\n            n += t\n        else:\n            n -= 1\n",
        {
            "n -> n~t.start",
            "n~t -> code_1.n",
            "code_1 ~> n~t.next",
            "n~t -> code_2.n",
            "code_2 ~> n~t.next[1]",
        },
        id="in arms",
    ),
    pytest.param(
        "    n = 1\n    for t in range(3):\n        n = t + 1\n        got = act(n)\n",
        set(),
        id="nothing reads what it was",
    ),
    pytest.param("    for t in range(3):\n        t = act(t) + 10\n", set(), id="each turn takes it from the loop"),
    pytest.param(
        "    n = 0\n    for t in range(3):\n        n = act(t)\n        n += 1\n        got = act(n)\n",
        set(),
        id="new",
    ),
    pytest.param(
        "    n = 0\n    for t in range(3):\n        if t:\n            n = t * 2\n        got = act(n)\n",
        {"n -> n~t.start", "code_1 ~> n~t.next", "n~t -> n_if_1.arm[1]"},
        id="what passes an if by",
    ),
    pytest.param(
        "    n = 0\n    for t in range(3):\n        if t:\n            n = t * 2\n        else:\n            n = -t\n"
        "        got = act(n)\n",
        set(),
        id="none passes",
    ),
    pytest.param("    n = 1\n    n += 1\n    got = act(n)\n", set(), id="no loop"),
]


@pytest.mark.parametrize(("body", "expected"), CASES)
def test_it_goes_round_through_a_card(body: str, expected: set[str]) -> None:
    assert wires(drawn(body)[1]) == expected


def test_its_wires_belong_to_the_text_of_the_code() -> None:
    flow, graph = drawn(SUMMED)
    catalog = CATALOG.with_flow(flow)
    round_ = next(wire for wire in graph.wires if wire.feedback)
    with pytest.raises(Refused, match="gets its next value in the text of “code_1”"):
        wiring.disconnect(flow, graph, round_)
    with pytest.raises(Refused, match="gets its next value in the text of “code_1”"):
        wiring.connect(flow, graph, ("before", ""), ("total~tick", "next"))
    with pytest.raises(Refused, match="gets its next value in the text of “code_1”"):
        wiring.insert_between(flow, catalog, "flow", "act", None, round_.source, round_.target)
    with pytest.raises(Refused, match="holds what “code_1” gives the next turn in its own text"):
        wiring.remove(flow, graph, ["total~tick"])


@pytest.mark.parametrize(("path", "line"), [("act", "act_1 = act(total)"), ("= total * 2", "result = total * 2")])
def test_what_is_added_at_it_stands_in_the_turn(path: str, line: str) -> None:
    flow, _ = drawn(SUMMED)
    edit, _ = wiring.add_node(flow, CATALOG.with_flow(flow), "flow", path, None, ("total~tick", ""))
    assert f"    for tick in range(4):\n        {line}\n        before" in write(edit.apply(flow)[0])


def test_a_rename_of_the_card_is_one_of_the_variable() -> None:
    flow, graph = drawn(SUMMED)
    renamed = write(wiring.rename(flow, graph, "total~tick", "summe").apply(flow)[0])
    assert renamed.partition("def flow")[2] == (TOP + SUMMED).replace("total", "summe").partition("def flow")[2]


def test_its_card_takes_the_place_of_no_variable() -> None:
    _, graph = drawn(SUMMED.replace("before", "total_tick"))
    assert graph.nodes["total_tick"].kind == "call"
    assert graph.nodes["total~tick"].kind == "feedback"


@pytest.mark.parametrize(
    "body", [SUMMED.replace("    total = 0.0", "    k = 2\n    total = 0.0").replace("= tick", "= k")]
)
def test_an_edit_of_what_goes_into_the_code_leaves_its_wires(body: str) -> None:
    flow, graph = drawn(body)
    without, back = wiring.remove(flow, graph, ["k"]).apply(flow)
    for now in (without, back.apply(without)[0]):
        assert ("code_1", "total") in {
            wire.source for wire in picture(now, CATALOG.with_flow(now), "flow").wires if wire.feedback
        }


def test_an_expression_that_makes_code_carry_its_name_is_added() -> None:
    flow, _ = drawn("    a = 1\n    for q in range(3):\n        q = a\n        b = act(a)\n")
    edit, node = wiring.add_node(flow, CATALOG.with_flow(flow), "flow", "= q * 2", None, ("q", ""))
    after = edit.apply(flow)[0]
    assert picture(after, CATALOG.with_flow(after), "flow").nodes[node].text == "result = q * 2"


def test_without_the_code_it_is_gone() -> None:
    flow, graph = drawn(SUMMED)
    without = wiring.remove(flow, graph, ["code_1"]).apply(flow)[0]
    after = picture(without, CATALOG.with_flow(without), "flow")
    assert not wires(after)
    assert ("total", "") in {wire.source for wire in after.wires if wire.target[0] == "before"}
