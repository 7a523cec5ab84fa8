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


CHAIN = (
    TEXT.replace("b = sub(a, q=c)", "b = sub(a)")
    .replace("d = sub(b)", "d = sub(c)\n    note(b)")
    .replace("    e = sub(a)\n", "")
    .replace("    note(e)\n", "")
)


def chain(b: str) -> Flow:
    """Return a flow in which “b” needs “a”, and both are off."""
    text = CHAIN.replace("a = sub(5.0)", "a = None  # off: sub(5.0)").replace("b = sub(a)", f"b = {b}")
    return read(text)


@pytest.mark.parametrize(
    "b", ["None  # off: sub(a)", "None  # off too: sub(a)", "a  # bypass: sub(a)"], ids=["off", "too", "bypass"]
)
@pytest.mark.parametrize("chosen", [("b", "d"), ("z", "b"), ("b",)], ids="-".join)
def test_what_is_off_and_read_by_what_is_off_alone_is_given_without_a_type(b: str, chosen: tuple[str, ...]) -> None:
    flow = chain(b)
    assert not list(errors(check(flow, CATALOG.with_flow(flow))))
    made, name, _ = wiring.make_subflow(flow, picture(flow, CATALOG.with_flow(flow), "flow"), chosen)
    new, back = made.apply(flow)
    assert read(write(new)) == new
    assert write(back.apply(new)[0]) == write(flow)
    assert computed(write(new)) == computed(write(flow))
    assert not list(errors(check(new, CATALOG.with_flow(new))))
    on = switched(switched(new, "flow", "a", ""), name, "b", "")
    assert not check(on, CATALOG.with_flow(on))
    assert computed(write(on)) == computed(CHAIN)


def test_what_is_off_and_read_by_what_runs_keeps_its_type_in_a_subflow() -> None:
    flow = read(CHAIN.replace("c = sub(9.0)", "c = None  # off: sub(9.0)"))
    new = wiring.make_subflow(flow, picture(flow, CATALOG.with_flow(flow), "flow"), ["b", "d"])[0].apply(flow)[0]
    assert "(a: float, c: float)" in write(new)
    assert list(errors(check(flow, CATALOG.with_flow(flow))))
    assert list(errors(check(new, CATALOG.with_flow(new))))


def test_an_else_hands_nothing_on_that_is_off() -> None:
    flow = read(
        CHAIN.replace("a = sub(5.0)", "a = None  # off: sub(5.0)")
        .replace("b = sub(a)", "b = None  # off: sub(a)")
        .replace("d = sub(c)", "d = sub(2.0)")
    )
    catalog = CATALOG.with_flow(flow)
    new = wiring.put_into_if(flow, picture(flow, catalog, "flow"), catalog, ["d", "b"])[0].apply(flow)[0]
    assert "        d = 0.0\n" in write(new)
    assert computed(write(new)) == computed(write(flow))
    assert not [p for p in check(new, CATALOG.with_flow(new)) if p.kind != "off" or "“a”" in p.message]
