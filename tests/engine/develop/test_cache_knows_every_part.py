"""The cache never gives what old code made: what a result hangs on is followed to the last part, or it is not kept."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.headless import run

HEAD = """
# /// script
# [tool.flodesk]
# cache = true
# ///
import enum
import functools
import inspect
import numbers
import operator
import re
import time
from dataclasses import dataclass, field
from typing import NamedTuple

import flodesk
import numpy as np
import other

K = 3


def base(x):
    return x + K
"""
HELPER = """
K = 3
LEFT = 1


def base(x):
    return x + K * 10
"""
MADE_AT_THE_TOP = {
    "partial": "part = functools.partial(base)|part(x)",
    "partial_of_a_value": "more = functools.partial(max, 3)|more(x)",
    "cached": "kept = functools.lru_cache(base)|kept(x)",
    "vectorize": "vect = np.vectorize(base)|int(vect(x))",
    "mapped": "part2 = functools.partial(base)|list(map(part2, [x]))[0]",
    "default": "def with_default(x, f=base):\n    return f(x)|with_default(x)",
    "keyword_default": "def with_keyword(x, *, f=functools.partial(base)):\n    return f(x)|with_keyword(x)",
    "closure": "def made(f):\n    def inner(x):\n        return f(x)\n    return inner\nmake = made(base)|make(x)",
    "method": "class Scale:\n    def __init__(self, k):\n        self.k = k\n    def go(self, x):\n"
    "        return x * self.k\ngo = Scale(3).go|go(x)",
    "record_method": "@dataclass\nclass Rated:\n    k: int\n    def go(self, x):\n        return x * self.k\n"
    "rated = Rated(3).go|rated(x)",
    "builtin_method": 'take = "3".join|take(["a", "b"])',
    "list_method": "look = {1: 3}.get|look(x)",
    "which_of_a_package": "fn = np.add  # 3|int(fn(x, K))",
    "late": 'third = operator.attrgetter("K")|third(other)',
    "callable_object": "class Called:\n    def __init__(self, k):\n        self.k = k\n    def __call__(self, x):\n"
    "        return x * self.k\ncalled = Called(3)|called(x)",
    "pattern": 'digits = re.compile("3+")|len(digits.sub("", "3377777"))',
    "held": "FS = [base]|FS[0](x)",
    "of_another_file": "import other as under\ndef taken(module, x):\n    return module.base(x)|taken(under, x)",
    "same_name": "def both(x):\n    return other.base(x) + base(x)|both(x)",
    "wrapped": "def deco(f):\n    @functools.wraps(f)\n    def inner(*a):\n        return f(*a) + K\n    return inner\n"
    "@deco\ndef decorated(x):\n    return x|decorated(x)",
    "dispatched": "@functools.singledispatch\ndef shown(x):\n    return 0\n@shown.register\ndef _(x: int):\n"
    "    return x + 3|shown(x)",
    "attribute": "def noted(x):\n    return x + noted.k\nnoted.k = 3|noted(x)",
    "handler": "def tried(x):\n    try:\n        return x // 0 + 3\n    except ZeroDivisionError:\n"
    "        return x + 3|tried(x)",
}
OF_CLASSES = {
    "private": "class A1:\n    _gain = 3\n    def apply(self, x):\n        return x * self._gain|A1().apply(x)",
    "array": "class A2:\n    TABLE = np.array([3.0])|float(A2.TABLE[0]) * x",
    "nested": "class Outer:\n    class Inner:\n        def f(self, x):\n            return x * 3|Outer.Inner().f(x)",
    "property": "class A4:\n    @property\n    def p(self):\n        return 3|A4().p",
    "cached_property": "class A5:\n    @functools.cached_property\n    def p(self):\n        return 3|A5().p",
    "cached_method": "class A6:\n    @functools.lru_cache\n    def f(self):\n        return 3|A6().f()",
    "partialmethod": "class A7:\n    pm = functools.partialmethod(lambda self, k: k, 3)|A7().pm()",
    "enum": "class Col(enum.Enum):\n    RED = 3|Col.RED.value * x",
    "enum_with_more": "class Size(enum.Enum):\n    BIG = (1,)\n    def __init__(self, n):\n        self._k = n * 3"
    "|Size.BIG._k * x",
    "record": "@dataclass\nclass D1:\n    k: int = 3|D1().k * x",
    "factory": "@dataclass\nclass D2:\n    _k: list = field(default_factory=lambda: [3])|D2()._k[0] * x",
    "named_tuple": "class P1(NamedTuple):\n    k: int = 3|P1().k * x",
    "base": "class B1:\n    k = 3\nclass A8(B1):\n    pass|A8().k",
    "static": "class A9:\n    @staticmethod\n    def f(x):\n        return x + K|A9.f(x)",
    "object_in_class": "class A10:\n    scale = D1(3)\n    @classmethod\n    def f(cls, x):\n"
    "        return cls.scale.k|A10.f(x)",
    "meta": "class M(type):\n    @property\n    def k(cls):\n        return 3\nclass A11(metaclass=M):\n    pass|A11.k",
    "held_function": "class A12:\n    run = functools.partial(base)|A12.run(x)",
}
OF_THEMSELVES = {
    "signature": 'def spec(v: "k3"):\n    pass|str(inspect.signature(spec))',
    "annotations": 'def hinted(v: "k3"):\n    pass|str(hinted.__annotations__)',
    "class_annotations": 'class Hinted:\n    v: "k3"|str(Hinted.__annotations__)',
    "function_name": "def name3():\n    pass\nnamed = name3|named.__name__",
    "inner_name": "def outer():\n    def name3():\n        pass\n    return name3.__name__|outer()",
    "class_name": "class Name3:\n    pass\nNamed = Name3|Named.__name__",
    "docstring": 'def told():\n    """No 3."""|told.__doc__',
    "docstring_of_a_class": 'class Told:\n    """No 3."""|Told.__doc__',
    "docstring_of_a_record": '@dataclass\nclass Told2:\n    """No 3."""\n    k: int = 1|Told2.__doc__',
    "registered": "class Reg:\n    pass\nif 3 > 5:\n    numbers.Number.register(Reg)|isinstance(Reg(), numbers.Number)",
}
WAYS = {**MADE_AT_THE_TOP, **OF_CLASSES, **OF_THEMSELVES}
NOT_KEPT = {"method", "late", "callable_object", "held"}
"""What has no form: these run each time."""


def text_of(ways: dict[str, str]) -> str:
    parts = [way.rpartition("|") for way in ways.values()]
    made = [first for first, _, _ in parts]
    used = [
        f"def use_{name}(x):\n    time.sleep(0.011)\n    return {use}"
        for name, (_, _, use) in zip(ways, parts, strict=True)
    ]
    flow = "def flow():\n" + "".join(f"    {name} = use_{name}(1)\n" for name in ways)
    end = 'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    return "\n\n\n".join([HEAD.strip(), *made, *used, flow, end])


class Runs:
    """Runs a flow from a file, with its helper beside it, as it is now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, text: str, helper: str = HELPER) -> tuple[dict[str, Any], dict[str, str]]:
        sys.modules.pop("other", None)
        sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
        try:
            (self.folder / "other.py").write_text(helper, encoding="utf-8")
            ended = run(text, str(self.folder / "flow.py"))
        finally:
            sys.dont_write_bytecode = before
        assert ended.reason == "succeeded", ended.failures
        values = {name.removeprefix("flow."): value for name, value in ended.values.items() if name.startswith("flow.")}
        why = dict(line.split(": ", 1) for line in ended.why)
        return values, {name.removeprefix("flow."): said for name, said in why.items()}

    def script(self, text: str) -> dict[str, Any]:
        """Return what the text as a plain script gives, with the helper as it is."""
        space: dict[str, Any] = {"__name__": "plain_script"}
        module = type(sys)("plain_script")
        sys.modules["plain_script"] = module
        try:
            exec(compile(text, "plain", "exec", dont_inherit=True), module.__dict__)
            return {name: module.__dict__[f"use_{name}"](1) for name in WAYS if f"use_{name}" in module.__dict__}
        finally:
            del sys.modules["plain_script"], space


@pytest.fixture
def runs(tmp_path: Path) -> Any:
    yield Runs(tmp_path)
    sys.modules.pop("other", None)


def test_whatever_a_result_hangs_on_makes_it_anew(runs: Runs) -> None:
    text = text_of(WAYS)
    first, _ = runs(text)
    assert first == runs.script(text)
    again, why = runs(text)
    assert again == first
    assert {name for name in WAYS if not why[name].startswith("it did not run")} == NOT_KEPT
    changed, helper = text.replace("3", "7").replace("np.add", "np.subtract"), HELPER.replace("3", "7")
    now, why = runs(changed, helper)
    assert now == runs.script(changed)
    assert {name for name in WAYS if now[name] == first[name]} == set(), "each has to tell old from new"
    assert not [name for name in WAYS if why[name].startswith("it did not run")]


@pytest.mark.parametrize("name", ["private", "partial", "enum", "record_method"])
def test_an_edit_elsewhere_runs_nothing_again(runs: Runs, name: str) -> None:
    text = text_of({name: WAYS[name]})
    runs(text + "\n\ndef nobody():\n    return 1\n")
    _, why = runs(text + "\n\ndef nobody():\n    return 2\n")
    assert why[name].startswith("it did not run")


def test_two_things_of_one_name_both_count(runs: Runs) -> None:
    text = text_of({"same_name": WAYS["same_name"]})
    runs(text)
    for helper in (HELPER.replace("x + K", "x - K"), HELPER.replace("K = 3", "K = 4")):
        values, _ = runs(text, helper)
        assert values == runs.script(text)


@pytest.mark.parametrize(
    ("made", "used", "said"),
    [
        ('get = getattr', 'get(other, "K")', "finds what it uses by getattr"),
        ("rng = np.random.default_rng(0)\ndraw = rng.normal", "draw() * x", "has no form on disk"),
        ("@flodesk.node(pure=False)\ndef clock():\n    return time.monotonic()", "clock()", "another result each time"),
        ("import threading\nlock = threading.Lock().acquire", "lock() and x", "has no form on disk"),
        ("def lined():\n    pass", "lined.__code__.co_firstlineno", "finds what it uses by __code__"),
        ("seen = numbers.Number", "seen.register(type(x)) and 1", "finds what it uses by register"),
        ("import builtins\nbuiltins.abs = lambda v: v + 1", "abs(x)", "somebody has changed that builtin"),
        ("import builtins\nbuiltins.abs = lambda v: v + 1", "builtins.abs(x)", "somebody has changed that builtin"),
        ('get = operator.itemgetter(0)', "get([x])", "of which nobody knows what it does"),
    ],
)  # fmt: skip
def test_what_is_not_known_to_the_last_part_is_not_kept(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, made: str, used: str, said: str
) -> None:
    monkeypatch.setattr(builtins, "abs", abs)  # as it was before, in the end
    text = text_of({"private": f"{made}|{used}"})
    for _ in range(2):
        _, why = runs(text)
        assert said in why["private"]
