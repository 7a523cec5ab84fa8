"""Arrays cut, joined and put in order, by answers that can be counted on one hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from flodesk.nodes import array
from flodesk.public import Waveform

TABLE = np.array([[1, 2, 3], [4, 5, 6]])
WAVE = Waveform(np.array([5.0, 3.0, 9.0, 1.0]), 0.5, t0=10.0, unit="V")


@pytest.mark.node("array.make", "array.filled", "array.shape")
def test_making_arrays():
    assert array.make(1, 2.5, np.array([4.0])).tolist() == [1.0, 2.5, 4.0]
    assert array.filled(7.0, rows=2, columns=3).tolist() == [[7.0] * 3] * 2
    assert array.filled(columns=2).tolist() == [0.0, 0.0]
    assert array.shape(TABLE) == (2, 3, 6, 2)
    assert array.shape(WAVE) == (1, 4, 4, 1)
    assert array.shape(3.0) == (1, 1, 1, 0)


@pytest.mark.node("array.reshape", "array.flatten", "array.transpose")
def test_the_same_values_in_another_shape():
    assert array.reshape(range(6), rows=2, columns=-1).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert array.reshape(TABLE, rows=0, columns=6).tolist() == [1, 2, 3, 4, 5, 6]
    assert array.flatten(TABLE).tolist() == [1, 2, 3, 4, 5, 6]
    assert array.transpose(TABLE).tolist() == [[1, 4], [2, 5], [3, 6]]
    assert array.transpose([1, 2]).tolist() == [[1], [2]]


@pytest.mark.node("array.concatenate", "array.stack", "array.repeat")
def test_joining():
    assert array.concatenate(TABLE, [[7, 8, 9]], along="rows").tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert array.concatenate(TABLE, [[7], [8]]).tolist() == [[1, 2, 3, 7], [4, 5, 6, 8]]
    assert array.concatenate(1.0, [2.0, 3.0]).tolist() == [1.0, 2.0, 3.0]
    later = Waveform(np.array([2.0]), 0.5, t0=12.0, unit="V")
    assert array.concatenate(WAVE, later) == Waveform(np.array([5.0, 3.0, 9.0, 1.0, 2.0]), 0.5, 10.0, "V")
    assert array.stack(WAVE, WAVE) == WAVE.with_y(np.array([WAVE.y, WAVE.y]))
    assert array.stack(WAVE, WAVE.with_y(WAVE.y, "A")).unit == ""
    assert array.stack(TABLE, [7, 8, 9]).tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert array.repeat(TABLE, 2).tolist() == [[1, 2, 3, 1, 2, 3], [4, 5, 6, 4, 5, 6]]
    assert array.repeat([1, 2], 3, each=True).tolist() == [1, 1, 1, 2, 2, 2]


@pytest.mark.node("array.pad", "array.shift", "array.reverse")
def test_longer_moved_and_turned():
    assert array.pad(WAVE, before=2) == Waveform(np.array([0.0, 0.0, 5.0, 3.0, 9.0, 1.0]), 0.5, t0=9.0, unit="V")
    assert array.pad([1, 2], after=1, value=0.5).tolist() == [1.0, 2.0, 0.5]
    assert array.pad([1, 2, 3], 2, 2, how="edge").tolist() == [1, 1, 1, 2, 3, 3, 3]
    assert array.pad([1, 2, 3], 1, 1, how="wrap").tolist() == [3, 1, 2, 3, 1]
    assert array.shift(TABLE, -1).tolist() == [[2, 3, 1], [5, 6, 4]]
    assert array.shift(WAVE, 1, circular=False, fill=-1.0) == WAVE.with_y(np.array([-1.0, 5.0, 3.0, 9.0]))
    assert array.shift([1, 2, 3], -2, circular=False).tolist() == [3.0, 0.0, 0.0]
    assert array.reverse(WAVE) == WAVE.with_y(np.array([1.0, 9.0, 3.0, 5.0]))


@pytest.mark.node("array.rolling_window")
def test_windows_overlap_and_may_be_written_to():
    windows = array.rolling_window(np.arange(5), size=3)
    assert windows.tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
    windows[0, 1] = 100
    assert windows[1, 0] == 1


@pytest.mark.node("array.slice", "array.row", "array.column", "array.take")
def test_taking_parts():
    assert array.slice(WAVE, start=1, stop=3) == Waveform(np.array([3.0, 9.0]), 0.5, t0=10.5, unit="V")
    assert array.slice(WAVE, step=2) == Waveform(np.array([5.0, 9.0]), 1.0, t0=10.0, unit="V")
    assert array.slice(WAVE, start=-1).t0 == 11.5
    assert array.slice(TABLE, stop=1).tolist() == [[1], [4]]
    assert array.slice([1, 2], start=5).tolist() == []
    assert array.row(TABLE, -1).tolist() == [4, 5, 6]
    assert array.row(WAVE) == WAVE
    assert array.column(TABLE, 1).tolist() == [2, 5]
    assert array.take(TABLE, [2, -3]).tolist() == [[3, 1], [6, 4]]
    assert array.take([5.0, 6.0, 7.0], [True, False, True]).tolist() == [5.0, 7.0]


@pytest.mark.node("array.sort", "array.sort_order", "array.unique")
def test_order():
    assert array.sort([3, 1, 2], descending=True).tolist() == [3, 2, 1]
    assert array.sort([[2, 1], [3, 4]]).tolist() == [[1, 2], [3, 4]]
    assert array.sort([2.0, math.nan, 3.0], descending=True)[:2].tolist() == [3.0, 2.0]
    assert array.sort(np.array([3, 0, 200], dtype=np.uint8), descending=True).tolist() == [200, 3, 0]
    assert array.sort_order([5, 1, 5]).tolist() == [1, 0, 2]
    assert array.sort_order([5, 1, 5], descending=True).tolist() == [0, 2, 1]
    found = array.unique([2, 7, 2, 2, 7])
    assert (found.values.tolist(), found.counts.tolist()) == ([2, 7], [3, 2])


@pytest.mark.node("array.index_of_maximum", "array.index_of_minimum", "array.find", "array.count_true")
def test_searching():
    assert array.index_of_maximum(WAVE) == (2, 9.0, 11.0)
    assert array.index_of_minimum(WAVE) == (3, 1.0, 11.5)
    assert array.index_of_maximum([math.nan, 2.0, 2.0]).place == 1
    assert array.index_of_minimum(TABLE[::-1]) == (3, 1.0, 0.0)
    assert array.find([0, 5, 0, -1]).tolist() == [1, 3]
    assert array.count_true(TABLE > 2) == 4


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: array.make(), "nothing to put in"),
        (lambda: array.make(1.0, [2.0, 3.0]), "input 2 has the shape"),
        (lambda: array.filled(rows=-1), "make no array"),
        (lambda: array.reshape(range(5), columns=2), "5 values do not fill rows of 2"),
        (lambda: array.reshape(range(5), rows=2, columns=2), "5 values do not fill 2 x 2"),
        (lambda: array.transpose(np.ones((2, 2, 2))), "only rows and columns"),
        (lambda: array.concatenate(), "nothing to join"),
        (lambda: array.concatenate(TABLE, [1]), "do not fit behind one another"),
        (lambda: array.concatenate(WAVE, WAVE.with_y(WAVE.y, "A")), "units differ, V and A"),
        (lambda: array.concatenate(WAVE, Waveform(WAVE.y, 1.0, unit="V")), "sample rates differ"),
        (lambda: array.stack(), "nothing to stack"),
        (lambda: array.stack([1, 2], [1, 2, 3]), "the lengths differ, 2 and 3"),
        (lambda: array.stack(WAVE, Waveform(WAVE.y, 1.0)), "sample rates differ"),
        (lambda: array.repeat([1], times=0), "give 1 or more"),
        (lambda: array.pad([1], before=-1), "Slice takes values away"),
        (lambda: array.rolling_window([1, 2], size=3), "2 values do not fill a window of 3"),
        (lambda: array.rolling_window(TABLE), "take a row"),
        (lambda: array.rolling_window([1, 2], step=0), "give 1 or more"),
        (lambda: array.slice([1, 2], step=-1), "Reverse"),
        (lambda: array.slice(2.0), "single number"),
        (lambda: array.row(TABLE, 2), "2 rows: there is no number 2"),
        (lambda: array.column(TABLE, 3), "3 columns: there is no number 3"),
        (lambda: array.take([1, 2], [2]), "2 values: there is no number 2"),
        (lambda: array.take([1, 2], [0.5]), "not whole"),
        (lambda: array.take([1, 2], [True]), "for 2 values"),
        (lambda: array.sort([]), "is empty"),
        (lambda: array.index_of_maximum([math.nan]), "all values are NaN"),
        (lambda: array.find(TABLE), "take a row"),
    ],
)
def test_what_cannot_be_done_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_inputs_are_left_as_they_were():
    before = TABLE.copy()
    for result in (array.reverse(TABLE), array.shift(TABLE), array.sort(TABLE, descending=True), array.repeat(TABLE)):
        result += 1
    assert np.array_equal(TABLE, before)


@pytest.mark.node("array.insert", "array.remove", "array.replace", "array.interleave")
def test_values_put_in_taken_out_and_exchanged():
    assert array.insert([1, 2], [8, 9]).tolist() == [1, 2, 8, 9]
    assert array.insert([1, 2], 9, at=-1).tolist() == [1, 9, 2]
    assert array.insert([], 9, at=0).tolist() == [9]
    assert array.remove([1, 2, 3, 4], at=1, number=2).tolist() == [1, 4]
    assert array.remove([1, 2, 3]).tolist() == [1, 2]
    assert array.remove([1, 2, 3], at=1, number=9).tolist() == [1]
    assert array.replace(WAVE, [0.0, -1.0], at=1) == WAVE.with_y(np.array([5.0, 0.0, -1.0, 1.0]))
    assert array.replace(np.array([1, 2]), 0.5).tolist() == [0.5, 2.0]
    assert WAVE.y.tolist() == [5.0, 3.0, 9.0, 1.0]
    woven = array.interleave([1, 2, 3], [10, 20, 30])
    assert array.transpose(array.reshape(woven, columns=2)).tolist() == [[1, 2, 3], [10, 20, 30]]


@pytest.mark.node("array.index_of_nearest", "array.normalize", "array.logarithmic")
def test_near_scaled_and_sweeping():
    assert array.index_of_nearest([5.0, math.nan, 7.0], 100.0) == 2
    assert array.index_of_nearest([1.0, 3.0], 2.0) == 0
    assert array.normalize(WAVE) == WAVE.with_y(np.array([0.5, 0.25, 1.0, 0.0]), "")
    assert array.normalize([1.0, -4.0], "peak").tolist() == [0.25, -1.0]
    assert array.normalize([1.0, 3.0], "deviation").tolist() == [-1.0, 1.0]
    assert array.normalize([1.0, 3.0], "sum").tolist() == [0.25, 0.75]
    assert array.logarithmic(1.0, 1e6, 7) == pytest.approx([10.0**power for power in range(7)])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: array.insert([1, 2], 9, at=3), "at is 3, and there are 2 values"),
        (lambda: array.insert(TABLE, 9), "take a row"),
        (lambda: array.remove([]), "there are 0 values"),
        (lambda: array.remove([1], number=0), "1 or more"),
        (lambda: array.replace([1, 2], [3, 4], at=1), "there are 1 values: 2 do not fit"),
        (lambda: array.interleave(), "nothing to take from"),
        (lambda: array.interleave([1], [1, 2]), "the lengths differ, 1 and 2"),
        (lambda: array.index_of_nearest([], 1.0), "is empty"),
        (lambda: array.index_of_nearest([math.nan], 1.0), "all values are NaN"),
        (lambda: array.normalize([2.0, 2.0]), "nothing to divide by"),
        (lambda: array.logarithmic(0.0, 10.0), "no ratio leads"),
        (lambda: array.logarithmic(number=0), "is empty"),
    ],
)
def test_what_cannot_be_edited_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()
