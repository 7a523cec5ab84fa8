"""Slopes, areas, values between points, polynomials, complex numbers, formulas, units and chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from flodesk.nodes import maths
from flodesk.nodes._formula import read
from flodesk.public import Waveform

RAMP = Waveform(np.array([0.0, 1.0, 2.0, 3.0]), 0.5, t0=2.0, unit="V")


@pytest.mark.node("maths.difference", "maths.derivative")
def test_slopes_of_lines_and_parabolas_are_exact():
    change = maths.difference(RAMP)
    assert change == Waveform(np.ones(3), 0.5, t0=2.5, unit="V")
    assert maths.difference([[1, 4], [2, 9]]).tolist() == [[3], [7]]
    slope = maths.derivative(RAMP)
    assert slope.unit == "V/s"
    assert slope.y == pytest.approx([2.0] * 4)
    t = np.linspace(0.0, 2.0, 21)
    assert maths.derivative(3.0 * t**2 - t, step=0.1) == pytest.approx(6.0 * t - 1.0)
    wave = Waveform(np.sin(np.arange(1000) * 0.01), 0.01)
    assert maths.derivative(wave).y[1:-1] == pytest.approx(np.cos(np.arange(1, 999) * 0.01), abs=2e-5)
    assert maths.derivative([1.0, 4.0], step=2.0).tolist() == [1.5, 1.5]


@pytest.mark.node("maths.integral", "maths.cumulative_integral")
def test_areas():
    t = np.linspace(0.0, math.pi, 101)
    half = Waveform(np.sin(t), t[1], unit="A")
    assert maths.integral(half) == pytest.approx(2.0, abs=2e-4)
    assert maths.integral(half, method="simpson") == pytest.approx(2.0, abs=1e-7)
    assert maths.integral(np.linspace(0.0, 1.0, 5) ** 3, "simpson", step=0.25) == pytest.approx(0.25)
    assert maths.integral(Waveform(np.array([[1.0, 1.0, 1.0], [0.0, 1.0, 2.0]]), 0.5)).tolist() == [1.0, 1.0]
    charge = maths.cumulative_integral(half)
    assert charge.unit == "A·s"
    assert charge.y == pytest.approx(1.0 - np.cos(t), abs=2e-4)
    assert maths.cumulative_integral(RAMP, start=10.0).y.tolist() == [10.0, 10.25, 11.0, 12.25]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: maths.difference([1.0]), "needs two"),
        (lambda: maths.derivative([1.0]), "needs two"),
        (lambda: maths.integral([1.0]), "needs two"),
        (lambda: maths.derivative([1.0, 2.0], step=0.0), "above 0"),
        (lambda: maths.interpolate([1.0], [1.0], 0.0), "one point"),
        (lambda: maths.interpolate([1.0, 1.0], [1.0, 2.0], 0.0), "two points are at x = 1"),
        (lambda: maths.interpolate([1.0, 2.0], [1.0], 0.0), "each point needs one of both"),
        (lambda: maths.interpolate([1.0, math.nan], [1.0, 2.0], 0.0), "take these points out"),
        (lambda: maths.interpolate([1.0, 2.0], [1.0, 2.0], 3.0, beyond="error"), "3 is outside of the points"),
        (lambda: maths.polynomial(1.0, [[1.0]]), "one after the other"),
        (lambda: maths.roots([0.0, 0.0]), "every number is a root"),
        (lambda: maths.random_number(2.0, 1.0), "swap"),
        (lambda: maths.random_numbers(0), "1 or more"),
        (lambda: maths.random_numbers(3, "normal", b=-1.0), "0 or more"),
        (lambda: maths.random_numbers(3, "whole", 6, 1), "swap"),
    ],
)
def test_what_has_no_answer_is_said(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.node("maths.interpolate")
def test_values_between_points():
    x, at = np.arange(6.0), np.array([0.5, 2.25, 4.75])
    assert maths.interpolate(x, x**3 - x, at, how="cubic") == pytest.approx(at**3 - at)
    for how in ("linear", "cubic", "pchip", "akima"):
        assert maths.interpolate(x[::-1], 2.0 * x[::-1] + 1.0, at, how=how) == pytest.approx(2.0 * at + 1.0)
    step, fine = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0]), np.linspace(0.0, 5.0, 501)
    assert maths.interpolate(x, step, fine, how="cubic").max() > 1.05
    for how in ("pchip", "akima"):
        kept = maths.interpolate(x, step, fine, how=how)
        assert (kept.min(), kept.max()) == (pytest.approx(0.0, abs=1e-12), pytest.approx(1.0))
    assert maths.interpolate([0, 1], [5, 7], [0.4, 0.6, 1.0], how="nearest").tolist() == [5, 7, 7]
    assert maths.interpolate([0, 1], [5, 7], [-1.0, 0.9, 1.0], how="previous").tolist() == [5, 5, 7]


@pytest.mark.node("maths.interpolate")
def test_beyond_the_points():
    x, y = [0.0, 1.0, 2.0], [0.0, 1.0, 4.0]
    assert maths.interpolate(x, y, 3.0) == 4.0
    assert maths.interpolate(x, y, 3.0, beyond="extend") == 7.0
    assert maths.interpolate(x, y, 3.0, how="cubic", beyond="extend") == pytest.approx(9.0)
    assert math.isnan(maths.interpolate(x, y, -1.0, beyond="nan"))
    assert math.isnan(maths.interpolate(x, y, math.nan, how="nearest"))
    assert maths.interpolate(x, y, RAMP) == RAMP.with_y(np.array([0.0, 1.0, 4.0, 4.0]), "")


@pytest.mark.node("maths.polynomial", "maths.roots")
def test_a_polynomial_is_zero_at_its_roots():
    cubic = [1.0, -6.0, 11.0, -6.0]  # (x - 1)(x - 2)(x - 3)
    assert maths.roots(cubic) == pytest.approx([1.0, 2.0, 3.0])
    assert maths.polynomial(np.array([1.0, 2.0, 3.0]), cubic).tolist() == [0.0, 0.0, 0.0]
    assert maths.polynomial(0.0, cubic) == -6.0
    assert maths.roots([1, -1, -1])[1] == pytest.approx((1 + math.sqrt(5)) / 2)
    assert maths.roots([1, 0, 1]) == pytest.approx([-1j, 1j])


@pytest.mark.node("maths.make_complex", "maths.from_polar", "maths.real", "maths.imaginary")
@pytest.mark.node("maths.phase", "maths.conjugate")
def test_eulers_identity_and_the_parts_of_a_phasor():
    assert maths.from_polar(1.0, math.pi) == pytest.approx(-1.0)
    wave = maths.make_complex(RAMP, RAMP)
    assert (maths.real(wave), maths.imaginary(wave)) == (RAMP, RAMP)
    assert maths.absolute(wave).y == pytest.approx(RAMP.y * math.sqrt(2.0))
    assert maths.phase(wave).unit == "rad"
    assert maths.phase(wave).y[1:] == pytest.approx([math.pi / 4] * 3)
    assert maths.conjugate(wave) == maths.make_complex(RAMP, -RAMP)
    assert (maths.phase(-1.0), maths.real(2.5), maths.imaginary(2.5)) == (math.pi, 2.5, 0.0)


@pytest.mark.node("maths.formula")
@pytest.mark.parametrize(
    ("formula", "answer"),
    [
        ("2 + 3 * 4", 14.0),
        ("2^3^2", 512.0),
        ("-x ** 2", -9.0),
        ("7 // 2 + 7 % 2", 4.0),
        ("sqrt(a^2 + 16)", 5.0),
        ("hypot(3, 4) + atan2(0, 1)", 5.0),
        ("sin(pi / 6) * 2", 1.0),
        ("log10(1000) + ln(e) + log2(8)", 7.0),
        ("max(1, x, 2) + min(x, 1)", 4.0),
        ("1 < x <= 3 and not x == 2", True),
        ("10 if x > 5 or a > 5 else 20", 20.0),
    ],
)
def test_formulas(formula, answer):
    assert maths.formula(3.0, formula, a=3.0) == pytest.approx(answer)


@pytest.mark.node("maths.formula")
def test_a_formula_of_a_signal_keeps_its_axis():
    assert maths.formula(RAMP, "2 * x + a", a=1.0) == RAMP.with_y(np.array([1.0, 3.0, 5.0, 7.0]))
    assert maths.formula(RAMP, "x ^ 2") == RAMP.with_y(RAMP.y**2, "V²")
    assert maths.formula(RAMP, "x if x > 1 else -x").y.tolist() == [0.0, -1.0, 2.0, 3.0]


@pytest.mark.node("maths.formula")
@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("x.real", "nothing that a formula may hold"),
        ("__import__('os').system('true')", "nothing that a formula may hold"),
        ("open(x)", "open is no function"),
        ("(lambda: x)()", "nothing that a formula may hold"),
        ("'a' * 9", "nothing that a formula may hold"),
        ("[x for x in x]", "nothing that a formula may hold"),
        ("x[0]", "nothing that a formula may hold"),
        ("x << 3", "nothing that a formula may hold"),
        ("sin(x, x)", "takes 1 value: 2 are given"),
        ("sin(*x)", "nothing that a formula may hold"),
        ("2 * ", "cannot be read"),
        ("", "cannot be read"),
        ("x + y", "reads y, which is not there"),
        ("x + c", "set or wire c"),
        ("(" * 900 + "x" + ")" * 900, "cannot be read|too deeply"),
        ("x+" * 1500 + "x", "3001 characters"),
    ],
)
def test_a_formula_holds_nothing_but_mathematics(formula, said):
    with pytest.raises(ValueError, match=said):
        maths.formula(2.0, formula)


@pytest.mark.node("maths.convert_unit")
@pytest.mark.parametrize(
    ("value", "of", "to", "answer"),
    [
        (1.0, "km", "m", 1000.0),
        (36.0, "km/h", "m/s", 10.0),
        (1.0, "in", "mm", 25.4),
        (-40.0, "°C", "°F", -40.0),
        (0.0, "K", "°C", -273.15),
        (1.0, "atm", "psi", 14.6959488),
        (1.0, "bar", "kPa", 100.0),
        (760.0, "Torr", "atm", 1.0),
        (1.0, "kWh", "MJ", 3.6),
        (60.0, "rpm", "°/s", 360.0),
        (1.0, "g/cm³", "kg/m^3", 1000.0),
        (9.80665, "m/s²", "g0", 1.0),
        (1.0, "W/(m²·K)", "mW/(cm²·K)", 0.1),
        (1.0, "N·m", "J", 1.0),
        (1.0, "kg·m²·s⁻³·A⁻¹", "V", 1.0),
        (5.0, "µV", "nV", 5000.0),
        (1.0, "KiB", "bit", 8192.0),
        (50.0, "%", "1", 0.5),
        (1.0, "mi", "nmi", 0.868976),
        (100.0, "mph", "kn", 86.8976),
        (1.0, "lbf", "N", 4.4482216),
        (1.0, "Å", "nm", 0.1),
        (1.0, "eV", "J", 1.602176634e-19),
        (1.0, "1/ms", "kHz", 1.0),
    ],
)
def test_units_by_the_tables_of_nist_sp_811(value, of, to, answer):
    assert maths.convert_unit(value, of=of, to=to) == pytest.approx(answer, rel=1e-6)


@pytest.mark.node("maths.convert_unit")
def test_a_signal_knows_its_unit():
    assert maths.convert_unit(RAMP, to="mV") == RAMP.with_y(1000.0 * RAMP.y, "mV")
    assert maths.convert_unit(np.array([1.0, 2.0]), of="h", to="min").tolist() == [60.0, 120.0]


@pytest.mark.node("maths.convert_unit")
@pytest.mark.parametrize(
    ("value", "of", "to", "said"),
    [
        (1.0, "V", "A", "measure different things"),
        (60.0, "rpm", "Hz", "measure different things"),
        (1.0, "", "V", "set `of`"),
        (RAMP, "mV", "V", "the signal is in V"),
        (1.0, "volt", "V", "volt.* is no unit"),
        (1.0, "khz", "Hz", "is kHz meant"),
        (1.0, "mhz", "Hz", "is mHz meant"),
        (1.0, "m/", "m", "is no unit"),
        (1.0, "m", "", "is empty"),
    ],
)
def test_what_cannot_be_converted_is_said(value, of, to, said):
    with pytest.raises(ValueError, match=said):
        maths.convert_unit(value, of=of, to=to)


@pytest.mark.node("maths.random_number", "maths.random_numbers")
def test_random_numbers_keep_their_limits_and_moments():
    drawn = [maths.random_number(2.0, 3.0) for _ in range(50)]
    assert all(2.0 <= one < 3.0 for one in drawn)
    assert len(set(drawn)) > 1
    many = {kind: maths.random_numbers(20000, kind, 1.0, 4.0, seed=7) for kind in ("uniform", "normal", "exponential",
                                                                                   "poisson", "whole")}  # fmt: skip
    means = {kind: values.mean() for kind, values in many.items()}
    assert means == pytest.approx({"uniform": 2.5, "normal": 1.0, "exponential": 5.0, "poisson": 5.0, "whole": 2.5},
                                  abs=0.1)  # fmt: skip
    assert many["normal"].std() == pytest.approx(4.0, abs=0.1)
    assert sorted(set(many["whole"].tolist())) == [1, 2, 3, 4]
    assert many["exponential"].min() >= 1.0
    assert np.array_equal(maths.random_numbers(9, seed=3), maths.random_numbers(9, seed=3))
    assert not np.array_equal(maths.random_numbers(9), maths.random_numbers(9))


def test_a_formula_says_what_it_reads_in_the_order_of_its_text():
    formula = read("max(b, a, 2) * exp(-x / tau) + a if e < pi else b")
    assert formula.names == ("b", "a", "x", "tau")
    assert read("2 * e").value({"e": 3.0}) == 6.0
    assert read("a ^ b").value({"a": 2, "b": -1}) == 0.5
    with pytest.raises(ValueError, match="reads tau, which is not there: it may read a, b, x"):
        formula.value({"a": 1.0, "b": 2.0, "x": 3.0})
    with pytest.raises(ValueError, match="a number that is too large"):
        read("1" + "0" * 400)


def test_a_chain_of_three_is_folded_from_the_left():
    assert read("max(1, 5, 3)").value({}) == 5.0
    assert read("a and b and c").value({"a": 1.0, "b": 1.0, "c": 0.0}) == False  # noqa: E712
    assert read("1 < 2 < 3 < 3").value({}) == False  # noqa: E712
