"""Conditions of breakpoints mean what they mean in Python, say what is wrong with them, and can do no harm."""

from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flodesk.engine.condition import ConditionError, read_condition
from flodesk.public import Waveform

VALUES: dict[str, Any] = {
    "a": 3,
    "b": -2.5,
    "name": "noise",
    "rows": [1, 2, 3],
    "table": {"x": 1},
    "signal": np.arange(5.0),
    "pairs": [(1, 2), (3, 4)],
}


@pytest.mark.parametrize(
    "text",
    [
        "a > 2 and b < 0",
        "a > 5 or not b",
        "0 < a < 3",
        "0 < a <= 3 != 4",
        "a in rows and 'x' in table and 'y' not in table",
        "name.startswith('no') and len(name) == 5",
        "signal.max() > 3 and signal[1:3].sum() == 3.0",
        "signal.shape == (5,)",
        "any(x > 2 for x in rows if x % 2)",
        "all(x < y for x, y in pairs)",
        "[x + y for x, y in pairs] == [3, 7]",
        "{x for x in rows} == {1, 2, 3}",
        "max(rows, default=0) if rows else False",
        "rows[-1] == 3 and rows[::2] == [1, 3]",
        "a is not None and isinstance(a, int)",
        "abs(b) ** 2 == 6.25 and -a == ~2 and a // 2 == 1 and a % 2 == 1 and 7 / 2 == 3.5",
        "{'x': 1} == table",
        "round(b) == -2 and sorted(rows)[0] == min(rows)",
        "sum(x * y for x in rows for y in rows if y > x) > 10",
    ],
)
def test_a_condition_means_what_it_means_in_python(text: str) -> None:
    assert read_condition(text).holds(VALUES) is bool(eval(text, dict(VALUES)))


def test_the_samples_of_a_signal_can_be_looked_at() -> None:
    values = {"noisy": Waveform(np.array([0.5, 2.5, -1.0]), 0.001, 0.0, "V")}
    assert read_condition("max(noisy.y) > 2 and noisy.rate == 1000 and noisy.unit == 'V'").holds(values)
    assert not read_condition("noisy.y.max() > 3").holds(values)
    assert read_condition("max(noisy) > 2 and any(noisy < -0.5)").holds(values)
    assert not read_condition("max(noisy) > 3").holds(values)


def test_a_signal_alone_is_neither_true_nor_false() -> None:
    with pytest.raises(ValueError, match=r"neither true nor false.*max\(signal\)"):
        read_condition("noisy > 2").holds({"noisy": Waveform(np.array([0.5, 1.5]), 0.001)})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("__import__('os').system('true')", "cannot call"),
        ("exit()", "cannot call exit()"),
        ("eval('1')", "cannot call eval()"),
        ("().__class__", "begins with an underscore"),
        ("name.format(a)", "cannot call .format()"),
        ("rows.clear()", "cannot call .clear()"),
        ("rows.append(3)", "cannot call .append()"),
        ("any(lambda: 1)", "a condition cannot hold a lambda"),
        ("(lambda: 1)()", "by their name alone"),
        ("(x := 3)", "a condition cannot hold :="),
        ("f'{a}'", "an f-string"),
        ("[f for f in rows][0](1)", "by their name alone"),
        ("max(*rows)", "a condition cannot hold"),
        ("dict(**table)", "cannot call dict()"),
        ("max(**table)", "a condition cannot hold **"),
        ("{**table}", "a condition cannot hold **"),
        ("a = 3", "invalid syntax"),
        ("a >", "invalid syntax"),
        ("import os", "invalid syntax"),
        ("\0", "null bytes"),
        ("(" * 500 + ")" * 500, "nested"),
    ],
)
def test_what_is_no_condition_is_told(text: str, words: str) -> None:
    with pytest.raises(ConditionError, match=re.escape(words)):
        read_condition(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("nobody > 1", NameError),
        ("a / 0", ZeroDivisionError),
        ("table['y']", KeyError),
        ("a ** 10**6", ValueError),
        ("'x' * 10**9", ValueError),
        ("any(x for x, y in rows)", TypeError),
        ("any(x for x, y in [(1, 2, 3)])", ValueError),
        ("signal > 2", ValueError),
    ],
)
def test_what_fails_fails_as_in_python(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_condition(text).holds(VALUES)


def test_the_name_of_a_function_means_the_function() -> None:
    calls: list[int] = []
    assert read_condition("len(rows) == 3").holds({**VALUES, "len": calls.append})
    assert calls == []


numbers = st.integers(-9, 9).map(str) | st.sampled_from(["a", "b"])
sums = st.recursive(
    numbers,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "<", "<=", "==", "and", "or"]), inner)
        | st.builds("(not {})".format, inner)
        | st.builds("({} if {} else {})".format, inner, inner, inner)
    ),
    max_leaves=12,
)


@given(sums)
def test_random_expressions_are_python_s(text: str) -> None:
    ast.parse(text)
    assert read_condition(text).holds(VALUES) is bool(eval(text, {}, dict(VALUES)))
