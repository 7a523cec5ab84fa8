"""Where a flow's file stands: its modules are imported from there, its relative files count from there."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from flodesk.engine.folders import untitled_folder
from flodesk.engine.load import MODULE_NAME
from flodesk.flow.own_nodes import FOLDER

_since: dict[str, int] = {}
"""When the modules of a folder were last forgotten, or could first be imported: ns since 1970."""


def folder_of(path: str) -> str:
    """Return the folder that a flow's modules are imported from, empty where its file has none yet.

    Of a link it is the folder of the file itself, as for Python; relative files count from the link's own.
    """
    return str(Path(path).resolve().parent) if path else ""


def import_from(folder: str, *, afresh: bool) -> bool:
    """Let a flow import what stands beside it, as ``python FILE`` does; returns whether that is new.

    Parameters
    ----------
    afresh : bool
        Read these modules again: they may have been edited.
    """
    if not folder:
        return False
    if afresh or folder not in sys.path:
        _since[folder] = time.time_ns()
    if afresh:
        forget_modules_in(folder)
    if folder in sys.path:
        return False
    sys.path.insert(0, folder)
    return True


def changed_since(folder: str, file: str | Path) -> bool:
    """Return whether a file was written after modules of that folder could be imported: which text was is not known."""
    try:
        found = Path(file).stat()
    except OSError:
        return True
    # a file that takes the place of another has its own time of writing, and the time of the move
    return max(found.st_mtime_ns, found.st_ctime_ns) >= _since.get(folder, sys.maxsize)


def leave(folder: str) -> None:
    """Import nothing more from a folder, and forget what was: another flow may have modules of the same names."""
    root = Path(folder).resolve()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), None)
        if file and root in Path(file).parents and name not in (MODULE_NAME, "__main__"):
            del sys.modules[name]
    while folder in sys.path:
        sys.path.remove(folder)


def move_in(path: str, modules: str, *, afresh: bool) -> None:
    """Work from the folder of a flow's file, or from that of flows without one, in a process that serves it alone.

    Parameters
    ----------
    modules : str
        The folder that its own modules are imported from.
    """
    import_from(modules, afresh=afresh)
    with contextlib.suppress(OSError):
        os.chdir(Path(path).parent if path else untitled_folder())


@contextlib.contextmanager
def importable(path: str) -> Iterator[None]:
    """Let a flow import what stands beside it, for a while."""
    folder = folder_of(path)
    added = import_from(folder, afresh=False)
    try:
        yield
    finally:
        if added and folder in sys.path:
            sys.path.remove(folder)


def forget_modules_in(folder: str) -> None:
    """Let the next import read the user's own modules beside the flow afresh: they may have been edited."""
    for name, _ in modules_in(folder):
        del sys.modules[name]


def modules_in(folder: str) -> list[tuple[str, ModuleType]]:
    """Return the user's own modules that were imported: those beside a flow, and its own nodes with their folder."""
    root = Path(folder).resolve()
    places = (root, root / FOLDER)
    found = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        own = name != MODULE_NAME and name.partition(".")[0] != "flodesk"
        if own and file and Path(file).parent in places:
            found.append((name, module))
        elif own and name.partition(".")[0] == FOLDER:
            # a folder without an __init__.py has no file, and holds the modules in it by their names
            held = [Path(file).parent] if file else [Path(path) for path in getattr(module, "__path__", ())]
            if any(path == places[1] or places[1] in path.parents for path in held):
                found.append((name, module))
    return found
