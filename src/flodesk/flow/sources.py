"""Where the source of a node stands: in the flow's own file, in one beside it, or in a package. Nothing is imported."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from flodesk.flow.beside import file_of
from flodesk.flow.boxes import Node
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, content, decode
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring import source_of

_DEEP = 8
"""So many files are followed from where a name is imported to where it is defined."""
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a node.

    Attributes
    ----------
    home : str
        ``flow``: the text of the node, or of the function of the file that it calls; ``beside``: all of a file beside
        the flow; ``package``: all of a file of a package, which is not the user's to change.
    name : str
        The function or class; empty for a code node.
    text : str
    line : int
        Where the definition begins in the text, from 1.
    file : Path, optional
        None where there is none (a flow that was never saved).
    module : str
        Of another file: the module that it is.
    """

    home: Literal["flow", "beside", "package"]
    name: str
    text: str
    line: int = 1
    file: Path | None = None
    module: str = ""


def source_for(flow: Flow, folder: Path | None, path: Path | None, node: Node) -> Source | None:
    """Return where the source of a node stands; None if it has none that can be shown (code in C, a wire's end).

    Parameters
    ----------
    folder, path : Path, optional
        Where the flow stands, and its file.
    """
    own = source_of(flow, node)
    if own:
        name = node.type if node.kind not in ("code", "jump") else ""
        return Source("flow", name, own, 1, path)
    module, _, name = node.type.rpartition(".")
    if not module or node.kind not in ("call", "object", "producer"):
        return None
    beside = file_of(folder, module) if folder is not None else None
    known = Path(node.spec.file) if node.spec is not None and node.spec.file else None
    found = _defined(beside or known, name, _DEEP) if beside or known else None
    if found is None and beside is None:
        found = _defined(_origin(module), name, _DEEP)
    if found is None and beside is not None and (read := _read(beside)) is not None:
        found = beside, read[0], 1  # it cannot be read, or has lost the definition: that is where to mend it
    if found is None:
        return None
    file, text, line = found
    return Source("beside" if beside else "package", name, text, line, file, module if beside else _module_of(file))


def _defined(file: Path | None, name: str, left: int) -> tuple[Path, str, int] | None:
    """Find the definition of a name in a file, or in those that it imports it from."""
    read = _read(file) if file is not None else None
    if file is None or read is None or not left:
        return None
    text, tree = read
    for node in reversed(tree.body):
        if isinstance(node, _Definition) and node.name == name:
            return file, text, first_line(node)
    for node in reversed(tree.body):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*" or (alias.asname or alias.name) == name:
                    wanted = name if alias.name == "*" else alias.name
                    for other in _from(file, node, wanted):
                        if (found := _defined(other, wanted, left - 1)) is not None:
                            return found
    return None


def first_line(node: ast.stmt) -> int:
    """Return the line on which a definition begins, its decorators included."""
    marks: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(mark.lineno for mark in marks)])


def _from(file: Path, node: ast.ImportFrom, name: str) -> Iterator[Path]:
    """Give the files that ``from ... import name`` may mean, as it stands in a file."""
    if node.level:
        folder = file.parent
        for _ in range(node.level - 1):
            folder = folder.parent
        place = folder.joinpath(*(node.module or "").split(".")) if node.module else folder
        yield from (found for found in (place.with_suffix(".py"), place / "__init__.py") if found.is_file())
    elif node.module and (found := _origin(node.module)) is not None:
        yield found


def _read(file: Path) -> tuple[str, ast.Module] | None:
    try:
        stat = file.stat()
        return _parsed(file, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return None


@lru_cache(maxsize=16)
def _parsed(file: Path, changed: int, size: int) -> tuple[str, ast.Module] | None:
    try:
        text = decode(content(file))[0].replace("\r\n", "\n")
    except (ScriptError, OSError):
        return None
    try:
        return text, parse_tree(text, quiet=True)
    except (SyntaxError, ValueError, RecursionError):
        return text, ast.Module([], [])


def _module_of(file: Path) -> str:
    """Return the dotted name of a file of a package: a name may be imported there from another file than it is in."""
    parts = [file.stem] if file.stem != "__init__" else []
    folder = file.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)


def _origin(module: str) -> Path | None:
    """Return the file of a module, without importing it or the packages around it."""
    loaded = getattr(sys.modules.get(module), "__file__", None)
    if loaded:
        return Path(loaded) if loaded.endswith(".py") else None
    top, *rest = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if not rest:
        return Path(spec.origin) if spec.origin and spec.origin.endswith(".py") else None
    for folder in spec.submodule_search_locations or ():
        place = Path(folder).joinpath(*rest)
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if file.is_file():
                return file
    return None
