"""Which names at the top of a file go on standing for what they stand for, after its text has changed.

An object there outlives a change, with all its state, if it is as a run from the start would make it: nothing that it
hangs on has changed, nothing that puts something into it, and not the order of these. What cannot be told from the
text counts as changed: then it is made anew, together with all that may hold it or be held by it.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flodesk.flow.script.names import usage
from flodesk.flow.syntax import parse_tree

_ANY = frozenset({"getattr", "globals", "locals", "vars", "exec", "eval"})
"""Who reads one of these may use any attribute."""
_NAMES = frozenset({"globals", "exec", "eval"})
"""And who reads one of these any name of the file."""
_Definition = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Standing:
    """What becomes of the names at the top.

    Attributes
    ----------
    kept : frozenset of str
        These go on standing for the same objects.
    anew : tuple of str
        These do not, though their own lines are the same.
    """

    kept: frozenset[str]
    anew: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Code:
    """Some code: which names it reads, and which attributes it names."""

    reads: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, node: ast.stmt) -> _Code:
        used = usage([node])
        attributes = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
        return cls(frozenset(used.reads), frozenset(attributes))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A statement at the top.

    Attributes
    ----------
    now, all : _Code
        What runs along with the file; and with what may be called later.
    methods : dict
        Of a class: the code of each.
    """

    text: str
    node: ast.stmt
    binds: frozenset[str]
    now: _Code
    all: _Code
    methods: Mapping[str, _Code] = field(default_factory=dict)

    @property
    def is_function(self) -> bool:
        return isinstance(self.node, _Definition)

    @property
    def is_definition(self) -> bool:
        return self.is_function or isinstance(self.node, ast.ClassDef)

    @property
    def is_import(self) -> bool:
        return isinstance(self.node, ast.Import | ast.ImportFrom)

    @property
    def is_plain(self) -> bool:
        """Whether it binds what nothing can be put into."""
        return isinstance(self.node, ast.Assign | ast.AnnAssign) and isinstance(self.node.value, ast.Constant)


class _Change:
    """What the two texts have in common, and what hangs on the rest.

    Parameters
    ----------
    old, new : list of _Piece
        The statements at the top, before and now.
    """

    def __init__(self, old: list[_Piece], new: list[_Piece]) -> None:
        self._old, self._new = old, new
        self._pieces = [*{p.text: p for p in [*old, *new]}.values()]
        times = Counter(p.text for p in new)
        self._common = {text for text, many in Counter(p.text for p in old).items() if many == times[text]}
        self._by_name: dict[str, list[_Piece]] = defaultdict(list)
        for piece in self._pieces:
            for name in piece.binds:
                self._by_name[name].append(piece)
        self._rebound = {name for piece in self._pieces for name in _rebound(piece.node)}
        self._imports = {n for n, of in self._by_name.items() if all(p.is_import for p in of)}
        plain = {n for n, of in self._by_name.items() if all(p.is_plain for p in of)}
        self._values = self._by_name.keys() - self._imports - (plain - self._rebound)
        self._involved = {piece.text: self._reached(piece) for piece in self._pieces}

    def found(self) -> set[str]:
        """Return the names that are bound anew."""
        found: set[str] = set()
        for piece in self._pieces:
            if piece.text in self._common and not self._is_split(piece):
                continue
            if piece.is_import and not piece.binds:  # from somewhere import *
                return set(self._by_name)
            found |= piece.binds | self._touched(piece)
            if not piece.binds:  # it is there for what it does to something, be that a module: random.seed(1)
                found |= self._involved[piece.text] & self._imports
        found |= self._reordered()
        while True:
            many = len(found)
            for piece in self._pieces:
                if not found.isdisjoint(piece.all.reads):
                    found |= piece.binds | self._touched(piece)
                elif not found.isdisjoint(piece.binds) and not piece.is_import:
                    found |= self._touched(piece)  # it may be another name for the same
            if len(found) == many:
                return found

    def _is_split(self, piece: _Piece) -> bool:
        """Say whether it reads a name that functions bind anew: those that stay would not see the new file's."""
        reads = self._involved[piece.text] | piece.all.reads
        return not (self._rebound - piece.binds).isdisjoint(reads) or not _NAMES.isdisjoint(reads)

    def _runs(self, piece: _Piece) -> bool:
        """Say whether it does more, along with the file, than to bind a name to a function or class.

        Decorators and bases from elsewhere are taken not to call what they are given.
        """
        return not piece.is_definition or not (self._by_name.keys() - self._imports).isdisjoint(piece.now.reads)

    def _touched(self, piece: _Piece) -> set[str]:
        """Return the names of what it may put something into, or let hold something, when it runs."""
        involved = self._involved[piece.text]
        return involved & self._values if self._runs(piece) and _NAMES.isdisjoint(involved) else involved

    def _reached(self, piece: _Piece) -> set[str]:
        """Return what it involves: what it binds and reads, and what the code that it may call reads."""
        if not self._runs(piece):
            return set(piece.binds)
        reads = piece.now.reads
        wide = not _ANY.isdisjoint(reads) or not (piece.is_definition or self._imports.isdisjoint(reads))
        names, attributes = set(piece.binds | reads), set(piece.now.attributes)
        waiting, classes = [*names], dict[str, _Piece]()
        taken: set[tuple[str, str]] = set()

        def take(code: _Code) -> None:
            nonlocal wide
            waiting.extend(code.reads - names)
            names.update(code.reads)
            attributes.update(code.attributes)
            wide = wide or not _ANY.isdisjoint(code.reads)

        while waiting:
            for other in self._by_name.get(waiting.pop(), ()):
                if other.text in classes:
                    continue
                if isinstance(other.node, ast.ClassDef):
                    classes[other.text] = other
                    take(other.now)
                elif (other.text, "") not in taken:
                    taken.add((other.text, ""))
                    take(other.all)
            if waiting:
                continue
            for other in [*classes.values()]:  # which methods are called shows when all that may call them is known
                for name, code in other.methods.items():
                    if (other.text, name) not in taken and (wide or self._is_called(other, name, attributes)):
                        taken.add((other.text, name))
                        take(code)
        return names if _NAMES.isdisjoint(names) else names | self._by_name.keys()

    def _is_called(self, piece: _Piece, method: str, attributes: set[str]) -> bool:
        """Say whether code that names these attributes may call a method of a class."""
        special = method.startswith("__") and method.endswith("__")
        return special or method in attributes or not self._imports.isdisjoint(piece.now.reads)

    def _reordered(self) -> set[str]:
        """Return the names whose lines have another order now."""
        often = {n for n in self._imports if len(self._by_name[n]) > 1}
        orders: list[dict[str, list[str]]] = []
        for pieces in (self._old, self._new):
            order: dict[str, list[str]] = defaultdict(list)
            for piece in pieces:
                if piece.text in self._common:
                    for name in self._involved[piece.text]:
                        if name in piece.binds or name not in self._imports or name in often:
                            order[name].append(piece.text)
            orders.append(order)
        before, now = orders
        return {name for name in before if before[name] != now.get(name) and name in self._by_name}


def compare(before: str, now: str) -> Standing:
    """Find what becomes of the names at the top of a file whose text has changed."""
    known: dict[str, _Piece] = {}
    old, new = list(_pieces(before, known)), list(_pieces(now, known))
    found = _Change(old, new).found()
    here = {p.text for p in old}
    own = [n for p in new if p.text in here and not (p.is_function or p.is_import or p.is_plain) for n in p.binds]
    classes = {n for p in new if isinstance(p.node, ast.ClassDef) for n in p.binds}
    bound = {name for piece in new if not piece.is_import for name in piece.binds}
    return Standing(frozenset(bound - found), tuple(n for n in dict.fromkeys(own) if n in found - classes))


def _pieces(text: str, known: dict[str, _Piece]) -> Iterator[_Piece]:
    for node in _apart(parse_tree(text).body):
        if isinstance(node, ast.If) and _is_script_only(node.test):
            continue  # it does not run here
        same = ast.dump(node)
        if same not in known:
            now, methods = _heads(node)
            binds = frozenset(usage([node]).binds)
            known[same] = _Piece(same, node, binds, _Code.of(now), _Code.of(node), methods)
        yield known[same]


def _apart(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Give statements; of an import each name by itself: one more of them changes nothing for the others."""
    for node in body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            yield node
            continue
        for alias in node.names:
            one = copy.copy(node)
            one.names = [alias]
            yield one


def _is_script_only(test: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(test))


def _heads(node: ast.stmt) -> tuple[ast.stmt, dict[str, _Code]]:
    """Return what of a definition runs along with the file, and the code of its methods."""
    if isinstance(node, _Definition):
        return _head(node), {}
    if not isinstance(node, ast.ClassDef):
        return node, {}
    methods = {part.name: part for part in node.body if isinstance(part, _Definition)}
    rest = [part for part in node.body if not isinstance(part, _Definition)]
    if not methods.keys().isdisjoint(name for part in rest for name in usage([part]).reads):
        return node, {}  # it calls one of them itself
    head = copy.copy(node)
    head.body = [*rest, *(_head(part) for part in node.body if isinstance(part, _Definition))] or [ast.Pass()]
    codes: dict[str, _Code] = {}
    for part in node.body:
        if isinstance(part, _Definition):
            code, known = _Code.of(part), codes.get(part.name, _Code())
            codes[part.name] = _Code(code.reads | known.reads, code.attributes | known.attributes)
    return head, codes


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
    """Return what of a function runs where it stands; annotations are looked at, and nothing happens to them."""
    given = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
    return ast.Expr(ast.Tuple(given, ast.Load()))


def _rebound(node: ast.stmt) -> Iterable[str]:
    return (name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names)
