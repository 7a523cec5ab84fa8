"""Files beside a flow: what it imports from them is read, never run."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from flodesk.flow.declared import own_specs
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, load
from flodesk.flow.spec import NodeSpec


def file_of(folder: Path, module: str) -> Path | None:
    """Return the file of a module that stands beside a flow, or None."""
    file = folder.joinpath(*module.split(".")).with_suffix(".py")
    return file if module and file.is_file() else None


def flow_beside(folder: Path, module: str) -> Flow | str:
    """Read a module beside a flow; a text says why it cannot be read, an empty one that it is not there."""
    file = file_of(folder, module)
    if file is None:
        return ""
    try:
        stat = file.stat()
        return _read(file, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        return str(error)


@lru_cache(maxsize=64)
def _read(file: Path, changed: int, size: int) -> Flow | str:
    try:
        return load(file)
    except (ScriptError, OSError) as error:
        return str(error)


def specs_beside(flow: Flow, folder: Path) -> dict[str, NodeSpec]:
    """Describe the functions and classes that a flow imports from files beside it, by their dotted paths."""
    found: dict[str, NodeSpec] = {}
    for path in flow.imports.values():
        module, _, name = path.rpartition(".")
        if isinstance(whole := flow_beside(folder, path), Flow):
            found |= {f"{path}.{own}": _named(spec, f"{path}.{own}", path) for own, spec in own_specs(whole).items()}
        elif isinstance(other := flow_beside(folder, module), Flow) and (spec := own_specs(other).get(name)):
            found[path] = _named(spec, path, module)
    return found


def _named(spec: NodeSpec, path: str, module: str) -> NodeSpec:
    return replace(spec, path=path, category=module)
