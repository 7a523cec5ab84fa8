"""What a recording gives back: its columns, its turns in order with their times, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

Place = tuple[int, ...]
"""Where a turn stands in its file; only its recording knows how to read that."""
BEGIN: Place = (0, 0)


class Row(NamedTuple):
    """A turn that was recorded.

    Attributes
    ----------
    after : tuple of int
        Where the turn after it stands.
    at : float
        Its time in s since the first turn; 0 for all where the file has no times.
    values : tuple
        One a chosen column.
    """

    after: Place
    at: float
    values: tuple[Any, ...]


class Recording(Protocol):
    """A file that was recorded, open for reading.

    Attributes
    ----------
    values : tuple of str
        The columns that were recorded, in order.
    others : tuple of str
        Those that the recorder has added, such as ``time``.
    begins : float
        Time of the first turn in s, by whatever clock it has; 0 without one.
    length : float
        Time from the first turn to the last in s.
    timed : bool
        There are times in it.
    ending : str
        What is wrong with its end, in words; empty if it is whole. More may be found while it is read.
    about : mapping
        What the recorder has noted; empty where there is nothing of that.
    """

    values: tuple[str, ...]
    others: tuple[str, ...]
    begins: float
    length: float
    timed: bool
    ending: str
    about: Mapping[str, Any]

    def find(self, seconds: float) -> Place:
        """Return where the first turn stands that is not earlier than so many seconds after the first of all."""

    def rows(self, columns: Sequence[str], place: Place) -> Iterator[Row]:
        """Give the turns from a place on."""

    def close(self) -> None:
        """Close the file."""
