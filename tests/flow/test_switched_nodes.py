"""Nodes that are switched off or bypassed: the script does what the picture says, and all comes back to the letter."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.diff import compare, diff
from flodesk.flow.diff.back import take_back
from flodesk.flow.diff.words import sentence
from flodesk.flow.edit import Rename
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import load, read, write
from flodesk.flow.switched import How
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.py"))
TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# five = [0, 0]
# more = [200, 0]
# code_1 = [400, 0]
# call_1 = [600, 0]
# rows = [600, 200]
# total = [800, 200]
# ///
import flodesk
from flodesk.nodes import collect, maths, source, timing


def flow():
    five = source.constant(5.0)
    more = maths.add(five, 2.0)  # why
    twice = more * 2
    print(twice)
    rows = collect.List()
    for turn in timing.count(3):
        # a comment
        sum_1 = maths.add(turn, twice)
        rows.add(sum_1)
    history = rows.result()
    print(history)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def switched(nodes: list[str], how: How, flow: Flow | None = None, function: str = "flow") -> Flow:
    """Switch nodes, and see to what holds each time: as it is read, undo and the way back lead to the same letters."""
    before = read(TEXT) if flow is None else flow
    edit, ids = wiring.switch(before, picture(before, CATALOG, function), nodes, how)
    new, inverse = edit.apply(before)
    assert read(write(new)) == new
    assert write(inverse.apply(new)[0]) == write(before)
    one, two = picture(before, CATALOG, function), picture(new, CATALOG, function)
    assert len(one.nodes) == len(two.nodes)
    assert len(one.wires) == len(two.wires)
    assert {two.nodes[name].switched for name in ids} == {how}
    places = before.header.canvas.get(function, {})
    assert sorted(new.header.canvas.get(function, {}).values()) == sorted(places.values())
    back, _ = wiring.switch(new, two, ids, "")
    again = back.apply(new)[0]
    assert again.module == before.module
    plain = [re.sub(r"\s|(?<=,)\)", "", write(flow)).replace(",)", ")") for flow in (again, before)]
    assert plain[0] == plain[1], "but for calls of several lines, which come back on one"
    return new


def printed(flow: Flow) -> str:
    out = io.StringIO()
    scope: dict[str, object] = {"__name__": "text"}
    with contextlib.redirect_stdout(out):
        exec(compile(write(flow), "text", "exec"), scope)
        scope["flow"]()  # type: ignore[operator]
    return re.sub(r"np\.float64\(([^)]*)\)", r"\1", out.getvalue())


def test_a_bypassed_node_hands_its_input_on() -> None:
    new = switched(["more"], "bypass")
    assert "    more = five  # bypass: maths.add(five, 2.0)  # why\n" in write(new)
    node = picture(new, CATALOG).nodes["more"]
    assert (node.switched, node.type) == ("bypass", "flodesk.nodes.maths.add")
    assert node.passing == picture(read(TEXT), CATALOG).nodes["more"].inputs[0].name
    assert printed(new) == "10.0\n[10.0, 11.0, 12.0]\n"
    assert not [p for p in check(new, CATALOG) if p.severity == "error"]


def test_a_node_that_is_switched_off_does_not_run() -> None:
    new = switched(["call_1"], "off")
    assert "    ...  # off: print(twice)\n" in write(new)
    assert printed(new) == "[14.0, 15.0, 16.0]\n"
    new = switched(["code_1"], "bypass")
    assert "    twice = more  # bypass: more * 2\n" in write(new)
    assert printed(new).startswith("7.0\n")


def test_a_collector_is_switched_off_with_all_its_lines() -> None:
    new = switched(["rows"], "off")
    assert "    rows = None  # off: collect.List()\n" in write(new)
    assert "        ...  # off: rows.add(sum_1)\n" in write(new)
    assert "    history = None  # off: rows.result()\n" in write(new)
    assert printed(new) == "14.0\nNone\n"


def test_who_needs_a_value_that_is_switched_off_is_told_before_a_run() -> None:
    new = switched(["five"], "off")
    problems = [p.message for p in check(new, CATALOG) if p.severity == "error"]
    assert not problems, "what takes anything may do with None"
    flow = read(TEXT.replace("print(twice)", "size = maths.clip(more, upper=five)"))
    new = switched(["five"], "off", flow)
    assert any("“five”" in p.message for p in check(new, CATALOG) if p.severity == "error")


def test_a_rename_reaches_what_the_comment_keeps() -> None:
    new = switched(["more", "rows"], "off")
    renamed, _ = Rename("flow", "five", "start").apply(new)
    renamed, _ = Rename("flow", "sum_1", "added").apply(renamed)
    assert "    more = None  # off: maths.add(start, 2.0)  # why\n" in write(renamed)
    assert "        ...  # off: rows.add(added)\n" in write(renamed)
    assert read(write(renamed)) == renamed
    edit, _ = wiring.switch(renamed, picture(renamed, CATALOG), ["more"], "")
    assert "    more = maths.add(start, 2.0)  # why\n" in write(edit.apply(renamed)[0])


def test_a_node_is_changed_when_it_is_on() -> None:
    new = switched(["more"], "bypass")
    graph = picture(new, CATALOG)
    port = graph.nodes["more"].inputs[0].name
    with pytest.raises(Refused, match="bypassed: switch it on"):
        wiring.connect(new, graph, ("five", ""), ("more", port))
    with pytest.raises(Refused, match="bypassed: switch it on"):
        wiring.set_field(new, graph, "more", graph.nodes["more"].fields[0].name, "3.0")
    gone = wiring.remove(new, graph, ["five"]).apply(new)[0]
    assert "# bypass: maths.add(five, 2.0)" in write(gone), "it stays when what it reads goes"
    assert "more = " not in write(wiring.remove(new, graph, ["more"]).apply(new)[0])


@pytest.mark.parametrize(
    ("text", "node", "how", "words"),
    [
        (TEXT, "turn", "off", "part of how the flow runs"),
        (TEXT, "five", "bypass", "no wired input"),
        (TEXT, "call_1", "bypass", "gives nothing"),
        (TEXT, "rows", "bypass", "collects values"),
        (TEXT, "nobody", "off", "Select the nodes"),
        (TEXT.replace("print(twice)", "a, b = twice, more"), "code_2", "off", "more than give one value"),
        (
            TEXT.replace("print(twice)", "with open('x') as f:\n        g = 1"),
            "code_2",
            "off",
            "cannot be switched off",
        ),
    ],
)
def test_what_cannot_be_switched_says_why(text: str, node: str, how: How, words: str) -> None:
    with pytest.raises(Refused, match=words):
        switched([node], how, read(text))


@pytest.mark.parametrize(
    "line", ["chart = None  # off: the sensor is broken", "chart = five  # bypass: see below", "chart = five  # off"]
)
def test_a_comment_that_keeps_no_call_is_a_note(line: str) -> None:
    flow = read(TEXT.replace("    print(twice)\n", f"    {line}\n"))
    assert not any(node.switched for node in picture(flow, CATALOG).nodes.values())


def test_a_copy_of_a_switched_node_is_switched() -> None:
    new = switched(["more"], "bypass")
    text = wiring.copy(new, picture(new, CATALOG), ["five", "more"])
    edit, ids = wiring.paste(new, CATALOG, "flow", text, (0.0, 0.0))
    after = edit.apply(new)[0]
    assert picture(after, CATALOG).nodes["more_2"].switched == "bypass"
    assert "    more_2 = five_2  # bypass: maths.add(five_2, 2.0)  # why\n" in write(after)
    assert ids == ("five_2", "more_2")


def test_a_comparison_says_so_and_takes_it_back() -> None:
    old = read(TEXT)
    for node, how, words in (("more", "bypass", "“more” is bypassed"), ("five", "off", "“five” is switched off")):
        new = switched([node], how)  # type: ignore[arg-type]
        (found,) = diff(old, new, CATALOG)
        assert sentence(found) == words
        edit = take_back(found, old, new, compare(old, new, CATALOG), CATALOG)
        assert write(edit.apply(new)[0]) == TEXT
        (again,) = diff(new, old, CATALOG)
        assert sentence(again) == words.replace("is ", "is no longer ")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_node_of_the_examples_comes_back_to_the_letter(path: Path) -> None:
    flow = load(path)
    count = 0
    for function in flow.functions:
        for node in picture(flow, CATALOG, function).nodes:
            for how in ("off", "bypass"):
                with contextlib.suppress(Refused):
                    switched([node], how, flow, function)  # type: ignore[arg-type]
                    count += 1
    assert count or len(flow.functions) < 1
