"""A subflow, an if and a loop leave calls that may act in their order; who says that they only compute may move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
TEXT = """\
import flodesk


def make():
    return []


def push(rows, x):
    rows.append(x)
    return x


def flow():
    rows = make()
    a = push(rows, 1.0)
    b = push(rows, 2.0)
    c = push(rows, 3.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
WAYS: dict[str, Callable[[Flow, Graph, list[str]], Any]] = {
    "subflow": wiring.make_subflow,
    "if": lambda flow, graph, ids: wiring.put_into_if(flow, graph, CATALOG, ids),
    "loop": wiring.put_into_loop,
}


def done(text: str, way: str, ids: list[str]) -> str:
    flow = read(text)
    made = WAYS[way](flow, picture(flow, CATALOG, "flow"), ids)
    edit = made[0] if isinstance(made, tuple) else made
    return write(edit.apply(flow)[0])


@pytest.mark.parametrize("way", WAYS)
def test_what_may_act_between_the_selected_nodes_is_to_be_selected_too(way: str) -> None:
    with pytest.raises(wiring.Refused, match="“b” stands between the selected nodes"):
        done(TEXT, way, ["a", "c"])


def test_all_of_them_move_in_their_order() -> None:
    found = done(TEXT, "subflow", ["a", "b", "c"])
    assert found.index("push(rows, 1.0)") < found.index("push(rows, 2.0)") < found.index("push(rows, 3.0)")


def test_who_says_that_it_computes_alone_may_stand_behind() -> None:
    says = TEXT.replace("def push", "@flodesk.node(pure=True)\ndef push").replace("    rows.append(x)\n", "")
    found = done(says, "subflow", ["a", "c"])
    assert "def make_a(rows" in found
