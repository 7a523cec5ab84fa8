"""The end of a run that could not tell it itself says how many turns its loops have begun."""

from __future__ import annotations

from flodesk.engine.events import LoopFinished

DIES = """
import flodesk
import os
import time


def count(n):
    yield from range(n)


def inner(x):
    for k in count(5):
        y = abs(k)
    return x


def one(x, at=40):
    if x == at:
        time.sleep(0.5)
        os._exit(3)
    return x


def flow():
    for i in count(100):
        a = inner(i)
        for k in count(3):
            z = abs(k)
        b = one(a)


def other():
    for j in count(7):
        c = abs(j)
        d = time.sleep(100 if j == 6 else 0)


if __name__ == "__main__":
    flodesk.main(flow, other)
"""


def test_the_turns_of_a_crashed_run_are_told(host) -> None:
    end = host.run(DIES)
    assert end.reason == "crashed"
    turns = {e.loop: e.iterations for e in host.events if isinstance(e, LoopFinished)}
    assert turns == {"flow": 41, "other": 7}
