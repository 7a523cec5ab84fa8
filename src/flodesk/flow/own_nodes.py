"""The folder ``nodes`` beside a flow: what the files in it define are node types. They are read, never run."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from keyword import iskeyword
from pathlib import Path

from flodesk.flow.beside import codes_of, flow_beside, last_read
from flodesk.flow.declared import own_specs
from flodesk.flow.model import Bind, Code, Flow, Function, Literal
from flodesk.flow.script.writer import statement_lines, write
from flodesk.flow.spec import NodeSpec
from flodesk.flow.syntax import literal

FOLDER = "nodes"
"""The folder's name: a flow beside it says ``from nodes import mine``."""
SHELF = "own nodes"
"""The library's shelf for them."""
_BARREN = 32
"""Folders without Python files that are looked into beneath one that has none, before the others are passed over."""


@dataclass(frozen=True, slots=True)
class OwnNodes:
    """What a folder of own nodes holds.

    Attributes
    ----------
    specs : mapping of path to NodeSpec
        By ``nodes.mine.smooth``. Of a file that cannot be read, what it defined when it last could.
    broken : mapping of module to message
        Files that cannot be read, or imported by their names, and why; with the line where there is one.
    """

    specs: Mapping[str, NodeSpec]
    broken: Mapping[str, str]


_NONE = OwnNodes({}, {})


def own_nodes(folder: Path) -> OwnNodes:
    """Describe the functions and classes of the files in the folder ``nodes`` beside a flow, and in folders in it.

    Names that begin with ``_`` are left out, and those that an ``__all__`` does not name; of files and folders those
    that begin with ``_``, ``.`` or ``test_``, and folders ``tests``. A file that has not changed is not read again.

    Parameters
    ----------
    folder : Path
        Where the flow stands.
    """
    states = around(folder).states
    return _read(folder, states, (folder / f"{FOLDER}.py").is_file()) if states else _NONE


@dataclass(frozen=True, slots=True)
class Around:
    """What stands in the folder of own nodes beside a flow.

    Attributes
    ----------
    states : tuple of (str, int, int)
        Name, time and size of each Python file, sorted, also of those that are no node types and that files of own
        nodes may import: Python runs ``__init__.py`` unasked. The name of one in a folder is ``folder/file.py``.
    folders : tuple of Path
        The folder itself and those in it that may hold own nodes, whether or not it is there.
    """

    states: tuple[tuple[str, int, int], ...]
    folders: tuple[Path, ...]


def around(folder: Path) -> Around:
    """Look through the folder of own nodes beside a flow, each folder once.

    Beneath a folder without Python files no more than some are looked into as long as there are none: it holds data.
    """
    found: list[tuple[str, int, int]] = []
    folders: list[Path] = []
    waiting: deque[tuple[Path, str, list[int]]] = deque([(folder / FOLDER, "", [])])
    while waiting:
        at, before, left = waiting.popleft()
        if left and not left[0]:
            continue
        files, inner = _look_into(at)
        folders.append(at)
        found += [(f"{before}{name}", changed, size) for name, changed, size in files]
        if left:
            left[0] = _BARREN if files else left[0] - 1
        beneath = [] if files or not before else left or [_BARREN]
        waiting += [(at / name, f"{before}{name}/", beneath) for name in inner]
    return Around(tuple(sorted(found)), tuple(folders))


def file_name(module: str) -> str:
    """Return how a module beside a flow is named for people: by its file."""
    return f"{module.replace('.', '/')}.py"


def _look_into(place: Path) -> tuple[list[tuple[str, int, int]], list[str]]:
    """Return the Python files in a folder, and the names of folders in it that may hold own nodes."""
    files: list[tuple[str, int, int]] = []
    inner: list[str] = []
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith(".py"):
                    if not name.startswith(".") and entry.is_file():
                        stat = entry.stat()
                        files.append((name, stat.st_mtime_ns, stat.st_size))
                elif _may_hold(name) and entry.is_dir(follow_symlinks=False):  # a link may lead round in a circle
                    inner.append(name)
    except OSError:
        pass  # no such folder, or it may not be looked into
    return files, sorted(inner)


def _counts(name: str) -> bool:
    """Return whether a Python file holds node types."""
    return not name.rpartition("/")[2].startswith(("_", "test_"))


def _may_hold(name: str) -> bool:
    return "." not in name and name != "tests" and not name.startswith(("_", "test_"))


@lru_cache(maxsize=16)
def _read(folder: Path, states: tuple[tuple[str, int, int], ...], hidden: bool) -> OwnNodes:
    specs: dict[str, NodeSpec] = {}
    broken: dict[str, str] = {}
    for name in (name for name, _, _ in states if _counts(name)):
        module = f"{FOLDER}.{name.removesuffix('.py').replace('/', '.')}"
        if why := _unreachable(folder, name, hidden):
            broken[module] = why
        else:
            read = flow_beside(folder, module)
            if isinstance(read, str):
                broken[module] = read or "the file is gone"
            found = last_read(folder, module) if isinstance(read, str) else read
            if found is not None:
                specs |= _specs(found, module, folder / FOLDER / name, hash(states) if _hangs(found) else 0)
    return OwnNodes(specs, broken)


def _unreachable(folder: Path, name: str, hidden: bool) -> str:
    """Say why Python cannot import a file of own nodes by its name; empty if it can."""
    if hidden:
        return f"Python finds {FOLDER}.py beside the flow before the folder: rename that file"
    *folders, stem = name.removesuffix(".py").split("/")
    for number, part in enumerate((*folders, stem)):
        what = "file" if number == len(folders) else "folder"
        if not part.isidentifier():
            return f"“{part}” is no name that Python can import: use letters, digits and _"
        if iskeyword(part):
            return f"“{part}” is a word of Python's own, which cannot be imported: give the {what} another name"
        place = folder.joinpath(FOLDER, *folders[: number + 1])
        if what == "folder" and place.with_suffix(".py").is_file() and not (place / "__init__.py").is_file():
            return f"Python finds {part}.py before the folder {part}: rename one of them"
    return ""


def _specs(flow: Flow, module: str, file: Path, others: int) -> dict[str, NodeSpec]:
    listed = _listed(flow)
    lines, codes = _lines(flow), codes_of(flow)
    found: dict[str, NodeSpec] = {}
    for name, spec in own_specs(flow).items():
        if name in listed if listed is not None else not name.startswith("_"):
            path = f"{module}.{name}"
            code = hash((codes.get(name, 0), others))
            line = lines.get(name, 1)
            found[path] = replace(spec, path=path, category=SHELF, file=str(file), line=line, code=code)
    return found


def _hangs(flow: Flow) -> bool:
    """Say whether a file imports others of its folder: what it does changes with them."""
    return any(path.startswith((f"{FOLDER}.", ".")) for path in flow.imports.values())


def _listed(flow: Flow) -> frozenset[str] | None:
    """Return the names of an ``__all__`` that is written out; None where there is none."""
    for statement in reversed(flow.module.statements):
        if isinstance(statement, Bind) and statement.name == "__all__" and isinstance(statement.value, Literal):
            try:
                return frozenset(map(str, literal(statement.value.text)))
            except (ValueError, TypeError, SyntaxError):
                return None
    return None


def _lines(flow: Flow) -> dict[str, int]:
    """Return the line on which each function and class begins."""
    lines = statement_lines(flow, write(flow))
    found: dict[str, int] = {}
    for statement in flow.module.statements:
        names: tuple[str, ...] = (statement.name,) if isinstance(statement, Function) else ()
        names = tuple(statement.binds) if isinstance(statement, Code) else names
        found |= dict.fromkeys(names, lines.get(id(statement), 1))
    return found
