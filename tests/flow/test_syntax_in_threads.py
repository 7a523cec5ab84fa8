"""Texts are read in several threads at once: the window paints pictures of flows while another is opened."""

from __future__ import annotations

import ast
import gc
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from flodesk.flow.syntax import TRIES, literal, parse_tree, patiently, signature

TEXT = "\n".join(f"x{n} = f(g(h([{n}, {{'a': ({n}, {n})}}])), key=lambda v: v + {n})" for n in range(100))


def _turn(*_: Any) -> None:
    for _ in range(500):  # long enough for the interpreter to give another thread a turn
        pass


def at_once(work: Callable[[], Any]) -> list[BaseException]:
    """Do something in four threads that get into each other's way; returns what was raised."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told in the thread of the test
            errors.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    gc.callbacks.append(_turn)  # a tree is made in C, where nothing but Python's collector lets go of the interpreter
    threads = [threading.Thread(target=run) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.callbacks.remove(_turn)
        sys.setswitchinterval(before)
    return errors


def test_threads_that_parse_at_once_all_get_their_trees() -> None:
    def read() -> None:
        for _ in range(10):
            assert len(parse_tree(TEXT).body) == 100
            assert literal("[1, (2, 3)]") == [1, (2, 3)]

    assert at_once(read) == []


def test_quiet_readers_leave_the_warnings_as_they_were() -> None:
    before = list(warnings.filters)
    assert at_once(lambda: [parse_tree(r"text = '\d'", quiet=True) for _ in range(100)]) == []
    assert warnings.filters == before


def test_what_is_wrong_all_the_time_is_raised() -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        raise SystemError("AST constructor recursion depth mismatch (before=36, after=38)")

    with pytest.raises(SystemError):
        patiently(work)
    assert len(tries) == TRIES + 1

    def other() -> None:
        tries.append(1)
        raise SystemError("another thing")

    with pytest.raises(SystemError, match="another"):
        patiently(other)
    assert len(tries) == TRIES + 2


def test_errors_are_those_of_python() -> None:
    with pytest.raises(SyntaxError):
        parse_tree("a = (")
    with pytest.raises(ValueError, match="malformed"):
        literal("f(1)")
    assert isinstance(parse_tree("1 + 1", mode="eval"), ast.Expression)
    assert list(signature(sorted).parameters) == ["iterable", "key", "reverse"]
    with pytest.raises(TypeError):
        signature(1)  # type: ignore[arg-type]
