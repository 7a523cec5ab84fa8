"""One call as jobs of RQ, one for each node: for nodes that take long, each of which may go to another worker.

A job waits for those whose values it reads (``depends_on``); the values go from one to the next over the server and do
not come home, but for those that are wanted there.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from redis.exceptions import RedisError

from flodesk.engine.events import Failure
from flodesk.engine.load import parse
from flodesk.engine.names import Names
from flodesk.engine.places.part.exchange import Exchange
from flodesk.engine.places.part.far_states import note
from flodesk.engine.places.part.far_values import MissingError, sizes_of
from flodesk.engine.places.part.hostings import Hosting
from flodesk.engine.places.part.listens import cannot_be_taken
from flodesk.engine.places.part.part_job import far
from flodesk.engine.places.part.room import too_large
from flodesk.engine.places.processes.parcel import failure_from_json, unwrap, wrap
from flodesk.engine.places.processes.seat import pass_on
from flodesk.engine.places.protocol import Answer, Job, Opened, WorkerLostError
from flodesk.flow.in_place import FileInPlace
from flodesk.flow.model import Address, Code, Flow

TRIES = 3
"""So often a node is given to another worker where one has died."""
SHARE_SECONDS = 0.5
"""After so long without a free worker a worker that waits for itself does without."""


class Whole(Protocol):
    """The seat that the call is of."""

    opened: Opened

    @property
    def cells(self) -> memoryview:
        """Newest states of the nodes."""

    def take(self, answer: Answer) -> None:
        """Take the answer."""

    def tell(self) -> None:
        """Say that states have changed."""

    def stay(self) -> None:
        """Do the call in a process of this machine."""

    def together(self, hosting: Hosting) -> None:
        """Do the call as one, in a hosting that is there."""


class NodeJobs:
    """The jobs of one call. Used while the exchange's news are held, but for `bring`."""

    def __init__(
        self,
        exchange: Exchange,
        queue: str,
        seat: Whole,
        job: Job,
        literals: Mapping[tuple[str, str | int], Any],
        opening: Mapping[str, Any],
    ) -> None:
        self.exchange, self.queue, self.seat, self.job = exchange, queue, seat, job
        self.name = f"{exchange.name}-{secrets.token_hex(4)}"
        self.stopping = False
        self._opening = opening
        self._literals = literals
        self._values: dict[str, Any] = {}
        self._over = False
        self._big: dict[str, Any] = {}
        """The large buffers of what the call was given."""
        self.nodes: list[_Node] = []
        given_by: dict[str, _Node] = {}
        for number, (item, reads, binds) in enumerate(_uses(seat.opened, job)):
            node = _Node(self, number, item, {name: given_by[name] for name in reads if name in given_by})
            node.given = [name for name in reads if name not in given_by and name in job.given]
            node.binds = binds
            given_by |= dict.fromkeys(binds, node)
            self.nodes.append(node)
        for name in job.wanted:
            if name in given_by:
                given_by[name].wanted.append(name)
        for node in self.nodes:
            for name, before in node.reads.items():
                before.gives.append(name)

    def bring(self) -> Failure | None:
        """Bring what the call was given to the server, not while the news are held; returns why it cannot travel.

        Raises
        ------
        RedisError
            The server does not answer, or has no room.
        """
        big = self._big
        given = {name: _far(value, big) for name, value in self.job.given.items()}
        literals: list[list[Any]] = [[node, name, _far(value, big)] for (node, name), value in self._literals.items()]
        failed = too_large(given, big, self.exchange.wire.megabytes * 1e6)
        if failed is not None:
            return failed
        self.exchange.values.there.need(self.name, {name: part.nbytes for name, part in big.items()})
        try:
            self.exchange.values.put(big)
        except BaseException:
            self.leave()
            raise
        for node in self.nodes:
            node.head = {
                "c": "job", "key": self.name, "n": 1, "function": self.job.function, "items": [node.item],
                "given": {name: given[name] for name in node.given},
                "from": {name: before.record for name, before in node.reads.items()},
                "literals": [each for each in literals if each[0] == node.item or "." in each[0]],
                "wanted": sorted({*node.gives, *node.wanted}), "shown": [], "free": True, "record": node.record,
            }  # fmt: skip
        return None

    def begin(self) -> None:
        """Have the jobs put on the queue."""
        for node in self.nodes:
            self._enqueue(node)

    def _enqueue(self, node: _Node) -> None:
        opened = self.seat.opened
        after = [b.hosting.id for b in dict.fromkeys(node.reads.values()) if not b.done and b.hosting is not None]
        head = {"calls": [{**self._opening, "key": self.name}, node.head]}
        words = f"node {opened.function}.{node.item} in {opened.path or 'a flow without a file'}"
        node.hosting = self.exchange.single(self.queue, opened.run, head, words, opened.path, after)
        node.hosting.seats[self.name] = node
        node.begun = False

    @property
    def over(self) -> bool:
        """Whether the call is over."""
        return self._over

    def again(self, *nodes: _Node) -> None:
        """Put jobs on the queue once more, and those that wait for them.

        What reads a node that is running is kept here until that is done: a server that came back empty does not know
        the job that it would wait for.
        """
        behind = self.behind(*nodes)
        for other in behind:
            other.drop()
        late = {*nodes, *behind}
        for other in self.nodes:
            if other in late:
                other.hosting = None
                before = [each for each in other.reads.values() if not each.done]
                if not any(each.begun or each.hosting is None for each in before):
                    self._enqueue(other)

    def behind(self, *nodes: _Node) -> list[_Node]:
        """Return what reads one of these, or what comes of it, and is not done."""
        found = {*nodes}
        for other in self.nodes:  # each stands behind what it reads
            if not other.done and found & {*other.reads.values()}:
                found.add(other)
        return [other for other in self.nodes if other in found and other not in nodes]

    def give_again(self, node: _Node) -> None:
        """Have what a node reads made once more: the server has lost it."""
        self.exchange.bring(self._bring_again)
        before = [other for other in dict.fromkeys(node.reads.values()) if other.done]
        for other in before:
            other.done = other.begun = False
        self.again(node, *before)

    def _bring_again(self) -> None:
        with contextlib.suppress(RedisError):  # then it is missed once more
            self.exchange.values.put(self._big)

    def took(self, values: Mapping[str, Any]) -> None:
        """Take the values of a node; answer when all nodes are done."""
        self._values |= values
        if self._over:
            return
        for node in self.nodes:
            if node.hosting is None and not node.done and all(before.done for before in node.reads.values()):
                self._enqueue(node)
        if not all(node.done for node in self.nodes):
            return
        self.leave()
        notes = {name: said for node in self.nodes for name, said in node.notes.items()}
        failed = next((node for node in self.nodes if node.failed is not None), None)
        if failed is not None:
            self.seat.take(Answer(failed=failed.failed, cell=failed.cell, notes=notes))
        elif self.stopping:
            self.seat.take(Answer(stopped=True, notes=notes))
        else:
            self.seat.take(Answer(self._values, notes=notes))

    def interrupt(self, hard: bool) -> None:
        """Ask all to stop; those that nobody has begun are taken off the queue."""
        self.stopping = True
        for node in self.nodes:
            node.stop(hard)
        self.took({})

    def leave(self) -> None:
        """Note that it is over: what lies on the server is not needed for it any more."""
        self._over = True
        self.exchange.values.there.done(self.name, {})

    def end(self) -> None:
        """End what does not stop."""
        self.leave()
        for node in self.nodes:
            if not node.done and node.hosting is not None:
                node.hosting.seats.clear()
                node.hosting.kill_soon()
                node.hosting.end("")

    def stay(self) -> None:
        """Do without jobs, where no worker is free for them but one that the run has, or that this process is of."""
        if any(node.begun and not node.done for node in self.nodes):
            return
        other = self.exchange.shared(self.nodes[0].hosting)
        if other is None and not self.exchange.alone(self.queue):
            return
        self.leave()
        for node in self.nodes:
            node.drop()
        if other is not None:
            self.seat.together(other)
        else:
            self.seat.stay()


class _Node:
    """A node, and its job."""

    def __init__(self, jobs: NodeJobs, number: int, item: str, reads: Mapping[str, _Node]) -> None:
        self.item = item
        self.reads = reads
        """Who gives what it reads."""
        self.given: list[str] = []
        self.binds: Sequence[str] = ()
        self.wanted: list[str] = []
        self.gives: list[str] = []
        self.record = f"{jobs.name}.{number}"
        self.head: dict[str, Any] = {}
        self.hosting: Hosting | None = None
        self.begun = self.done = False
        self.failed: Failure | None = None
        self.cell = -1
        self.notes: Mapping[str, str] = {}
        self._jobs = jobs
        self._died = self._lost = 0
        """So many workers were gone with it; so often the server did not have what it was given."""
        self._ready = 0.0
        """Since when it waits for nothing but a worker."""
        self._base: dict[int, int] = {}

    @property
    def busy(self) -> bool:
        """Whether an answer is waited for."""
        return not self.done

    def there(self) -> None:
        """Nothing: what it does stands in its job."""

    def heard(self, head: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        """Take what the worker says."""
        kind, jobs = head["f"], self._jobs
        if kind == "line":
            pass_on(jobs.seat.opened, head)
        elif self.done:
            return
        elif kind == "begun":
            self.begun = True
            self._base = {cell: jobs.seat.cells[cell] for cell in jobs.job.counts}
        elif kind == "cells":
            self._note(buffers[0])
        elif kind == "missing":
            self._lost += 1
            lost = f"the server has lost what the node was given {TRIES} times. Run the flow again"
            self._again(self._lost, Failure("", "MissingError", lost), jobs.give_again)
        elif kind in ("done", "failed", "stopped", "skipped"):
            self._finished(head, buffers)

    def wanted_of(self, head: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Return those parcels of an answer that are wanted here."""
        return () if self.done else [head["values"][name] for name in self.wanted if name in head["values"]]

    def _finished(self, head: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        jobs = self._jobs
        if buffers and head["f"] != "skipped":
            self._note(buffers[0])
        self.notes = head.get("notes", {})
        found: dict[str, Any] = {}
        if head["f"] == "failed":
            self.failed, self.cell = failure_from_json(head["failure"]), int(head["cell"])
        elif head["f"] == "stopped":
            jobs.stopping = True
        elif head["f"] == "done":
            if not jobs.over:
                jobs.exchange.values.there.need(jobs.name, sizes_of(head))

            def big(name: str, offset: int, size: int) -> Any:
                return bytearray(jobs.exchange.values.get(name, size))

            try:
                for name in self.wanted:
                    if name in head["values"]:
                        found[name] = unwrap(head["values"][name], buffers[1:], bytearray, big)
            except MissingError as error:
                self.failed = Failure("", "MissingError", f"its result is lost: {error}. Run the flow again")
        self.done = True
        jobs.took(found)

    def _note(self, packed: bytes) -> None:
        if self.hosting is not None and packed:
            note(packed, self._jobs.seat.cells, self._base, self.hosting.offset)
            self._jobs.seat.tell()

    def left(self, why: str) -> None:
        """Take note that its job is over."""
        if self.done:
            return
        if self._jobs.stopping:
            self.done = True
            self._jobs.took({})
        elif self._jobs.exchange.broken:
            self._fail(Failure("", "PlaceError", self._jobs.exchange.broken))
        elif why.startswith("The worker refused"):
            self._fail(Failure("", "RefusedError", why))
        elif not why and not self.begun:
            self._jobs.again(self)  # it waited in the memory of a server that has lost it, or had no room for it
        else:
            if self.begun and self.hosting is not None:
                text = f"The worker on {self.hosting.worker} is gone; what it was doing runs again on another."
                self._jobs.seat.opened.say("", "warning", text)
            self._died += 1
            died = f"{TRIES} workers have died with it: {why}"
            self._again(self._died, Failure("", WorkerLostError.__name__, died), self._jobs.again)

    def _again(self, times: int, failed: Failure, how: Callable[[_Node], None]) -> None:
        """Have it done again; where that was often enough, it has failed."""
        if times < TRIES:
            how(self)
        else:
            self._fail(failed)

    def _fail(self, failed: Failure) -> None:
        self.failed, self.done = failed, True
        for other in self._jobs.behind(self):  # nobody runs those any more: their jobs would wait for one that is gone
            other.drop()
            other.done = True
        self._jobs.took({})

    def waits(self, seconds: float) -> None:
        """Do without a worker of its own where none is free."""
        if not all(before.done for before in self.reads.values()):
            return
        now = time.monotonic()
        self._ready = self._ready or now
        if now - self._ready >= SHARE_SECONDS:
            self._jobs.stay()

    def look(self) -> None:
        """Nothing: what it does stands in its job."""

    def garbled(self, why: str) -> None:
        """End the call with an error."""
        if self.done:
            return
        if self.hosting is not None and self.hosting.begun:
            self.hosting.send_soon({"c": "stop", "n": 1, "hard": True})
        self._fail(Failure("", "PlaceError", cannot_be_taken(why)))

    def drop(self) -> None:
        """Take its job off the queue."""
        hosting, exchange = self.hosting, self._jobs.exchange
        if hosting is not None and not self.done:
            hosting.seats.clear()
            stop = {"c": "stop", "n": 1, "hard": False}
            exchange.soon(lambda: exchange.withdraw(hosting) or hosting.send(stop))

    def stop(self, hard: bool) -> None:
        """Ask it to stop."""
        if self.done:
            return
        if self.hosting is None:
            self.done = True
        elif self.hosting.begun:
            self.hosting.send_soon({"c": "stop", "n": 1, "hard": hard})
        else:
            hosting = self.hosting
            self._jobs.exchange.soon(lambda: self._take_off(hosting, hard))

    def _take_off(self, hosting: Hosting, hard: bool) -> None:
        """Take its job off the queue; ask it to stop where a worker has just begun it."""
        if self._jobs.exchange.withdraw(hosting):
            with self._jobs.exchange.news:
                self.done = True
                self._jobs.took({})
        else:
            hosting.send({"c": "stop", "n": 1, "hard": hard})


def fits(opened: Opened, job: Job) -> bool:
    """Return whether the nodes of a call can be a job each: none of them changes what another one reads."""
    flow = _flow(opened.text, opened.path)
    changes = FileInPlace(flow).of(flow.functions[job.function])
    return job.free and not job.shown and not any(changes.changes(item) for item in job.items)


def _uses(opened: Opened, job: Job) -> list[tuple[str, list[str], list[str]]]:
    """Return for each node what it reads and what it binds."""
    flow = _flow(opened.text, opened.path)
    names = Names.of(flow.functions[job.function].body, tuple(job.given))
    found = []
    for item in job.items:
        statement = flow.index[Address(job.function, item)][0]
        reads, binds = names.both(statement)
        if isinstance(statement, Code):
            reads |= binds  # what it binds in some cases only keeps its value in the others
        found.append((item, sorted(reads), sorted(binds)))
    return found


@lru_cache(8)
def _flow(text: str, path: str) -> Flow:
    return parse(text, path)


def _far(value: Any, big: dict[str, Any]) -> dict[str, Any]:
    """Encode a value whose buffers all go by their hashes."""
    buffers: list[Any] = []
    name: Callable[[memoryview], list[Any]] = lambda part: far(part, big)  # noqa: E731
    parcel = wrap(value, buffers, name)
    if "p" in parcel:
        parcel["p"] = [name(memoryview(buffers[at[0]])) if len(at) == 1 else at for at in parcel["p"]]
    return parcel
