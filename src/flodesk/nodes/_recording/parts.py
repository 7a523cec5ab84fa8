"""A recording that was split, read as one: after the last turn of a file comes the first of the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flodesk.nodes._recording.part_names import part_of, parts_of
from flodesk.nodes._recording.reading import BEGIN, Place, Recording, Row

_Open = Callable[[Path], Recording]
_Say = Callable[[str, str], None]


def with_parts(path: Path, opened: _Open, say: _Say) -> Recording:
    """Open a recording; of one that was split all its parts, as one.

    It is meant by the name that the recorder was given, or by that of its first part, if that says that it is the first
    one. By the name of another part that alone.

    Parameters
    ----------
    opened : callable
        Opens a file.
    say : callable
        Gets what is wrong with a part, and ``"warning"``.

    Raises
    ------
    FileNotFoundError
        There is no such file, and no part of that name.
    ValueError
        It is none that can be played.
    """
    whole, number = part_of(path)
    if not path.is_file():
        return Parts(path, {}, opened, say) if not number and parts_of(path) else opened(path)
    parts = parts_of(whole)
    if not number and (not parts or 1 in parts):
        return opened(path)  # the parts, if any, are those of another recording
    alone = opened(path)
    if "flodesk" not in alone.about or alone.about.get("part") != 1:
        return alone
    alone.close()
    return Parts(whole, {1: path}, opened, say)


class Parts:
    """The turns of all parts of a recording. One file is open at a time.

    Parameters
    ----------
    whole : Path
        The name without a number.
    first : mapping
        The first part by its number, where its name has none.
    opened, say : callable
        See `with_parts`.

    Attributes
    ----------
    values, others, timed, begins, length, ending, about
        See `flodesk.nodes._recording.reading.Recording`: what the first part with a turn says, and the time of all.
        What is wrong with a part is said when it is met, and those after it are played: the whole has no `ending`.
    """

    ending = ""

    def __init__(self, whole: Path, first: Mapping[int, Path], opened: _Open, say: _Say) -> None:
        self._whole, self._first, self._opened, self._tell = whole, first, opened, say
        self._said: set[str] = set()
        self._known: dict[int, Path] = {}
        self._at: tuple[int, Recording] | None = None
        numbers = self._numbers()
        part = next((part for part in map(self._part, numbers) if _has_turns(part)), _Unreadable())
        self.values, self.others, self.timed = part.values, part.others, part.timed
        self.about, self.begins, self.length = part.about, part.begins, part.length
        part = next((part for part in map(self._part, reversed(numbers)) if _has_turns(part)), part)
        self.length = max(self.length, part.begins + part.length - self.begins)

    def close(self) -> None:
        """Close the file that is open."""
        if self._at is not None:
            self._at[1].close()
        self._at = None

    def _numbers(self) -> list[int]:
        """Return the numbers of the parts that there are now: while it is recorded more come."""
        self._known |= parts_of(self._whole) | dict(self._first)
        return sorted(self._known)

    def _part(self, number: int) -> Recording:
        if self._at is None or self._at[0] != number:
            self.close()
            path = self._known[number]
            try:
                part = self._opened(path)
            except (OSError, ValueError) as error:
                self._say(f"{path.name} is left out: {error}")
                part = _Unreadable()
            self._at = number, part
        return self._at[1]

    def _say(self, text: str) -> None:
        """Say what is wrong, once."""
        if text not in self._said:
            self._said.add(text)
            self._tell(text, "warning")

    # -------------------------------------------------------------- reading
    def find(self, seconds: float) -> Place:
        """Return where the first turn stands that is not earlier than so many seconds after the first of all."""
        if seconds <= 0:
            return BEGIN
        numbers = self._numbers()
        low, high = 0, len(numbers) - 1
        while low < high:  # the last part that begins no later: the turn is in it, or the first of the next one
            middle = (low + high + 1) // 2
            if self._since(numbers[middle:]) <= seconds:
                low = middle
            else:
                high = middle - 1
        since = self._since(numbers[low:])
        return numbers[low], *self._part(numbers[low]).find(max(0.0, seconds - since))

    def _since(self, numbers: Sequence[int]) -> float:
        """Return how many seconds after the first turn of all the first of these parts begins that has turns."""
        begins = (part.begins for part in map(self._part, numbers) if _has_turns(part))
        return next(begins, inf) - self.begins if self.timed else 0.0

    def rows(self, columns: Sequence[str], place: Place) -> Iterator[Row]:
        """Give the turns from a place on, from one part to the next; a part that is missing is told.

        Raises
        ------
        LookupError
            A part has not all of the columns.
        """
        number = place[0]
        if number:
            yield from self._rows_of(number, columns, place[1:])
        while (following := next((n for n in self._numbers() if n > number), 0)) > 0:
            self._say_missing(number, following)
            yield from self._rows_of(following, columns, BEGIN)
            number = following

    def _rows_of(self, number: int, columns: Sequence[str], place: Place) -> Iterator[Row]:
        part, name = self._part(number), self._known[number].name
        if not _has_turns(part):
            return
        known = (*part.values, *part.others)
        if unknown := [column for column in columns if column not in known]:
            raise LookupError(
                f"{name} has no column {', '.join(map(repr, unknown))}, which came before it: it has "
                f"{', '.join(known)}; choose other columns"
            )
        since = self._since([number])
        self.length = max(self.length, since + part.length)
        for row in part.rows(columns, place):
            yield Row((number, *row.after), since + row.at, row.values)
        if part.ending:
            self._say(f"{name} is played up to where it is whole: {part.ending}")

    def _say_missing(self, before: int, number: int) -> None:
        """Say which parts are not there between two that are."""
        missing = range(before + 1, number)
        if missing:
            which = f"part {missing[0]} is" if len(missing) == 1 else f"parts {missing[0]} to {missing[-1]} are"
            self._say(f"of {self._whole.name} {which} missing: it goes on with {self._known[number].name}")


class _Unreadable:
    """In place of a part that cannot be read: one without turns."""

    values: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    begins = length = 0.0
    timed = False
    ending = ""
    about: Mapping[str, Any] = MappingProxyType({})

    def find(self, seconds: float) -> Place:
        """Return the start: there is no other place."""
        return BEGIN

    def rows(self, columns: Sequence[str], place: Place) -> Iterator[Row]:
        """Give nothing."""
        return iter(())

    def close(self) -> None:
        """Do nothing: there is no file."""


def _has_turns(part: Recording) -> bool:
    return part.length > 0 or next(part.rows(part.values, BEGIN), None) is not None
