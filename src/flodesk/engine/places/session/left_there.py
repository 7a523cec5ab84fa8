"""Where runs were left: host, port, user and database of their servers, in the data folder; the password never.

An address without a keyring is kept for a session only. Who comes back in another one is led there by this.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from flodesk.engine.folders import FolderError, data_folder

FILE = "left-runs.json"
MOST = 50
ENDED_SECONDS = 3600.0
"""So long who asks for a run whose end was seen is led to its server: no end is told there for longer."""


@dataclass(frozen=True, slots=True)
class Left:
    """A run that goes on without an editor.

    Attributes
    ----------
    run, path : str
        The run, and the flow's file.
    server : str
        Address of its server without the password.
    asks : bool
        Whether there was a password.
    at : float
        When it was left, in s since 1970.
    ended : float
        When its end was seen, in s since 1970; 0 before.
    """

    run: str
    path: str
    server: str
    asks: bool
    at: float
    ended: float = 0.0

    @property
    def place(self) -> str:
        """Host and port, for messages."""
        said = urlsplit(self.server)
        return said.path if said.scheme == "unix" else said.netloc.rpartition("@")[2]

    def url(self, password: str = "") -> str:
        """Return the address with its password."""
        if not password:
            return self.server
        said = urlsplit(self.server)
        user, _, host = said.netloc.rpartition("@")
        return urlunsplit(said._replace(netloc=f"{user}:{quote(password, safe='')}@{host}"))


def left_at(url: str, run: str = "", path: str = "") -> Left:
    """Return what is remembered of a run on a server: of its address all but the password."""
    said = urlsplit(url)
    user, _, host = said.netloc.rpartition("@")
    name, _, password = user.partition(":")
    asked = [pair for pair in said.query.split("&") if pair.partition("=")[0] in ("db", "ssl_ca_certs")]
    bare = said._replace(netloc=f"{name}@{host}" if name else host, query="&".join(asked), fragment="")
    return Left(run, str(Path(path).resolve()) if path else "", urlunsplit(bare), bool(password), time.time())


def remember(left: Left) -> str:
    """Note where a run was left; why that cannot be is returned."""
    others = [other for other in _kept() if other.run != left.run and not (left.path and other.path == left.path)]
    return _write([left, *others])


def forget(run: str) -> None:
    """Take a run out that is not there any more."""
    lefts = _kept()
    others = [other for other in lefts if other.run != run]
    if len(others) < len(lefts):
        _write(others)


def note_end(run: str) -> None:
    """Note that the end of a run was seen: nobody comes back to it, and who asks how it went is still led there."""
    lefts = _kept()
    noted = [replace(left, ended=time.time()) if left.run == run and not left.ended else left for left in lefts]
    if noted != lefts:
        _write(noted)


def all_left(*, ended: bool = False) -> list[Left]:
    """Return what was left, the newest first; if `ended`, after that also those whose end was seen a while ago."""
    kept = _kept()
    return [left for left in kept if not left.ended] + [left for left in kept if left.ended and ended]


def left_of(path: str, *, ended: bool = False) -> Left | None:
    """Return what was left last of a file, of any where none is given; None if nothing was. `ended`: see `all_left`."""
    whole = str(Path(path).resolve()) if path else ""
    return next((left for left in all_left(ended=ended) if not whole or left.path == whole), None)


def lefts_of_name(name: str) -> list[Left]:
    """Return what was left last of each file of this name, in whatever folder, the newest first.

    Where the ends of all were seen these are given.
    """
    found: dict[str, Left] = {}
    for left in all_left(ended=True):
        if left.path and Path(left.path).name == name:
            found.setdefault(left.path, left)
    return [left for left in found.values() if not left.ended] or list(found.values())


def _kept() -> list[Left]:
    """Return what was left, but for those whose end was seen long ago."""
    try:
        told: Any = json.loads((data_folder() / FILE).read_text(encoding="utf-8"))
        lefts = [Left(**one) for one in told if _is_one(one)]
    except (FolderError, OSError, ValueError, TypeError):
        return []  # it is a memory aid: who has none names the server by hand
    return [left for left in lefts if not left.ended or time.time() - left.ended < ENDED_SECONDS]


def _is_one(told: Any) -> bool:
    kinds = {"run": str, "path": str, "server": str, "asks": bool, "at": float}
    named = isinstance(told, dict) and all(isinstance(told.get(name), kind) for name, kind in kinds.items())
    return named and isinstance(told.get("ended", 0.0), float)


def _write(lefts: list[Left]) -> str:
    try:
        file = data_folder() / FILE
        whole = file.with_name(f".{FILE}.{os.getpid()}")
        try:
            whole.write_text(json.dumps([asdict(left) for left in lefts[:MOST]], indent=1), encoding="utf-8")
            whole.replace(file)
        finally:
            whole.unlink(missing_ok=True)
    except (FolderError, OSError) as error:
        return str(error)
    return ""
