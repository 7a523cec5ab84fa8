"""Which worker this process is of, if a worker of a Redis queue has it run something: what it runs may need others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Host:
    """A worker.

    Attributes
    ----------
    url : str
        Address of its server.
    queues : tuple of str
        What it listens to.
    name : str
        Its name on the server.
    own : bool
        It is there for whoever started it, alone.
    """

    url: str = field(repr=False)
    queues: tuple[str, ...]
    name: str
    own: bool = False

    def queue(self, usual: str) -> str:
        """Return the queue on which others of its kind wait for nodes, where those elsewhere wait on a usual one.

        A worker of a local queue listens before all to that of its environment.
        """
        return next((name for name in self.queues if self.own and name.startswith(f"{usual}.")), usual)


class _Here:
    host: Host | None = None
    key: bytes = b""
    files: Mapping[str, str] = {}


_here = _Here()


def hosted_by(host: Host | None, key: bytes) -> None:
    """Note which worker has this process run something, and with which key its jobs are signed."""
    _here.host, _here.key = host, key


def here() -> tuple[Host | None, bytes]:
    """Return the worker that has this process run something, None at home; and its key."""
    return _here.host, _here.key


def carry(files: Mapping[str, str]) -> None:
    """Note which modules have come with the flow that this process runs: their hashes by their places."""
    _here.files = files


def carried() -> Mapping[str, str]:
    """Return them."""
    return _here.files
