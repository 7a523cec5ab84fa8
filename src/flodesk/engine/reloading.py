"""The user's own modules beside a flow, loaded again while it runs: the new code comes whole, or not at all.

A module is executed anew as a new object; only where that succeeds does it take the place of the old one. What of it
hangs on nothing that has changed goes on as the very objects of before (`standing`), so that nodes whose code is the
same keep their state. Calls that are on end with the code that they began with.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import linecache
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from flodesk.engine.errors import failure
from flodesk.engine.events import Failure
from flodesk.engine.relocate import relocate
from flodesk.engine.standing import compare
from flodesk.engine.workfolder import changed_since, modules_in
from flodesk.flow.model import Flow, Import
from flodesk.flow.syntax import parse_tree, patiently


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What became of the modules whose files have changed.

    Attributes
    ----------
    taken : tuple of str
        These have other code now.
    failed : mapping
        Why others go on with the code that they had, by module.
    """

    taken: tuple[str, ...] = ()
    failed: Mapping[str, Failure] = field(default_factory=dict)


_lock = threading.Lock()
_texts: dict[str, tuple[ModuleType, str]] = {}
"""The modules as they were loaded, each with the text of then."""


def note(folder: str) -> None:
    """Note the texts of the user's own modules that were loaded, to know later which of them have changed.

    One that was written since is left out, as nobody knows what was loaded of it: it counts as changed.
    """
    if not folder:
        return
    for name, module in modules_in(folder):
        if name not in _texts or _texts[name][0] is not module:
            text = _text_of(module)
            if text is not None and not changed_since(folder, str(module.__file__)):
                _texts[name] = module, text


def refresh(folder: str) -> Reloaded:
    """Load the own modules beside a flow again whose files have changed since they were loaded.

    Modules that import one that has other code now are loaded again, too. One that is not loaded yet is left alone,
    and so is one whose file is gone.
    """
    if not folder:
        return Reloaded()
    with _lock:
        loaded = {name: module for name, module in modules_in(folder) if getattr(module, "__file__", None)}
        texts = {name: text for name, module in loaded.items() if (text := _text_of(module)) is not None}
        needs = {name: _imported(name, loaded[name], text) & texts.keys() for name, text in texts.items()}
        taken: list[str] = []
        failed: dict[str, Failure] = {}
        for name in _in_order(needs):
            module, text = loaded[name], texts[name]
            known, before = _texts.get(name, (None, ""))
            kept = before if known is module else None
            others = not needs[name].isdisjoint(taken)
            if kept == text and not others:
                continue
            error = _renew(name, module, text, None if others else kept)
            if error is None:
                taken.append(name)
            else:
                said = failure("", error, file=str(module.__file__))
                plain = error.msg if isinstance(error, SyntaxError) else said.message  # the line is told by itself
                failed[name] = replace(said, message=plain)
        return Reloaded(tuple(taken), failed)


def rebind(namespace: dict[str, Any], flow: Flow) -> None:
    """Let the names that a flow imports at its top stand for what its modules hold now: all of them, or none.

    Raises
    ------
    ImportError
        A module does not have the name any more.
    """
    before = dict(namespace)
    now = dict(before)
    for statement in flow.module.statements:
        if isinstance(statement, Import) and statement.raw:
            paths = {statement.module, *(path for _, path in statement.names)}
            if any(path in _texts or path.rpartition(".")[0] in _texts for path in paths):
                exec(compile(statement.raw, "<import>", "exec", dont_inherit=True), now)
    # the run goes on meanwhile, and may set names of its own
    namespace.update({name: value for name, value in now.items() if name not in before or before[name] is not value})


def _text_of(module: ModuleType) -> str | None:
    """Return the text of a module's file; None where there is none, or none that is text."""
    file = getattr(module, "__file__", None)
    try:
        return importlib.util.decode_source(Path(file).read_bytes()) if file and file.endswith(".py") else None
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None


def _renew(name: str, module: ModuleType, text: str, before: str | None) -> BaseException | None:
    """Execute a module anew and put it into the place of the old one; returns why that cannot be."""
    file = str(module.__file__)
    new = ModuleType(name)
    start = {"__file__", "__package__", "__spec__", "__loader__", "__path__", "__cached__"}
    new.__dict__.update({key: value for key, value in vars(module).items() if key in start})
    inner = {other.rpartition(".")[2]: m for other, m in sys.modules.items() if other.rpartition(".")[0] == name}
    new.__dict__.update(inner)
    parent, _, leaf = name.rpartition(".")
    _forget_compiled(file)
    try:
        with _standing_for(name, new, sys.modules.get(parent), leaf):
            code = patiently(lambda: compile(text, file, "exec", dont_inherit=True))
            exec(code, new.__dict__)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the user's own file: it may raise anything
        return error
    if before is not None:
        same = {key: vars(module)[key] for key in compare(before, text).kept if key in vars(module)}
        new.__dict__.update(same)
        relocate(same, code, name)
    _texts[name] = new, text
    return None


@contextlib.contextmanager
def _standing_for(name: str, new: ModuleType, parent: ModuleType | None, leaf: str) -> Iterator[None]:
    """Let a module be found by its name while it is executed; where that fails it is the old one again."""
    old = sys.modules[name]
    sys.modules[name] = new
    if parent is not None:
        setattr(parent, leaf, new)
    try:
        yield
    except BaseException:
        sys.modules[name] = old
        if parent is not None:
            setattr(parent, leaf, old)
        raise


def _forget_compiled(file: str) -> None:
    """Forget what was kept of a file: compiled code is known by the second and the size of its text alone."""
    linecache.checkcache(file)
    with contextlib.suppress(OSError, NotImplementedError, ValueError):
        Path(importlib.util.cache_from_source(file)).unlink(missing_ok=True)


def _imported(name: str, module: ModuleType, text: str) -> set[str]:
    """Return the dotted names that a module imports, or may import."""
    try:
        tree = parse_tree(text, quiet=True)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    package = getattr(module, "__package__", "") or ""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            path = ".".join([*filter(None, above), *([node.module] if node.module else [])])
            found |= {path, *(f"{path}.{alias.name}" for alias in node.names)}
    return found - {name}


def _in_order(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """Return modules so that each comes after those that it imports, as far as that can be."""
    found: dict[str, None] = {}

    def add(name: str, around: frozenset[str]) -> None:
        if name not in found and name not in around:
            for other in sorted(needs[name]):
                add(other, around | {name})
            found[name] = None

    for name in sorted(needs):
        add(name, frozenset())
    return list(found)
