"""All node types that are known, by their dotted path: ours, others' as described elsewhere, and the flow's own."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import inspect
import pkgutil
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from traceback import extract_tb
from types import ModuleType

from flodesk.flow.beside import specs_beside
from flodesk.flow.declared import SHELF, own_specs
from flodesk.flow.describe import describe, is_shared
from flodesk.flow.described_on_disk import Described, files_in, keep, kept, stamps_of
from flodesk.flow.ends import ends_of
from flodesk.flow.installing import missing_hint
from flodesk.flow.model import Block, Flow
from flodesk.flow.own_nodes import SHELF as OWN_NODES
from flodesk.flow.own_nodes import own_nodes
from flodesk.flow.packs import OURS, packs
from flodesk.flow.requires import is_in, is_installed
from flodesk.flow.search import Index
from flodesk.flow.spec import NodeSpec
from flodesk.flow.types import PortType

SHELVES = (
    "source",
    "control",
    "show",
    "maths",
    "array",
    "linear",
    "dsp",
    "statistics",
    "fit",
    "timing",
    "logic",
    SHELF,
    OWN_NODES,
    "table",
    "text",
    "file",
    "sql",
    "image",
    "learn",
    "simulate",
    "collect",
    "record",
    "queue",
    "web",
    "system",
    "visa",
)
"""The shelves in the order in which they are offered: first what a first flow is made of."""


_recent: deque[tuple[Block, Mapping[str, NodeSpec], dict[str, NodeSpec]]] = deque(maxlen=8)


@dataclass(frozen=True)
class Catalog:
    """A set of node types. It never changes; `with_flow` and `plus` make another.

    Attributes
    ----------
    specs : mapping of path to NodeSpec
    broken : mapping of module to message
        Modules of nodes that could not be imported, and why.
    packs : tuple of str
        The packages of which it knows all node types.
    places : tuple of str, optional
        Folders in which the Python that runs flows looks for packages; by default it is this one.
    in_window : bool
        Whether what is wrong with a flow is said in the window that it is open in.
    """

    specs: Mapping[str, NodeSpec] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)
    packs: tuple[str, ...] = (OURS,)
    places: tuple[str, ...] | None = None
    in_window: bool = False

    @staticmethod
    def builtin() -> Catalog:
        """Return our own node types. Their modules are imported where their description is not kept yet."""
        return of_package(OURS)

    @staticmethod
    def installed() -> Catalog:
        """Return the node types of all packs that are installed, ours among them.

        A pack that cannot be imported is listed as broken; the others are there.
        """
        return of_packs(tuple(pack.module for pack in packs()))

    def plus(self, specs: Iterable[NodeSpec]) -> Catalog:
        """Return a catalog that knows these too, as a listing made by another process gives them."""
        return replace(self, specs={**self.specs, **{spec.path: spec for spec in specs}})

    def with_flow(self, flow: Flow, folder: Path | None = None) -> Catalog:
        """Return a catalog that also knows what the flow's file itself defines; it is read, not run.

        With its `folder` also what it imports from files beside it, and its own nodes there.
        """
        own, broken = self._own(flow), self.broken
        if folder is not None:
            nodes = own_nodes(folder)
            own = {**specs_beside(flow, folder), **nodes.specs, **own}
            broken = {**broken, **nodes.broken} if nodes.broken else broken
        if not own and broken is self.broken:
            return self
        return replace(self, specs={**self.specs, **own}, broken=broken)

    def _own(self, flow: Flow) -> dict[str, NodeSpec]:
        """Return what the flow's text defines; asked for again and again of the same text."""
        for module, specs, own in tuple(_recent):
            if module is flow.module and specs is self.specs:
                return own
        own = {**own_specs(flow), **ends_of(flow, self.specs)}
        _recent.appendleft((flow.module, self.specs, own))
        return own

    def find(self, path: str) -> NodeSpec | None:
        """Return the node type of a dotted path, or None if it is not known."""
        return self.specs.get(path)

    def pack_of(self, path: str) -> str:
        """Return the pack that a dotted path leads into, whether or not that is there; empty if it is none."""
        return next((pack for pack in self.packs if path.startswith(f"{pack}.")), "")

    def missing_package(self, path: str) -> str:
        """Return the name of a package that this node type needs and that is not installed, or an empty text.

        It is looked for on the path of this interpreter; nothing is imported.
        """
        spec = self.specs.get(path)
        head = path.partition(".")[0] if "." in path else ""
        needed = spec.requires if spec else (head,) if head else ()
        return next((package for package in needed if not self.has(package)), "")

    def has(self, package: str) -> bool:
        """Say whether a top-level package is where flows run; it is looked for, not imported."""
        return is_installed(package) if self.places is None else is_in(package, self.places)

    def missing_hint(self, package: str, *, or_beside: bool = True) -> str:
        """Say how a package that is not there comes there; `or_beside`: it may be a module beside the flow's file."""
        return missing_hint(package, in_window=self.in_window, or_beside=or_beside)

    def search(
        self, text: str, fits: PortType | None = None, feeds: PortType | None = None, liked: Sequence[str] = ()
    ) -> list[NodeSpec]:
        """Find node types by words, parts of words, something like them, or their names elsewhere, the best first.

        Parameters
        ----------
        text : str
            What was typed; empty finds all.
        fits : PortType, optional
            Only those with an input that takes this: the type of a wire that was drawn from an output.
        feeds : PortType, optional
            Only those with an output that this takes: the type of an input that a wire was drawn from.
        liked : sequence of str
            Paths of favourites and of what was used last: of equally good ones these come first, in their order.
        """
        return self._index.search(text, fits, feeds, liked)

    def suggest(self, path: str) -> str:
        """Return the path that was probably meant by one that is not known, or an empty text."""
        module, _, name = path.rpartition(".")
        beside = {
            spec.name.lower(): spec.path for spec in self.specs.values() if spec.path.rpartition(".")[0] == module
        }
        anywhere = {spec.name.lower(): spec.path for spec in reversed(list(self.specs.values()))}
        for names in (beside, anywhere):
            if found := difflib.get_close_matches(name.lower(), names, 1, 0.7):
                return names[found[0]]
        return ""

    def has_module(self, module: str) -> bool:
        """Say whether any node type lives in this module."""
        return module in self._modules

    @cached_property
    def _modules(self) -> frozenset[str]:
        return frozenset(path.rpartition(".")[0] for path in self.specs)

    @cached_property
    def _index(self) -> Index:
        return Index(sorted(self.specs.values(), key=lambda spec: shelf_rank(spec.category)))


def shelf_rank(category: str) -> tuple[int, str]:
    """Return what sorts shelves as they are offered; those that nobody has put in order come last, by name."""
    return (SHELVES.index(category) if category in SHELVES else len(SHELVES), category)


@lru_cache(maxsize=4)
def of_packs(modules: tuple[str, ...]) -> Catalog:
    """Describe the node types of several packs, as `of_package` does, in one catalog."""
    specs: dict[str, NodeSpec] = {}
    broken: dict[str, str] = {}
    for module in modules:
        catalog = of_package(module)
        specs |= catalog.specs
        broken |= catalog.broken
    return Catalog(specs, broken, modules)


@lru_cache(maxsize=16)
def of_package(package: str) -> Catalog:
    """Describe the public functions and classes of a package and of the modules in it, or those of one module.

    They are imported if they are others than when they were described last (see `described_on_disk`). A module that
    cannot be imported, or a function that cannot be described, is listed as broken with its error.
    """
    folder = _folder_of(package)
    stamps = stamps_of(files_in(folder)) if folder is not None else {}
    if not stamps:  # of what lies in an archive nobody sees when it changes
        return _imported(package)
    subject = f"{package} in {folder}"
    known = kept(subject, stamps)
    if known is not None:
        return Catalog(known.specs, known.broken, (package,))
    catalog = _imported(package)
    if not catalog.broken:  # what fails now may work next time, with the very same files: a package came meanwhile
        keep(subject, stamps, Described(catalog.specs))
    return catalog


def _folder_of(package: str) -> Path | None:
    """Return the folder of a package, or None if it has none or is not there."""
    try:
        found = importlib.util.find_spec(package)
    except Exception:  # noqa: BLE001 - to look for what is in a pack imports the pack, which may raise anything
        return None
    return next((Path(place) for place in (found and found.submodule_search_locations) or ()), None)


def _imported(package: str) -> Catalog:
    """Import a package's modules, and describe what is in them."""
    specs: dict[str, NodeSpec] = {}
    broken: dict[str, str] = {}
    try:
        parent = importlib.import_module(package)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a pack is foreign code: it may raise anything
        return Catalog({}, {package: why(error)}, (package,))
    _describe(parent, specs, broken)
    for info in pkgutil.iter_modules(getattr(parent, "__path__", ()), f"{package}."):
        if info.name.rpartition(".")[2].startswith("_"):
            continue
        try:
            module = importlib.import_module(info.name)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
            broken[info.name] = why(error)
        else:
            _describe(module, specs, broken)
    return Catalog(specs, broken, (package,))


def _describe(module: ModuleType, specs: dict[str, NodeSpec], broken: dict[str, str]) -> None:
    """Describe the nodes of one module."""
    for name in _public(module):
        path = f"{module.__name__}.{name}"
        try:
            specs[path] = describe(getattr(module, name), path)
        except Exception as error:  # noqa: BLE001 - foreign code, in annotations and properties
            broken[path] = why(error)


def why(error: BaseException) -> str:
    """Say why something could not be imported, with the line where that is known."""
    place = ""
    if isinstance(error, SyntaxError) and error.lineno:
        place = f"{Path(error.filename or '').name}, line {error.lineno}: "
    else:
        frames = [each for each in extract_tb(error.__traceback__) if "importlib" not in each.filename]
        if frames and frames[-1].filename != __file__:
            place = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}: "
    return f"{place}{type(error).__name__}: {getattr(error, 'msg', None) or error}"


def _public(module: ModuleType) -> list[str]:
    """Names of the nodes of a module: its ``__all__``, or the functions and classes that are defined in it."""
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return [name for name in listed if _is_node(getattr(module, name, None))]
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__ and _is_node(value)
    ]


def _is_node(value: object) -> bool:
    """Say whether it is a function, or a class that is called after it was made, filled and read, or shared."""
    if inspect.isclass(value):
        if issubclass(value, BaseException | tuple):
            return False
        methods = [{name for base in value.__mro__[:-1] for name in vars(base)}]
        return "__call__" in methods[0] or {"add", "result"} <= methods[0] or is_shared(value)
    return inspect.isroutine(value)
