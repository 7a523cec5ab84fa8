"""A function of a run whose nodes run on a worker of a Redis queue: its calls go to a hosting, one at a time."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from flodesk.engine.events import Failure
from flodesk.engine.places.literals import Literals
from flodesk.engine.places.part.bringing import Bringing, Queued
from flodesk.engine.places.part.call_there import Call
from flodesk.engine.places.part.far_states import note
from flodesk.engine.places.part.far_values import MissingError, sizes_of
from flodesk.engine.places.part.hostings import Hosting
from flodesk.engine.places.part.listens import cannot_be_taken
from flodesk.engine.places.part.node_jobs import fits
from flodesk.engine.places.part.room import too_large
from flodesk.engine.places.processes.parcel import failure_from_json, unwrap
from flodesk.engine.places.processes.seat import pass_on
from flodesk.engine.places.protocol import Answer, Job, Opened, Seat, WorkerLostError

CLOSE_SECONDS = 3.0
"""How long the objects of a function get to close."""
SHARE_SECONDS, OWN_SHARE_SECONDS = 0.5, 20.0
"""After so long without a free worker its run does with those that it has; the longer one where ours is starting."""
TRIES = 3
"""So often a call that may run anywhere is given to another worker where one has died."""

_numbers = itertools.count(1)


class Home(Queued, Protocol):
    """The place of a seat."""

    @property
    def node_jobs(self) -> bool:
        """Whether each node is a job."""

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
        self.key = f"{opened.function} {next(_numbers)}"
        self._cells = memoryview(bytearray(8 * opened.cells)).cast("q")
        self._way = Bringing(place, self)
        """To its worker."""
        self._literals = Literals()
        self._known: dict[tuple[str, str | int], Any] = {}
        """The literals that the job may need."""
        self.call: Call | None = None
        """The call that is on."""
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
        return self.call is not None or self._closed is not None

    # -------------------------------------------------------------- jobs
    def start(self, job: Job) -> None:
        """Send a job."""
        if self.own is not None:
            self.own.start(job)
            return
        self._answer = None
        self._known = self._literals.for_job(job)
        call = Call(job, self._known)
        base = {cell: self._cells[cell] for cell in job.counts}
        self._cells[:] = memoryview(bytearray(self._cells.nbytes)).cast("q")
        for cell, count in base.items():
            self._cells[cell] = count
        call.base = base
        with self._exchange.news:
            self.call, self._way.sent = call, False
            if self._gone and not job.free:
                self.take(self._over())
            elif (failed := too_large(call.given, call.big, self._exchange.wire.megabytes * 1e6)) is not None:
                self.take(Answer(failed=failed))
            elif self._place.node_jobs and fits(self.opened, job):
                self._way.go_apart(call, self._known)
            else:
                self._way.go()

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
        call, self.call, self._way.nodes = self.call, None, None
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
        self._way.open = False
        if self.own is not None:
            self.own.reopen(opened)
        self._cells = memoryview(bytearray(8 * opened.cells)).cast("q")

    # -------------------------------------------------------------- in the thread that reads
    def there(self) -> None:
        """Send the call: a worker has begun, or the server is back."""
        self._way.sent = False
        self._way.go()

    def look(self) -> None:
        """Send what could not be sent."""
        self._way.go()

    def heard(self, head: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        """Take what the worker says."""
        kind, call = head["f"], self.call
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
            self._way.sent, call.tries = False, call.tries + 1
            if call.tries < TRIES:
                self._way.go()
            else:
                self.take(Answer(failed=Failure("", "MissingError", "the server has lost what the node was given")))
        elif kind in ("done", "failed", "stopped"):
            self._finished(call, head, buffers)

    def wanted_of(self, head: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Return those parcels of an answer that are wanted here."""
        on = self.call is not None and self.call.number == head["n"]
        return list(head["values"].values()) if on else ()

    def _finished(self, call: Call, head: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
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
                return bytearray(values.get(name, size))

            try:
                own = buffers[1:]
                found = {name: unwrap(parcel, own, bytearray, big) for name, parcel in head["values"].items()}
            except MissingError as error:
                call.tries += 1
                if call.tries < TRIES:
                    self._way.sent = False
                    self._way.go()  # the worker knows its last answer, and brings it once more
                    return
                said = f"its result is lost: {error}. Run the flow again"
                self.take(Answer(failed=Failure("", "MissingError", said)))
            else:
                self.take(Answer(found, notes=notes))

    def _note(self, packed: bytes) -> None:
        call, hosting = self.call, self._way.hosting
        if call is not None and hosting is not None and packed:
            note(packed, self._cells, call.base, hosting.offset)
            self.tell()

    def waits(self, seconds: float) -> None:
        """Do without a worker of its own where none is free."""
        exchange, hosting = self._exchange, self._way.hosting
        if hosting is None or self.call is None:
            return
        if seconds >= (OWN_SHARE_SECONDS if exchange.own is not None else SHARE_SECONDS):
            other = exchange.shared(hosting)
            if other is not None:
                if exchange.withdraw(hosting):
                    del hosting.seats[self.key]
                    self.together(other)
            elif exchange.alone(hosting.queue) and exchange.withdraw(hosting):
                self.stay()

    def together(self, hosting: Hosting) -> None:
        """Do the call in a hosting that is there, and further ones, too."""
        self._way.move(hosting)

    def stay(self) -> None:
        """Run in a process of this worker from now on: it would wait for itself."""
        exchange, call = self._exchange, self.call
        assert call is not None
        exchange.say_once(
            "info", f"No other worker is free for the queue “{self._place.queue}”: this one runs its nodes, too."
        )
        self._way.hosting = None
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
        hosting, call = self._way.hosting, self.call
        # of what died nobody knows whether it had begun what it was sent
        begun = call is not None and (call.begun or (self._way.sent and bool(why)))
        self._way.hosting, self._way.open, self._way.sent = None, False, False
        if self._closed is not None:
            self._closed[0].set()
        if why and self._keeps:
            self._gone = why
        self._keeps = False
        if call is None or hosting is None:
            return
        if self._exchange.broken:
            self.take(self._way.cut_off())
        elif why.startswith("The worker refused"):
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
            self._way.go()

    def garbled(self, why: str) -> None:
        """End the call with an error; what of it goes on there stops."""
        hosting, call = self._way.hosting, self.call
        if self._closed is not None:
            self._closed[0].set()
        if call is None:
            return
        if hosting is not None and hosting.begun:
            hosting.send_soon({"c": "stop", "n": call.number, "hard": True})
        self.take(Answer(failed=Failure("", "PlaceError", cannot_be_taken(why))))

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
            call, hosting = self.call, self._way.hosting
            if call is None:
                return
            if self._way.nodes is not None:
                self._way.nodes.interrupt(hard)
            elif (worker := call.worker) is not None and worker is hosting:
                self._exchange.soon(lambda: call.stop(worker, hard))
            else:  # nobody has it yet
                self.take(Answer(stopped=True))

    def end(self) -> None:
        """End what does not stop: its process on the worker."""
        if self.own is not None:
            self.own.end()
            return
        with self._exchange.news:
            nodes, self._way.nodes = self._way.nodes, None
            if nodes is not None:
                self._off()
                nodes.end()
                return
            self._off()
            hosting = self._way.hosting
            self._gone = self._gone or "its process was ended"
            if hosting is not None:
                hosting.seats.pop(self.key, None)
                self._way.hosting = None
        if hosting is not None:
            hosting.kill_soon()
            with self._exchange.news:
                hosting.end("its process was ended")

    def close(self) -> Sequence[tuple[str, Failure]]:
        """Close the objects with state; gives those that failed."""
        if self.own is not None:
            failed = list(self.own.close())
            self._place.free(self)
            return failed
        if self.call is not None:
            self.end()
        failed = []
        hosting = self._way.hosting
        if hosting is not None and self._way.open and not hosting.over:
            if self._keeps:
                over = threading.Event()
                self._closed = over, failed
                hosting.send_soon({"c": "leave", "key": self.key, "n": 0})
                over.wait(CLOSE_SECONDS)
                self._closed = None
            else:
                hosting.send_soon({"c": "leave", "key": self.key, "n": 0})
        with self._exchange.news:
            self._way.hosting = None
            if hosting is not None:
                hosting.seats.pop(self.key, None)
        if hosting is not None:
            self._exchange.free(hosting)
        self._place.free(self)
        return failed
