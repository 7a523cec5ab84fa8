"""From a public name to its definition, through re-exports, stars, lazy loaders and stubs: followed in the texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flodesk.flow.packages.contents import Bound, Contents, Definition, Imported, Valued, contents
from flodesk.flow.packages.finding import Finder, Place

_DEEP = 24
"""Re-exports of re-exports that are followed: more is a circle."""


@dataclass(frozen=True, slots=True)
class Defined:
    """A function or class: where its text is, and that text.

    Attributes
    ----------
    stub : bool
        It is in a stub, which tells no docstring as a rule.
    """

    home: Contents
    node: Definition
    stub: bool = False


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something that no text defines as function or class: it is compiled, or the result of a call.

    Attributes
    ----------
    home : Contents or None
        Where the text ends.
    value : Valued or None
        What it is bound to there.
    """

    home: Contents | None = None
    value: Valued | None = None


@dataclass(frozen=True, slots=True)
class WholeModule:
    """A module, and no function or class."""

    name: str


Traced = Defined | Hidden | WholeModule


class Tracer:
    """Reads modules as they are needed; `files` are all that it has looked into.

    Parameters
    ----------
    finder : Finder
        Finds the modules.
    """

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.files: set[Path] = set()
        self._texts: dict[tuple[str, bool], Contents | None] = {}
        self._traced: dict[tuple[str, str], Traced | None] = {}
        self._listing: set[str] = set()
        self._public: dict[str, tuple[str, ...]] = {}
        self.untold: set[str] = set()
        """Compiled modules of which something takes all: nothing tells what that is."""

    # -------------------------------------------------------------- texts
    def text(self, module: str) -> Contents | None:
        """Return what the Python text of a module holds; None if it has none, or one that cannot be read."""
        return self._read(module, stub=False)

    def stub(self, module: str) -> Contents | None:
        """Return what the stub beside a module holds, or None."""
        return self._read(module, stub=True)

    def _read(self, module: str, *, stub: bool) -> Contents | None:
        if (module, stub) not in self._texts:
            self._texts[module, stub] = None
            place = self.finder.find(module)
            file = None if place is None else place.stub if stub else place.text
            if place is not None and file is not None:
                self._texts[module, stub] = self._taken(place, file)
        return self._texts[module, stub]

    def _taken(self, place: Place, file: Path) -> Contents | None:
        self.files.add(file)
        try:
            return contents(place, file)
        except (OSError, SyntaxError, ValueError, RecursionError):
            return None

    # -------------------------------------------------------------- what a module offers
    def public(self, module: str) -> tuple[str, ...]:
        """Return the names that a module offers: its ``__all__``, else those that it defines, or re-exports."""
        if module in self._public:
            return self._public[module]
        if module in self._listing:
            return ()
        self._listing.add(module)
        try:
            found = tuple(dict.fromkeys(self._offered(module)))
        finally:
            self._listing.discard(module)
        self._public[module] = found
        return found

    def _offered(self, module: str) -> Iterator[str]:
        own, stub = self.text(module), self.stub(module)
        listed = next((one for one in (own, stub) if one is not None and one.has_list), None)
        if own is not None and own.has_list and not own.lists:
            listed = stub or own
        if listed is not None:
            found = [name for part in listed.lists for name in self._names(listed, part)]
            if found or listed.lists == []:
                yield from found
                return
        if own is None and stub is None:
            return
        yield from self._unlisted(own or stub)  # type: ignore[arg-type]

    def _unlisted(self, own: Contents, *, every: bool = False) -> Iterator[str]:
        """Give what a module without a list defines; a package, and one that lists all, what it re-exports, too."""
        package = own.place.name.partition(".")[0]
        for star in own.stars:
            if (place := self.finder.find(star)) is not None and place.is_compiled and place.stub is None:
                self.untold.add(star)
            if own.place.is_package or every:
                yield from (name for name in self.public(star) if not name.startswith("_"))
        for name, bound in own.names.items():
            if name.startswith("_"):
                continue
            if (
                not isinstance(bound, Imported)
                or (own.place.is_package and bound.module.partition(".")[0] == package)
                or every
            ):
                yield name

    def _names(self, own: Contents, part: ast.expr, passed: frozenset[str] = frozenset()) -> Iterator[str]:
        """Give the names that a part of an ``__all__`` stands for; what has to be calculated gives none.

        `passed` are the variables on the way to it: one that is made of itself gives none either.
        """
        match part:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                for each in parts:
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.value
                    elif isinstance(each, ast.Starred):
                        yield from self._names(own, each.value, passed)
            case ast.BinOp(left=left, op=ast.Add() | ast.BitOr(), right=right):
                yield from self._names(own, left, passed)
                yield from self._names(own, right, passed)
            case ast.Call(func=ast.Name(id="dir"), args=[]):
                yield from self._unlisted(own, every=True)
            case ast.Call(func=ast.Name(id="list" | "set" | "tuple" | "sorted" | "frozenset"), args=[given]):
                yield from self._names(own, given, passed)
            case ast.Call(func=ast.Attribute(value=given, attr="copy"), args=[]):
                yield from self._names(own, given, passed)
            case ast.ListComp(generators=[one]) | ast.GeneratorExp(generators=[one]) | ast.SetComp(generators=[one]):
                if isinstance(part.elt, ast.Name) and isinstance(one.target, ast.Name):
                    yield from (name for name in self._names(own, one.iter, passed) if not name.startswith("_"))
            case ast.Call(func=ast.Attribute(value=given, attr="keys"), args=[]):
                yield from self._names(own, given, passed)
            case ast.Dict(keys=keys):
                yield from (k.value for k in keys if isinstance(k, ast.Constant) and isinstance(k.value, str))
            case ast.Attribute(value=given, attr="__all__"):
                if module := self._module_of(own, given):
                    yield from self.public(module)
            case ast.Name(id=name) if name not in passed:
                bound = own.names.get(name)
                if isinstance(bound, Valued) and bound.value is not None:
                    yield from self._names(own, bound.value, passed | {name})
                elif isinstance(bound, Imported) and bound.name == "__all__":
                    yield from self.public(bound.module)
            case _:
                return

    def _module_of(self, own: Contents, given: ast.expr) -> str:
        """Return the module that a name, or a dotted name, of a text means; empty if none."""
        if isinstance(given, ast.Attribute):
            base = self._module_of(own, given.value)
            path = f"{base}.{given.attr}" if base else ""
        elif isinstance(given, ast.Name):
            bound = own.names.get(given.id)
            path = bound.path if isinstance(bound, Imported) else f"{own.place.name}.{given.id}"
        else:
            return ""
        return path if path and self.finder.find(path) is not None else ""

    # -------------------------------------------------------------- what a name means
    def trace(self, module: str, name: str, deep: int = 0) -> Traced | None:
        """Return what a name of a module is, or None if nothing tells of it."""
        key = (module, name)
        if key in self._traced:
            return self._traced[key]
        if deep > _DEEP:
            return None
        self._traced[key] = None  # a circle finds nothing
        found = self._find(module, name, deep + 1)
        self._traced[key] = found
        return found

    def _find(self, module: str, name: str, deep: int) -> Traced | None:
        own, stub = self.text(module), self.stub(module)
        found: Traced | None = None
        if own is not None and name in own.names:
            found = self._bound(own, name, own.names[name], deep)
        if found is None and own is not None:
            found = self._starred(own, name, deep)
        if not isinstance(found, Defined | WholeModule) and stub is not None and name in stub.names:
            there = self._bound(stub, name, stub.names[name], deep, stub=True)
            if there is not None and not (isinstance(there, Hidden) and found is not None):
                found = there
        if found is None and stub is not None:
            found = self._starred(stub, name, deep)
        if found is None and own is not None:
            found = self._listed_from(own, name, deep)
        place = self.finder.find(module)
        if found is None and place is not None and self.finder.find(f"{module}.{name}") is not None:
            return WholeModule(f"{module}.{name}")
        if found is None and place is not None and place.is_compiled and not place.is_package:
            return Hidden()
        return found

    def _bound(self, home: Contents, name: str, bound: Bound, deep: int, *, stub: bool = False) -> Traced | None:
        if isinstance(bound, Definition):
            return Defined(home, bound, stub)
        if isinstance(bound, Imported):
            if not bound.name:
                return WholeModule(bound.module)
            if (bound.module, bound.name) == (home.place.name, name):
                return WholeModule(bound.path) if self.finder.find(bound.path) is not None else None
            return self.trace(bound.module, bound.name, deep)
        value = bound.value
        if isinstance(value, ast.Name) and value.id != name:
            return self.trace(home.place.name, value.id, deep) or Hidden(home, bound)
        if isinstance(value, ast.Attribute):
            return self._attribute(home, value, deep) or Hidden(home, bound)
        return Hidden(home, bound)

    def _attribute(self, home: Contents, value: ast.Attribute, deep: int) -> Traced | None:
        if not isinstance(value.value, ast.Name):
            return None
        base = self.trace(home.place.name, value.value.id, deep)
        return self.trace(base.name, value.attr, deep) if isinstance(base, WholeModule) else None

    def _starred(self, own: Contents, name: str, deep: int) -> Traced | None:
        hidden: Traced | None = None
        for star in reversed(own.stars):
            if star == own.place.name:
                continue
            if name in self.public(star) or (not self._lists(star) and not name.startswith("_")):
                found = self.trace(star, name, deep)
                if isinstance(found, Defined):
                    return found
                hidden = hidden or found
        return hidden

    def _lists(self, module: str) -> bool:
        """Say whether it is known what a star takes of a module."""
        return bool(self.public(module))

    def _listed_from(self, own: Contents, name: str, deep: int) -> Traced | None:
        """Look where a module has its list from: of what it binds by a loop over that list the text tells no names."""
        for part in own.lists:
            for node in ast.walk(part):
                if isinstance(node, ast.Attribute) and node.attr == "__all__":
                    module = self._module_of(own, node.value)
                    if module and module != own.place.name and name in self.public(module):
                        return self.trace(module, name, deep)
        return None

    # -------------------------------------------------------------- classes
    def bases(self, defined: Defined) -> Iterator[tuple[Defined | None, str]]:
        """Give the bases of a class with their written names; None for what no text defines."""
        assert isinstance(defined.node, ast.ClassDef)
        for base in defined.node.bases:
            given = base.value if isinstance(base, ast.Subscript) else base
            written = ast.unparse(given)
            found: Traced | None = None
            if isinstance(given, ast.Name):
                found = self.trace(defined.home.place.name, given.id)
            elif isinstance(given, ast.Attribute):
                found = self._attribute(defined.home, given, 0)
            yield (found if isinstance(found, Defined) and isinstance(found.node, ast.ClassDef) else None), written

    def lineage(self, defined: Defined) -> tuple[list[Defined], set[str]]:
        """Return a class with all its bases, nearest first, and the written names of those that no text defines."""
        found: list[Defined] = []
        unknown: set[str] = set()
        waiting = [defined]
        while waiting:
            one = waiting.pop(0)
            if any(one.node is other.node for other in found):
                continue
            found.append(one)
            for base, written in self.bases(one):
                if base is not None:
                    waiting.append(base)
                else:
                    unknown.add(written)
        return found, unknown


__all__ = ["Defined", "Hidden", "Traced", "Tracer", "WholeModule"]
