"""After a change of the text the objects at its top are as a run from the start would make them.

Random lines at the top, a random edit: what the swap leaves is compared with what a fresh start leaves, down to which
of them are one and the same.
"""

from __future__ import annotations

import functools
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from flodesk.engine.load import LoadError, load

HEAD = """
import functools
import types

import flodesk
"""
TAIL = """


def flow():
    z = str(1)


if __name__ == "__main__":
    flodesk.main(flow)
"""
START = [
    "K = 1",
    "R = []",
    "C = 0",
    "def f():\n    return K",
    "def put(x):\n    R.append(x)",
    "class A:\n    k = 1\n    def put(self, x):\n        R.append(x)\n    def get(self):\n        return f()",
    "a = A()",
]
LINES = [
    "K = {n}",
    "R = []",
    "R = [{n}]",
    "S = R",
    "S = list(R)",
    "S = []",
    "R.append({n})",
    "S.append({n})",
    "S.append({x})",
    "R.append({x})",
    "put({x})",
    "a.put({x})",
    "a = A()",
    "b = A()",
    "b = a",
    "b.j = {n}",
    "A.k = {n}",
    "a.__class__.k = {n}",
    "setattr(a, 'm', {x})",
    "f.k = {n}",
    "def f():\n    return {n}",
    "def f():\n    return K + {n}",
    "def f():\n    return len(R)",
    "def g(x={x}):\n    return x",
    "def g():\n    return f()",
    "def g():\n    return C",
    "h = functools.partial(f)",
    "h = lambda: f()",
    "h = types.SimpleNamespace(k={x})",
    "T = [f, a, A]",
    "T = {{'f': f, 'n': {n}}}",
    "T = (bump, {n})",
    "def bump():\n    global C\n    C += 1\n    return C",
    "bump()",
    "class B:\n    def __init_subclass__(c):\n        R.append(c)",
    "class D(B):\n    k = {n}",
    "class A:\n    k = {n}\n    def put(self, x):\n        R.append(x)",
    "class A:\n    k = {n}\n    def put(self, x):\n        put([x])",
    "class A:\n    R.append({n})\n    def put(self, x):\n        pass",
    "def mark(x):\n    R.append(x)\n    return x",
    "@mark\ndef g():\n    return {n}",
    "@mark\nclass D:\n    k = {n}",
    "for i in range({n}):\n    R.append(i)",
    "if K > 1:\n    R.append({x})",
    "R[:] = R[::-1]",
    "K, L = {n}, R",
    "(R if K > 1 else S).append({n})",
    "exec('R.append({n})')",
    "globals()['K'] = {n}",
    "def g():\n    return globals()['R']",
    "getattr(a, 'put')({n})",
]


@st.composite
def line(draw: st.DrawFn) -> str:
    """Draw a statement."""
    n, x = draw(st.integers(1, 3)), draw(st.sampled_from(["1", "f", "a", "A", "R", "K", "bump", "g", "S"]))
    return draw(st.sampled_from(LINES)).format(n=n, x=x)


@st.composite
def edited(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Draw the lines of a file, before and after an edit."""
    before = [*START, *draw(st.lists(line(), min_size=1, max_size=7))]
    now = list(before)
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(0, len(now) - 1))
        match draw(st.sampled_from(["replace", "replace", "drop", "add", "swap"])):
            case "replace":
                now[place] = draw(line())
            case "drop":
                del now[place]
            case "add":
                now.insert(place, draw(line()))
            case _ if place:
                now[place - 1], now[place] = now[place], now[place - 1]
    return before, now


def seen(namespace: dict[str, Any]) -> list[Any]:
    """Describe what stands at the top: values, what functions return, and which of them are the same object."""
    numbers: dict[int, int] = {}
    holds: list[Any] = []

    def told(value: Any) -> Any:
        if isinstance(value, int | str | float | None):
            return value
        if id(value) in numbers:
            return f"#{numbers[id(value)]}"
        numbers[id(value)] = len(numbers)
        holds.append(value)  # its number must not be given again
        if isinstance(value, list | tuple):
            return [type(value).__name__, *map(told, value)]
        if isinstance(value, dict):
            return {str(key): told(part) for key, part in value.items()}
        if isinstance(value, functools.partial):
            return ["partial", told(value.func), told(value.args)]
        if isinstance(value, type):
            own = {k: told(v) for k, v in vars(value).items() if not k.startswith("__")}
            return ["class", value.__name__, [told(b) for b in value.__bases__ if b is not object], own]
        if callable(value) and hasattr(value, "__code__"):
            return ["function", value.__name__, told(vars(value)), told(value.__defaults__)]
        return ["object", told(type(value)), told(getattr(value, "__dict__", {}))]

    def called(name: str) -> Any:
        try:
            return told(namespace[name]())
        except Exception as error:  # noqa: BLE001 - whatever it raises, the other raises as well
            return type(error).__name__

    names = sorted(name for name in namespace if name in set("KRSTABCDLabfghi") | {"bump", "put", "mark"})
    found = [(name, told(namespace[name])) for name in names]
    found += [(name, called(name)) for name in names if callable(namespace[name]) for _ in range(2)]
    return [*found, ("C", told(namespace.get("C"))), ("R", told(namespace.get("R")))]


def text(lines: list[str]) -> str:
    return HEAD + "\n\n" + "\n\n\n".join(lines) + TAIL


def check(before: list[str], now: list[str]) -> None:
    try:
        old = load(text(before), "")
        fresh = load(text(now), "")
    except LoadError:
        assume(False)
    swapped = load(text(now), "", kept=old)
    assert seen(swapped.namespace) == seen(fresh.namespace)


CASES = [
    ("class A: pass", ["A.k = 1", "a = A()", "def f():\n    return a.k"], ("A.k = 1", "A.k = 2")),
    ("R = []", ["S = R", "S.append(1)"], ("append(1)", "append(2)")),
    ("R = []",
     ["class A:\n    def put(self, f):\n        R.append(f)", "a = A()", "def h():\n    return 1", "a.put(h)"],
     ("return 1", "return 2")),
    ("R = []", ["R.append(1)", "R.append(2)"], ("R.append(1)\n\n\nR.append(2)", "R.append(2)\n\n\nR.append(1)")),
    ("def f():\n    return f.k", ["f.k = 1", "T = [f]"], ("f.k = 1", "f.k = 2")),
    ("R = []", ["class B:\n    def __init_subclass__(c):\n        R.append(c)", "class D(B):\n    k = 1"],
     ("k = 1", "k = 2")),
    ("C = 0", ["def bump():\n    global C\n    C += 1\n    return C", "T = [bump]", "K = 1"], ("K = 1", "K = 2")),
    ("import random", ["random.seed(1)", "R = [random.random()]"], ("seed(1)", "seed(2)")),
]  # fmt: skip


@pytest.mark.parametrize(("first", "rest", "change"), CASES)
def test_what_the_text_does_to_an_object_reaches_it(first: str, rest: list[str], change: tuple[str, str]) -> None:
    before = text([first, *rest])
    assert change[0] in before
    old, now = load(before, ""), before.replace(*change)
    swapped = load(now, "", kept=old)
    assert seen(swapped.namespace) == seen(load(now, "").namespace)


FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(edited())
@example(([*START, "b = A()"], [*START, "b = A()", "T = [f, a, A]"]))
@example(([*START, "T = [f, a, A]"], [*START, "T = [f, a, A]", "b = A()"]))
def test_random_edits_leave_what_a_fresh_start_leaves(lines: tuple[list[str], list[str]]) -> None:
    check(*lines)


@pytest.mark.long
@settings(FEW, max_examples=3_000)
@given(edited())
def test_very_many_random_edits(lines: tuple[list[str], list[str]]) -> None:
    check(*lines)
