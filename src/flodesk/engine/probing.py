"""The questions about values, and the probes, as every client of an engine has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flodesk.engine.asking import Questions
from flodesk.engine.insight import Insight
from flodesk.engine.ring import Room
from flodesk.engine.values import decode
from flodesk.indicators.as_text import Text

At = tuple[str, int, float]
"""A moment: the loop (``function.loop``), its turn, and the seconds since the run began."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value of the past stands: its number, the turn of its loop, seconds since the run began."""

    number: int = 0
    turn: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that a probe holds, as the screen needs it; `place` is None for a difference of two."""

    value: Any
    insight: Insight
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a probe holds.

    Attributes
    ----------
    taken, count, bytes : int
        How many values there were in all, how many are still held, and what they take.
    before : int
        How many of all came before this run.
    loop : str
        The loop whose turns are counted; empty outside of loops.
    first, last : Place
        Of the oldest and the newest value.
    number : int
        The value that was there at the moment that was asked about; 0 for none.
    kept : Kept or None
        That value, if it is another one than that which was asked with.
    trend : Trace or None
        The course of single numbers, if there are new ones.
    """

    taken: int = 0
    count: int = 0
    bytes: int = 0
    before: int = 0
    loop: str = ""
    first: Place = Place()
    last: Place = Place()
    number: int = 0
    kept: Kept | None = None
    trend: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What `Probing.look` tells: by the port, and where the marks A and B stand. `error` says why there is nothing."""

    held: Mapping[str, Held]
    pins: Mapping[str, Mapping[str, Place]]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """What `Probing.rows` tells: a pandas DataFrame, how many rows there are in this order, and in all; or why not."""

    part: Any = None
    total: int = 0
    whole: int = 0
    error: str = ""


class Probing:
    """A client that can look closely at values, and keep their past. `_steer` brings a command to the engine."""

    _questions: Questions
    _probes: Mapping[str, Room]

    def _steer(self, command: dict[str, Any]) -> None:
        raise NotImplementedError

    def examine(self, name: str, told: Callable[[Insight], None]) -> None:
        """Look closely at the newest value of a port; `told` gets it on the client's reader thread.

        Parameters
        ----------
        name : str
            ``function.variable`` or ``function.variable.field``.
        """
        self._questions.ask(self._steer, {"c": "examine", "name": name}, lambda head, _: told(_insight(head)))

    def weigh(self, names: Sequence[str], told: Callable[[Mapping[str, int]], None]) -> None:
        """Ask how many bytes the newest values of ports take; `told` gets those that are cheaply known."""
        command = {"c": "weigh", "names": list(names)}
        self._questions.ask(
            self._steer, command, lambda head, _: told({n: int(s) for n, s in head.get("weights", {}).items()})
        )

    def rows(
        self,
        name: str,
        start: int,
        count: int,
        sort: tuple[int, bool] | None,
        find: str,
        told: Callable[[Rows], None],
        of: Mapping[str, Any] | None = None,
    ) -> None:
        """Ask for rows of the table that a port has; `told` gets them on the client's reader thread.

        Parameters
        ----------
        name : str
            ``function.variable``.
        start, count : int
            Which rows of the order; at most 500 come at once.
        sort : tuple of int and bool, optional
            The number of the column that they are sorted by, and whether the greatest comes first.
        find : str
            Only rows with this text in one of their cells; empty: all.
        of : mapping, optional
            Which value is meant, see `flodesk.engine.recalling`; by default the newest.
        """
        command = {"c": "rows", "name": name, "start": start, "count": count, "sort": sort and list(sort), "find": find}
        command["of"] = dict(of or {})
        self._questions.ask(self._steer, command, lambda head, buffers: told(_rows(head, buffers)))

    def give(self, name: str, path: str, told: Callable[[int, str], None], of: Mapping[str, Any] | None = None) -> None:
        """Write all of what a port has to a file, CSV or Parquet by its ending; `of` says which value, as for `rows`.

        `told` gets the number of rows, and why it was not written, on the client's reader thread.
        """
        command = {"c": "give", "name": name, "path": path, "of": dict(of or {})}
        self._questions.ask(
            self._steer, command, lambda head, _: told(int(head.get("written", 0)), str(head.get("error", "")))
        )

    def text(
        self,
        name: str,
        how: Mapping[str, Any],
        told: Callable[[Text, str], None],
        of: Mapping[str, Any] | None = None,
    ) -> None:
        """Ask for what a port has as text; `how` is as `flodesk.indicators.as_text.text_as` takes it.

        `told` gets it, and why there is none, on the client's reader thread.
        """
        command = {"c": "text", "name": name, "how": dict(how), "of": dict(of or {})}
        self._questions.ask(self._steer, command, lambda head, own: told(_text(head, own), str(head.get("error", ""))))

    def set_probes(self, rooms: Mapping[str, Room]) -> None:
        """Keep the last values of these ports, and of no others, each in its room."""
        self._probes = dict(rooms)
        self._steer(probes_command(self._probes))

    def look(self, seen: Mapping[str, tuple[int, int]], told: Callable[[Answer], None], at: At | None = None) -> None:
        """Ask what the probes hold; `told` gets it on the client's reader thread.

        Parameters
        ----------
        seen : mapping
            By the port: the number of the value that is known, and how many had been taken at the last answer. Others
            are not told of; empty: all.
        at : At, optional
            The moment; by default the newest.
        """
        command = {"c": "look", "seen": {name: list(pair) for name, pair in seen.items()}, "at": at and list(at)}
        self._questions.ask(self._steer, command, lambda head, buffers: told(_answer(head, buffers)))

    def pin(self, mark: str, at: At | None, told: Callable[[], None], *, pinned: bool = True) -> None:
        """Keep what all probes hold at a moment under a mark, ``A`` or ``B``; or let it go."""
        command = {"c": "pin", "mark": mark, "at": at and list(at), "pinned": pinned}
        self._questions.ask(self._steer, command, lambda head, buffers: told())

    def compare(self, name: str, told: Callable[[tuple[Kept | None, ...]], None]) -> None:
        """Ask for the values of a port at A and at B, and the second minus the first; None for each that is not."""
        command = {"c": "compare", "name": name}
        self._questions.ask(self._steer, command, lambda head, buffers: told(_sides(head, buffers)))

    def text_of(self, name: str, number: int, told: Callable[[str], None]) -> None:
        """Ask for all of one value that a probe holds, in words."""
        command = {"c": "text_of", "name": name, "number": number}
        self._questions.ask(self._steer, command, lambda head, _: told(str(head.get("text") or head.get("error"))))

    def save_probe(self, name: str, path: str, told: Callable[[int, str], None]) -> None:
        """Write what a probe holds to a file where the engine is; `told` gets how many values, or why there is none."""
        command = {"c": "save_probe", "name": name, "path": path}

        def answer(head: Mapping[str, Any], _: Sequence[Any]) -> None:
            told(int(head.get("saved", 0)), str(head.get("error", "")))

        self._questions.ask(self._steer, command, answer)


def probes_command(rooms: Mapping[str, Room]) -> dict[str, Any]:
    """Return the command that sets the probes."""
    return {"c": "probes", "probes": {name: [room.values, room.bytes] for name, room in rooms.items()}}


def _insight(head: Mapping[str, Any]) -> Insight:
    return Insight(error=str(head["error"])) if "error" in head else Insight.from_json(head["insight"])


def _place(data: Sequence[Any]) -> Place:
    number, turn, seconds = data
    return Place(int(number), int(turn), float(seconds))


def _kept(data: Mapping[str, Any], buffers: Sequence[Any]) -> Kept:
    place = _place(data["at"]) if "at" in data else None
    return Kept(decode(data["full"], buffers), Insight.from_json(data["insight"]), place)


def _answer(head: Mapping[str, Any], buffers: Sequence[Any]) -> Answer:
    if "error" in head:
        return Answer({}, {}, str(head["error"]))
    held: dict[str, Held] = {}
    start = 0
    for item in head["items"]:
        kept = trend = None
        if "entry" in item:
            kept = _kept(item["entry"], buffers[start : start + item["entry"]["own"]])
            start += item["entry"]["own"]
        if "trend" in item:
            trend = decode(item["trend"], buffers[start : start + item["trend_own"]])
            start += item["trend_own"]
        first, last = (_place(item[end]) if end in item else Place() for end in ("first", "last"))
        taken, count, size, before = (int(item[name]) for name in ("taken", "count", "bytes", "before"))
        held[str(item["name"])] = Held(
            taken, count, size, before, str(item["loop"]), first, last, int(item["number"]), kept, trend
        )
    pins = {mark: {name: _place(data) for name, data in found.items()} for mark, found in head["pins"].items()}
    return Answer(held, pins)


def _sides(head: Mapping[str, Any], buffers: Sequence[Any]) -> tuple[Kept | None, ...]:
    found: list[Kept | None] = []
    start = 0
    for side in head.get("sides", (None, None, None)):
        found.append(_kept(side, buffers[start : start + side["own"]]) if side is not None else None)
        start += side["own"] if side is not None else 0
    return tuple(found)


def _text(head: Mapping[str, Any], buffers: Sequence[Any]) -> Text:
    if "error" in head:
        return Text()
    text = bytes(buffers[0]).decode(errors="surrogatepass")
    return Text(text, int(head["rows"]), int(head["total"]))


def _rows(head: Mapping[str, Any], buffers: Sequence[Any]) -> Rows:
    if "error" in head:
        return Rows(error=str(head["error"]))
    return Rows(decode(head["part"], buffers), int(head["total"]), int(head["whole"]))
