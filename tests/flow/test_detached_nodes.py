"""What runs beside its loop: what belongs to a branch, what cannot be one, and the edits that say so."""

from __future__ import annotations

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.detached import Branch, branches
from flodesk.flow.edit import Rename
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
BODY = """\
    mean = statistics.RunningMean(window=3)
    rows = collect.List()
    total = 0
    for n in timing.count(9):
        a = maths.add(n, 1)
        b = maths.multiply(a, 2)
        m = mean(b)
        rows.add(m)
        c = maths.add(n, 5)
        longer = maths.add(total, c)
        total = longer
        high = maths.greater(c, 3)
        if high:
            d = maths.add(c, 1)
    all_rows = rows.result()
"""


HEAD = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
TABLE# ///
import flodesk
from flodesk.nodes import collect, maths, statistics, timing


def flow():
"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def flow_of(lines: str = "", body: str = BODY, function: str = "flow") -> Flow:
    table = "".join(f"# {line}\n" for line in lines.split("; ")) if lines else ""
    head = f"#\n# [tool.flodesk.detached.{function}]\n" if lines else ""
    return read(HEAD.replace("TABLE", head + table) + body + TAIL)


def test_a_flow_without_them_has_none():
    assert branches(flow_of(), "flow") == ((), ())


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("b = 4", [Branch("n", ("b",), ("b", "m", "call_1"), 4)]),
        ("a = 2", [Branch("n", ("a",), ("a", "b", "m", "call_1"), 2)]),
        ("rows = 1", [Branch("n", ("rows",), ("call_1",), 1)]),
        ("mean = 1", [Branch("n", ("mean",), ("m", "call_1"), 1)]),
        ("longer = 3", [Branch("n", ("longer",), ("longer", "bind_1"), 3)]),
        ("if_1 = 3", [Branch("n", ("if_1",), ("if_1",), 3)]),
        ("high = 3", [Branch("n", ("high",), ("high", "if_1"), 3)]),
        ("b = 4; longer = 2", [Branch("n", ("b",), ("b", "m", "call_1"), 4),
                               Branch("n", ("longer",), ("longer", "bind_1"), 2)]),
        ("b = 4; rows = 2", [Branch("n", ("b", "rows"), ("b", "m", "call_1"), 2)]),
    ],
)  # fmt: skip
def test_all_that_is_downstream_in_the_loop_comes_along(lines, expected):
    flow = flow_of(lines)
    assert branches(flow, "flow") == (tuple(expected), ())
    assert check(flow, CATALOG) == ()


@pytest.mark.parametrize(
    ("lines", "body", "node", "words"),
    [
        ("x = 4", BODY, "", "there is no such node"),
        ("all_rows = 4", BODY, "flow.rows", "stands in none"),
        ("n = 4", BODY, "flow.n", "stands in none"),
        ("d = 4", BODY, "flow.d", "stands in an arm of “if_1”"),
        ("b = 0", BODY, "flow.b", "may be 0 turns behind"),
        ("b = true", BODY, "flow.b", "may be True turns behind"),
        ("b = 'all'", BODY, "flow.b", "may be 'all' turns behind"),
        (
            "twice = 4",
            "    total = 0\n    for n in timing.count(3):\n        longer = maths.add(total, n)\n"
            "        twice = maths.add(longer, 1)\n        total = twice\n",
            "flow.twice", "“longer” gets “total” from it in the next turn",
        ),
        (
            "b = 4",
            "    mean = statistics.RunningMean(window=3)\n    for n in timing.count(3):\n        b = mean(n)\n"
            "        c = mean(n)\n",
            "flow.b", "both call “mean”",
        ),
        (
            "b = 4",
            "    for n in timing.count(3):\n        b = maths.add(n, 1)\n        b = maths.add(n, 2)\n",
            "flow.b", "gets a value there",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_the_node(lines, body, node, words):
    found = [p for p in check(flow_of(lines, body), CATALOG) if p.kind == "detached"]
    assert [(p.severity, words in p.message, bool(p.hint)) for p in found] == [("error", True, True)], found
    assert node in ("", found[0].node) or node == "flow.b"


def test_tables_that_mean_nothing_are_said():
    assert "no such function" in next(p for p in check(flow_of("b = 4", function="other"), CATALOG)).message


def test_a_hand_sets_it_and_takes_it_back():
    flow = flow_of()
    graph = picture(flow, CATALOG, "flow")
    edit = wiring.run_beside(flow, graph, "b")
    assert edit.title == "Run b beside the loop"
    new, back = edit.apply(flow)
    assert write(new) == write(flow_of("b = 4"))
    assert wiring.runs_beside(new, "flow", "b")
    assert write(back.apply(new)[0]) == write(flow)
    again, _ = wiring.run_beside(new, graph, "b", None).apply(new)
    assert write(again) == write(flow)
    with pytest.raises(wiring.Refused, match="stands in none"):
        wiring.run_beside(flow, graph, "n")
    with pytest.raises(wiring.Refused, match="There is no"):
        wiring.run_beside(flow, graph, "nothing")


def test_a_rename_moves_it_along_and_a_removal_takes_it_out():
    flow = flow_of("b = 4; longer = 2")
    renamed, back = Rename("flow", "b", "both").apply(flow)
    assert {"# both = 4", "# longer = 2"} <= set(write(renamed).splitlines())
    assert write(back.apply(renamed)[0]) == write(flow)
    removed, back = wiring.remove(flow, picture(flow, CATALOG, "flow"), ["b"]).apply(flow)
    assert "# [tool.flodesk.detached.flow]\n# longer = 2\n" in write(removed)
    assert write(back.apply(removed)[0]) == write(flow)
    last, _ = wiring.remove(removed, picture(removed, CATALOG, "flow"), ["longer"]).apply(removed)
    assert "detached" not in write(last)
