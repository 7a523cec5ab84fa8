"""Values for the screen: cut down where they are made, carried without pickle, seen in brief."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from flodesk.engine.link import LinkError, pack, unpack
from flodesk.engine.preview import preview
from flodesk.engine.values import decode, encode, preview_from_json, preview_to_json
from flodesk.indicators.cutting import CURVE_POINTS, minmax, shrink
from flodesk.public import Indicator, Lamp, Line, Note, Number, Sheet, Trace, Waveform


def there_and_back(value: Any) -> Any:
    """Carry a value over a pipe."""
    head, buffers = encode(value)
    got, parts = unpack(pack({"v": head}, buffers))
    return decode(got["v"], parts)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False)
    | st.text(max_size=50).filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text("abc", max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(plain)
def test_plain_values_come_as_they_are(value: Any) -> None:
    assert there_and_back(value) == value


def test_numbers_that_json_does_not_know() -> None:
    assert there_and_back(math.inf) == math.inf
    assert there_and_back(-math.inf) == -math.inf
    assert math.isnan(there_and_back(math.nan))
    assert "bits" in there_and_back(10**5000)


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(
        st.sampled_from(["f8", "f4", "i2", "u1", "i8", ">f8", ">i4", "?"]), hnp.array_shapes(max_dims=3, max_side=6)
    )
)
def test_small_arrays_come_as_they_are(value: np.ndarray) -> None:
    got = there_and_back(value)
    assert got.shape == value.shape
    assert got.dtype == value.dtype.newbyteorder("<") if value.dtype.byteorder == ">" else got.dtype == value.dtype
    np.testing.assert_array_equal(got, value)


def test_a_view_that_is_not_contiguous_comes_right() -> None:
    value = np.arange(24.0).reshape(4, 6)[::2, ::-3]
    np.testing.assert_array_equal(there_and_back(value), value)


def test_a_long_curve_keeps_its_peaks_at_their_places() -> None:
    y = np.sin(np.linspace(0, 30, 1_000_003))
    y[123_456], y[-1], y[0] = 9.0, 7.0, -7.0
    got = there_and_back(y)
    assert isinstance(got, Trace)
    assert len(got.y) <= CURVE_POINTS
    assert len(got.x) == len(got.y)
    assert (np.diff(got.x) >= 0).all()
    assert got.y[list(got.x).index(123_456)] == 9.0
    assert (got.y[0], got.y[-1]) == (-7.0, 7.0)
    np.testing.assert_array_equal(y[got.x.astype(int)], got.y)


@given(st.integers(1, 9000), st.integers(4, 500))
def test_cutting_down_keeps_to_its_number_and_the_extremes(n: int, points: int) -> None:
    y = np.random.default_rng(n).standard_normal(n)
    index, kept = minmax(y, points)
    assert len(kept) == len(index) <= max(points, 2)
    assert (kept.min(), kept.max()) == (y.min(), y.max())
    np.testing.assert_array_equal(y[index], kept)


@given(st.integers(2001, 10_000), st.sampled_from(["f8", "f4", "i4"]))
@example(3500, "f8")
@example(3450, "f8")
@example(2001, "f8")
def test_a_cut_curve_is_nowhere_coarser_than_elsewhere(n: int, kind: str) -> None:
    y = (1000 * np.random.default_rng(n).standard_normal(n)).astype(kind)
    index, kept = minmax(y)
    size = -(-n // (CURVE_POINTS // 2 - 1))
    assert (np.diff(index) > 0).all()
    assert np.diff(index).max() <= 2 * size
    assert (index[0], index[-1]) == (0, n - 1)
    assert len(index) <= CURVE_POINTS
    assert (kept.min(), kept.max()) == (y.min(), y.max())
    np.testing.assert_array_equal(y[index], kept)


@given(st.integers(2001, 10_000), st.floats(0.0, 1.0))
def test_a_cut_curve_with_gaps_keeps_its_numbers_and_its_wide_gaps(n: int, share: float) -> None:
    random = np.random.default_rng(n)
    y = random.standard_normal(n)
    y[random.random(n) < share] = np.nan
    y[500:700] = np.nan
    y[1000], y[1500] = -9.0, 9.0
    index, kept = minmax(y)
    assert np.diff(index).max() <= 2 * -(-n // (CURVE_POINTS // 2 - 1))
    assert (np.nanmin(kept), np.nanmax(kept)) == (-9.0, 9.0)
    inside = (index >= 500) & (index < 700)
    assert inside.any()
    assert np.isnan(kept[inside]).all()


def test_traces_over_one_axis_are_cut_down_alike_up_to_its_end() -> None:
    x = np.arange(3500) / 1000.0
    slow, fast = np.sin(2 * np.pi * 5 * x), np.sin(2 * np.pi * 120 * x)
    got = there_and_back(Line("t", (Trace(x, slow), Trace(x, fast))))
    for trace in got.traces:
        assert (trace.x[0], trace.x[-1]) == (x[0], x[-1])
        assert np.diff(trace.x).max() < 0.009
        drawn = np.interp(x, trace.x, trace.y)
        exact = slow if trace is got.traces[0] else fast
        # the right end is as true as the middle
        assert np.abs(drawn - exact)[-450:].max() <= 1.01 * np.abs(drawn - exact)[:-450].max()


def test_a_big_picture_keeps_its_shape_but_not_its_size() -> None:
    assert shrink(np.zeros((3000, 1000, 3))).shape == (500, 500, 3)
    assert there_and_back(np.zeros((4000, 40))).shape == (500, 40)


def test_signals_keep_their_axis() -> None:
    wave = Waveform(np.arange(100.0), dt=0.01, t0=3.0, unit="V")
    assert there_and_back(wave) == wave
    long = there_and_back(Waveform(np.arange(10_000.0), dt=0.01, t0=3.0, unit="V"))
    assert isinstance(long, Trace)
    assert long.unit == "V"
    np.testing.assert_allclose(long.x, 3.0 + 0.01 * long.y)
    two = there_and_back(Waveform(np.zeros((2, 10_000)), dt=0.01))
    assert two.y.shape == (2, 2000)
    assert two.dt == pytest.approx(0.05)


@pytest.mark.parametrize(
    "shown",
    [Number("n", 3.5, "V", 3), Lamp("l", True, "red"), Note("t", "text"), Sheet("none", None), Line("empty", ())],
)
def test_indicators_come_as_they_are(shown: Indicator) -> None:
    assert there_and_back(shown) == shown


def test_a_plot_with_long_traces_is_cut_down() -> None:
    x = np.linspace(0, 1, 50_000)
    got = there_and_back(Line("t", (Trace(x, x**2, "a", "V"), Trace([1, 2], [3, 4])), "time", "s", "u", "V"))
    assert (got.title, got.x_label, got.x_unit, got.y_label, got.y_unit) == ("t", "time", "s", "u", "V")
    assert [len(trace.y) <= CURVE_POINTS for trace in got.traces] == [True, True]
    np.testing.assert_allclose(got.traces[0].x ** 2, got.traces[0].y)
    assert got.traces[0].name == "a"
    assert list(got.traces[1].y) == [3, 4]


def test_tables_come_with_their_first_rows_and_true_shape() -> None:
    table = pd.DataFrame({"a": range(2000), "b": ["x", None] * 1000, "c": [1.5, np.nan] * 1000})
    table["d"] = pd.Timestamp("2026-01-02")
    got = there_and_back(Sheet("t", table)).table
    assert got.attrs["shape"] == (2000, 4)
    assert got.shape == (500, 4)
    assert list(got.columns) == ["a", "b", "c", "d"]
    assert got["a"].tolist() == list(range(500))
    assert got["b"][0] == "x"
    assert pd.isna(got["b"][1])
    assert np.isnan(got["c"][1])
    assert got["d"][0].startswith("2026-01-02")
    assert there_and_back(pd.DataFrame({"a": [1, 1]}, index=[5, 7]))["a"][7] == 1
    assert there_and_back(pd.DataFrame()).shape == (0, 0)
    wide = there_and_back(pd.DataFrame(np.zeros((3, 500))))
    assert wide.shape == (3, 60)
    double = there_and_back(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    assert list(double.columns) == ["a", "a"]


@dataclass(frozen=True, slots=True)
class Dial(Indicator):
    """An indicator of a pack that the editor does not know."""

    angle: float = 0.0

    def summary(self) -> str:
        return f"at {self.angle:g} degrees"


def test_an_indicator_that_the_editor_does_not_know_says_what_it_shows() -> None:
    assert there_and_back(Dial("dial", 30.0)) == Note("dial", "at 30 degrees")


def test_other_things_come_as_words() -> None:
    class Angry:
        def __repr__(self) -> str:
            raise ZeroDivisionError

    assert "Angry" in there_and_back(Angry())
    assert there_and_back(object).startswith("builtins")
    assert there_and_back(list(range(1000))) == "list of 1000"
    assert "str" in str(there_and_back(np.array([["a"]])))
    assert there_and_back(np.array(["a", "b"])) == ["a", "b"]
    assert there_and_back(np.float64(2.5)) == 2.5
    assert there_and_back(np.longdouble(2.5)) in ("2.5", 2.5)


def test_no_head_makes_more_than_a_value() -> None:
    with pytest.raises(KeyError):
        decode({"t": "os.system", "v": "true"}, [])
    with pytest.raises(ValueError, match="no array of numbers"):
        decode({"t": "array", "d": "O", "s": [1], "b": 0}, [bytes(8)])
    with pytest.raises(TypeError):
        decode({"t": "Number", "f": {"nothing": {"t": "none"}}}, [])


@given(st.binary(max_size=60))
def test_bytes_that_are_no_frame_are_refused(data: bytes) -> None:
    try:
        head, _ = unpack(data)
    except LinkError:
        return
    json.dumps(head)


# ------------------------------------------------------------------ in brief
class Pair(NamedTuple):
    low: float
    high: float


BRIEF = [
    (None, "none", "None"),
    (True, "truth", "True"),
    (3, "integer", "3"),
    (0.8731, "number", "0.8731"),
    (1 / 3e9, "number", "3.333e-10"),
    ("abc", "text", '"abc"'),
    ("a" * 40, "text", '"aaaaaaaaaaaa…"'),
    (2**200, "integer", "~2^200"),
    (1 + 2j, "number", "1+2j"),
    (np.zeros(1000), "array", "f8[1000]"),
    (np.zeros((2, 3), "i2"), "array", "2 × 3 numbers"),
    (np.zeros((20, 30)), "image", "20 × 30 numbers"),
    (np.zeros((2, 2000)), "array", "2 × 2000 numbers"),
    (np.broadcast_to(np.uint8(0), (20_000, 30_000)), "image", "u1[20000×30000]"),
    (np.zeros((2, 3), "?"), "array", "b1[2×3]"),
    (np.float32(2.5), "number", "2.5"),
    (pd.DataFrame({"a": [1, 2]}), "table", "2 × 1"),
    (Path("/a/b.csv"), "path", "b.csv"),
    ([1, 2, 3], "list", "list[3]"),
    (Pair(1.0, 2.0), "list", "Pair[2]"),
    (Waveform(np.zeros(50), 0.001), "signal", "f8[50]"),
    (Number("volts", 3.25, "V"), "indicator", "3.25 V"),
    (Lamp("on", True), "indicator", "on"),
    (object(), "any", "object"),
]


@pytest.mark.parametrize(("value", "kind", "text"), BRIEF, ids=[b[2] for b in BRIEF])
def test_a_value_in_brief(value: Any, kind: str, text: str) -> None:
    seen = preview(value)
    assert (seen.type, seen.text) == (kind, text)
    assert preview_from_json(json.loads(json.dumps(preview_to_json(seen)))) == seen


def test_a_brief_curve_has_few_points_and_keeps_the_peak() -> None:
    y = np.zeros(5000)
    y[777] = 5.0
    assert len(preview(y).spark) <= 64
    assert max(preview(y).spark) == 5.0
    assert "0 to 5" in preview(y).detail
    # 64 points of 100 samples: the last thirty are drawn as finely as the first
    saw = preview(np.arange(100.0) % 10).spark
    assert max(np.diff([n for n, value in enumerate(saw) if value == 9.0])) <= 7
    assert saw[-1] == 9.0
    half = preview(np.append(np.zeros(5000), np.random.default_rng(1).standard_normal(5000))).spark
    assert 0.47 < np.count_nonzero(half) / len(half) < 0.53  # a flat half takes half of the width
    assert preview(np.array([np.nan, np.inf, 1.0])).spark == (0.0, 0.0, 1.0)
    assert preview(np.array([])).spark == ()


@given(plain)
def test_anything_has_a_brief_form(value: Any) -> None:
    seen = preview(value)
    assert len(seen.text) <= 20
    assert len(seen.detail) <= 260


def test_what_raises_when_it_is_looked_at_has_a_brief_form() -> None:
    class Hostile:
        __class__ = property(lambda self: 1 / 0)  # type: ignore[assignment]

    assert "failed" in preview(Hostile()).detail
