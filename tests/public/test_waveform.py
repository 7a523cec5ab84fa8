"""A waveform calculates like its array, and keeps what it knows of time and unit."""

from __future__ import annotations

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flodesk.public import Waveform

numbers = st.floats(-1e6, 1e6)
rows = st.lists(numbers, min_size=1, max_size=20)


def wave(*values: float, dt: float = 0.1, t0: float = 2.0, unit: str = "") -> Waveform:
    return Waveform(np.array(values, dtype=float), dt, t0, unit)


@pytest.mark.parametrize("op", [operator.add, operator.sub, operator.mul, operator.truediv, operator.lt, operator.ge])
@given(values=rows, other=numbers.filter(bool))
def test_an_operator_does_to_each_sample_what_python_does(op, values, other):
    with np.errstate(all="ignore"):
        result, reflected = op(wave(*values), other), op(other, wave(*values))
    assert (result.dt, result.t0) == (reflected.dt, reflected.t0) == (0.1, 2.0)
    assert result.y.tolist() == [op(value, other) for value in values]
    if 0.0 not in values:
        assert reflected.y.tolist() == [op(other, value) for value in values]


@pytest.mark.parametrize(
    ("calculate", "unit"),
    [
        (lambda v, a: v + v, "V"),
        (lambda v, a: v - 1.0, "V"),
        (lambda v, a: 1.0 - v, "V"),
        (lambda v, a: v * 2.0, "V"),
        (lambda v, a: v * a, "V·A"),
        (lambda v, a: v * v, "V²"),
        (lambda v, a: v / a, "V/A"),
        (lambda v, a: v / v, ""),
        (lambda v, a: 1.0 / v, "1/V"),
        (lambda v, a: -v, "V"),
        (lambda v, a: abs(v), "V"),
        (lambda v, a: np.maximum(v, 0.0), "V"),
        (lambda v, a: v > 0.5, ""),
        (lambda v, a: np.sin(v), ""),
        (lambda v, a: np.ones(2) + v, "V"),
        (lambda v, a: np.float64(2.0) * v, "V"),
    ],
)
def test_units_follow_the_arithmetic(calculate, unit):
    result = calculate(wave(1.0, 2.0, unit="V"), wave(3.0, 4.0, unit="A"))
    assert isinstance(result, Waveform)
    assert result.unit == unit
    assert result.t0 == 2.0


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (wave(1.0, 2.0, unit="A"), "V and A"),
        (wave(1.0, 2.0, dt=0.2, unit="V"), "10 Hz and 5 Hz"),
        (wave(1.0, 2.0, 3.0, unit="V"), "2 and 3 samples"),
        (wave(1.0, 2.0, t0=2.06, unit="V"), "start at different times"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(other, says):
    with pytest.raises(ValueError, match=says):
        wave(1.0, 2.0, unit="V") + other


def test_a_start_that_differs_by_less_than_half_a_sample_is_the_same_axis():
    assert (wave(1.0, 2.0) + wave(1.0, 2.0, t0=2.04)).y.tolist() == [2.0, 4.0]


def test_an_array_that_would_stretch_the_signal_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        wave(1.0) + np.ones(3)


def test_rows_of_channels_take_a_gain_each():
    both = Waveform(np.ones((2, 3)), 0.1)
    assert (both * np.array([[1.0], [5.0]])).y.tolist() == [[1.0] * 3, [5.0] * 3]
    assert len(both) == 3


def test_equality_is_that_of_the_whole_value():
    assert wave(1.0, 2.0, unit="V") == wave(1.0, 2.0, unit="V")
    for other in (
        wave(1.0, 2.5, unit="V"),
        wave(1.0, 2.0),
        wave(1.0, 2.0, t0=0.0, unit="V"),
        wave(1.0, unit="V"),
        1.0,
        "V",
    ):
        assert wave(1.0, 2.0, unit="V") != other
    assert np.equal(wave(1.0, 2.0), 2.0).y.tolist() == [False, True]
    with pytest.raises(TypeError, match="unhashable"):
        hash(wave(1.0))


def test_reductions_give_plain_numbers_and_arrays_come_out():
    assert np.sum(wave(1.0, 2.0, 3.0)) == 6.0
    assert np.mean(wave(1.0, 2.0, 3.0)) == 2.0
    assert np.asarray(wave(1.0, 2.0)).tolist() == [1.0, 2.0]
    assert np.array(wave(1.0, 2.0), dtype=int).dtype.kind == "i"


def test_the_time_axis():
    assert wave(0.0, 0.0, 0.0).time == pytest.approx([2.0, 2.1, 2.2])
    assert wave(0.0).rate == pytest.approx(10.0)
    assert repr(wave(0.0, 0.0, unit="V")) == "Waveform(2 samples, V, 10 Hz, from 2 s)"
    with pytest.raises(ValueError, match="above 0"):
        Waveform(np.ones(2), 0.0)


def test_text_is_no_number():
    with pytest.raises(TypeError):
        wave(1.0) + "1"


def test_a_signal_is_true_or_false_only_where_it_has_one_sample() -> None:
    assert wave(1.0)
    assert not wave(0.0)
    assert any(wave(1.0, 3.0) > 2)
    assert not all(wave(1.0, 3.0) > 2)
    assert max(wave(1.0, 3.0)) == 3.0
    with pytest.raises(ValueError, match="2 samples is neither true nor false"):
        bool(wave(1.0, 3.0))
