"""Our side of a Dask cluster: a client in a thread of its own, which everybody here asks and nobody waits for.

Tasks of ours are bytes for `flodesk.engine.places.dask.dask_task.work`. What the nodes say meanwhile comes by a topic
of the scheduler. Big buffers go to the cluster once, by a hash of what is in them, and stay as long as there is room.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future as Promise
from typing import Any, ClassVar
from weakref import WeakSet

import xxhash
from distributed import Client

from flodesk.engine.errors import one_line
from flodesk.engine.places.dask import dask_task
from flodesk.engine.places.dask.dask_address import AddressError, check_address
from flodesk.engine.places.dask.dask_own import Found, OwnCluster
from flodesk.engine.places.dask.dask_settings import Scheduler
from flodesk.engine.places.processes.pool import BIG
from flodesk.engine.places.protocol import NoPlaceError
from flodesk.engine.settings import section

# what a connection says of its own end is no news to whoever has ended it, and what matters is told in the run
logging.getLogger("distributed").setLevel(logging.WARNING)
_LOG = logging.getLogger("distributed.client")

CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 5.0
DEAD_SECONDS = 1.0
"""How long the end of a process may be later than that of the connection to it."""
LEAVE_SECONDS = 1.0
"""How long what is on gets to end when the cluster is let go of."""
MOST_KEPT = 1 << 28
"""Bytes of the values that are left on the cluster, in case that they are needed again."""
TRIES = 3
"""So often a job that may run anywhere is given to the cluster again when what it was given was lost with a worker."""


class ClusterLostError(RuntimeError):
    """The cluster does not answer any more; the text says so."""


class Cluster:
    """A cluster that is named, or one of our own.

    Parameters
    ----------
    address : str
        Address of the scheduler (``tcp://HOST:8786``, ``tls://…``); empty: one of our own is started.
    workers : int
        How many workers that has; 0: one for each core.
    said : callable
        Takes a sentence about it: (level, text).
    """

    def __init__(self, address: str, workers: int, said: Callable[[str, str], None]) -> None:
        self.topic = f"flodesk-{secrets.token_hex(8)}"
        self.threads = 0
        self.lost: list[Callable[[str], None]] = []
        """Told, in the thread of the client, which worker has died."""
        self.said = said
        self._meeting = threading.Lock()
        self._asked: dict[Any, Callable[[str, str], None]] = {}
        """Who uses it and is to be told what it is, as soon as that is known."""
        self._met: WeakSet[Any] = WeakSet()
        """Who was told."""
        self.sent = 0
        """How many big values went to the cluster."""
        self.tasks = 0
        """How many tasks it was given."""
        self._address = address
        self._workers = workers
        self._own: OwnCluster | None = None
        self._client: Any = None
        self.found = Found(address)
        """Where it is, once it was reached."""
        self.dashboard = ""
        """The address of its dashboard, once it was reached; empty if it has none."""
        self._greeting: tuple[str, str] | None = None
        self._heard: dict[str, Callable[[Mapping[str, Any]], None]] = {}
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._changes: list[asyncio.Event] = []
        self._doing: set[asyncio.Task[None]] = set()
        self._leaving = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="flodesk dask", daemon=True)
        self._thread.start()
        self._connected: Promise[None] = asyncio.run_coroutine_threadsafe(self._connect(), self._loop)

    # -------------------------------------------------------------- from other threads
    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done in the thread of the client."""
        asyncio.run_coroutine_threadsafe(self._do(work), self._loop)

    def meet(self, who: object, said: Callable[[str, str], None]) -> None:
        """Tell somebody who uses it, once, what it is and where its dashboard is: now, or when it is reached."""
        with self._meeting:
            greeting = self._greeting
            if greeting is None:
                self._asked[who] = said
            if greeting is None or who in self._met:
                return
            self._met.add(who)
        said(*greeting)

    @property
    def usable(self) -> bool:
        """False once it could not be reached, or is gone."""
        if not self._connected.done():
            return True
        alive = self._own is None or self._own.alive  # what has died is not looked for again, as one elsewhere is
        return self._connected.exception() is None and alive and self._client.status in ("running", "connecting")

    def close(self) -> None:
        """Let go of it; one of our own ends."""
        with contextlib.suppress(Exception):  # a cluster that is gone has its own ideas of how to say so
            asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(CLOSE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSE_SECONDS)
        if not self._loop.is_running():
            self._loop.close()
        _LOG.removeFilter(self._is_news)
        if self._own is not None:
            self._own.close()

    # -------------------------------------------------------------- in the thread of the client
    async def ready(self) -> None:
        """Wait until it can be used.

        Raises
        ------
        NoPlaceError
            None was reached.
        ClusterLostError
            It is gone.
        """
        await asyncio.wrap_future(self._connected)
        if self._leaving or not self.usable:
            raise ClusterLostError(await self.why_lost() or f"{self._name()} does not answer any more")

    async def why_lost(self) -> str:
        """Say that it has gone, and what to do; empty if it has not."""
        if self._leaving or self._client is None or (self._client.status == "running" and self.usable):
            return ""
        if self._own is None:
            return f"{self._name()} does not answer any more. Run the flow again when it does"
        ended = await self._loop.run_in_executor(None, self._own.end, DEAD_SECONDS)
        why = f"Its process {ended}" if ended else "It does not answer any more"
        return f"{self._name()} has gone. {why}. Run starts another"

    async def task(
        self,
        key: tuple[str, ...],
        order: bytes,
        buffers: Sequence[Any] = (),
        *,
        kept: Sequence[Any] = (),
        worker: str = "",
        resources: Mapping[str, float] | None = None,
    ) -> Any:
        """Give a task to the cluster; returns Dask's future of it.

        Parameters
        ----------
        kept : sequence of futures
            Tasks that have left something for it; they may not be done yet.
        worker : str
            Where it has to run; empty: wherever there is room.
        """
        self.tasks += 1
        pinned = [worker] if worker else None
        parts = [await self._there(part, pinned) if memoryview(part).nbytes >= BIG else bytes(part) for part in buffers]
        return self._client.submit(
            dask_task.work, order, parts, list(kept),
            key=key, workers=pinned, allow_other_workers=False, resources=dict(resources or {}) or None, pure=False,
        )  # fmt: skip

    def brought_home(self, task: Any, worker: str) -> Any:
        """Return Dask's future of that part of a task's result that goes home."""
        name = (f"{task.key[0]} home", *task.key[1:])
        return self._client.submit(
            dask_task.home, task, key=name, workers=[worker] if worker else None, allow_other_workers=True, pure=False
        )

    def listen(self, key: str, heard: Callable[[Mapping[str, Any]], None]) -> None:
        """Have what a task says handed on."""
        self._heard[key] = heard

    def forget(self, key: str) -> None:
        """Listen to it no more."""
        self._heard.pop(key, None)

    async def ask(self, key: str, how: str) -> None:
        """Ask a task to stop, wherever it is."""
        with contextlib.suppress(Exception):  # a worker that has just died is asked in vain, and need not be
            await self._client.run(dask_task.ask, key, how, on_error="ignore")

    @property
    def own(self) -> bool:
        """Whether it is one of our own: nobody else starts workers of it."""
        return not self._address

    @contextlib.contextmanager
    def changes(self) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever a worker joins or leaves it."""
        changed = asyncio.Event()
        self._changes.append(changed)
        try:
            yield changed
        finally:
            self._changes.remove(changed)

    async def offers(self, resources: Mapping[str, float]) -> bool:
        """Return whether a worker has what a node needs."""
        found = await self._client.scheduler.identity(n_workers=-1)
        each = [worker["resources"] for worker in found["workers"].values()]
        return any(all(has.get(name, 0) >= amount for name, amount in resources.items()) for has in each)

    # -------------------------------------------------------------- inside
    async def _connect(self) -> None:
        found = Found(self._address)
        if self._address:
            try:
                check_address(self._address)  # Dask leaves words of its own on standard error
            except AddressError as error:
                raise NoPlaceError(f"{error}.") from error
        else:
            self._own = await self._loop.run_in_executor(None, OwnCluster, self._workers)
            found = self.found = self._own.found
            _LOG.addFilter(self._is_news)
        try:
            self._client = await Client(
                found.address,
                asynchronous=True,
                security=found.security,
                timeout=CONNECT_SECONDS,
                set_as_default=False,
                name="flodesk",
                direct_to_workers=self._own is not None,
            )
        except Exception as error:
            # whatever Dask, TLS and the network raise: the sentence says it
            said = f"No Dask scheduler answers at {self._address}: {one_line(error)}."
            raise NoPlaceError(f"{said} Is it running (dask scheduler), and are host and port right?") from error
        self._client.subscribe_topic(self.topic, self._hear)
        self._client.subscribe_topic("all", self._news)
        told = await self._client.scheduler.identity(n_workers=-1)
        self.threads = sum(int(worker["nthreads"]) for worker in told["workers"].values())
        self.dashboard = found.dashboard or ("" if self._own else str(self._client.dashboard_link or ""))
        see = f" Its dashboard: {self.dashboard}" if self.dashboard else ""
        if self._own is not None:
            one = f"one of our own was started, with {self.threads} workers."
            greeting = "info", f"No Dask cluster is named ($FLODESK_DASK_ADDRESS): {one}{see}"
        elif not self.threads:
            start = f"Start one: dask worker {self._address}"
            greeting = "warning", f"The Dask cluster at {self._address} has no workers yet. {start}"
        else:
            greeting = "info", f"The Dask cluster at {self._address} has {self.threads} threads.{see}"
        with self._meeting:
            self._greeting = greeting
            asked, self._asked = self._asked, {}
            self._met.update(asked)
        for tell in asked.values():
            tell(*greeting)

    async def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._doing.add(task)
        try:
            await work
        finally:
            self._doing.discard(task)

    async def _leave(self) -> None:
        self._kept.clear()
        self._leaving = True
        if on := set(self._doing):  # what waits for a worker that has died would wait for ever
            for task in on:
                task.cancel()
            await asyncio.wait(on, timeout=LEAVE_SECONDS)
        if not self._connected.done():
            self._connected.cancel()
        elif self._client is not None:
            await self._client.close()

    def _is_news(self, record: logging.LogRecord) -> bool:
        """Keep what our client says of its search for a cluster of our own that has died out of the log."""
        return record.thread != self._thread.ident or self._own is None or self._own.alive

    def _hear(self, event: tuple[float, Mapping[str, Any]]) -> None:
        _, words = event
        heard = self._heard.get(str(words.get("k")))
        if heard is not None:
            heard(words)

    def _news(self, event: tuple[float, Any]) -> None:
        _, words = event
        if not isinstance(words, Mapping):
            return
        if words.get("action") in ("add-worker", "remove-worker"):
            for changed in self._changes:
                changed.set()
        if words.get("action") == "remove-worker":
            for key in words.get("lost-scattered-tasks", ()):
                self._kept = OrderedDict((mark, kept) for mark, kept in self._kept.items() if kept[0].key != key)
            for tell in list(self.lost):
                tell(str(words["worker"]))

    async def _there(self, part: Any, workers: Sequence[str] | None) -> Any:
        """Return what stands for bytes that lie on the cluster: they are sent if they were not."""
        mark = xxhash.xxh3_128_hexdigest(part)
        kept = self._kept.pop(mark, None)
        if kept is None or kept[0].status in ("cancelled", "error", "lost"):
            name = f"flodesk-value-{self.topic[-16:]}-{mark}-{secrets.token_hex(4)}"
            found = await self._client.scatter({name: memoryview(part).cast("B")}, workers=workers)
            self.sent += 1
            kept = found[name], memoryview(part).nbytes
        self._kept[mark] = kept
        total = sum(size for _, size in self._kept.values())
        while total > MOST_KEPT and len(self._kept) > 1:
            _, (_, size) = self._kept.popitem(last=False)
            total -= size
        return kept[0]

    def _name(self) -> str:
        return f"The Dask cluster at {self._address}" if self._address else "The Dask cluster of our own"


class Holds:
    """A cluster that places share that want the same one: it is reached for the first of them, and ends with the last.

    Parameters
    ----------
    address, workers : str, int
        As of `Cluster`.
    """

    _all: ClassVar[dict[tuple[str, int], Holds]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, address: str, workers: int) -> None:
        self._key = address, workers
        self._holders = 0
        self._cluster: Cluster | None = None

    @classmethod
    def of(cls, address: str, workers: int) -> Holds:
        """Return that of the cluster, held once more."""
        with cls._lock:
            found = cls._all.setdefault((address, workers), cls(address, workers))
            found._holders += 1
            return found

    def cluster(self, said: Callable[[str, str], None]) -> Cluster:
        """Return the cluster, anew if it was lost."""
        with self._lock:
            if self._cluster is not None and not self._cluster.usable:
                self._cluster.close()
                self._cluster = None
            if self._cluster is None:
                self._cluster = Cluster(*self._key, said)
            self._cluster.said = said
            return self._cluster

    @property
    def now(self) -> Cluster | None:
        """The cluster, if it was reached for."""
        return self._cluster

    def let_go(self) -> None:
        """Hold it once less."""
        with self._lock:
            self._holders -= 1
            if self._holders:
                return
            self._all.pop(self._key, None)
            cluster, self._cluster = self._cluster, None
        if cluster is not None:
            cluster.close()


def address_from(settings: Mapping[str, Any]) -> str:
    """Return the address of the cluster; empty: none is named.

    It is that of the environment, else of the header of a flow, else of the user's settings.
    """
    here = os.environ.get("FLODESK_DASK_ADDRESS", "") or str(settings.get("address", ""))
    return here or section("dask", Scheduler()).address


def words(error: BaseException) -> str:
    """Say what Dask says, with its cause: that of a worker without flodesk is two errors down."""
    found: list[str] = []
    each: BaseException | None = error
    while each is not None and len(found) < 3:
        found.append(one_line(each))
        each = each.__cause__
    return ": ".join(dict.fromkeys(found))
