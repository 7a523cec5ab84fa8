"""Which value of a node there is no room for: it is larger than may travel, or than what its server has left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redis.exceptions import RedisError

from flodesk.engine.events import Failure
from flodesk.engine.places.server.refusals import no_room

ROOM_SECONDS = 3.0
"""For so long a value waits for room on a server that has none."""


def too_large(parcels: Mapping[str, Any], big: Mapping[str, Any], most: float) -> Failure | None:
    """Say which value is too large to travel; None if there is none.

    Parameters
    ----------
    parcels, big : mapping
        The values by their names, and their large buffers by hash.
    most : float
        Bytes that a value may have.
    """
    for name, size in _sizes(parcels, big).items():
        if size > most:
            said = (
                f"“{name}” takes {size / 1e6:.0f} MB; {most / 1e6:.0f} MB go over the server at most (megabytes in "
                "[queue] of settings.toml). Or run the node and what reads it in one place"
            )
            return Failure("", "CannotTravelError", said)
    return None


def without_room(parcels: Mapping[str, Any], big: Mapping[str, Any], url: str, error: RedisError) -> Failure:
    """Say which value its server has no room for: the largest of them."""
    sizes = _sizes(parcels, big)
    name = max(sizes, key=lambda each: sizes[each], default="")
    what = f"“{name}” takes {sizes[name] / 1e6:.1f} MB, and there is no room for it. " if name else ""
    return Failure("", "PlaceError", f"{what}{no_room(url, error)}. Then run the flow again")


def _sizes(parcels: Mapping[str, Any], big: Mapping[str, Any]) -> dict[str, int]:
    """Return how many bytes each value has in large buffers."""
    return {
        name: sum(memoryview(big[place[0]]).nbytes for place in parcel.get("p", ()) if len(place) == 3)
        for name, parcel in parcels.items()
    }
