# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work", "tables"]
# on_error = "reject"
#
# [tool.flodesk.canvas.flow]
# rows = [840, -140]
# total = [560, 260]
# line = [0, 0]
# parcel = [280, 0]
# price = [560, 60]
# longer = [840, 160]
# sent = [1120, -260]
# number = [1120, -20]
# count = [1400, -20]
# sum_of_all = [1120, 260]
#
# [tool.flodesk.panel.flow]
# sent = [0, 0, 8, 8]
# count = [8, 0, 4, 4]
# sum_of_all = [8, 4, 4, 4]
# ///
"""Postage for a list of parcels: lines that cannot be read are kept as dead letters, and the rest goes on."""

from collections.abc import Iterator
from typing import NamedTuple

import flodesk
from flodesk.nodes import collect, maths, show, table

LIST = """\
P-001 AT 0.450
P-002 DE 1.250
P-003 FR 0.800
P-004 DE 12,5
P-005 CH 2.100
P-006 ?? 0.950
P-007 AT 31.500
P-008 NL 0.300
P-009 AT
P-010 DE 4.900
"""
LIMITS = {0.5: 4.5, 2.0: 6.9, 5.0: 9.4, 31.5: 16.8}
ABROAD = {"AT": 0.0, "CH": 9.0, "DE": 3.0, "FR": 4.5, "NL": 4.5}


class Parcel(NamedTuple):
    """A parcel: its name, the country it goes to, its weight in kg."""

    name: str
    country: str
    weight: float


def lines() -> Iterator[str]:
    """Give the list line by line."""
    yield from LIST.splitlines()


def read(line: str) -> Parcel:
    """Read a line: name, country, weight in kg."""
    name, country, weight = line.split()
    return Parcel(name, country, float(weight))


def postage(country: str, weight: float) -> float:
    """Look up what a parcel costs, in euros."""
    return next(price for limit, price in LIMITS.items() if weight <= limit) + ABROAD[country]


def flow():
    rows = collect.Table(columns=["parcel", "country", "weight", "price"])
    total = 0.0
    for line in lines():
        parcel = read(line)
        price = postage(parcel.country, parcel.weight)
        longer = maths.add(total, price)
        total = longer
        rows.add(parcel.name, parcel.country, parcel.weight, price)
    parcels = rows.result()
    sent = show.table(parcels, title="Parcels sent")
    number = table.count_rows(parcels)
    count = show.number(number, title="Parcels sent")
    sum_of_all = show.number(total, title="Postage", unit="EUR")


if __name__ == "__main__":
    flodesk.main(flow)
