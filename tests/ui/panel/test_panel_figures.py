"""Numbers as text and back, and ranges that keep still."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from flodesk.ui.panel.controls.number_field import NumberField
from flodesk.ui.panel.faces.curves.span import Scroll, Span
from flodesk.ui.panel.figures import parse, plain, prefixed, snap, tidy_step, with_unit


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("20", "Hz", 20.0), ("20 Hz", "Hz", 20.0), ("1,5", "", 1.5), (".5", "", 0.5),
        ("2k", "Hz", 2000.0), ("2 kHz", "Hz", 2000.0),
        ("3m", "V", 0.003), ("3 mV", "V", 0.003), ("4 µs", "s", 4e-6), ("−7", "", -7.0),
        ("1e-3", "s", 0.001), ("5 M", "Ω", 5e6),
        ("3 m", "m", 3.0), ("20 °C", "°C", 20.0),
    ],
)  # fmt: skip
def test_typed_numbers_are_read(text: str, unit: str, value: float) -> None:
    assert parse(text, unit) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "unit"), [("", "V"), ("abc", "V"), ("20 Hz", "V"), ("1 2", ""), ("2k", "°C"), ("1e", "")]
)
def test_what_is_no_number_in_that_unit_is_refused(text: str, unit: str) -> None:
    assert parse(text, unit) is None


@given(st.floats(-1e12, 1e12))
def test_what_a_field_shows_reads_back(value: float) -> None:
    again = parse(plain(value, 17))
    assert again == value


@pytest.mark.parametrize(
    ("value", "unit", "digits", "shown"),
    [
        (0.0, "V", 4, ("0.000", "V")), (1234.5, "Hz", 4, ("1.234", "kHz")), (999.96, "V", 4, ("1.000", "kV")),
        (4.7e-6, "F", 3, ("4.70", "µF")), (1234.5, "%", 5, ("1234.5", "%")), (-0.02, "A", 3, ("−20.0", "mA")),
        (1004.2, "s", 5, ("1004.2", "s")), (0.0042, "s", 2, ("4.2", "ms")),
        (-0.99999, "V", 4, ("−1.000", "V")), (-0.999996, "V", 5, ("−1.0000", "V")),
        (-0.99999, "V", 5, ("−999.99", "mV")),
        (9.9996, "bar", 4, ("10.00", "bar")), (1234567, "", 4, ("1234567", "")), (999999.6, "B", 3, ("1.00", "MB")),
        (7, "", 4, ("7", "")), (math.inf, "V", 4, ("∞", "V")), (1e20, "", 4, ("1.000e+20", "")),
        (-(10**400), "V", 4, ("−1.000e+400", "V")),
    ],
)  # fmt: skip
def test_numbers_are_shown_with_their_unit(value: float, unit: str, digits: int, shown: tuple[str, str]) -> None:
    assert with_unit(value, unit, digits) == shown


def test_a_number_beyond_all_floats_is_shown_in_a_field_and_stands_there(qtbot: QtBot) -> None:
    field = NumberField()
    qtbot.addWidget(field)
    field.set_limits(None, None, None, "V", True)
    field.set_value(10**400)
    assert field.text() == "1.00000e+400"
    field.step_by(1)
    assert field.value == 10**400
    field.set_value(1 << 20_000)
    assert field.text() == "3.98028e+6020"


def test_a_field_has_the_prefix_of_what_it_shows() -> None:
    assert prefixed(0.9999999, "V") == ("1", "")
    assert prefixed(0.999999, "V") == ("999.999", "m")


@given(st.floats(1e-9, 1e9))
def test_a_tidy_step_is_1_2_or_5_times_a_power_of_ten(rough: float) -> None:
    step = tidy_step(rough)
    assert step <= rough * (1 + 1e-6) < step * 2.6
    assert f"{step:.3e}"[0] in "125"


@given(st.floats(-1e6, 1e6), st.sampled_from([0.001, 0.02, 0.25, 0.5, 1.0, 5.0, 20.0]))
def test_a_snapped_number_is_near_and_short(value: float, step: float) -> None:
    snapped = snap(value, step)
    assert abs(snapped - value) <= step / 2 + 1e-6
    assert len(repr(snapped).partition(".")[2]) <= 3


def test_a_range_that_was_guessed_from_one_value_fits_the_first_data_that_differ():
    span = Span()
    assert span.follow(0.0, 0.0, 0.0)
    assert span.low < 0.0 < span.high
    assert span.follow(-1e-5, 3e-5, 0.05)
    assert -3e-5 < span.low <= -1e-5
    assert 3e-5 <= span.high < 6e-5
    assert not span.follow(0.0, 1e-5, 0.1)  # from here on it shrinks late


def test_a_span_grows_at_once_by_a_fifth() -> None:
    span = Span()
    assert span.follow(-1.0, 1.0, 0.0)
    assert span.low <= -1.0
    assert span.high >= 1.0
    high = span.high
    assert not span.follow(-1.0, high, 0.1)
    assert span.follow(-1.0, high * 1.01, 0.2)
    assert span.high >= high * 1.01 + 0.2 * (high + 1.0) - 1e-9


def test_a_span_shrinks_only_after_two_seconds() -> None:
    span = Span()
    span.follow(-10.0, 10.0, 0.0)
    for tenth in range(1, 20):
        assert not span.follow(-1.0, 1.0, tenth / 10)
    assert span.high >= 10.0
    assert span.follow(-1.0, 1.0, 2.2)
    assert span.high < 2.0
    assert span.low <= -1.0


def test_a_burst_keeps_the_span_wide() -> None:
    span = Span()
    span.follow(-10.0, 10.0, 0.0)
    for second in range(10):
        span.follow(-1.0, 1.0, second + 0.5)
        assert not span.follow(-9.0, 9.0, second + 1.0)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_a_span_holds_its_data(low: float, extent: float) -> None:
    span = Span()
    span.follow(low, low + extent, 0.0)
    assert span.low <= low <= low + extent <= span.high
    assert span.low < span.high


@given(st.floats(-1e9, 1e9), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_scroll_holds_its_data(low: float, extent: float, moved: float) -> None:
    scroll = Scroll()
    scroll.follow(low, low + extent)
    scroll.follow(low + moved, low + moved + extent)
    slack = 1e-6 * (extent + 1)
    assert scroll.low - slack <= low + moved <= low + moved + extent <= scroll.high + slack


def test_values_that_are_not_finite_leave_ranges_alone() -> None:
    span, scroll = Span(), Scroll()
    assert not span.follow(math.inf, -math.inf, 0.0)
    assert not scroll.follow(math.nan, 1.0)


def test_an_axis_that_does_not_run_fits_tight() -> None:
    scroll = Scroll()
    assert scroll.follow(0.0, 500.0)
    assert (scroll.low, scroll.high) == (0.0, 500.0)
    assert not scroll.follow(0.0, 500.0)
