"""The user's own modules that a flow imports from beside it: they go to the worker with it, each content once.

A job names them by their hashes, and is signed: what was altered on its way is refused. They lie on the server for a
day, and on the worker in a folder of its data folder, named by what is in it, that only its user may read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Mapping
from pathlib import PurePosixPath
from typing import Any

from redis import Redis

from flodesk.engine.folders import FolderError
from flodesk.engine.places.own_modules import ModulesError, folder_for, hashes_of, modules_beside
from flodesk.engine.places.server.allowed import check_imports
from flodesk.engine.places.server.signing import RefusedError
from flodesk.engine.places.server.stream import PlaceError

KEPT_SECONDS = 24 * 3600

Files = dict[str, str]
"""Hash by place below the folder of the flow, with slashes."""


def packed_up(text: str, path: str, connection: Redis) -> Files:
    """Bring the modules that a flow imports from beside it to the server, those that are not there; returns them all.

    Raises
    ------
    PlaceError
        They cannot be read, or are too many.
    """
    try:
        found = modules_beside(text, path, "Install them there, and start the worker with --allow")
    except ModulesError as error:
        raise PlaceError(str(error)) from error
    named = hashes_of(found)
    by_hash = {named[place]: code for place, code in found.items()}
    for name, code in by_hash.items():
        if not connection.expire(_key(name), KEPT_SECONDS):
            connection.set(_key(name), code, ex=KEPT_SECONDS)
    return named


def own_modules(files: Collection[str]) -> frozenset[str]:
    """Return the names by which files beside a flow are imported."""
    return frozenset(PurePosixPath(place).parts[0].removesuffix(".py") for place in files)


def unpacked(files: Mapping[str, str], allowed: Container[str], connection: Redis) -> str:
    """Put modules that came with a flow into a folder; returns it, empty if there are none.

    Raises
    ------
    RefusedError
        One has been altered or is gone, or imports what is not allowed; or they cannot be kept here.
    """
    if not files:
        return ""

    def look(place: str, code: bytes) -> None:
        check_imports(code.decode(errors="replace"), allowed, own_modules(files), place)

    try:
        return folder_for(files, lambda place, wanted: _fetched(place, wanted, connection), look)
    except ValueError as error:
        raise RefusedError(str(error)) from error
    except (FolderError, OSError) as error:
        raise RefusedError(f"the modules of the flow cannot be kept on the worker: {error}") from error


def _fetched(place: str, wanted: str, connection: Redis) -> bytes:
    code: Any = connection.get(_key(wanted))
    if code is None:
        raise RefusedError(f"{place} is gone from the server: start the flow again")
    if hashlib.sha256(code).hexdigest() != wanted:
        raise RefusedError(f"{place} was altered on its way")
    return bytes(code)


def _key(name: str) -> str:
    return f"flodesk:code:{name}"
