from __future__ import annotations

import numpy as np
import pytest

from flodesk.nodes import collect
from flodesk.public import Waveform


def filled(collector, *rows):
    for row in rows:
        collector.add(*row)
    return collector.result()


@pytest.mark.node("collect.List")
def test_a_list_keeps_values_and_order_and_gives_a_copy():
    collector = collect.List()
    first = filled(collector, (3,), ("a",), (None,))
    assert first == [3, "a", None]
    collector.add(4)
    assert first == [3, "a", None]


@pytest.mark.node("collect.Table")
def test_a_table_has_a_row_a_turn():
    table = filled(collect.Table(columns=["volt", "ok"]), (1.5, True), (2.5, False))
    assert table.to_dict("list") == {"volt": [1.5, 2.5], "ok": [True, False]}
    assert list(filled(collect.Table(), (1.0,)).columns) == ["value"]
    assert list(filled(collect.Table(), (1.0, 2.0)).columns) == ["value_1", "value_2"]
    assert filled(collect.Table(columns=["a"])).shape == (0, 1)
    assert filled(collect.Table()).shape == (0, 1)
    with pytest.raises(ValueError, match="a row has 1 values, and 2 came"):
        filled(collect.Table(), (1.0,), (1.0, 2.0))
    with pytest.raises(ValueError, match="0 came"):
        collect.Table().add()


@pytest.mark.node("collect.Last")
def test_last_is_the_newest():
    assert filled(collect.Last(), (1,), (2,)) == 2
    with pytest.raises(ValueError, match="gave no value"):
        collect.Last().result()


@pytest.mark.node("collect.Mean")
def test_the_mean_of_numbers_and_of_waveforms():
    assert filled(collect.Mean(), (1.0,), (2.0,), (6.0,)) == 3.0
    first = Waveform(np.array([1.0, 2.0]), 0.1, unit="V")
    mean = filled(collect.Mean(), (first,), (Waveform(np.array([3.0, 6.0]), 0.1, unit="V"),))
    assert mean == Waveform(np.array([2.0, 4.0]), 0.1, unit="V")
    assert first.y.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="gave no value"):
        collect.Mean().result()
