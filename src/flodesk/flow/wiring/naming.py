"""Names for new nodes, and the imports that their types need."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count
from operator import attrgetter

from flodesk.flow.edit import Edit, SetImports
from flodesk.flow.edit.imports import imports_of, plain, renumbered
from flodesk.flow.edit.in_text import inner_names
from flodesk.flow.edit.rename import bound, bound_by, is_name
from flodesk.flow.edit.tree import ids
from flodesk.flow.model import (
    Argument,
    Bind,
    Block,
    Call,
    Code,
    Docstring,
    Expression,
    Flow,
    Function,
    Import,
    Literal,
    Loop,
    Main,
    Region,
    Return,
    Statement,
    Switch,
    walk,
)
from flodesk.flow.own_nodes import FOLDER
from flodesk.flow.packs import OURS
from flodesk.flow.script import keep_text
from flodesk.flow.script.ids import own_statements
from flodesk.flow.script.mapped import ZIP
from flodesk.flow.switched import how, kept_text
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.refused import Refused

_WORD = re.compile(r"[^\W\d]\w*")
_BUILTINS = frozenset(dir(builtins))
_ID = attrgetter("id")
_PLAIN = (Call, Loop)
"""Statements of which no piece is kept to the letter; `isinstance` asks a tuple faster than a union made each time."""


def taken(flow: Flow, function: str) -> set[str]:
    """Return the names that a variable which the program names may not have.

    They are those of `known`, and those that inner functions and comprehensions of the function have for themselves:
    what reads the variable there would mean another.
    """
    found = known(flow, function)
    if function in flow.functions:
        found |= inner_of(flow.functions[function].body)
    return found


def inner_of(block: Block) -> set[str]:
    """Return the names that inner functions and comprehensions in a block and below have for themselves."""
    found: set[str] = set()
    for statement in own_statements(block):
        if isinstance(statement, Function):
            found |= inner_of(statement.body)
        elif not isinstance(statement, _PLAIN):
            found.update(name for text in _texts(statement) for name in inner_names(text))
    return found


def _texts(statement: Statement) -> Iterator[str]:
    """Give the pieces of a statement that are kept to the letter."""
    match statement:
        case Code(text=text):
            yield kept_text(statement) if how(statement) else text
        case Bind() if how(statement):
            yield kept_text(statement)
        case Switch(arms=arms):
            yield from (arm.test.text for arm in arms if isinstance(arm.test, Expression))
        case Return(values=values):
            yield from (value.text for value in values if isinstance(value, Expression))
        case _:
            pass


def known(flow: Flow, function: str) -> set[str]:
    """Return the names that a new variable of a function may not have: used here, or at the module's level."""
    found = set(flow.imports) | set(flow.functions) | ids(flow.module) | bound(flow.module)
    if function in flow.functions:
        statements = own_statements(flow.functions[function].body)
        found.update(map(_ID, statements))
        found |= bound_by(statements) | set(_WORD.findall(flow.functions[function].parameters))
        found.update(name for s in statements if isinstance(s, Code) for name in s.reads)
    return found


def is_own(flow: Flow, function: str, name: str) -> bool:
    """Say whether a name means something of the file in a function of it, and so not what Python has by that name."""
    if name in flow.imports or name in flow.functions or name in bound(flow.module):
        return True
    inside = flow.functions.get(function)
    return inside is not None and (
        name in bound_by(own_statements(inside.body)) or name in _WORD.findall(inside.parameters)
    )


def unique(wanted: str, names: set[str]) -> str:
    """Return a name that is free: the wanted one, or with a number (``sine_2``). It is noted down as taken."""
    base = snake(wanted)
    base = base if is_name(f"{base}_1") else "node"
    first = 1 if keyword.iskeyword(base) else 2
    candidates = chain((base,), (f"{base}_{number}" for number in count(first)))
    name = next(c for c in candidates if is_name(c) and c not in names and c not in _BUILTINS)
    names.add(name)
    return name


def snake(name: str) -> str:
    """Write the name of a type as that of a variable: ``RunningMean`` is ``running_mean``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def identifier(words: str) -> str:
    """Make a name for a variable of some words, as a file's: ``Orders (2)`` is ``orders_2``."""
    plain = unicodedata.normalize("NFKC", words)
    name = re.sub(r"\W+", "_", plain).strip("_").lower()
    name = name if name[:1].isalpha() else f"data_{name}".rstrip("_")
    return name if is_name(name) else f"{name}_1" if is_name(f"{name}_1") else "data"


def check_new_name(flow: Flow, function: str, name: str) -> None:
    """Refuse what cannot be the name of a node.

    Raises
    ------
    Refused
        It is no identifier, or is taken by a node, an import, a function, an object, or a builtin in use.
    """
    if not is_name(name):
        raise Refused(f"“{name}” is no name: use letters, digits and _, no blanks, and no word of Python itself.")
    if name in flow.imports:
        raise Refused(f"“{name}” is the name of an import ({flow.imports[name]}): choose another.")
    if name in flow.functions:
        raise Refused(f"“{name}” is the name of a function of this file: choose another.")
    if name in known(flow, function):
        raise Refused(f"“{name}” exists already: choose another.")
    if name in _BUILTINS and name in used_names(flow):
        raise Refused(f"“{name}” is a function of Python that this file uses: choose another.")


def used_names(flow: Flow) -> set[str]:
    """Return the first part of every name that the file calls, passes as a value, or reads in code."""
    found: set[str] = set()
    for statement, _ in walk(flow.module, Region("")):
        match statement:
            case Call(callee=callee) | Loop(callee=callee):
                found.add(callee.partition(".")[0])
                found.update(_literal_names(statement.arguments))
                if isinstance(statement, Call) and len(statement.mapped_over) > 1:
                    found.add(ZIP)
            case Bind(value=Literal(text=text)):
                found.add(text.partition(".")[0])
            case Switch():
                for arm in statement.arms:
                    if isinstance(arm.test, Expression):
                        found.update(arm.test.reads)
            case Code(reads=reads):
                found.update(reads)
            case Return(values=values):
                for value in values:
                    found.update(value.reads if isinstance(value, Expression) else [value.text.partition(".")[0]])
            case Function():
                found.update(_WORD.findall(f"{statement.parameters} {statement.returns}"))
            case Main():
                found.update(_WORD.findall(statement.raw or "flodesk"))
            case _:
                pass
    return found


def _literal_names(arguments: tuple[Argument, ...]) -> set[str]:
    return {a.value.text.partition(".")[0] for a in arguments if isinstance(a.value, Literal)}


# ------------------------------------------------------------------ imports
def callee_of(flow: Flow, function: str, path: str) -> tuple[str, Edit | None]:
    """Return how a function calls a type, and the edit that imports it first, if it is not.

    Raises
    ------
    Refused
        There is no way to import it.
    """
    module, _, name = path.rpartition(".")
    if not module or any(isinstance(s, Call) and s.name == module for s in flow.module.statements):
        return path, None
    body = flow.functions.get(function)
    hidden = bound(body.body) if body else set()
    for _, statement in imports_of(flow):
        for given, stands_for in dotted_names(statement):
            if given.partition(".")[0] in hidden:
                continue
            if stands_for == path:
                return given, None
            if stands_for == module:
                return f"{given}.{name}", None
    alias, edit = _new_import(flow, module)
    return f"{alias}.{name}", edit


def dotted_names(statement: Import) -> list[tuple[str, str]]:
    """Return what an import makes available: how it is written, and what that stands for.

    ``import scipy.signal`` binds ``scipy`` alone, but gives ``scipy.signal``.
    """
    found = list(statement.names)
    if not statement.module and statement.raw:
        try:
            tree = parse_tree(statement.raw).body[0]
        except (SyntaxError, IndexError):
            return found
        if isinstance(tree, ast.Import):
            found += [(alias.name, alias.name) for alias in tree.names if not alias.asname and "." in alias.name]
    return found


def _new_import(flow: Flow, module: str) -> tuple[str, Edit]:
    """Return the name under which a module is to be known, and the edit that imports it."""
    parent, _, leaf = module.rpartition(".")
    names = set(flow.functions) | set(flow.imports) | bound(flow.module)
    for function in flow.functions.values():
        names |= bound(function.body)
    imports = imports_of(flow)
    if parent in (OURS, FOLDER) or parent.startswith(f"{FOLDER}."):
        alias = leaf if leaf not in names else unique(f"{leaf}_nodes", names)
        for number, (index, statement) in enumerate(imports):
            if statement.module == parent and plain(statement):
                pairs = (*statement.names, (alias, module))
                if list(statement.names) == sorted(statement.names):
                    pairs = tuple(sorted(pairs))
                new = keep_text(statement, replace(statement, names=pairs))
                return alias, SetImports((*imports[:number], (index, new), *imports[number + 1 :]), f"Import {module}")
        made = Import(id="", module=parent, names=((alias, module),))
    else:
        head = module.partition(".")[0]
        free = head not in names or flow.imports.get(head) == head
        alias = module if free else unique(module.replace(".", "_"), names)
        text = f"import {module}" if free else f"import {module} as {alias}"
        made = Import(id="", module="", names=((head, head) if free else (alias, module),), raw=text)
    opening = flow.module.statements[:1]
    place = imports[-1][0] + 1 if imports else int(bool(opening) and isinstance(opening[0], Docstring))
    return alias, SetImports(renumbered((*imports, (place, made))), f"Import {module}")


def import_name(flow: Flow, statement: Import, name: str, free: str) -> Edit:
    """Return the edit that imports one of the names of another file's import here, under a name that is free."""
    path = dict(statement.names)[name]
    imports = imports_of(flow)
    if statement.module:
        pairs = ((free, path),)
        for number, (index, known) in enumerate(imports):
            if known.module == statement.module and plain(known):
                names = (*known.names, *pairs)
                names = tuple(sorted(names)) if list(known.names) == sorted(known.names) else names
                new = keep_text(known, replace(known, names=names))
                return SetImports((*imports[:number], (index, new), *imports[number + 1 :]), f"Import {path}")
        made = Import(id="", module=statement.module, names=pairs)
    else:
        dotted = [text for text, _ in dotted_names(statement) if text.partition(".")[0] == name and text != name]
        text = f"import {dotted[-1] if dotted and free == name else path}" + (
            "" if free == path.partition(".")[0] else f" as {free}"
        )
        made = Import(id="", module="", names=((free, path),), raw=text)
    opening = flow.module.statements[:1]
    place = imports[-1][0] + 1 if imports else int(bool(opening) and isinstance(opening[0], Docstring))
    return SetImports(renumbered((*imports, (place, made))), f"Import {path}")


def drop_imports(flow: Flow, names: set[str]) -> Edit | None:
    """Return the edit that takes imported names out; None if none of them can go."""
    kept: list[tuple[int, Import]] = []
    gone = 0
    changed = False
    for index, statement in imports_of(flow):
        left = tuple(pair for pair in statement.names if pair[0] not in names)
        if len(left) == len(statement.names) or not plain(statement):
            kept.append((index - gone, statement))
            continue
        changed = True
        if left:
            kept.append((index - gone, keep_text(statement, replace(statement, names=left))))
        else:
            gone += 1
    return SetImports(renumbered(kept), "Remove imports") if changed else None
