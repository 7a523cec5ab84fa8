"""Which fixes there are for which kind of problem: the one table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from flodesk.flow.catalog import Catalog
from flodesk.flow.fixes import calls, names, whole, wires
from flodesk.flow.fixes.fix import Broken, Fix
from flodesk.flow.model import Flow
from flodesk.flow.problem import Kind, Problem

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
    "header": whole.header,
    "place": whole.place,
    "detached": whole.detached,
}
"""Kinds that are not here need a thought: what is written there stands in the hint of the problem."""


def fixes_of(flow: Flow, catalog: Catalog, problem: Problem) -> tuple[Fix, ...]:
    """Return what can be done about a problem, the likeliest first; each of its edits can be applied to this flow.

    Parameters
    ----------
    catalog : Catalog
        The one that the flow was checked with.
    """
    make = FIXES.get(problem.kind)
    return tuple(islice(make(Broken(flow, catalog, problem)), MOST)) if make is not None else ()
