# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["tables"]
#
# [tool.flodesk.canvas.flow]
# orders = [0, 60]
# parts = [280, 60]
# by_month = [560, -220]
# months = [840, -220]
# by_country = [560, 0]
# countries = [840, 0]
# faults = [560, 220]
# rejected = [840, 220]
# number = [560, 400]
# count = [840, 400]
#
# [tool.flodesk.panel.flow]
# months = [0, 0, 6, 8]
# countries = [6, 0, 6, 5]
# rejected = [0, 8, 12, 7]
# count = [6, 5, 6, 3]
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
