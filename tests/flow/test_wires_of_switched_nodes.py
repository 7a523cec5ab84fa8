"""What a node that is switched off or bypassed needs comes along: it runs as before when it is on again."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check, errors
from flodesk.flow.edit import Edit
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.switched import How

CATALOG = Catalog.builtin()
TEXT = """\
import flodesk
from flodesk.nodes import maths

seen = []


def note(value):
    seen.append(value)


def sub(p: float, q: float = 1.0) -> float:
    return p - q


def flow():
    a = sub(5.0)
    c = sub(9.0)
    z = sub(3.0)
    b = sub(a, q=c)
    d = sub(b)
    e = sub(a)
    note(d)
    note(e)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def computed(text: str) -> Any:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    space["flow"]()
    return space["seen"]


def switched(flow: Flow, function: str, name: str, wanted: How) -> Flow:
    graph = picture(flow, CATALOG.with_flow(flow), function)
    new = wiring.switch(flow, graph, [name], wanted)[0].apply(flow)[0]
    assert read(write(new)) == new
    return new


@pytest.mark.parametrize("wanted", ["off", "bypass"])
@pytest.mark.parametrize("chosen", [("b", "d"), ("b",), ("c",), ("a", "c"), ("c", "z"), ("z", "b"), ("z", "b", "d")])
@pytest.mark.parametrize("edit", ["subflow", "if"])
def test_a_node_that_moved_while_it_was_off_runs_as_before(wanted: How, chosen: tuple[str, ...], edit: str) -> None:
    flow = switched(read(TEXT), "flow", "b", wanted)
    catalog = CATALOG.with_flow(flow)
    graph = picture(flow, catalog, "flow")
    made: Edit
    if edit == "subflow":
        made = wiring.make_subflow(flow, graph, chosen)[0]
    else:
        made = wiring.put_into_if(flow, graph, catalog, chosen)[0]
    new, back = made.apply(flow)
    assert read(write(new)) == new
    assert write(back.apply(new)[0]) == write(flow)
    assert computed(write(new)) == computed(write(flow))
    assert not list(errors(check(new, CATALOG.with_flow(new))))
    if edit == "if" and "b" in chosen:
        return
    home = next(name for name, function in new.functions.items() if any(s.id == "b" for s in function.body.statements))
    on = switched(new, home, "b", "")
    assert not list(errors(check(on, CATALOG.with_flow(on))))
    assert "q=c" in write(on)
    if edit == "subflow" and wanted == "bypass":
        assert computed(write(on)) == computed(TEXT)


def test_what_only_a_bypassed_node_reads_is_given_to_the_subflow() -> None:
    flow = switched(read(TEXT), "flow", "b", "bypass")
    new = wiring.make_subflow(flow, picture(flow, CATALOG.with_flow(flow), "flow"), ["b", "d"])[0].apply(flow)[0]
    assert "def make_d(a: float, c: float) -> float:\n    b = a  # bypass: sub(a, q=c)\n" in write(new)
    assert computed(write(switched(new, "make_d", "b", ""))) == computed(TEXT)
