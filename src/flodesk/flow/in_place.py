"""What the statements of a function change in place, and whose values that concerns.

A value that is changed in place is one thing with several names, and with several states one after the other: who
wants one of them again has to begin with whoever made the value.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from flodesk.flow.beside import flow_beside
from flodesk.flow.model import (
    Argument,
    Bind,
    Block,
    Call,
    Code,
    Expression,
    Flow,
    Function,
    Literal,
    Loop,
    Ref,
    Return,
    Statement,
    Switch,
)
from flodesk.flow.script.names import parameter_names
from flodesk.flow.sharing import (
    CLASS,
    NOTHING,
    RESULT,
    Effects,
    Given,
    Known,
    Link,
    Reader,
    Sources,
    Summary,
    call_effects,
)
from flodesk.flow.syntax import parse_tree

_PLAIN = frozenset(["int", "float", "complex", "str", "bytes", "bool", "None"])
"""Types of results that nobody can change: a function that says so gives nothing of what it is given."""


class InPlace:
    """What the statements of one function change in place.

    Attributes
    ----------
    effects : dict
        Of each statement, by its id; what stands in a loop or a switch has its own.
    """

    def __init__(self, effects: Mapping[str, Effects]) -> None:
        self.effects = effects
        self._links = [(link, found) for found in effects.values() for link in found.links]

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return any(found.changes for found in self.effects.values())

    def changes(self, statement: str) -> Mapping[str, bool]:
        """Return the names through which a statement changes a value."""
        found = self.effects.get(statement)
        return found.changes if found is not None else {}

    def uses(self, statement: str) -> Collection[str]:
        """Return the names of the objects that it calls in some other way."""
        found = self.effects.get(statement)
        return found.uses if found is not None else ()

    def concerned(
        self, statement: str, *, more: Collection[str] = (), apart: Collection[str] = (), sure: bool = False
    ) -> frozenset[str]:
        """Return every name whose value is another one after a statement has changed values in place.

        Parameters
        ----------
        more : collection of str
            Names of further values that it changes.
        apart : collection of str
            Names whose values nobody can change.
        sure : bool
            Leave out what may be so only because nobody knows what a function gives.
        """
        own = self.effects.get(statement)
        changed = {**dict.fromkeys(more, False), **self.changes(statement)}
        if not changed:
            return frozenset()
        links = [
            (link, found)
            for link, found in self._links
            if link.target not in apart and link.source not in apart and not (sure and link.guess)
        ]
        down: dict[str, list[str]] = {}
        for link, _ in links:
            down.setdefault(link.source, []).append(link.target)
        found: set[str] = set()
        names = [*_origins(links, own, {name: deep for name, deep in changed.items() if name not in apart})]
        while names:  # where the value went to from where it came from
            name = names.pop()
            if name not in found:
                found.add(name)
                names += down.get(name, ())
        return frozenset(found - {RESULT})

    def origins(self) -> dict[str, bool]:
        """Return the names where the values come from that are changed; True where what they hold is changed, too."""
        origins: dict[str, bool] = {}
        for found in self.effects.values():
            for name, deep in _origins(self._links, found, found.changes).items():
                origins[name] = origins.get(name, False) or deep
        return origins

    def given(self) -> frozenset[Given]:
        """Return all that the result of the function may be, be a part of, or hold."""
        links: dict[str, list[Link]] = {}
        for link, _ in self._links:
            links.setdefault(link.target, []).append(link)
        seen: set[Given] = set()
        waiting = [Given(RESULT, "is")]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                for link in links.get(here.name, ()):
                    kind = link.kind if here.kind == "is" else here.kind
                    waiting.append(Given(link.source, kind, here.guess or link.guess))
        return frozenset(seen)


def _origins(
    links: Iterable[tuple[Link, Effects]], own: Effects | None, changed: Mapping[str, bool]
) -> dict[str, bool]:
    """Return where the values come from that a statement (`own`) changes through some names."""
    up: dict[str, list[Link]] = {}
    for link, found in links:
        # what a statement puts into a value it does not change as well
        if not (found is own and link.kind == "holds"):
            up.setdefault(link.target, []).append(link)
    origins: dict[str, bool] = {}
    waiting = list(changed.items())
    while waiting:
        name, deep = waiting.pop()
        if name in origins and (origins[name] or not deep):
            continue
        origins[name] = deep
        for link in up.get(name, ()):
            if link.kind != "holds" or deep:
                waiting.append((link.source, deep or link.kind == "part"))
    return origins


class FileInPlace:
    """The functions of a file, and what each of them does to the values that it is given.

    Parameters
    ----------
    folder : Path, optional
        Where it stands: functions of files beside it are looked into as well.
    """

    def __init__(self, flow: Flow, folder: Path | None = None) -> None:
        self._flow = flow
        self._folder = folder
        self._summaries: dict[str, Summary | str | None] = {}
        self._busy: set[str] = set()
        self._defined: dict[str, ast.stmt] | None = None
        self._beside: dict[str, FileInPlace | None] = {}
        self._whole: dict[str, InPlace] = {}

    @property
    def alone(self) -> bool:
        """Whether all that it says follows from this file."""
        return not self._beside

    def of(self, function: Function) -> InPlace:
        """Look at the body of a function of the file, or at a part of one."""
        whole = self._flow.functions.get(function.name) is function
        found = self._whole.get(function.name) if whole else None
        if found is None:
            local = _local_names(function)
            known = self._known(local)
            found = InPlace({s.id: _effects(s, local, known) for s in _everything(function.body)})
            if whole:
                self._whole[function.name] = found
        return found

    def summary(self, name: str) -> Summary | str | None:
        """Say what a function of the file does; `CLASS` for a class, None where there is none of that name."""
        if name not in self._summaries:
            if name in self._busy:
                return Summary()  # it calls itself: what it does is found on the way in
            self._busy.add(name)
            self._summaries[name] = self._summary(name)
            self._busy.discard(name)
        return self._summaries[name]

    # -------------------------------------------------------------- functions
    def _summary(self, name: str) -> Summary | str | None:
        function = self._flow.functions.get(name)
        if function is not None:
            head = parse_tree(f"def f({function.parameters}\n): pass").body[0]
            assert isinstance(head, ast.FunctionDef)
            return _summed(head.args, function.returns, self.of(function), _local_names(function))
        node = self._definitions().get(name)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            local = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            local |= {*parameter_names(node.args)}
            local -= {name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names}
            reader = Reader(self._known(local))
            reader.statements(node.body)
            hint = ast.unparse(node.returns) if node.returns is not None else ""
            return _summed(node.args, hint, InPlace({name: reader.found}), local)
        return CLASS if node is not None else None

    def _definitions(self) -> dict[str, ast.stmt]:
        """Return the functions and classes of the file that are kept as code: with decorators, most often."""
        if self._defined is None:
            kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            codes = [s.text for s in self._flow.module.statements if isinstance(s, Code)]
            self._defined = {n.name: n for text in codes for n in _parsed(text) if isinstance(n, kinds)}
        return self._defined

    def _known(self, local: Collection[str]) -> Known:
        def known(callee: str) -> Summary | str | None:
            head, dot, _ = callee.partition(".")
            if not head or head in local:
                return None
            if head in self._flow.imports:
                return self._imported(self._flow.resolve(callee))
            own = self.summary(head)
            if own is not None:
                return own if not dot else callee
            return callee if hasattr(builtins, head) else None

        return known

    def _imported(self, path: str) -> Summary | str:
        module, _, name = path.rpartition(".")
        if self._folder is None or not module or module.startswith("flodesk."):
            return path
        if module not in self._beside:
            other = flow_beside(self._folder, module)
            self._beside[module] = FileInPlace(other, self._folder) if isinstance(other, Flow) else None
        file = self._beside[module]
        return (file.summary(name) if file is not None else None) or path


def _summed(arguments: ast.arguments, returns: str, inside: InPlace, local: Collection[str]) -> Summary:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    plain = {a.arg for a in every if a.annotation is not None and ast.unparse(a.annotation) in _PLAIN}
    names = {*parameter_names(arguments)} - plain
    positional = tuple(a.arg for a in [*arguments.posonlyargs, *arguments.args])
    rest = arguments.vararg.arg if arguments.vararg is not None else ""
    origins = inside.origins()
    gives = frozenset[Given]()
    if returns.strip("\"' ") not in _PLAIN:
        gives = frozenset(given for given in inside.given() if given.name in names)
    outer = frozenset(origins) - frozenset(local)
    return Summary(positional, rest, {n: deep for n, deep in origins.items() if n in names}, gives, outer)


# ------------------------------------------------------------------ statements of the tree
def _effects(statement: Statement, local: Collection[str], known: Known) -> Effects:
    if isinstance(statement, Call | Loop):
        return _of_call(statement, local, known)
    reader = Reader(known)
    if isinstance(statement, Code):
        reader.statements(_parsed(statement.text))
    elif isinstance(statement, Bind):
        reader.found.link(statement.name, _of_value(statement.value, local))
    elif isinstance(statement, Switch):
        for arm in statement.arms:
            if isinstance(arm.test, Expression):
                _of_expression(reader, arm.test)
    elif isinstance(statement, Return):
        for value in statement.values:
            sources = _of_expression(reader, value) if isinstance(value, Expression) else _of_value(value, local)
            reader.found.link(RESULT, sources, "is" if len(statement.values) == 1 else "holds")
    return reader.found


def _of_call(statement: Call | Loop, local: Collection[str], known: Known) -> Effects:
    found = Effects()
    arguments = [(a.keyword, _of_argument(a, local)) for a in statement.arguments]
    head, *rest = statement.callee.split(".")
    owner: Sources = NOTHING
    if head in local:
        owner = frozenset([Given(head, "part" if len(rest) > 1 else "is")])
    if _says_in_place(statement.arguments):
        found.change(owner, deep=False)
    if isinstance(statement, Loop) and not statement.called:
        sources = owner
    else:
        sources = call_effects(found, statement.callee, arguments, known, owner)
    if isinstance(statement, Loop):
        for target in statement.targets:
            found.link(target, sources, "is")
    elif statement.name:
        found.link(statement.name, sources, "is" if statement.mapped is None else "holds")
    return found


def _says_in_place(arguments: Iterable[Argument]) -> bool:
    return any(a.keyword == "inplace" and a.value != Literal("False") for a in arguments)


def _of_argument(argument: Argument, local: Collection[str]) -> Sources:
    """Return what a call is given: of an argument that it is mapped over, what that holds."""
    given = _of_value(argument.value, local)
    return given if argument.each is None else frozenset(has._replace(kind="part") for has in given)


def _of_value(value: Ref | Literal, local: Collection[str]) -> Sources:
    name, dot, _ = value.text.partition(".")
    return frozenset([Given(name, "part" if dot else "is")]) if name in local else NOTHING


def _of_expression(reader: Reader, expression: Expression) -> Sources:
    body = _parsed(f"({expression.text}\n)")
    return reader.value(body[0].value) if body and isinstance(body[0], ast.Expr) else NOTHING


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[ast.stmt, ...]:
    try:
        return tuple(parse_tree(text).body)
    except (SyntaxError, ValueError):
        return ()


def _local_names(function: Function) -> frozenset[str]:
    found: set[str] = set()
    if function.parameters.strip():
        head = parse_tree(f"def f({function.parameters}\n): pass").body[0]
        assert isinstance(head, ast.FunctionDef)
        found.update(parameter_names(head.args))
    for statement in _everything(function.body):
        if isinstance(statement, Call | Bind):
            found.add(statement.name)
        elif isinstance(statement, Loop):
            found.update(statement.targets)
        elif isinstance(statement, Code):
            found.update(statement.binds)
    return frozenset(found - {""})


def _everything(block: Block) -> Iterator[Statement]:
    for statement in block.statements:
        yield statement
        if isinstance(statement, Loop):
            yield from _everything(statement.body)
        elif isinstance(statement, Switch):
            for arm in statement.arms:
                yield from _everything(arm.body)


__all__ = ["FileInPlace", "InPlace"]
