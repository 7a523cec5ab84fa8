"""The last values of a flow on disk, so that one node of it can be run tomorrow without all the others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from flodesk.engine.cache.shelf import Shelf
from flodesk.engine.codec import CodecError, digest
from flodesk.engine.part import Kept, Remembered, keep_values
from flodesk.engine.plan import Plan


def store_last(shelf: Shelf, path: str, plans: Iterable[Plan]) -> list[str]:
    """Store the values that the functions of a run have left; returns those that have no form on disk.

    Raises
    ------
    OSError
        The disk is full, or the folder is gone.
    """
    left: dict[str, Kept] = {}
    plans = list(plans)
    keep_values(left, plans)
    # a part makes an object anew that is not there, so nobody has to be told of it
    made = {
        (p.function, name) for p in plans for item in p.items.values() if item.kind == "make" for name in item.binds
    }
    refused = []
    for function, values in left.items():
        for name, remembered in values.items():
            try:
                shelf.put(_key(path, function, name), remembered.value, {"stamp": remembered.stamp})
            except CodecError:
                if (function, name) not in made:
                    refused.append(f"{function}.{name}")
    return refused


def fetch_last(shelf: Shelf, path: str, function: str, name: str) -> Remembered | None:
    """Return a value that an earlier run of the file has left; None if there is none."""
    stored = shelf.get(_key(path, function, name))
    return Remembered(stored.value, int(stored.facts["stamp"])) if stored is not None else None


def _key(path: str, function: str, name: str) -> str:
    return digest(["last", str(Path(path).resolve()) if path else "", function, name])
