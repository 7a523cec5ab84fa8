"""The user's own modules that a flow imports from beside it: they go to the worker with it, each content once.

A job names them by their hashes, and is signed: what was altered on its way is refused. They lie on the server for a
day, and on the worker in a folder of its data folder, named by what is in it, that only its user may read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from redis import Redis

from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.places.allowed import check_imports, imported
from flodesk.engine.places.signing import RefusedError
from flodesk.engine.places.stream import PlaceError
from flodesk.engine.workfolder import folder_of

FOLDER = "code"
KEPT_SECONDS = 24 * 3600
MOST_BYTES = 16 << 20
"""Of all modules of a flow."""

Files = dict[str, str]
"""Hash by place below the folder of the flow, with slashes."""


def packed_up(text: str, path: str, connection: Redis) -> Files:
    """Bring the modules that a flow imports from beside it to the server, those that are not there; returns them all.

    Raises
    ------
    PlaceError
        They cannot be read, or are too many.
    """
    folder = folder_of(path)
    if not folder:
        return {}
    found: dict[str, bytes] = {}
    wanted, asked = deque(_roots(text)), set(_roots(text))
    while wanted:
        for file in _files(Path(folder), wanted.popleft()):
            place = file.relative_to(folder).as_posix()
            if place in found:
                continue
            try:
                found[place] = file.read_bytes()
            except OSError as error:
                raise PlaceError(f"{file} cannot be read, and the flow needs it: {error.strerror or error}") from error
            more = set(_roots(found[place].decode(errors="replace"))) - asked
            wanted.extend(more)
            asked |= more
    if (size := sum(map(len, found.values()))) > MOST_BYTES:
        raise PlaceError(
            f"The modules beside the flow take {size / 1e6:.0f} MB; {MOST_BYTES >> 20} MB go to a worker at most. "
            "Install them there, and start the worker with --allow"
        )
    named = {place: hashlib.sha256(code).hexdigest() for place, code in found.items()}
    by_hash = {named[place]: code for place, code in found.items()}
    for name, code in by_hash.items():
        if not connection.expire(_key(name), KEPT_SECONDS):
            connection.set(_key(name), code, ex=KEPT_SECONDS)
    return named


def own_modules(files: Collection[str]) -> frozenset[str]:
    """Return the names by which files beside a flow are imported."""
    return frozenset(PurePosixPath(place).parts[0].removesuffix(".py") for place in files)


def unpacked(files: Mapping[str, str], allowed: Collection[str], connection: Redis) -> str:
    """Put modules that came with a flow into a folder; returns it, empty if there are none.

    Raises
    ------
    RefusedError
        One has been altered or is gone, or imports what is not allowed; or they cannot be kept here.
    """
    if not files:
        return ""
    name = hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()[:32]
    try:
        folder = data_folder(FOLDER) / name
        fresh = not folder.is_dir()
        new = folder.with_name(f".{name}.{secrets.token_hex(4)}") if fresh else folder
        try:
            for place, wanted in files.items():
                code = _fetched(place, wanted, connection) if fresh else folder.joinpath(place).read_bytes()
                check_imports(code.decode(errors="replace"), allowed, own_modules(files), place)
                if fresh:
                    _write(new, place, code)
            if fresh:
                with contextlib.suppress(OSError):  # another session has made it meanwhile
                    new.rename(folder)
        finally:
            if fresh:
                shutil.rmtree(new, ignore_errors=True)
    except (FolderError, OSError) as error:
        raise RefusedError(f"the modules of the flow cannot be kept on the worker: {error}") from error
    return str(folder)


def _fetched(place: str, wanted: str, connection: Redis) -> bytes:
    parts = PurePosixPath(place).parts
    if not parts or PurePosixPath(place).is_absolute() or ".." in parts or "\\" in place or ":" in place:
        raise RefusedError(f"{place!r} is no place below the folder of a flow")
    code: Any = connection.get(_key(wanted))
    if code is None:
        raise RefusedError(f"{place} is gone from the server: start the flow again")
    if hashlib.sha256(code).hexdigest() != wanted:
        raise RefusedError(f"{place} was altered on its way")
    return bytes(code)


def _write(folder: Path, place: str, code: bytes) -> None:
    file = folder.joinpath(*PurePosixPath(place).parts)
    for part in (folder, *(folder / up for up in reversed(PurePosixPath(place).parents) if up.parts)):
        part.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(code)


def _roots(text: str) -> list[str]:
    return list(dict.fromkeys(name.partition(".")[0] for name in imported(text)))


def _files(folder: Path, root: str) -> Iterator[Path]:
    """Give the files of a module beside a flow; none where there is none."""
    if not root or root == "flodesk":
        return
    if (module := folder / f"{root}.py").is_file():
        yield module
    elif (package := folder / root).is_dir():
        yield from sorted(file for file in package.rglob("*.py") if file.is_file())


def _key(name: str) -> str:
    return f"flodesk:code:{name}"
