"""Where the Redis or Valkey server is: the one place that decides it, for the window, the command line and flows.

In this order: what is said (`--redis`), the environment, what was set in the window for this session, the system's
keyring. Where nobody says it, whoever can starts a server of its own. An address holds a password, and stands in no
file.

The engine is a process of its own: what only the window knows is handed to it, through the pipe of its commands.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from flodesk.secret import NotKeptError, forget, keep, kept

VARIABLE = "FLODESK_REDIS_URL"
SECRET = "REDIS_URL"
"""Under which name the keyring has the address, as a flow's ``secret:REDIS_URL`` does."""
_SESSION = f"FLODESK_SECRET_{SECRET}"
"""Has it for this process and those that it starts, where there is no keyring."""
FOR_SESSION = "this session"
"""Who says an address that goes with this program."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """An address, and in words who says it."""

    url: str = field(repr=False)
    origin: str


class Naming:
    """Tells that another server was named in this process, or another key or queue there.

    Who is connected sees by `changes` that what he has is old.
    """

    def __init__(self) -> None:
        self.changes = 0
        self.listeners: list[Callable[[], object]] = []

    def tell(self) -> None:
        """Say that another is named from now on, or none."""
        self.changes += 1
        for listener in tuple(self.listeners):
            listener()


naming = Naming()


def named_server(said: str | None = "") -> ServerAddress | None:
    """Return where the server is; None where nobody says it.

    Reading the keyring may take a while, and the user may be asked to unlock it: not for the window's own thread.

    Parameters
    ----------
    said : str
        What was said for this one time; it comes before all else.

    Raises
    ------
    LookupError
        The keyring is there and cannot be read.
    """
    if said:
        return ServerAddress(said, "what was said")
    if url := os.environ.get(VARIABLE):
        return ServerAddress(url, f"${VARIABLE}")
    if url := os.environ.get(_SESSION):
        return ServerAddress(url, FOR_SESSION)
    if url := kept(SECRET):
        return ServerAddress(url, "the system's keyring")
    return None


@dataclass(frozen=True, slots=True)
class Local:
    """The local queue of the window that this process works for: where it is, and who takes single nodes there."""

    url: str = field(default="", repr=False)
    nodes: str = ""


_local = Local()


def local_of_the_window() -> Local:
    """Return the local queue of the window that this process works for; without an address where none is on."""
    return _local


def take_from_the_window(session: str, local: str, nodes: str) -> None:
    """Let what the window has in use count in this process, too.

    Parameters
    ----------
    session : str
        The address that counts for its session; empty if none does.
    local, nodes : str
        Address of its local queue, and the queue there for single nodes; both empty where it is off.
    """
    global _local
    _local = Local(local, nodes)
    if session != os.environ.get(_SESSION, ""):
        os.environ.pop(_SESSION, None)
        if session:
            os.environ[_SESSION] = session
        naming.tell()


def named_for_session() -> str:
    """Return the address that counts for this session; empty if none does."""
    return os.environ.get(_SESSION, "")


def name_for_session(url: str) -> None:
    """Let an address count until this program ends, and for those that it starts."""
    os.environ[_SESSION] = url
    naming.tell()


def keep_server(url: str) -> str:
    """Keep an address in the system's keyring; where that cannot be, for this session alone: why is returned."""
    os.environ.pop(_SESSION, None)
    try:
        if url:
            keep(SECRET, url)
        else:
            forget(SECRET)
    except NotKeptError as error:
        if url:
            os.environ[_SESSION] = url
        return str(error)
    finally:
        naming.tell()
    return ""
