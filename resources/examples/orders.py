# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# orders = [0, 100]
# parts = [270, 100]
# by_month = [540, -60]
# by_country = [540, 130]
# faults = [540, 320]
# months = [810, -60]
# countries = [810, 130]
# rejected = [810, 320]
# number = [540, 510]
# count = [810, 510]
#
# [tool.flodesk.panel.flow]
# months = [0, 0, 6, 5]
# countries = [6, 0, 6, 3]
# count = [6, 3, 6, 2]
# rejected = [0, 5, 12, 5]
# ///
"""A year of orders: the good ones are added up, the faulty ones are listed with their faults."""
import flodesk
from flodesk.nodes import file, show, table


def flow():
    orders = file.read_csv("orders.csv", as_text=True)
    parts = table.validate(
        orders,
        required=["order", "customer", "amount"],
        dates=["date"],
        positive=["amount"],
        unique=["order"],
        allowed={"country": ["AT", "CH", "DE", "FR", "NL"]},
    )
    by_month = table.totals(parts.good, value="amount", by="date", period="month")
    months = show.table(by_month, title="Euros by month")
    by_country = table.totals(parts.good, value="amount", by="country")
    countries = show.table(by_country, title="Euros by country")
    faults = table.select(parts.rejects, columns=["row", "order", "date", "customer", "country", "amount", "reason"])
    rejected = show.table(faults, title="Rejected orders")
    number = table.count_rows(parts.rejects)
    count = show.number(number, title="Rejected")


if __name__ == "__main__":
    flodesk.main(flow)
