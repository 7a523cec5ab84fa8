"""A function for each item of something, where an item that fails is skipped or collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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


def each(function: Callable[[Any], Any], items: Iterable[Any], *, on_item_error: OnItemError = "fail") -> Any:
    """Call a function for each item, in their order.

    Parameters
    ----------
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
        `on_item_error` is none of the three.
    """
    if on_item_error not in ("fail", "skip", "collect"):
        raise ValueError(f"on_item_error is “fail”, “skip” or “collect”, not {on_item_error!r}")
    results: list[Any] = []
    errors: list[ItemError] = []
    number = 0
    here = context()
    for number, item in enumerate(items, 1):
        here.check()
        try:
            results.append(function(item))
        except Exception as error:
            if on_item_error == "fail":
                raise
            errors.append(ItemError.of(number, error))
    if errors:
        here.log(lost_words(errors, number), "warning")
    return Collected(results, errors) if on_item_error == "collect" else results


def lost_words(errors: Sequence[ItemError], total: int) -> str:
    """Say how many items failed, which, and why the first did: ``2 of 200 items failed: 4, 17 (4: ValueError: …)``."""
    numbers = ", ".join(str(error.item) for error in errors[:NAMED])
    more = f" and {len(errors) - NAMED} more" if len(errors) > NAMED else ""
    first = errors[0]
    reason = f"{first.error}: {first.message}" if first.message else first.error
    return f"{len(errors)} of {total} items failed and were left out: {numbers}{more} (item {first.item}: {reason})"


__all__ = ["Collected", "ItemError", "OnItemError", "Share", "each", "lost_words"]
