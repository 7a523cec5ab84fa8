# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work"]
#
# [tool.flodesk.canvas.flow]
# here = [0, -120]
# there = [0, 120]
# far = [280, 0]
# way = [560, -100]
# told = [560, 80]
# words = [840, 80]
#
# [tool.flodesk.panel.flow]
# way = [0, 0, 6, 3]
# words = [6, 0, 6, 3]
# ///
"""How far is it from here to there? Choose another country in the inspector: the list of its cities follows."""

import math
from typing import Annotated, Literal, NamedTuple

import flodesk
from flodesk import Choices, Unit
from flodesk.nodes import show, text

CITIES = {
    "Brazil": {"Manaus": (-3.12, -60.02), "Rio de Janeiro": (-22.91, -43.17)},
    "Japan": {"Sapporo": (43.06, 141.35), "Tokyo": (35.68, 139.69)},
    "Portugal": {"Lisbon": (38.72, -9.14), "Porto": (41.15, -8.61)},
}


class Spot(NamedTuple):
    """A place on the earth in degrees: north and east are positive."""

    latitude: float
    longitude: float


def cities(country: str) -> list[str]:
    """Name the cities of a country."""
    return sorted(CITIES[country])


def city(
    country: Literal["Brazil", "Japan", "Portugal"] = "Portugal",
    name: Annotated[str, Choices(cities, after="country")] = "Lisbon",
) -> Spot:
    """Find a city."""
    return Spot(*CITIES[country][name])


def distance(
    latitude: float, longitude: float, to_latitude: float, to_longitude: float
) -> Annotated[float, Unit("km")]:
    """Measure along a great circle of the earth, whose radius is 6371 km."""
    here, there = math.radians(latitude), math.radians(to_latitude)
    turn = math.radians(to_longitude - longitude)
    cosine = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(turn)
    return 6371.0 * math.acos(min(1.0, max(-1.0, cosine)))


def flow():
    here = city()
    there = city(country="Japan", name="Tokyo")
    far = distance(here.latitude, here.longitude, there.latitude, there.longitude)
    way = show.number(far, title="As the crow flies", unit="km", digits=5)
    told = text.template("{{ far | round | int }} km, {{ (far / 900) | round(1) }} h by plane", far=far)
    words = show.text(told, title="In words")


if __name__ == "__main__":
    flodesk.main(flow)
