"""Wires that a file has and that cannot be: they stay in the picture, with the reason."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.script import read, write
from flodesk.flow.wiring import connect, disconnect

CATALOG = Catalog.builtin()
HEAD = "import math\nimport flodesk\nfrom flodesk.nodes import dsp, maths, source, timing\n\nLIMIT = 3.0\n\n\n"
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def drawn(body, head=HEAD):
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    flow = read(f"{head}def flow():\n{lines}\n{TAIL}")
    return flow, picture(flow, CATALOG)


def test_what_nothing_gives_hangs_on_its_port_with_the_reason():
    _, graph = drawn("a = maths.scale(tnoe, factor=parts.low)")
    assert [(one.name, one.target, one.problem) for one in graph.lost] == [
        ("tnoe", ("a", "value"), "Nothing gives “tnoe” a value."),
        ("parts.low", ("a", "factor"), "Nothing gives “parts” a value."),
    ]
    assert [port.name for port in graph.nodes["a"].inputs] == ["value", "factor"], "an optional one has a port, too"
    assert graph.nodes["a"].inputs[1].type == "number"


@pytest.mark.parametrize(
    "body",
    [
        "a = maths.scale(math.pi, factor=LIMIT)",
        "a = maths.scale(1.0)\nb = maths.scale(a, factor=2.0)",
        "a = sorted([1], key=len)",
        "a = maths.scale(True, factor=None)",
        "for i in timing.count(3):\n    a = maths.scale(i)",
    ],
)
def test_names_of_the_file_and_of_python_are_not_lost(body):
    _, graph = drawn(body)
    assert graph.lost == ()
    assert not any(wire.problem for wire in graph.wires)


def test_where_names_may_come_from_a_star_nothing_is_said():
    _, graph = drawn("a = maths.scale(tnoe)", head=f"from math import *\n{HEAD}")
    assert graph.lost == ()


def test_code_and_tests_of_switches_too():
    _, graph = drawn("a = nobody ** 2\nif qq > 1:\n    b = maths.scale(1.0)\nif other:\n    c = maths.scale(1.0)")
    assert {(one.name, one.target) for one in graph.lost} == {
        ("nobody", ("code_1", "nobody")), ("qq", ("if_1", "qq")), ("other", ("if_2", "test[0]")),
    }  # fmt: skip


def test_ports_that_a_type_does_not_have():
    _, graph = drawn(
        "t = source.sine(0)\nlow = dsp.butterworth(t, cutof=t)\ns = dsp.spectrum(t)\nb = maths.scale(s.lwo)"
    )
    problems = {wire.target: wire.problem for wire in graph.wires if wire.problem}
    assert problems == {
        ("low", "cutof"): "butterworth has no input “cutof” (any more).",
        ("b", "value"): "spectrum has no output “lwo” (any more).",
    }
    assert all(wire.astray for wire in graph.wires if wire.problem)
    assert next(p for p in graph.nodes["low"].inputs if p.name == "cutof").problem
    assert next(p for p in graph.nodes["s"].outputs if p.name == "lwo").problem


def test_nodes_of_which_nobody_knows_what_they_are():
    _, graph = drawn("t = source.sine(0)\na = dsp.nix(t)\nb = wrong.f(t)\nc = maths.scale(a)\nd = math.nothing(t)")
    problems = {wire.target[0]: wire.problem for wire in graph.wires if wire.problem}
    assert problems == {
        "a": "There is no dsp.nix: nothing takes or gives this value.",
        "b": "Nothing defines “wrong”: nothing takes or gives this value.",
        "c": "There is no dsp.nix: nothing takes or gives this value.",
    }, "what a package of others has is not known here, and may be"


def test_a_value_of_a_function_that_runs_beside_is_lost_with_that_reason():
    text = f"{HEAD}def one():\n    a = source.constant()\n\n\ndef flow():\n    b = maths.scale(a)\n{TAIL}"
    flow = read(text.replace("main(flow)", "main(one, flow)"))
    (lost,) = picture(flow, CATALOG, "flow").lost
    assert lost.problem.startswith("“a” is of “one”")


def test_a_lost_wire_is_led_elsewhere_and_taken_off_and_left_it_is_kept_to_the_letter():
    flow, graph = drawn("tone = source.sine(0)\na = maths.scale(tnoe,   factor=fctor)  # keep")
    text = write(flow)
    assert "maths.scale(tnoe,   factor=fctor)  # keep" in text
    edit = connect(flow, graph, ("tone", ""), ("a", "value"))
    assert "maths.scale(tone," in write(edit.apply(flow)[0])
    edit = disconnect(flow, graph, graph.lost[1].wire)
    after, back = edit.apply(flow)
    assert "factor" not in write(after)
    assert write(back.apply(after)[0]) == text
