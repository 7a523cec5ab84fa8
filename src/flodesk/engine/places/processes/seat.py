"""A function in a worker process: jobs go there, their arrays by shared memory, and answers come back."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from flodesk.engine.events import Failure
from flodesk.engine.lifeline import OUT_OF_MEMORY
from flodesk.engine.link import LinkError, pack, read_frame
from flodesk.engine.log import Voice
from flodesk.engine.places.processes.parcel import INTERRUPT, RAISE, Where, failure_from_json, unwrap, wrap
from flodesk.engine.places.processes.pool import Pool, Slot, address_of
from flodesk.engine.places.processes.worker_process import Worker
from flodesk.engine.places.protocol import Answer, Job, Opened, Seat, WorkerLostError
from flodesk.engine.remains import end_all

CLOSE_SECONDS = 1.0
"""How long the objects of a function get to close."""


class Keeps(Protocol):
    """Whoever keeps the workers: the place."""

    def wait(self, seats: Sequence[Seat], seconds: float) -> None:
        """Wait until one of the seats has something to tell."""

    def free(self, worker: Worker) -> None:
        """Take a worker back."""


class ProcessSeat:
    """A function in a worker."""

    def __init__(self, place: Keeps, pool: Pool, worker: Worker, opened: Opened) -> None:
        self.worker = worker
        self._place = place
        self._pool = pool
        self._opened = opened
        self._key = f"{opened.run} {opened.function}"
        self._holder = object()  # no seat: what slots know of their holders must not keep the values in them alive
        self._take_cells()
        self._open = False
        self._job: Job | None = None
        self._room: list[Slot] = []
        self._sizes: dict[tuple[str, ...], list[int]] = {}
        self._answer: Answer | None = None
        self._doubtful = False

    @property
    def cells(self) -> memoryview:
        """Newest states of the nodes."""
        return self._cells

    @property
    def opened(self) -> Opened:
        """The function, as it is told to the worker."""
        return self._opened

    def _take_cells(self) -> None:
        size = 8 * self._opened.cells
        self._cells_slot = self._pool.take(size, self._holder)
        self._cells = self._cells_slot.memory[:size].cast("q")
        self._cells[:] = memoryview(bytearray(size)).cast("q")

    def _release_cells(self) -> None:
        self._cells.release()
        self._pool.give_back(self._cells_slot, self._holder)

    # -------------------------------------------------------------- jobs
    def start(self, job: Job) -> None:
        """Send a job."""
        self._answer = None
        if not self._open:
            self._open = True
            opened = self._opened
            head: dict[str, Any] = {
                "c": "open",
                "key": self._key,
                "run": opened.run,
                "text": opened.text,
                "path": opened.path,
            }
            head |= {"function": opened.function, "cells": self._cells_slot.name, "count": opened.cells}
            head |= {"cache": opened.cache, "modules": opened.modules}
            self._send(head)
        buffers: list[Any] = []
        sent: dict[int, Where] = {}

        def place(part: memoryview) -> Where:
            return self._place_for(part, sent)

        given = {name: wrap(value, buffers, place) for name, value in job.given.items()}
        literals = [[node, key, wrap(value, buffers, place)] for node, key, value in job.literals]
        self._job = job
        self._room = [self._pool.take(size, self._holder) for size in self._sizes.get(job.items, ())]
        head = {
            "c": "job",
            "key": self._key,
            "function": job.function,
            "items": job.items,
            "given": given,
            "literals": literals,
        }
        head |= {"wanted": job.wanted, "shown": job.shown, "room": [[slot.name, slot.size] for slot in self._room]}
        self._send(head, buffers)

    def _place_for(self, part: memoryview, sent: dict[int, Where]) -> Where:
        """Find a place for a big buffer: where it lies already, or a slot that it is copied to."""
        address, size = address_of(part), part.nbytes
        if address in sent and sent[address][2] >= size:
            return [*sent[address][:2], size]
        holder = object()  # not that of an earlier time: what was given back for that may not have been looked at yet
        found = self._pool.place_of(address, size)
        if found is not None:
            slot, offset = found
            if slot.name not in self.worker.holding:
                slot.holders.add(holder)
                self.worker.holding[slot.name] = slot, holder
        else:
            slot, offset = self._pool.take(size, holder), 0
            slot.memory[:size] = part.cast("B")
            self.worker.holding[slot.name] = slot, holder
        sent[address] = [slot.name, offset, size]
        return sent[address]

    def _send(self, head: dict[str, Any], buffers: Sequence[Any] = ()) -> None:
        worker = self.worker
        gone = self._pool.gone(worker.gone)
        if gone:
            worker.gone += len(gone)
            head = {**head, "gone": gone}
        with contextlib.suppress(OSError):  # a worker that is gone is found out when its answer is waited for
            worker.sock.sendall(pack(head, list(buffers)))

    def answer(self) -> Answer | None:
        """Return the answer if it is there, and pass on what comes before it."""
        worker = self.worker
        if self._doubtful:
            self.end()
            return self._taken()
        try:
            while self._readable():
                self._doubtful = True  # an exception between here and the end of the frame loses half of it
                head, buffers = read_frame(worker.stream)
                self._doubtful = False
                if self._take(head, buffers):
                    return self._taken()
        except LinkError:
            return self._lose()
        if worker.process is not None and worker.process.poll() is not None and not self._readable():
            return self._lose()
        return None

    def _taken(self) -> Answer | None:
        """Hand the answer on, and keep no hold on its values."""
        answer, self._answer = self._answer, None
        return answer

    def _readable(self) -> bool:
        sock = self.worker.sock
        if sock.fileno() < 0:
            raise LinkError("it has ended")
        sock.setblocking(False)
        try:
            sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError as error:
            raise LinkError(str(error)) from error
        finally:
            sock.setblocking(True)
        return True

    def _take(self, head: Mapping[str, Any], buffers: Sequence[Any]) -> bool:
        """Do what a frame says; returns whether it was the answer."""
        kind = head["f"]
        if kind == "line":
            self._heard(head)
        elif kind == "room":
            slot = self._pool.take(int(head["size"]), self._holder)
            self._room.append(slot)
            self._send({"c": "room", "room": [slot.name, slot.size]})
        elif kind == "opened":
            if "failed" in head:
                self._answer = Answer(failed=failure_from_json(head["failed"]))
                self._open = False
                return True
        elif self._job is not None:
            self._finish(head, buffers)
            return True
        return False

    def _heard(self, head: Mapping[str, Any]) -> None:
        """Pass a line on."""
        pass_on(self._opened, head)

    def _value(self, parcel: Mapping[str, Any], buffers: Sequence[Any], look: Callable[[str, int, int], Any]) -> Any:
        """Return a value that came."""
        return unwrap(parcel, buffers, bytearray, look)

    def _finish(self, head: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        job, self._job = self._job, None
        assert job is not None
        values, notes = {}, head.get("notes", {})
        sizes: list[int] = []

        def look(name: str, offset: int, size: int) -> Any:
            slot = self._pool.find(name)
            if slot in self._room:
                sizes.append(slot.size)
            return self._pool.value(slot, offset, size)

        if head["f"] == "done":
            values = {name: self._value(parcel, buffers, look) for name, parcel in head["values"].items()}
            self._sizes[job.items] = sizes
            self._answer = Answer(values, notes=notes)
        elif head["f"] == "failed":
            self._answer = Answer(failed=failure_from_json(head["failure"]), cell=int(head["cell"]), notes=notes)
        else:
            self._answer = Answer(stopped=True)
        self._settle(set(head["held"]))

    def _settle(self, held: set[str]) -> None:
        """Give back the slots that nobody in the worker looks at any more."""
        for name in [name for name in self.worker.holding if name not in held]:
            self._pool.give_back(*self.worker.holding.pop(name))
        for slot in self._room:
            self._pool.give_back(slot, self._holder)
        self._room = []

    def reopen(self, opened: Opened) -> None:
        """Go on with a changed text."""
        self._opened, self._open = opened, False
        self._release_cells()
        self._take_cells()

    # -------------------------------------------------------------- ends
    def _lose(self) -> Answer:
        """Say how the worker has died."""
        self.worker.end(0.5)
        self._settle(set())
        self._job = None
        why = self.worker.why
        if "SIGKILL" in why:
            why += f"; {OUT_OF_MEMORY}"
        said = f"its worker process {why}. Objects in it are lost; the next run gets a fresh process"
        self._answer = answer = Answer(failed=Failure("", WorkerLostError.__name__, said), lost=True)
        return answer

    def interrupt(self, hard: bool) -> None:
        """Ask the job to stop."""
        self.worker.order(RAISE if hard else INTERRUPT)

    def end(self) -> None:
        """End the worker."""
        if self.worker.process is not None:
            end_all(self.worker.process)  # and the programs that its node waits for
        self._lose()

    def close(self) -> Sequence[tuple[str, Failure]]:
        """Close the objects with state; gives those that failed. The worker is free again."""
        failed: list[tuple[str, Failure]] = []
        worker = self.worker
        if self._job is not None or self._doubtful:
            self.end()
        if self._open and not worker.lost:
            self._send({"c": "close", "key": self._key})
            end = time.monotonic() + CLOSE_SECONDS
            try:
                while True:
                    self._place.wait([self], max(0.0, end - time.monotonic()))
                    if not self._readable():
                        raise LinkError("it does not return")
                    head, _ = read_frame(worker.stream)
                    if head["f"] == "closed":
                        failed = [(str(name), failure_from_json(told)) for name, told in head["failed"]]
                        self._settle(set(head["held"]))
                        break
                    self._take(head, [])
            except LinkError:
                self.end()
        self._open = False
        self._release_cells()
        self._place.free(worker)
        return failed


def pass_on(opened: Opened, head: Mapping[str, Any]) -> None:
    """Hand on what a node elsewhere said: to the log, or to where a node at home would have printed it."""
    node, level, text = str(head["node"]), str(head["level"]), str(head["text"])
    stream = getattr(sys, str(head["printed"])) if "printed" in head else None
    if stream is None or isinstance(stream, Voice):
        opened.say(node, level, text)
    else:  # nobody listens to what is printed here, so it is printed as that of a node at home
        print(text, file=stream)
