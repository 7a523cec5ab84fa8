"""Values that are changed in place: after a change of a parameter or of the text, all are those of the plain script."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flodesk.engine.calls import UNBOUND
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control
from flodesk.engine.inputs import set_literal
from flodesk.engine.load import load
from flodesk.engine.loop import Runner
from flodesk.engine.plan import Plan

HEAD = """
import random

import flodesk
import numpy as np

ran = []


def number(*values, k=1):
    ran.append("number")
    return (sum(values) + 3 * k) % 23


def size(values, k=0):
    return int(np.sum(values)) % 23 + k


def made(n, k=2):
    ran.append("made")
    return [n, k, 5]


def same(values):
    return values


def push(values, k=1):
    values.append(k)
    return values


def box(values, n):
    return {"a": values, "b": [n]}


def fill(box, n, k=1):
    box["a"].append(n + k)
    push(box["b"], k=k)
    return len(box["a"])


def array(n, k=4):
    return np.arange(4) + n * k


def bump(values, k=1):
    values += k
    return int(values[0])


def rest(values):
    return values[1:]


@flodesk.node(title="Grow")
def grow(values, k=2):
    view = values[:]
    other = values
    other.extend([k])
    return len(view)


class Keep:
    def __init__(self, k=0):
        self.seen = [k]

    def __call__(self, n):
        self.seen.append(n)
        return self.seen


"""
TAIL = '\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'

# what each kind of line needs, and what it makes: n a number, l a list, b a box, a an array, i an iterator, o an object
LINES = {
    "{new} = number({n}, k={k})": "n",
    "{new} = number({n}, {n}, k={k})": "n",
    "{new} = size({l}, k={k})": "n",
    "{new} = size({a})": "n",
    "{new} = {n} * 2 + {n}": "n",
    "{new} = made({n}, k={k})": "l",
    "{new} = [{n}, 3]": "l",
    "{new} = same({l})": "l",
    "{new} = {l}": "l",
    "{new} = push({l}, k={k})": "l",
    "{new} = grow({l}, k={k})": "n",
    "{l}.append({n})": "",
    "{l} += [{n}]": "",
    "{l}[0] += {n}": "",
    "{l}[0] = {n}": "",
    "{l}.sort()": "",
    "{l}.insert(0, {n})": "",
    "{n} += {n}": "",
    "{new} = [{l}.append(x) for x in (1, 2)]": "x",
    "{new} = box({l}, {n})": "b",
    "{new} = {{'a': {l}, 'b': [{n}]}}": "b",
    '{b}["a"].append({n})': "",
    "{new} = fill({b}, {n}, k={k})": "n",
    '{new} = {b}["a"]': "l",
    '{b}["b"] = {l}': "",
    "{new} = array({n}, k={k})": "a",
    "{new} = bump({a}, k={k})": "n",
    "{a} += {n}": "",
    "{a}[1:] *= 2": "",
    "{new} = rest({a})": "a",
    "{new} = {a}[:2]": "a",
    "np.copyto({a}, {n})": "",
    "{new} = iter([{n}, 1, 2, 3, 4, 5, 6, 7, 8, 9])": "i",
    "{new} = next({i}, 0)": "n",
    "{new} = random.Random(k)": "r",
    "{new} = {r}.randrange(9)": "n",
    "{new} = Keep(k={k})": "o",
    "{new} = {o}({n})": "l",
}


@st.composite
def flows(draw: st.DrawFn, most: int = 9) -> tuple[list[str], dict[str, int]]:
    """Draw the lines of a flow, and the parameters in them: ``<v3>`` stands for that of the node v3."""
    lines = ["v0 = number(1, k=<v0>)", "v1 = made(v0, k=<v1>)", "v2 = array(v0, k=<v2>)"]
    names = {"n": ["v0"], "l": ["v1"], "a": ["v2"], "b": [], "i": [], "r": [], "o": [], "x": []}
    parameters = {"v0": 1, "v1": 2, "v2": 3}
    for number in range(3, draw(st.integers(5, 3 + most))):
        able = [line for line in LINES if all(names[kind] for kind in re.findall(r"\{([nlabiro])\d?\}", line))]
        line = draw(st.sampled_from(able))
        kind, new = LINES[line], f"v{number}"
        line = line.replace("(k)", "(3)").replace("{new}", new)
        if "{k}" in line:
            parameters[new] = draw(st.integers(0, 5))
            line = line.replace("{k}", f"<{new}>")
        line = re.sub(r"\{([nlabiro])\d?\}", lambda found: draw(st.sampled_from(names[found[1]])), line)
        lines.append(line.replace("{{", "{").replace("}}", "}"))
        if kind:
            names[kind].append(new)
        if draw(st.integers(0, 9)) == 0:
            lines[-1:] = [f"if v0 > {draw(st.integers(1, 20))}:", f"    {lines[-1]}"] if not kind else lines[-1:]
    return lines, parameters


def filled(lines: list[str], parameters: dict[str, int]) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return re.sub(r"<(\w+)>", lambda found: str(parameters[found[1]]), body)


def text_of(lines: list[str], parameters: dict[str, int]) -> str:
    return f"{HEAD}def flow():\n{filled(lines, parameters)}{TAIL}"


def plan_of(lines: list[str], parameters: dict[str, int]) -> Plan:
    return compile_plan(load(text_of(lines, parameters), ""), "flow")


def runner_of(plan: Plan) -> Runner:
    def cells(other: Plan) -> memoryview:
        return memoryview(bytearray(8 * other.cells)).cast("q")

    return Runner(plan, Control(), cells(plan), lambda *line: None, cells, keep=True)


def plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if hasattr(value, "__next__"):
        return repr(value.__reduce__()[1:])
    if hasattr(value, "getrandbits"):
        return value.getstate()
    return getattr(value, "seen", value)


def values(plan: Plan) -> dict[str, Any]:
    found = {name: plan.slots[slot] for name, slot in plan.names.items() if plan.slots[slot] is not UNBOUND}
    return {name: plain(value) for name, value in found.items()}


def script(lines: list[str], parameters: dict[str, int]) -> dict[str, Any]:
    """Run the plain script; returns its variables."""
    space: dict[str, Any] = {"__name__": "plain"}
    body = f"def flow():\n{filled(lines, parameters)}\n    return dict(locals())\n"
    exec(compile(HEAD + body, "plain", "exec"), space)
    return {name: plain(value) for name, value in space["flow"]().items()}


def check_parameters(drawn: tuple[list[str], dict[str, int]], data: st.DataObject) -> None:
    lines, parameters = drawn
    parameters = dict(parameters)
    runner = runner_of(plan_of(lines, parameters))
    runner.run()
    assert values(runner.plan) == script(lines, parameters)
    for _ in range(data.draw(st.integers(1, 3))):
        some = st.dictionaries(st.sampled_from(sorted(parameters)), st.integers(0, 9), min_size=1, max_size=2)
        for name, value in data.draw(some).items():
            parameters[name] = value
            assert set_literal(runner.plan, name, "k", str(value))
            runner.control.change(name)
        runner.changes.finish()
        assert values(runner.plan) == script(lines, parameters)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(flows(), st.data())
def test_changed_parameters(drawn: tuple[list[str], dict[str, int]], data: st.DataObject) -> None:
    check_parameters(drawn, data)


@pytest.mark.long
@settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
@given(flows(most=16), st.data())
def test_very_many_changed_parameters(drawn: tuple[list[str], dict[str, int]], data: st.DataObject) -> None:
    check_parameters(drawn, data)


def check_texts(drawn: tuple[list[str], dict[str, int]], data: st.DataObject) -> None:
    """Lines that bind nothing are taken out, put in, or change places."""
    lines, parameters = drawn
    runner = runner_of(plan_of(lines, parameters))
    runner.run()
    for _ in range(2):
        free = [n for n, line in enumerate(lines) if not re.match(r"v\d+ =|if|    ", line)]
        if not free:
            return
        what = data.draw(st.sampled_from(["out", "twice", "later"]))
        number = data.draw(st.sampled_from(free))
        line = lines[number]
        rest = lines[:number] + lines[number + 1 :]
        place = data.draw(st.integers(number, len(rest)))
        while place < len(rest) and rest[place].startswith("    "):
            place += 1
        moved = [*rest[:place], line, *rest[place:]]
        lines = {"out": rest, "later": moved, "twice": [*lines, line]}[what]
        runner.control.exchange(plan_of(lines, parameters))
        runner.changes.finish()
        assert values(runner.plan) == script(lines, parameters)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(flows(), st.data())
@example((["v0 = [1]", "v0.append(2)", "v1 = size(v0, k=<v1>)"], {"v1": 1}), None)
def test_changed_texts(drawn: tuple[list[str], dict[str, int]], data: st.DataObject | None) -> None:
    if data is not None:
        check_texts(drawn, data)
        return
    lines, parameters = drawn
    runner = runner_of(plan_of(lines, parameters))
    runner.run()
    runner.control.exchange(plan_of([lines[0], lines[2]], parameters))
    runner.changes.finish()
    assert values(runner.plan) == {"v0": [1], "v1": 2}


def test_a_value_that_is_changed_no_more_is_not_made_again() -> None:
    lines = ["v0 = made(1, k=<v0>)", "v0.append(9)", "v1 = number(2, k=<v1>)", "v2 = size(v0, k=<v2>)"]
    runner = runner_of(plan_of(lines, {"v0": 1, "v1": 1, "v2": 1}))
    runner.run()
    ran = runner.plan.loaded.namespace["ran"]
    ran.clear()
    assert set_literal(runner.plan, "v2", "k", "7")
    runner.control.change("v2")
    runner.changes.finish()
    assert (ran, values(runner.plan)["v2"]) == ([], 16 + 7)
