"""Columns calculated, converted and resampled, against answers that were worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import table

POWER = pd.DataFrame({"volt": [1.0, 2.0, np.nan], "amp": [3, 4, 5], "on": [True, False, True], "tag": ["a", "b", "c"]})
STEPS = pd.DataFrame({"n": [3.0, 1.0, 2.0, 2.0], "s": list("abcd")})


@pytest.mark.node("table.add_column")
def test_a_column_by_a_formula():
    result = table.add_column(POWER, "watt", "volt * amp")
    assert list(result.columns) == ["volt", "amp", "on", "tag", "watt"]
    assert result.watt.tolist()[:2] == [3.0, 8.0]
    assert math.isnan(result.watt[2])
    assert "watt" not in POWER
    assert table.add_column(POWER, "one", "sin(pi / 2)").one.tolist() == [1.0, 1.0, 1.0]
    assert table.add_column(POWER, "amp", "amp if on else 0").amp.tolist() == [3.0, 0.0, 5.0]
    gap = pd.DataFrame({"n": pd.array([1, None], dtype="Int64")})
    assert table.add_column(gap, "m", "n + 1").m.tolist()[0] == 2.0


@pytest.mark.node("table.add_column")
def test_a_formula_reads_columns_of_numbers_alone():
    with pytest.raises(TypeError, match=r"'tag' holds .* and no numbers"):
        table.add_column(POWER, "x", "tag + 1")
    with pytest.raises(ValueError, match="reads ohm, which is not there: it may read volt, amp, on, tag"):
        table.add_column(POWER, "x", "ohm * 2")
    with pytest.raises(ValueError, match="is nothing that a formula may hold"):
        table.add_column(POWER, "x", "volt.real")


@pytest.mark.node("table.rolling")
def test_a_window_along_the_rows():
    assert table.rolling(STEPS, ["n"], 2, "sum").n_sum.tolist()[1:] == [4.0, 3.0, 4.0]
    assert math.isnan(table.rolling(STEPS, ["n"], 2, "sum").n_sum[0])
    assert table.rolling(STEPS, ["n"], 3, "minimum", whole=False).n_minimum.tolist() == [3.0, 1.0, 1.0, 1.0]
    assert table.rolling(STEPS, ["n"], 3, "maximum", whole=False).n_maximum.tolist() == [3.0, 3.0, 3.0, 2.0]
    assert table.rolling(STEPS, ["n"], 3, "median").n_median.tolist()[2:] == [2.0, 2.0]
    assert table.rolling(STEPS, ["n"], 3, "deviation").n_deviation[2] == pytest.approx(1.0)
    with pytest.raises(TypeError, match=r"'s' holds .* and no numbers"):
        table.rolling(STEPS, ["s"])


@pytest.mark.node("table.cumulative")
@pytest.mark.parametrize(
    ("kind", "values"),
    [("sum", [3, 4, 6, 8]), ("product", [3, 3, 6, 12]), ("maximum", [3, 3, 3, 3]), ("minimum", [3, 1, 1, 1])],
)
def test_from_the_first_row_to_each(kind, values):
    assert table.cumulative(STEPS, ["n"], kind)[f"n_{kind}"].tolist() == values
    with pytest.raises(ValueError, match="a column 'n_sum' already"):
        table.cumulative(table.cumulative(STEPS, ["n"]), ["n"])


@pytest.mark.node("table.rank")
@pytest.mark.parametrize(
    ("ties", "places"),
    [
        ("average", [4, 1, 2.5, 2.5]),
        ("lowest", [4, 1, 2, 2]),
        ("highest", [4, 1, 3, 3]),
        ("dense", [3, 1, 2, 2]),
        ("in order", [4, 1, 2, 3]),
    ],
)
def test_places(ties, places):
    assert table.rank(STEPS, "n", ties=ties)["rank"].tolist() == places
    assert table.rank(STEPS, "n", descending=True)["rank"].tolist() == [1, 4, 2, 2]
    with pytest.raises(ValueError, match="a column 's' already"):
        table.rank(STEPS, "n", "s")


@pytest.mark.node("table.sample")
def test_rows_by_chance():
    many = pd.DataFrame({"x": range(1000)})
    drawn = table.sample(many, 100, seed=4)
    assert drawn.x.is_unique
    assert drawn.x.tolist() == table.sample(many, 100, seed=4).x.tolist() != table.sample(many, 100, seed=5).x.tolist()
    assert sorted(table.sample(many, 5000).x) == list(range(1000))
    assert len(table.sample(many.head(3), 50, repeated=True)) == 50
    with pytest.raises(ValueError, match="has no rows"):
        table.sample(many.head(0), 1, repeated=True)


@pytest.mark.node("table.convert_types")
def test_columns_become_what_is_asked():
    texts = pd.DataFrame(
        {"a": ["1", "2.5"], "b": ["7", None], "c": ["yes", "off"], "d": ["2024-02-29", "2024-03-01T12:00"]}
    )
    result = table.convert_types(texts, {"a": "number", "b": "integer", "c": "truth", "d": "date"})
    assert result.a.tolist() == [1.0, 2.5]
    assert result.b[0] == 7
    assert result.b.isna().tolist() == [False, True]
    assert result.c.tolist() == [True, False]
    assert (result.d[1] - result.d[0]) == pd.Timedelta(hours=36)
    assert texts.a.tolist() == ["1", "2.5"]
    back = table.convert_types(pd.DataFrame({"n": [1, None], "t": [1.0, 0.0]}), {"n": "text", "t": "truth"})
    assert back.n[0] == "1.0"
    assert pd.isna(back.n[1])
    assert back.t.tolist() == [True, False]


@pytest.mark.node("table.convert_types")
@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "high"), ("integer", "1.5"), ("integer", "inf"), ("truth", "perhaps"), ("date", "May")],
)
def test_what_cannot_be_converted_is_told_or_missing(kind, value):
    odd = pd.DataFrame({"x": [None, value]})
    with pytest.raises(ValueError, match=f"row 2 of column 'x' holds '{value}', which is no {kind}"):
        table.convert_types(odd, {"x": kind})
    assert table.convert_types(odd, {"x": kind}, invalid="missing").x.isna().all()
    with pytest.raises(ValueError, match="'float' is nothing that a column can become: number, integer"):
        table.convert_types(odd, {"x": "float"})


@pytest.mark.node("table.parse_dates")
def test_dates_in_any_form():
    days = pd.DataFrame({"day": ["29.02.2024 06:30", "30.02.2024 06:30"]})
    with pytest.raises(ValueError, match=r"row 2 of column 'day' holds '30.02.2024 06:30', which is no date as in %d"):
        table.parse_dates(days, ["day"], "%d.%m.%Y %H:%M")
    read = table.parse_dates(days, ["day"], "%d.%m.%Y %H:%M", invalid="missing").day
    assert read[0] == pd.Timestamp(2024, 2, 29, 6, 30)
    assert pd.isna(read[1])
    assert table.parse_dates(pd.DataFrame({"d": ["2024-02-29"]}), ["d"]).d[0].day_of_week == 3  # a Thursday


@pytest.mark.node("table.resample_time")
def test_equal_spans_of_time():
    seconds = [65.0, 0.0, 30.0, 185.0]
    log = pd.DataFrame(
        {"t": pd.Timestamp("2024-05-31") + pd.to_timedelta(seconds, unit="s"), "v": [6.0, 1.0, 3.0, 8.0]}
    )
    result = table.resample_time(log, "t", 60.0)
    assert (result.t - pd.Timestamp("2024-05-31")).dt.total_seconds().tolist() == [0.0, 60.0, 120.0, 180.0]
    assert result.v.tolist()[:2] == [2.0, 6.0]
    assert math.isnan(result.v[2])
    assert table.resample_time(log, "t", 60.0, ["v"], "count").v.tolist() == [2, 1, 0, 1]
    assert table.resample_time(log, "t", 3600.0, aggregate="maximum").v.tolist() == [8.0]
    with pytest.raises(TypeError, match=r"'v' holds float64 and no dates"):
        table.resample_time(log, "v")
    with pytest.raises(ValueError, match="choose a longer period"):
        table.resample_time(log, "t", 0.000001)
