"""Samples say which changes they have not seen; in a loop that goes on, that ends with the turns that follow."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from flodesk.engine.client import InProcess, Sample

HEAD = """\
import flodesk
from flodesk.nodes import control, maths, show, timing


def wait(value: float, seconds: float = 0.02) -> float:
    flodesk.context().sleep(seconds)
    return value


def flow():
"""
FOOT = """

if __name__ == "__main__":
    flodesk.main(flow)
"""
IN_LOOP = """\
    for i in timing.every(0.001):
        a = wait(i, seconds=0.02)
        b = maths.scale(a, factor=2.0)
"""
ABOVE = """\
    k = maths.scale(1.5, factor=2.0)
    for i in timing.every(0.01):
        a = maths.scale(k, factor=2.0)
        b = maths.add(a, i)
"""
BOUND = """\
    k = 2.0
    for i in timing.every(0.01):
        a = maths.scale(i, factor=k)
        b = maths.add(a, i)
"""
ARM = """\
    for i in timing.every(0.01):
        if i < 0:
            a = maths.scale(i, factor=2.0)
        else:
            a = maths.scale(i, factor=3.0)
        b = maths.add(a, i)
"""
INNER = """\
    for i in timing.every(0.01):
        for n in range(3):
            a = wait(n, seconds=0.001)
        b = maths.add(a, i)
"""
PRODUCER = """\
    for i in timing.every(0.01):
        a = maths.scale(i, factor=2.0)
        b = maths.add(a, i)
"""


@pytest.fixture
def engine() -> Iterator[InProcess]:
    made = InProcess()
    yield made
    made.close()


def until(found: Callable[[], bool]) -> None:
    end = time.monotonic() + 5.0
    while not found():
        assert time.monotonic() < end
        time.sleep(0.005)


def newest(engine: InProcess) -> Sample:
    return engine.values().get("flow.b", Sample(0, None))


@pytest.mark.parametrize(
    ("body", "node", "parameter", "text"),
    [
        (IN_LOOP, "a", "seconds", "0.03"),
        (IN_LOOP, "b", "factor", "3.0"),
        (ABOVE, "k", "factor", "5.0"),
        (BOUND, "k", "value", "3.0"),
        (ARM, "a", "factor", "5.0"),
        (INNER, "a", "seconds", "0.002"),
        (PRODUCER, "i", "period", "0.02"),
    ],
)
def test_every_change_is_taken_soon(engine: InProcess, body: str, node: str, parameter: str, text: str) -> None:
    engine.open(HEAD + body + FOOT)
    engine.watch(full={"flow.b"}, brief=set())
    engine.start()
    until(lambda: newest(engine).sequence > 2)
    for value in (text, text + "1"):
        engine.set_parameter(f"flow.{node}", parameter, value)
        time.sleep(0.2)
        last = newest(engine).sequence
        until(lambda last=last: newest(engine).sequence > last and not newest(engine).before)  # type: ignore[misc]


def test_what_hangs_on_a_call_that_does_not_return_has_not_seen_the_change(engine: InProcess) -> None:
    engine.open(HEAD + IN_LOOP + FOOT)
    engine.watch(full={"flow.b"}, brief=set())
    engine.start()
    until(lambda: newest(engine).sequence > 2)
    assert not newest(engine).before
    engine.set_parameter("flow.a", "seconds", "1e9")
    until(lambda: newest(engine).before == {"flow.a"})
    last = newest(engine).sequence
    engine.stop()
    until(lambda: not engine.running)
    assert newest(engine).sequence <= last + 1
    assert newest(engine).before == {"flow.a"}
