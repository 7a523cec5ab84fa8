"""A function of a run whose nodes run on a worker of a Redis queue: its calls go to a hosting, one at a time."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from redis.exceptions import RedisError

from flodesk.engine.events import Failure
from flodesk.engine.places.literals import Literals
from flodesk.engine.places.part.exchange import Exchange, Hosting
from flodesk.engine.places.part.far_states import note
from flodesk.engine.places.part.far_values import MissingError, sizes_of
from flodesk.engine.places.part.node_jobs import NodeJobs, fits
from flodesk.engine.places.part.part_job import far, too_large
from flodesk.engine.places.processes.parcel import failure_from_json, unwrap, wrap
from flodesk.engine.places.processes.seat import pass_on
from flodesk.engine.places.protocol import Answer, Job, Opened, Seat, WorkerLostError
from flodesk.engine.places.server.stream import PlaceError

CLOSE_SECONDS = 3.0
"""How long the objects of a function get to close."""
SHARE_SECONDS, OWN_SHARE_SECONDS = 0.5, 20.0
"""After so long without a free worker its run does with those that it has; the longer one where ours is starting."""
TRIES = 3
"""So often a call that may run anywhere is given to another worker where one has died."""

_numbers = itertools.count(1)


class Home(Protocol):
    """The place of a seat."""

    @property
    def exchange(self) -> Exchange:
        """The server."""

    @property
    def queue(self) -> str:
        """The name of its queue."""

    @property
    def node_jobs(self) -> bool:
        """Whether each node is a job."""

    def files(self, opened: Opened) -> Mapping[str, str]:
        """Bring the flow's own modules to the server; returns their hashes by their places."""

    def here(self, opened: Opened) -> Seat:
        """Return a seat in a process of this machine: for a worker that would wait for itself."""

    def free(self, seat: RqSeat) -> None:
        """Take a seat back."""


class RqSeat:
    """A function, and the hosting that has it."""

    def __init__(self, place: Home, opened: Opened) -> None:
        self.opened = opened
        self.told = False
        """Something has come since the last look."""
        self.own: Seat | None = None
        """The seat in a process of this machine that has taken its place."""
        self._place = place
        self._exchange = place.exchange
        self._key = f"{opened.function} {next(_numbers)}"
        self._cells = memoryview(bytearray(8 * opened.cells)).cast("q")
        self._hosting: Hosting | None = None
        self._open = False
        """The hosting has the function as it is."""
        self._sent = False
        """It was sent the call that is on."""
        self._files: Mapping[str, str] = {}
        self._literals = Literals()
        self._known: dict[tuple[str, str | int], Any] = {}
        """The literals that the job may need."""
        self._call: _Call | None = None
        self._nodes: NodeJobs | None = None
        """The call that is on, where each of its nodes is a job."""
        self._answer: Answer | None = None
        self._keeps = False
        """There are, or may be, objects with state."""
        self._gone = ""
        self._closed: tuple[threading.Event, list[tuple[str, Failure]]] | None = None

    @property
    def cells(self) -> memoryview:
        """Newest states of the nodes."""
        return self.own.cells if self.own is not None else self._cells

    @property
    def busy(self) -> bool:
        """Whether it waits for an answer."""
        return self._call is not None or self._closed is not None

    # -------------------------------------------------------------- jobs
    def start(self, job: Job) -> None:
        """Send a job."""
        if self.own is not None:
            self.own.start(job)
            return
        self._answer = None
        self._known = self._literals.for_job(job)
        call = _Call(job, self._known)
        base = {cell: self._cells[cell] for cell in job.counts}
        self._cells[:] = memoryview(bytearray(self._cells.nbytes)).cast("q")
        for cell, count in base.items():
            self._cells[cell] = count
        call.base = base
        with self._exchange.news:
            self._call, self._sent = call, False
            if self._gone and not job.free:
                self.take(self._over())
            elif (failed := too_large(call.given, call.big, self._exchange.wire.megabytes * 1e6)) is not None:
                self.take(Answer(failed=failed))
            elif self._place.node_jobs and fits(self.opened, job):
                self._apart(job)
            else:
                self._send()

    def _apart(self, job: Job) -> None:
        """Put a job on the queue for each node."""
        try:
            opening = self._opening()
        except (RedisError, PlaceError) as error:
            self.take(Answer(failed=Failure("", "PlaceError", f"the flow could not be put on the queue: {error}")))
            return
        self._nodes = NodeJobs(self._exchange, self._place.queue, self, job, self._known, opening)
        self._nodes.begin()

    def _send(self) -> None:
        """Send what is to be done, to a hosting that is there; one that is not yet says when it is."""
        call, exchange = self._call, self._exchange
        if call is None or self._nodes is not None:
            return
        if exchange.broken:
            self.take(Answer(failed=Failure("", "PlaceError", f"{exchange.broken}. Run the flow again")))
            return
        if self._hosting is None:
            opened = self.opened
            self._hosting = exchange.hosting(self._place.queue, opened.run, opened.function, opened.path)
            self._hosting.seats[self._key] = self
            self._open = False
        hosting = self._hosting
        if not hosting.begun or self._sent:
            return
        commands: list[dict[str, Any]] = []
        try:
            if not self._open:
                commands.append(self._opening())
            exchange.values.there.need(call.number, {name: part.nbytes for name, part in call.big.items()})
            exchange.values.put(call.big)
        except RedisError:
            return  # `look` tries again
        except PlaceError as error:
            self.take(Answer(failed=Failure("", "PlaceError", str(error))))
            return
        job, self._open, self._sent = call.job, True, True
        commands.append(
            {"c": "job", "key": self._key, "n": call.number, "function": job.function, "items": job.items}
            | {"given": call.given, "literals": call.literals, "wanted": job.wanted, "shown": job.shown}
            | {"free": job.free}
        )
        hosting.send({"c": "all", "commands": commands}, call.buffers)

    def _opening(self) -> dict[str, Any]:
        opened = self.opened
        return {
            "c": "open",
            "key": self._key,
            "run": opened.run,
            "function": opened.function,
            "text": opened.text,
            "path": opened.path,
            "cells": opened.cells,
            "cache": opened.cache,
            "files": dict(self._place.files(opened)),
        }

    def answer(self) -> Answer | None:
        """Return the answer if it is there."""
        if self.own is not None:
            return self.own.answer()
        with self._exchange.news:
            self.told = False
            answer, self._answer = self._answer, None
        return answer

    def take(self, answer: Answer) -> None:
        """Note the answer."""
        with self._exchange.news:
            self._off()
            self._answer, self.told = answer, True
            self._exchange.news.notify_all()

    def _off(self) -> None:
        """Note that no call is on, and nothing on the server is there for one."""
        call, self._call, self._nodes = self._call, None, None
        if call is not None:
            self._exchange.values.there.done(call.number, call.gave)

    def tell(self) -> None:
        """Have somebody look: states have changed."""
        self.told = True
        self._exchange.news.notify_all()

    def reopen(self, opened: Opened) -> None:
        """Go on with a changed text."""
        self.opened = opened
        self._literals.clear()
        self._open = False
        if self.own is not None:
            self.own.reopen(opened)
        self._cells = memoryview(bytearray(8 * opened.cells)).cast("q")

    # -------------------------------------------------------------- in the thread that reads
    def there(self) -> None:
        """Send the call: a worker has begun, or the server is back."""
        self._sent = False
        self._send()

    def look(self) -> None:
        """Send what could not be sent."""
        self._send()

    def heard(self, head: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        """Take what the worker says."""
        kind, call = head["f"], self._call
        if kind == "line":
            pass_on(self.opened, head)
        elif kind == "closed":
            if self._closed is not None:
                over, failed = self._closed
                failed += [(str(node), failure_from_json(told)) for node, told in head["failed"]]
                over.set()
        elif call is None or head["n"] != call.number:
            return
        elif kind == "begun":
            call.begun = True
            self._keeps = self._keeps or not call.job.free
        elif kind == "cells":
            self._note(buffers[0])
        elif kind == "missing":
            self._sent, call.tries = False, call.tries + 1
            if call.tries < TRIES:
                self._send()
            else:
                self.take(Answer(failed=Failure("", "MissingError", "the server has lost what the node was given")))
        elif kind in ("done", "failed", "stopped"):
            self._finished(call, head, buffers)

    def _finished(self, call: _Call, head: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        if buffers:
            self._note(buffers[0])
        call.gave = sizes_of(head)
        notes = head.get("notes", {})
        if head["f"] == "failed":
            self.take(Answer(failed=failure_from_json(head["failure"]), cell=int(head["cell"]), notes=notes))
        elif head["f"] == "stopped":
            self.take(Answer(stopped=True, notes=notes))
        else:
            values = self._exchange.values

            def big(name: str, offset: int, size: int) -> Any:
                return bytearray(values.get(name))

            try:
                own = buffers[1:]
                found = {name: unwrap(parcel, own, bytearray, big) for name, parcel in head["values"].items()}
            except MissingError as error:
                call.tries += 1
                if call.tries < TRIES:
                    self._sent = False
                    self._send()  # the worker knows its last answer, and brings it once more
                    return
                said = f"its result is lost: {error}. Run the flow again"
                self.take(Answer(failed=Failure("", "MissingError", said)))
            else:
                self.take(Answer(found, notes=notes))

    def _note(self, packed: bytes) -> None:
        call, hosting = self._call, self._hosting
        if call is not None and hosting is not None and packed:
            note(packed, self._cells, call.base, hosting.offset)
            self.tell()

    def waits(self, seconds: float) -> None:
        """Do without a worker of its own where none is free."""
        exchange, hosting = self._exchange, self._hosting
        if hosting is None or self._call is None:
            return
        if seconds >= (OWN_SHARE_SECONDS if exchange.own is not None else SHARE_SECONDS):
            other = exchange.shared(hosting)
            if other is not None:
                if exchange.withdraw(hosting):
                    del hosting.seats[self._key]
                    self.together(other)
            elif exchange.alone(hosting.queue) and exchange.withdraw(hosting):
                self.stay()

    def together(self, hosting: Hosting) -> None:
        """Do the call in a hosting that is there, and further ones, too."""
        self._nodes = None
        if hosting is not self._hosting:
            hosting.seats[self._key] = self
            self._hosting, self._open = hosting, False
        self._sent = False
        self._send()

    def stay(self) -> None:
        """Run in a process of this worker from now on: it would wait for itself."""
        exchange, call = self._exchange, self._call
        assert call is not None
        exchange.say_once(
            "info", f"No other worker is free for the queue “{self._place.queue}”: this one runs its nodes, too."
        )
        self._hosting = None
        own = self._place.here(self.opened)
        job = call.job
        own.start(
            Job(
                job.function, job.items, job.given, [(*key, value) for key, value in self._known.items()],
                job.wanted, job.shown, job.free, job.counts,
            )
        )  # fmt: skip
        self._off()
        self.own, self.told = own, True
        exchange.news.notify_all()

    def left(self, why: str) -> None:
        """Take note that the hosting is over: what may run again does, elsewhere."""
        hosting, call = self._hosting, self._call
        # of what died nobody knows whether it had begun what it was sent
        begun = call is not None and (call.begun or (self._sent and bool(why)))
        self._hosting, self._open, self._sent = None, False, False
        if self._closed is not None:
            self._closed[0].set()
        if why and self._keeps:
            self._gone = why
        self._keeps = False
        if call is None or hosting is None:
            return
        if why.startswith("The worker refused"):
            self.take(Answer(failed=Failure("", "RefusedError", why)))
        elif (begun or self._gone) and not call.job.free:
            self._gone = self._gone or why or "its worker was asked to end"
            self.take(self._over())
        elif begun and call.tries + 1 >= TRIES:
            said = f"{TRIES} workers have died with it, the last on {hosting.worker}: {why}"
            self.take(Answer(failed=Failure("", WorkerLostError.__name__, said)))
        else:
            if begun:
                call.tries += 1
                text = f"The worker on {hosting.worker} is gone; what it was doing runs again on another."
                self.opened.say("", "warning", text)
            call.begun = False
            self._send()

    def _over(self) -> Answer:
        said = (
            f"its worker is gone: {self._gone}. What keeps a state, or has effects, is not run again by itself: run "
            "the flow again"
        )
        return Answer(failed=Failure("", WorkerLostError.__name__, said), lost=True)

    # -------------------------------------------------------------- ends
    def interrupt(self, hard: bool) -> None:
        """Ask the job to stop."""
        if self.own is not None:
            self.own.interrupt(hard)
            return
        with self._exchange.news:
            call, hosting = self._call, self._hosting
            if call is None:
                return
            if self._nodes is not None:
                self._nodes.interrupt(hard)
            elif hosting is not None and hosting.begun:
                hosting.send({"c": "stop", "n": call.number, "hard": hard})
            else:
                self.take(Answer(stopped=True))

    def end(self) -> None:
        """End what does not stop: its process on the worker."""
        if self.own is not None:
            self.own.end()
            return
        with self._exchange.news:
            nodes, self._nodes = self._nodes, None
            if nodes is not None:
                self._off()
                nodes.end()
                return
            self._off()
            hosting = self._hosting
            self._gone = self._gone or "its process was ended"
            if hosting is not None:
                hosting.seats.pop(self._key, None)
                self._hosting = None
        if hosting is not None:
            hosting.kill()
            with self._exchange.news:
                hosting.end("its process was ended")

    def close(self) -> Sequence[tuple[str, Failure]]:
        """Close the objects with state; gives those that failed."""
        if self.own is not None:
            failed = list(self.own.close())
            self._place.free(self)
            return failed
        if self._call is not None:
            self.end()
        failed = []
        hosting = self._hosting
        if hosting is not None and self._open and not hosting.over:
            if self._keeps:
                over = threading.Event()
                self._closed = over, failed
                hosting.send({"c": "leave", "key": self._key, "n": 0})
                over.wait(CLOSE_SECONDS)
                self._closed = None
            else:
                hosting.send({"c": "leave", "key": self._key, "n": 0})
        with self._exchange.news:
            self._hosting = None
            if hosting is not None:
                hosting.seats.pop(self._key, None)
        if hosting is not None:
            self._exchange.free(hosting)
        self._place.free(self)
        return failed


class _Call:
    """A job on its way."""

    def __init__(self, job: Job, literals: Mapping[tuple[str, str | int], Any]) -> None:
        self.job = job
        self.number = next(_numbers)
        self.begun = False
        self.tries = 0
        self.base: Mapping[int, int] = {}
        self.buffers: list[Any] = []
        self.big: dict[str, Any] = {}
        self.gave: Mapping[str, int] = {}
        """The large buffers that its worker has brought to the server, and their sizes."""
        self.given = {name: self._wrapped(value) for name, value in job.given.items()}
        self.literals = [[node, name, self._wrapped(value)] for (node, name), value in literals.items()]

    def _wrapped(self, value: Any) -> dict[str, Any]:
        return wrap(value, self.buffers, lambda part: far(part, self.big))
