"""Powers, angles, rounding, totals and comparisons, against values of tables and identities."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest

from flodesk.nodes import maths
from flodesk.public import Waveform

SQUARES = Waveform(np.array([1.0, 4.0, 9.0]), 0.1, unit="V²")


@pytest.mark.node("maths.power", "maths.square_root")
def test_powers_and_roots_undo_each_other_and_carry_the_unit_along():
    assert maths.power(2, 10) == 1024
    assert maths.power(2, -1) == 0.5
    assert maths.power(27.0, 1.0 / 3.0) == pytest.approx(3.0)
    root = maths.square_root(SQUARES)
    assert (root.y.tolist(), root.unit) == ([1.0, 2.0, 3.0], "V")
    assert maths.power(root) == SQUARES
    assert maths.square_root(SQUARES.with_y(SQUARES.y, "m")).unit == ""
    assert maths.square_root(SQUARES.with_y(SQUARES.y, "1/s²")).unit == ""
    assert maths.power(SQUARES, 3.0).unit == ""
    assert maths.square_root(-4 + 0j) == 2j
    assert math.isnan(maths.square_root(np.array([4.0, -4.0]))[1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: maths.square_root(-4.0), "-4: a number below 0"),
        (lambda: maths.power(-8.0, 0.5), "-8: to the power of 0.5"),
        (lambda: maths.power(10.0, 400.0), "a size that fits"),
        (lambda: maths.exponential(1000.0), "too large"),
        (lambda: maths.exponential(2.0, base=0.0), "above 0"),
        (lambda: maths.logarithm(0.0), "only a number above 0"),
        (lambda: maths.logarithm(2.0, base=1.0), "not 1"),
        (lambda: maths.asin(1.5), "from -1 to 1"),
        (lambda: maths.acos(-1.5), "from -1 to 1"),
        (lambda: maths.to_decibels(0.0), "no level"),
        (lambda: maths.to_decibels(1.0, reference=0.0), "above 0"),
        (lambda: maths.map_range(1.0, from_low=2.0, from_high=2.0), "both 2"),
        (lambda: maths.map_range(1.0, to_high=math.inf), "to_high is inf"),
        (lambda: maths.between(1.0, 3.0, 2.0), "swap"),
        (lambda: maths.between(np.ones(3)), "3 values: take one"),
        (lambda: maths.equal(1.0, 1.0, tolerance=-1.0), "0 or more"),
        (lambda: maths.logical_and(), "nothing to combine"),
        (lambda: maths.minimum(), "nothing to compare"),
        (lambda: maths.maximum(np.array([])), "no values"),
        (lambda: maths.cumulative_sum([]), "is empty"),
        (lambda: maths.cumulative_sum(3.0), "single number"),
    ],
)
def test_what_has_no_answer_is_said(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("function", [maths.sin, maths.exponential, maths.floor, maths.sum, maths.square_root])
@pytest.mark.parametrize(("value", "said"), [(None, "None"), ("3", "a str"), ([1.0, None], "a list of object")])
def test_what_is_no_number_is_said(function, value, said):
    with pytest.raises(TypeError, match=f"is {said}.*: give a number, an array or a signal"):
        function(value)


@pytest.mark.node("maths.exponential", "maths.logarithm")
def test_exponentials_and_logarithms():
    assert maths.exponential(1.0) == pytest.approx(2.718281828459045)
    assert maths.exponential(10, base=2.0) == 1024
    assert maths.logarithm(math.e) == 1.0
    assert maths.logarithm(8.0, base=2.0) == 3.0
    assert maths.logarithm(81.0, base=3.0) == pytest.approx(4.0)
    assert maths.logarithm(np.array([0.0, 1.0])).tolist() == [-math.inf, 0.0]
    assert maths.exponential(np.array([1000.0]))[0] == math.inf


@pytest.mark.node("maths.to_decibels", "maths.from_decibels")
def test_decibels():
    assert maths.to_decibels(2.0) == pytest.approx(6.0206, abs=1e-4)
    assert maths.to_decibels(2.0, kind="power") == pytest.approx(3.0103, abs=1e-4)
    assert maths.to_decibels(-10.0, reference=0.1) == pytest.approx(40.0)
    level = maths.to_decibels(SQUARES)
    assert level.unit == "dB"
    assert maths.from_decibels(-20.0, kind="power") == pytest.approx(0.01)
    assert maths.from_decibels(60.0, reference=20e-6) == pytest.approx(0.02)


@pytest.mark.node("maths.sin", "maths.cos", "maths.tan")
def test_the_functions_of_an_angle():
    assert maths.sin(math.pi / 3) == pytest.approx(math.sqrt(3) / 2)
    assert maths.cos(math.pi / 4) == pytest.approx(math.sqrt(0.5))
    assert maths.tan(math.pi / 3) == pytest.approx(math.sqrt(3))
    turn = Waveform(np.array([0.0, 30.0, 90.0]), 0.1, unit="°")
    assert maths.sin(turn).y == pytest.approx([0.0, 0.5, 1.0])
    assert maths.sin(turn).unit == ""
    assert maths.cos(turn.with_y(np.radians(turn.y), "rad")).y == pytest.approx([1.0, math.sqrt(3) / 2, 0.0])


@pytest.mark.node("maths.asin", "maths.acos", "maths.atan", "maths.atan2")
def test_angles_of_functions():
    assert maths.asin(1.0) == pytest.approx(math.pi / 2)
    assert maths.acos(-1.0) == pytest.approx(math.pi)
    assert maths.atan(math.sqrt(3)) == pytest.approx(math.pi / 3)
    assert [maths.atan2(y, x) for y, x in ((0, 1), (1, 0), (0, -1), (-1, 0))] == pytest.approx(
        [0.0, math.pi / 2, math.pi, -math.pi / 2]
    )
    assert maths.asin(Waveform(np.array([0.5]), 0.1)).unit == "rad"
    assert math.isnan(maths.acos(np.array([2.0]))[0])


@pytest.mark.node("maths.degrees", "maths.radians")
def test_a_half_turn_in_both_units():
    assert maths.degrees(math.pi) == 180.0
    assert maths.radians(180.0) == math.pi
    wave = Waveform(np.array([math.pi]), 0.1, unit="rad")
    assert (maths.degrees(wave).unit, maths.radians(maths.degrees(wave))) == ("°", wave)


@pytest.mark.node("maths.round", "maths.floor", "maths.ceil", "maths.sign")
def test_rounding():
    assert maths.round(2.5) == 2.0
    assert maths.round(1234.5678, digits=-2) == 1200.0
    wave = Waveform(np.array([-1.25, 0.0, 1.26]), 0.1, unit="V")
    assert maths.round(wave, 1) == wave.with_y(np.array([-1.2, 0.0, 1.3]))
    assert maths.floor(wave) == wave.with_y(np.array([-2.0, 0.0, 1.0]))
    assert maths.ceil(wave) == wave.with_y(np.array([-1.0, 0.0, 2.0]))
    assert maths.sign(wave).y.tolist() == [-1.0, 0.0, 1.0]


@pytest.mark.node("maths.remainder")
def test_a_remainder_has_the_sign_of_what_is_taken_off():
    assert maths.remainder(-7, 3) == 2
    assert maths.remainder(7, -3) == -2
    assert maths.remainder(np.array([5.5, 3.0]), 2.0).tolist() == [1.5, 1.0]
    with pytest.raises(ZeroDivisionError, match="b is 0"):
        maths.remainder(1.0, 0.0)


@pytest.mark.node("maths.map_range")
def test_a_sensor_of_4_to_20_mA():
    assert maths.map_range(4.0, 4.0, 20.0, -50.0, 150.0) == -50.0
    assert maths.map_range(24.0, 4.0, 20.0, 0.0, 10.0) == 12.5
    assert maths.map_range(24.0, 4.0, 20.0, 0.0, 10.0, limit=True) == 10.0
    current = Waveform(np.array([4.0, 8.0]), 0.1, unit="mA")
    assert maths.map_range(current, 4.0, 20.0, 0.0, 100.0) == Waveform(np.array([0.0, 25.0]), 0.1)


@pytest.mark.node("maths.minimum", "maths.maximum")
def test_extremes_of_one_and_of_several():
    assert (maths.minimum(2.0, 1.0, 3.0), maths.maximum(2.0, 1.0, 3.0)) == (1.0, 3.0)
    table = np.array([[1.0, 5.0], [7.0, -2.0]])
    assert (maths.minimum(table), maths.maximum(table)) == (-2.0, 7.0)
    wave = Waveform(np.array([1.0, 4.0]), 0.1, unit="V")
    assert maths.maximum(wave, 2.0) == wave.with_y(np.array([2.0, 4.0]))
    assert maths.minimum(wave) == 1.0
    assert math.isnan(maths.maximum(np.array([1.0, math.nan])))
    with pytest.raises(ValueError, match="V and A"):
        maths.maximum(wave, wave.with_y(wave.y, "A"))


@pytest.mark.node("maths.sum", "maths.product", "maths.cumulative_sum")
def test_the_sum_of_one_to_hundred_and_ten_factorial():
    assert maths.sum(range(1, 101)) == 5050.0
    assert maths.product(np.arange(1, 11)) == 3628800.0
    assert (maths.sum([1j, 2.0]), maths.product([1j, 1j])) == (2 + 1j, -1)
    assert maths.product(np.arange(1, 31)) == pytest.approx(2.6525285981219107e32)
    assert (maths.sum([]), maths.product([])) == (0.0, 1.0)
    assert maths.cumulative_sum(range(1, 101))[-1] == 5050
    wave = Waveform(np.array([[1.0, 2.0], [3.0, 4.0]]), 0.1, unit="V")
    assert maths.cumulative_sum(wave) == wave.with_y(np.array([[1.0, 3.0], [3.0, 7.0]]))


@pytest.mark.node("maths.equal", "maths.not_equal", "maths.between")
def test_same_or_not():
    assert maths.equal(1, 1.0) is True
    assert maths.equal("on", "on") is True
    assert maths.equal("1", 1) is False
    assert maths.equal(math.nan, math.nan) is False
    assert maths.equal([1, 2], np.array([1, 2])) is True
    assert maths.equal([1, 2], [1, 2, 3]) is False
    assert maths.equal(SQUARES, SQUARES.with_y(SQUARES.y, "W")) is False
    assert maths.equal(math.inf, math.inf, tolerance=0.1) is True
    assert maths.not_equal(1.0, 1.1) is True
    assert maths.not_equal(1.0, 1.1, tolerance=0.2) is False
    assert maths.not_equal(np.uint8(3), np.uint8(5), tolerance=1.0) is True
    assert [maths.between(x, 1.0, 2.0) for x in (0.9, 1.0, 2.0, 2.1, math.nan)] == [False, True, True, False, False]


@pytest.mark.node("maths.compare", "maths.where")
def test_a_mask_chooses():
    wave = Waveform(np.array([-1.0, 2.0, -3.0]), 0.1, unit="V")
    mask = maths.compare(wave, 0.0, how="<")
    assert mask.y.tolist() == [True, False, True]
    assert maths.where(mask, 0.0, wave) == wave.with_y(np.array([0.0, 2.0, 0.0]))
    assert maths.where(mask.y, wave, -wave).y.tolist() == [-1.0, -2.0, -3.0]
    assert maths.where(True, 1.0, 2.0) == 1.0
    assert [bool(maths.compare(1, 2, how)) for how in (">", ">=", "<", "<=", "==", "!=")] == [
        False, False, True, True, False, True,
    ]  # fmt: skip
    with pytest.raises(ValueError, match="A and V do not go together"):
        maths.where(mask, wave, wave.with_y(wave.y, "A"))
    with pytest.raises(ValueError, match="sample rates differ"):
        maths.where(mask, wave, Waveform(wave.y, 0.2, unit="V"))


@pytest.mark.node("maths.logical_and", "maths.logical_or", "maths.logical_xor", "maths.logical_not")
def test_truth_tables():
    pairs = [(False, False), (False, True), (True, False), (True, True)]
    assert [maths.logical_and(*pair) for pair in pairs] == [False, False, False, True]
    assert [maths.logical_or(*pair) for pair in pairs] == [False, True, True, True]
    assert [maths.logical_xor(*pair) for pair in pairs] == [False, True, True, False]
    assert [maths.logical_not(one) for one in (False, True)] == [True, False]
    assert maths.logical_and(2.0) is True
    assert maths.logical_xor(True, True, True) is True
    mask = Waveform(np.array([True, False]), 0.1)
    assert maths.logical_or(mask, np.array([False, False])).y.tolist() == [True, False]
    assert maths.logical_not(mask).y.tolist() == [False, True]


@pytest.mark.node("maths.negate", "maths.reciprocal", "maths.quotient", "maths.hypotenuse")
def test_what_is_left_of_arithmetic():
    wave = Waveform(np.array([0.5, -4.0]), 0.1, unit="s")
    assert maths.negate(wave) == wave.with_y(np.array([-0.5, 4.0]))
    assert maths.reciprocal(wave) == wave.with_y(np.array([2.0, -0.25]), "1/s")
    assert maths.reciprocal(np.array([0.0]))[0] == math.inf
    assert (maths.quotient(7, 2), maths.quotient(-7, 2)) == (3, -4)
    assert maths.quotient(-7, 2) * 2 + maths.remainder(-7, 2) == -7
    assert maths.hypotenuse(wave, wave).y == pytest.approx([0.5 * math.sqrt(2), 4.0 * math.sqrt(2)])
    assert maths.quotient(np.array([1, 2]), np.array([0, 1])).tolist() == [math.inf, 2.0]
    assert maths.hypotenuse(5.0, 12.0) == 13.0
    for call in (lambda: maths.reciprocal(0.0), lambda: maths.quotient(1.0, 0.0)):
        with pytest.raises(ZeroDivisionError, match="is 0"):
            call()


@pytest.mark.node("maths.sinh", "maths.cosh", "maths.tanh")
def test_hyperbolic_functions():
    assert maths.sinh(math.log(2.0)) == pytest.approx(0.75)
    assert maths.cosh(math.log(2.0)) == pytest.approx(1.25)
    assert maths.tanh(math.log(2.0)) == pytest.approx(0.6)
    assert maths.tanh(np.array([-1e9, 1e9])).tolist() == [-1.0, 1.0]
    with pytest.raises(ValueError, match="too large"):
        maths.sinh(1e9)


@pytest.mark.node("maths.physical_constant")
def test_the_constants_that_define_the_si():
    exact = {
        "speed of light in vacuum": (299792458.0, "m s^-1"),
        "Planck constant": (6.62607015e-34, "J Hz^-1"),
        "elementary charge": (1.602176634e-19, "C"),
        "Boltzmann constant": (1.380649e-23, "J K^-1"),
        "Avogadro constant": (6.02214076e23, "mol^-1"),
        "standard acceleration of gravity": (9.80665, "m s^-2"),
    }
    for name, (value, unit) in exact.items():
        assert maths.physical_constant(name) == (value, unit, 0.0)
    for name in get_args(maths.constants.Name):
        assert maths.physical_constant(name).value > 0.0
    assert maths.physical_constant("electron mass").uncertainty > 0.0
    with pytest.raises(ValueError, match="choose one of the list"):
        maths.physical_constant("phlogiston")


@pytest.mark.node("maths.is_bit_set", "maths.bitwise", "maths.shift_bits", "maths.to_bits", "maths.from_bits")
def test_bits_of_a_status_register():
    status = 0b0110_0101
    assert [maths.is_bit_set(status, bit) for bit in range(8)] == [True, False, True, False, False, True, True, False]
    assert maths.to_bits(status).tolist() == [True, False, True, False, False, True, True, False]
    assert maths.from_bits(maths.to_bits(status)) == status
    assert maths.from_bits(maths.to_bits(2**64 - 1, 64)) == 2**64 - 1
    assert [maths.bitwise(status, 0x0F, how) for how in ("and", "or", "xor")] == [5, 111, 106]
    assert maths.bitwise(np.array([1, 6]), 3).tolist() == [1, 2]
    assert maths.is_bit_set(np.array([1, 2]), 1).tolist() == [False, True]
    assert (maths.shift_bits(status, 1), maths.shift_bits(status, -2)) == (202, 25)
    assert type(maths.bitwise(3.0, 1.0)) is int
    assert maths.is_bit_set(2**63, 63) is True


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: maths.is_bit_set(1.5), "not whole"),
        (lambda: maths.is_bit_set(-1), "no bits here"),
        (lambda: maths.is_bit_set(2**64), "no bits here"),
        (lambda: maths.is_bit_set(1, 64), "give 0 to 63"),
        (lambda: maths.shift_bits(1, 64), "give -63 to 63"),
        (lambda: maths.to_bits(256, 8), "256 needs more than 8 bits"),
        (lambda: maths.to_bits(1, 65), "1 to 64 bits"),
        (lambda: maths.to_bits([1, 2]), "give one number"),
        (lambda: maths.from_bits([True] * 65), "up to 64"),
    ],
)
def test_what_has_no_bits_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()
