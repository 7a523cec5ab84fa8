"""Texts are read in several threads at once: the window paints pictures of flows while another is opened."""

from __future__ import annotations

import ast
import sys
import threading

import pytest

from flodesk.flow.syntax import literal, parse_tree

TEXT = "\n".join(f"x{n} = f(g(h([{n}, {{'a': ({n}, {n})}}])), key=lambda v: v + {n})" for n in range(300))


def test_threads_that_parse_at_once_all_get_their_trees() -> None:
    errors: list[BaseException] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def read() -> None:
        try:
            for _ in range(15):
                assert len(parse_tree(TEXT).body) == 300
                assert literal("[1, (2, 3)]") == [1, (2, 3)]
        except BaseException as error:  # noqa: BLE001 - told in the thread of the test
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert errors == []


def test_errors_are_those_of_python() -> None:
    with pytest.raises(SyntaxError):
        parse_tree("a = (")
    with pytest.raises(ValueError, match="malformed"):
        literal("f(1)")
    assert isinstance(parse_tree("1 + 1", mode="eval"), ast.Expression)
