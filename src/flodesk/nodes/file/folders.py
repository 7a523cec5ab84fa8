"""Files of a folder: listed, one by one, and as they come."""

from __future__ import annotations

import fnmatch
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from flodesk.public import Range, Unit, context, node


@node(tags=("dir", "ls", "glob", "find", "directory", "folder", "search"), pure=False)
def list_files(folder: Path, pattern: str = "*", deep: bool = False) -> list[Path]:
    """List the files of a folder, those with numbers in their names in the order of the numbers.

    Parameters
    ----------
    folder : Path
        The folder; a relative name counts from the folder of the flow.
    pattern : str
        What the names are like: ``*`` stands for any signs, ``?`` for one, ``[ab]`` for one of these. Hidden files,
        whose names begin with a dot, are left out unless the pattern does, too.
    deep : bool
        Look into the folders in it, too, but for hidden ones.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    OSError
        There is no such folder.
    ValueError
        The pattern is empty or names a folder.

    Examples
    --------
    >>> for number in (1, 2, 10):
    ...     place = file.write_text("", f"run{number}.txt")
    >>> [path.name for path in file.list_files(".", "run*.txt")]
    ['run1.txt', 'run2.txt', 'run10.txt']
    """
    return _there(_folder(folder), _checked(pattern), deep)


@node(tags=("dir", "ls", "glob", "directory", "folder", "batch", "for each", "iterate"), pure=False)
def each_file(folder: Path, pattern: str = "*", deep: bool = False) -> Iterator[Path]:
    """Give the files of a folder one by one, those with numbers in their names in the order of the numbers.

    Parameters
    ----------
    folder : Path
        The folder; a relative name counts from the folder of the flow.
    pattern : str
        What the names are like: ``*`` stands for any signs, ``?`` for one, ``[ab]`` for one of these. Hidden files,
        whose names begin with a dot, are left out unless the pattern does, too.
    deep : bool
        Look into the folders in it, too, but for hidden ones.

    Yields
    ------
    Path
        A file that was there when the loop began.

    Raises
    ------
    OSError
        There is no such folder.
    ValueError
        The pattern is empty or names a folder.

    Examples
    --------
    >>> for name in ("a.csv", "b.csv", "c.txt"):
    ...     place = file.write_text("", name)
    >>> [path.name for path in file.each_file(".", "*.csv")]
    ['a.csv', 'b.csv']
    """
    yield from _there(_folder(folder), _checked(pattern), deep)


@node(tags=("hot folder", "monitor", "inotify", "directory", "new files", "wait for file"), pure=False)
def watch_folder(
    folder: Path,
    pattern: str = "*",
    deep: bool = False,
    existing: bool = False,
    changed: bool = False,
    quiet: Annotated[float, Unit("s"), Range(0.0)] = 0.5,
    network: bool = False,
) -> Iterator[Path]:
    """Give each file that comes into a folder, as soon as it is complete.

    Parameters
    ----------
    folder : Path
        The folder; a relative name counts from the folder of the flow.
    pattern : str
        What the names are like: ``*`` stands for any signs, ``?`` for one, ``[ab]`` for one of these. Hidden files,
        whose names begin with a dot, are left out unless the pattern does, too.
    deep : bool
        Watch the folders in it, too, but for hidden ones.
    existing : bool
        Begin with the files that are there.
    changed : bool
        Give a file again when it was changed.
    quiet : float
        How long a file has to stay as it is to be complete, in s.
    network : bool
        Look by itself instead of waiting for the system's word: for folders on network drives, of which it has none.

    Yields
    ------
    Path
        The file. Those that come while a turn runs are given in the turns after it.

    Raises
    ------
    OSError
        There is no such folder, it went away, or the system watches too many already.
    ValueError
        The pattern is empty or names a folder.

    Examples
    --------
    >>> written = file.write_text("4.9", "volt.txt")
    >>> next(file.watch_folder(".", existing=True, quiet=0.1)).name
    'volt.txt'
    """
    pattern, place = _checked(pattern), _folder(folder)
    with _watcher(place, deep, network) as watcher:
        known = {} if existing else _stamps(place, pattern, deep)  # after the watch began: nothing falls between
        waiting: dict[Path, _Waiting] = {}
        while True:
            if not place.is_dir():
                raise FileNotFoundError(f"the folder {place} went away: make it anew, and start again")
            _look(_stamps(place, pattern, deep), known, waiting, changed, quiet)
            now = time.monotonic()
            for path in [path for path, state in waiting.items() if state.due <= now]:
                stamp = _stamp(path)
                if stamp != waiting[path].stamp:
                    continue  # somebody wrote to it while the turn of another one ran
                del waiting[path]
                known[path] = stamp
                yield path
            if watcher.watch(100, 50, _milliseconds(waiting), _Asking()) == "signal":
                raise KeyboardInterrupt


Stamp = tuple[int, int]
"""When a file was written, in ns, and its size in B."""


class _Waiting(NamedTuple):
    """A file that is not yet complete."""

    stamp: Stamp
    due: float


def _look(
    seen: dict[Path, Stamp], known: dict[Path, Stamp], waiting: dict[Path, _Waiting], changed: bool, quiet: float
) -> None:
    """Put the files that are to be given among those that wait.

    The system's word says that there is something to look at, and never what: `watch` drops what comes to it between
    its answer and its return.
    """
    for gone in [path for path in (*known, *waiting) if path not in seen]:
        known.pop(gone, None)
        waiting.pop(gone, None)
    for path, stamp in seen.items():
        new = path not in known or (changed and known[path] != stamp)
        if new and (path not in waiting or waiting[path].stamp != stamp):
            waiting[path] = _Waiting(stamp, time.monotonic() + quiet)


def _stamps(place: Path, pattern: str, deep: bool) -> dict[Path, Stamp]:
    found = {path: _stamp(path) for path in _there(place, pattern, deep)}
    return {path: stamp for path, stamp in found.items() if stamp is not None}


def _stamp(path: Path) -> Stamp | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size


class _Asking:
    """What the watcher asks now and then while it waits: whether the run was stopped, which raises."""

    def is_set(self) -> bool:
        context().check()
        return False


def _watcher(place: Path, deep: bool, network: bool) -> Any:
    # the class below `watchfiles.watch`: that begins to watch only when it is asked for the first change
    from watchfiles._rust_notify import RustNotify

    try:
        return RustNotify([str(place)], False, network, 300, deep, True)
    except OSError as error:  # the system watches so many at most
        raise OSError(f"the folder {place} cannot be watched ({error}): turn on network, or watch fewer") from error


def _milliseconds(waiting: dict[Path, _Waiting]) -> int:
    """Return how long to wait for changes; 0 is without an end."""
    due = min((state.due for state in waiting.values()), default=None)
    return 0 if due is None else max(1, int(1000 * (due - time.monotonic())))


def _folder(folder: Path) -> Path:
    place = context().path(folder)
    if place.is_dir():
        return place
    if place.exists():
        raise NotADirectoryError(f"{place} is a file: choose its folder")
    raise FileNotFoundError(f"there is no folder {place}: check the name, or choose another folder")


def _checked(pattern: str) -> str:
    if not pattern or "/" in pattern or "\\" in pattern:
        raise ValueError(f"{pattern!r} is no pattern of names: write one as *.csv, and turn on deep for folders in it")
    return pattern


def _there(place: Path, pattern: str, deep: bool) -> list[Path]:
    """Return the files that fit, folder by folder."""
    found = []
    for folder, folders, names in os.walk(place, onerror=_raise):
        context().check()
        folders[:] = [name for name in folders if deep and name[0] != "."]
        found += [Path(folder, name) for name in names if _fits(name, pattern) and Path(folder, name).is_file()]
    return sorted(found, key=lambda path: [_by_number(part) for part in path.relative_to(place).parts])


def _raise(error: OSError) -> None:
    raise PermissionError(f"{error.filename} may not be read: change its permissions, or leave deep off") from error


def _fits(name: str, pattern: str) -> bool:
    return (name[0] != "." or pattern[0] == ".") and fnmatch.fnmatch(name, pattern)


def _by_number(name: str) -> list[tuple[int, str]]:
    """Return what sorts run2 before run10."""
    return [(int(part), part) if part.isdecimal() else (-1, part.casefold()) for part in re.split(r"(\d+)", name)]
