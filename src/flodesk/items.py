"""A function for each item of something, or of several things, where an item that fails is skipped or collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Any, Literal, NamedTuple

from flodesk.run_context import context

OnItemError = Literal["fail", "skip", "collect"]
NAMED = 10
"""So many items that have failed are named in the log, and the others counted."""


class ItemError(NamedTuple):
    """An item for which a function has raised.

    Attributes
    ----------
    item : int
        Its number, from 1.
    error : str
        The class of what was raised.
    message : str
        What that says.
    """

    item: int
    error: str
    message: str

    @classmethod
    def of(cls, item: int, error: BaseException) -> ItemError:
        """Note down what was raised."""
        return cls(item, type(error).__name__, str(error))


class Collected(NamedTuple):
    """The results in the order of their items, without those that failed, and these beside."""

    results: list[Any]
    errors: list[ItemError]


class Share(NamedTuple):
    """Some of the items that a function is called for: the others are elsewhere.

    Attributes
    ----------
    items : list
        These.
    first : int
        How many come before them.
    total : int
        How many there are altogether.
    """

    items: list[Any]
    first: int
    total: int


def each(function: Callable[..., Any], *items: Iterable[Any], on_item_error: OnItemError = "fail") -> Any:
    """Call a function for each item, in their order; with several lists side by side, each time with one of each.

    Parameters
    ----------
    items : iterables
        One for each argument of the function. They have to be as long as each other.
    on_item_error : str
        What an item does for which the function raises: ``fail`` lets that through, as a comprehension would; ``skip``
        leaves the item out, ``collect`` too, and gives the errors beside. Both say in the log which items failed.

    Returns
    -------
    list or Collected
        The results; with ``collect`` (results, errors).

    Raises
    ------
    ValueError
        `on_item_error` is none of the three, or the lists are of several lengths: of those whose length is known it is
        found out before the first call.
    TypeError
        There is no list.
    """
    if not items:
        raise TypeError("flodesk.each needs a list, or several, after the function")
    if on_item_error not in ("fail", "skip", "collect"):
        raise ValueError(f"on_item_error is “fail”, “skip” or “collect”, not {on_item_error!r}")
    results: list[Any] = []
    errors: list[ItemError] = []
    number = 0
    here = context()
    names = [f"list {number}" for number in range(1, len(items) + 1)]
    check_lengths(items, names)
    for number, given in enumerate(abreast(items, names), 1):
        here.check()
        try:
            results.append(function(*given))
        except Exception as error:
            if on_item_error == "fail":
                raise
            errors.append(ItemError.of(number, error))
    if errors:
        here.log(lost_words(errors, number), "warning")
    return Collected(results, errors) if on_item_error == "collect" else results


def check_lengths(sources: Sequence[Any], names: Sequence[str]) -> None:
    """Find out whether what goes side by side is of one length, as far as that is known beforehand.

    Raises
    ------
    ValueError
        It is not: the names and the lengths are said.
    """
    sizes = [(name, len(source)) for name, source in zip(names, sources, strict=True) if hasattr(source, "__len__")]
    if len({size for _, size in sizes}) > 1:
        said = ", ".join(f"{name} has {size}" for name, size in sizes)
        raise ValueError(f"they need as many items as each other to go side by side: {said}")


def abreast(sources: Sequence[Iterable[Any]], names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Give the items of several lists side by side, as ``zip(…, strict=True)`` does.

    Raises
    ------
    ValueError
        One of them ends before the others: which, and after how many items.
    """
    running = [iter(source) for source in sources]
    for number in count():
        found: list[Any] = []
        for one in running:
            try:
                found.append(next(one))
            except StopIteration:
                break
        if len(found) == len(running):
            yield tuple(found)
            continue
        ended = len(found)
        longer = names[:ended]
        if not ended:
            longer = [name for name, one in zip(names[1:], running[1:], strict=True) if _goes_on(one)][:1]
        if longer:
            short = names[ended]
            raise ValueError(
                f"they need as many items as each other to go side by side: {short} ends after {number}, "
                f"{longer[0]} goes on"
            )
        return


def _goes_on(one: Iterator[Any]) -> bool:
    return next(one, one) is not one


def lost_words(errors: Sequence[ItemError], total: int) -> str:
    """Say how many items failed, which, and why the first did: ``2 of 200 items failed: 4, 17 (4: ValueError: …)``."""
    numbers = ", ".join(str(error.item) for error in errors[:NAMED])
    more = f" and {len(errors) - NAMED} more" if len(errors) > NAMED else ""
    first = errors[0]
    reason = f"{first.error}: {first.message}" if first.message else first.error
    return f"{len(errors)} of {total} items failed and were left out: {numbers}{more} (item {first.item}: {reason})"


__all__ = ["Collected", "ItemError", "OnItemError", "Share", "abreast", "check_lengths", "each", "lost_words"]
