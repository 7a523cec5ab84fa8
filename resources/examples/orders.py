# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["tables"]
# pages = ["", "Rejected"]
#
# [tool.flodesk.canvas.flow]
# span = [280, -300]
# orders = [0, 60]
# parts = [280, 60]
# by_month = [560, -280]
# months = [840, -620]
# amounts = [840, -430]
# chart = [1120, -430]
# by_country = [560, 30]
# countries = [840, -40]
# faults = [560, 220]
# rejected = [840, 420]
# number = [560, 440]
# count = [840, 600]
# report = [1400, 120]
# written = [1680, 120]
#
# [tool.flodesk.panel.flow]
# span = [10, 4, 2, 2]
# months = [0, 0, 4, 8]
# chart = [4, 0, 8, 4]
# countries = [4, 4, 4, 4]
# rejected = { at = [0, 0, 12, 8], page = "Rejected" }
# count = [8, 4, 2, 2]
# written = [8, 6, 4, 2]
# ///
"""A year of orders: the good ones are added up, the faulty ones are listed with their faults, all in a report."""
import flodesk
from flodesk.nodes import control, file, show, table


def flow():
    span = control.choice("month", entries=["month", "day"], label="Add up by")
    orders = file.read_csv("orders.csv", as_text=True)
    parts = table.validate(
        orders,
        required=["order", "customer", "amount"],
        dates=["date"],
        positive=["amount"],
        unique=["order"],
        allowed={"country": ["AT", "CH", "DE", "FR", "NL"]},
    )
    by_month = table.totals(parts.good, value="amount", by="date", period=span)
    months = show.table(by_month, title="Euros in all")
    amounts = table.column(by_month, "amount")
    chart = show.bars(amounts, title="Euros, one after the other", y_unit="EUR")
    by_country = table.totals(parts.good, value="amount", by="country")
    countries = show.table(by_country, title="Euros by country")
    faults = table.select(parts.rejects, columns=["row", "order", "date", "customer", "country", "amount", "reason"])
    rejected = show.table(faults, title="Rejected orders")
    number = table.count_rows(parts.rejects)
    count = show.number(number, title="Rejected")
    report = table.report_html(
        chart,
        by_month,
        by_country,
        faults,
        path="orders_report.html",
        title="A year of orders",
        headings=["", "Euros in all", "Euros by country", "Rejected orders"],
    )
    written = show.text(report, title="Report for the browser")


if __name__ == "__main__":
    flodesk.main(flow)
