"""A node goes into the wire from an arm to its merge also where the arm gives the merge its value directly."""

from __future__ import annotations

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.script import read, write

TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.part]
# {one} = [100, 0]
# {two} = [100, 200]
# {merge} = [300, 0]
# ///


def ident(x):
    return x


def two(a, b):
    return a * 10 + b


def part(high, value):
    if high:
        level = two(value, 1)
    else:
        level = {other}
        print(level)
    shown = two(level, 3)
    return shown
"""


@pytest.mark.parametrize("other", ["two(value, 2)", "value + 2"])
@pytest.mark.parametrize("arm", [0, 1])
def test_the_node_runs_in_its_arm_and_nothing_else_changes(arm: int, other: str) -> None:
    alone = other == "value + 2"
    names = {"one": "level" if alone else "call_1", "two": "code_1" if alone else "call_2"}
    names["merge"] = "level_if_1" if alone else "level"
    text = TEXT.replace("{other}", other)
    for name, known in names.items():
        text = text.replace(f"{{{name}}}", known)
    flow = read(text)
    catalog = Catalog.builtin().with_flow(flow)
    graph = picture(flow, catalog, "part")
    merge = next(node.id for node in graph.nodes.values() if node.kind == "merge")
    wire = next(w for w in graph.wires if w.target == (merge, f"arm[{arm}]"))
    edit, node = wiring.insert_between(flow, catalog, "part", "ident", (0.0, 0.0), wire.source, wire.target)
    after, back = edit.apply(flow)
    assert back.apply(after)[0] == flow
    text = write(after)
    assert "level_1 = " in text
    assert "ident_1 = ident(level_1)\n" in text
    assert "        level = ident_1\n" in text
    made = picture(after, catalog, "part")
    assert made == picture(read(text), catalog, "part")
    assert made.nodes[node].arms == (("if_1", arm),)
    merges = [box.id for box in made.nodes.values() if box.kind == "merge"]
    assert [w.source[0] for w in made.wires if w.target == (merges[0], f"arm[{arm}]")] == [node]
    for high in (True, False):
        results = []
        for source in (write(flow), text):
            space: dict[str, object] = {}
            exec(source, space)
            results.append(space["part"](high, 4))  # type: ignore[operator]
        assert results[0] == results[1]
    places = after.header.canvas["part"]  # of cards that are there, and each where it was
    assert set(places) <= set(made.nodes)
    assert {place for name, place in places.items() if name != node} == set(flow.header.canvas["part"].values())
