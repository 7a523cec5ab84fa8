"""Copies in the same function read what the ones before them read; the ends of the function are no part of a copy."""

from __future__ import annotations

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.graph import picture
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
TEXT = """\
import flodesk
from flodesk.nodes import collect, maths, timing


def ticks(n: int):
    for i in timing.count(n):
        yield i


def helper(x: float, gain: float = 2.0):
    y = maths.scale(x, factor=gain)
    if y > 3:
        return y
    z = maths.scale(y)
    return z


def flow():
    a = maths.add(1.0, 2.0)
    b = maths.add(3.0)
    rows = collect.List()
    for n in timing.count(4):
        c = maths.add(a, b, n)
        d = maths.scale(c, factor=b)
        rows.add(d)
        if d > 7:
            break
    found = rows.result()


def carries():
    last = maths.add(1.0)
    for n in timing.count(3):
        seen = maths.scale(last)
        more = maths.add(seen, 1.0)
        last = more


if __name__ == "__main__":
    flodesk.main(flow)
"""


def duplicated(function: str, *ids: str) -> list[str]:
    """Duplicate some nodes; return the lines that came."""
    flow = read(TEXT)
    catalog = CATALOG.with_flow(flow)
    graph = picture(flow, catalog, function)
    text = wiring.copy(flow, graph, ids or list(graph.nodes), wired=True)
    edit, _ = wiring.paste(flow, catalog, function, text, (0.0, 0.0))
    new, inverse = edit.apply(flow)
    assert read(write(new)) == new
    assert write(inverse.apply(new)[0]) == TEXT
    assert new.mains == flow.mains
    assert not [p.message for p in check(new, CATALOG.with_flow(new)) if p not in check(flow, catalog)]
    before = TEXT.splitlines()
    return [line for line in write(new).splitlines() if line not in before and not line.startswith("#")]


def test_a_copy_reads_what_the_one_before_it_reads() -> None:
    assert duplicated("flow", "d") == ["        d_2 = maths.scale(c, factor=b)"]


def test_wires_among_the_copies_go_among_the_copies() -> None:
    lines = duplicated("flow", "c", "d", "rows")
    assert lines == [
        "    rows_2 = collect.List()",
        "        c_2 = maths.add(a, b, n)",
        "        d_2 = maths.scale(c_2, factor=b)",
        "        rows_2.add(d_2)",
        "    found_2 = rows_2.result()",
    ]


def test_a_copy_reads_what_the_loop_carries_in_each_turn() -> None:
    assert duplicated("carries", "seen") == ["        seen_2 = maths.scale(last)"]
    lines = duplicated("carries", "seen", "more")
    assert lines == ["        seen_2 = maths.scale(last)", "        more_2 = maths.add(seen_2, 1.0)"]


def test_copies_read_the_inputs_of_their_function() -> None:
    assert duplicated("helper", "y") == ["    y_2 = maths.scale(x, factor=gain)"]


def test_what_a_function_yields_stays_in_it() -> None:
    assert duplicated("ticks") == ["    for i_2 in timing.count(n):", "        pass"]
    flow = read(TEXT)
    for function, node in (("ticks", "code_1"), ("ticks", "def"), ("helper", "return")):
        graph = picture(flow, CATALOG.with_flow(flow), function)
        with pytest.raises(Refused, match="belongs to it"):
            wiring.copy(flow, graph, [node])


def test_lines_that_return_or_leave_a_loop_that_stays_are_left_out() -> None:
    flow = read(TEXT)
    for function in ("helper", "flow"):
        graph = picture(flow, CATALOG.with_flow(flow), function)
        leaves = [node.id for node in graph.nodes.values() if node.text in ("break", "return y")]
        assert wiring.left_out(flow, graph, leaves) == leaves != []
        whole = wiring.left_out(flow, graph, graph.nodes)
        assert whole == ([] if function == "flow" else leaves)


def test_a_copy_for_elsewhere_has_no_wires_to_what_stays() -> None:
    flow = read(TEXT)
    graph = picture(flow, CATALOG, "flow")
    assert "d = maths.scale()" in wiring.copy(flow, graph, ["d"])


NESTED = """\
import flodesk
from flodesk.nodes import collect, maths, timing


def flow():
    k = maths.add(1.0, 2.0)
    for tick in timing.count(4):
        level = maths.add(tick, k)
        rows = collect.List()
        for number in timing.count(3):
            inner = maths.add(level, number)
            rows.add(inner)
        if level > 4:
            high = maths.add(level, 1)
        every = rows.result()


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize(
    ("ids", "lines"),
    [
        (
            ["number", "inner"],
            ["        for number_2 in timing.count(3):", "            inner_2 = maths.add(level, number_2)"],
        ),
        (
            ["level", "number", "inner"],
            [
                "        level_2 = maths.add(tick, k)",
                "        for number_2 in timing.count(3):",
                "            inner_2 = maths.add(level_2, number_2)",
            ],
        ),
        (["if_1", "high"], ["        if level > 4:", "            high_2 = maths.add(level, 1)"]),
    ],
)
def test_an_inner_loop_goes_into_the_loop_whose_values_it_reads(ids: list[str], lines: list[str]) -> None:
    flow = read(NESTED)
    graph = picture(flow, CATALOG, "flow")
    edit, _ = wiring.paste(flow, CATALOG, "flow", wiring.copy(flow, graph, ids, wired=True), (0.0, 0.0))
    new, inverse = edit.apply(flow)
    text = write(new)
    assert "\n".join(lines) in text
    assert read(text) == new
    assert write(inverse.apply(new)[0]) == NESTED
    assert not [p.message for p in check(new, CATALOG) if p not in check(flow, CATALOG)]
