"""What is looked up in the cache hangs on the code that made it and on no other, and on what is changed in place."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.headless import run

FLOW = '''
# /// script
# [tool.flodesk]
# cache = true
# ///
import time

import flodesk
from flodesk.nodes import maths
import numpy as np
import more

GAIN = 2.0
COUNT = 0


def half(x):
    return x / 2


def slow(x, k=1.0):
    """Take long enough to be worth keeping."""
    print("ran slow", flush=True)
    time.sleep(0.02)
    return half(x) * GAIN + more.shift(x) + k


def other(x):
    print("ran other", flush=True)
    time.sleep(0.02)
    return x + 1.0


def counted(x):
    global COUNT
    print("ran counted", flush=True)
    time.sleep(0.02)
    COUNT += 1
    return x + COUNT


def made(n=3):
    print("ran made", flush=True)
    time.sleep(0.02)
    return [1.0, n]


def late(x):
    print("ran late", flush=True)
    time.sleep(0.02)
    return globals()["GAIN"] * getattr(more, "shift")(x)


def same(values):
    print("ran same", flush=True)
    time.sleep(0.02)
    return values


def push(values, k=1.0):
    print("ran push", flush=True)
    time.sleep(0.02)
    values.append(k)
    return len(values)


def sub(x):
    y = other(x)
    z = maths.add(y, 1.0)
    return z


def flow():
    a = slow(3.0)
    b = other(4.0)
    c = counted(5.0)
    d = sub(6.0)
    f = late(7.0)
    m = made()
    n = same(m)
    n.append(a)
    e = push(m)
    t = sum(m)
    u = sum(n)


if __name__ == "__main__":
    flodesk.main(flow)
'''
MORE = "def shift(x):\n    return x + 10\n\n\ndef unused(x):\n    return x\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flow.py"
    path.write_text(FLOW.lstrip(), encoding="utf-8")
    (tmp_path / "more.py").write_text(MORE, encoding="utf-8")
    return path


@pytest.fixture
def ran(file: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    """Give a function that runs the file; it returns who ran, the values, and what tells why."""

    def once() -> tuple[set[str], dict[str, Any], dict[str, str]]:
        sys.modules.pop("more", None)
        capfd.readouterr()
        ended = run(file.read_text(encoding="utf-8"), str(file))
        assert ended.reason == "succeeded", ended.failures
        said = [line.removeprefix("ran ") for line in capfd.readouterr().out.splitlines() if line.startswith("ran ")]
        why = dict(line.split(": ", 1) for line in ended.why)
        return set(said), dict(ended.values), why

    yield once
    sys.modules.pop("more", None)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    # a module is compiled anew where its time or its size is another one
    os.utime(file, (file.stat().st_atime, file.stat().st_mtime + 10))


ALWAYS = {"counted", "same", "push", "late"}


def test_only_what_the_edited_code_is_used_by_runs_again(file: Path, ran: Any) -> None:
    everyone, first, _ = ran()
    assert everyone == {"slow", "other", "made", *ALWAYS}
    again, second, why = ran()
    assert (again, second) == (ALWAYS, first)
    assert "changes “COUNT” at the top of its file" in why["flow.c"]
    assert "finds what it uses by getattr" in why["flow.f"]
    edit(file, "return x + 1.0", "return x + 2.0")
    again, values, why = ran()
    assert (again, values["flow.b"]) == ({"other", *ALWAYS}, 6.0)
    assert why["flow.a"].startswith("it did not run")
    assert why["flow.b"] == "it ran: its code, or the version of a library, has changed"
    assert why["flow.d"] == "it ran: “other”, which it uses, changed"


@pytest.mark.parametrize(
    ("where", "old", "new", "value", "said"),
    [
        ("flow.py", "GAIN = 2.0", "GAIN = 4.0", 20.0, "“GAIN”, which it uses, changed"),
        ("flow.py", "return x / 2", "return x / 4", 15.5, "“half”, which it uses, changed"),
        ("more.py", "return x + 10", "return x + 20", 27.0, "“more.shift”, which it uses, changed"),
        ("more.py", "return x\n", "return 2 * x\n", 17.0, "it did not run"),
        ("flow.py", '"""Take', '"""It takes', 17.0, "it ran: its code"),
        ("flow.py", "def other(x):", "# a comment\n\n\ndef other(x):", 17.0, "it did not run"),
    ],
)
def test_what_a_function_names_counts(
    file: Path, ran: Any, where: str, old: str, new: str, value: float, said: str
) -> None:
    ran()
    edit(file.with_name(where), old, new)
    again, values, why = ran()
    assert values["flow.a"] == value
    assert said in why["flow.a"]
    assert ("slow" in again) == why["flow.a"].startswith("it ran")
    assert "other" not in again


BY_WAYS = """
# /// script
# [tool.flodesk]
# cache = true
# ///
import time
from dataclasses import dataclass, field
from typing import NamedTuple

import flodesk
import parcel.inner


@dataclass
class Point:
    x: float
    more: list = field(default_factory=list)

    def far(self):
        return self.x * 2


class Pair(NamedTuple):
    x: float
    y: float = 0.0

    def both(self):
        return self.x + self.y + 1


POINTS = [Point(1.0)]


def point(x):
    time.sleep(0.02)
    return Point(x)


def method(p):
    time.sleep(0.02)
    return p.far()


def pair(x):
    time.sleep(0.02)
    return Pair(x)


def of_pair(pair):
    time.sleep(0.02)
    return pair.both()


def top(x):
    time.sleep(0.02)
    return POINTS[0].far() + x


def late(x):
    time.sleep(0.02)
    from more import shift
    return shift(x)


def deep(x):
    time.sleep(0.02)
    return parcel.inner.turned(x)


def flow():
    p = point(1.0)
    a = method(p)
    q = pair(1.0)
    b = of_pair(q)
    c = top(1.0)
    d = late(1.0)
    e = deep(1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize(
    ("where", "old", "new", "node", "before", "after"),
    [
        ("flow.py", "self.x * 2", "self.x * 3", "flow.a", 2.0, 3.0),
        ("flow.py", "self.x * 2", "self.x * 3", "flow.c", 3.0, 4.0),
        ("flow.py", "self.y + 1", "self.y + 9", "flow.b", 2.0, 10.0),
        ("more.py", "return x + 10", "return x + 20", "flow.d", 11.0, 21.0),
        ("parcel/inner.py", "return -x", "return 5 * x", "flow.e", -1.0, 5.0),
    ],
)
def test_methods_of_values_imports_inside_and_modules_of_packages_count(
    file: Path, ran: Any, where: str, old: str, new: str, node: str, before: float, after: float
) -> None:
    file.write_text(BY_WAYS.lstrip(), encoding="utf-8")
    file.with_name("parcel").mkdir()
    file.with_name("parcel").joinpath("__init__.py").touch()
    file.with_name("parcel").joinpath("inner.py").write_text("def turned(x):\n    return -x\n", encoding="utf-8")

    def forget() -> None:
        for name in ("parcel", "parcel.inner"):
            sys.modules.pop(name, None)

    try:
        for _ in range(2):
            _, values, why = ran()
            assert values[node] == before
        if node not in ("flow.d",):  # it is imported by nobody else, so nobody knows it before it runs
            assert why[node].startswith("it did not run"), why[node]
        edit(file.parent / where, old, new)
        forget()
        _, values, why = ran()
        assert values[node] == after, why
    finally:
        forget()


def test_what_is_found_by_name_while_it_runs_is_never_taken_from_the_cache(file: Path, ran: Any) -> None:
    _, values, _ = ran()
    assert values["flow.f"] == 34.0
    edit(file, "GAIN = 2.0", "GAIN = 4.0")
    _, values, _ = ran()
    assert values["flow.f"] == 68.0


def test_what_is_changed_in_place_is_not_taken_from_the_cache(file: Path, ran: Any) -> None:
    for _ in range(2):
        _, values, _ = ran()
        assert (values["flow.e"], values["flow.t"], values["flow.u"]) == (4, 22.0, 22.0)


def test_inner_nodes_of_a_result_from_the_cache_did_not_run(file: Path, ran: Any) -> None:
    _, _, why = ran()
    assert why["sub.y"].startswith("it ran")
    _, _, why = ran()
    assert why["sub.y did not run"] == "the result of flow.d, which calls it, came from the cache"
