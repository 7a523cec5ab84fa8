"""A function that begins to await becomes ``async def``, and who calls it awaits it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flodesk.flow.await_rules import awaits
from flodesk.flow.edit import ReplaceStatement
from flodesk.flow.edit.tree import below
from flodesk.flow.model import Address, Flow, Main, Statement
from flodesk.flow.script import keep_text
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.uses import calls_of, refuse_switched, uses_of


def waits(statements: Iterable[Statement]) -> bool:
    """Say whether any of these statements awaits something, or one that stands in them."""
    return any(awaits(inner) for statement in statements for inner in below(statement))


def make_async(steps: Steps, function: str, new: Iterable[Statement]) -> None:
    """Turn a function into ``async def`` where a new statement of it awaits something; its callers follow.

    It stays one when the last of them goes: a hand may have wanted it so, and it does no harm.

    Raises
    ------
    Refused
        Something uses the function in a text of its own, where no ``await`` can be put.
    """
    if not steps.flow.functions[function].asynchronous and waits(new):
        _become_async(steps, function)


def _become_async(steps: Steps, function: str) -> None:
    flow = steps.flow
    for use in uses_of(flow, function):
        if not isinstance(flow.index[Address(use.function, use.id)][0], Main):
            refuse_switched(flow, use, function, "it would have to be awaited there, and that cannot be written")
            raise Refused(
                f"{use.words(flow)} uses “{function}” in its own text: what awaits something cannot come into"
                f" “{function}”, as that would have to be awaited there. Give the call a line of its own first."
            )
    made = flow.functions[function]
    changed = keep_text(made, replace(made, asynchronous=True))
    steps.do(ReplaceStatement("", made.id, changed, f"Make {function} asynchronous"))
    for home, call in calls_of(flow, function):
        steps.do(ReplaceStatement(home, call.id, keep_text(call, replace(call, awaited=True)), f"Await {call.id}"))
        if not steps.flow.functions[home].asynchronous:
            _become_async(steps, home)


def async_words(before: Flow, after: Flow) -> str:
    """Say which functions have become ``async def`` by an edit; empty if none has."""
    was = before.functions
    names = [
        f"“{name}”"
        for name, now in after.functions.items()
        if now.asynchronous and name in was and not was[name].asynchronous
    ]
    if not names:
        return ""
    if len(names) == 1:
        return f"{names[0]} awaits something now: it is “async def” in the script."
    return f"{', '.join(names[:-1])} and {names[-1]} await something now: they are “async def” in the script."


__all__ = ["async_words", "make_async", "waits"]
