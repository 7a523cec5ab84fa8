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
from flodesk.flow.fixes import fixes_of
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
    edit, ids, *_ = wiring.switch(before, picture(before, CATALOG, function), nodes, how)
    new, inverse = edit.apply(before)
    assert read(write(new)) == new
    assert write(inverse.apply(new)[0]) == write(before)
    one, two = picture(before, CATALOG, function), picture(new, CATALOG, function)
    assert len(one.nodes) == len(two.nodes)
    assert len(one.wires) == len(two.wires)
    assert {two.nodes[name].switched for name in ids} == {how}
    places = before.header.canvas.get(function, {})
    assert sorted(new.header.canvas.get(function, {}).values()) == sorted(places.values())
    back, *_ = wiring.switch(new, two, ids, "")
    again = back.apply(new)[0]
    assert again.module == before.module
    assert write(again) == write(before)
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
    assert "    ...  # off too: print(history)\n" in write(new)
    assert printed(new) == "14.0\n"


def test_what_needs_a_node_that_is_off_goes_off_and_comes_back_with_it() -> None:
    flow = read(TEXT)
    done = wiring.switch(flow, picture(flow, CATALOG), ["more"], "off")
    assert done.words == "“twice” needs “more”: it is off as well, and so are “call_1”, “sum_1” and 2 more."
    new = switched(["more"], "off")
    assert "    more = None  # off: maths.add(five, 2.0)  # why\n" in write(new)
    assert "    twice = None  # off too: more * 2\n    ...  # off too: print(twice)\n" in write(new)
    assert "        sum_1 = None  # off too: maths.add(turn, twice)\n" in write(new)
    assert printed(new) == ""
    assert not check(new, CATALOG)
    graph = picture(new, CATALOG)
    assert {name for name, node in graph.nodes.items() if node.along} == {"twice", "call_1", "sum_1", "rows", "call_3"}
    with pytest.raises(Refused, match="“sum_1” needs “twice”, which is off: switch that on"):
        wiring.switch(new, graph, ["sum_1"], "")
    back = wiring.switch(new, graph, ["more"], "")
    assert back.words == "“twice”, “call_1” and 3 more are on again as well."
    assert write(back.edit.apply(new)[0]) == TEXT


def test_what_was_switched_off_by_hand_stays_off() -> None:
    one = switched(["sum_1"], "off")
    two = wiring.switch(one, picture(one, CATALOG), ["five"], "off").edit.apply(one)[0]
    assert "        sum_1 = None  # off: maths.add(turn, twice)\n" in write(two)
    three = wiring.switch(two, picture(two, CATALOG), ["five"], "").edit.apply(two)[0]
    assert write(three) == write(one)


def test_what_does_without_a_value_runs_on() -> None:
    text = TEXT.replace("print(twice)", "shown = source.sine(offset=five)").replace("    five", "    k = 3\n    five")
    flow = read(
        text.replace("rows.add(sum_1)", "rows.add(turn)").replace("maths.add(turn, twice)", "maths.add(turn, k)")
    )
    new = switched(["five"], "off", flow)
    assert "rows = collect.List()" in write(new)
    kept = read(TEXT.replace("print(twice)", "if twice is None:\n        print('nothing')"))
    new = switched(["code_1"], "off", kept)
    assert printed(new).startswith("nothing\n"), "a branch is asked by None: it is told, and not taken out"


def test_bypass_and_merge_hand_on_that_nothing_comes() -> None:
    passed = switched(["more"], "bypass")
    new = wiring.switch(passed, picture(passed, CATALOG), ["five"], "off").edit.apply(passed)[0]
    assert "    more = five  # bypass: maths.add(five, 2.0)  # why\n" in write(new)
    assert "    twice = None  # off too: more * 2\n" in write(new)
    assert printed(new) == ""
    joined = "high = maths.greater(five, 2.0)\n    if high:\n        level = more\n    else:\n        level = five\n"
    flow = read(TEXT.replace("print(twice)\n", f"{joined}    print(level)\n"))
    new = switched(["more"], "off", flow)
    assert "    ...  # off too: print(level)\n" in write(new)
    assert "        level = more\n" in write(new)


def test_a_loop_that_would_get_nothing_says_so() -> None:
    with pytest.raises(Refused, match="“turn” begins a loop with what comes from “five”"):
        switched(["five"], "off", read(TEXT.replace("timing.count(3)", "timing.count(five)")))


def test_who_reads_a_value_that_is_switched_off_is_told_before_a_run() -> None:
    by_hand = read(TEXT.replace("five = source.constant(5.0)", "five = None  # off: source.constant(5.0)"))
    (problem,) = [p for p in check(by_hand, CATALOG) if p.kind == "off"]
    assert problem.message == "“more” reads “five”, which is switched off: it gets None."
    assert (problem.severity, problem.node) == ("warning", "flow.more")
    (fix,) = fixes_of(by_hand, CATALOG, problem)
    assert fix.title == "Switch “more” off as well, and all that needs it"
    assert fix.edit is not None
    mended = fix.edit.apply(by_hand)[0]
    assert "    more = None  # off too: maths.add(five, 2.0)  # why\n" in write(mended)
    assert "    ...  # off too: print(history)\n" in write(mended)
    assert not check(mended, CATALOG)


LONG = TEXT.replace(
    "more = maths.add(five, 2.0)  # why", "more = maths.add(\n        five,  # the first\n        2.0,\n    )  # why"
).replace("sum_1 = maths.add(turn, twice)", "sum_1 = maths.add(\n            turn,\n            twice,\n        )")


@pytest.mark.parametrize("how", ["off", "bypass"])
def test_a_call_of_several_lines_comes_back_as_it_was(how: How) -> None:
    flow = read(LONG)
    new = switched(["more", "sum_1"], how, flow)
    assert "(five, 2.0)  # why\n" in write(new)
    other: How = "bypass" if how == "off" else "off"
    new = wiring.switch(new, picture(new, CATALOG), ["more", "sum_1"], other)[0].apply(new)[0]
    back = wiring.switch(new, picture(new, CATALOG), ["more", "sum_1"], "")[0].apply(new)[0]
    assert write(back) == LONG, "also from off by way of bypassed"
    new = switched(["more"], how, flow)
    assert not any("layout" in found.part for found in diff(flow, new, CATALOG))
    while found := diff(flow, new, CATALOG):
        new = take_back(found[0], flow, new, compare(flow, new, CATALOG), CATALOG).apply(new)[0]
    assert write(new) == LONG


def test_a_layout_that_is_not_that_of_the_comment_any_more_is_forgotten() -> None:
    new = read(write(switched(["more"], "off", read(LONG))).replace("(five, 2.0)  # why", "(five, 3.0)  # why"))
    back = wiring.switch(new, picture(new, CATALOG), ["more"], "")[0].apply(new)[0]
    assert "    more = maths.add(five, 3.0)  # why\n" in write(back)
    assert "layout" not in write(back)
    renamed, _ = Rename("flow", "more", "most").apply(switched(["more"], "off", read(LONG)))
    back = wiring.switch(renamed, picture(renamed, CATALOG), ["most"], "")[0].apply(renamed)[0]
    assert "    most = maths.add(five, 2.0)  # why\n" in write(back)
    assert "layout" not in write(back)


def test_a_part_of_what_is_switched_off_is_a_problem_that_switching_on_mends() -> None:
    flow = read(
        TEXT.replace("print(twice)", "part = dsp.spectrum(five)\n    print(part.amplitude)\n    top = part.amplitude")
    )
    flow = read(write(flow).replace("import collect, maths", "import collect, dsp, maths"))
    new = switched(["part"], "off", flow)
    (problem,) = [p for p in check(new, CATALOG) if p.kind == "unknown-output"]
    wanted = (
        "“top” reads “part.amplitude”, but “part” is switched off: there is None in its place, which has no such part."
    )
    assert problem.message == wanted
    (fix,) = fixes_of(new, CATALOG, problem)
    assert fix.title == "Switch “part” on again"
    assert fix.edit is not None
    assert write(fix.edit.apply(new)[0]) == write(flow)
    assert not [p for p in check(flow, CATALOG) if p.kind == "unknown-output"]


def test_a_rename_reaches_what_the_comment_keeps() -> None:
    new = switched(["more", "rows"], "off")
    assert "        sum_1 = None  # off too: maths.add(turn, twice)\n" in write(new)
    renamed, _ = Rename("flow", "five", "start").apply(new)
    renamed, _ = Rename("flow", "sum_1", "added").apply(renamed)
    renamed, _ = Rename("flow", "twice", "double").apply(renamed)
    assert "    more = None  # off: maths.add(start, 2.0)  # why\n" in write(renamed)
    assert "        added = None  # off too: maths.add(turn, double)\n" in write(renamed)
    assert "        ...  # off: rows.add(added)\n" in write(renamed)
    assert read(write(renamed)) == renamed
    edit, *_ = wiring.switch(renamed, picture(renamed, CATALOG), ["more"], "")
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


def test_code_that_gives_an_input_a_new_value_stays_on() -> None:
    flow = read(
        "import numpy as np\n\n\ndef halved(plate):\n    plate = np.array(plate) / 2\n    return plate\n\n\n"
        "def flow():\n    half = halved(1.0)\n"
    )
    with pytest.raises(Refused, match="would not come back"):
        switched(["code_1"], "off", flow, "halved")


def test_a_comparison_says_so_and_takes_it_back() -> None:
    old = read(TEXT)
    for node, how, words in (("more", "bypass", "“more” is bypassed"), ("sum_1", "off", "“sum_1” is switched off")):
        new = switched([node], how)  # type: ignore[arg-type]
        if node == "sum_1":
            told = [sentence(found) for found in diff(old, new, CATALOG)]
            assert {words, "“rows” is switched off, too"} <= set(told)
            continue
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
