"""Pure calls that are not made again: the same code, parameters, inputs and versions give the result from the disk.

Off unless the flow asks for it (``cache = true`` in ``[tool.flodesk]``) or the one who runs it does. Only calls that
stand outside of loops are looked up, of flodesk's own nodes and of functions that the user wrote; a function that
reads a file, a clock or an instrument says so (``@flodesk.node(pure=False)``) and always runs: what it gives is what
the nodes after it are looked up by. What stands in a subflow that a loop calls is not looked up either: to look takes
0.4 ms, and it would be done in every turn.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

from flodesk.engine.cache.code import OWN, NotKeptError, classes_of, code_parts
from flodesk.engine.cache.shelf import Shelf
from flodesk.engine.calls import Slots
from flodesk.engine.codec import CodecError, digest
from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.load import MODULE_NAME, Loaded
from flodesk.engine.plan import Bare, Item, Plan
from flodesk.engine.why import DID_NOT_RUN
from flodesk.flow.model import Argument, Call, Ref
from flodesk.flow.sharing import Summary

WORTH_SECONDS = 0.01
"""A call that takes less is made again sooner than its result is found on the disk."""

_PACKAGES = ("flodesk", "numpy", "scipy", "pandas")

Say = Callable[[str, str, str], None]


class Memory:
    """The results of one flow's pure calls.

    Parameters
    ----------
    say : callable
        Takes (node, level, text): told once if the disk takes nothing more.

    Attributes
    ----------
    notes : dict
        What became of each node that was looked up, in a few words.
    """

    def __init__(self, shelf: Shelf, loaded: Loaded, say: Say) -> None:
        self.shelf = shelf
        self.notes: dict[str, str] = {}
        self._say = say
        self._ours = digest([sys.version, [_version(name) for name in _PACKAGES]])
        self._loaded = loaded
        self._last: dict[str, dict[str, str]] = {}
        self._full = False

    def covers(self, plan: Plan, item: Item) -> bool:
        """Return whether the calls of an item are looked up."""
        if item.kind != "call" or not item.pure or item.block is not plan.root or not isinstance(item.statement, Call):
            return False
        if item.latch is not None:
            return False  # a press is read by a call
        mapped = item.statement.mapped
        if mapped is not None and mapped.each is not None and mapped.each.on_error == "skip":
            return False  # items that are left out are told of in each run
        if plan.in_place.changes(item.id) or self._is_contested(plan, item):
            return False
        if item.inner is not None:
            return item.inner.plan.pure
        return _is_ours(item.target) or _is_users(item.target, plan.loaded)

    @staticmethod
    def _is_contested(plan: Plan, item: Item) -> bool:
        """Say whether its result may be what it is given, and one of the two is changed in place somewhere.

        A result from the disk is a value of its own.
        """
        changers = [name for name, found in plan.in_place.effects.items() if found.changes]
        concerned = [plan.in_place.concerned(name) for name in changers]
        return any(names & item.binds and names & item.reads for names in concerned)

    def _code(self, target: Any) -> dict[str, str]:
        """Return digests of the code that makes a result, by name.

        Raises
        ------
        NotKeptError
            There is none.
        """
        if _is_ours(target):
            return {OWN: self._ours}
        parts = code_parts(target, self._users)
        for name in parts:
            what = self._loaded.in_place.summary(name or getattr(target, "__name__", ""))
            if isinstance(what, Summary) and what.outer:
                raise NotKeptError(f"it changes “{min(what.outer)}” at the top of its file")
        return {**parts, OWN: digest([self._ours, parts.get(OWN, "")])}

    def _users(self, value: Any) -> bool:
        return _is_users(value, self._loaded)

    def through(self, plan: Plan, item: Item, bare: Bare, kept: Callable[[], None]) -> Bare:
        """Return a step that looks before it calls; `kept` is called where the result was there."""
        fn, a, b, out = bare
        statement = item.statement
        assert isinstance(statement, Call)
        node = plan.node(item)
        givens = [(arg.keyword or str(n), _getter(plan, item, n, arg)) for n, arg in enumerate(statement.arguments)]
        name = f"{getattr(item.target, '__module__', '')}.{getattr(item.target, '__qualname__', statement.callee)}"
        if statement.mapped is not None and statement.mapped.each is not None:
            places = [str(n) for n, argument in enumerate(statement.arguments) if argument.each is not None]
            name += f" for each {' '.join(places)}, {statement.mapped.each.on_error}"

        def made(s: Slots) -> Any:
            return fn(s[a], s[b]) if b >= 0 else fn(s[a]) if a >= 0 else fn(s)

        def step(s: Slots) -> Any:
            try:
                code = self._code(item.target)
                inputs = {key: digest(get(s)) for key, get in givens}
                for kind in {kind for _, get in givens for kind in classes_of(get(s))}:
                    code |= {f"{kind.__qualname__} {part}": seen for part, seen in self._code(kind).items() if part}
                key = digest([sorted(code.items()), name, list(inputs.items())])
            except CodecError as error:
                self.notes[node] = f"it ran: an input of it has no form on disk ({error})"
                return made(s)
            except NotKeptError as error:
                self.notes[node] = f"it ran, as its result is not kept: {error}"
                return made(s)
            now = {**inputs, **{f"code {part}": seen for part, seen in code.items()}}
            stored = self.shelf.get(key)
            if stored is not None:
                self.notes[node] = f"{DID_NOT_RUN}: its result came from the cache, as nothing that it hangs on changed"
                self._last[node] = now
                kept()
                return stored.value
            self.notes[node] = f"it ran: {self._changed(node, now)}"
            started = perf_counter()
            value = made(s)
            if perf_counter() - started >= WORTH_SECONDS:
                self._put(node, key, value, {"node": node, "inputs": now})
            return value

        return step, -1, -1, out

    def _changed(self, node: str, now: dict[str, str]) -> str:
        """Say what is new since the node was last looked up, in this process or, by its notes, in another."""
        noted = self.shelf.get(digest(["notes", node]))
        before = self._last.get(node) or (dict(noted.value) if noted is not None else None)
        self._last[node] = now
        with suppress(CodecError, OSError):  # without it the next answer is less precise, that is all
            self.shelf.put(digest(["notes", node]), now)
        if before is None:
            return "there was no result of it yet"
        if before.get(f"code {OWN}") != now[f"code {OWN}"]:
            return "its code, or the version of a library, has changed"
        new = [key for key in {**before, **now} if before.get(key) != now.get(key)]
        return f"{' and '.join(map(_port, new))} changed" if new else "its result had not been kept"

    def _put(self, node: str, key: str, value: Any, facts: dict[str, Any]) -> None:
        try:
            self.shelf.put(key, value, facts)
        except CodecError as error:
            self.notes[node] += f"; its result cannot be kept: {error}"
        except OSError as error:
            if not self._full:
                self._full = True
                self._say("", "warning", f"Nothing more goes into the cache: {error.strerror or error}")


def memory_for(loaded: Loaded, say: Say) -> Memory | None:
    """Return the cache for a flow; None, with a word in the log, where there is no place for it."""
    try:
        return Memory(Shelf(data_folder("cache")), loaded, say)
    except FolderError as error:
        say("", "warning", f"There is no cache: {error}")
        return None


def _getter(plan: Plan, item: Item, number: int, argument: Argument) -> Callable[[Slots], Any]:
    value = argument.value
    if isinstance(value, Ref) and value.name in plan.names:
        slot, field = plan.names[value.name], value.field
        return lambda s: getattr(s[slot], field) if field else s[slot]
    slot = item.literals[argument.keyword or number]
    return lambda s: s[slot]


def _port(key: str) -> str:
    kind, _, name = key.partition(" ")
    if kind == "code":
        return f"{name}, which it uses," if name.startswith("package ") else f"“{name}”, which it uses,"
    return f"argument {int(key) + 1}" if key.isdigit() else f"“{key}”"


def _is_ours(target: Any) -> bool:
    return str(getattr(target, "__module__", "")).startswith("flodesk.nodes.")


def _is_users(target: Any, loaded: Loaded) -> bool:
    """Return whether something is of the user's own files: the flow's, or one beside it."""
    module = target.__name__ if isinstance(target, ModuleType) else getattr(target, "__module__", "")
    if module == MODULE_NAME:
        return True
    file = getattr(sys.modules.get(str(module)), "__file__", None)
    if not file or not loaded.saved:
        return False
    path = Path(str(file)).resolve()
    return Path(loaded.file).resolve().parent in path.parents and "site-packages" not in path.parts


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
