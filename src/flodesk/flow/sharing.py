"""What a piece of Python changes in place, and which of its names may share a value, found without running it.

``data.append(k)``, ``df["a"] += k`` and ``del x[0]`` change a value that other names may have as well. What is found
here errs on the side of too much, with one exception: what a function of another package does to the values that it
is given is not known, and is taken to be nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["is", "part", "holds"]

CLASS = "class"
"""What a callee is that makes objects. A word of Python, like the next one."""
RESULT = "return"
"""The name under which what a function gives goes; no variable can have it."""

_METHODS_WORDS = """
append appendleft extend extendleft insert remove pop popleft popitem clear sort reverse rotate update
setdefault add discard difference_update intersection_update symmetric_difference_update fill resize put
itemset partition setflags setfield write writelines seek truncate readline readlines send throw shuffle
__setitem__ __delitem__ __setattr__ __iadd__ __next__ move_to_end subtract
"""
METHODS = frozenset(_METHODS_WORDS.split())
"""Methods that change their object, of the types that Python, NumPy and pandas have."""

_FIRST_WORDS = """
setattr delattr next random.shuffle heapq.heappush heapq.heappop heapq.heapify heapq.heapreplace
heapq.heappushpop bisect.insort bisect.insort_left bisect.insort_right numpy.put numpy.copyto numpy.place
numpy.putmask numpy.fill_diagonal numpy.put_along_axis operator.setitem operator.delitem operator.iadd
"""
_FIRST = frozenset(_FIRST_WORDS.split())
"""Functions that change their first argument."""

_FRESH_WORDS = """
len sum abs round str int float bool complex repr format print isinstance issubclass type id hash ord chr any
all bin hex oct pow divmod range bytes ascii callable hasattr copy.deepcopy
"""
_FRESH = frozenset(_FRESH_WORDS.split())
"""Functions whose result has nothing in common with what they are given."""

_HOLDERS = "list tuple set frozenset dict sorted reversed enumerate zip map filter iter copy.copy"
_HOLD = frozenset(_HOLDERS.split())
_OTHERS = ("print", "open", "input", "exec", "eval")


class Link(NamedTuple):
    """`target` may be `source` itself, a part of it, or hold it. `guess`: nobody knows, as a call made it."""

    target: str
    source: str
    kind: Kind
    guess: bool = False


class Given(NamedTuple):
    """One thing that the value of an expression may be, be a part of, or hold."""

    name: str
    kind: Kind
    guess: bool = False


Sources = frozenset[Given]
NOTHING: Sources = frozenset()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a function does to the values that it is given.

    Attributes
    ----------
    parameters : tuple of str
        Those that may be given by position.
    rest : str
        The name of ``*values``, if there is one.
    changes : mapping
        The parameters that it changes in place; True where it also may change what they hold.
    gives : frozenset of Given
        The parameters that its result may have to do with.
    outer : frozenset of str
        Names of its module that it changes.
    """

    parameters: tuple[str, ...] = ()
    rest: str = ""
    changes: Mapping[str, bool] = field(default_factory=dict)
    gives: Sources = NOTHING
    outer: frozenset[str] = frozenset()


@dataclass(slots=True)
class Effects:
    """What a statement changes, and what its names have to do with each other after it.

    Attributes
    ----------
    changes : dict
        Names whose value it changes in place; True where it also may change what that holds.
    uses : set of str
        Names of values that it calls, or a method of theirs of which nobody knows what it does.
    alone : bool
        It calls nothing that might do something else.
    """

    changes: dict[str, bool] = field(default_factory=dict)
    uses: set[str] = field(default_factory=set)
    links: set[Link] = field(default_factory=set)
    alone: bool = True

    def change(self, sources: Iterable[Given], deep: bool) -> None:
        """Note that the value of an expression is changed."""
        for given in sources:
            if given.kind == "holds" and not deep:
                continue  # a new list of it is changed, not it
            self.changes[given.name] = self.changes.get(given.name, False) or deep or given.kind != "is"

    def link(self, target: str, sources: Iterable[Given], kind: Kind = "is") -> None:
        """Note what a name has to do with others from now on."""
        self.links.update(
            Link(target, g.name, g.kind if kind == "is" else kind, g.guess) for g in sources if g.name != target
        )


Known = Callable[[str], Summary | str | None]
"""Tells about a callee as it is written: what it does, ``class`` if it makes an object, else the path that it stands
for; None for a value and the methods of one."""


def call_effects(
    found: Effects, callee: str, arguments: Sequence[tuple[str, Sources]], known: Known, owner: Sources = NOTHING
) -> Sources:
    """Note what a call does, and return what its result may have to do with.

    Parameters
    ----------
    arguments : sequence
        Each keyword (empty by position) with what the argument may be.
    owner : frozenset of Given
        What comes before the last dot, where that is a value.
    """
    given = frozenset[Given]().union(*(sources for _, sources in arguments))
    what = known(callee) if callee else None
    for keyword, sources in arguments:
        if keyword == "out":
            found.change(sources, deep=False)
    if what is None:
        if callee.rpartition(".")[2] in METHODS and "." in callee:
            found.change(owner, deep=False)
            for has in owner:
                found.link(has.name, given, "holds")
        else:
            found.alone = False
            found.uses.update(has.name for has in owner)
        return _as(given | owner, "is", guess=True)
    if isinstance(what, Summary):
        found.alone = False
        return _through(found, what, arguments)
    if what == CLASS:
        found.alone = False
        return _as(given, "holds")
    if what in _FIRST and arguments:
        found.change(arguments[0][1], deep=False)
        for has in arguments[0][1]:
            found.link(has.name, frozenset[Given]().union(*(s for _, s in arguments[1:])), "holds")
        return _as(given, "part")
    if what in _FRESH:
        found.alone = found.alone and what not in _OTHERS
        return NOTHING
    if what in _HOLD:
        return _as(given, "holds")
    found.alone = False
    return _as(given, "is", guess=True)


def _through(found: Effects, what: Summary, arguments: Sequence[tuple[str, Sources]]) -> Sources:
    """Take over what a known function does to its parameters."""
    given: dict[str, Sources] = {}
    for number, (keyword, sources) in enumerate(arguments):
        at = keyword or (what.parameters[number] if number < len(what.parameters) else what.rest)
        given[at] = given.get(at, NOTHING) | sources
    for parameter, deep in what.changes.items():
        # *values is a tuple of what is given: that cannot be changed, what it holds can
        found.change(given.get(parameter, NOTHING), deep)
    result: set[Given] = set()
    for has in what.gives:
        result |= _as(given.get(has.name, NOTHING), has.kind, guess=has.guess)
    return frozenset(result)


def _as(sources: Iterable[Given], kind: Kind, *, guess: bool = False) -> Sources:
    """Return what a value has to do with names, if it has to do with these sources in one of the three ways."""
    return frozenset(Given(g.name, _after(g.kind, kind), g.guess or guess) for g in sources)


def _after(first: Kind, then: Kind) -> Kind:
    if then == "is":
        return first
    if then == "holds":
        return "holds"
    return "is" if first == "holds" else "part"


def parts_of(sources: Iterable[Given]) -> Sources:
    """Return what a part of a value may be: a part of what it was, or what it held."""
    some = list(sources)
    return _as(some, "part") | _as((g for g in some if g.kind == "holds"), "is")


class Reader:
    """Goes over statements of Python, and notes down what they do."""

    def __init__(self, known: Known) -> None:
        self.found = Effects()
        self._known = known
        self._inside = 0

    # -------------------------------------------------------------- expressions
    def value(self, node: ast.AST | None) -> Sources:
        """Go over an expression; returns what its value may have to do with."""
        match node:
            case None | ast.Constant():
                return NOTHING
            case ast.Name(id=name):
                return frozenset([Given(name, "is")])
            case ast.Attribute(value=inner):
                return parts_of(self.value(inner))
            case ast.Subscript(value=inner, slice=place):
                self.value(place)
                return parts_of(self.value(inner))
            case ast.Call():
                return self._call(node)
            case ast.BinOp():
                return self._chain(node)
            case ast.UnaryOp() | ast.Compare() | ast.JoinedStr() | ast.FormattedValue():
                for child in ast.iter_child_nodes(node):
                    self.value(child)
                return NOTHING
            case ast.NamedExpr(target=target, value=inner):
                sources = self.value(inner)
                self.found.link(target.id, sources)
                return sources
            case ast.Tuple() | ast.List() | ast.Set() | ast.Dict() | ast.Starred():
                return _as(self._all(ast.iter_child_nodes(node)), "holds")
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                for part in node.generators:
                    self._bind(part.target, parts_of(self.value(part.iter)))
                    self._all(part.ifs)
                made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
                return _as(self._all(made), "holds")
            case ast.Lambda(body=body):
                return _as(self.value(body), "holds") | frozenset(
                    Given(n.id, "holds") for n in ast.walk(body) if isinstance(n, ast.Name)
                )
            case ast.Yield(value=inner) | ast.YieldFrom(value=inner):
                sources = self.value(inner)
                if not self._inside:
                    self.found.link(RESULT, sources, "holds")
                return NOTHING
            case _:
                return self._all(ast.iter_child_nodes(node))

    def _all(self, nodes: Iterable[ast.AST]) -> Sources:
        return frozenset[Given]().union(*[self.value(node) for node in nodes])

    def _chain(self, node: ast.BinOp) -> Sources:
        """Go over a sum without recursion: there may be a thousand terms. A sum of lists holds what they held."""
        found = NOTHING
        inner: ast.expr = node
        while isinstance(inner, ast.BinOp):
            found |= self.value(inner.right)
            inner = inner.left
        return _as(found | self.value(inner), "holds")

    def _call(self, node: ast.Call) -> Sources:
        arguments = [("", self.value(a)) for a in node.args]
        arguments += [(k.arg or "", self.value(k.value)) for k in node.keywords]
        callee = _dotted(node.func)
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        owner = self.value(node.func.value if isinstance(node.func, ast.Attribute) else node.func)
        if any(k.arg == "inplace" and not _is_false(k.value) for k in node.keywords):
            self.found.change(owner, deep=False)
        return call_effects(self.found, callee or f".{method}", arguments, self._known, owner)

    # -------------------------------------------------------------- statements
    def statements(self, body: Iterable[ast.stmt]) -> None:
        """Go over statements."""
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.AST) -> None:
        """Go over a statement."""
        match node:
            case ast.Assign(targets=targets, value=value):
                sources = self.value(value)
                for target in targets:
                    self._bind(target, sources)
            case ast.AnnAssign(target=target, value=value):
                if value is not None:
                    self._bind(target, self.value(value))
            case ast.AugAssign(target=target, value=value):
                sources = _as(self.value(value), "holds")
                self._bind(target, sources)
                # x += k changes what x is, where that can be changed; x[0] += k what it holds
                self.found.change(self.value(target), deep=not isinstance(target, ast.Name))
            case ast.Delete(targets=targets):
                for target in targets:
                    self._bind(target, NOTHING)
            case ast.For(target=target, iter=source) | ast.AsyncFor(target=target, iter=source):
                self._bind(target, parts_of(self.value(source)))
                self.statements([*node.body, *node.orelse])
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    sources = self.value(item.context_expr)
                    if item.optional_vars is not None:
                        self._bind(item.optional_vars, sources)
                self.found.alone = False
                self.statements(body)
            case ast.Return(value=value):
                sources = self.value(value)
                if not self._inside:
                    self.found.link(RESULT, sources)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._inside += 1
                self.statements(node.body)
                self._inside -= 1
                free = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
                self.found.link(node.name, [Given(name, "holds") for name in free])
            case ast.expr():
                self.value(node)
            case _:
                for child in ast.iter_child_nodes(node):
                    self.statement(child)

    def _bind(self, target: ast.expr, sources: Sources) -> None:
        match target:
            case ast.Name(id=name):
                self.found.link(name, sources)
            case ast.Starred(value=inner):
                self._bind(inner, _as(sources, "holds"))
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._bind(part, parts_of(sources))
            case ast.Subscript(value=owner) | ast.Attribute(value=owner):
                owners = self.value(owner)
                self.found.change(owners, deep=False)
                for given in owners:
                    self.found.link(given.name, sources, "holds")
            case _:
                self.value(target)


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value
