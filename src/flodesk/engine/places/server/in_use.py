"""Which server the window has in use, told to the engine's process, whose single nodes go there, too."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from flodesk.engine.places.server.local_queue import LOCAL
from flodesk.engine.places.server.server_address import named_for_session, naming


class InUse:
    """Tells one engine process after the other; it knows by itself what the environment and the keyring name.

    Parameters
    ----------
    send : callable
        Takes a command for the process; called in any thread, must not wait. It goes through a pipe, as an address
        has a password.
    lock : context manager
        Under which commands are sent: between what is found out and what is sent nobody else sends any. Whoever has it
        may call this, too.
    """

    def __init__(self, send: Callable[[dict[str, Any]], None], lock: AbstractContextManager[Any]) -> None:
        self._send, self._lock = send, lock
        self._python = ""
        self.command: dict[str, Any] = {}
        """What was told last."""
        for listeners in (naming.listeners, LOCAL.listeners):
            listeners.append(self._changed)

    def tell(self, python: str) -> None:
        """Tell an engine in that interpreter what is in use now, if it does not know."""
        with self._lock:
            self._python = python
            local, nodes = LOCAL.for_nodes(python)
            command = {"c": "server", "session": named_for_session(), "local": local, "nodes": nodes}
            if command != self.command:
                self.command = command
                self._send(command)

    def close(self) -> None:
        """Tell nobody any more."""
        for listeners in (naming.listeners, LOCAL.listeners):
            if self._changed in listeners:
                listeners.remove(self._changed)

    def _changed(self) -> None:
        with self._lock:
            self.tell(self._python)
