"""Parts of flows that use all that there is: what a node gives in a part is what plain Python gives there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.engine.events import NodeFailed
from flodesk.engine.headless import Result, run
from flodesk.engine.load import MODULE_NAME
from flodesk.engine.part import Part

HEAD = """
import asyncio

import flodesk
from flodesk.nodes import collect, timing


def add(x, y=1.0):
    return x + y


def times(x, factor=2.0):
    return x * factor


async def later(x):
    await asyncio.sleep(0)
    return x + 100.0


def label(text="{{ x }}", x=0.0):
    return f"{text}|{x}"


class Sum:
    def __init__(self, start=0.0):
        self.total = start

    def __call__(self, x):
        self.total += x
        return self.total


def inner(x):
    doubled = times(x, factor=2.0)
    if doubled > 4.0:
        big = add(doubled, y=0.5)
    else:
        big = add(doubled, y=0.25)
    return big


def outer(x):
    once = inner(x)
    twice = inner(once)
    return twice


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'

LINES: dict[str, list[str]] = {
    "straight": [
        "a = add(1.0, y=2.0)",
        "b = times(a, factor=3.0)",
        "c = add(a, y=b)",
        "d = inner(c)",
        "e = outer(b)",
        "f = add(d, y=e)",
    ],
    "loop": [
        "acc = Sum(start=1.0)",
        "rows = collect.List()",
        "last = 0.5",
        "for i in timing.count(4):",
        "    a = add(i, y=2.0)",
        "    b = times(a, factor=3.0)",
        "    c = outer(b)",
        "    d = acc(c)",
        "    last = add(last, y=d)",
        "    rows.add(d)",
        "got = rows.result()",
        "best = add(last, y=1.0)",
    ],
    "nested": [
        "rows = collect.List()",
        "for i in timing.count(3):",
        "    a = add(i, y=1.0)",
        "    for j in timing.count(2):",
        "        b = times(a, factor=j)",
        "        c = inner(b)",
        "        rows.add(c)",
        "    d = add(a, y=5.0)",
        "got = rows.result()",
    ],
    "branches": [
        "for i in timing.count(4):",
        "    a = add(i, y=1.0)",
        "    if a > 0.0:",
        "        b = times(a, factor=3.0)",
        "        m = add(b, y=0.5)",
        "    else:",
        "        m = add(a, y=9.0)",
        "    c = inner(m)",
        "last = add(c, y=1.0)",
    ],
}
"""Flows of which each node may run in a process, or beside its loop."""


def text_of(lines: list[str], header: str = "") -> str:
    head = f"# /// script\n# [tool.flodesk]\n# version = 1\n{header}# ///\n"
    return head + HEAD + "def flow():\n" + "".join(f"    {line}\n" for line in lines) + TAIL


def plainly(lines: list[str], turns: int) -> dict[str, Any]:
    """Run the lines as Python does, each loop for so many turns at most, and give what is bound then."""
    short = [
        line.replace(f"timing.count({n})", f"timing.count({min(n, turns)})")
        for line in lines
        for n in [int(line.partition("count(")[2].partition(")")[0] or 0)]
    ]
    space: dict[str, Any] = {"__name__": "plain"}
    body = "".join(f"    {line}\n" for line in short)
    exec(compile(f"{HEAD}def flow():\n{body}    return dict(locals())\n", "plain", "exec"), space)
    found: dict[str, Any] = space["flow"]()
    return found


def depth_of(lines: list[str], node: str) -> int:
    line = next(line for line in lines if line.strip().startswith((f"{node} =", f"for {node} ")))
    own = (len(line) - len(line.lstrip())) // 4
    return own + (1 if line.strip().startswith("for") else 0)


def nodes_of(lines: list[str]) -> list[str]:
    """The names that one call binds: with `last` and `m` the id stands for one line of several."""
    found = []
    for line in lines:
        name, equals, rest = line.strip().partition(" = ")
        if equals and "(" in rest and name.isidentifier() and name not in ("acc", "rows", "m", "last"):
            found.append(name)
    return list(dict.fromkeys(found))


def ran_to(text: str, node: str, which: Any = "to", **options: Any) -> Result:
    result = run(text, part=Part(which, f"flow.{node}"), keep_values=True, **options)
    assert [event.failure for event in result.events if isinstance(event, NodeFailed)] == []
    assert result.reason == "succeeded", result.message
    return result


def expected(lines: list[str], node: str) -> Any:
    """What a part "to" a node gives: that of one turn where it stands in a loop, else that of the whole script."""
    return plainly(lines, 1 if depth_of(lines, node) else 99)[node]


ELSEWHERE = {
    "straight": ["a", "b", "d", "e"],
    "loop": ["a", "c", "acc"],
    "nested": ["a", "b", "c"],
    "branches": ["a", "c"],
}
BESIDE = {"straight": [], "loop": ["d", "rows"], "nested": ["d"], "branches": ["c"]}


def header_of(kind: str, how: str) -> str:
    if how == "process":
        return "#\n# [tool.flodesk.places.flow]\n" + "".join(f'# {n} = "process"\n' for n in ELSEWHERE[kind])
    if how == "beside":
        return "#\n# [tool.flodesk.detached.flow]\n" + "".join(f"# {n} = 2\n" for n in BESIDE[kind])
    return ""


@pytest.mark.parametrize("how", ["here", "beside", "process"])
@pytest.mark.parametrize("kind", list(LINES))
def test_to_each_node(kind: str, how: str) -> None:
    lines = LINES[kind]
    if how == "beside" and kind == "loop":
        lines = [line for line in lines if "last" not in line]  # feedback from a branch cannot be beside its loop
    header = header_of(kind, how)
    text = text_of(lines, header)
    # a worker is started for each run: a few nodes stand for all
    nodes = nodes_of(lines) if how != "process" else nodes_of(lines)[::2]
    for node in nodes:
        result = ran_to(text, node)
        assert result.values[f"flow.{node}"] == expected(lines, node), node


@pytest.mark.parametrize(
    ("header", "node"),
    [
        ('#\n# [tool.flodesk.places.flow]\n# b = "process"\n', "b"),
        ("#\n# [tool.flodesk.detached.flow]\n# b = 2\n", "b"),
        ("#\n# [tool.flodesk.detached.flow]\n# b = 2\n", "i"),
        ('#\n# [tool.flodesk.places.flow]\n# b = "process"\n# c = "process"\n', "c"),
    ],
)
@pytest.mark.parametrize("which", ["node", "from", "to"])
def test_every_part_of_a_loop(placed: Any, which: Any, header: str, node: str) -> None:
    lines = ["for i in timing.count(4):", "    b = times(i, factor=3.0)", "    c = inner(b)", "    d = add(c, y=1.0)"]
    text = text_of(lines, header)
    names = {f"flow.{name}" for name in "ibcd"}
    placed.engine.watch(names, set())
    assert placed.run(text).reason == "succeeded"
    whole = plainly(lines, 99)
    placed.until(lambda: all(placed.value(f"flow.{name}") == whole[name] for name in "ibcd"))
    placed.finished.clear()
    placed.engine.start(part=Part(which, f"flow.{node}"))
    ended = placed.wait()
    assert (ended.reason, ended.message) == ("succeeded", "")
    turns = 1 if which == "to" or (which == "node" and node == "i") else 99
    wanted = plainly(lines, turns)[node]
    placed.until(lambda: placed.value(f"flow.{node}") == wanted)
    assert placed.engine.states()[f"flow.{node}"].state == "done"


@pytest.mark.parametrize("how", ["here", "process"])
def test_what_a_worker_says_in_a_part_is_told_of_the_right_node(how: str) -> None:
    lines = ["a = add(1.0, y=1.0)", "b = add(a, y=1.0)", "c = outer(b)", "d = add('x', y=1.0)", "e = add(d, y=1.0)"]
    header = '#\n# [tool.flodesk.places.flow]\n# c = "process"\n# d = "process"\n' if how == "process" else ""
    result = run(text_of(lines, header), part=Part("to", "flow.d"))
    failed = [event.failure for event in result.events if isinstance(event, NodeFailed)]
    assert [(failure.node, failure.type) for failure in failed] == [("flow.d", "TypeError")]
    text = text_of(lines, header).replace("return x * factor", "raise OSError('no factor')")
    result = run(text, part=Part("to", "flow.c"))
    failed = [event.failure for event in result.events if isinstance(event, NodeFailed)]
    assert [(failure.node, failure.way) for failure in failed] == [("inner.doubled", ("flow.c", "outer.once"))]


def test_to_a_node_of_an_async_flow_and_with_a_template() -> None:
    text = text_of(["a = add(1.0, y=1.0)", "b = await later(a)", "c = label(text='v {{ x }}', x=b)"])
    text = text.replace("def flow():", "async def flow():")
    assert ran_to(text, "b").values["flow.b"] == 102.0
    assert "flow.c" not in run(text, part=Part("to", "flow.b"), keep_values=True).values
    assert ran_to(text, "c").values["flow.c"].startswith("v ")


def draw_lines(draw: Callable[..., Any], names: list[str], prefix: str, depth: int) -> list[str]:
    """Draw the lines of a block: calls of all kinds, and loops in it."""
    lines: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        name = f"{prefix}{number}"
        arg = st.sampled_from([*names, "1.0", "2.0"])
        kind = draw(st.sampled_from(["add", "times", "inner", "outer", "loop" if depth else "add"]))
        if kind == "loop":
            lines.append(f"for {name} in timing.count({draw(st.integers(1, 3))}):")
            lines += [f"    {line}" for line in draw_lines(draw, [*names, name], f"{name}_", depth - 1)]
            continue
        second = f", y={draw(arg)}" if kind == "add" else f", factor={draw(arg)}" if kind == "times" else ""
        lines.append(f"{name} = {kind}({draw(arg)}{second})")
        names = [*names, name]
    return lines


@st.composite
def flows(draw: st.DrawFn) -> tuple[list[str], str, str]:
    """Draw lines, the node to run to, and a header that lets nodes of loops run beside them."""
    lines = draw_lines(draw, [], "v", 2)
    nodes = nodes_of(lines) or ["v0"]
    node = draw(st.sampled_from(nodes))
    inside = [name for name in nodes if "_" in name]
    beside = draw(st.lists(st.sampled_from(inside), unique=True, max_size=2)) if inside else []
    header = "#\n# [tool.flodesk.detached.flow]\n" + "".join(f"# {name} = 2\n" for name in beside) if beside else ""
    return lines, node, header


def check(drawn: tuple[list[str], str, str]) -> None:
    lines, node, header = drawn
    if node not in nodes_of(lines):
        return
    result = run(text_of(lines, header), part=Part("to", f"flow.{node}"), keep_values=True)
    assert sys.modules[MODULE_NAME] is not None
    assert result.reason == "succeeded", result.message
    assert result.values[f"flow.{node}"] == expected(lines, node)


@given(flows())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_to_a_node_of_any_flow(drawn: tuple[list[str], str, str]) -> None:
    check(drawn)


@pytest.mark.long
@given(flows())
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_to_a_node_of_very_many_flows(drawn: tuple[list[str], str, str]) -> None:
    check(drawn)
