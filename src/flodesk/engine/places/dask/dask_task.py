"""The worker's side of the place `dask`: `work` is all that a task of ours calls, and takes nothing but bytes.

A Dask worker runs no node itself. It hands each task to a worker process of the place `process`, and hands on what that
says, without looking into it. So a node that does not return can be ended, one that crashes takes no Dask worker with
it, runs of two people share nothing, and a node in plain Python does not keep the worker from telling that it lives.

A function that has objects with state has a `Desk`: a result of a task that Dask keeps on its worker as long as the
client wants it, and that closes what is in it when Dask lets go of it, be it because the client has died.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from distributed import get_worker

from flodesk.engine.events import Failure
from flodesk.engine.places.own_modules import folder_for
from flodesk.engine.places.part.far_states import changed, machine
from flodesk.engine.places.processes.parcel import Encoded, failure_to_json
from flodesk.engine.places.processes.process import ProcessPlace
from flodesk.engine.places.processes.seat import ProcessSeat
from flodesk.engine.places.protocol import Job, Opened

LOOK_SECONDS = 0.05
"""How often the states of nodes are looked at, and sent if they have changed."""
REMEMBERED = 1000
"""Orders to stop are remembered of so many jobs: one may come before its job."""
MOST_PLACES = 3
"""Idle workers are kept for so many folders of flows."""

SMALL = 1 << 16
"""Bytes of an answer that goes home as an event; a bigger one is fetched."""
HOME, KEPT = "home", "kept"
"""What a task gives: what goes home, and what stays for others."""

Tell = Callable[[dict[str, Any]], None]
Given = dict[str, Any]


class ForwardSeat(ProcessSeat):
    """A function in a worker process, of whose values this process knows nothing."""

    key: tuple[str, ...] = ()
    home: ProcessPlace
    tell: Tell | None = None
    """Takes what nodes say, while a job runs."""

    def _heard(self, head: Mapping[str, Any]) -> None:
        if self.tell is not None:
            self.tell({name: head[name] for name in ("node", "level", "text", "printed") if name in head})

    def _value(self, parcel: Mapping[str, Any], buffers: Sequence[Any], look: Callable[[str, int, int], Any]) -> Any:
        # big ones stay in the shared memory that they lie in: a task that reads them here gets them without a copy
        places = parcel.get("p", ())
        return Encoded(parcel["h"], [bytes(buffers[p[0]]) if len(p) == 1 else _seen(look(*p)) for p in places])


class Desk:
    """A function with its objects, in a worker process of its own. Dask keeps it on this worker: it cannot travel."""

    def __init__(self, seat: ForwardSeat) -> None:
        self.seat = seat
        self.lock = threading.Lock()
        """Held while a job is done, or the desk is cleared."""
        self.ended = weakref.finalize(self, _leave, seat)
        self.ended.atexit = False

    def __reduce__(self) -> Any:
        raise TypeError("objects with state stay on the worker where they were made")


def _leave(seat: ForwardSeat) -> None:
    # closing may take a second, and the garbage collector may be anywhere
    threading.Thread(target=seat.close, name="flodesk leaves", daemon=True).start()


class Shop:
    """What one Dask worker has of ours."""

    def __init__(self) -> None:
        self.id = secrets.token_hex(8)
        self._places: OrderedDict[str, ProcessPlace] = OrderedDict()
        self._idle: list[ForwardSeat] = []
        self._desks: weakref.WeakValueDictionary[str, Desk] = weakref.WeakValueDictionary()
        self._asked: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    # -------------------------------------------------------------- tasks
    def sit(self, head: Mapping[str, Any], parts: Sequence[Any], tell: Tell) -> Desk:
        """Give a function a desk, and tell where it is."""
        with self._lock:
            desk = Desk(self._new(head, _opened(head, parts), ("desk", head["k"])))
            self._desks[head["k"]] = desk
        tell({"k": head["k"], "at": str(get_worker().address), "shop": self.id})
        return desk

    def leave(self, head: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
        """Close the objects of a desk; tells those that failed."""
        desk, said = self._desks.get(head["desk"]), 0
        if desk is None or head["shop"] != self.id:
            return {"failed": [], "said": 0}

        def speak(words: dict[str, Any]) -> None:
            nonlocal said
            said += 1
            tell({"k": head["k"], **words})

        with desk.lock:
            desk.ended.detach()
            desk.seat.tell = speak
            failed = [[name, failure_to_json(told)] for name, told in desk.seat.close()]
        return {"failed": failed, "said": said}

    def work(self, head: Mapping[str, Any], parts: Sequence[Any], kept: Sequence[Given], tell: Tell) -> Given:
        """Run a job, at its desk or anywhere."""
        if any(KEPT not in given for given in kept):
            return self._told(head, {"f": "skipped"}, tell)
        if "desk" not in head:
            seat = self._hire(head, _opened(head, parts))
            try:
                return self._run(seat, head, parts, kept, tell)
            finally:
                self._give_back(seat)
        desk = self._desks.get(head["desk"])
        if desk is None or head["shop"] != self.id:
            said = "the Dask worker has started anew: the objects that were on it are lost"
            return self._told(head, {"f": "failed", "failure": _lost(said), "cell": -1, "lost": True}, tell)
        with desk.lock:
            return self._run(desk.seat, head, parts, kept, tell)

    @staticmethod
    def _told(
        head: Mapping[str, Any], told: dict[str, Any], tell: Tell, said: int = 0, parts: Sequence[Any] = ()
    ) -> Given:
        """Tell the answer, if it is small, and return it."""
        home = [_packed({**told, "said": said}), *parts]
        if sum(len(memoryview(part).cast("B")) for part in home) <= SMALL:
            tell({"k": head["k"], "answer": [bytes(part) for part in home]})
        else:
            tell({"k": head["k"], "fetch": True})
        return {HOME: home}

    def ask(self, key: str, how: str) -> None:
        """Note that a job is to stop: ``soft``, ``hard`` (with a number: it may be asked again), ``end``."""
        with self._lock:
            self._asked[key] = how
            while len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)

    # -------------------------------------------------------------- seats
    def _new(self, head: Mapping[str, Any], opened: Opened, key: tuple[str, ...]) -> ForwardSeat:
        home = self._place(head)
        seat = home.seat(opened)
        assert isinstance(seat, ForwardSeat)
        seat.key, seat.home = key, home
        return seat

    def _place(self, head: Mapping[str, Any]) -> ProcessPlace:
        settings = {"cpus": 1, "environment": head["environment"]}
        name = json.dumps([head["folder"], settings])
        place = self._places.pop(name, None)
        if place is None:
            place = ProcessPlace(settings, head["folder"], ForwardSeat)
        self._places[name] = place
        for old in list(self._places)[:-MOST_PLACES]:
            if not self._places[old].busy:
                self._places.pop(old).close()
        return place

    def _hire(self, head: Mapping[str, Any], opened: Opened) -> ForwardSeat:
        """Return a seat for a job that needs no objects: one that has its flow open, if there is one."""
        key = (head["run"], head["function"], head["folder"], json.dumps(head["environment"]))
        with self._lock:
            for seat in self._idle:
                if seat.key == key:
                    self._idle.remove(seat)
                    break
            else:
                if self._idle:
                    self._idle.pop(0).close()  # its worker is free for the next
                seat = self._new(head, opened, key)
        return seat

    def _give_back(self, seat: ForwardSeat) -> None:
        with self._lock:
            if seat.worker.lost:
                seat.close()
            else:
                self._idle.append(seat)

    # -------------------------------------------------------------- a job
    def _run(
        self, seat: ForwardSeat, head: Mapping[str, Any], parts: Sequence[Any], kept: Sequence[Given], tell: Tell
    ) -> Given:
        key, said = str(head["k"]), 0

        def speak(words: dict[str, Any]) -> None:
            nonlocal said
            said += 1
            tell({"k": key, **words})

        def value(parcel: Mapping[str, Any]) -> Encoded:
            if "r" in parcel:
                value, *buffers = kept[parcel["r"]][KEPT][parcel["n"]]
                return Encoded(value, buffers)
            return Encoded(parcel["h"], [parts[place[0]] for place in parcel.get("p", ())])

        speak({"at": str(get_worker().address), "clock": time.perf_counter_ns(), "machine": machine()})
        opened = _opened(head, parts)
        if (seat.opened.text, seat.opened.modules) != (opened.text, opened.modules):
            seat.reopen(opened)
        seat.tell = speak
        cells = seat.cells
        cells[:] = memoryview(bytearray(cells.nbytes)).cast("q")
        if key in self._asked:
            return self._told(head, {"f": "stopped"}, tell, said)
        parcels = head["given"].items()
        given = {n: value(p) for n, p in parcels if "r" not in p or p["n"] in kept[p["r"]][KEPT]}
        literals = [(node, name, value(parcel)) for node, name, parcel in head["literals"]]
        wanted, shown = tuple(head["wanted"]), tuple(head["shown"])
        both = (*wanted, *(name for name in head["kept"] if name not in wanted))
        seat.start(Job(head["in"], tuple(head["items"]), given, literals, both, shown))
        known = bytes(cells.nbytes)
        done = ""
        while (answer := seat.answer()) is None:
            how = self._asked.get(key, "")
            if how != done:
                done = how
                if how == "end":
                    seat.end()
                    seat.tell = None
                    return self._told(head, {"f": "stopped", "lost": True}, tell, said)
                seat.interrupt(how.startswith("hard"))
            seat.home.wait([seat], LOOK_SECONDS)
            now = bytes(cells)
            if now != known:
                speak({"cells": changed(known, now), "clock": time.perf_counter_ns()})
                known = now
        seat.tell = None
        told: dict[str, Any] = {"f": "done", "notes": dict(answer.notes), "lost": answer.lost}
        buffers: list[Any] = []
        left: Given = {}
        if answer.failed is not None:
            told |= {"f": "failed", "failure": failure_to_json(answer.failed), "cell": answer.cell}
        elif answer.stopped:
            told["f"] = "stopped"
        else:
            home = {name: each for name, each in answer.values.items() if name in wanted or name in shown}
            told["values"] = {name: _parcel(each, buffers) for name, each in home.items()}
            left[KEPT] = {n: [v.head, *v.parts] for n, v in answer.values.items() if n in head["kept"]}
        told["clock"] = time.perf_counter_ns()
        return left | self._told(head, told, tell, said, [changed(bytes(cells.nbytes), bytes(cells)), *buffers])


_shop: Shop | None = None
_making = threading.Lock()


def shop() -> Shop:
    """Return what this process has of ours; it is made when the first task comes."""
    global _shop
    with _making:
        if _shop is None:
            _shop = Shop()
        return _shop


def work(order: bytes, parts: Sequence[Any] = (), kept: Sequence[Given] = ()) -> Any:
    """Do what an order says, a head as JSON: the one function that a task of ours calls.

    Parameters
    ----------
    parts : sequence of bytes-like
        The buffers of the values.
    kept : sequence of mapping
        What other tasks have left: Dask brings it here.

    Returns
    -------
    mapping, or Desk
        ``home``, the answer: a head as JSON, the states of the nodes, buffers. It comes as an event as well if it is
        small. ``kept``, what stays on the cluster for other tasks: of each variable its head, and its buffers.
    """
    head = json.loads(order)
    worker = get_worker()

    def tell(words: dict[str, Any]) -> None:
        worker.log_event(head["topic"], words)

    if head["c"] == "sit":
        return shop().sit(head, parts, tell)
    if head["c"] == "leave":
        return {HOME: [_packed(shop().leave(head, tell))]}
    return shop().work(head, parts, kept, tell)


def home(given: Given) -> list[Any]:
    """Return of what a task gives that which goes home: it stays where it was made until it is fetched."""
    found: list[Any] = given[HOME]
    return found


def ask(key: str, how: str) -> None:
    """Ask a job to stop, if it is or comes here."""
    shop().ask(key, how)


def _opened(head: Mapping[str, Any], parts: Sequence[Any]) -> Opened:
    def nobody(node: str, level: str, text: str) -> None:
        """Take nothing: a seat of this process tells by `ForwardSeat.tell`."""

    files = head["files"]

    def fetch(place: str, wanted: str) -> bytes:
        _, start, size = files[place]
        return bytes(memoryview(parts[-1]).cast("B")[start : start + size])  # they come as the last buffer

    modules = folder_for({place: mark for place, (mark, _, _) in files.items()}, fetch) if files else ""
    told = head["run"], head["function"], head["text"], head["path"], head["cells"], nobody, head["cache"], modules
    return Opened(*told)


def _parcel(value: Encoded, buffers: list[Any]) -> dict[str, Any]:
    first = len(buffers)
    buffers += value.parts
    return {"h": value.head, "p": [[first + number] for number in range(len(value.parts))]}


def _packed(head: Mapping[str, Any]) -> bytes:
    return json.dumps(head, separators=(",", ":")).encode()


def _lost(said: str) -> dict[str, Any]:
    return failure_to_json(Failure("", "WorkerLostError", said))


def _seen(memory: memoryview) -> Any:
    """Return shared memory as an array, which Dask sends without a copy of its own."""
    import numpy

    return numpy.frombuffer(memory, numpy.uint8)


__all__ = ["HOME", "Desk", "Shop", "ask", "home", "shop", "work"]
