"""What goes through the socket of a worker: values, each with its head and with the places of its buffers.

A buffer lies in the frame itself or in a slot of shared memory.
"""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flodesk.engine.codec import decode, encode
from flodesk.engine.events import Failure
from flodesk.engine.places.processes.pool import BIG

INTERRUPT, RAISE = b"i", b"x"
"""What a worker's standard input says: the job is to stop; an exception is to go into it."""

Where = list[Any]
"""``[number]`` of a buffer of the frame, or ``[slot, offset, size]``."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value on its way through a process that hands it on: it needs to know nothing of what it is."""

    head: Any
    parts: Sequence[Any]


class Reads:
    """A socket that `flodesk.engine.link.read_frame` can read from."""

    def __init__(self, sock: socket.socket) -> None:
        self.read = sock.recv


def wrap(value: Any, buffers: list[Any], big: Callable[[memoryview], Where]) -> dict[str, Any]:
    """Encode a value into a frame; `big` finds a place for each big buffer.

    Raises
    ------
    CodecError
        It has no form.
    """
    head, parts = (value.head, value.parts) if isinstance(value, Encoded) else encode(value, with_models=True)
    if not parts:
        return {"h": head}
    places = []
    for part in parts:
        view = memoryview(part)
        if view.nbytes >= BIG:
            places.append(big(view))
        else:
            buffers.append(part)
            places.append([len(buffers) - 1])
    return {"h": head, "p": places}


def unwrap(
    parcel: Mapping[str, Any],
    buffers: Sequence[Any],
    small: Callable[[Any], Any],
    big: Callable[[str, int, int], Any],
) -> Any:
    """Make the value again.

    Parameters
    ----------
    small : callable
        Makes a copy of a buffer of the frame: in the frame nothing lies where the processor wants it.
    big : callable
        Takes (slot, offset, size) and gives the bytes.
    """
    parts = [small(buffers[place[0]]) if len(place) == 1 else big(*place) for place in parcel.get("p", ())]
    return decode(parcel["h"], parts, with_models=True)


def failure_to_json(failed: Failure) -> dict[str, Any]:
    """Return a failure as plain JSON values."""
    return dataclasses.asdict(failed)


def failure_from_json(data: Mapping[str, Any]) -> Failure:
    """Make it again."""
    inputs = tuple((str(name), str(said)) for name, said in data["inputs"])
    return Failure(**{**data, "inputs": inputs, "way": tuple(map(str, data["way"]))})
