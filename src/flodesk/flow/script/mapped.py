"""A call that runs once for each item of what comes to one of its ports, or to several, as the script says it.

==================================================================================== =========================
``spectra = [dsp.spectrum(wave, rate=10.0) for wave in waves]``                      the first error ends it
``sums = [maths.add(x, y) for x, y in zip(xs, ys, strict=True)]``                    over two ports side by side
``spectra = flodesk.each(lambda wave: dsp.spectrum(wave), waves, on_item_error=…)``  ``"skip"`` or ``"collect"``
``sums = flodesk.each(lambda x, y: maths.add(x, y), xs, ys, on_item_error=…)``       the same over two ports
==================================================================================== =========================

Read as a node is what has exactly one of these forms: an argument is an item itself, which nothing else names, and all
others are names or written out; items stand in the order of the arguments. Any other comprehension stays code.
"""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flodesk.flow.model import Argument, Call, Each, Literal, Ref
from flodesk.flow.syntax import parse_tree

EACH = "flodesk.each"
"""What runs a function for each item where one that fails is skipped, or collected."""
ON_ERROR = "on_item_error"
ON_ERRORS = ("fail", "skip", "collect")
ZIP = "zip"
"""Python's function that takes several lists side by side."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Such a form: the call as if it got the whole values, and the places of these among its arguments."""

    call: ast.Call
    each: Mapping[int, Each]

    def marked(self, arguments: Sequence[Argument]) -> tuple[Argument, ...]:
        """Return the arguments of the call with those marked that are mapped over."""
        return tuple(replace(a, each=self.each[n]) if n in self.each else a for n, a in enumerate(arguments))


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of such a form stand."""

    call: ast.Call
    items: tuple[str, ...]
    sources: tuple[ast.expr, ...]
    on_error: str = "fail"
    by: str = ""


def mapped_form(value: ast.expr, imports: Mapping[str, str]) -> Mapped | None:
    """Return what an expression maps; None if it has not this form.

    Parameters
    ----------
    imports : mapping
        Each imported name and the dotted path that it stands for.
    """
    found = parts_of(value)
    if found is None:
        return None
    if found.by:
        head, dot, rest = found.by.partition(".")
        if imports.get(head, head) + dot + rest != EACH:
            return None
    call = found.call
    given = [*call.args, *(k.value for k in call.keywords)]
    named = [node.id for node in ast.walk(call) if isinstance(node, ast.Name)]
    places: dict[str, int] = {}
    for place, part in enumerate(given):
        if isinstance(part, ast.Name) and part.id in found.items:
            places[part.id] = place
    if tuple(places) != found.items or any(named.count(item) != 1 for item in found.items):
        return None
    sources = {id(given[places[item]]): source for item, source in zip(found.items, found.sources, strict=True)}
    whole = ast.Call(
        func=call.func,
        args=[sources.get(id(part), part) for part in call.args],
        keywords=[ast.keyword(arg=k.arg, value=sources.get(id(k.value), k.value)) for k in call.keywords],
    )
    return Mapped(whole, {place: Each(found.on_error, item, found.by) for item, place in places.items()})


def parts_of(value: ast.expr) -> Parts | None:
    """Take an expression of such a form apart; None if it is none. What is called by `by` has to be looked up."""
    match value:
        case ast.ListComp(
            elt=ast.Call() as call,
            generators=[ast.comprehension(target=ast.Name(id=item), iter=source, ifs=[], is_async=0)],
        ):
            return Parts(call, (item,), (source,))
        case ast.ListComp(
            elt=ast.Call() as call,
            generators=[
                ast.comprehension(
                    target=ast.Tuple(elts=targets),
                    iter=ast.Call(
                        func=ast.Name(id="zip"),
                        args=sources,
                        keywords=[ast.keyword(arg="strict", value=ast.Constant(value=True))],
                    ),
                    ifs=[],
                    is_async=0,
                )
            ],
        ):
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            return _abreast(Parts(call, tuple(names), tuple(sources))) if len(names) == len(targets) else None
        case ast.Call(
            func=(ast.Name() | ast.Attribute()) as by,
            args=[
                ast.Lambda(
                    args=ast.arguments(
                        posonlyargs=[], args=targets, vararg=None, kwonlyargs=[], kwarg=None, defaults=[]
                    ),
                    body=ast.Call() as call,
                ),
                *sources,
            ],
            keywords=[ast.keyword(arg="on_item_error", value=ast.Constant(value=("skip" | "collect") as on_error))],
        ):
            names = [target.arg for target in targets]
            return _abreast(Parts(call, tuple(names), tuple(sources), on_error, ast.unparse(by)))
        case _:
            return None


def takes_side_by_side(value: ast.expr) -> bool:
    """Return whether a comprehension goes over several lists by a call of ``zip``, whatever that is there."""
    found = parts_of(value)
    return found is not None and not found.by and len(found.items) > 1


def _abreast(parts: Parts) -> Parts | None:
    """Return the parts if there is one item of each source."""
    starred = any(isinstance(source, ast.Starred) for source in parts.sources)
    one_each = len(parts.items) == len(parts.sources) == len({*parts.items}) and parts.items
    return parts if one_each and not starred else None


def item_names(call: Call) -> tuple[str, ...]:
    """Return the names of the items in the text of a mapped call: those they have, unless the call names that itself.

    They stand in the order of `flodesk.flow.model.Call.mapped_over`.
    """
    found = call.mapped_over
    rest = [a for a in call.arguments if a.each is None]
    others = {a.value.text.partition(".")[0] for a in rest}
    others |= {word for a in rest if isinstance(a.value, Literal) for word in _names(a)}
    others.add(call.callee.partition(".")[0])
    names: list[str] = []
    for argument in found:
        assert argument.each is not None
        wished = argument.each.item or one_of(argument.value)
        name, number = wished, 2
        while name in others:
            name, number = f"{wished}_{number}", number + 1
        others.add(name)
        names.append(name)
    return tuple(names)


def _names(argument: Argument) -> list[str]:
    """Return the names in the text of a literal."""
    try:
        tree = parse_tree(f"({argument.value.text}\n)", mode="eval", quiet=True)
    except (SyntaxError, ValueError):
        return []
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]


def one_of(value: Ref | Literal) -> str:
    """Return a name for one of several: ``wave`` of ``waves``; ``item`` where there is none."""
    many = (value.field or value.name).rpartition(".")[2] if isinstance(value, Ref) else ""
    one = many[:-1] if many.endswith("s") and not many.endswith(("ss", "us", "is")) and len(many) > 2 else ""
    if many.endswith("ies") and len(many) > 4:
        one = f"{many[:-3]}y"
    elif many.endswith(("xes", "ches", "shes", "sses")):
        one = many[:-2]
    taken = keyword.iskeyword(one) or hasattr(builtins, one)
    return one if one.isidentifier() and not taken else "item"


__all__ = [
    "EACH", "ON_ERROR", "ON_ERRORS", "ZIP", "Mapped", "Parts", "item_names", "mapped_form", "one_of", "parts_of",
    "takes_side_by_side",
]  # fmt: skip
