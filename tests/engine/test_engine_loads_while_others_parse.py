"""A flow is read while other threads parse Python, too: up to Python 3.12 that is not safe by itself."""

from __future__ import annotations

import ast
import gc
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from flodesk.engine.headless import run

FLOW = """
import flodesk


def flow():
    a = abs(-3)
    b = (a + 1) * [2, 3][0] + max(1, 2, 3)
    if b > 3 and a < 7:
        c = abs(b)
    else:
        c = 7


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def others_that_parse() -> Iterator[None]:
    stop = threading.Event()

    def parse() -> None:
        text = "x = [(1, (2, [3, {4: (5, [6])}]))]\n" * 20
        while not stop.is_set():
            try:
                ast.parse(text)
            except SystemError:
                continue

    def turn(*_: Any) -> None:
        for _ in range(500):  # long enough for the interpreter to give another thread a turn
            pass

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    gc.callbacks.append(turn)  # a tree is made in C, where nothing but Python's collector lets go of the interpreter
    threads = [threading.Thread(target=parse) for _ in range(2)]
    for thread in threads:
        thread.start()
    yield
    stop.set()
    for thread in threads:
        thread.join()
    gc.callbacks.remove(turn)
    sys.setswitchinterval(before)


def test_a_flow_loads_while_others_parse(others_that_parse) -> None:
    for _ in range(10):
        result = run(FLOW)
        assert result.reason == "succeeded", result.failures[0].failure.traceback
