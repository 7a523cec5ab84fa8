"""The parcels example: what a turn loses is a dead letter, and the rest adds up; a mended file takes a letter back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flodesk.engine.headless import run
from flodesk.engine.letters import Letters

# by hand: by weight up to 0.5 kg 4.5, up to 2 kg 6.9, up to 5 kg 9.4, up to 31.5 kg 16.8, and the country
PRICES = {
    "P-001": Decimal("4.5"),
    "P-002": Decimal("6.9") + 3,
    "P-003": Decimal("6.9") + Decimal("4.5"),
    "P-005": Decimal("9.4") + 9,
    "P-007": Decimal("16.8"),
    "P-008": Decimal("4.5") + Decimal("4.5"),
    "P-010": Decimal("9.4") + 3,
}


@pytest.fixture
def result(examples):
    path = examples / "parcels.py"
    return run(path.read_text(encoding="utf-8"), str(path), keep_values=True)


def letters():
    store = Letters()
    found = [store.get(one.id) for one in store.find()]
    store.close()
    return found


def test_the_good_parcels_are_sent_and_add_up(result):
    parcels = result.values["flow.parcels"]
    assert dict(zip(parcels["parcel"], parcels["price"], strict=True)) == pytest.approx(
        {name: float(price) for name, price in PRICES.items()}
    )
    assert result.values["flow.total"] == pytest.approx(float(sum(PRICES.values())))
    assert result.values["flow.number"] == 7
    assert (result.reason, result.message) == ("failed", "finished; 3 of 10 turns of flow.line were rejected")


def test_the_others_are_kept_with_what_was_wrong(result):
    assert [(one.payload[0].value(), one.failure.node, one.failure.type) for one in letters()] == [
        (("P-004 DE 12,5",), "flow.parcel", "ValueError"),
        (("P-006 ?? 0.950",), "flow.price", "KeyError"),
        (("P-009 AT",), "flow.parcel", "ValueError"),
    ]


def test_when_the_flow_is_mended_a_letter_passes(result, examples):
    text = (examples / "parcels.py").read_text(encoding="utf-8")
    mended = text.replace("float(weight)", 'float(weight.replace(",", "."))')
    again = run(mended, str(examples / "parcels.py"), keep_values=True, put_back=[one.id for one in letters()])
    assert list(again.values["flow.parcels"]["parcel"]) == ["P-004"]
    assert again.values["flow.total"] == pytest.approx(16.8 + 3.0)
    assert again.message == "finished; 2 of 3 turns of flow.line were rejected"
    assert [(one.payload[0].value()[0][:5], one.count) for one in letters()] == [("P-006", 2), ("P-009", 2)]
