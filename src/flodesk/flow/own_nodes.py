"""The folder ``nodes`` beside a flow: what the files in it define are node types. They are read, never run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
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
    states = tuple(_states(folder / FOLDER))
    return _read(folder, states, (folder / f"{FOLDER}.py").is_file()) if states else _NONE


def files_of(folder: Path) -> Iterator[Path]:
    """Give the files of own nodes beside a flow, sorted."""
    return (folder / FOLDER / name for name, _, _ in _states(folder / FOLDER))


def folders_of(folder: Path) -> list[Path]:
    """Return the folder of own nodes beside a flow, and those in it, whether or not they are there."""
    found = [folder / FOLDER]
    for place in found:
        found += [place / name for name in _inner(place)]
    return found


def file_name(module: str) -> str:
    """Return how a module beside a flow is named for people: by its file."""
    return f"{module.replace('.', '/')}.py"


def _states(place: Path) -> list[tuple[str, int, int]]:
    """Return name, time and size of each file of own nodes; the name of one in a folder is ``folder/file.py``."""
    found: list[tuple[str, int, int]] = []
    waiting = [(place, "")]
    while waiting:
        at, before = waiting.pop()
        try:
            with os.scandir(at) as entries:
                files = [entry for entry in entries if _counts(entry.name) and entry.is_file()]
                stats = [(f"{before}{entry.name}", entry.stat()) for entry in files]
        except OSError:
            continue  # no such folder, or it may not be looked into
        found += [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stats]
        waiting += [(at / name, f"{before}{name}/") for name in _inner(at)]
    return sorted(found)


def _counts(name: str) -> bool:
    return name.endswith(".py") and not name.startswith(("_", ".", "test_"))


def _inner(place: Path) -> list[str]:
    """Return the names of the folders in one that may hold own nodes: a link may lead round in a circle."""
    try:
        with os.scandir(place) as entries:
            return sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(("_", ".", "test_"))
                and entry.name != "tests"
                and "." not in entry.name
                and entry.is_dir(follow_symlinks=False)
            )
    except OSError:
        return []


@lru_cache(maxsize=16)
def _read(folder: Path, states: tuple[tuple[str, int, int], ...], hidden: bool) -> OwnNodes:
    specs: dict[str, NodeSpec] = {}
    broken: dict[str, str] = {}
    for name, _, _ in states:
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
