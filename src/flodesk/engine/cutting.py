"""The plans of a part of a flow, and of what has to run along with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flodesk.engine.across import Shares
from flodesk.engine.company import Company, unreached
from flodesk.engine.compiling import compile_plan
from flodesk.engine.errors import PlanError
from flodesk.engine.load import Loaded
from flodesk.engine.looking import unknown_calls
from flodesk.engine.loop import Runner
from flodesk.engine.names import everything
from flodesk.engine.part import Cut, Kept, Part, Remembered, cut, cut_to_all, given, giver_of, stamps
from flodesk.engine.plan import Plan
from flodesk.engine.shared import Use

Say = Callable[[str, str, str], None]
"""Takes (node, level, text)."""


@dataclass
class Cuts:
    """What runs of a flow: a part of it, and what has to run along.

    Attributes
    ----------
    plans : dict
        By function: that of the part, and those that fill the queues that it reads.
    once : dict
        By function: the loops of which one turn is enough.
    company : Company, optional
        Looks after the others, if there are any.
    unreached : str
        Why the node that was asked for has not run, though nothing failed.
    """

    part: Part
    plans: dict[str, Plan]
    once: dict[str, frozenset[str]]
    company: Company | None = None
    unreached: str = ""

    @property
    def uses(self) -> list[Use] | None:
        """Who is at which end of the queues that the part reads; None where nobody runs along."""
        return self.company.uses if self.company is not None else None

    def wait(self, runner: Runner, runners: Mapping[str, Runner]) -> None:
        """Wait, before a function begins, for what has to be there for it."""
        if self.company is not None:
            self.company.wait(runner, runners)

    def ended(
        self, runner: Runner, how: BaseException | None, runners: Mapping[str, Runner], say: Say
    ) -> BaseException | None:
        """Note the end of a function; returns how it is to be told."""
        part, function = self.part, runner.plan.function
        if how is None and function == part.function and (said := unreached(runner, part.statement)):
            self.unreached = said
            say(part.node, "warning", said)
        if self.company is None:
            return how
        others = [control for f, other in runners.items() if f != function for control in other.controls]
        return self.company.ended(function, how, others)

    def over(self) -> None:
        """Note that all functions have ended."""
        if self.company is not None:
            self.company.over.set()


def cut_plans(
    loaded: Loaded,
    plans: Mapping[str, Plan],
    part: Part,
    kept: Mapping[str, Kept],
    say: Say,
    fetch: Callable[[str, str], Remembered | None] = lambda function, name: None,
) -> Cuts:
    """Compile a part of a flow.

    Parameters
    ----------
    plans : mapping
        Of the whole flow.
    kept : mapping
        What earlier runs have left, by function.
    say : callable
        Takes (node, level, text): told where a value is older than the flow.
    fetch : callable
        Gives the value of a variable, by function and name, from where else there may be one.

    Raises
    ------
    MissingInputError
        A value that it needs is not there.
    PlanError
        There is no such node.
    """
    whole = plans.get(part.function)
    if whole is None or part.statement not in whole.items:
        raise PlanError(part.node, _why_no_part(plans, part))
    shares = Shares.of(loaded)
    left = {name: remembered.value for name, remembered in kept.get(part.function, {}).items()}
    pieces = _pieces(loaded, part, shares, unknown_calls(whole, left))
    made = {}
    for function, piece in pieces.items():
        whole = plans[function]
        values = dict(kept.get(function, {}))
        for name in piece.needs.keys() - values.keys():
            if (fetched := fetch(function, name)) is not None:
                values[name] = fetched
        handed = given(whole, piece, {name: remembered.value for name, remembered in values.items()})
        _tell_older(whole, piece, values, say)
        made[function] = _compiled_part(loaded, whole, piece, handed)
    company = _company(part.function, pieces, shares) if shares.objects else None
    return Cuts(part, made, {part.function: pieces[part.function].once}, company)


def _why_no_part(plans: Mapping[str, Plan], part: Part) -> str:
    """Say why there is no such part, and what can be asked for instead."""
    calls = [
        plan.node(item)
        for plan in plans.values()
        for item in plan.items.values()
        if item.inner is not None and part.function in {item.inner.plan.function, *item.inner.plan.uses}
    ]
    inner = [plan.inner[part.function] for plan in plans.values() if part.function in plan.inner]
    if calls and any(part.statement in plan.items for plan in inner):
        which = " or ".join(calls)
        return f"it stands in a subflow, and only a whole call of that can be run alone: ask for {which}"
    return f"there is no node “{part.node}” in what runs: {', '.join(plans)}"


def _pieces(loaded: Loaded, part: Part, shares: Shares, unknown: Mapping[str, Collection[str]]) -> dict[str, Cut]:
    """Cut out the part, and what fills the queues that it reads, and so on."""
    functions = loaded.flow.functions
    target = part.function
    inside = loaded.in_place.of(functions[target])
    pieces = {target: cut(functions[target], part.which, part.statement, shares.ends.get(target), (), inside, unknown)}
    before = -1
    while before != (before := sum(len(list(everything(piece.function.body))) for piece in pieces.values())):
        wanted = frozenset[int]().union(*(shares.read_in(f, piece.function.body) for f, piece in pieces.items()))
        for function in loaded.flow.mains:
            writers = shares.writers(function, wanted)
            ends = shares.ends.get(function, {})
            if function != target and writers:
                pieces[function] = cut_to_all(
                    functions[function], writers, ends, loaded.in_place.of(functions[function])
                )
            elif writers and part.which == "to":
                also = writers if len(pieces) > 1 else ()
                pieces[target] = cut(functions[target], "to", part.statement, ends, also, inside, unknown)
    return pieces


def _company(target: str, pieces: Mapping[str, Cut], shares: Shares) -> Company:
    bodies = {function: piece.function.body for function, piece in pieces.items()}
    found = shares.uses(bodies)
    first = []
    if not any(target in use.writers for use in found):  # else those might wait for it in turn
        for use in found:
            if target in use.readers and use.writers and not isinstance(use.object, Iterable):
                first.append({f: shares.writers(f, {id(use.object)}) for f in use.writers})
    return Company(target, found, first)


def _tell_older(whole: Plan, piece: Cut, values: Mapping[str, Remembered], say: Say) -> None:
    now = stamps(whole)
    for name, reader in piece.needs.items():
        if name in values and values[name].stamp != now.get(name):
            say(
                whole.node(whole.items[reader]),
                "info",
                f"“{name}” is from before a change: run to {giver_of(whole, name)} for a new one",
            )


def _compiled_part(loaded: Loaded, whole: Plan, piece: Cut, handed: Mapping[str, Any]) -> Plan:
    plan = compile_plan(loaded, whole.function, piece.function, handed)
    for item in plan.items.values():  # parameters that were changed since the text was written
        before = whole.items[item.id]
        for key, slot in item.literals.items():
            if key in before.literals:
                plan.slots[slot] = whole.slots[before.literals[key]]
    plan.whole, plan.until, plan.once = whole, piece.until, piece.once
    return plan
