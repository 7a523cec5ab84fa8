from __future__ import annotations

import html
from collections import Counter
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

_spec = spec_from_file_location("make_orders", Path(__file__).with_name("make_orders.py"))
make_orders = module_from_spec(_spec)
_spec.loader.exec_module(make_orders)

GOOD = [row for number, row in enumerate(make_orders.good_rows(), 1) if number not in make_orders.FAULTS]


def totals(key) -> dict[str, Decimal]:
    sums: Counter[str] = Counter()
    for row in GOOD:
        sums[key(row)] += Decimal(row["amount"])
    return dict(sums)


@pytest.fixture
def values(run_plainly):
    (values,) = run_plainly("orders")
    return values


def test_the_file_is_the_one_that_the_faults_were_put_into(examples):
    assert (examples / "orders.csv").read_text(encoding="utf-8") == make_orders.text()


def test_the_rejects_are_the_faults_that_were_put_in(values):
    rejects = values["parts"].rejects
    found = dict(zip(rejects["row"], rejects["reason"], strict=True))
    assert found == {row: reason for row, (_, reason) in make_orders.FAULTS.items()}
    assert values["number"] == len(make_orders.FAULTS) == 26
    assert len(values["parts"].good) == make_orders.ROWS - 26


def test_rejects_are_as_they_came(values):
    rejects = values["parts"].rejects.set_index("row").fillna("")
    for row, (changed, _) in make_orders.FAULTS.items():
        for name, text in changed.items():
            assert rejects.loc[row, name] == text


def test_totals_by_month_and_country_are_right_to_the_cent(values):
    months = values["by_month"]
    expected = totals(lambda row: row["date"][:7])
    assert months["month"].tolist() == sorted(expected) == [f"2024-{month:02}" for month in range(1, 13)]
    assert [round(Decimal(total), 2) for total in months["amount"]] == [expected[month] for month in sorted(expected)]
    assert months["rows"].sum() == len(GOOD)
    by_country = dict(zip(values["by_country"]["country"], values["by_country"]["amount"], strict=True))
    assert {name: round(Decimal(total), 2) for name, total in by_country.items()} == totals(lambda row: row["country"])


def test_the_report_holds_the_year_and_every_fault(values, tmp_path):
    page = (tmp_path / "orders_report.html").read_text(encoding="utf-8")
    assert values["written"].summary().endswith("orders_report.html")
    assert "<h1>A year of orders</h1>" in page
    assert [page.count(f">{heading}<") for heading in ("Euros in all", "Euros by country", "Rejected orders")] == [
        1
    ] * 3
    assert "<svg" in page, "the bars are drawn"
    assert all(f"2024-{month:02}" in page for month in range(1, 13))
    for _, (_, reason) in make_orders.FAULTS.items():
        assert reason in html.unescape(page)


def test_it_adds_up_by_day_too(run_plainly):
    (values,) = run_plainly("orders", change=('choice("month"', 'choice("day"'))
    days = totals(lambda row: row["date"])
    assert len(values["by_month"]) == len(days)
    assert values["by_month"]["amount"].sum() == pytest.approx(float(sum(days.values())))
