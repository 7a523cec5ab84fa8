"""Tables cleaned, put together, turned round and summed up, against tables that were worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import table

GAPS = pd.DataFrame({"t": [0, 1, 2, 3], "volt": [None, 2.0, None, 6.0], "place": ["in", None, "in", "out"]})
LONG = pd.DataFrame(
    {
        "day": [2, 1, 1, 2, 1],
        "place": ["in", "in", "out", "out", "in"],
        "temp": [22.0, 20.0, 5.0, 7.0, 24.0],
    }
)


def rows(frame):
    """Return a table as lists, with None where a value is missing."""
    return [[None if pd.isna(value) else value for value in row] for row in frame.to_numpy(dtype=object).tolist()]


@pytest.mark.node("table.drop_missing")
def test_rows_with_gaps_go():
    assert table.drop_missing(GAPS).t.tolist() == [3]
    assert table.drop_missing(GAPS, ["volt"]).t.tolist() == [1, 3]
    assert table.drop_missing(GAPS, ["volt", "place"], when="all").t.tolist() == [0, 1, 2, 3]
    assert len(GAPS) == 4
    with pytest.raises(LookupError, match=r"no column 'amp'.* has t, volt, place"):
        table.drop_missing(GAPS, ["amp"])


@pytest.mark.node("table.fill_missing")
@pytest.mark.parametrize(
    ("method", "filled"),
    [
        ("value", [0.0, 2.0, 0.0, 6.0]),
        ("previous", [None, 2.0, 2.0, 6.0]),
        ("next", [2.0, 2.0, 6.0, 6.0]),
        ("interpolate", [None, 2.0, 4.0, 6.0]),
        ("mean", [4.0, 2.0, 4.0, 6.0]),
        ("median", [4.0, 2.0, 4.0, 6.0]),
    ],
)
def test_gaps_are_filled(method, filled):
    result = table.fill_missing(GAPS, method=method)
    assert [row[1] for row in rows(result)] == filled
    assert GAPS.volt.isna().tolist() == [True, False, True, False]


@pytest.mark.node("table.fill_missing")
def test_gaps_in_text_take_text_and_those_of_numbers_do_not():
    result = table.fill_missing(GAPS, value="?")
    assert result.place.tolist() == ["in", "?", "in", "out"]
    assert result.volt.isna().sum() == 2
    with pytest.raises(TypeError, match="'volt' holds numbers, and the value is the text"):
        table.fill_missing(GAPS, ["volt"], value="?")
    with pytest.raises(TypeError, match=r"'place' holds .* and no numbers"):
        table.fill_missing(GAPS, ["place"], method="mean")


@pytest.mark.node("table.drop_duplicates")
@pytest.mark.parametrize(("keep", "left"), [("first", [0, 1, 3]), ("last", [1, 2, 3]), ("none", [1, 3])])
def test_equal_rows_go(keep, left):
    assert table.drop_duplicates(GAPS, ["place"], keep=keep).t.tolist() == left
    assert len(table.drop_duplicates(GAPS)) == 4


@pytest.mark.node("table.rename_columns")
def test_columns_get_other_names():
    assert list(table.rename_columns(GAPS, {"volt": "U", "t": "volt"}).columns) == ["volt", "U", "place"]
    with pytest.raises(ValueError, match="two columns would be called 'place'"):
        table.rename_columns(GAPS, {"t": "place"})
    with pytest.raises(LookupError, match="no column 'U'"):
        table.rename_columns(GAPS, {"U": "volt"})


@pytest.mark.node("table.concatenate")
def test_tables_below_each_other():
    first, second = pd.DataFrame({"x": [1], "y": [2]}), pd.DataFrame({"y": [3, 4], "z": [5, 6]})
    assert rows(table.concatenate(first, second)) == [[1, 2, None], [None, 3, 5], [None, 4, 6]]
    common = table.concatenate(first, second, columns="common", source="of")
    assert list(common.columns) == ["y", "of"]
    assert rows(common) == [[2, 1], [3, 2], [4, 2]]
    assert common.index.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="a column 'y' already"):
        table.concatenate(first, source="y")
    with pytest.raises(ValueError, match="nothing to put together"):
        table.concatenate()
    with pytest.raises(TypeError, match="a table is needed, and list came"):
        table.concatenate(first, [1])


@pytest.mark.node("table.join")
def test_a_join_keeps_the_rows_of_either_side():
    left, right = pd.DataFrame({"k": [1, 2], "x": [5, 6]}), pd.DataFrame({"k": [2, 3], "x": [7, 8]})
    answers = {"inner": [2], "left": [1, 2], "right": [2, 3], "outer": [1, 2, 3]}
    assert {how: table.join(left, right, "k", how).k.tolist() for how in answers} == answers


@pytest.mark.node("table.melt", "table.pivot")
def test_a_long_table_becomes_wide_and_long_again():
    wide = table.pivot(LONG, "day", "place", "temp")
    assert rows(wide) == [[1, 22.0, 5.0], [2, 22.0, 7.0]]
    assert list(wide.columns) == ["day", "in", "out"]
    back = table.melt(wide, ["day"], name="place", value="temp")
    assert rows(back) == [[1, "in", 22.0], [2, "in", 22.0], [1, "out", 5.0], [2, "out", 7.0]]
    assert rows(table.melt(wide, ["day"], ["out"], value="in")) == [[1, "out", 5.0], [2, "out", 7.0]]


@pytest.mark.node("table.melt")
def test_a_melted_table_keeps_its_names_apart():
    with pytest.raises(ValueError, match="a column 'day' already"):
        table.melt(LONG, ["day"], ["temp"], value="day")
    with pytest.raises(ValueError, match="both new columns would be called 'x'"):
        table.melt(LONG, ["day"], ["temp"], name="x", value="x")


@pytest.mark.node("table.pivot")
def test_a_pivot_says_what_it_cannot_do():
    counted = table.pivot(LONG, "place", "day", "temp", aggregate="count")
    assert rows(counted) == [["in", 2, 1], ["out", 1, 1]]
    assert list(counted.columns) == ["place", "1", "2"]
    with pytest.raises(TypeError, match=r"'place' holds .* and no numbers"):
        table.pivot(LONG, "day", "temp", "place")
    with pytest.raises(ValueError, match="a name is given twice"):
        table.pivot(LONG, "day", "day", "temp")


@pytest.mark.node("table.group_by")
def test_groups_with_several_aggregates():
    result = table.group_by(LONG, ["place"], ["temp"], ["count", "sum", "minimum", "maximum", "median", "deviation"])
    assert list(result.columns)[:3] == ["place", "temp_count", "temp_sum"]
    assert rows(result)[0][:6] == ["in", 3, 66.0, 20.0, 24.0, 22.0]
    assert math.isclose(result.temp_deviation[0], 2.0)
    assert math.isclose(result.temp_deviation[1], math.sqrt(2.0))
    two = table.group_by(LONG, ["day", "place"])
    assert rows(two) == [[1, "in", 22.0], [1, "out", 5.0], [2, "in", 22.0], [2, "out", 7.0]]
    assert rows(table.group_by(LONG, ["day"], ["place"], ["distinct", "first", "last"])) == [
        [1, 2, "in", "in"],
        [2, 2, "in", "out"],
    ]
    assert rows(table.group_by(GAPS, ["place"], ["t"], ["sum"])) == [["in", 2], ["out", 3]]


@pytest.mark.node("table.group_by")
def test_groups_say_what_is_wrong():
    with pytest.raises(ValueError, match="'average' is no aggregate: count, sum, mean"):
        table.group_by(LONG, ["day"], ["temp"], ["average"])
    with pytest.raises(TypeError, match=r"'place' holds .* and no numbers"):
        table.group_by(LONG, ["day"], ["place"])
    with pytest.raises(ValueError, match="no column to group by"):
        table.group_by(LONG, [])
    with pytest.raises(ValueError, match="no other column of numbers"):
        table.group_by(LONG[["place"]], ["place"])
    with pytest.raises(ValueError, match="'x_mean' already"):
        table.group_by(pd.DataFrame({"x_mean": np.arange(2), "x": np.arange(2)}), ["x_mean"])
