"""Where runs were left: host, port, user and database of their servers, in the data folder; the password never.

An address without a keyring is kept for a session only. Who comes back in another one is led there by this.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from flodesk.engine.folders import FolderError, data_folder

FILE = "left-runs.json"
MOST = 50


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
    """

    run: str
    path: str
    server: str
    asks: bool
    at: float

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
    others = [other for other in all_left() if other.run != left.run and not (left.path and other.path == left.path)]
    return _write([left, *others])


def forget(run: str) -> None:
    """Take a run out that is not there any more, or whose end was seen."""
    lefts = all_left()
    others = [other for other in lefts if other.run != run]
    if len(others) < len(lefts):
        _write(others)


def all_left() -> list[Left]:
    """Return what was left, the newest first."""
    try:
        told: Any = json.loads((data_folder() / FILE).read_text(encoding="utf-8"))
        return [Left(**one) for one in told if _is_one(one)]
    except (FolderError, OSError, ValueError, TypeError):
        return []  # it is a memory aid: who has none names the server by hand


def left_of(path: str) -> Left | None:
    """Return what was left last of a file, of any where none is given; None if nothing was."""
    whole = str(Path(path).resolve()) if path else ""
    return next((left for left in all_left() if not whole or left.path == whole), None)


def lefts_of_name(name: str) -> list[Left]:
    """Return what was left last of each file of this name, in whatever folder, the newest first."""
    found: dict[str, Left] = {}
    for left in all_left():
        if left.path and Path(left.path).name == name:
            found.setdefault(left.path, left)
    return list(found.values())


def _is_one(told: Any) -> bool:
    kinds = {"run": str, "path": str, "server": str, "asks": bool, "at": float}
    return isinstance(told, dict) and all(isinstance(told.get(name), kind) for name, kind in kinds.items())


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
