"""Which fixes there are for which kind of problem: the one table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import Many
from flodesk.flow.fixes import between, calls, names, panel, whole, wires
from flodesk.flow.fixes.fix import Broken, Fix
from flodesk.flow.model import Flow
from flodesk.flow.problem import Kind, Problem, quoted

MOST = 4
"""Fixes that are offered for a problem."""

FIXES: Mapping[Kind, Callable[[Broken], Iterator[Fix]]] = {
    "open-input": calls.open_input,
    "literal": calls.literal,
    "range": calls.literal,
    "choice": calls.literal,
    "keyword": calls.keyword,
    "too-many": calls.surplus,
    "twice": calls.surplus,
    "template": calls.template,
    "unknown-node": calls.unknown_type,
    "producer-call": calls.as_loop,
    "await": calls.awaiting,
    "unreached": calls.unreached,
    "no-loop": calls.removing,
    "type": wires.of_type,
    "unbound": names.unbound,
    "unknown-output": names.unknown_output,
    "order": names.order,
    "circle": names.circle,
    "after-loop": names.after_loop,
    "off": wires.to_nothing,
    "some-arms": names.some_arms,
    "merge-open": names.some_arms,
    "shadow": names.shadow,
    "missing-package": whole.missing_package,
    "broken-pack": whole.broken_pack,
    "no-flow": whole.no_flow,
    "main": whole.handed_over,
    "view": whole.view,
    "view-place": panel.in_free_place,
    "line": panel.unread_line,
    "form": whole.form,
    "header": whole.header,
    "place": whole.place,
    "detached": whole.detached,
    "two-loops": between.two_loops,
    "queue": between.queue,
}
"""Kinds that are not here need a thought: what is written there stands in the hint of the problem."""


def fixes_of(flow: Flow, catalog: Catalog, problem: Problem) -> tuple[Fix, ...]:
    """Return what can be done about a problem, the likeliest first; each of its edits can be applied to this flow.

    Parameters
    ----------
    catalog : Catalog
        The one that the flow was checked with.
    """
    if problem.kind == "subflow":
        return tuple(islice(_within(flow, catalog, problem), MOST))
    make = FIXES.get(problem.kind)
    return tuple(islice(make(Broken(flow, catalog, problem)), MOST)) if make is not None else ()


def _within(flow: Flow, catalog: Catalog, problem: Problem) -> Iterator[Fix]:
    """Give what can be done in the function that a node calls, or in one that this calls."""
    found, name = check(flow, catalog), problem.about.name
    seen: set[str] = set()
    while name and name not in seen:
        seen.add(name)
        here = [p for p in found if p.about.function == name and p.severity == "error"]
        for inner in here:
            if inner.kind != "subflow":
                for fix in fixes_of(flow, catalog, inner):
                    yield _told(fix, f"In {quoted(name)}: {fix.title[0].lower()}{fix.title[1:]}")
                return
        name = next((p.about.name for p in here if p.about.name not in seen), "")


def _told(fix: Fix, title: str) -> Fix:
    """Return a fix under another title; it is done where its edit says, and not on the canvas that is shown."""
    edit = Many(fix.edit.edits if isinstance(fix.edit, Many) else (fix.edit,), title) if fix.edit is not None else None
    return replace(fix, title=title, edit=edit, between=())
