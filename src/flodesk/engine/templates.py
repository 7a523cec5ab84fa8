"""Text parameters that hold ``{{ ... }}``: filled in before each call, from what the call is given."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from flodesk.engine.calls import Fetch, Given, Slots, fetch
from flodesk.flow.annotation import hints_of, read
from flodesk.flow.model import Argument, Literal
from flodesk.flow.syntax import signature
from flodesk.templating import is_template, names_in, render


def rendered(
    target: Any, arguments: Sequence[Argument], givens: list[Given], slots: Slots, new_slot: Callable[[Any], int]
) -> tuple[list[Given], Callable[[Slots], None] | None]:
    """Find the templates among the arguments of a call.

    Parameters
    ----------
    target : object
        What is called; None where that is not known: then nothing is a template.
    new_slot : callable
        Gives a slot for a text that is filled in.

    Returns
    -------
    tuple
        The arguments, with the texts that are filled in instead of the templates, and the step that fills them in;
        None if there is no template.

    Raises
    ------
    TemplateError
        One of them cannot be read.
    """
    found = [
        n
        for n, (argument, given) in enumerate(zip(arguments, givens))  # noqa: B905 - a use has no more arguments than givens
        if not given.name and isinstance(argument.value, Literal) and is_template(slots[given.slot])
    ]
    if not found or target is None:
        return givens, None
    parameters = _parameters(target)
    names = _names(parameters, arguments)
    texts = _texts(target)
    found = [n for n in found if names[n] in texts]
    if not found:
        return givens, None
    values = _values(parameters, names, [(n, g) for n, g in enumerate(givens) if n not in found])
    changed = list(givens)
    pairs = []
    for n in found:
        names_in(slots[givens[n].slot])
        out = new_slot("")
        pairs.append((givens[n].slot, out))
        changed[n] = Given(out, keyword=givens[n].keyword)

    def step(s: Slots) -> None:
        given = values(s)
        for source, out in pairs:
            s[out] = render(s[source], given)

    return changed, step


def before(step: Callable[[Slots], None], source: Fetch) -> Fetch:
    """Make the step that does something first."""

    def both(s: Slots) -> Any:
        step(s)
        return source(s)

    return both


def _parameters(target: Any) -> list[inspect.Parameter]:
    try:
        return list(signature(target).parameters.values())
    except (TypeError, ValueError):
        return []


def _texts(target: Any) -> frozenset[str]:
    """Return the parameters that take a text which is not a template of the node's own."""
    found = hints_of(getattr(target, "__init__", target) if isinstance(target, type) else target)
    meanings = {name: read(hint) for name, hint in found.items()}
    return frozenset(n for n, m in meanings.items() if m.type == "text" and m.widget != "template" and not m.choices)


def _names(parameters: list[inspect.Parameter], arguments: Sequence[Argument]) -> list[str]:
    """Return the parameter that each argument goes to."""
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    many = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "")
    return [a.keyword or (places[n].name if n < len(places) else many) for n, a in enumerate(arguments)]


def _values(
    parameters: list[inspect.Parameter], names: list[str], givens: list[tuple[int, Given]]
) -> Callable[[Slots], dict[str, Any]]:
    """Make what gives a template the names that it can read: parameters of the call, and variables wired into it."""
    many = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "")
    fixed = {p.name: p.default for p in parameters if p.default is not p.empty and p.name not in names}
    several = [fetch(given) for n, given in givens if names[n] == many] if many else []
    single = {given.name: fetch(given._replace(field="", keyword="")) for _, given in givens if given.name}
    single |= {names[n]: fetch(given) for n, given in givens if names[n] and names[n] != many}

    def values(s: Slots) -> dict[str, Any]:
        found = {**fixed, **{name: get(s) for name, get in single.items()}}
        if many:
            found[many] = tuple(get(s) for get in several)
        return found

    return values
