"""What hangs on an arm of a switch runs in it, expressions too; what feeds an arm of a merge can be moved into it."""

from __future__ import annotations

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

TEXT = """\
import flodesk
from flodesk.nodes import maths, show, source, timing


def flow():
    for tick in timing.count(10):
        result = maths.add(tick, 1)
        big = result > 3
        if big:
            double = result * 2
            chosen = double
        else:
            chosen = 0
        number = show.number(chosen)


if __name__ == "__main__":
    flodesk.main(flow)
"""
BEFORE = TEXT.replace("        if big:", "        minus = -result\n        if big:").replace("= 0", "= minus")
CATALOG = Catalog.builtin()
ELSE = ("if_1", "arm[1]")


def done(flow: Flow, edit: Edit) -> str:
    new, inverse = edit.apply(flow)
    assert write(inverse.apply(new)[0]) == write(flow)
    assert write(read(write(new))) == write(new)
    return write(new)


def added(text: str, path: str, source: tuple[str, str]) -> str:
    flow = read(text)
    return done(flow, wiring.add_node(flow, CATALOG, "flow", path, (0.0, 0.0), source)[0])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("= -result", "result_2 = -result"),
        ("= result + tick", "result_2 = result + tick"),
        ("= 5", "result_2 = 5"),
        ("flodesk.nodes.source.constant", "constant = source.constant()"),
    ],
)
def test_a_node_from_an_arm_runs_in_it(path: str, line: str) -> None:
    assert f"        else:\n            chosen = 0\n            {line}\n        number" in added(TEXT, path, ELSE)


def test_an_expression_from_the_input_of_a_merge_feeds_it_in_its_arm() -> None:
    text = added(TEXT, "= -result", ("chosen", "arm[1]"))
    assert "        else:\n            result_2 = -result\n            chosen = result_2\n" in text


def test_an_expression_in_a_wire_to_a_merge_runs_in_its_arm() -> None:
    flow = read(TEXT)
    ends = ("code_2", "double"), ("chosen", "arm[0]")
    edit, _ = wiring.insert_between(flow, CATALOG, "flow", "= -result", (0.0, 0.0), *ends)
    assert "            result_2 = -result\n            chosen = result_2\n        else:" in done(flow, edit)


def test_what_feeds_the_merge_goes_into_its_arm_afterwards() -> None:
    flow = read(BEFORE)
    graph = picture(flow, CATALOG, "flow")
    text = done(flow, wiring.connect(flow, graph, ELSE, ("code_2", "result")))
    assert "        big = result > 3\n        if big:" in text
    assert "        else:\n            minus = -result\n            chosen = minus\n" in text


def test_into_the_other_arm_it_cannot_go() -> None:
    flow = read(BEFORE)
    with pytest.raises(wiring.Refused, match="readable in that arm"):
        wiring.connect(flow, picture(flow, CATALOG, "flow"), ("if_1", "arm[0]"), ("code_2", "result"))


def test_a_loop_that_changes_a_value_for_what_follows_goes_into_no_arm() -> None:
    flow = read("""\
def act(v):
    return v + 1


def flow():
    v = 1
    for k in range(3):
        v = act(v)
    high = v > 9
    low = 2 > 1
    if low:
        a = 1
    else:
        a = 2
    return v
""")
    catalog = CATALOG.with_flow(flow)
    graph = picture(flow, catalog, "flow")
    switch = next(node.id for node in graph.nodes.values() if node.kind == "switch")
    loop = next(node for node in graph.nodes.values() if node.id == "k")
    with pytest.raises(wiring.Refused, match="changes “v” turn by turn for what follows"):
        wiring.connect(flow, graph, (switch, "arm[0]"), (loop.id, loop.inputs[0].name))
