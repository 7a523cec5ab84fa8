"""A connection to a Redis server that is waited for where it is away."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import NoScriptError, ResponseError
from redis.exceptions import TimeoutError as NoAnswer
from redis.retry import Retry

from flodesk.engine.places.queues.redis_queue_scripts import SCRIPTS
from flodesk.engine.places.server.stream import hidden
from flodesk.public import context

SILENT_SECONDS = 1.0
"""A server that says nothing for so long counts as away; who is stopped meanwhile ends after it at the latest."""
_PAUSES = (0.05, 0.1, 0.2, 0.5)
"""Seconds between two tries; the last one again and again."""

Command = Sequence[Any] | bytes
"""Its words, or what `words` and its count make of them where the same ones are sent again and again."""


def words(*parts: bytes | str | int) -> bytes:
    """Return words of a command as they go over the wire, without how many there are."""
    made = []
    for part in parts:
        part = part if isinstance(part, bytes) else str(part).encode()
        made.append(b"$%d\r\n%b\r\n" % (len(part), part))
    return b"".join(made)


class Link:
    """One connection, for one thread at a time.

    Parameters
    ----------
    called : str
        What waits for the server, for messages.

    Attributes
    ----------
    losses : int
        How often the connection was lost: what was asked for then may have been done, and its answer lost.
    away : bool
        The last time the server did not answer.
    """

    def __init__(self, url: str, called: str) -> None:
        self._at = hidden(url)
        self._called = called
        # no retries of redis-py: who waits is to hear of it, and must be able to be stopped
        options: dict[str, Any] = {"retry": Retry(NoBackoff(), 0), "protocol": 2}
        client: Redis = Redis.from_url(
            url, socket_timeout=SILENT_SECONDS, socket_connect_timeout=SILENT_SECONDS, **options
        )
        self._connection: Any = client.connection_pool.make_connection()
        self.losses = 0
        self.away = False

    def ask(self, *commands: Command) -> list[Any]:
        """Send commands at once and return their answers; while the server is away, wait until the run is stopped.

        Raises
        ------
        ResponseError
            The server refuses one of them.
        """
        here, tries, since = context(), 0, 0.0
        while True:
            try:
                answers = self.ask_once(*commands)
            except (NoConnection, NoAnswer, OSError) as error:
                self.losses += 1
                since = since or time.monotonic()
                if tries == 1:  # one that was only restarted quickly is no news
                    why = str(error).rstrip(".")
                    here.log(f"The Redis server at {self._at} is away ({why}): {self._called} waits for it", "warning")
                here.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
                tries += 1
                continue
            if tries > 1:
                away = time.monotonic() - since
                here.log(f"The Redis server at {self._at} answers again after {away:.0f} s: {self._called} goes on")
            return answers

    def ask_once(self, *commands: Command) -> list[Any]:
        """Send commands at once and return their answers.

        Raises
        ------
        redis.exceptions.ConnectionError, redis.exceptions.TimeoutError, OSError
            The server is away.
        ResponseError
            The server refuses one of them.
        """
        answers = self._exchange(commands)
        unknown = [n for n, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
        if unknown:  # the server was started anew
            self._exchange([("SCRIPT", "LOAD", script.text) for script in SCRIPTS])
            for n, answer in zip(unknown, self._exchange([commands[n] for n in unknown]), strict=True):
                answers[n] = answer
        for answer in answers:
            if isinstance(answer, ResponseError):
                raise answer
        return answers

    def _exchange(self, commands: Sequence[Command]) -> list[Any]:
        connection, answers = self._connection, []
        self.away = True
        try:
            packed = [c if isinstance(c, bytes) else b"".join(connection.pack_command(*c)) for c in commands]
            connection.send_packed_command(packed, check_health=False)
            for _ in commands:
                try:
                    answers.append(connection.read_response())
                except ResponseError as error:
                    answers.append(error)
        except BaseException:  # also a stop in the middle: half an answer must not be taken for the next one's
            self.close()
            raise
        self.away = False
        return answers

    def close(self) -> None:
        """Let go of the connection; the next who asks makes another."""
        with contextlib.suppress(NoConnection, OSError):
            self._connection.disconnect()
