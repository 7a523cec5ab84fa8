"""Makes resources/examples/orders.csv: a year of orders, with faults put in at places that are written down here.

``python tests/examples/make_orders.py`` writes the file again; a test holds that it is what stands in the repository.
"""

from __future__ import annotations

import datetime
import random
from pathlib import Path

ROWS = 320
COLUMNS = ["order", "date", "customer", "country", "product", "amount"]
FILE = Path(__file__).parents[2] / "resources" / "examples" / "orders.csv"

FAULTS: dict[int, tuple[dict[str, str], str]] = {
    # row: what is changed, the reason that must be given
    9: ({"amount": ""}, "amount is missing"),
    17: ({"date": "2024-02-30"}, "date is no date"),
    31: ({"amount": "-49.90"}, "amount is not above 0"),
    44: ({"country": "XX"}, "country is not allowed"),
    58: ({"order": "A1040"}, "order came before"),
    72: ({"customer": ""}, "customer is missing"),
    73: ({"amount": "12,50"}, "amount is no number"),
    90: ({"date": "31.05.2024"}, "date is no date"),
    104: ({"amount": "0.00"}, "amount is not above 0"),
    119: ({"country": "Germany"}, "country is not allowed"),
    120: ({"amount": "n/a"}, "amount is no number"),
    133: ({"order": "A1132"}, "order came before"),
    150: ({"order": ""}, "order is missing"),
    151: ({"order": ""}, "order is missing"),
    166: ({"date": "2024-13-01"}, "date is no date"),
    181: ({"amount": "nan"}, "amount is no number"),
    188: ({"amount": "-5"}, "amount is not above 0"),
    204: ({"customer": "", "amount": ""}, "customer is missing; amount is missing"),
    219: ({"country": "de"}, "country is not allowed"),
    233: ({"amount": "1e999"}, "amount is no number"),
    248: ({"date": "yesterday", "country": "??"}, "date is no date; country is not allowed"),
    262: ({"order": "A1001"}, "order came before"),
    277: ({"amount": "free"}, "amount is no number"),
    291: ({"customer": ""}, "customer is missing"),
    305: ({"amount": "--3"}, "amount is no number"),
    320: ({"amount": "-0.01"}, "amount is not above 0"),
}


def good_rows() -> list[dict[str, str]]:
    """Make the orders as they would be without a fault; row number n is at n - 1."""
    chance = random.Random(2024)
    rows = []
    for number in range(1, ROWS + 1):
        day = datetime.date(2024, 1, 1) + datetime.timedelta(days=(number - 1) * 366 // ROWS)
        rows.append(
            {
                "order": f"A{1000 + number}",
                "date": day.isoformat(),
                "customer": chance.choice(["Adler", "Brandt", "Conti", "Dupont", "Evers", "Fischer", "de Groot"]),
                "country": chance.choice(["DE", "DE", "DE", "AT", "CH", "FR", "NL"]),
                "product": chance.choice(["multimeter", "oscilloscope", "power supply", "probe", "cable"]),
                "amount": f"{chance.randrange(500, 150_000) / 100:.2f}",
            }
        )
    return rows


def text() -> str:
    """Return the file's text, faults included."""
    lines = [",".join(COLUMNS)]
    for number, row in enumerate(good_rows(), 1):
        row.update(FAULTS[number][0] if number in FAULTS else {})
        lines.append(",".join(f'"{row[name]}"' if "," in row[name] else row[name] for name in COLUMNS))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
