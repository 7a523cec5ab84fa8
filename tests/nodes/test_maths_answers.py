from __future__ import annotations

import math

import numpy as np
import pytest

from flodesk.nodes import maths
from flodesk.public import Waveform


@pytest.mark.node("maths.add", "maths.subtract", "maths.multiply", "maths.divide")
def test_the_four_operations():
    assert maths.add(1, 2, 3.5) == 6.5
    assert maths.subtract(1.0, 3.0) == -2.0
    assert maths.multiply(2.0, 3.0, -4.0) == -24.0
    assert maths.divide(1.0, 4.0) == 0.25
    wave = Waveform(np.array([1.0, 2.0]), 0.1, unit="V")
    assert maths.add(wave, wave, 1.0) == Waveform(np.array([3.0, 5.0]), 0.1, unit="V")
    assert maths.subtract(10.0, wave).y.tolist() == [9.0, 8.0]
    assert maths.multiply(wave, 3.0).unit == "V"
    assert maths.divide(wave, wave).y.tolist() == [1.0, 1.0]


@pytest.mark.node("maths.divide")
def test_a_division_by_zero_is_an_error_for_a_number_and_a_mark_in_an_array():
    with pytest.raises(ZeroDivisionError, match="b is 0"):
        maths.divide(1.0, 0.0)
    result = maths.divide(np.array([1.0, 0.0]), np.array([0.0, 0.0]))
    assert result[0] == math.inf
    assert math.isnan(result[1])


@pytest.mark.node("maths.scale")
def test_water_boils_at_212_fahrenheit():
    assert maths.scale(100.0, factor=1.8, offset=32.0) == pytest.approx(212.0)
    assert maths.scale(np.array([0.0, 37.0]), 1.8, 32.0) == pytest.approx([32.0, 98.6])


@pytest.mark.node("maths.clip")
def test_clip_limits_on_the_sides_that_are_given():
    values = np.array([-2.0, 0.5, 7.0])
    assert maths.clip(values, lower=-1.0, upper=5.0).tolist() == [-1.0, 0.5, 5.0]
    assert maths.clip(values, upper=5.0).tolist() == [-2.0, 0.5, 5.0]
    assert maths.clip(9.0, lower=10.0) == 10.0
    assert maths.clip(Waveform(values, 0.1, unit="V"), lower=0.0).unit == "V"
    with pytest.raises(ValueError, match="swap"):
        maths.clip(0.0, 2.0, 1.0)


@pytest.mark.node("maths.absolute")
def test_absolute_drops_the_sign():
    assert maths.absolute(-3.0) == 3.0
    assert maths.absolute(3 + 4j) == 5.0


@pytest.mark.node("maths.greater", "maths.less")
def test_comparisons_give_one_truth_value():
    assert maths.greater(5.1, 5.0) is True
    assert maths.greater(5.0, 5.0) is False
    assert maths.less(np.float64(-1.0)) is True
    assert maths.less(math.nan, 1.0) is maths.greater(math.nan, 1.0) is False
    with pytest.raises(ValueError, match="3 values: take one"):
        maths.greater(np.ones(3), 0.0)


@pytest.mark.node("maths.mean")
def test_the_mean_of_one_to_hundred():
    assert maths.mean(range(1, 101)) == 50.5
    assert maths.mean(Waveform(np.array([[1.0, 2.0], [3.0, 6.0]]), 0.1)) == 3.0
    assert maths.mean([1j, 3j]) == 2j
    with pytest.raises(ValueError, match="no values"):
        maths.mean([])
    with pytest.raises(TypeError, match="values is None: give"):
        maths.mean(None)


@pytest.mark.node("maths.element")
def test_one_of_three_values():
    assert maths.element([1.0, 2.0, 5.0]) == 5.0
    assert maths.element(Waveform(np.array([1.0, 2.0, 5.0]), 0.1), index=1) == 2.0
    with pytest.raises(ValueError, match="3 values: there is no number 3"):
        maths.element(np.arange(3), index=3)
    with pytest.raises(ValueError, match=r"shape \(2, 2\)"):
        maths.element(np.ones((2, 2)))


@pytest.mark.node("maths.whole")
def test_whole_numbers():
    assert [maths.whole(2.5), maths.whole(3.5), maths.whole(-1.6)] == [2, 4, -2]
    assert [maths.whole(2.9, how="down"), maths.whole(-2.1, how="down"), maths.whole(2.1, how="up")] == [2, -3, 3]
    assert type(maths.whole(np.float64(2.0))) is int
    with pytest.raises(ValueError, match="nan has no whole number"):
        maths.whole(math.nan)


def test_nothing_to_add_or_multiply_is_said():
    with pytest.raises(ValueError, match="nothing to add"):
        maths.add()
    with pytest.raises(ValueError, match="nothing to multiply"):
        maths.multiply()


def test_inputs_are_left_as_they_were():
    first = np.array([1.0, 2.0])
    maths.add(first, first, 1.0)
    maths.clip(first, 0.0, 1.0)
    assert first.tolist() == [1.0, 2.0]
