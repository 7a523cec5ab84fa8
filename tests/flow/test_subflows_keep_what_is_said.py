"""What the header says of nodes moves along when they become a subflow, and back again; or it is said why not."""

from __future__ import annotations

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.places.flow]
# b = "process"
# code_1 = "process"
#
# [tool.flodesk.detached.flow]
# d = 4
#
# [tool.flodesk.pins.flow]
# b = ["factor"]
# ///
import flodesk
from flodesk.nodes import maths, timing


def flow():
    for k in timing.every(0.1):
        a = maths.scale(k, factor=2.0)
        b = maths.scale(a, factor=3.0)  # a note
        c = b * 2 + 1
        d = maths.scale(c, factor=4.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def subflow(flow: Flow, *ids: str) -> tuple[Flow, str, str]:
    edit, function, node = wiring.make_subflow(flow, picture(flow, CATALOG, "flow"), ids)
    return edit.apply(flow)[0], function, node


@pytest.mark.parametrize("ids", [("b", "code_1"), ("a", "b", "code_1"), ("k", "a", "b", "code_1", "d")])
def test_where_nodes_run_and_what_is_pinned_moves_both_ways(ids: tuple[str, ...]) -> None:
    flow = read(TEXT)
    made, function, node = subflow(flow, *ids)
    settings = read(write(made)).header.settings
    assert settings["places"] == {function: {"b": "process", "code_1": "process"}}
    assert settings["pins"] == {function: {"b": ["factor"]}}
    assert settings["detached"] == {function if "d" in ids else "flow": {"d": 4}}
    assert "# a note" in write(made)
    apart, _ = wiring.inline_subflow(read(write(made)), "flow", node)
    back = apart.apply(read(write(made)))[0]
    assert {key: back.header.settings[key] for key in ("places", "pins", "detached")} == {
        key: flow.header.settings[key] for key in ("places", "pins", "detached")
    }


def test_what_runs_beside_its_loop_does_not_leave_it_unsaid() -> None:
    with pytest.raises(wiring.Refused, match="“d” runs beside its loop: take that loop along"):
        subflow(read(TEXT), "code_1", "d")
