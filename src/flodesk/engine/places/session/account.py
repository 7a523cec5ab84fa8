"""What somebody is told first who comes to a run that is on: all that has been said of it, cut down to what counts.

The worker keeps it (`SoFar`) and signs it; whoever attaches asks for it by a command and gets it under a key of its
own (`ask`), with the number of the last frame that it covers. The frames after that are followed as by everybody.
"""

from __future__ import annotations

import hmac
import secrets
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from redis import Redis

from flodesk.engine.places.server.signing import Writing, signature
from flodesk.engine.places.server.stream import Keys, PlaceError, pack, unpack
from flodesk.engine.places.session.run_on import Account, RunOn

LINES = 500
"""So many lines of the log are told."""
MOST_TOLD = {"LogLine": LINES, "NodeFailed": 100, "Rejected": 100, "Changed": 1}
_MOST = 200
ANSWER_SECONDS = 5.0
"""How long a session may take to tell."""
KEPT_SECONDS = 60
"""How long its answer is kept."""


class SoFar:
    """The events of the newest run that still say something: starts and ends, failures, holds, the log's tail."""

    def __init__(self) -> None:
        self._told: dict[str, deque[tuple[int, Mapping[str, Any]]]] = {}
        self._held: dict[str, tuple[int, Mapping[str, Any]]] = {}

    def take(self, head: Mapping[str, Any], number: int) -> None:
        """Take an event, as the frame of this number has it."""
        kind = head["event"]
        if kind == "RunStarted" and "+" not in head["run"]:
            self._told.clear()
            self._held.clear()
        if kind in ("Paused", "Resumed"):
            self._held.pop(head["function"], None)
            if kind == "Paused":
                self._held[head["function"]] = number, head
            return
        if kind == "LoopFinished":
            self._held.pop(head["loop"], None)
        if kind != "Released":
            self._told.setdefault(kind, deque(maxlen=MOST_TOLD.get(kind, _MOST))).append((number, head))

    @property
    def held(self) -> bool:
        """Whether a function is held."""
        return bool(self._held)

    def events(self) -> list[Mapping[str, Any]]:
        """Return them in their order."""
        return [head for _, head in sorted(self.numbered().items())]

    def numbered(self) -> dict[int, Mapping[str, Any]]:
        """Return them by the numbers of their frames."""
        return dict([*(entry for kept in self._told.values() for entry in kept), *self._held.values()])


def write_account(to: Any, key: bytes, name: str, head: Mapping[str, Any], buffers: Sequence[Any], live: float) -> None:
    """Write an account under a key of the server, signed, for so many s."""
    fields = pack(head, buffers)
    text, *parts = fields.values()
    fields["m"] = signature(key, b"flodesk account", name.encode(), text.encode(), *parts)
    to.delete(name)
    to.xadd(name, fields)
    to.expire(name, int(live))


def ask(
    connection: Redis, key: bytes, run: RunOn, writing: Writing | None = None, seconds: float = ANSWER_SECONDS
) -> Account:
    """Return the account of a run: of one that has ended the one that was kept, of one that waits an empty one.

    Parameters
    ----------
    writing : Writing, optional
        Signs the question.
    seconds : float
        How long the session may take to tell.

    Raises
    ------
    PlaceError
        Nobody tells it.
    RedisError
        The server does not answer.
    """
    if run.waits:
        return Account(run.run, "", run.path, (), 0, "0", (), {}, None, ())
    keys = Keys(run.session)
    newest: Any = connection.xrevrange(keys.events, count=1)
    entry = newest[0][0].decode() if newest else "0"
    name = keys.end
    if not connection.exists(name):
        writing = writing or Writing(key, run.session)
        token = secrets.token_hex(8)
        name = keys.account(token)
        connection.xadd(keys.commands, writing.entry({"c": "account", "to": token}), maxlen=10_000)
    found: Any = connection.xread({name: "0"}, block=int(1000 * seconds), count=1)
    if not found:
        raise PlaceError(f"The run {run.run} says nothing: its worker has died, or it has just ended.")
    try:
        return _read(found[0][1][-1][1], key, name, entry)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PlaceError(f"What is told of the run {run.run} makes no sense: {error}") from error


def _read(fields: Mapping[bytes, bytes], key: bytes, name: str, entry: str) -> Account:
    own = {field: value for field, value in fields.items() if field != b"m"}
    parts = [own[b"b%d" % at] for at in range(len(own) - 1)]
    expected = signature(key, b"flodesk account", name.encode(), own[b"h"], *parts)
    if not hmac.compare_digest(expected.encode(), fields[b"m"]):
        raise PlaceError("What is told of the run is not signed with the project's key.")
    head, buffers = unpack(own)
    changes = tuple((str(node), str(parameter), str(text)) for node, parameter, text in head["changes"])
    return Account(
        str(head["run"]),
        str(head["text"]),
        str(head["path"]),
        changes,
        int(head["after"]),
        entry,
        tuple(head["events"]),
        dict(head["states"]),
        head.get("values"),
        tuple(buffers),
    )
