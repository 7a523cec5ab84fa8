"""The words for places, in the run bar and in the inspector; their own names stand in the files."""

from __future__ import annotations

from flodesk.flow.place_rules import LOCAL

WORDS = {"rq": "Redis queue", "dask": "Dask cluster", "process": "Worker process"}
RUN_ON = (("This machine", LOCAL), (WORDS["rq"], "rq"), (WORDS["dask"], "dask"))
"""Where a run can be, of the places that flodesk brings."""
WITH_ITS_RUN = "As the run"
"""Of a node of which nothing else is said."""


def place_words(place: str) -> str:
    """Return the words for where a node runs; one of another package, or of the file alone, has its own name."""
    if place in ("", LOCAL):
        return WITH_ITS_RUN
    kind, _, queue = place.partition(":")
    return f"{WORDS[kind]} “{queue}”" if queue and kind in WORDS else WORDS.get(place, place)


def card_words(place: str) -> str:
    """Return the words for a place on a card; one with a queue of its own is as in the file, to be short."""
    return WORDS.get(place, place)
