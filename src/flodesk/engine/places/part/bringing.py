"""The calls of a seat on their way to its worker. A thread brings them: nobody who starts or stops one waits for that.

A server that hangs, or a value that is large, may take as long as it wants: until something of a call is sent it can be
stopped at once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol

from redis.exceptions import OutOfMemoryError, RedisError

from flodesk.engine.events import Failure
from flodesk.engine.places.part.call_there import Call
from flodesk.engine.places.part.exchange import Exchange
from flodesk.engine.places.part.hostings import Hosting
from flodesk.engine.places.part.listens import Listens
from flodesk.engine.places.part.node_jobs import NodeJobs, Whole
from flodesk.engine.places.part.room import ROOM_SECONDS, without_room
from flodesk.engine.places.protocol import Answer, Opened
from flodesk.engine.places.server.going_on import in_words
from flodesk.engine.places.server.stream import PlaceError


class Queued(Protocol):
    """A place whose calls go to a queue."""

    @property
    def exchange(self) -> Exchange:
        """The server."""

    @property
    def queue(self) -> str:
        """The name of its queue."""

    def files(self, opened: Opened) -> Mapping[str, str]:
        """Bring the flow's own modules to the server; returns their hashes by their places."""


class Calls(Listens, Whole, Protocol):
    """A seat."""

    @property
    def key(self) -> str:
        """The name of its function there."""

    @property
    def call(self) -> Call | None:
        """The call that is on."""


class Bringing:
    """Brings calls to a hosting, and gets one first. Its attributes are used while the exchange's news are held.

    Attributes
    ----------
    hosting : Hosting
        Who does the calls, None while there is none.
    open : bool
        The hosting has the function as it is.
    sent : bool
        It was sent the call that is on.
    nodes : NodeJobs
        The call that is on, where each of its nodes is a job.
    """

    def __init__(self, place: Queued, seat: Calls) -> None:
        self.hosting: Hosting | None = None
        self.open = self.sent = False
        self.nodes: NodeJobs | None = None
        self._place = place
        self._exchange = place.exchange
        self._seat = seat
        self._on: tuple[Call, Hosting | None] | None = None
        """What is brought just now, or is about to be."""

    # -------------------------------------------------------------- whoever wants it
    def go(self) -> None:
        """Have the call brought to the hosting that is there, once its worker has begun; or get one."""
        call, hosting = self._seat.call, self.hosting
        if call is None or call.apart:
            return
        if self._exchange.broken:
            self._seat.take(self.cut_off())
            return
        if hosting is not None and (not hosting.begun or self.sent):
            return
        if self._on is None or self._on[0] is not call or self._on[1] is not hosting:
            on = self._on = call, hosting
            self._exchange.bring(lambda: self._bring(on))

    def go_apart(self, call: Call, literals: Mapping[tuple[str, str | int], Any]) -> None:
        """Have a job put on the queue for each node of the call."""
        call.apart = True
        self._exchange.bring(lambda: self._bring_apart(call, literals))

    def move(self, hosting: Hosting) -> None:
        """Go on with another hosting, that is there, or with the one that there is."""
        self.nodes = None
        if (call := self._seat.call) is not None:
            call.apart = False
        if hosting is not self.hosting:
            hosting.seats[self._seat.key] = self._seat
            self.hosting, self.open = hosting, False
        self.sent = False
        self.go()

    def cut_off(self) -> Answer:
        """Return what comes of a call when nothing is read from the server any more."""
        return Answer(failed=Failure("", "PlaceError", self._exchange.broken), lost=True)

    # -------------------------------------------------------------- in the thread that brings
    def _bring(self, on: tuple[Call, Hosting | None]) -> None:
        call, hosting = on
        again = True
        try:
            if hosting is None:
                self._find(call)
            else:
                again = self._send(call, hosting)
        except RedisError as error:
            again = False  # the reader has it tried again
            self._short(call, error)
        except Exception as error:  # noqa: BLE001 - whatever it is: nobody else would end the call
            self._end(call, error)
        with self._exchange.news:
            if self._on is on:
                self._on = None
            if again:  # its worker may have begun meanwhile, or the server may have been away and be back
                self.go()

    def _find(self, call: Call) -> None:
        """Get a hosting: one that an earlier run has left, or one that is put on the queue."""
        exchange, opened, queue = self._exchange, self._seat.opened, self._place.queue
        idle = exchange.idle(queue, opened.run)
        with exchange.news:
            wanted = self._seat.call is call and self.hosting is None and not call.apart
            if wanted:
                found = exchange.fresh(queue, opened.run) if idle is None or idle.over else idle
                self.hosting, self.open, self.sent = found, False, False
                found.seats[self._seat.key] = self._seat
        if not wanted:
            if idle is not None:
                exchange.free(idle)
        elif found is not idle:
            words = f"nodes of {opened.function} in {opened.path or 'a flow without a file'}"
            exchange.enqueue(found, {}, words, opened.path)

    def _is_on(self, call: Call, hosting: Hosting) -> bool:
        return self._seat.call is call and self.hosting is hosting and not call.apart

    def _send(self, call: Call, hosting: Hosting) -> bool:
        """Send the call with all that it needs; returns False where there is no room for it."""
        exchange, job = self._exchange, call.job
        with exchange.news:
            if not self._is_on(call, hosting):
                return True
            exchange.values.there.need(call.number, {name: part.nbytes for name, part in call.big.items()})
            opens = not self.open
        commands = [self._opening()] if opens else []
        exchange.values.put(call.big)
        commands.append(
            {"c": "job", "key": self._seat.key, "n": call.number, "function": job.function, "items": job.items}
            | {"given": call.given, "literals": call.literals, "wanted": job.wanted, "shown": job.shown}
            | {"free": job.free}
        )
        with call.going:
            with exchange.news:
                if not self._is_on(call, hosting):
                    return True  # it was stopped meanwhile
                self.open = self.sent = True
                call.worker = hosting
            if hosting.send({"c": "all", "commands": commands}, call.buffers):
                return True
        with exchange.news:
            if self._is_on(call, hosting):
                self.sent, self.open = False, not opens
        return False

    def _bring_apart(self, call: Call, literals: Mapping[tuple[str, str | int], Any]) -> None:
        exchange = self._exchange
        if self._seat.call is not call:
            return
        try:
            if self._is_cut_off(call):
                return
            nodes = NodeJobs(exchange, self._place.queue, self._seat, call.job, literals, self._opening())
            failed = nodes.bring()
            with exchange.news:
                if failed is not None:
                    self._take(call, Answer(failed=failed))
                elif self._is_cut_off(call):
                    nodes.leave()
                elif self._seat.call is call:
                    self.nodes = nodes
                    nodes.begin()
                else:
                    nodes.leave()
        except RedisError as error:
            if not self._short(call, error):
                exchange.later(lambda: self.go_apart(call, literals))
        except Exception as error:  # noqa: BLE001 - whatever it is: nobody else would end the call
            self._end(call, error)

    def _opening(self) -> dict[str, Any]:
        opened = self._seat.opened
        return {
            "c": "open",
            "key": self._seat.key,
            "run": opened.run,
            "function": opened.function,
            "text": opened.text,
            "path": opened.path,
            "cells": opened.cells,
            "cache": opened.cache,
            "files": dict(self._place.files(opened)),
        }

    # -------------------------------------------------------------- what goes wrong
    def _short(self, call: Call, error: RedisError) -> bool:
        """Note that a call could not be sent; returns whether it is over by that: there is no room for it."""
        now = time.monotonic()
        if not isinstance(error, OutOfMemoryError):
            call.short = 0.0
            return False
        call.short = call.short or now
        if now - call.short < ROOM_SECONDS:
            return False
        self._take(call, Answer(failed=without_room(call.given, call.big, self._exchange.url, error)))
        return True

    def _is_cut_off(self, call: Call) -> bool:
        """End the call if nothing is read from the server any more; returns whether that is so."""
        if self._exchange.broken:
            self._take(call, self.cut_off())
        return bool(self._exchange.broken)

    def _end(self, call: Call, error: Exception) -> None:
        if isinstance(error, PlaceError):
            said = f"the flow could not be put on the queue: {error}" if call.apart else str(error)
            self._take(call, Answer(failed=Failure("", "PlaceError", said)))
            return
        with self._exchange.news:
            if self._seat.call is call:
                self._seat.garbled(in_words(error))

    def _take(self, call: Call, answer: Answer) -> None:
        with self._exchange.news:
            if self._seat.call is call:
                self._seat.take(answer)
