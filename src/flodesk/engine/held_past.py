"""The past of what the panel shows: rings of values by reference, and the answers about them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter_ns
from typing import Any

from flodesk.engine.answers import Send, answer_beside
from flodesk.engine.calls import UNBOUND
from flodesk.engine.past_values import Budget, PastValues, Raw
from flodesk.engine.probes import place_of
from flodesk.engine.ring import Entry, Left, Moment
from flodesk.engine.values import Buffers, encode

MOST_BYTES = 64_000_000
Of = Mapping[str, Any]
"""Which value of a port is meant: ``mark`` of a view that stands still, ``number`` of the past, or when it was
``made``, in ns; empty: the newest."""


@dataclass(slots=True)
class _Shown:
    """The moment that is looked at, and what there was then: it stays, whatever the rings let go."""

    at: list[Any]
    moment: Moment
    entries: dict[str, Entry] = field(default_factory=dict)


class HeldPast:
    """Holds the rings of what the panel shows.

    Parameters
    ----------
    send : callable
        Takes (head, buffers) of each frame.
    running : callable
        Says whether a run is on.
    """

    def __init__(self, send: Send, running: Callable[[], bool]) -> None:
        self._send = send
        self._running = running
        self._budget = Budget(MOST_BYTES)
        self.rings: dict[str, PastValues] = {}
        self._shown: _Shown | None = None
        self._still: dict[str, tuple[str, Any]] = {}
        """What stands still on the panel: by the view, the port and the value."""
        self._began = perf_counter_ns()

    @property
    def names(self) -> frozenset[str]:
        """The ports whose past is held."""
        return frozenset(self.rings)

    def hold(self, names: Sequence[str], most: int) -> bool:
        """Hold the past of these ports and no others, `most` bytes in all; returns whether they are other ones."""
        self._budget.most = max(0, most)
        wanted = names if most > 0 else ()
        if set(wanted) == self.rings.keys():
            return False
        self.rings = {name: self.rings.get(name) or PastValues(self._budget) for name in wanted}
        self._budget.rings = tuple(self.rings.values())
        return True

    def begin(self, now: int) -> None:
        """Begin the time anew, at `now` in ns: another run starts, and of the one before nothing is held any more."""
        self._began = now
        self._shown = None
        self._still.clear()

    # -------------------------------------------------------------- questions
    def course(self, q: int, loop: str = "") -> None:
        """Tell from which turn to which each loop is held, and of one of them when each of its turns was."""
        answer_beside(self._send, q, "course", lambda: self._course(loop))

    def recall(self, q: int, names: Sequence[str], at: Sequence[Any], seen: Mapping[str, int]) -> None:
        """Tell the values that ports had at a moment, of those of which another one is known than that."""
        answer_beside(self._send, q, "past", lambda: self._recalled(names, at, seen))

    def still(self, mark: str, name: str, of: Of, on: bool, value: Any = UNBOUND) -> None:
        """Hold on to what a view shows for as long as it stands still, or let it go; `value` is it, where known."""
        self._still.pop(mark, None)
        found = self.find(name, of) if on and value is UNBOUND else None
        if on and (found is not None or value is not UNBOUND):
            self._still[mark] = (name, found.value if found is not None else value)

    def find(self, name: str, of: Of) -> Entry | None:
        """Return a value that is held; None where it is not."""
        if mark := str(of.get("mark", "")):
            kept = self._still.get(mark)
            return Entry(0, 0, 0, kept[1], 0) if kept is not None and kept[0] == name else None
        ring, number = self.rings.get(name), int(of.get("number", 0))
        shown = self._shown.entries.get(name) if self._shown is not None else None
        if number:
            if shown is not None and shown.number == number:
                return shown
            raws = ring.raws() if ring is not None else []
            place = number - raws[0][0] if raws else -1
            return Entry(*raws[place][:5]) if 0 <= place < len(raws) else None
        made = int(of.get("made", 0))
        return ring.at(Moment("", 0, made)) if ring is not None and made > 0 else None

    # -------------------------------------------------------------- inner
    def _course(self, loop: str) -> tuple[dict[str, Any], Buffers]:
        import numpy

        ends: dict[str, list[tuple[Entry, Entry]]] = {}
        longest: list[Raw] = []
        for ring in self.rings.values():
            raws = ring.raws()
            if raws and ring.loop:
                ends.setdefault(ring.loop, []).append((Entry(*raws[0][:5]), Entry(*raws[-1][:5])))
            if ring.loop == loop and len(raws) > len(longest):
                longest = raws
        told: dict[str, Any] = {
            "spans": {name: self._span(found) for name, found in ends.items()},
            "bytes": self._budget.bytes,
            "most": self._budget.most,
        }
        buffers: Buffers = []
        if loop and longest:
            turns = numpy.array([raw[1] for raw in longest], dtype=float)
            times = (numpy.array([raw[2] for raw in longest], dtype=numpy.int64) - self._began) * 1e-9
            buffers = [turns.view(numpy.uint8).data, times.view(numpy.uint8).data]
        return told, buffers

    def _span(self, ends: Sequence[tuple[Entry, Entry]]) -> list[Any]:
        """Return the first and the last turn that views of a loop have, and how many views these are.

        The turn that is on has given some of its values already: the last one is that which all have made.
        """
        first = min((one for one, _ in ends), key=lambda entry: entry.turn)
        last = max((one for _, one in ends), key=lambda entry: entry.turn)
        if self._running():
            last = min((one for _, one in ends if one.turn >= last.turn - 1), key=lambda entry: entry.turn)
        return [place_of(first, self._began), place_of(last, self._began), len(ends)]

    def _recalled(
        self, names: Sequence[str], at: Sequence[Any], seen: Mapping[str, int]
    ) -> tuple[dict[str, Any], Buffers]:
        shown = self._shown
        if shown is None or shown.at != list(at):
            shown = self._shown = _Shown(list(at), self._moment(str(at[0]), int(at[1]), float(at[2])))
        items: list[dict[str, Any]] = []
        buffers: Buffers = []
        for name in names:
            ring = self.rings.get(name)
            entry = (ring.at(shown.moment) if ring is not None else None) or shown.entries.get(name)
            if entry is None:
                continue
            shown.entries[name] = entry
            item: dict[str, Any] = {"name": name, "at": place_of(entry, self._began), "own": 0}
            if isinstance(entry.value, Left):
                item["why"] = entry.value.why
            elif seen.get(name) != entry.number:
                item["full"], own = encode(entry.value)
                item["own"] = len(own)
                buffers += own
            items.append(item)
        return {"items": items}, buffers

    def _moment(self, loop: str, turn: int, seconds: float) -> Moment:
        """Return the moment of a turn of a loop: when its last value came; of a time, if there is no such turn."""
        ends: list[int] = []
        for ring in self.rings.values():
            if loop and ring.loop == loop:
                raws = ring.raws()
                place = bisect_right(raws, turn, key=_turn_of)
                if place:
                    ends.append(raws[place - 1][2])
        return Moment(loop, turn, max(ends, default=self._began + round(seconds * 1e9)))


def _turn_of(raw: Raw) -> int:
    return raw[1]


__all__ = ["MOST_BYTES", "HeldPast", "Of"]
