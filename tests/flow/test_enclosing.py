"""Nodes that go into an if or a loop: the script computes what it did, and all that reads them finds a value."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check, errors
from flodesk.flow.edit import Edit, from_json, to_json
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# noisy = [0, 0]
# clean = [240, 0]
# size = [480, 0]
# shown = [720, 0]
# ///
import flodesk
from flodesk.nodes import control, dsp, maths, show, statistics


def flow():
    noisy = [3.0, -4.0]
    high = maths.greater(2.0, 1.0)
    clean = maths.scale(noisy[0], factor=2.0)
    loud = maths.scale(clean, factor=2.0)
    size = maths.add(loud, 1.0)
    shown = show.number(size)


if __name__ == "__main__":
    flodesk.main(flow)
"""
PLAIN = TEXT.replace("noisy = [3.0, -4.0]", "noisy = maths.add(1.0, 2.0)").replace("noisy[0]", "noisy")


def graph_of(flow: Flow) -> Graph:
    return picture(flow, CATALOG, "flow")


def done(flow: Flow, edit: Edit) -> tuple[Flow, str]:
    assert from_json(to_json(edit)) == edit
    new, back = edit.apply(flow)
    text = write(new)
    assert read(text) == new
    assert write(back.apply(new)[0]) == write(flow)
    assert [*errors(check(new, CATALOG))] == []
    return new, text


def computed(text: str) -> Any:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text.replace("shown = show.number(size)", "return size"), "plain", "exec"), space)
    return space["flow"]()


def test_nodes_go_into_an_if_with_the_truth_that_is_chosen_and_a_merge_behind_it() -> None:
    flow = read(PLAIN)
    edit, switch = wiring.put_into_if(flow, graph_of(flow), CATALOG, ["clean", "loud"], "high")
    new, text = done(flow, edit)
    assert (
        "    if high:\n        clean = maths.scale(noisy, factor=2.0)\n"
        "        loud_then = maths.scale(clean, factor=2.0)\n"
        "        loud = loud_then\n    else:\n        loud = noisy\n    size = maths.add(loud, 1.0)\n"
    ) in text
    assert computed(text) == computed(PLAIN)
    assert computed(text.replace("2.0, 1.0)", "0.0, 1.0)")) == 4.0  # not taken: what came in
    nodes = graph_of(new).nodes
    assert nodes[switch].kind == "switch"
    assert nodes["loud"].kind == "merge"
    assert nodes["clean"].arms == ((switch, 0),)
    assert new.header.canvas["flow"]["clean"] == (240, 0)


def test_without_a_truth_there_is_a_switch_on_the_panel_that_is_on() -> None:
    flow = read(PLAIN)
    edit, switch = wiring.put_into_if(flow, graph_of(flow), CATALOG, ["shown"])
    new, text = done(flow, edit)
    assert "= control.switch(True)" in text
    assert "        shown = show.number(size)\n" in text
    assert "else:" not in text.partition("def flow")[2].partition("__main__")[0]
    assert graph_of(new).nodes["shown"].arms == ((switch, 0),)


def test_a_truth_that_is_made_later_is_refused() -> None:
    late = PLAIN.replace("    high = maths.greater(2.0, 1.0)\n", "").replace(
        "    shown =", "    high = maths.greater(size, 1.0)\n    shown ="
    )
    flow = read(late)
    with pytest.raises(wiring.Refused, match="high"):
        wiring.put_into_if(flow, graph_of(flow), CATALOG, ["clean"], "high")
    with pytest.raises(wiring.Refused, match="Select the nodes"):
        wiring.put_into_if(flow, graph_of(flow), CATALOG, [], "high")


def test_nodes_go_into_a_loop_and_outside_the_last_value_is_read() -> None:
    flow = read(PLAIN)
    edit, turn = wiring.put_into_loop(flow, graph_of(flow), ["clean", "loud"])
    new, text = done(flow, edit)
    assert "    for turn in timing.count(10):\n        clean = maths.scale(noisy, factor=2.0)\n" in text
    assert "        loud_last.add(loud_turn)\n    loud = loud_last.result()\n" in text
    assert computed(text) == computed(PLAIN)
    graph = graph_of(new)
    assert graph.nodes[turn].kind == "producer"
    assert graph.nodes["clean"].loops == (turn,)
    assert graph.nodes["size"].loops == ()


def test_what_has_a_state_stays_before_the_loop() -> None:
    text = PLAIN.replace(
        "    loud = maths.scale(clean, factor=2.0)\n",
        "    mean = statistics.RunningMean(window=3)\n    loud = mean(clean)\n",
    )
    flow = read(text)
    edit, _ = wiring.put_into_loop(flow, graph_of(flow), ["clean", "mean"])
    _, new = done(flow, edit)
    body = new.partition("def flow")[2]
    assert body.index("mean = statistics.RunningMean") < body.index("for turn in")
    assert computed(new) == computed(text)
    with pytest.raises(wiring.Refused):
        wiring.put_into_if(flow, graph_of(flow), CATALOG, ["clean", "shown"], "high")


def test_an_if_begins_at_a_wire_of_truth() -> None:
    flow = read(PLAIN)
    edit, switch = wiring.begin_if(flow, graph_of(flow), ("high", ""))
    new, text = done(flow, edit)
    assert "    high = maths.greater(2.0, 1.0)\n    if high:\n        pass\n    else:\n        pass\n" in text
    graph = graph_of(new)
    moved, text = done(new, wiring.connect(new, graph, (switch, "arm[0]"), ("shown", "value")))
    assert "        shown = show.number(size)\n" in text
    assert moved.functions
    with pytest.raises(wiring.Refused, match="true or false"):
        wiring.begin_if(flow, graph_of(flow), ("shown", ""))


def test_arms_are_added_and_what_the_arms_join_has_a_value_in_each() -> None:
    flow = read(PLAIN)
    edit, switch = wiring.put_into_if(flow, graph_of(flow), CATALOG, ["clean", "loud"], "high")
    flow = edit.apply(flow)[0]
    new, text = done(flow, wiring.add_arm(flow, "flow", switch, test=True))
    assert "    elif False:\n        loud = noisy\n    else:\n        loud = noisy\n" in text
    assert computed(text) == computed(PLAIN)
    wired, text = done(new, wiring.set_field(new, graph_of(new), switch, "test[1]", "high"))
    assert "    elif high:\n" in text
    with pytest.raises(wiring.Refused, match="an else already"):
        wiring.add_arm(wired, "flow", switch, test=False)
    single = read(PLAIN.replace("    shown = show.number(size)\n", "    if high:\n        shown = show.number(size)\n"))
    _, text = done(single, wiring.add_arm(single, "flow", "if_1", test=False))
    assert "    else:\n        pass\n" in text


def test_a_node_with_state_keeps_it_where_it_stands_and_is_called_in_the_branch() -> None:
    text = PLAIN.replace(
        "    clean = maths.scale(noisy, factor=2.0)\n    loud = maths.scale(clean, factor=2.0)\n",
        "    mean = statistics.RunningMean(window=3)\n    for turn in range(3):\n"
        "        loud = mean(turn)\n        told = show.number(loud)\n",
    ).replace("maths.add(loud, 1.0)", "maths.add(noisy, 1.0)")
    flow = read(text)
    edit, switch = wiring.put_into_if(flow, graph_of(flow), CATALOG, ["mean"], "high")
    new, text = done(flow, edit)
    assert "    mean = statistics.RunningMean(window=3)\n    for turn in range(3):\n        if high:\n" in text
    assert (
        "            loud_then = mean(turn)\n            loud = loud_then\n        else:\n            loud = " in text
    )
    assert graph_of(new).nodes["mean"].arms == ((switch, 0),)
