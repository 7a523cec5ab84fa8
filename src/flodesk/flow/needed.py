"""Which packages a flow's header has to name, so that ``uv run FILE`` works where nothing is installed.

They are those that its nodes need, and those that its file, and the modules of one's own beside it, import.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from flodesk.flow.beside import file_of, flow_beside
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit, SetHeader
from flodesk.flow.model import Block, Call, Code, Flow, Function, Import, Loop, Switch
from flodesk.flow.requires import COMES_ALONG, dependency
from flodesk.flow.script.writer import whole_text
from flodesk.flow.syntax import parse_tree

_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")


def naming(flow: Flow, catalog: Catalog, folder: Path | None) -> Edit | None:
    """Return the edit that names the packages that the flow needs and its header does not, or None if there are none.

    What the header names already stays as it is. A file without a header, or with one that does not name flodesk, is
    somebody else's, and gets none.
    """
    header = flow.header
    named = [_parts(entry) for entry in header.dependencies]
    if not header.present or not any(name == "flodesk" for name, _ in named):
        return None
    wanted = dict.fromkeys(dependency(package) for package in needed(flow, catalog, folder))
    new = [entry for entry in wanted if not _is_named(entry, named)]
    if not new:
        return None
    more = replace(header, dependencies=(*header.dependencies, *new))
    return SetHeader(more, f"Name {' and '.join(new)} in the header")


def needed(flow: Flow, catalog: Catalog, folder: Path | None) -> tuple[str, ...]:
    """Return the packages, by the names they are imported by, that a flow needs beside flodesk itself; sorted.

    One that is imported and not installed is none: nobody knows whether there is such a package.
    """
    found = {package for package in _imported(flow, folder, set()) if catalog.has(package)}
    for path in dict.fromkeys(flow.resolve(callee) for callee in _callees(flow)):
        spec = catalog.find(path)
        found.update(spec.requires if spec is not None else ())
    return tuple(sorted(found - COMES_ALONG - sys.stdlib_module_names - {"flodesk"}))


def _imported(flow: Flow, folder: Path | None, seen: set[str]) -> Iterator[str]:
    """Give the heads of what a file imports, and of what those beside it do that it imports."""
    for path in (*flow.imports.values(), *(path for text in _codes(flow.module) for path in _imports(text))):
        module = _beside(path, folder)
        if not module:
            yield path.partition(".")[0]
        elif module not in seen and folder is not None:
            seen.add(module)
            there = flow_beside(folder, module)
            if isinstance(there, Flow):
                yield from _imported(there, folder, seen)


def _beside(path: str, folder: Path | None) -> str:
    """Return the module beside the flow that a path leads into; empty if it is none."""
    parts = path.split(".")
    if folder is None:
        return ""
    for number in range(len(parts), 0, -1):
        if file_of(folder, module := ".".join(parts[:number])) is not None:
            return module
    return parts[0] if (folder / parts[0]).is_dir() else ""


def _codes(block: Block) -> Iterator[str]:
    """Give the texts of imports, and of the code in a block that may import something."""
    for statement in block.statements:
        if isinstance(statement, Import):
            yield whole_text(statement)
        elif isinstance(statement, Code):
            if "import" in statement.text:
                yield statement.text
        elif isinstance(statement, Function | Loop):
            yield from _codes(statement.body)
        elif isinstance(statement, Switch):
            for arm in statement.arms:
                yield from _codes(arm.body)


def _imports(text: str) -> Iterator[str]:
    try:
        tree = parse_tree(text, quiet=True)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module


def _callees(flow: Flow) -> Iterator[str]:
    for statement, _ in flow.index.values():
        if isinstance(statement, Call | Loop):
            yield statement.callee


def _parts(entry: str) -> tuple[str, frozenset[str]]:
    """Take a requirement apart: the package's name in its normal form, and the extras."""
    found = _NAME.match(entry)
    if found is None:
        return "", frozenset()
    extras = (part.strip().lower() for part in (found[2] or "").split(","))
    return re.sub(r"[-_.]+", "-", found[1]).lower(), frozenset(part for part in extras if part)


def _is_named(entry: str, named: Iterable[tuple[str, frozenset[str]]]) -> bool:
    name, extras = _parts(entry)
    return any(name == other and (extras <= has or "all" in has) for other, has in named)


__all__ = ["naming", "needed"]
