"""The place `dask`: stretches of a flow as tasks of a Dask cluster, one task a stretch."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from flodesk.engine.events import Failure
from flodesk.engine.places.dask.dask_chosen import Chosen
from flodesk.engine.places.dask.dask_client import TRIES, Cluster, ClusterLostError, words
from flodesk.engine.places.dask.dask_resources import PATIENCE, ResourcesError, needed, sought, while_offered
from flodesk.engine.places.dask.dask_task import HOME
from flodesk.engine.places.literals import Literals
from flodesk.engine.places.own_modules import Modules, ModulesError
from flodesk.engine.places.part.far_states import machine, note
from flodesk.engine.places.processes.parcel import Where, failure_from_json, unwrap, wrap
from flodesk.engine.places.processes.seat import pass_on
from flodesk.engine.places.protocol import (
    Answer,
    Held,
    Job,
    NoPlaceError,
    Opened,
    Seat,
    ValuesLostError,
    WorkerLostError,
)
from flodesk.engine.places.seats import Learned

CLOSE_SECONDS = 3.0
"""How long the objects of a function get to close."""
LINES_SECONDS = 1.0
"""How long an answer waits for the lines that were said before it, and come another way."""
MOST_SEATS = 64
"""So many jobs of one function may be on side by side."""
APART_SECONDS = 0.012
"""What a further task costs: parts that gain less by running side by side stay together in the next run."""

_names = itertools.count(1)


class DaskPlace:
    """Stretches on a Dask cluster.

    Parameters
    ----------
    settings : mapping
        ``address`` (of the scheduler), ``workers`` (how many a cluster of our own has), ``environment`` (variables by
        name), ``folder`` (the working folder there), ``resources`` (what each node needs, by function and node),
        ``patience`` (how long in s a worker that has it is waited for). What stands in ``[tool.flodesk.dask]``.
    folder : str
        The folder of the flow.
    """

    def __init__(self, settings: Mapping[str, Any], folder: str) -> None:
        self.environment = {str(name): str(value) for name, value in settings.get("environment", {}).items()}
        self.folder = str(Path(folder or Path.cwd(), str(settings.get("folder", "") or ".")))
        self.news = threading.Condition()
        self.keeps = True
        self.apart_seconds = APART_SECONDS
        self.learned = Learned()
        self._modules: tuple[tuple[str, str], Modules] | None = None
        self._resources = settings.get("resources", {})
        self.patience = float(settings.get("patience", PATIENCE))
        self._held = Chosen(settings, self._lost)
        self._seats: list[DaskSeat] = []
        self._lock = threading.Lock()

    def seat(self, opened: Opened) -> Seat:
        """Give a function a seat."""
        with self._lock:
            cluster = self._held.cluster(opened.run, lambda level, text: opened.say("", level, text))
            seat = DaskSeat(self, cluster, opened)
            self._seats.append(seat)
            return seat

    def extra(self, opened: Opened) -> Seat | None:
        """Give another seat: which of their jobs run side by side is the business of the scheduler."""
        with self._lock:
            cluster = self._held.now
            on = sum(seat.opened.run == opened.run for seat in self._seats)
            if cluster is None or on >= MOST_SEATS:
                return None
            seat = DaskSeat(self, cluster, opened)
            self._seats.append(seat)
            return seat

    def wait(self, seats: Sequence[Seat], seconds: float) -> None:
        """Wait until one of the seats has something to tell."""
        with self.news:
            self.news.wait_for(lambda: any(isinstance(seat, DaskSeat) and seat.told for seat in seats), seconds)

    @property
    def dashboard(self) -> str:
        """The address of the cluster's dashboard; empty before the first run, and if it has none."""
        return self._held.now.dashboard if self._held.now is not None else ""

    def modules(self, opened: Opened) -> Modules:
        """Return the modules beside a flow, as they are when a run of it begins."""
        mark = (opened.run, opened.text)
        if self._modules is None or self._modules[0] != mark:
            self._modules = mark, Modules.of(opened.text, opened.path)
        return self._modules[1]

    def needs(self, function: str, items: Sequence[str]) -> dict[str, float]:
        """Return what a worker must have for these nodes: the most that one of them needs."""
        return needed(self._resources.get(function) if isinstance(self._resources, Mapping) else None, items)

    def free(self, seat: DaskSeat) -> None:
        """Take a seat back."""
        with self._lock:
            if seat in self._seats:
                self._seats.remove(seat)

    def close(self) -> None:
        """Let go of the cluster; one of our own ends."""
        self._held.let_go()

    def _lost(self, worker: str) -> None:
        for seat in list(self._seats):
            seat.lost(worker)


class DaskSeat:
    """A function on a cluster.

    Jobs that need no objects run wherever there is room. The first one that does need them gets a desk on some worker,
    and all further ones go there.
    """

    def __init__(self, place: DaskPlace, cluster: Cluster, opened: Opened) -> None:
        self.opened = opened
        self.told = False  # something has come since the last look
        self._place = place
        self._cluster = cluster
        self._cells = memoryview(bytearray(8 * opened.cells)).cast("q")
        self._literals = Literals()
        self._modules = place.modules(opened)
        self._desk: dict[str, str] | None = None
        self._keeps: Any = None
        """Dask's future of the desk: as long as it is held, so is the desk."""
        self._job: _Task | None = None
        self._started: _Task | None = None  # the last one that was begun: what it keeps is asked for at once
        self._answer: Answer | None = None
        self._gone = ""
        """Why its objects are lost."""

    @property
    def cells(self) -> memoryview:
        """Newest states of the nodes."""
        return self._cells

    # -------------------------------------------------------------- jobs
    def start(self, job: Job) -> None:
        """Send a job."""
        self._answer = None
        known = self._literals.for_job(job)
        buffers: list[Any] = []

        def big(part: memoryview) -> Where:
            buffers.append(part)
            return [len(buffers) - 1]

        kept: list[_Task] = []
        given: dict[str, Any] = {}
        for name, value in job.given.items():
            if isinstance(value, Held):
                if value.by not in kept:
                    kept.append(value.by)
                given[name] = {"r": kept.index(value.by), "n": value.name}
            else:
                given[name] = wrap(value, buffers, big)
        literals = [[node, name, wrap(value, buffers, big)] for (node, name), value in known.items()]
        base = {cell: self._cells[cell] for cell in job.counts}
        self._cells[:] = memoryview(bytearray(self._cells.nbytes)).cast("q")
        for cell, count in base.items():
            self._cells[cell] = count
        task = self._job = self._started = _Task(self, job, base)
        head = {"given": given, "literals": literals, "items": job.items, "wanted": job.wanted, "shown": job.shown}
        head["kept"] = job.kept
        buffers.append(self._modules.code)
        self._cluster.do(self._run(task, head, buffers, kept))

    def held(self, name: str) -> Held:
        """Return what stands for a variable that the job that was started last keeps."""
        return Held(name, self._started)

    def answer(self) -> Answer | None:
        """Return the answer if it is there."""
        with self._place.news:
            self.told = False
            answer, self._answer = self._answer, None
        if answer is not None:
            self._started = None  # with it goes what it keeps, unless somebody has asked for that
        return answer

    def take(self, task: _Task, answer: Answer) -> None:
        """Note an answer; one of a job that nobody waits for any more goes nowhere."""
        with self._place.news:
            if self._job is task:
                self._job, self._answer, self.told = None, answer, True
                self._place.news.notify_all()

    def reopen(self, opened: Opened) -> None:
        """Go on with a changed text."""
        self.opened = opened
        self._modules = self._place.modules(opened)
        self._literals.clear()
        self._cells = memoryview(bytearray(8 * opened.cells)).cast("q")

    def _head(self, task: str, what: str) -> dict[str, Any]:
        opened, place = self.opened, self._place
        head: dict[str, Any] = {
            "c": what,
            "k": task,
            "topic": self._cluster.topic,
            "run": opened.run,
            "function": opened.function,
        }
        head |= {"text": opened.text, "path": opened.path, "cells": opened.cells, "cache": opened.cache}
        head["files"] = self._modules.files
        return {**head, "folder": place.folder, "environment": place.environment}

    # -------------------------------------------------------------- in the thread of the client
    async def _run(self, task: _Task, more: Mapping[str, Any], buffers: Sequence[Any], kept: Sequence[_Task]) -> None:
        """Do a job, and take its answer, whatever comes of it."""
        try:
            await self._cluster.ready()
            answer = await self._answered(task, more, buffers, kept)
        except (ClusterLostError, NoPlaceError) as error:
            answer = Answer(failed=Failure("", type(error).__name__, str(error)), lost=True)
        except ResourcesError as error:
            answer = Answer(failed=Failure("", "ResourcesError", str(error)))
        except Exception as error:  # noqa: BLE001 - the end of a task of the client: what is not told here is lost
            said = f"the Dask cluster did not do it: {words(error)}"
            if lost := await self._cluster.why_lost():
                answer = Answer(failed=Failure("", ClusterLostError.__name__, lost), lost=True)
            else:
                answer = Answer(failed=Failure("", type(error).__name__, said), lost=self._desk is not None)
        self._cluster.forget(task.key)
        task.submitted.set()
        task.gives = None if answer.failed or answer.stopped else task.gives
        task.job = replace(task.job, given={}, literals=())  # values of other jobs are theirs again
        self.take(task, answer)

    async def _answered(
        self, task: _Task, more: Mapping[str, Any], buffers: Sequence[Any], kept: Sequence[_Task]
    ) -> Answer:
        if self._modules.missing:
            raise ModulesError(self._modules.missing)
        job, needs = task.job, self._place.needs(task.job.function, task.job.items)
        head = {**self._head(task.key, "job"), **more, "in": job.function}
        if not job.free:
            desk = await self._sat(task, needs)
            if self._gone:
                return self._over()
            head |= desk
        await sought(self._cluster, needs, self._place.patience)
        worker = "" if job.free else self._desk_at()
        self._cluster.listen(task.key, task.heard)
        for tries in range(TRIES):
            if task.stopped:
                return Answer(stopped=True)
            name = f"{job.function}.{job.items[0]}{f'+{len(job.items) - 1}' if len(job.items) > 1 else ''}"
            key = (name, self.opened.run, f"{task.key}.{tries}")
            order = json.dumps(head, separators=(",", ":")).encode()
            for other in kept:
                await other.submitted.wait()
            if any(other.gives is None for other in kept):
                return Answer(skipped=True)
            from_others = [other.gives for other in kept]
            future = await self._cluster.task(key, order, buffers, kept=from_others, worker=worker, resources=needs)
            task.future, task.gives = future, future if job.kept else None
            task.submitted.set()
            try:
                told = await while_offered(self._told(task, future), self._cluster, needs, self._place.patience, future)
                await task.all_said(json.loads(told[0])["said"])
                return task.answer(told)
            except asyncio.CancelledError:  # Dask's own: what it needs is gone, or nobody wants it any more
                if (ended := await self._dropped(task)) is not None:
                    return ended
            finally:
                task.future = None
        raise ClusterLostError("the Dask cluster has lost what the node was given, again and again")

    async def _told(self, task: _Task, future: Any) -> Sequence[Any]:
        """Return the answer: a small one comes as an event, a big one is fetched when that says so."""
        done = asyncio.ensure_future(future._state.wait())
        said = asyncio.ensure_future(task.answered.wait())
        try:
            await asyncio.wait({done, said}, return_when=asyncio.FIRST_COMPLETED)
            if future.status in ("error", "cancelled", "lost"):
                await future  # raises what there is
            if not said.done():
                await asyncio.wait({said}, timeout=LINES_SECONDS)
        finally:
            done.cancel()
            said.cancel()
        if task.told:
            return task.told
        whole = await (self._cluster.brought_home(future, task.at) if task.job.kept else future)
        answer: Sequence[Any] = whole if task.job.kept else whole[HOME]
        return answer

    async def _dropped(self, task: _Task) -> Answer | None:
        """Say how a job ended that Dask has dropped; None if it can be given to the cluster again."""
        if task.stopped:
            return Answer(stopped=True)
        if self._gone and not task.job.free:
            return self._over()
        await self._cluster.ready()
        if not task.job.free:
            raise ClusterLostError("the Dask cluster has dropped the task")
        if any(isinstance(value, Held) for value in task.job.given.values()):
            raise ValuesLostError("values that were kept on the Dask cluster are lost")
        return None

    async def _sat(self, task: _Task, needs: Mapping[str, float]) -> dict[str, str]:
        """Return the desk, which is looked for when it is first needed."""
        if self._desk is None:
            await sought(self._cluster, needs, self._place.patience)
            name = f"desk{next(_names)}"
            at: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
            self._cluster.listen(name, lambda words: None if at.done() else at.set_result(words))
            order = json.dumps({**self._head(name, "sit")}, separators=(",", ":")).encode()
            key = (f"{self.opened.function} objects", self.opened.run, f"{self._cluster.topic}.{name}")
            code = [self._modules.code]
            self._keeps = task.future = await self._cluster.task(key, order, code, resources=needs)
            sat = asyncio.gather(at, self._done(self._keeps))
            said, _ = await while_offered(sat, self._cluster, needs, self._place.patience, self._keeps)
            self._cluster.forget(name)
            self._desk = {"desk": name, "shop": str(said["shop"]), "at": str(said["at"])}
        return {"desk": self._desk["desk"], "shop": self._desk["shop"]}

    @staticmethod
    async def _done(future: Any) -> None:
        """Wait for a task without having its result sent."""
        await future._state.wait()
        if future.status != "finished":
            await future  # raises what there is

    def _desk_at(self) -> str:
        return self._desk["at"] if self._desk is not None else ""

    def lost(self, worker: str) -> None:
        """Note that a worker has died."""
        task = self._job
        if self._desk is not None and self._desk["at"] == worker:
            self._gone = f"the Dask worker {worker} has died"
            if task is not None and not task.job.free:
                self.take(task, self._over())
        elif task is not None and task.at == worker and task.job.free:
            text = f"The Dask worker {worker} has died; what it was doing runs again on another."
            self.opened.say("", "warning", text)

    def _over(self) -> Answer:
        said = f"{self._gone}. What keeps a state, or has effects, is not run again by itself: run the flow again"
        return Answer(failed=Failure("", WorkerLostError.__name__, said), lost=True)

    # -------------------------------------------------------------- ends
    def interrupt(self, hard: bool) -> None:
        """Ask the job to stop."""
        task = self._job
        if task is not None:
            task.asked += 1
            self._cluster.do(self._stop(task, f"hard{task.asked}" if hard else "soft"))

    async def _stop(self, task: _Task, how: str) -> None:
        task.stopped = True
        if task.at:
            await self._cluster.ask(task.key, how)
            return
        # it waits for its turn, or for a cluster
        self.take(task, Answer(stopped=True))
        if task.future is not None:
            await task.future.cancel(force=True)
        await self._cluster.ask(task.key, "soft")  # it may have begun since

    def end(self) -> None:
        """End what does not stop: its process on the worker."""
        task, self._job = self._job, None
        if task is not None:
            self._cluster.do(self._cluster.ask(task.key, "end"))
        self._gone = self._gone or "its process was ended"

    def close(self) -> Sequence[tuple[str, Failure]]:
        """Close the objects with state; gives those that failed."""
        failed: list[tuple[str, Failure]] = []
        if self._job is not None:
            self.end()
        if self._desk is not None and not self._gone:
            over = threading.Event()
            self._cluster.do(self._left(failed, over))
            over.wait(CLOSE_SECONDS)
        self._desk = self._keeps = self._started = None  # with this the desk is cleared, if it was not
        self._place.free(self)
        return list(failed)

    async def _left(self, failed: list[tuple[str, Failure]], over: threading.Event) -> None:
        task = _Task(self, Job("", (), {}), {})
        self._cluster.listen(task.key, task.heard)
        try:
            head = {**self._head(task.key, "leave"), **(self._desk or {})}
            order = json.dumps(head, separators=(",", ":")).encode()
            key = (f"{self.opened.function} end", self.opened.run, task.key)
            told = json.loads((await (await self._cluster.task(key, order, worker=self._desk_at())))[HOME][0])
            await task.all_said(told["said"])
            failed += [(str(node), failure_from_json(each)) for node, each in told["failed"]]
        except Exception as error:  # noqa: BLE001 - the end of a task of the client
            why = await self._cluster.why_lost() or words(error)
            self.opened.say("", "warning", f"The objects on the Dask cluster were not closed: {why}")
        finally:
            self._cluster.forget(task.key)
            over.set()


class _Task:
    """A job on its way, in the thread of the client."""

    def __init__(self, seat: DaskSeat, job: Job, base: Mapping[int, int]) -> None:
        self.key = f"{seat._cluster.topic[-16:]}.{next(_names)}"
        self.job = job
        self.future: Any = None
        self.at = ""
        """The worker that it has begun on."""
        self.stopped = False
        self.asked = 0
        self._seat = seat
        self._base = base
        self._offset = 0
        self._said = 0
        self._more = asyncio.Event()
        self.told: Sequence[Any] = ()
        """The answer, if it was small enough to come as an event."""
        self.answered = asyncio.Event()
        """It has come, or can be fetched."""
        self.gives: Any = None
        """Dask's future of what stays on the cluster for other jobs, as long as these want it."""
        self.submitted = asyncio.Event()
        """It was given to the cluster, or never will be."""

    def heard(self, words: Mapping[str, Any]) -> None:
        """Take what the worker says meanwhile."""
        if "answer" in words or "fetch" in words:
            self.told = words.get("answer", ())
            self.answered.set()
            return
        self._said += 1
        seat = self._seat
        if "at" in words:
            if self.at:
                self._said = 1  # it begins again: its first worker has died
            self.at = str(words["at"])
            # the clock of another machine has another zero: its times are told by ours
            self._offset = 0 if words["machine"] == machine() else time.perf_counter_ns() - int(words["clock"])
        elif "cells" in words:
            self._note(words["cells"])
        else:
            pass_on(seat.opened, words)
        self._more.set()

    async def all_said(self, count: int) -> None:
        """Wait for the lines that were said before the answer."""
        try:
            async with asyncio.timeout(LINES_SECONDS):
                while self._said < count:
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            return  # the scheduler keeps so many events and no more: the rest will not come

    def answer(self, told: Sequence[Any]) -> Answer:
        """Make the answer of what came."""
        head = json.loads(told[0])
        if len(told) > 1:
            self._note(told[1])
        notes = head.get("notes", {})
        lost = bool(head.get("lost")) and not self.job.free
        if head["f"] == "failed":
            return Answer(failed=failure_from_json(head["failure"]), cell=int(head["cell"]), lost=lost, notes=notes)
        if head["f"] == "skipped":
            return Answer(skipped=True)
        if head["f"] == "stopped":
            return Answer(stopped=True, lost=lost, notes=notes)

        def own(part: Any) -> Any:
            view = memoryview(part)
            return bytearray(view) if view.readonly else view

        def big(slot: str, offset: int, size: int) -> Any:
            raise ValueError("a value of another machine cannot lie in memory of this one")

        values = {name: unwrap(parcel, told[2:], own, big) for name, parcel in head["values"].items()}
        return Answer(values, notes=notes)

    def _note(self, packed: bytes) -> None:
        """Take over states of nodes."""
        note(packed, self._seat._cells, self._base, self._offset)
        with self._seat._place.news:
            self._seat.told = True
            self._seat._place.news.notify_all()
