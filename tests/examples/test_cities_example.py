"""Distances between cities against what geographers say, and cities that follow from their country."""

from __future__ import annotations

import queue

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.headless import run


@pytest.fixture
def text(examples) -> str:
    return (examples / "cities.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("there", "kilometres"),
    [(("Japan", "Tokyo"), 11_144), (("Portugal", "Porto"), 274), (("Brazil", "Rio de Janeiro"), 7_710)],
)
def test_the_distance_from_lisbon(text, there, kilometres):
    country, name = there
    changed = text.replace('country="Japan", name="Tokyo"', f'country="{country}", name="{name}"')
    result = run(changed)
    assert result.reason == "succeeded", result.message
    assert result.indicators["flow.way"].value == pytest.approx(kilometres, rel=0.002)
    assert result.indicators["flow.words"].text.startswith(f"{result.indicators['flow.way'].value:.0f} km, ")
    space = {"__name__": "plain"}
    exec(compile(changed, "cities.py", "exec"), space)
    here, other = space["city"](), space["city"](country, name)
    assert space["distance"](*here, *other) == result.indicators["flow.way"].value


def test_the_cities_follow_from_the_country(text, examples):
    engine = InProcess()
    offers = queue.Queue()
    try:
        for country in ("Japan", "Brazil"):
            values = {"country": repr(country)}
            engine.choices(text, str(examples / "cities.py"), "flow.there", "name", values, offers.put)
        entries = {offers.get(timeout=60).entries for _ in range(2)}
    finally:
        engine.close()
    assert entries == {("'Sapporo'", "'Tokyo'"), ("'Manaus'", "'Rio de Janeiro'")}
