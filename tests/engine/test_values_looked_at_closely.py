"""A close look at a value: statistics against numbers that are known, for whatever a node may give."""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flodesk.engine.insight import MOST_LOOKED_AT, Insight, insight, size_of
from flodesk.public import Line, Trace, Waveform

LOOP = """
import flodesk
from flodesk.nodes import source, timing

def flow():
    for tick in timing.every(0.01):
        signal = source.sine(tick, frequency=5.0, samples=1000, amplitude=3.0)

if __name__ == "__main__":
    flodesk.main(flow)
"""


class Rude(list[Any]):
    def __len__(self) -> int:
        raise RuntimeError("no")


def test_the_statistics_of_a_sine_are_those_of_the_book() -> None:
    y = 3.0 * np.sin(2 * np.pi * np.arange(1000) / 1000)
    seen = insight(Waveform(y, 0.001, 0.5, "V"))
    assert (seen.type, seen.unit, seen.shape, seen.size) == ("signal", "V", "1000", 8000)
    found = seen.statistics
    assert found is not None
    assert found.high == pytest.approx(3.0)
    assert found.low == pytest.approx(-3.0)
    assert found.mean == pytest.approx(0.0, abs=1e-12)
    assert found.deviation == pytest.approx(3.0 / math.sqrt(2))
    assert len(seen.spark) > 30
    assert max(seen.spark) == pytest.approx(3.0)


def test_what_is_not_finite_is_counted_and_left_out() -> None:
    found = insight(np.array([1.0, np.nan, 3.0, np.inf, np.nan])).statistics
    assert found is not None
    assert (found.missing, found.infinite, found.count) == (2, 1, 5)
    assert (found.low, found.high, found.mean, found.deviation) == (1.0, 3.0, 2.0, 1.0)
    nothing = insight(np.full(4, np.nan)).statistics
    assert nothing is not None
    assert nothing.missing == 4
    assert math.isnan(nothing.mean)


def test_of_a_huge_array_every_nth_number_is_looked_at_and_it_says_so() -> None:
    huge = np.zeros(3 * MOST_LOOKED_AT, dtype=np.int8)
    huge[::3] = 1
    found = insight(huge).statistics
    assert found is not None
    assert (found.every, found.count) == (3, 3 * MOST_LOOKED_AT)
    assert found.mean == 1.0


def test_small_integers_do_not_overflow() -> None:
    found = insight(np.full(1000, 200, dtype=np.uint8)).statistics
    assert found is not None
    assert (found.mean, found.deviation) == (200.0, 0.0)


@pytest.mark.parametrize(
    ("value", "type", "shape"),
    [
        (1.5, "number", ""),
        (True, "truth", ""),
        (None, "none", ""),
        ("two\nlines", "text", "9 characters, 2 lines"),
        ([1, 2, 3], "list", "3"),
        ({"a": 1}, "list", "1"),
        (np.zeros((3, 20)), "array", "3 × 20"),
        (pd.DataFrame({"a": [1.0, None], "b": [1, 2]}), "table", "2 × 2"),
        (pd.Series([1.0, 2.0]), "array", "2"),
        (Path("a/b.csv"), "path", ""),
        (np.float32(2.5), "number", ""),
        (Line("", (Trace(np.arange(4.0), np.arange(4.0), "", "V"),)), "indicator", "4"),
        (Rude(), "any", ""),
    ],
)
def test_each_kind_of_value_says_what_it_is(value: Any, type: str, shape: str) -> None:
    seen = insight(value)
    assert (seen.type, seen.shape) == (type, shape)
    assert Insight.from_json(seen.to_json()) == seen


def test_cells_that_are_missing_are_said_of_a_table() -> None:
    assert "1 cells missing" in insight(pd.DataFrame({"a": [1.0, None]})).text


@given(st.lists(st.floats(width=32), min_size=1, max_size=50))
def test_any_numbers_travel_as_plain_json(numbers: list[float]) -> None:
    seen = insight(np.array(numbers, dtype=np.float64))
    again = Insight.from_json(seen.to_json())
    assert repr(again) == repr(seen)
    found = seen.statistics
    assert found is not None
    assert found.missing + found.infinite == sum(not math.isfinite(n) for n in numbers)


def test_sizes_are_those_of_the_data() -> None:
    assert size_of(np.zeros(100)) == 800
    assert size_of([0.0] * 1000) > 8000
    assert size_of(object()) == -1


def ask(watcher: Any, name: str) -> Insight:
    got: list[Insight] = []
    there = threading.Event()
    watcher.engine.examine(name, lambda seen: (got.append(seen), there.set()))
    assert there.wait(60)
    return got[0]


def test_a_running_flow_is_asked_about_a_value_that_somebody_looks_at(placed: Any) -> None:
    watcher = placed
    watcher.engine.watch(full=set(), brief={"flow.signal"})
    assert ask(watcher, "flow.signal").error
    watcher.start(LOOP)
    watcher.until(lambda: watcher.engine.previews().get("flow.signal"))
    seen = ask(watcher, "flow.signal")
    assert seen.statistics is not None
    assert seen.statistics.high == pytest.approx(3.0, rel=1e-3)
    assert ask(watcher, "flow.no_such").error
    watcher.stop()
    assert ask(watcher, "flow.signal").statistics is not None
