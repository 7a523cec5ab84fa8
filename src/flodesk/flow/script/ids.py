"""Ids of statements: the variable that they bind, or a number of their kind.

The rule, for the statements of one function in the order of the text:

- a call has the name that it binds if no other call or bare line of the function binds it;
- of the bare lines (``total = 0.0``, ``level = clipped``) that bind a name, the first has it as id;
- a loop has its first target, a function its name, the docstring ``__doc__``, the main part ``__main__``;
- a plain call that is switched off is numbered as the call that it was;
- all others are anonymous: ``if_1``, ``code_2``, ``call_1``, ``bind_1``, ``import_1``, numbered by kind in order of
  appearance. Names that are bound in the function are left out.

So a name that several arms bind by calls is nobody's id: it is free for their merge. Where an edit leaves anonymous
statements in another order than their numbers, the header holds all of them in their order (``[tool.flodesk.ids]``).
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from flodesk.flow.model import (
    Arm,
    Bind,
    Block,
    Call,
    Code,
    Function,
    Import,
    Loop,
    Statement,
    Switch,
)
from flodesk.flow.script.shapes import dotted, is_literal
from flodesk.flow.syntax import parse_tree

_WITH_BLOCKS = {Loop, Switch}
_OFF = ("...  # off: ", "...  # off too: ")
"""What a line begins with that is switched off and binds nothing (`flow.switched`)."""
_WORD = re.compile(r"\w+")


def own_statements(block: Block) -> list[Statement]:
    """Every statement of a function (or of the module), those inside its loops and arms too, in order of the text."""
    if _WITH_BLOCKS.isdisjoint(map(type, block.statements)):
        return list(block.statements)
    found: list[Statement] = []
    for statement in block.statements:
        found.append(statement)
        if isinstance(statement, Loop):
            found += own_statements(statement.body)
        elif isinstance(statement, Switch):
            for arm in statement.arms:
                found += own_statements(arm.body)
    return found


def kinds(block: Block) -> list[str]:
    """Per statement of `own_statements`: the kind of its number, or nothing where it has an id by nature."""
    statements = own_statements(block)
    bound = Counter(s.name for s in statements if isinstance(s, Call | Bind) and s.name)
    seen: set[str] = set()
    found = []
    for statement in statements:
        kind = ""
        match statement:
            case Call():
                kind = "" if bound[statement.name] == 1 else "call"
            case Bind():
                kind = "bind" if statement.name in seen else ""
                seen.add(statement.name)
            case Switch():
                kind = "if"
            case Code():
                kind = "call" if statement.text.startswith(_OFF) and _keeps_call(statement.text) else "code"
            case Import():
                kind = "import"
            case _:
                pass
        found.append(kind)
    return found


@lru_cache(maxsize=512)
def _keeps_call(text: str) -> bool:
    """Say whether a line that is switched off keeps a plain call: it is numbered as one, off and on."""
    kept = text.removeprefix(_OFF[0]).removeprefix(_OFF[1])
    try:
        body = parse_tree(kept, quiet=True).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    call = call.value if isinstance(call, ast.Await) else call
    if not isinstance(call, ast.Call) or not dotted(call.func) or any(word.arg is None for word in call.keywords):
        return False
    return all(dotted(value) or is_literal(value) for value in (*call.args, *(word.value for word in call.keywords)))


def taken(block: Block, parameters: str = "") -> set[str]:
    """Names that a number may not collide with: all that are bound in the function."""
    names = set(_WORD.findall(parameters))
    for statement in own_statements(block):
        match statement:
            case Call() | Bind() | Function():
                names.add(statement.name)
            case Loop():
                names.update(statement.targets)
            case Code():
                names.update(statement.binds)
            case _:
                pass
    return names


def numbered(block: Block, parameters: str = "") -> list[str]:
    """Ids that the anonymous statements of a function have by the rule, in their order."""
    names = taken(block, parameters)
    count: Counter[str] = Counter()
    found = []
    for kind in kinds(block):
        if kind:
            count[kind] += 1
            while (name := f"{kind}_{count[kind]}") in names:
                count[kind] += 1
            found.append(name)
    return found


def anonymous(block: Block) -> list[str]:
    """Ids that the anonymous statements of a function do have, in their order."""
    return [s.id for s, kind in zip(own_statements(block), kinds(block), strict=True) if kind]


def with_ids(block: Block, given: Sequence[str] = (), parameters: str = "") -> Block:
    """Put the ids on all statements of a function.

    Parameters
    ----------
    given : sequence of str
        Ids of the anonymous ones in their order, from the header; they are used only if they fit, in number and
        without a collision.
    parameters : str
        The function's parameters as text.
    """
    names = numbered(block, parameters)
    return _relabel(block, iter(given if fits(block, given, parameters) else names), iter(kinds(block)))


def fits(block: Block, given: Sequence[str], parameters: str = "") -> bool:
    """Whether ids can be those of the anonymous statements of a function: as many, all different, none a name in it."""
    count = sum(map(bool, kinds(block)))
    return len(given) == count == len(set(given)) and not taken(block, parameters) & set(given)


def _relabel(block: Block, names: Iterator[str], kind: Iterator[str]) -> Block:
    """Rebuild a block with ids; statements that have theirs are shared."""
    found: list[Statement] = []
    for statement in block.statements:
        own = next(names) if next(kind) else _natural(statement)
        match statement:
            case Loop():
                found.append(replace(statement, id=own, body=_relabel(statement.body, names, kind)))
            case Switch():
                arms: list[Arm] = [replace(arm, body=_relabel(arm.body, names, kind)) for arm in statement.arms]
                found.append(replace(statement, id=own, arms=tuple(arms)))
            case _:
                found.append(statement if statement.id == own else replace(statement, id=own))
    return replace(block, statements=tuple(found))


def _natural(statement: Statement) -> str:
    match statement:
        case Call() | Bind() | Function():
            return statement.name
        case Loop():
            return statement.targets[0]
        case _:
            return statement.id


def with_all_ids(module: Block, given: Mapping[str, Sequence[str]] | None = None) -> Block:
    """Put the ids on every statement of a file; `given` maps a function (the module is ``""``) to its anonymous ids."""
    given = given or {}
    bodies = tuple(
        replace(s, body=with_ids(s.body, given.get(s.name, ()), s.parameters)) if isinstance(s, Function) else s
        for s in module.statements
    )
    return with_ids(replace(module, statements=bodies), given.get("", ()))
