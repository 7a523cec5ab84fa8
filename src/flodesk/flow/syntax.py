"""Text → syntax tree, whoever else parses at the same time.

Up to Python 3.12 the depth of the tree that is handed over is counted in one place for all threads (gh-106905): two
that parse at the same time may see a `SystemError` for a text that is fine. Ours parse one after the other; libraries
do not ask for the lock (printing a traceback parses, too), so what they have disturbed is done again.
"""

from __future__ import annotations

import ast
import inspect
import threading
import warnings
from collections.abc import Callable
from typing import Any, Literal, TypeVar, overload

T = TypeVar("T")
TRIES = 20
_one = threading.RLock()


@overload
def parse_tree(text: str, mode: Literal["exec"] = "exec", *, quiet: bool = False) -> ast.Module: ...


@overload
def parse_tree(text: str, mode: Literal["eval"], *, quiet: bool = False) -> ast.Expression: ...


def parse_tree(
    text: str, mode: Literal["exec", "eval"] = "exec", *, quiet: bool = False
) -> ast.Module | ast.Expression:
    """Parse a text as `ast.parse` does, and with its errors.

    Parameters
    ----------
    quiet : bool
        Nobody is warned of what the text holds.
    """
    if quiet:
        # which warnings are shown is a setting of the whole process: two threads that both put it back would lose it
        with _one, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parse_tree(text, mode)
    return patiently(lambda: ast.parse(text, mode=mode))  # type: ignore[return-value]


def literal(text: str | ast.expr) -> Any:
    """Return the value of a literal as `ast.literal_eval` does, and with its errors."""
    return patiently(lambda: ast.literal_eval(text))


def signature(target: Callable[..., Any]) -> inspect.Signature:
    """Return what `inspect.signature` does, and with its errors: it parses what functions in C tell of themselves."""
    return patiently(lambda: inspect.signature(target))


def patiently(work: Callable[[], T]) -> T:
    """Do what parses some text: one thread after the other, and again where a library got in the way."""
    with _one:
        for _ in range(TRIES):
            try:
                return work()
            except SystemError as error:
                if "recursion depth" not in str(error):
                    raise
        return work()


__all__ = ["literal", "parse_tree", "patiently", "signature"]
