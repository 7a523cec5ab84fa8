from __future__ import annotations

import pandas as pd
import pytest

from flodesk.nodes import table

PEOPLE = pd.DataFrame({"name": ["Ada", "Bob", "Cem", "Dia"], "age": [36, 20, None, 20], "city": ["B", "A", "B", "C"]})


@pytest.mark.node("table.column", "table.count_rows", "table.head", "table.select")
def test_parts_of_a_table():
    assert table.column(PEOPLE, "name").tolist() == ["Ada", "Bob", "Cem", "Dia"]
    assert table.count_rows(PEOPLE) == 4
    assert table.head(PEOPLE, 2).name.tolist() == ["Ada", "Bob"]
    assert list(table.select(PEOPLE, ["city", "name"]).columns) == ["city", "name"]


@pytest.mark.node("table.filter_rows")
@pytest.mark.parametrize(
    ("column", "comparison", "value", "left"),
    [
        ("age", "==", 20, ["Bob", "Dia"]),
        ("age", "!=", 20, ["Ada"]),
        ("age", "<", 36, ["Bob", "Dia"]),
        ("age", "<=", 36, ["Ada", "Bob", "Dia"]),
        ("age", ">", 20, ["Ada"]),
        ("age", ">=", 20, ["Ada", "Bob", "Dia"]),
        ("city", "==", "B", ["Ada", "Cem"]),
        ("name", "contains", "b", ["Bob"]),
        ("name", "contains", ".", []),
    ],
)
def test_rows_that_pass(column, comparison, value, left):
    assert table.filter_rows(PEOPLE, column, comparison, value).name.tolist() == left


@pytest.mark.node("table.filter_rows")
def test_dates_compare_with_text_and_text_with_numbers_is_an_error():
    days = pd.DataFrame({"day": pd.to_datetime(["2024-01-31", "2024-02-01"])})
    assert len(table.filter_rows(days, "day", "<", "2024-02-01")) == 1
    with pytest.raises(TypeError, match=r"'name' .* cannot be compared with 5"):
        table.filter_rows(PEOPLE, "name", "<", 5)


@pytest.mark.node("table.sort")
def test_sorting_keeps_the_order_of_equals_and_puts_missing_values_last():
    assert table.sort(PEOPLE, "age").name.tolist() == ["Bob", "Dia", "Ada", "Cem"]
    assert table.sort(PEOPLE, "age", descending=True).name.tolist() == ["Ada", "Bob", "Dia", "Cem"]


@pytest.mark.node("table.sort")
def test_sorting_many_rows_keeps_the_order_of_equals():
    many = pd.DataFrame({"key": [number % 3 for number in range(300)], "number": range(300)})
    for _, group in table.sort(many, "key").groupby("key"):
        assert group.number.is_monotonic_increasing


@pytest.mark.node("table.join")
def test_joining_by_a_key():
    cities = pd.DataFrame({"city": ["A", "B", "Z"], "name": ["Aachen", "Bonn", "Zwickau"]})
    inner = table.join(PEOPLE, cities, on="city")
    assert list(zip(inner.name_left, inner.name_right, strict=True)) == [
        ("Ada", "Bonn"),
        ("Bob", "Aachen"),
        ("Cem", "Bonn"),
    ]
    assert len(table.join(PEOPLE, cities, on="city", how="left")) == 4
    assert len(table.join(PEOPLE, cities, on="city", how="outer")) == 5


@pytest.mark.node("table.totals")
def test_totals_by_value_and_by_month():
    sales = pd.DataFrame(
        {
            "day": pd.to_datetime(["2024-02-29", "2024-01-01", "2024-02-01", None, "2023-12-31"]),
            "who": ["x", "y", "x", "y", None],
            "sum": [1.0, 2.0, 4.0, 8.0, 16.0],
        }
    )
    months = table.totals(sales, value="sum", by="day", period="month")
    assert months.to_dict("list") == {
        "month": ["2023-12", "2024-01", "2024-02"],
        "sum": [16.0, 2.0, 5.0],
        "rows": [1, 1, 2],
    }
    assert table.totals(sales, "sum", "day", period="year").to_dict("list")["year"] == ["2023", "2024"]
    who = table.totals(sales, value="sum", by="who")
    assert who.to_dict("list") == {"who": ["x", "y"], "sum": [5.0, 10.0], "rows": [2, 2]}
    with pytest.raises(TypeError, match=r"'who' holds .* and no dates"):
        table.totals(sales, "sum", "who", period="month")
    with pytest.raises(TypeError, match=r"'who' holds .* and no numbers"):
        table.totals(sales, "who", "day")


@pytest.mark.node("table.validate")
def test_validation_loses_no_row_and_says_why():
    raw = pd.DataFrame(
        {
            "id": ["1", "2", "2", None, "5", "6", None],
            "day": ["2024-02-29", "2023-02-29", "2024-01-01", "2024-01-01", "", "2024-01-02", None],
            "sum": ["1.5", "2", "x", "4", "-1", "inf", "0"],
            "land": ["DE", "DE", "FR", "XX", "DE", None, "DE"],
        }
    )
    good, rejects = table.validate(
        raw, required=["id"], dates=["day"], positive=["sum"], unique=["id"], allowed={"land": ["DE", "FR"]}
    )
    assert good.to_dict("list") == {"id": ["1"], "day": [pd.Timestamp("2024-02-29")], "sum": [1.5], "land": ["DE"]}
    assert dict(zip(rejects.row, rejects.reason, strict=True)) == {
        2: "day is no date",
        3: "sum is no number; id came before",
        4: "id is missing; land is not allowed",
        5: "day is no date; sum is not above 0",
        6: "sum is no number",
        7: "id is missing; sum is not above 0",
    }
    assert rejects["sum"].tolist() == ["2", "x", "4", "-1", "inf", "0"]
    assert raw["sum"].tolist() == ["1.5", "2", "x", "4", "-1", "inf", "0"]


@pytest.mark.node("table.validate")
def test_a_table_without_rows_or_rules_is_good():
    assert [len(part) for part in table.validate(PEOPLE)] == [4, 0]
    assert [len(part) for part in table.validate(PEOPLE.head(0), required=["name"], numbers=["age"])] == [0, 0]


def test_a_column_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(LookupError, match="there is no column 'aeg': the table has name, age, city"):
        table.sort(PEOPLE, "aeg")
    with pytest.raises(TypeError, match="list came"):
        table.head([1, 2])
