"""The probes of a session: rings of what ran through ports, and the answers about them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from flodesk.engine.answers import Send, answer_beside
from flodesk.engine.difference import NONE, difference
from flodesk.engine.in_full import in_full
from flodesk.engine.insight import Insight, insight
from flodesk.engine.kept_values import NotSavedError, save
from flodesk.engine.ring import Entry, Left, Moment, Ring, Room
from flodesk.engine.values import Buffers, encode
from flodesk.public import Trace

Pins = dict[str, dict[str, Entry]]


@dataclass(slots=True)
class _Shown:
    """The moment of the past that is looked at, and what there was then: it stays, whatever the rings forget."""

    at: list[Any]
    moment: Moment
    entries: dict[str, Entry] = field(default_factory=dict)

    def entry(self, name: str, ring: Ring) -> Entry | None:
        """Return the value of a port at that moment."""
        entry = ring.at(self.moment) or self.entries.get(name)
        if entry is not None:
            self.entries[name] = entry
        return entry


class Probes:
    """Holds the rings, and answers.

    Parameters
    ----------
    send : callable
        Takes (head, buffers) of each frame.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self.rings: dict[str, Ring] = {}
        self._pins: Pins = {}
        self._shown: _Shown | None = None
        self._began = perf_counter_ns()

    @property
    def names(self) -> frozenset[str]:
        """The ports that are probed."""
        return frozenset(self.rings)

    def set(self, rooms: Mapping[str, Any]) -> bool:
        """Probe these ports and no others, each with its room; returns whether other ones are probed than before."""
        rings: dict[str, Ring] = {}
        for name, data in rooms.items():
            room = Room.from_json(data)
            ring = rings[name] = self.rings.get(name) or Ring(room)
            ring.resize(room)
        other = rings.keys() != self.rings.keys()
        if other:
            self.rings = rings
            for pinned in self._pins.values():
                for gone in pinned.keys() - rings.keys():
                    del pinned[gone]
        return other

    def begin(self, now: int) -> None:
        """Begin the time anew, at `now` in ns: another run starts."""
        self._began = now
        self._shown = None

    # -------------------------------------------------------------- questions
    def look(self, q: int, seen: Mapping[str, Sequence[int]], at: Sequence[Any] | None) -> None:
        """Tell what the rings hold, and their values at a moment.

        Parameters
        ----------
        seen : mapping
            By the port: the number of the value that the client has, and how many had been taken when it asked last.
            Others are not told of; empty: all.
        at : [loop, turn, seconds] or None
            The moment; None for the newest.
        """
        answer_beside(self._send, q, "values", lambda: self._told(seen, self._look_at(at)))

    def pin(self, q: int, mark: str, at: Sequence[Any] | None, pinned: bool) -> None:
        """Keep the values of a moment under a mark, whatever the rings forget; or let them go."""
        self._pins.pop(mark, None)
        if pinned:
            shown = self._look_at(at)
            found = {
                name: ring.at(None) if shown is None else shown.entry(name, ring) for name, ring in self.rings.items()
            }
            self._pins[mark] = {name: entry for name, entry in found.items() if entry is not None}
        self._send({"f": "answer", "q": q}, [])

    def compare(self, q: int, name: str) -> None:
        """Tell the values of a port at the marks A and B, and the second minus the first."""

        def told() -> tuple[dict[str, Any], Buffers]:
            entries = [self._pins.get(mark, {}).get(name) for mark in ("A", "B")]
            sides, buffers = [], []
            for entry in entries:
                side, own = self._entry(entry) if entry is not None else (None, [])
                sides.append(side)
                buffers += own
            first, second = entries
            found = difference(first.value, second.value) if first is not None and second is not None else NONE
            if found is not NONE:
                head, own = encode(found)
                sides.append({"full": head, "own": len(own), "insight": insight(found).to_json()})
                buffers += own
            else:
                sides.append(None)
            return {"sides": sides}, buffers

        answer_beside(self._send, q, f"comparison of {name}", told)

    def text(self, q: int, name: str, number: int) -> None:
        """Tell all of one value in words."""

        def told() -> tuple[dict[str, Any], Buffers]:
            ring = self.rings.get(name)
            entries = ring.entries() if ring is not None else []
            pinned = [entries[name] for entries in self._pins.values() if name in entries]
            entry = next((entry for entry in (*entries, *pinned) if entry.number == number), None)
            return {"text": in_full(entry.value) if entry is not None else "The probe does not hold it any more"}, []

        answer_beside(self._send, q, f"text of {name}", told)

    def save(self, q: int, name: str, path: str) -> None:
        """Write what a ring holds to a file."""

        def told() -> tuple[dict[str, Any], Buffers]:
            ring = self.rings.get(name)
            try:
                return {"saved": save(ring.entries() if ring is not None else [], Path(path), self._began)}, []
            except NotSavedError as error:
                return {"error": str(error)}, []

        answer_beside(self._send, q, f"saving of {name}", told)

    # -------------------------------------------------------------- inner
    def _look_at(self, at: Sequence[Any] | None) -> _Shown | None:
        """Return what is held of a moment of the past, which may be the one that was looked at before; None for now."""
        shown = self._shown
        if at is None:
            shown = None
        elif shown is None or shown.at != list(at):
            shown = _Shown(list(at), self._moment(str(at[0]), int(at[1]), float(at[2])))
        self._shown = shown
        return shown

    def _moment(self, loop: str, turn: int, seconds: float) -> Moment:
        """Return the moment of a turn of a loop: when its last value came; of ``#port``, when its n-th value did."""
        found: list[int] = []
        for name, ring in self.rings.items():
            if loop and ring.loop == loop and (entry := ring.at(Moment(loop, turn, 0))) is not None:
                found.append(entry.at)
            elif loop == f"#{name}":
                found += [entry.at for entry in ring.entries() if entry.number == turn]
        return Moment(loop, turn, max(found, default=self._began + round(seconds * 1e9)))

    def _told(self, seen: Mapping[str, Sequence[int]], shown: _Shown | None) -> tuple[dict[str, Any], Buffers]:
        items: list[dict[str, Any]] = []
        buffers: Buffers = []
        for name, ring in self.rings.items():
            if seen and name not in seen:
                continue
            number, taken = seen.get(name, (0, -1))
            entries = ring.entries()
            item: dict[str, Any] = {"name": name, "taken": ring.taken, "count": len(entries), "bytes": ring.bytes}
            item["loop"], item["before"] = ring.loop, ring.before
            if entries:
                item["first"], item["last"] = self._place(entries[0]), self._place(entries[-1])
            entry = (entries[-1] if entries else None) if shown is None else shown.entry(name, ring)
            item["number"] = entry.number if entry is not None else 0
            if entry is not None and entry.number != number:
                item["entry"], own = self._entry(entry)
                buffers += own
            if ring.taken != taken and (trend := _trend(entries, ring.loop, self._began)) is not None:
                item["trend"], own = encode(trend)
                item["trend_own"] = len(own)
                buffers += own
            items.append(item)
        pins = {mark: {name: self._place(entry) for name, entry in found.items()} for mark, found in self._pins.items()}
        return {"items": items, "pins": pins}, buffers

    def _place(self, entry: Entry) -> list[Any]:
        return place_of(entry, self._began)

    def _entry(self, entry: Entry) -> tuple[dict[str, Any], Buffers]:
        value = entry.value
        if isinstance(value, Left):
            seen = Insight("any", "not kept", value.words, error=value.why)
            return {"at": self._place(entry), "full": {"t": "none"}, "own": 0, "insight": seen.to_json()}, []
        head, buffers = encode(value)
        told = {"at": self._place(entry), "full": head, "own": len(buffers), "insight": insight(value).to_json()}
        return told, buffers


def place_of(entry: Entry, began: int) -> list[Any]:
    """Return where a value stands: its number, its turn, and how many seconds after the beginning, in ns, it came."""
    return [entry.number, entry.turn, (entry.at - began) * 1e-9]


def _trend(entries: Sequence[Entry], loop: str, began: int) -> Trace | None:
    """Return the course of single numbers over the turns, outside of loops over the seconds; None of other values."""
    import numpy

    last = entries[-1].value if entries else None
    if not isinstance(last, int | float | numpy.number | numpy.bool_) or len(entries) < 2:
        return None
    x = [entry.turn if loop else (entry.at - began) * 1e-9 for entry in entries]
    y = [_as_number(entry.value) for entry in entries]
    return Trace(numpy.array(x, dtype=float), numpy.array(y, dtype=float))


def _as_number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
