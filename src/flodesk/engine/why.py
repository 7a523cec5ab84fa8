"""Why a node ran, or did not, in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flodesk.engine.part import Part
from flodesk.engine.plan import Item, Plan

DID_NOT_RUN = "it did not run"
"""How the note of a node begins whose result came from the cache."""


def reasons_after_change(items: Iterable[Item], changed: Iterable[str], due: Iterable[str] = ()) -> dict[str, str]:
    """Say why each item of a flow without loops runs again after statements were changed, by its id.

    Parameters
    ----------
    items : iterable of Item
        Those that run again, in order.
    due : iterable of str
        Ids of what had failed, or was left out as something had.
    """
    own, owed = set(changed), set(due)
    found: dict[str, str] = {}
    renewed: dict[str, str] = {}
    for item in items:
        if item.id in own:
            found[item.id] = "it ran again: it was changed, or a parameter of it"
        else:
            inputs = sorted(name for name in item.reads if name in renewed)
            names = " and ".join(f"“{name}”" for name in inputs)
            if names:
                found[item.id] = f"it ran again: {names} changed"
            elif item.id in owed:
                found[item.id] = "it ran again: it had failed, or did not run as another node had"
            else:
                found[item.id] = "it ran again: the object it calls is new"
        renewed.update(dict.fromkeys(item.binds, item.id))
    return found


def why(plan: Plan, statement: str, part: Part | None, again: Mapping[str, str], cached: Mapping[str, str]) -> str:
    """Say why a node ran in the newest run.

    Parameters
    ----------
    plan : Plan
        What ran: of a part, that part.
    again : mapping
        The reasons of what ran again after a change, by id.
    cached : mapping
        What the cache on disk did for each node, by ``function.statement``.
    """
    item = plan.items.get(statement)
    node = f"{plan.function}.{statement}"
    if item is None:
        return f"{node} did not run: the run was of {_words(part)}" if part else f"there is no {node}"
    if statement in again:
        return f"{node}: {again[statement]}"
    if node in cached:
        return f"{node}: {cached[node]}"
    if part is not None:
        return f"{node}: it ran because {_words(part)} was asked for"
    loop = item.block.owner
    while loop is not None and loop.kind != "loop":
        loop = loop.block.owner
    if loop is not None:
        return f"{node}: it runs in every turn of {plan.node(loop)}"
    volatile = "" if item.pure else "; it has effects or reads the outside, so it always runs"
    return f"{node}: it ran because the run was started{volatile}"


def spared(whole: Plan, plan: Plan, cached: Mapping[str, str]) -> str:
    """Return the node whose result came from the cache, so that nothing of the subflow that it calls ran.

    Empty if some call of the subflow ran.

    Parameters
    ----------
    whole : Plan
        Of the function that ran, `plan` or one around it.
    """
    if plan is whole:
        return ""
    found = ""
    for around in (whole, *whole.inner.values()):
        for item in around.items.values():
            if item.inner is None or item.inner.plan is not plan:
                continue
            node = around.node(item)
            if not cached.get(node, "").startswith(DID_NOT_RUN):
                node = spared(whole, around, cached)
            if not node:
                return ""
            found = found or node
    return found


def _words(part: Part | None) -> str:
    if part is None:
        return "the flow"
    of = {"node": "alone", "to": "with all that it needs", "from": "with all that hangs on it"}[part.which]
    return f"{part.node} {of}"
