"""Dead letters of a run on a Redis queue reach the store of whoever follows the run.

The worker keeps each letter in its own store before the loop goes on, and sends it along. Who follows the run writes it
into the own store and says so; then the worker drops its own. Whatever is lost in between (the server, either end), the
letter is in one store at least. Where both are the same store, nothing is written twice.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flodesk.engine.events import Rejected
from flodesk.engine.letters import Letter, Letters, LettersError
from flodesk.engine.letters.travel import MOST_BYTES, from_frame, to_frame
from flodesk.engine.values import Buffers

ANSWER_SECONDS = 3.0
"""How long the worker waits, at the end of a run, for the word that letters have arrived."""


class Outbox:
    """The worker's side: sends letters, and drops those that have arrived.

    Parameters
    ----------
    send : callable
        Takes (head, buffers) of a frame.
    """

    def __init__(self, send: Callable[[dict[str, Any], Buffers], None]) -> None:
        self._send = send
        self._under_way: dict[int, int] = {}
        self._empty = threading.Condition()

    def post(self, letter: Letter, store: Letters) -> None:
        """Send a letter that is kept here; one for which there is no room stays, and that is said."""
        try:
            name = store.name()
        except LettersError:
            return  # it is kept, and stays here
        frame: dict[str, Any] = {"f": "letter", "id": letter.id, "host": socket.gethostname(), "store": name}
        with self._empty:
            room = letter.size + sum(self._under_way.values()) <= MOST_BYTES
            if room:
                self._under_way[letter.id] = letter.size
        head, buffers = to_frame(letter) if room else (None, [])
        self._send({**frame, "letter": head}, list(buffers))

    def arrived(self, ids: Sequence[int], same: bool) -> None:
        """Note that letters have arrived; in the `same` store they are to stay, of course."""
        with self._empty:
            known = [id for id in ids if id in self._under_way]
        if known and not same:
            try:
                store = Letters()
                store.drop(known)
                store.close()
            except LettersError:
                pass  # then they are in both: better than in none
        with self._empty:
            for id in known:
                del self._under_way[id]
            self._empty.notify_all()

    def wait(self) -> None:
        """Wait a while for the word that all have arrived."""
        with self._empty:
            self._empty.wait_for(lambda: not self._under_way, ANSWER_SECONDS)


class Inbox:
    """The side of who follows the run.

    Parameters
    ----------
    said : callable
        Takes a sentence about what could not be kept.
    """

    def __init__(self, said: Callable[[str], None]) -> None:
        self._said = said
        self._told = False
        self._store: Letters | None = None
        self._homes: dict[int, tuple[int, str]] = {}
        """Of each letter of the worker: its number here, and the machine where it is if that is another."""

    def take(self, head: Mapping[str, Any], buffers: Sequence[bytes]) -> dict[str, Any] | None:
        """Keep a letter; returns the command that says so to the worker, None where it stays there."""
        id, host = int(head["id"]), str(head["host"])
        self._homes[id] = id, host
        try:
            if self._store is None:
                self._store = Letters(said=self._said)
            if head["store"] == self._store.name():
                self._homes[id] = id, ""
                return {"c": "letters", "arrived": [id], "same": True}
            if head["letter"] is None:
                return None
            letter = from_frame(head["letter"], buffers)
            self._homes[id] = self._store.write(replace(letter, id=0, host=host)).id, ""
        except LettersError as error:
            if not self._told:
                self._told = True
                self._said(f"{error}. Dead letters stay on {host}: see them there with flodesk letters.")
            return None
        return {"c": "letters", "arrived": [id], "same": False}

    def placed(self, event: Rejected) -> Rejected:
        """Return an event of the worker with the number that its letter has here, or where it is."""
        number, host = self._homes.pop(event.letter, (event.letter, event.host))
        return replace(event, letter=number, host=host)

    def close(self) -> None:
        """Let go of the store."""
        store, self._store = self._store, None
        if store is not None:
            store.close()
