"""Nodes that become a function of their own: nothing that the flow computes changes, and one undo takes it back."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check, errors
from flodesk.flow.edit import from_json, to_json
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
HEAD = """\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# a = [0, 0]
# b = [200, 0]
# c = [200, 100]
# d = [400, 50]
# ///
import flodesk
from flodesk.nodes import maths, show

seen = {}


def note(name, *values):
    seen.setdefault(name, []).append(values)
    return sum(values) + len(name)


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
DIAMOND = "a = note('a', 1)\nb = note('b', a)\nc = note('c', a)\nd = note('d', b, c)\ne = note('e', d, a)"
LOOP = (
    "a = note('a', 1)\ntotal = 0\nfor k in range(3):\n    b = note('b', k, a)\n    c = note('c', b)\n"
    "    t = note('t', total, c)\n    total = t\n    if t > 9:\n        d = note('d', c)\n        level = d\n"
    "    else:\n        level = 2\n    e = note('e', level, b)\nf = note('f', a)"
)
OBJECTS = (
    "rows = []\na = note('a', 1)\nfor k in range(2):\n    b = note('b', k)\n    rows.append(b)\nc = note('c', *rows)"
)


def text_of(body: str) -> str:
    return HEAD + "def flow():\n" + "".join(f"    {line}\n" for line in body.split("\n")) + TAIL


def computed(text: str) -> Any:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    space["flow"]()
    return space["seen"]


def made(text: str, *ids: str) -> tuple[Flow, str]:
    flow = read(text)
    edit, function, node = wiring.make_subflow(flow, picture(flow, CATALOG, "flow"), ids)
    assert from_json(to_json(edit)) == edit
    new, back = edit.apply(flow)
    assert read(write(new)) == new
    assert write(back.apply(new)[0]) == text
    assert node in picture(new, CATALOG, "flow").nodes
    assert function in new.functions
    return new, function


@pytest.mark.parametrize("body", [DIAMOND, LOOP, OBJECTS], ids=["diamond", "loop", "objects"])
def test_whatever_is_selected_the_flow_computes_the_same(body: str) -> None:
    text = text_of(body)
    flow = read(text)
    boxes = list(picture(flow, CATALOG, "flow").nodes)
    expected = computed(text)
    before = {problem.kind for problem in errors(check(flow, CATALOG))}
    done = 0
    for size in (1, 2, 3, len(boxes)):
        for ids in itertools.combinations(boxes, size):
            try:
                new, _ = made(text, *ids)
            except wiring.Refused:
                continue
            done += 1
            assert computed(write(new)) == expected, ids
            assert {problem.kind for problem in errors(check(new, CATALOG))} <= before, ids
    assert done >= 8


def test_one_value_is_returned_as_it_is() -> None:
    new, function = made(text_of(DIAMOND), "b", "c", "d")
    assert function == "make_d"
    lines = "    b = note('b', a)\n    c = note('c', a)\n    d = note('d', b, c)\n    return d\n"
    assert f"def make_d(a):\n{lines}" in write(new)
    assert "    a = note('a', 1)\n    d = make_d(a)\n    e = note('e', d, a)\n" in write(new)
    assert new.header.canvas["flow"] == {"a": (0, 0), "d": (300, 50)}
    assert new.header.canvas["make_d"] == {"b": (200, 0), "c": (200, 100), "d": (400, 50)}


def test_several_values_are_a_named_tuple_with_a_port_each() -> None:
    new, _ = made(text_of(DIAMOND), "b", "c")
    text = write(new)
    assert "class MakeB(typing.NamedTuple):\n    b: typing.Any\n    c: typing.Any\n" in text
    assert "def make_b(a) -> MakeB:\n" in text
    assert "    return MakeB(b, c)\n" in text
    assert "    b_parts = make_b(a)\n    b = b_parts.b\n    c = b_parts.c\n    d = note('d', b, c)\n" in text
    graph = picture(new, CATALOG, "flow")
    assert [port.name for port in graph.nodes["b_parts"].outputs] == ["b", "c"]
    assert {w.source for w in graph.wires if w.target[0] == "d"} == {("b_parts", "b"), ("b_parts", "c")}


@pytest.mark.parametrize(
    ("body", "ids", "says"),
    [
        (DIAMOND, ["a", "d"], "stands between the selected nodes"),
        (DIAMOND, [], "Select the nodes"),
        (LOOP, ["a", "b"], "do not stand in the same loop or branch"),
        (LOOP, ["total"], "do not stand in the same loop or branch"),
        ("a = note('a', 1)\nif a:\n    b = 1\nelse:\n    b = 2\nfor k in range(2):\n    if k:\n        break", ["if_2"],
         "leaves the loop"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(body: str, ids: list[str], says: str) -> None:
    with pytest.raises(wiring.Refused, match=says):
        made(text_of(body), *ids)


def test_a_whole_loop_becomes_a_subflow() -> None:
    new, _ = made(text_of(LOOP), "k", "total")
    assert "def make_total(a):\n    total = 0\n    for k in range(3):\n        b = note('b', k, a)\n" in write(new)


def test_views_go_along() -> None:
    text = text_of("a = note('a', 1)\nm = show.number(a)").replace(
        "# ///\nimport", "#\n# [tool.flodesk.panel.flow]\n# m = [0, 0, 4, 2]\n# ///\nimport"
    )
    new, function = made(text, "m")
    assert "flow" not in new.header.panel
    assert list(new.header.panel[function]) == ["m"]
