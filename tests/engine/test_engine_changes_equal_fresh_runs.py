"""What runs again after a change leaves the values that a run from the start would leave."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from flodesk.engine.calls import UNBOUND
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control
from flodesk.engine.errors import NodeError
from flodesk.engine.inputs import set_literal
from flodesk.engine.live import SwapError
from flodesk.engine.load import load
from flodesk.engine.loop import Runner
from flodesk.engine.plan import Plan

HEAD = """
import flodesk

calls = []


def note(name, *values, k=0):
    calls.append(name)
    return (sum(values) + 3 * k + len(name)) % 97


def even(x):
    return x % 2 == 0


def soon(x):
    if x > 40:
        return note('soon', x)
    a = note('late', x)
    if a > 50:
        return
    return a or x


class Mean:
    def __init__(self, window=3):
        self.window, self.seen = window, []

    def __call__(self, x):
        self.seen = [*self.seen, x][-self.window:]
        return sum(self.seen)


"""


@st.composite
def straight(draw: st.DrawFn, known: tuple[str, ...] = (), depth: int = 2, prefix: str = "v") -> list[str]:
    """Draw the lines of a flow without loops."""
    lines: list[str] = []
    names = known
    for number in range(draw(st.integers(1, 5))):
        name = f"{prefix}{number}"
        arg = st.sampled_from([*names, *names, "1", "4"]) if names else st.sampled_from(["1", "4"])
        kind = draw(st.sampled_from(["call", "call", "soon", "state", "code", "copy", "switch" if depth else "call"]))
        if kind == "call":
            lines.append(f"{name} = note('{name}', {draw(arg)}, {draw(arg)}, k={draw(arg)})")
        elif kind == "soon":
            lines.append(f"{name}s = soon({draw(arg)})")
            lines.append(f"{name} = len(str({name}s))")
        elif kind == "state":
            lines += [f"{name}m = Mean(window={draw(st.integers(1, 3))})", f"{name}q = {name}m({draw(arg)})"]
            lines.append(f"{name} = {name}m({draw(arg)})")
        elif kind == "code":
            lines.append(f"{name} = {draw(arg)} * 2 + {draw(arg)}")
        elif kind == "copy":
            lines.append(f"{name} = {draw(arg)}")
        else:
            lines.append(f"{name}e = even({draw(arg)})")
            for head, arm in ((f"if {name}e:", "t"), ("else:", "f")):
                body = draw(straight(names, depth - 1, f"{name}{arm}_"))
                lines += [head, *(f"    {line}" for line in body), f"    {name} = {name}{arm}_0"]
        names = (*names, name)
    return lines


def plan_of(lines: list[str]) -> Plan:
    body = "\n".join(f"    {line}" for line in lines)
    tail = '\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
    return compile_plan(load(f"{HEAD}def flow():\n{body}{tail}", ""), "flow")


def runner_of(plan: Plan) -> Runner:
    def cells(other: Plan) -> memoryview:
        return memoryview(bytearray(8 * other.cells)).cast("q")

    return Runner(plan, Control(), cells(plan), lambda *line: None, cells, keep=True)


def values(plan: Plan) -> dict[str, Any]:
    found = {name: plan.slots[slot] for name, slot in plan.names.items() if plan.slots[slot] is not UNBOUND}
    return {name: value.seen if hasattr(value, "seen") else value for name, value in found.items()}


def numbers(plan: Plan) -> list[tuple[str, str | int]]:
    """Return where a plan has literals that are numbers."""
    return [
        (item.id, key)
        for item in plan.items.values()
        for key, slot in item.literals.items()
        if isinstance(plan.slots[slot], int)
    ]


def change(plan: Plan, where: tuple[str, str | int], value: int) -> None:
    statement, key = where
    plan.slots[plan.items[statement].literals[key]] = value


@pytest.mark.long
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(straight(depth=3), st.data())
def test_very_many_changed_parameters(lines: list[str], data: st.DataObject) -> None:
    check_changed_parameters(lines, data)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(straight(), st.data())
def test_changed_parameters(lines: list[str], data: st.DataObject) -> None:
    check_changed_parameters(lines, data)


def check_changed_parameters(lines: list[str], data: st.DataObject) -> None:
    runner = runner_of(plan_of(lines))
    runner.run()
    places = numbers(runner.plan)
    assume(places)
    fresh = plan_of(lines)
    for _ in range(data.draw(st.integers(1, 3))):
        changes = data.draw(st.dictionaries(st.sampled_from(places), st.integers(0, 9), min_size=1, max_size=3))
        for where, value in changes.items():
            change(runner.plan, where, value)
            change(fresh, where, value)
            runner.control.change(where[0])
        runner.changes.finish()
    runner_of(fresh).run()
    assert values(runner.plan) == values(fresh)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(straight(), straight(), st.integers(0, 6))
@example(["v0 = 1", "v1 = v0"], ["v0 = 4", "v1 = v0"], 0)
def test_changed_texts(lines: list[str], others: list[str], cut: int) -> None:
    """The first lines stay, the others are those of another flow."""
    while cut < len(lines) and (lines[cut].startswith(" ") or lines[cut].startswith("else")):
        cut += 1
    mixed = [*lines[:cut], *(re.sub(r"\bv", "w", line) for line in others)]
    runner = runner_of(plan_of(lines))
    runner.run()
    fresh = plan_of(mixed)
    runner.control.exchange(plan_of(mixed))
    runner.changes.finish()
    runner_of(fresh).run()
    assert values(runner.plan) == values(fresh)


def test_only_what_hangs_on_the_change_runs() -> None:
    runner = runner_of(plan_of(["a = note('a', 1)", "b = note('b', 2)", "c = note('c', a)", "d = note('d', b, c)"]))
    runner.run()
    calls = runner.plan.loaded.namespace["calls"]
    calls.clear()
    assert set_literal(runner.plan, "b", "values[0]", "7")
    runner.control.change("b")
    runner.changes.finish()
    assert calls == ["b", "d"]


def test_the_arm_that_was_taken_before_leaves_nothing() -> None:
    lines = ["e = even(2)", "if e:", "    a = note('a', 1)", "else:", "    b = note('b', 1)", "c = note('c', a)"]
    runner = runner_of(plan_of(lines))
    runner.run()
    assert "a" in values(runner.plan)
    change(runner.plan, ("e", 0), 3)
    runner.control.change("e")
    assert "a" in runner.plan.items["c"].reads
    with pytest.raises(NodeError) as caught:
        runner.changes.finish()
    assert isinstance(caught.value.error, UnboundLocalError)


def test_a_loop_that_has_run_cannot_be_gone_on_with() -> None:
    lines = ["for k in range(3):", "    a = note('a', k)", "b = note('b', 1)"]
    runner = runner_of(plan_of(lines))
    runner.run()
    runner.control.exchange(plan_of([*lines, "c = note('c', b)"]))
    runner.changes.finish()
    assert "c" not in runner.plan.names, "a run with loops is not gone on with"
    runner = runner_of(plan_of(["b = note('b', 1)"]))
    runner.run()
    runner.control.exchange(plan_of(lines))
    with pytest.raises(SwapError):
        runner.changes.finish()
