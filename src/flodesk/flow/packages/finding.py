"""Where the files of a module are, found by searching the path as an import would: no parent is imported on the way."""

from __future__ import annotations

import importlib.util
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec, PathFinder
from keyword import iskeyword
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A module's files.

    Attributes
    ----------
    name : str
        Its dotted name.
    text : Path or None
        Its Python text; None of one that is compiled, or built in.
    stub : Path or None
        The ``.pyi`` beside it.
    inside : tuple of str
        The folders of a package in which its modules are; empty if it is none.
    """

    name: str
    text: Path | None
    stub: Path | None
    inside: tuple[str, ...] = ()

    @property
    def is_package(self) -> bool:
        """Whether it may hold other modules."""
        return bool(self.inside)

    @property
    def is_compiled(self) -> bool:
        """Whether it has no Python text."""
        return self.text is None

    def absolute(self, module: str | None, level: int) -> str:
        """Return the dotted name that a relative import in this module means; empty if it leads out of the package."""
        if not level:
            return module or ""
        parts = self.name.split(".")
        kept = parts[: len(parts) - level + self.is_package]
        return ".".join([*kept, *([module] if module else [])]) if kept else ""


class Finder:
    """Finds modules; what it has found once it knows.

    Parameters
    ----------
    path : sequence of str, optional
        Folders to search, in place of those that this interpreter searches.
    """

    def __init__(self, path: Sequence[str] | None = None) -> None:
        self._path = list(path) if path is not None else None
        self._known: dict[str, Place | None] = {}

    def find(self, module: str) -> Place | None:
        """Return the place of a module by its dotted name, or None."""
        if module not in self._known:
            self._known[module] = self._search(module)
        return self._known[module]

    def _search(self, module: str) -> Place | None:
        if not module or not all(map(_importable, module.split("."))):
            return None
        head = module.rpartition(".")[0]
        if head:
            parent = self.find(head)
            if parent is None or not parent.inside:
                return None
            found = _spec(module, list(parent.inside))
        else:
            found = _top(module) if self._path is None else _spec(module, self._path)
        return _place(module, found) if found is not None else None


def modules_like(text: str, most: int = 60, path: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the modules that begin with a text, such as ``scipy.si``: those of one package, or those at the top.

    What begins with an underscore is nobody's business, and tests are no nodes.
    """
    parent, dot, start = text.rpartition(".")
    place = Finder(path).find(parent) if parent else None
    if dot and (place is None or not place.inside):
        return ()
    found = pkgutil.iter_modules(place.inside if place is not None else path)
    names = sorted({one.name for one in found if one.name.lower().startswith(start.lower())}, key=str.lower)
    kept = [n for n in names if not n.startswith("_") and n not in ("tests", "test", "conftest") and _importable(n)]
    return tuple(f"{parent}{dot}{name}" for name in kept[:most])


def _importable(name: str) -> bool:
    """Say whether a name can stand in an ``import``: not the words of Python's own, though files are named so."""
    return name.isidentifier() and not iskeyword(name)


def _top(module: str) -> ModuleSpec | None:
    """Find a module at the top: by all finders that there are, as packages under development bring their own."""
    try:
        return importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None


def _spec(module: str, folders: list[str]) -> ModuleSpec | None:
    try:
        return PathFinder.find_spec(module, folders)
    except (ImportError, ValueError, OSError):
        return None


def _place(module: str, spec: ModuleSpec) -> Place:
    inside = tuple(spec.submodule_search_locations or ())
    origin = Path(spec.origin) if spec.origin and spec.has_location else None
    stub = _stub(module, origin, inside)
    return Place(module, origin if origin is not None and origin.suffix == ".py" else None, stub, inside)


def _stub(module: str, origin: Path | None, inside: tuple[str, ...]) -> Path | None:
    if origin is None:
        return None
    name = module.rpartition(".")[2]
    ending = next((suffix for suffix in EXTENSION_SUFFIXES if origin.name.endswith(suffix)), origin.suffix)
    beside = origin.with_name(f"{origin.name.removesuffix(ending)}.pyi")
    found = beside if beside.is_file() else origin.with_name(f"{name}.pyi") if not inside else None
    return found if found is not None and found.is_file() else None


__all__ = ["Finder", "Place", "modules_like"]
