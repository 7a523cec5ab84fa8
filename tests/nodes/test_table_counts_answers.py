"""Values of tables coded, counted, compared and turned, against answers that were worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from flodesk.nodes import table

PARTS = pd.DataFrame({"lot": ["B", "A", "B", None], "ohm": [10.0, 20.0, 15.0, None], "ok": ["y", "n", "y", "n"]})


@pytest.mark.node("table.bin")
def test_values_in_classes():
    edge = pd.DataFrame({"x": [-1.0, 0.0, 4.9, 5.0, 10.0, 10.1, None]})
    assert table.bin(edge, "x", edges=[0, 5, 10]).bin.fillna("").tolist() == [
        "", "0 to 5", "0 to 5", "5 to 10", "5 to 10", "", "",
    ]  # fmt: skip
    assert table.bin(edge, "x", edges=[0, 5, 10], label="number").bin.fillna(0).tolist() == [0, 1, 1, 2, 2, 0, 0]
    assert table.bin(edge, "x", edges=[0, 5, 10], label="middle").bin.tolist()[1:5] == [2.5, 2.5, 7.5, 7.5]
    assert table.bin(PARTS, "ohm", 2, label="middle").bin.tolist()[:3] == [12.5, 17.5, 17.5]
    with pytest.raises(ValueError, match="do not rise"):
        table.bin(edge, "x", edges=[5, 5])
    with pytest.raises(ValueError, match="a column 'x' already"):
        table.bin(edge, "x", name="x")


@pytest.mark.node("table.one_hot")
def test_zeros_and_ones():
    result = table.one_hot(PARTS, "lot")
    assert list(result.columns) == ["ohm", "ok", "lot_A", "lot_B"]
    assert result.lot_A.tolist() == [0, 1, 0, 0]
    assert result.lot_B.tolist() == [1, 0, 1, 0]
    with pytest.raises(ValueError, match="a column 'lot_A' already"):
        table.one_hot(PARTS.assign(lot_A=0), "lot")


@pytest.mark.node("table.normalise")
def test_one_scale():
    scaled = table.normalise(PARTS).ohm
    assert scaled.tolist()[:3] == pytest.approx([-1.0, 1.0, 0.0])
    assert math.isnan(scaled[3])
    assert table.normalise(PARTS, ["ohm"], "range").ohm.tolist()[:3] == [0.0, 1.0, 0.5]
    assert table.normalise(pd.DataFrame({"x": [-4, 2]}), method="maximum").x.tolist() == [-1.0, 0.5]
    assert table.normalise(pd.DataFrame({"x": [7, 7]})).x.tolist() == [0.0, 0.0]


@pytest.mark.node("table.split_column")
def test_texts_in_parts():
    names = pd.DataFrame({"name": ["Lovelace, Ada", "Bob", None, "a,b,c"]})
    result = table.split_column(names, "name", ["last", "first"])
    assert result["last"].fillna("").tolist() == ["Lovelace", "Bob", "", "a"]
    assert result["first"].fillna("").tolist() == ["Ada", "", "", "b,c"]
    with pytest.raises(ValueError, match="a separator and the name"):
        table.split_column(names, "name", ["x"], "")


@pytest.mark.node("table.lookup")
def test_looked_up_in_another_table():
    lots = pd.DataFrame({"id": ["A", "B"], "maker": ["ACME", "Bolt"]})
    assert table.lookup(PARTS, "lot", lots, "id", "maker").maker.fillna("").tolist() == ["Bolt", "ACME", "Bolt", ""]
    with pytest.raises(ValueError, match="'A' comes more than once in column 'id'"):
        table.lookup(PARTS, "lot", pd.concat([lots, lots]), "id", "maker")


@pytest.mark.node("table.value_counts", "table.unique", "table.cross_tab")
def test_values_are_counted():
    counts = table.value_counts(PARTS, "lot")
    assert counts.to_numpy().tolist() == [["B", 2, 2 / 3], ["A", 1, 1 / 3]]
    assert table.unique(PARTS, "lot").tolist() == ["B", "A"]
    crossed = table.cross_tab(PARTS, "lot", "ok")
    assert list(crossed.columns) == ["lot", "n", "y"]
    assert crossed.to_numpy().tolist() == [["A", 1, 0], ["B", 0, 2]]
    with pytest.raises(ValueError, match="two columns are needed"):
        table.cross_tab(PARTS, "ok", "ok")
    with pytest.raises(ValueError, match="'rows' already"):
        table.value_counts(pd.DataFrame({"rows": [1]}), "rows")


@pytest.mark.node("table.correlation_table")
def test_correlations():
    cubes = pd.DataFrame({"x": [-1.0, 0.0, 1.0, 2.0], "cube": [-1.0, 0.0, 1.0, 8.0], "even": [1.0, 0.0, 1.0, 4.0]})
    ranks = table.correlation_table(cubes, ["x", "cube"], "spearman")
    assert ranks.to_numpy().tolist() == [["x", 1.0, 1.0], ["cube", 1.0, 1.0]]
    straight = table.correlation_table(cubes)
    assert straight["x"][1] == pytest.approx(14.0 / math.sqrt(5.0 * 50.0))  # sums of products by hand
    assert straight.column.tolist() == ["x", "cube", "even"]


@pytest.mark.node("table.compare")
def test_what_differs():
    old = pd.DataFrame({"id": [1, 2, 3, 4], "ohm": [10.0, None, 30.0, None], "only": 0})
    new = pd.DataFrame({"id": [4, 3, 2, 5], "ohm": [4.0, 30.0, None, 50.0]})
    result = table.compare(old, new, "id")
    assert result.id.tolist() == [1, 4, 5]
    assert result.change.tolist() == ["removed", "changed", "added"]
    assert (result.column[1], result.after[1]) == ("ohm", 4.0)
    assert len(table.compare(old, old, "id")) == 0
    with pytest.raises(ValueError, match="0 comes more than once"):
        table.compare(old, old, "only")


@pytest.mark.node("table.transpose", "table.from_rows", "table.to_rows")
def test_tables_turned_and_made_of_rows():
    square = table.from_rows([["a", 1, 2], ["b", 3, 4]], ["name", "x", "y"])
    turned = table.transpose(square, "name")
    assert table.to_rows(turned) == [{"column": "x", "a": 1, "b": 3}, {"column": "y", "a": 2, "b": 4}]
    assert table.transpose(turned, "column", "name").to_numpy().tolist() == square.to_numpy().tolist()
    assert list(table.transpose(square, first="of").columns) == ["of", "1", "2"]
    rows = [{"x": 1.5, "y": "a"}, {"y": None, "x": 2.5}]
    assert table.to_rows(table.from_rows(rows)) == rows
    with pytest.raises(ValueError, match="row 2 has 1 values, and there are 2 columns"):
        table.from_rows([[1, 2], [3]], ["x", "y"])
    with pytest.raises(TypeError, match="all dictionaries, or all lists"):
        table.from_rows([{"x": 1}, 2])
    with pytest.raises(ValueError, match="must differ"):
        table.transpose(pd.DataFrame({"name": ["a", "a"], "x": [1, 2]}), "name")
