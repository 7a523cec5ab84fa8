"""A call that runs once for each item of what comes to one of its ports, as the script says it.

==================================================================================== =========================
``spectra = [dsp.spectrum(wave, rate=10.0) for wave in waves]``                      the first error ends it
``spectra = flodesk.each(lambda wave: dsp.spectrum(wave), waves, on_item_error=…)``  ``"skip"`` or ``"collect"``
==================================================================================== =========================

Read as a node is what has exactly one of these forms: one argument is the item itself, which nothing else names, and
all others are names or written out. Any other comprehension stays code.
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


@dataclass(frozen=True, slots=True)
class Mapped:
    """Such a form: the call as if it got the whole value, the place of that among its arguments, and the rest."""

    call: ast.Call
    place: int
    each: Each

    def marked(self, arguments: Sequence[Argument]) -> tuple[Argument, ...]:
        """Return the arguments of the call with the one marked that is mapped over."""
        return tuple(replace(a, each=self.each) if n == self.place else a for n, a in enumerate(arguments))


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of such a form stand."""

    call: ast.Call
    item: str
    source: ast.expr
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
    call, item = found.call, found.item
    given = [*call.args, *(k.value for k in call.keywords)]
    places = [n for n, part in enumerate(given) if isinstance(part, ast.Name) and part.id == item]
    if len(places) != 1 or sum(isinstance(n, ast.Name) and n.id == item for n in ast.walk(call)) != 1:
        return None
    own = given[places[0]]
    whole = ast.Call(
        func=call.func,
        args=[found.source if part is own else part for part in call.args],
        keywords=[ast.keyword(arg=k.arg, value=found.source if k.value is own else k.value) for k in call.keywords],
    )
    return Mapped(whole, places[0], Each(found.on_error, item, found.by))


def parts_of(value: ast.expr) -> Parts | None:
    """Take an expression of such a form apart; None if it is none. What is called by `by` has to be looked up."""
    match value:
        case ast.ListComp(
            elt=ast.Call() as call,
            generators=[ast.comprehension(target=ast.Name(id=item), iter=source, ifs=[], is_async=0)],
        ):
            return Parts(call, item, source)
        case ast.Call(
            func=(ast.Name() | ast.Attribute()) as by,
            args=[
                ast.Lambda(
                    args=ast.arguments(
                        posonlyargs=[], args=[ast.arg(arg=item)], vararg=None, kwonlyargs=[], kwarg=None, defaults=[]
                    ),
                    body=ast.Call() as call,
                ),
                source,
            ],
            keywords=[ast.keyword(arg="on_item_error", value=ast.Constant(value=("skip" | "collect") as on_error))],
        ):
            return Parts(call, item, source, on_error, ast.unparse(by))
        case _:
            return None


def item_name(call: Call) -> str:
    """Return the name of an item in the text of a mapped call: that which it has, unless the call names that itself."""
    found = call.mapped
    assert found is not None
    assert found.each is not None
    others = {a.value.text.partition(".")[0] for a in call.arguments if a is not found}
    others |= {word for a in call.arguments if a is not found and isinstance(a.value, Literal) for word in _names(a)}
    others.add(call.callee.partition(".")[0])
    wished = found.each.item or one_of(found.value)
    name, number = wished, 2
    while name in others:
        name, number = f"{wished}_{number}", number + 1
    return name


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


__all__ = ["EACH", "ON_ERROR", "ON_ERRORS", "Mapped", "Parts", "item_name", "mapped_form", "one_of", "parts_of"]
