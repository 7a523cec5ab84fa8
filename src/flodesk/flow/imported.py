"""What a text imports, and where beside a flow the files of that would stand. They are read, never run.

Python runs more than the file that is named: also ``__init__.py`` of each package that it is in, and what these import.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from importlib.machinery import BYTECODE_SUFFIXES, EXTENSION_SUFFIXES, SOURCE_SUFFIXES
from pathlib import Path

from flodesk.flow.script import ScriptError, content, decode
from flodesk.flow.syntax import parse_tree

_SUFFIXES = (*SOURCE_SUFFIXES, *EXTENSION_SUFFIXES, *BYTECODE_SUFFIXES)
_DEEPEST = 32
"""Folders in folders that are followed: a path cannot be longer without end."""


def imports_of(tree: ast.AST, package: str = "") -> Iterator[tuple[str, int]]:
    """Give what a file imports, by dotted path, with the line; ``a.*`` is all that the package ``a`` lists.

    Parameters
    ----------
    package : str
        The package that the file is in, from which relative imports count.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            module = absolute(node, package)
            if module:
                yield module, node.lineno
            for alias in node.names:
                yield f"{module}.{alias.name}".lstrip("."), node.lineno


def absolute(node: ast.ImportFrom, package: str) -> str:
    """Return the dotted path of the module from which a file of a package imports names."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    return ".".join(part for part in (*parts[: len(parts) - node.level + 1], node.module or "") if part)


def package_of(file: Path, folder: Path) -> str:
    """Return the package that a file beside a flow is in; empty if it stands right beside it."""
    return ".".join(file.relative_to(folder).parts[:-1])


def places_of(folder: Path, module: str) -> Iterator[Path]:
    """Give each file beside a flow that Python may run for a module, whether or not it is there.

    Those of the packages that it is in come first, and of each the text before what is compiled.
    """
    at = folder
    for part in filter(None, module.split(".")[:_DEEPEST]):
        if part == "*":
            yield from sorted((*at.glob("*.py"), *at.glob("*/__init__.py")))
            return
        for suffix in _SUFFIXES:
            yield at / f"{part}{suffix}"
            yield at / part / f"__init__{suffix}"
        at = at / part


def reach_of(text: str, folder: Path) -> list[Path]:
    """Return each file beside a flow that a run of a text may run, whether or not it is there.

    Parameters
    ----------
    text : str
        The flow's.
    folder : Path
        Where it stands.
    """
    found: dict[Path, None] = {}
    looked: set[tuple[Path, Path]] = set()
    waiting = [_modules(text, "")]
    while waiting:
        for module in waiting.pop():
            if module.partition(".")[0] == "flodesk":
                continue  # a folder of that name beside a flow is not what runs
            for file in places_of(folder, module):
                if file in found:
                    continue
                found[file] = None
                if file.suffix == ".py" and is_there(file) and (key := identity(file)) not in looked:
                    looked.add(key)
                    waiting.append(_read(file, package_of(file, folder)))
    return list(found)


def identity(file: Path) -> tuple[Path, Path]:
    """Return what tells a file from others, for good: links may lead round in a circle.

    Its folder counts, too: from there its relative imports lead on.
    """
    return file.resolve(), file.parent.resolve()


def is_there(file: Path) -> bool:
    """Return whether a file can be looked at; a name that is too long, and a folder that is closed, are none."""
    try:
        return file.is_file()
    except OSError:
        return False


def _read(file: Path, package: str) -> tuple[str, ...]:
    try:
        stat = file.stat()
        return _of_file(file, package, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return ()


@lru_cache(maxsize=256)
def _of_file(file: Path, package: str, changed: int, size: int) -> tuple[str, ...]:
    try:
        return _modules(decode(content(file))[0], package)
    except (ScriptError, OSError):
        return ()


@lru_cache(maxsize=8)
def _modules(text: str, package: str) -> tuple[str, ...]:
    try:
        tree = parse_tree(text, quiet=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(dict.fromkeys(module for module, _ in imports_of(tree, package)))


__all__ = ["absolute", "identity", "imports_of", "is_there", "package_of", "places_of", "reach_of"]
