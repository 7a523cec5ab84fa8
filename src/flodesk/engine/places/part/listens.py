"""What has a job on a worker, and hears what that says; what it cannot take ends its call with an error."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from redis.exceptions import RedisError

from flodesk.engine.places.server.going_on import in_words


class Listens(Protocol):
    """A function that has a hosting: its seat."""

    def there(self) -> None:
        """Take note that a worker has begun."""

    def heard(self, head: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        """Take a frame."""

    def wanted_of(self, head: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Return those parcels of an answer that are wanted here."""

    def left(self, why: str) -> None:
        """Take note that the hosting is over; `why` if its worker did not end it in order."""

    def waits(self, seconds: float) -> None:
        """Take note that no worker has begun for so long."""

    def look(self) -> None:
        """Send what could not be sent."""

    def garbled(self, why: str) -> None:
        """Take note that something about its call cannot be taken: the call is over with that error."""

    @property
    def busy(self) -> bool:
        """Whether it waits for an answer."""


@contextlib.contextmanager
def ending(seat: Listens) -> Iterator[None]:
    """Make what raises in this block the end of the call of a seat: nobody else would end it.

    Raises
    ------
    RedisError
        The server does not answer, which is left to whoever waits for it.
    """
    try:
        yield
    except RedisError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is
        seat.garbled(in_words(error))


def cannot_be_taken(why: str) -> str:
    """Say that something about a call cannot be taken here."""
    return f"what its worker says of it, or is to be told, cannot be taken here: {why}. Run the node on this machine"
