"""Pure calls that are not made again: the same code, parameters, inputs and versions give the result from the disk.

Off unless the flow asks for it (``cache = true`` in ``[tool.flodesk]``) or the one who runs it does. Only calls that
stand outside of loops are looked up, of flodesk's own nodes and of functions that the user wrote; a function that
reads a file, a clock or an instrument says so (``@flodesk.node(pure=False)``) and always runs: what it gives is what
the nodes after it are looked up by.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any

from flodesk.engine.cache.shelf import Shelf
from flodesk.engine.calls import Slots
from flodesk.engine.codec import CodecError, digest
from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.load import MODULE_NAME, Loaded, module_statements
from flodesk.engine.plan import Bare, Item, Plan
from flodesk.flow.model import Argument, Call, Ref

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
        self._users = digest([self._ours, repr(module_statements(loaded.flow)), _beside(loaded)])
        self._last: dict[str, dict[str, str]] = {}
        self._full = False

    def covers(self, plan: Plan, item: Item) -> bool:
        """Return whether the calls of an item are looked up."""
        if item.kind != "call" or not item.pure or item.block is not plan.root or not isinstance(item.statement, Call):
            return False
        if item.inner is not None:
            return item.inner.plan.pure
        return _is_ours(item.target) or _is_users(item.target, plan.loaded)

    def through(self, plan: Plan, item: Item, bare: Bare) -> Bare:
        """Return a step that looks before it calls."""
        fn, a, b, out = bare
        statement = item.statement
        assert isinstance(statement, Call)
        node = plan.node(item)
        givens = [(arg.keyword or str(n), _getter(plan, item, n, arg)) for n, arg in enumerate(statement.arguments)]
        name = f"{getattr(item.target, '__module__', '')}.{getattr(item.target, '__qualname__', statement.callee)}"
        code = self._ours if _is_ours(item.target) else self._users

        def made(s: Slots) -> Any:
            return fn(s[a], s[b]) if b >= 0 else fn(s[a]) if a >= 0 else fn(s)

        def step(s: Slots) -> Any:
            try:
                inputs = {key: digest(get(s)) for key, get in givens}
                key = digest([code, name, list(inputs.items())])
            except CodecError as error:
                self.notes[node] = f"it ran: an input of it has no form on disk ({error})"
                return made(s)
            stored = self.shelf.get(key)
            if stored is not None:
                self.notes[node] = "it did not run: its result came from the cache, as nothing that it hangs on changed"
                self._last[node] = {**inputs, "": code}
                return stored.value
            self.notes[node] = f"it ran: {self._changed(node, {**inputs, '': code})}"
            started = perf_counter()
            value = made(s)
            if perf_counter() - started >= WORTH_SECONDS:
                self._put(node, key, value, {"node": node, "inputs": {**inputs, "": code}})
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
        if before.get("") != now[""]:
            return "its code, or the version of a library, has changed"
        new = [key for key in now if before.get(key) != now[key]]
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
    return f"argument {int(key) + 1}" if key.isdigit() else f"“{key}”"


def _is_ours(target: Any) -> bool:
    return str(getattr(target, "__module__", "")).startswith("flodesk.nodes.")


def _is_users(target: Any, loaded: Loaded) -> bool:
    module = getattr(target, "__module__", "")
    if module == MODULE_NAME:
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    return bool(file and loaded.saved) and Path(str(file)).resolve().parent == Path(loaded.file).resolve().parent


def _beside(loaded: Loaded) -> list[str]:
    """Return the text of every module of the flow's folder that was imported: functions call one another."""
    if not loaded.saved:
        return []
    folder = Path(loaded.file).resolve().parent
    files = {str(getattr(module, "__file__", "") or "") for module in list(sys.modules.values())}
    texts = []
    for file in sorted(f for f in files if f.endswith(".py") and Path(f).resolve().parent == folder):
        try:
            texts.append(Path(file).read_text(encoding="utf-8", errors="replace"))
        except OSError:
            texts.append(file)
    return texts


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
