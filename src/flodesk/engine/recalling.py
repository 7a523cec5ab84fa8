"""The questions about the past of what the panel shows, and about parts of it, as every client has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flodesk.engine.asking import Questions
from flodesk.engine.probing import At, Place
from flodesk.engine.values import decode
from flodesk.indicators import Lines, Trace

Of = Mapping[str, Any]
"""Which value of a port is meant: ``mark`` of a view that stands still, ``number`` of the past, or when it was
``made``, in ns; empty: the newest."""


@dataclass(frozen=True, slots=True)
class Span:
    """What is held of a loop: the first and the last turn, and how many views have values of it."""

    first: Place
    last: Place
    views: int


@dataclass(frozen=True, slots=True)
class Course:
    """What `Recalling.course` tells.

    Attributes
    ----------
    spans : mapping
        By the loop (``function.loop``).
    bytes, most : int
        What is held, and what may be.
    turns, seconds : array
        Of the loop that was asked about: its turns, and when each was, in s since the run began; None without one.
    error : str
        Why there is nothing.
    """

    spans: Mapping[str, Span] = field(default_factory=dict)
    bytes: int = 0
    most: int = 0
    turns: Any = None
    seconds: Any = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Recalled:
    """The values of a moment: where each stands, those that are other ones than known, and why others are not held."""

    places: Mapping[str, Place] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Closer:
    """A part of a curve.

    Attributes
    ----------
    trace : Trace
        Its samples, one more at both ends.
    count : int
        How many samples there are between the two places.
    every : bool
        Whether all of them are here.
    sums : tuple of float or None
        Count, mean, RMS, deviation, lowest and highest of all finite samples between the places, here or not.
    """

    trace: Trace
    count: int
    every: bool
    sums: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Zoomed:
    """What `Recalling.zoom` tells: a part of each curve; or why not."""

    parts: tuple[Closer, ...] = ()
    error: str = ""


class Recalling:
    """A client that can look at the past of the panel. `_steer` brings a command to the engine."""

    _questions: Questions
    _holding: dict[str, Any]

    def _steer(self, command: dict[str, Any]) -> None:
        raise NotImplementedError

    def hold(self, names: Sequence[str], most: int) -> None:
        """Hold the past of these ports, and of no others: in all at most so many bytes."""
        self._holding = hold_command(names, most)
        self._steer(self._holding)

    def course(self, told: Callable[[Course], None], loop: str = "") -> None:
        """Ask which turns are held; `told` gets it on the client's reader thread.

        Parameters
        ----------
        loop : str
            Tell of this one when each turn was.
        """
        self._questions.ask(self._steer, {"c": "course", "loop": loop}, lambda head, own: told(_course(head, own)))

    def recall(self, names: Sequence[str], at: At, seen: Mapping[str, int], told: Callable[[Recalled], None]) -> None:
        """Ask for the values that ports had at a moment; `told` gets them on the client's reader thread.

        Parameters
        ----------
        at : At
            A loop, its turn, and the seconds since the run began, which count where there is no such turn.
        seen : mapping
            The numbers of the values that are known by the port: these do not come again.
        """
        command = {"c": "recall", "names": list(names), "at": list(at), "seen": dict(seen)}
        self._questions.ask(self._steer, command, lambda head, own: told(_recalled(head, own)))

    def still(self, mark: str, name: str, of: Of, *, on: bool = True) -> None:
        """Hold on to a value for as long as the view `mark` stands still."""
        self._steer({"c": "still", "mark": mark, "name": name, "of": dict(of), "on": on})

    def zoom(
        self, name: str, of: Of, left: float, right: float, told: Callable[[Zoomed], None], *, whole: bool = False
    ) -> None:
        """Ask for the part of curves between two places of their axis; `told` gets it on the reader thread.

        Up to 10,000 samples of a curve come as they are; of more, those that look the same, unless `whole` is asked.
        """
        command = {"c": "zoom", "name": name, "of": dict(of), "left": left, "right": right, "whole": whole}
        self._questions.ask(self._steer, command, lambda head, own: told(_zoomed(head, own)))

    def lines(self, name: str, of: Of, start: int, count: int, told: Callable[[Lines | None], None]) -> None:
        """Ask for lines of a log from the one on before which there were `start`; None where there is no log."""
        command = {"c": "lines", "name": name, "of": dict(of), "start": start, "count": count}
        self._questions.ask(
            self._steer, command, lambda head, own: told(decode(head["part"], own) if "part" in head else None)
        )


def hold_command(names: Sequence[str], most: int) -> dict[str, Any]:
    """Return the command that says what is held."""
    return {"c": "hold", "names": sorted(names), "most": most}


def _place(data: Sequence[Any]) -> Place:
    return Place(int(data[0]), int(data[1]), float(data[2]))


def _course(head: Mapping[str, Any], buffers: Sequence[Any]) -> Course:
    import numpy

    if "error" in head:
        return Course(error=str(head["error"]))
    spans = {str(loop): Span(_place(a), _place(b), int(views)) for loop, (a, b, views) in head["spans"].items()}
    turns = seconds = None
    if len(buffers) == 2:
        turns, seconds = (numpy.frombuffer(bytes(part), dtype=float) for part in buffers)
    return Course(spans, int(head["bytes"]), int(head["most"]), turns, seconds)


def _recalled(head: Mapping[str, Any], buffers: Sequence[Any]) -> Recalled:
    if "error" in head:
        return Recalled(error=str(head["error"]))
    places: dict[str, Place] = {}
    values: dict[str, Any] = {}
    gone: dict[str, str] = {}
    start = 0
    for item in head["items"]:
        name, own = str(item["name"]), int(item["own"])
        places[name] = _place(item["at"])
        if "why" in item:
            gone[name] = str(item["why"])
        if "full" in item:
            values[name] = decode(item["full"], buffers[start : start + own])
        start += own
    return Recalled(places, values, gone)


def _zoomed(head: Mapping[str, Any], buffers: Sequence[Any]) -> Zoomed:
    if "error" in head:
        return Zoomed(error=str(head["error"]))
    found = []
    start = 0
    for item in head["traces"]:
        arrays = []
        for part in item["parts"]:
            arrays.append(decode(part["full"], buffers[start : start + part["own"]]))
            start += part["own"]
        sums = tuple(map(float, item["sums"])) if item["sums"] is not None else None
        trace = Trace(arrays[0], arrays[1], str(item["name"]), str(item["unit"]))
        found.append(Closer(trace, int(item["count"]), bool(item["every"]), sums))
    return Zoomed(tuple(found))


__all__ = ["Closer", "Course", "Of", "Recalled", "Recalling", "Span", "Zoomed", "hold_command"]
