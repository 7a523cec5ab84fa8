"""Descriptions of node types kept on disk, so that what was described once is neither imported nor read again.

One file for each subject (a package) in the user's cache folder. It holds as long as the files that were described
are the same ones, by name, size and time, and as long as what describes them is: flodesk's version, its own files and
Python's. Whatever is damaged, cannot be read or cannot be written is as if it were not there: nobody is told, and the
next description is kept anew.

    stamps = stamps_of(files_in(folder))  # before anything is read: what is saved meanwhile is then seen next time
    described = kept("scipy.signal", stamps)
    if described is None:
        described = Described(...)
        keep("scipy.signal", stamps, described)

Who learns only while reading which files matter asks ``kept(subject)``: then those are looked at whose stamps were
given to `keep`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import platformdirs

from flodesk.flow.spec import NodeSpec, from_json, to_json

VARIABLE = "FLODESK_CACHE"
"""Environment variable that names another cache folder: tests, a second profile, a home that cannot be written."""
_OURS = Path(__file__).resolve().parents[1]
_DESCRIBERS = ("flow", "indicators", "public.py", "markers.py", "__init__.py")
"""What of flodesk a description hangs on besides the code that it describes."""


Stamps = dict[str, list[int]]
"""Size and time of files, by their path."""


@dataclass(frozen=True, slots=True)
class Described:
    """Node types by their path, and what could not be described, with the reason."""

    specs: Mapping[str, NodeSpec]
    broken: Mapping[str, str] = field(default_factory=dict)


def kept(subject: str, stamps: Stamps | None = None) -> Described | None:
    """Return what was kept of a subject, or None if there is nothing that still holds.

    Parameters
    ----------
    subject : str
        What was described: a package by its dotted name. Two places that have one of that name need two subjects.
    stamps : dict, optional
        Of the files that it is made of now; by default those are looked at that it was made of when it was kept.
    """
    try:
        with _file(subject).open(encoding="utf-8") as file:
            head = json.loads(file.readline())
            if head["maker"] != _maker():
                return None
            was = head["files"]
            if (stamps_of(was) if stamps is None else stamps) != was:
                return None
            body = file.read()
        if head["sum"] != _sum(body):
            return None
        data = json.loads(body)
        return Described({spec.path: spec for spec in map(from_json, data["specs"])}, data["broken"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError):
        return None


def keep(subject: str, stamps: Stamps, described: Described) -> None:
    """Keep the description of a subject, with the stamps of its files from before they were read.

    Where that cannot be, nothing is kept.
    """
    try:
        specs = [to_json(spec) for spec in described.specs.values()]
        body = json.dumps({"specs": specs, "broken": dict(described.broken)}, separators=(",", ":"))
        head = json.dumps({"subject": subject, "maker": _maker(), "files": stamps, "sum": _sum(body)})
    except (TypeError, ValueError, RecursionError):
        return  # a choice that JSON has no word for
    with contextlib.suppress(OSError, RuntimeError):
        _write(_file(subject), f"{head}\n{body}")


def stamps_of(files: Iterable[str | os.PathLike[str]]) -> Stamps:
    """Return size and time of files by their path; of one that is not there that it is not."""
    found: Stamps = {}
    for file in files:
        path = os.fspath(file)
        try:
            stat = os.stat(path)  # noqa: PTH116 - a third of the time of Path's, for 500 files
        except OSError:
            found[path] = []
        else:
            found[path] = [stat.st_size, stat.st_mtime_ns]
    return found


def files_in(folder: Path, ending: str = ".py") -> list[Path]:
    """Return the files of a folder and of those in it that have an ending, sorted; none if it cannot be read."""
    return sorted(Path(path) for path in _walk(str(folder), ending))


def _walk(folder: str, ending: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.endswith(ending):
            yield entry.path
        elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
            yield from _walk(entry.path, ending)


@cache
def _maker() -> str:
    """Return what tells this flodesk and this Python from others, also while flodesk itself is worked on."""
    files = [path for name in _DESCRIBERS for path in ([_OURS / name] if "." in name else files_in(_OURS / name))]
    version = str(getattr(sys.modules.get("flodesk"), "__version__", ""))
    return _sum(json.dumps([version, sys.version, stamps_of(files)]))


def _sum(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _file(subject: str) -> Path:
    """Return where a subject is kept: by its name, as far as a file may have it, and by what is unlike any other's."""
    named = os.environ.get(VARIABLE) or os.environ.get("FLODESK_DATA")  # which is for all that flodesk keeps
    folder = Path(named).expanduser() if named else Path(platformdirs.user_cache_path("flodesk", appauthor=False))
    plain = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in subject)
    return folder / "descriptions" / f"{plain[:60]}-{_sum(f'{subject} {sys.prefix} {_OURS}')}.json"


def _write(path: Path, text: str) -> None:
    """Write a file in one go: who reads it meanwhile has the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
