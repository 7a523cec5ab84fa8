"""A dead letter: a turn of a loop that failed, with what its producer gave, to be looked at and put back."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flodesk.engine.codec import CodecError, decode, encode
from flodesk.engine.events import Failure
from flodesk.engine.inputs import summary

LARGEST_PAYLOAD = 64 << 20
"""Bytes of a payload that are kept; of a larger one only the words."""
LARGEST_INPUT = 1 << 20
"""Bytes of an input of the failed node that are kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A value as it is kept.

    Attributes
    ----------
    name : str
        Of a payload the loop whose producer gave it, of an input the parameter.
    summary, text : str
        What it is in a few words, and its ``repr``, shortened.
    head : object
        See `flodesk.engine.codec`; None where the value could not be kept.
    buffers : tuple of bytes
        The raw bytes beside it.
    why : str
        Why it could not be kept.
    """

    name: str
    summary: str
    text: str = ""
    head: Any = None
    buffers: tuple[bytes, ...] = field(default=(), repr=False)
    why: str = ""

    def value(self) -> Any:
        """Make the value again.

        Raises
        ------
        CodecError
            It was not kept, or it is of a class that this process does not know.
        """
        if self.head is None:
            raise CodecError(self.why or "it was not kept")
        return decode(self.head, self.buffers, copy=True)


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter.

    Attributes
    ----------
    id : int
        Its number in the store; 0 before it is there.
    time : float
        When it failed last, in s since 1970.
    run, path, flow : str
        The run, the flow's file and a hash of its text.
    function : str
        The function of the flow that was running.
    loop, iteration : str, int
        The loop (``function.node``, with the subflow's own function) whose turn failed; which turn, counted from 1.
    failure : Failure
        The node, the message, the user's own line, the inputs' summaries.
    payload : tuple of Kept
        What the producers of the loops around gave in that turn, the outermost first: each a tuple of values.
    inputs : tuple of Kept
        What the node was given.
    count : int
        How often it has failed: once, and again each time it was put back.
    host : str
        The machine of the worker that rejected it; empty where that was this one.
    size : int
        Its bytes in the store.
    """

    run: str
    path: str
    flow: str
    function: str
    loop: str
    iteration: int
    failure: Failure
    payload: tuple[Kept, ...]
    inputs: tuple[Kept, ...] = ()
    time: float = 0.0
    count: int = 1
    id: int = 0
    host: str = ""
    size: int = 0

    @property
    def returnable(self) -> bool:
        """True if it can be put back."""
        return bool(self.payload) and all(kept.head is not None for kept in self.payload)

    @property
    def why_not(self) -> str:
        """Why it cannot be put back; empty if it can."""
        return next((kept.why or "its payload was not kept" for kept in self.payload if kept.head is None), "")


def keep(name: str, value: Any, largest: int, *, words: Any = None) -> Kept:
    """Keep a value: encoded where that can be, else in words."""
    shown = value if words is None else words
    try:
        head, buffers = encode(value)
    except CodecError as error:
        return Kept(name, summary(shown), _text(shown), why=str(error))
    size = sum(memoryview(part).nbytes for part in buffers) + _size(head)
    if size > largest:
        why = f"it is too large to keep: {size / 1e6:,.0f} MB, and {largest / 1e6:,.0f} MB are kept at most"
        return Kept(name, summary(shown), _text(shown), why=why)
    return Kept(name, summary(shown), _text(shown), head, tuple(bytes(part) for part in buffers))


def keep_inputs(given: Iterable[tuple[str, Any]]) -> tuple[Kept, ...]:
    """Keep what a node was given."""
    return tuple(keep(name, value, LARGEST_INPUT) for name, value in given)


def keep_payload(loop: str, values: tuple[Any, ...]) -> Kept:
    """Keep what a producer gave in one turn: one value for each of its targets."""
    return keep(loop, values, LARGEST_PAYLOAD, words=values[0] if len(values) == 1 else values)


def _size(head: Any) -> int:
    """Return about how many bytes a head takes, without writing it."""
    if isinstance(head, dict):
        return sum(_size(part) + len(str(key)) for key, part in head.items())
    if isinstance(head, list | tuple):
        return sum(map(_size, head)) + 2
    return len(head) if isinstance(head, str) else 8


_SHORT = reprlib.Repr()
_SHORT.maxlevel = 4
_SHORT.maxdict = _SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxset = 40
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 2000


def _text(value: Any) -> str:
    try:
        return _SHORT.repr(value)[:4000]
    except Exception as error:  # noqa: BLE001 - a foreign class may raise in anything that it is asked
        return f"<{type(value).__name__} whose repr failed: {error}>"


def put_back_words(ids: Sequence[int]) -> str:
    """Say which letters a run gets back, in short: ``letters 1-3, 7 put back``."""
    spans: list[list[int]] = []
    for number in sorted(set(ids)):
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    numbers = ", ".join("-".join(map(str, span)) for span in spans)
    return f"letter{'' if len(set(ids)) == 1 else 's'} {numbers} put back" if spans else ""
