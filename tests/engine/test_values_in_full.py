"""All of a value as text: what is asked for where a run is held."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from flodesk.engine.in_full import LONGEST_TEXT, MOST_ITEMS, in_full
from flodesk.public import Waveform


class Quiet:
    """Says nothing of itself."""

    def __init__(self) -> None:
        self.order = 4
        self.state = np.zeros(3)


class Slotted:
    __slots__ = ("gain", "never")

    def __init__(self) -> None:
        self.gain = 2.5


class Rude:
    def __repr__(self) -> str:
        raise RuntimeError("do not ask")


def test_a_signal_is_a_table_of_times_and_values_with_its_unit() -> None:
    text = in_full(Waveform(np.array([1.0, -2.0, 4.0]), 0.5, 10.0, "V"))
    rows = [line.split() for line in text.splitlines()]
    assert ["time", "(s)", "value", "(V)"] in rows
    assert rows[-3:] == [["10", "1"], ["10.5", "-2"], ["11", "4"]]
    assert ["value", "(V)", "-2", "4", "1", "2.44949"] in rows


def test_each_channel_has_its_column_and_what_is_not_finite_is_counted() -> None:
    text = in_full(Waveform(np.array([[1.0, np.nan], [3.0, 4.0]]), 1.0))
    rows = [line.split() for line in text.splitlines()]
    assert rows[-2:] == [["0", "1", "3"], ["1", "nan", "4"]]
    assert ["channel", "1", "1", "1", "1", "0", "1", "not", "finite"] in rows


def test_long_ones_are_cut_and_say_so() -> None:
    assert in_full(Waveform(np.zeros(MOST_ITEMS + 7), 1.0)).endswith("… 7 more samples")
    assert in_full(list(range(MOST_ITEMS + 3))).endswith("… 3 more")
    assert in_full(pd.DataFrame({"a": range(MOST_ITEMS + 2)})).endswith("… 2 more rows")
    assert in_full("x" * (LONGEST_TEXT + 5)).endswith("… 5 characters more")


def test_an_array_tells_its_range_and_shows_its_numbers() -> None:
    text = in_full(np.arange(6.0).reshape(2, 3))
    assert ["all", "0", "5", "2.5", "1.70783"] in [line.split() for line in text.splitlines()]
    assert text.endswith("[[0. 1. 2.]\n [3. 4. 5.]]")


@pytest.mark.parametrize("value", [np.array([]), np.array(["a"]), np.array([True]), np.array([None]), np.array(3.0)])
def test_arrays_without_statistics_are_shown_too(value: np.ndarray) -> None:
    assert "failed" not in in_full(value)


def test_of_an_object_that_says_nothing_the_attributes_are_shown() -> None:
    lines = in_full(Quiet()).splitlines()
    assert lines[0].endswith("Quiet")
    assert any(line.startswith("order = ") and line.endswith("4") for line in lines)
    assert any(line.startswith("state = array of 3") for line in lines)
    assert "gain = " in in_full(Slotted())
    assert in_full(object()) == "builtins.object, which has no attributes"


def test_one_that_cannot_be_shown_says_why() -> None:
    assert in_full(Rude()) == "Rude; showing it failed: do not ask"
