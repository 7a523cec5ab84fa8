"""What a flow will import at its first call is imported ahead, and nothing else: scipy takes 90 MB and a good second.

The nodes of the library import what is heavy inside their functions. Which that is stands in their code; nothing of a
flow is run for it, and a module of somebody else is never imported before the flow is.
"""

from __future__ import annotations

import ast
import contextlib
import dis
import importlib
import importlib.util
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.abc import InspectLoader
from types import CodeType

from flodesk.flow.syntax import parse_tree

LIBRARY = "flodesk.nodes"
_LONGEST = 16
"""Dots in the name of a module, at most."""


def modules(text: str) -> Iterator[str]:
    """Find what the nodes of the library that a flow uses import when they are called first.

    Parameters
    ----------
    text : str
        The flow; of one that cannot be read nothing is known.
    """
    try:
        tree = parse_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for module, names in _used(tree).items():
        yield from _imports_of(module, names)


def import_ahead(names: Iterable[str]) -> None:
    """Find and import modules in a thread, as `import_here` does."""
    threading.Thread(target=import_here, args=(names,), name="flodesk warm-up", daemon=True).start()


def import_here(names: Iterable[str]) -> None:
    """Find and import modules; what is not there or broken is told by the node that needs it."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def _used(tree: ast.Module) -> dict[str, set[str]]:
    """Return the names that a flow reads of each module of the library."""
    called: dict[str, str] = {}
    used: dict[str, set[str]] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            called |= {alias.asname or alias.name: alias.name for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and statement.module == LIBRARY:
            called |= {alias.asname or alias.name: f"{LIBRARY}.{alias.name}" for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith(f"{LIBRARY}."):
            used.setdefault(str(statement.module), set()).update(alias.name for alias in statement.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            module = called.get(_dotted(node.value), "")
            if module.startswith(f"{LIBRARY}."):
                used.setdefault(module, set()).add(node.attr)
    return used


def _dotted(node: ast.expr) -> str:
    """Return a name with its dots, as a module has one; empty for anything else, and for what is longer than any."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < _LONGEST:
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(parts))) if isinstance(node, ast.Name) else ""


def _imports_of(module: str, names: Iterable[str]) -> Iterator[str]:
    """Return what these functions and classes of a module, and those that they name, import of others than flodesk."""
    known, wanted = _definitions(module), list(names)
    done: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in done or name not in known:
            continue
        done.add(name)
        for code in (known[name], *_within(known[name])):
            wanted += code.co_names
            yield from (other for other in _named_imports(code) if not other.startswith("flodesk"))


@cache
def _definitions(module: str) -> dict[str, CodeType]:
    """Return the code of a module's functions and classes, and of those of the library's modules that it imports."""
    try:
        spec = importlib.util.find_spec(module)
        code = spec.loader.get_code(module) if spec is not None and isinstance(spec.loader, InspectLoader) else None
    except ImportError:
        code = None
    if code is None:
        return {}
    found = {part.co_name: part for part in code.co_consts if isinstance(part, CodeType)}
    for other in _named_imports(code):
        if other.startswith(f"{LIBRARY}."):
            found = _definitions(other) | found
    return found


def _named_imports(code: CodeType) -> Iterator[str]:
    return (str(line.argval) for line in dis.get_instructions(code) if line.opname == "IMPORT_NAME")


def _within(code: CodeType) -> Iterator[CodeType]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield part
            yield from _within(part)
