"""Which names a piece of Python reads and binds, and whether it leaves itself, found without running it.

A name counts as read if it may be read before the piece itself has bound it: then it has to come from outside.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Definition = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_TYPE_ALIAS: type[ast.stmt] | None = getattr(ast, "TypeAlias", None)
_TRY = (ast.Try, ast.TryStar)


@dataclass(frozen=True, slots=True)
class Usage:
    """The free and the bound names of a piece of code, each in the order in which they first appear."""

    reads: tuple[str, ...]
    binds: tuple[str, ...]
    outer: tuple[str, ...] = ()
    """Names that it declares ``global`` or ``nonlocal``."""
    body: Sequence[ast.stmt] = ()

    @property
    def leaves(self) -> bool:
        """Whether a ``return``, ``yield``, ``break`` or ``continue`` gets out of it."""
        return any(leaves(statement) for statement in self.body)


def usage(body: Sequence[ast.stmt]) -> Usage:
    """Find the names of some statements."""
    walker = _Walker()
    walker.statements(body)
    later = (name for name in walker.later if name not in walker.binds)
    reads = tuple(dict.fromkeys([*walker.reads, *later]))
    return Usage(reads, tuple(walker.binds), tuple(walker.outer), body)


def free_names(expression: ast.expr) -> tuple[str, ...]:
    """Names that an expression reads from outside, in the order of the text."""
    walker = _Walker()
    walker.expression(expression)
    return tuple(dict.fromkeys([*walker.reads, *walker.later]))


def outer_names(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Names that some statements themselves declare ``global`` or ``nonlocal``."""
    return frozenset(
        name for node in own_nodes(body) if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names
    )


def deleted_names(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Names that some statements themselves may leave without a value, by ``del``."""
    return frozenset(n.id for n in own_nodes(body) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Del))


def kept_names(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Free names of the functions, classes and generators that some statements define and give a name.

    These look the names up when they are called, which may be after they were bound anew.
    """
    walker = _Walker()
    for node in own_nodes(body):
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            walker.statement(node)
        elif isinstance(value, ast.Lambda):
            walker.expression(value)
        elif isinstance(value, ast.GeneratorExp):
            first = free_names(value.generators[0].iter)
            walker.later.update({name: None for name in free_names(value) if name not in first})
    return frozenset(walker.later)


def nonlocal_names(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Names of the function around it that functions made in some statements bind anew when they are called."""
    found = {name for s in body for node in ast.walk(s) if isinstance(node, ast.Nonlocal) for name in node.names}
    return frozenset(found.intersection(usage(body).reads)) if found else frozenset()


def early_names(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Names that some statements read before anything in them can have bound them, whichever way they run."""
    walker = _Walker(hopeful=True)
    walker.statements(body)
    return frozenset(walker.reads)


def is_async(body: Sequence[ast.AST]) -> bool:
    """Return whether code awaits something itself, and so can stand in an ``async def`` only."""
    return any(
        isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith)
        or (isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp) and any(g.is_async for g in node.generators))
        for node in own_nodes(body)
    )


def own_nodes(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Give all nodes of some statements; of the functions and classes in them the head only."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            stack += ast.iter_child_nodes(node)


def parameter_names(arguments: ast.arguments) -> tuple[str, ...]:
    """Names of all parameters of a function."""
    some = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    return tuple(a.arg for a in some if a is not None)


@dataclass(slots=True)
class _Walker:
    """Goes over statements in the order in which they run; `certain` holds what is bound for sure by now."""

    reads: dict[str, None] = field(default_factory=dict)
    later: dict[str, None] = field(default_factory=dict)
    """Free names of functions defined here: they are read when the function is called."""
    binds: dict[str, None] = field(default_factory=dict)
    outer: dict[str, None] = field(default_factory=dict)
    certain: set[str] = field(default_factory=set)
    hopeful: bool = False
    """What may not have run counts as if it had: `certain` is what may be bound by now."""

    def read(self, name: str) -> None:
        if name not in self.certain:
            self.reads[name] = None

    def bind(self, name: str | None) -> None:
        if name:
            self.binds[name] = None
            self.certain.add(name)

    # -------------------------------------------------------------- expressions
    def expression(self, *nodes: ast.AST | None) -> None:
        """Go over expressions. A stack of its own: a sum of a thousand terms is nested a thousand deep."""
        stack: list[ast.AST | None] = list(reversed(nodes))
        while stack:
            node = stack.pop()
            if node is None:
                continue
            # The most frequent ones first: a large script has a million nodes.
            if isinstance(node, ast.Constant):
                continue
            if isinstance(node, ast.Attribute):
                stack.append(node.value)
            elif isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Store):
                    self.bind(node.id)
                else:
                    self.read(node.id)
            elif isinstance(node, ast.Call):
                stack += [k.value for k in reversed(node.keywords)]
                stack += reversed(node.args)
                stack.append(node.func)
            elif isinstance(node, ast.NamedExpr):
                stack += [node.target, node.value]
            elif isinstance(node, ast.Lambda):
                self.defaults(node.args)
                inner = _Walker(certain=set(parameter_names(node.args)))
                inner.expression(node.body)
                self.later.update(inner.reads | inner.later)
            elif isinstance(node, Comprehension):
                self.comprehension(node)
            elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.MatchMapping):
                name = node.rest if isinstance(node, ast.MatchMapping) else node.name
                stack.append(ast.Name(name, ast.Store()) if name else None)
                stack += reversed(list(ast.iter_child_nodes(node)))
            else:
                stack += reversed(list(ast.iter_child_nodes(node)))

    def comprehension(self, node: Comprehension) -> None:
        """Its first source is read here; its targets stay inside; ``:=`` binds outside."""
        self.expression(node.generators[0].iter)
        inner = _Walker(certain=set(self.certain))
        for number, part in enumerate(node.generators):
            if number:
                inner.expression(part.iter)
            inner.expression(part.target)
            inner.expression(*part.ifs)
        targets = set(inner.binds)
        if isinstance(node, ast.DictComp):
            inner.expression(node.key, node.value)
        else:
            inner.expression(node.elt)
        self.reads.update(inner.reads)
        self.later.update({name: None for name in inner.later if name not in targets})
        walrus = {n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)}
        for name in inner.binds:
            if name in walrus:
                self.bind(name)

    def defaults(self, arguments: ast.arguments) -> None:
        self.expression(*arguments.defaults, *arguments.kw_defaults)

    # -------------------------------------------------------------- statements
    def statements(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def branch(self, body: Iterable[ast.stmt], *before: ast.AST | None) -> set[str]:
        """Go over statements that may not run; give what is bound for sure if they did."""
        kept = set(self.certain)
        self.expression(*before)
        self.statements(body)
        after = self.certain
        if not self.hopeful:
            self.certain = kept
        return after

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.definition(node)
            case ast.ClassDef():
                self.class_(node)
            case ast.Assign():
                self.expression(node.value, *node.targets)
            case ast.AugAssign():
                if isinstance(node.target, ast.Name):
                    self.read(node.target.id)
                self.expression(node.value, node.target)
            case ast.AnnAssign():
                self.expression(node.annotation, node.value)
                if node.value is not None or not isinstance(node.target, ast.Name):
                    self.expression(node.target)
            case ast.For() | ast.AsyncFor():
                self.expression(node.iter)
                self.branch(node.body, node.target)
                self.branch(node.orelse)
            case ast.While():
                self.expression(node.test)
                self.branch(node.body)
                self.branch(node.orelse)
            case ast.If():
                self.if_(node)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self.expression(item.context_expr, item.optional_vars)
                self.statements(node.body)
            case ast.Match():
                self.expression(node.subject)
                for case in node.cases:
                    self.branch(case.body, case.pattern, case.guard)
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    if alias.name != "*":
                        self.bind(alias.asname or alias.name.partition(".")[0])
            case ast.Global() | ast.Nonlocal():
                self.outer.update(dict.fromkeys(node.names))
            case _ if isinstance(node, _TRY):
                self.try_(node)
            case _ if _TYPE_ALIAS is not None and isinstance(node, _TYPE_ALIAS):
                self.expression(*ast.iter_child_nodes(node))
            case _:
                self.expression(*ast.iter_child_nodes(node))

    def if_(self, node: ast.If) -> None:
        """Go along the ``elif``s without recursion: there may be a thousand."""
        ends: list[set[str]] = []
        start = set(self.certain)
        while True:
            self.expression(node.test)
            ends.append(self.branch(node.body))
            match node.orelse:
                case [ast.If() as following]:
                    node = following
                case others:
                    ends.append(self.branch(others))
                    break
        self.certain = start | (set.union(*ends) if self.hopeful else set.intersection(*ends))

    def try_(self, node: ast.Try | ast.TryStar) -> None:
        ends = [self.branch([*node.body, *node.orelse])]
        for handler in node.handlers:
            self.expression(handler.type)
            kept = set(self.certain)
            self.bind(handler.name)
            self.statements(handler.body)
            self.certain, after = kept, self.certain
            ends.append(after - {handler.name or ""})
        self.certain |= set.union(*ends) if self.hopeful else set.intersection(*ends)
        self.statements(node.finalbody)

    def definition(self, node: Definition) -> None:
        """Its decorators, defaults and annotations are read now, the free names of its body when it is called."""
        self.expression(*node.decorator_list)
        self.defaults(node.args)
        hints = [*node.args.posonlyargs, *node.args.args, node.args.vararg, *node.args.kwonlyargs, node.args.kwarg]
        kinds = self.type_parameters(node)
        outer = _Walker(certain=self.certain | kinds)
        outer.expression(*(hint.annotation for hint in hints if hint), node.returns)
        self.reads.update(outer.reads)
        self.bind(node.name)
        inner = usage(node.body)
        local = (set(inner.binds) | set(parameter_names(node.args)) | kinds) - set(inner.outer)
        free = [*inner.reads, *inner.outer]
        self.later.update(dict.fromkeys(name for name in free if name not in local))

    def type_parameters(self, node: ast.AST) -> set[str]:
        """Names in the square brackets of ``def f[T: Bound]`` (Python 3.12); bounds are read when asked for."""
        found: set[str] = set()
        for parameter in getattr(node, "type_params", ()):
            found.add(parameter.name)
            if bound := getattr(parameter, "bound", None):
                self.later.update(dict.fromkeys(free_names(bound)))
        return found

    def class_(self, node: ast.ClassDef) -> None:
        """Its body runs now, in a scope that its methods do not see."""
        kinds = self.type_parameters(node)
        self.expression(*node.decorator_list)
        body = _Walker(certain=self.certain | kinds)
        body.expression(*node.bases, *(k.value for k in node.keywords))
        body.statements(node.body)
        self.reads.update(body.reads)
        self.later.update({name: None for name in body.later if name not in kinds and name != "__class__"})
        self.bind(node.name)


def leaves(node: ast.AST) -> bool:
    """Say whether a ``return``, ``yield``, ``await``, ``break`` or ``continue`` gets out of a piece of code."""
    in_loop = False
    stack = [(node, in_loop)]
    while stack:
        node, in_loop = stack.pop()
        if isinstance(node, ast.Constant | ast.Name | ast.expr_context):
            continue
        match node:
            case ast.Return() | ast.Yield() | ast.YieldFrom():
                return True
            case ast.Break() | ast.Continue():
                if not in_loop:
                    return True
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                continue
            case ast.For() | ast.AsyncFor() | ast.While():
                stack += [(child, True) for child in node.body]
                stack += [(child, in_loop) for child in node.orelse]
                stack.append((node.test if isinstance(node, ast.While) else node.iter, in_loop))
            case _:
                stack += [(child, in_loop) for child in ast.iter_child_nodes(node)]
    return False
