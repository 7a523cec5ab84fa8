"""Files beside a flow: what it imports from them is read, never run."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from flodesk.flow.declared import own_specs
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, load
from flodesk.flow.spec import NodeSpec
from flodesk.flow.surroundings import Surroundings


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
        found = load(file)
    except (ScriptError, OSError) as error:
        return str(error)
    if len(_last) > 256:
        _last.clear()
    _last[file] = found
    return found


_last: dict[Path, Flow] = {}
"""Each file as it was when it could be read."""


def last_read(folder: Path, module: str) -> Flow | None:
    """Return a module beside a flow as it was when it could be read last; None if it never could."""
    file = file_of(folder, module)
    return _last.get(file) if file is not None else None


def specs_beside(flow: Flow, folder: Path) -> dict[str, NodeSpec]:
    """Describe the functions and classes that a flow imports from files beside it, by their dotted paths.

    Of a file that cannot be read they are those that it had when it could: nodes keep their ports until it is mended.
    A folder ``flodesk`` beside a flow tells nothing of our own nodes: ours are what runs.
    """
    found: dict[str, NodeSpec] = {}
    for path in flow.imports.values():
        module, _, name = path.rpartition(".")
        if path.partition(".")[0] == "flodesk":
            continue
        if (whole := _newest(folder, path)) is not None:
            specs = {own: spec for own, spec in own_specs(whole).items() if not own.startswith("_")}
            codes = codes_of(whole)
            found |= {f"{path}.{own}": _named(spec, f"{path}.{own}", path, codes) for own, spec in specs.items()}
        elif (other := _newest(folder, module)) is not None and (spec := own_specs(other).get(name)):
            found[path] = _named(spec, path, module, codes_of(other))
    return found


_coded: deque[tuple[Flow, dict[str, int]]] = deque(maxlen=32)


def codes_of(flow: Flow) -> dict[str, int]:
    """Return a number for what each function and class of a file does, with all of the file that it names."""
    for known, codes in tuple(_coded):
        if known is flow:
            return codes
    around = Surroundings(flow)
    codes = {name: around.number((name,)) for name in own_specs(flow)}
    _coded.appendleft((flow, codes))
    return codes


def _newest(folder: Path, module: str) -> Flow | None:
    found = flow_beside(folder, module)
    return found if isinstance(found, Flow) else last_read(folder, module)


def _named(spec: NodeSpec, path: str, module: str, codes: Mapping[str, int]) -> NodeSpec:
    return replace(spec, path=path, category=module, code=codes.get(spec.name, 0))
