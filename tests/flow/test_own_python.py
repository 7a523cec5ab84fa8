"""Nodes of one's own Python: a new function with a call of it, an expression, and the source as text."""

from __future__ import annotations

import re

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import NEW_FUNCTION, Refused

TEXT = """\
import flodesk
from flodesk.nodes import show, source, timing


def flow():
    for tick in timing.every(0.1):
        noisy = source.noise(samples=4)
        plot = show.line(noisy)


if __name__ == "__main__":
    flodesk.main(flow)
"""
CATALOG = Catalog.builtin()


def added(flow: Flow, path: str, source: tuple[str, str] | None = None) -> tuple[Flow, str]:
    edit, node = wiring.add_node(flow, CATALOG, "flow", path, (0.0, 0.0), source)
    new, inverse = edit.apply(flow)
    assert write(inverse.apply(new)[0]) == write(flow)
    assert write(read(write(new))) == write(new)
    return new, node


def test_a_new_function_comes_with_a_node_that_calls_it() -> None:
    flow, node = added(read(TEXT), NEW_FUNCTION.path, ("noisy", ""))
    assert node == "result"
    assert "\n\n\ndef my_function(x):\n    return x\n\n\ndef flow():\n" in write(flow)
    assert "        noisy = source.noise(samples=4)\n        result = my_function(noisy)\n" in write(flow)
    again, other = added(flow, NEW_FUNCTION.path)
    assert other == "result_2"
    assert "def my_function_2(x):\n" in write(again)
    assert "    result_2 = my_function_2()\n" in write(again)


@pytest.mark.parametrize(
    ("path", "source", "line"),
    [
        ("=", None, "    result = x * 2\n"),
        ("=", ("noisy", ""), "        result = noisy * 2\n"),
        ("= noisy * 3 + 1", None, "        result = noisy * 3 + 1\n"),
        ("= x*2", ("noisy", ""), "        result = noisy*2\n"),
        ("= abs(noisy)", None, "        result = abs(noisy)\n"),
        ("= abs(noisy)  # not less than 0", None, "        result = abs(noisy)\n"),
        ("= noisy * 2 # twice", None, "        result = noisy * 2\n"),
        ("= '# of ' + str(noisy)", None, "        result = '# of ' + str(noisy)\n"),
        ("= source.LIMIT", None, "    result = source.LIMIT\n"),
    ],
)
def test_an_expression_reads_the_nodes_that_it_names(path: str, source: tuple[str, str] | None, line: str) -> None:
    flow, node = added(read(TEXT), path, source)
    assert line in write(flow)
    assert node in picture(flow, CATALOG, "flow").nodes


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("= noisy *", "no expression of Python"),
        ("= a = 3", "no expression of Python"),
        ("= 1; import os", "no expression of Python"),
        ("= )(", "no expression of Python"),
        ("= yield", "calculates nothing"),
        ("= [(yield noisy)]", "calculates nothing"),
        ("= noisy", "“noisy” is there already"),
        ("= (noisy)  # as it is", "“(noisy)” is there already"),
        ("= noisy.size", "“noisy.size” is there already"),
    ],
)
def test_what_is_no_expression_is_refused_in_words_as_it_is_typed(path: str, words: str) -> None:
    flow = read(TEXT)
    with pytest.raises(Refused, match=re.escape(words)):
        added(flow, path)
    with pytest.raises(Refused, match=re.escape(words)):
        wiring.expression_spec(path, wiring.values_of(picture(flow, CATALOG, "flow")))


def test_a_flow_that_begins_to_await_is_told_of() -> None:
    flow = read(TEXT.replace("def flow", "async def wait(x):\n    return x\n\n\ndef flow"))
    new, _ = added(flow, "= await wait(noisy)")
    assert wiring.async_words(flow, new) == "“flow” awaits something now: it is “async def” in the script."
    again, _ = added(new, "= await wait(1)")
    assert wiring.async_words(new, again) == wiring.async_words(flow, flow) == ""


def changed(text: str) -> str:
    flow, node = added(read(TEXT), NEW_FUNCTION.path, ("noisy", ""))
    graph = picture(flow, CATALOG.with_flow(flow), "flow")
    assert wiring.source_of(flow, graph.nodes[node]) == "def my_function(x):\n    return x"
    assert wiring.source_of(flow, graph.nodes["plot"]) == ""
    edit = wiring.set_source(flow, graph, node, text)
    new, inverse = edit.apply(flow)
    assert write(inverse.apply(new)[0]) == write(flow)
    return write(new)


def test_the_source_of_a_function_is_written_in_its_place() -> None:
    new = changed("def my_function(x, gain=2.0):\n    # louder\n    return x * gain\n")
    assert "\n\n\ndef my_function(x, gain=2.0):\n    # louder\n    return x * gain\n\n\ndef flow():\n" in new
    assert "        result = my_function(noisy)\n" in new


def test_another_name_in_the_source_is_one_for_all_that_call_it() -> None:
    new = changed("import math\n\n\ndef louder(x):\n    return math.sqrt(x)")
    assert "result = louder(noisy)\n" in new
    assert "my_function" not in new


@pytest.mark.parametrize("text", ["", "x = 3", "def f(:\n    pass", "def a(x): pass\ndef b(x): pass"])
def test_a_source_that_does_not_define_the_function_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"defines no “my_function”|not Python"):
        changed(text)


@pytest.mark.parametrize("text", ["def louder(x): return x", "@property\ndef my_function(x):\n    return x"])
def test_a_function_that_is_kept_as_code_has_its_source_too(text: str) -> None:
    flow = read(changed(text))
    node = picture(flow, CATALOG.with_flow(flow), "flow").nodes["result"]
    assert wiring.source_of(flow, node) == text
    assert "result = louder(noisy)" in write(flow) or "result = my_function(noisy)" in write(flow)


def test_sources_are_offered_before_what_gathers_their_values() -> None:
    order = list(dict.fromkeys(spec.category for spec in CATALOG.plus(wiring.OWN_PYTHON).search("")))
    assert order[:3] == ["source", "control", "show"]
    assert order.index("this file") < order.index("collect")


def test_an_output_that_has_the_name_of_an_input_is_the_output() -> None:
    text = TEXT.replace("noisy = source.noise(samples=4)", "level = 1.0\n        level += 2.0").replace(
        "noisy", "level"
    )
    flow = read(text)
    graph = picture(flow, CATALOG, "flow")
    node = next(n for n in graph.nodes.values() if n.text == "level += 2.0")
    assert [port.name for port in node.inputs] == [port.name for port in node.outputs] == ["level"]
    new, _ = added(flow, "= 5", (node.id, "level"))
    assert "level += 2.0\n" in write(new), "what it reads stays what it read"


def test_a_node_in_a_wire_reads_what_the_loop_left_and_not_what_was_before_it() -> None:
    flow = read("""\
def act(x):
    return x + 1


def flow():
    total = 0
    for k in range(3):
        total = act(total)
    out = act(total)
    return out
""")
    catalog = CATALOG.with_flow(flow)
    graph = picture(flow, catalog, "flow")
    wire = next(wire for wire in graph.wires if wire.target[0] == "out")
    edit, _ = wiring.insert_between(flow, catalog, "flow", "act", (0.0, 0.0), wire.source, wire.target)
    new = write(edit.apply(flow)[0])
    assert "        total = act(total)\n    act_1 = act(total)\n    out = act(act_1)\n" in new
