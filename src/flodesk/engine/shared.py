"""Who writes to and who reads from what several functions of a flow share (queues), found in the text before a run.

The functions are read, not run: ``for value in jobs`` and ``list(jobs)`` read, ``jobs.put(x)`` writes, also in
functions and classes that they mention, whether or not they are in the same file. A queue is closed when the last
function that writes to it has ended.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

from flodesk.engine.live import SwapError
from flodesk.engine.load import Loaded
from flodesk.engine.places.queues.queue_places import QueuePlaces
from flodesk.flow.syntax import parse_tree, patiently
from flodesk.public import Shared

_ITERATE = frozenset(
    ["iter", "list", "tuple", "set", "enumerate", "zip", "map", "filter", "sum", "max", "min", "any", "all", "sorted"]
)
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Loops = ast.For | ast.AsyncFor | ast.comprehension | ast.YieldFrom


@dataclass(slots=True)
class Use:
    """A shared object, the name it goes by, and the functions at its ends."""

    object: Shared
    name: str
    writers: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)


class Links:
    """What the functions of a run share."""

    def __init__(self, places: QueuePlaces) -> None:
        self.uses: list[Use] = []
        self._places = places
        self._here: Collection[str] = ()
        self._over: set[str] = set()
        self._lock = threading.Lock()

    def begin(self, loaded: Loaded, here: Collection[str], found: list[Use] | None = None) -> None:
        """Empty all of it and tell it who reads, before the first function starts.

        Parameters
        ----------
        here : collection of str
            The functions that run in this process.
        found : list of Use, optional
            Who is at its ends, where only parts of the functions run.

        Raises
        ------
        PlanError
            What is shared lives elsewhere, and cannot be had.
        """
        self.uses, self._over = uses(loaded) if found is None else found, set()
        self._here = here
        self._places.begin(loaded, self.uses, here, part=found is not None)
        for use in self.uses:
            use.object.begin(use.name)
            use.object.expect(use.readers)
        self._close()

    def enter(self, function: str) -> None:
        """Note that the calling thread runs a function."""
        for use in self.uses:
            use.object.enter(function)

    def leave(self, function: str) -> None:
        """Note that a function has ended: nothing waits for it, and what it was the last to write to is closed."""
        with self._lock:
            self._over.add(function)
        for use in self.uses:
            use.object.leave(function)
        self._close()

    def exchange(self, loaded: Loaded) -> None:
        """Go on with the ends that a changed flow has.

        Raises
        ------
        SwapError
            A queue itself was changed.
        """
        new = uses(loaded)
        before = {use.name: use.object for use in self.uses}
        for use in new:
            if before.get(use.name, use.object) is not use.object:
                raise SwapError(f"{use.name} was changed")
        self._places.exchange(loaded, new, self._here)
        for use in new:
            if use.name not in before:
                use.object.begin(use.name)
            use.object.expect(use.readers)
        with self._lock:
            self.uses = new
        self._close()

    def end(self) -> None:
        """Let go of what lives elsewhere: the run is over."""
        self._places.close()

    def summaries(self) -> dict[str, tuple[str, int]]:
        """Return of each that has something to say what went through it, and how many values nobody has got."""
        said = {use.name: use.object.summary() for use in self.uses}
        return {name: (text, lost) for name, (text, lost) in said.items() if text}

    def _close(self) -> None:
        with self._lock:
            done = [use.object for use in self.uses if use.writers <= self._over]
        for shared in done:
            shared.close()


def uses(loaded: Loaded) -> list[Use]:
    """Find what the functions of a flow share, and who is at its ends."""
    space = scope_of(loaded)
    if space is None:
        return []
    found: dict[int, Use] = {}
    for name in loaded.flow.mains:
        _Search(name, found).scope(space, space.definitions[name], {})
    return list(found.values())


def scope_of(loaded: Loaded) -> Space | None:
    """Return the names of a flow's module, and the text of its functions; None if it has nothing to share."""
    if not _has_shared(loaded.namespace):
        return None
    tree = parse_tree(loaded.text)
    return Space(loaded.namespace, {node.name: node for node in tree.body if isinstance(node, _Scope)})


def ends_in(space: Space, function: str, piece: ast.AST) -> list[Use]:
    """Find what a piece of a function reads from and writes to."""
    found: dict[int, Use] = {}
    search = _Search(function, found)
    local = search.variables(space, space.definitions[function], {})
    for part in ast.walk(piece):
        search.part(space, part, local)
    return list(found.values())


def _has_shared(namespace: Mapping[str, Any]) -> bool:
    """Say whether a module, or one that it imports, has something to share: nearly none has."""
    values = list(namespace.values())
    if any(isinstance(value, Shared) for value in values):
        return True
    modules = [value for value in values if isinstance(value, ModuleType)]
    return any(isinstance(value, Shared) for module in modules for value in list(vars(module).values()))


@dataclass(frozen=True)
class Space:
    """The names of a module, and those of its functions and classes whose text is known."""

    names: Mapping[str, Any]
    definitions: Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]


@dataclass
class _Search:
    """The way through one function of the flow and what it mentions."""

    function: str
    found: dict[int, Use]
    seen: set[tuple[int, tuple[tuple[str, int], ...]]] = field(default_factory=set)

    def scope(self, space: Space, node: ast.AST, given: Mapping[str, Shared]) -> None:
        """Look through a function or class, some of whose own variables are known to be shared objects."""
        key = (id(node), tuple(sorted((name, id(value)) for name, value in given.items())))
        if key in self.seen:
            return
        self.seen.add(key)
        local = self.variables(space, node, given)
        for part in ast.walk(node):
            if part is not node:
                self.part(space, part, local)

    def variables(self, space: Space, node: ast.AST, given: Mapping[str, Shared]) -> dict[str, Shared | None]:
        """Return the own variables of a function, and what is shared of what they stand for."""
        local = {name: given.get(name) for name in _own_names(node)}
        for part in ast.walk(node):
            if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
                value = self._value(space, part.value, local)
                if isinstance(value, Shared):
                    local[part.targets[0].id] = value
        return local

    def part(self, space: Space, part: ast.AST, local: Mapping[str, Shared | None]) -> None:
        """Look at one piece of syntax, and go into what it mentions."""
        if isinstance(part, _Loops):
            self._end(space, part.value if isinstance(part, ast.YieldFrom) else part.iter, local, "readers")
        elif isinstance(part, ast.Attribute) and part.attr in ("put", "get"):
            self._end(space, part.value, local, "writers" if part.attr == "put" else "readers")
        elif isinstance(part, ast.Call):
            self._call(space, part, local)
        elif isinstance(part, ast.Name | ast.Attribute):
            value = self._value(space, part, local)
            if isinstance(value, FunctionType | type):
                self._into(space, value, {})

    def _call(self, space: Space, call: ast.Call, local: Mapping[str, Shared | None]) -> None:
        if isinstance(call.func, ast.Name) and call.func.id in _ITERATE and call.func.id not in space.names:
            for argument in call.args:
                self._end(space, argument, local, "readers")
            return
        target = self._value(space, call.func, local)
        by_position = {n: self._value(space, argument, local) for n, argument in enumerate(call.args)}
        by_name = {k.arg: self._value(space, k.value, local) for k in call.keywords if k.arg}
        if not isinstance(target, FunctionType):
            return
        names = list(inspect.signature(target).parameters)
        given = {names[n]: value for n, value in by_position.items() if n < len(names) and isinstance(value, Shared)}
        given |= {name: value for name, value in by_name.items() if isinstance(value, Shared)}
        if given:
            self._into(space, target, given)

    def _into(self, space: Space, target: Any, given: Mapping[str, Shared]) -> None:
        """Go on in a function or class that is mentioned."""
        key = (id(target), tuple(sorted((name, id(value)) for name, value in given.items())))
        if key in self.seen:
            return
        self.seen.add(key)
        own = space.definitions.get(getattr(target, "__name__", ""))
        if own is not None and space.names.get(own.name) is target:
            if own.name != self.function:
                self.scope(space, own, given)
            return
        names = getattr(target, "__globals__", None) or vars(inspect.getmodule(target) or ast)
        if not given and not _has_shared(names):
            return
        try:
            tree = parse_tree(textwrap.dedent(patiently(lambda: inspect.getsource(target))))
        except (OSError, TypeError, SyntaxError):
            return  # it is not written in Python, or its text is not there
        if isinstance(tree.body[0], _Scope):
            self.scope(Space(names, {tree.body[0].name: tree.body[0]}), tree.body[0], given)

    def _end(self, space: Space, node: ast.expr, local: Mapping[str, Shared | None], end: str) -> None:
        value = self._value(space, node, local)
        if isinstance(value, Shared):
            use = self.found.setdefault(id(value), Use(value, _name_of(value, space, node)))
            getattr(use, end).add(self.function)

    def _value(self, space: Space, node: ast.AST, local: Mapping[str, Shared | None]) -> Any:
        """Return what a name or an attribute of a module stands for, as far as that is known."""
        if isinstance(node, ast.Name):
            return local[node.id] if node.id in local else space.names.get(node.id)
        if isinstance(node, ast.Attribute):
            base = self._value(space, node.value, local)
            return vars(base).get(node.attr) if isinstance(base, ModuleType) else None
        return None


def _own_names(node: ast.AST) -> set[str]:
    """Return the variables of a function: those that it binds and does not call global."""
    found: set[str] = set()
    if isinstance(node, ast.ClassDef):
        return found
    outside: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.arg):
            found.add(part.arg)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            found.add(part.id)
        elif isinstance(part, ast.Global):
            outside.update(part.names)
    return found - outside


def _name_of(value: Shared, space: Space, node: ast.expr) -> str:
    """Return the name that a shared object goes by in its module; as it is written where it has none."""
    return next((name for name, other in space.names.items() if other is value), ast.unparse(node))


Say = Callable[[str, str, str], None]


def tell(links: Links, say: Say) -> tuple[tuple[str, str, int], ...]:
    """Say in the log, at the end of a run, what was lost on the way; returns it as `RunFinished` has it."""
    found = tuple((name, text, lost) for name, (text, lost) in links.summaries().items() if lost)
    for name, text, _ in found:
        say("", "warning", f"{name}: {text}")
    return found


__all__ = ["Links", "Space", "Use", "ends_in", "scope_of", "tell", "uses"]
