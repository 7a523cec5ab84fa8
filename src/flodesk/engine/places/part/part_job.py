"""A job of RQ that hosts parts of runs on a worker: call after call comes by its stream, until nobody needs it.

Commands come by the stream ``commands`` of the job, signed; what it says goes to the stream of whoever has put it on
the queue, signed as well. It ends when it is told to, when nothing was asked of it for a while, when whoever needs it
has died, and at once when another job waits for a worker, no call is on, and no object with state is here.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError
from rq.job import Job

from flodesk.engine.control import Control
from flodesk.engine.errors import PlanError, StopRun, failure
from flodesk.engine.events import Failure, LogLine
from flodesk.engine.load import LoadError
from flodesk.engine.log import Log, Voice
from flodesk.engine.places.bench import Bench
from flodesk.engine.places.part.far_states import changed, machine
from flodesk.engine.places.part.far_values import FarValues, MissingError
from flodesk.engine.places.part.needed import ALIVE_SECONDS, Needed
from flodesk.engine.places.part.records import Records
from flodesk.engine.places.part.room import ROOM_SECONDS, too_large, without_room
from flodesk.engine.places.processes.parcel import Where, failure_to_json, unwrap, wrap
from flodesk.engine.places.server.guard import Guard
from flodesk.engine.places.server.pieces import name_of
from flodesk.engine.places.server.signing import RefusedError, Writing
from flodesk.engine.places.server.stream import EXPIRE_SECONDS, Keys, pause
from flodesk.engine.stepping import calling
from flodesk.engine.threads import raise_in
from flodesk.engine.workfolder import folder_of, forget_modules_in, move_in

LOOK_SECONDS = 0.05
"""How often the states of nodes are looked at while a call is on, and sent if they have changed."""
BEAT_SECONDS = 0.4
"""How often it says that it is alive while a call is on."""
WAIT_SECONDS = 0.5
"""How often it looks whether somebody else needs the worker, while no call is on."""
LISTEN_MS = 500
AGAIN_SECONDS = 0.25
RAISE_SECONDS, EXIT_SECONDS = 0.3, 2.5
"""After so long a call of somebody who has died gets an exception, and is ended with its process."""

Frame = tuple[dict[str, Any], list[Any]]


def answers_of(job: str) -> str:
    """Return what the answers of a job are signed for."""
    return f"{job} answers"


_NOTE = "if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'kept', ARGV[1]) end"
"""(job; since when it waits, in ms since 1970): of one that is gone nothing is left there."""


def work(job: Mapping[str, Any], guard: Guard, connection: Redis, jobs: Sequence[str]) -> str:
    """Host parts of runs until nobody needs that any more.

    Parameters
    ----------
    job : mapping
        What was signed: ``id`` (names its stream), ``client`` (names that of whoever needs it), ``idle`` and
        ``patience`` (how long in s it waits for another call, and for a server that has gone), ``megabytes`` (how
        large a value may be). With ``calls`` it does these, and is over then.
    jobs : sequence of str
        Keys of the lists on the server in which jobs wait for this worker.
    """
    PartHost(connection, job, guard, jobs).run()
    return "over"


class PartHost:
    """Runs parts of flows in this process, one after the other."""

    def __init__(self, connection: Redis, job: Mapping[str, Any], guard: Guard, jobs: Sequence[str]) -> None:
        self._connection = connection
        self._id, self._client = str(job["id"]), str(job["client"])
        self._idle, self._patience = float(job["idle"]), float(job["patience"])
        self._most = float(job["megabytes"]) * 1e6
        self._guard = guard
        self._jobs = jobs
        self._reading = guard.reading(self._id)
        self._writing = Writing(guard.key().secret, answers_of(self._id))
        self._values = FarValues(connection, self._client)
        self._needed = Needed(connection, self._client, self._patience)
        self._deaf = 0.0
        """When it was found that nobody hears it any more."""
        self._url = guard.host.url if guard.host is not None else ""
        self._records = Records(connection, guard.key().secret)
        self._calls = list(job.get("calls", ()))
        self._log = Log(self._line)
        self._bench = Bench(self._log.say, own_process=True)
        self._cells: dict[str, memoryview] = {}
        self._wrong: dict[str, Failure] = {}
        """What is wrong with a function that was to be opened."""
        self._code = ""
        self._todo: SimpleQueue[Frame] = SimpleQueue()
        self._out: SimpleQueue[Frame] = SimpleQueue()
        self._on = ("", 0)
        """The call that is on: its key and its number; the last one has number 0 once it is over."""
        self._known = b""
        self._asked: set[int] = set()
        self._last: dict[str, tuple[int, Frame, Mapping[str, Any]]] = {}
        """The number of the last call by its key, its answer and large buffers, in case that these have got lost."""
        self._sticky = False
        self._closing = False
        self._opened = self._kept = False
        """Whether a function was ever open here; whether its job says that it waits for the next run."""
        self._over = threading.Event()
        self._since = time.monotonic()

    # -------------------------------------------------------------- the main thread
    def run(self) -> None:
        """Do what comes, until it is over."""
        self._say(
            {"f": "at", "host": socket.gethostname(), "pid": os.getpid()}
            | {"machine": machine(), "clock": time.perf_counter_ns()}
        )
        speaker = threading.Thread(target=self._speak, name="flodesk speaker", daemon=True)
        listener = threading.Thread(target=self._listen, name="flodesk commands", daemon=True)
        for thread in (speaker, listener):
            thread.start()
        try:
            with self._voices():
                for call in self._calls:
                    with contextlib.suppress(StopRun):
                        self._do(call, [])
                while not self._calls and (found := self._next()) is not None:
                    with contextlib.suppress(StopRun):  # it was meant for a call that had ended already
                        self._do(*found)
                for key in list(self._cells):
                    self._leave(key, 0)
        finally:
            self._over.set()
            self._say({"f": "left"})
            speaker.join(self._patience + 1.0)  # the other one listens for half a second more, and does no harm

    def _next(self) -> Frame | None:
        """Wait for a command; None if it is to end."""
        while not self._closing:
            with contextlib.suppress(Empty):
                return self._todo.get(timeout=WAIT_SECONDS)
            idle = time.monotonic() - self._since
            if idle > self._idle and not self._sticky:
                return None
            if idle > WAIT_SECONDS and not self._sticky and self._somebody_waits():
                return None
            if self._needed.missed():
                return None
        return None

    def _somebody_waits(self) -> bool:
        with contextlib.suppress(RedisError):
            return any(self._connection.llen(jobs) for jobs in self._jobs)
        return False

    def _do(self, head: dict[str, Any], buffers: list[Any]) -> None:
        kind = head["c"]
        if kind == "open":
            self._open(head)
        elif kind == "job":
            self._since = time.monotonic()
            self._call(head, buffers)
            self._since = time.monotonic()
        elif kind == "leave":
            self._leave(str(head["key"]), int(head["n"]))

    def _open(self, head: Mapping[str, Any]) -> None:
        key, path = str(head["key"]), str(head["path"])
        self._wrong.pop(key, None)
        self._opened = True
        cells = self._cells[key] = memoryview(bytearray(8 * int(head["cells"]))).cast("q")
        try:
            asked = {"c": "open", "text": head["text"], "files": head["files"]}
            code = self._guard.check(asked, self._connection)["code"]
            modules = code or folder_of(path)
            if self._code and code != self._code:  # modules of the same names come from another folder now
                forget_modules_in(self._code)
                sys.path[:] = [place for place in sys.path if place != self._code]
            self._code = code
            move_in(path, modules, afresh=False)
            run, function = str(head["run"]), str(head["function"])
            self._bench.open(key, run, head["text"], path, function, cells, cache=bool(head["cache"]), modules=modules)
        except LoadError as error:
            self._wrong[key] = error.failure
        except PlanError as error:
            self._wrong[key] = failure(error.node, error, line=error.line)
        except RefusedError as error:
            self._wrong[key] = Failure("", "RefusedError", f"The worker refused to run it: {error}")

    def _call(self, head: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        key, number = str(head["key"]), int(head["n"])
        answered, frame, given = self._last.get(key, (0, ({}, []), {}))
        if number == answered:
            self._finish({**frame[0]}, frame[1][1:], given, "")
            return
        parts: list[Any] = []
        parcels: dict[str, Any] = {}
        big: dict[str, Any] = {}

        def fetch(name: str, offset: int, size: int) -> Any:
            return bytearray(self._values.get(name, size))

        def take(name: str, value: Any) -> None:
            parcels[name] = wrap(value, parts, lambda part: far(part, big))

        told: dict[str, Any] = {"f": "done", "key": key, "n": number}
        if key in self._wrong:
            told |= {"f": "failed", "failure": failure_to_json(self._wrong[key]), "cell": -1}
        elif number in self._asked:
            told["f"] = "stopped"
        else:
            cells = self._cells[key]
            cells[:] = memoryview(bytearray(cells.nbytes)).cast("q")
            self._known = bytes(cells.nbytes)
            self._sticky = self._sticky or not head["free"]
            try:
                given = {name: unwrap(parcel, buffers, bytearray, fetch) for name, parcel in head["given"].items()}
                earlier = self._earlier(head.get("from", {}), fetch)
                literals = [(s, p, unwrap(parcel, buffers, bytearray, fetch)) for s, p, parcel in head["literals"]]
            except (MissingError, RedisError):
                self._say({"f": "missing", "key": key, "n": number})
                return
            if earlier is None:
                self._finish({**told, "f": "skipped"}, [], {}, str(head.get("record", "")))
                return
            given |= earlier
            self._on = key, number
            self._say({"f": "begun", "key": key, "n": number})
            answer = self._bench.call(
                key, head["function"], head["items"], given, literals, head["wanted"], take, head["shown"]
            )
            with contextlib.suppress(StopRun):
                self._on = key, 0
            if answer.failed is not None:
                told |= {"f": "failed", "failure": failure_to_json(answer.failed), "cell": answer.cell}
            elif answer.stopped:
                told["f"] = "stopped"
            elif too_big := too_large(parcels, big, self._most):
                told |= {"f": "failed", "failure": failure_to_json(too_big), "cell": -1}
            else:
                told |= {"values": parcels}
            if answer.notes:
                told["notes"] = dict(answer.notes)
        self._finish(told, parts, big, str(head.get("record", "")))

    def _earlier(self, wanted: Mapping[str, str], fetch: Callable[[str, int, int], Any]) -> dict[str, Any] | None:
        """Return what nodes before have given; None if one of them has given nothing."""
        found: dict[str, Any] = {}
        for name, record in wanted.items():
            parcels, parts = self._records.read(record)
            if parcels is None:
                return None
            if name in parcels:
                found[name] = unwrap(parcels[name], parts, bytearray, fetch)
        return found

    def _finish(self, told: dict[str, Any], parts: list[Any], big: Mapping[str, Any], record: str) -> None:
        for voice in (sys.stdout, sys.stderr):
            voice.flush()
        self._log.flush()
        try:
            if "values" in told:
                self._patiently(lambda: self._values.put(big))
                told["put"] = {name: memoryview(part).nbytes for name, part in big.items()}
            if record:
                own = parts if "values" in told else []
                self._patiently(lambda: self._records.write(record, told.get("values"), own))
        except OutOfMemoryError as error:
            failed = without_room(told.pop("values", {}), big, self._url, error)
            told |= {"f": "failed", "failure": failure_to_json(failed), "cell": -1}
        cells = self._cells.get(told["key"])
        states = changed(bytes(cells.nbytes), bytes(cells)) if cells is not None else b""
        frame = told, [states, *(parts if "values" in told else [])]
        self._last[told["key"]] = told["n"], frame, big if "values" in told else {}
        self._say(*frame)

    def _patiently(self, work: Callable[[], None]) -> None:
        """Do something with the server, which may be away for a while, or full: who needs this makes room then.

        Raises
        ------
        OutOfMemoryError
            There was none.
        """
        begun, tries = time.monotonic(), 0
        while True:
            try:
                work()
                return
            except OutOfMemoryError:
                if time.monotonic() - begun > ROOM_SECONDS:
                    raise
                self._say({"f": "full"})
            except RedisError:
                if time.monotonic() - begun > self._patience:
                    return  # what has to be said finds that nobody hears it
            time.sleep(pause(tries))
            tries += 1

    def _leave(self, key: str, number: int) -> None:
        """Close the objects of a function."""
        self._cells.pop(key, None)
        self._last.pop(key, None)
        self._wrong.pop(key, None)
        failed = [[name, failure_to_json(told)] for name, told in self._bench.close(key)]
        self._log.flush()
        self._sticky = self._sticky and bool(self._cells)
        self._since = time.monotonic()
        self._say({"f": "closed", "key": key, "n": number, "failed": failed})

    @contextlib.contextmanager
    def _voices(self) -> Iterator[None]:
        """Take what nodes print."""
        before = sys.stdout, sys.stderr
        sys.stdout = Voice("info", calling, partial(self._print, "stdout"), before[0])
        sys.stderr = Voice("warning", calling, partial(self._print, "stderr"), before[1])
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before

    def _line(self, line: LogLine) -> None:
        self._say({"f": "line", "key": self._on[0], "node": line.node, "level": line.level, "text": line.text})

    def _print(self, stream: str, node: str, level: str, text: str) -> None:
        self._say({"f": "line", "key": self._on[0], "node": node, "level": level, "text": text} | {"printed": stream})

    # -------------------------------------------------------------- what is heard
    def _listen(self) -> None:
        """Take commands; those that end a call are obeyed at once."""
        commands, last = Keys(self._id).commands, "0"
        while not self._over.is_set():
            try:
                found: Any = self._connection.xread({commands: last}, block=LISTEN_MS)
            except RedisError:
                self._over.wait(AGAIN_SECONDS)
                continue
            for _, entries in found or ():
                for entry, fields in entries:
                    last = entry
                    # what is not signed, or makes no sense, is not done, and ends nothing
                    with contextlib.suppress(RefusedError, KeyError, TypeError, ValueError):
                        self._heard(*self._reading.command(fields))

    def _heard(self, head: dict[str, Any], buffers: list[Any]) -> None:
        for one in head["commands"] if head["c"] == "all" else [head]:
            if one["c"] == "stop":
                self._stop(int(one["n"]), hard=bool(one["hard"]))
            elif one["c"] == "close":
                self._closing = True
                self._bench.control.stop()
            else:
                self._todo.put((one, buffers))

    def _stop(self, number: int, *, hard: bool) -> None:
        self._asked.add(number)
        if self._on[1] == number:
            _interrupt(self._bench.control, hard=hard)

    # -------------------------------------------------------------- what is said
    def _say(self, head: dict[str, Any], buffers: Sequence[Any] = ()) -> None:
        self._out.put((head, list(buffers)))

    def _speak(self) -> None:
        """Send what there is to say, many frames in one round trip; while a call is on also what states nodes have."""
        beaten = looked = 0.0
        while True:
            frames: list[Frame] = []
            on = self._on[1]
            with contextlib.suppress(Empty):
                frames.append(self._out.get(timeout=LOOK_SECONDS if on else WAIT_SECONDS))
                while True:
                    frames.append(self._out.get_nowait())
            now = time.monotonic()
            if on and on == self._on[1]:
                frames = [*self._states(on), *frames]
                if not frames and now - beaten > BEAT_SECONDS:
                    frames.append(({"f": "beat", "key": self._on[0], "n": on}, []))
                if now - looked > ALIVE_SECONDS / 6:
                    looked = now
                    if missed := self._needed.missed():
                        self._give_up(missed)
                if self._deaf:
                    self._give_up(now - self._deaf)
            if frames:
                beaten = now
                self._send(frames)
            if any(head["f"] == "left" for head, _ in frames):
                return
            self._note_kept()

    def _note_kept(self) -> None:
        """Let those who look see whether it runs something, or waits for the next run: until when its job is on."""
        if (kept := self._opened and not self._cells and not self._calls) == self._kept:
            return
        since = str(int(1000 * time.time())) if kept else ""
        with contextlib.suppress(RedisError):
            self._connection.eval(_NOTE, 1, Job.key_for(self._id), since)
            self._kept = kept

    def _states(self, number: int) -> list[Frame]:
        """Return the frame of states that have changed, if any have."""
        cells = self._cells.get(self._on[0])
        now = bytes(cells) if cells is not None else b""
        if len(now) != len(self._known) or now == self._known:
            return []
        packed, self._known = changed(self._known, now), now
        return [({"f": "cells", "key": self._on[0], "n": number}, [packed])]

    def _send(self, frames: Sequence[Frame]) -> None:
        to = Keys(self._client).events
        entries = [self._writing.entry(head, buffers) | {"from": self._id} for head, buffers in frames]
        begun, tries = time.monotonic(), 0
        while True:
            try:
                with self._connection.pipeline(transaction=False) as pipe:
                    for fields in entries:
                        pipe.xadd(to, fields)
                    pipe.expire(to, EXPIRE_SECONDS)
                    pipe.execute()
                return
            except RedisError as error:
                if self._deaf or time.monotonic() - begun > self._patience:
                    self._nobody_hears(error)
                    return
            time.sleep(pause(tries))
            tries += 1

    def _nobody_hears(self, error: RedisError) -> None:
        """Give up what it has: nobody can follow it any more, and nobody could stop it."""
        self._closing = True
        if not self._deaf:
            self._deaf = time.monotonic()
            said = f"the Redis server was lost for {self._patience:g} s, so what ran here was given up: {error}"
            with contextlib.suppress(OSError, AttributeError, ValueError):
                print(f"flodesk worker: job {self._id}: {said}", file=sys.__stderr__, flush=True)

    def _give_up(self, seconds: float) -> None:
        """End a call of somebody who has died: first politely, then with its process."""
        self._closing = True
        _interrupt(self._bench.control, hard=seconds > RAISE_SECONDS)
        if seconds > EXIT_SECONDS:
            os._exit(1)


def _interrupt(control: Control, *, hard: bool) -> None:
    if not hard:
        control.stop()
        return
    with control.lock:
        if control.ident and not control.over:
            raise_in(control.ident)


def far(part: memoryview, big: dict[str, Any]) -> Where:
    """Note a buffer that goes by its hash; returns where it will be found."""
    name = name_of(part)
    big[name] = part
    return [name, 0, part.nbytes]


__all__ = ["PartHost", "answers_of", "far", "work"]
