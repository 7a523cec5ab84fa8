"""The place `rq`: neighbours of a flow as one job on the workers of a Redis queue."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flodesk.engine.places.part.exchange import Exchange
from flodesk.engine.places.part.hosting import carried, here
from flodesk.engine.places.part.rq_seat import RqSeat
from flodesk.engine.places.processes.process import MOST_CPUS, ProcessPlace, cores
from flodesk.engine.places.protocol import NoPlaceError, Opened, Seat
from flodesk.engine.places.server.refusals import hidden
from flodesk.engine.places.server.server_address import local_of_the_window, named_server
from flodesk.engine.places.server.stream import PlaceError
from flodesk.engine.places.session.baggage import packed_up

MOST_SEATS = 16
"""So many chains of nodes of one run may be side by side where each node is a job."""
MIXED_SECONDS = 0.005
"""How long it waits at a time for seats on workers and in processes of this machine together."""


class RqPlace:
    """Nodes on the workers of one queue.

    Parameters
    ----------
    settings : mapping
        ``workers`` (how many workers of our own may run side by side where no server is named), ``jobs`` (``"node"``:
        each node is a job; by default neighbours are one). What stands in ``[tool.flodesk.rq]``.
    folder : str
        The folder of the flow.
    queue : str
        The queue; by default that of nodes (``nodes`` in ``[queue]`` of ``settings.toml``).
    """

    def __init__(self, settings: Mapping[str, Any], folder: str, queue: str = "") -> None:
        self._settings = settings
        self._folder = folder
        self._queue = queue
        self._most = int(settings.get("workers", 0)) or min(MOST_CPUS, cores())
        self.node_jobs = settings.get("jobs", "part") == "node"
        if settings.get("jobs", "part") not in ("node", "part"):
            raise ValueError('jobs under [tool.flodesk.rq] is "part" or "node"')
        self._exchange: Exchange | None = None
        self._address = ""
        self._seats: list[RqSeat] = []
        self._processes: ProcessPlace | None = None
        self._lock = threading.Lock()

    @property
    def exchange(self) -> Exchange:
        """The server."""
        assert self._exchange is not None
        return self._exchange

    @property
    def queue(self) -> str:
        """The name of its queue."""
        host, usual = self.exchange.host, self.exchange.wire.nodes
        if host is not None:
            return self._queue or host.queue(usual)
        local = local_of_the_window()
        return self._queue or (local.nodes if local.nodes and local.url == self._address else usual)

    def seat(self, opened: Opened) -> Seat:
        """Give a function a seat."""
        with self._lock:
            address = self._address if self._seats else _where(self._queue)
            if self._exchange is not None and (self._exchange.broken or address != self._address):
                self._exchange.let_go()  # it is broken, or another server is in use by now
                self._exchange = None
            if self._exchange is None or self._exchange.over:
                self._address = address
                try:
                    self._exchange = Exchange.of(address, lambda level, text: opened.say("", level, text))
                except PlaceError as error:
                    raise NoPlaceError(str(error)) from error
            self._exchange.said = lambda level, text: opened.say("", level, text)
            if not self._seats:
                self._exchange.unsay()
                self._say_where()
            return self._new(opened)

    def _say_where(self) -> None:
        """Say which server has the nodes, where somebody has named it: one of our own says so itself."""
        found = named_server()
        if self.exchange.host is None and found is not None and found.url == self._address:
            said = f"Nodes on the Redis queue go to {hidden(found.url)} ({found.origin})."
            self.exchange.say_once("info", said)

    def extra(self, opened: Opened) -> Seat | None:
        """Give another seat, if a worker is free."""
        with self._lock:
            if self._exchange is None:
                return None
            # jobs that each are one node wait in the queue themselves
            mine = sum(seat.opened.run == opened.run for seat in self._seats)
            if not (mine < MOST_SEATS if self.node_jobs else self._exchange.room(self.queue, self._most)):
                return None
            return self._new(opened)

    def _new(self, opened: Opened) -> RqSeat:
        seat = RqSeat(self, opened)
        self._seats.append(seat)
        return seat

    def wait(self, seats: Sequence[Seat], seconds: float) -> None:
        """Wait until one of the seats has something to tell."""
        ours = [seat for seat in seats if isinstance(seat, RqSeat)]
        own = [seat.own for seat in ours if seat.own is not None]
        if own and self._processes is not None:
            self._processes.wait(own, seconds if len(own) == len(seats) else MIXED_SECONDS)
        if len(own) < len(seats):
            news = self.exchange.news
            with news:
                news.wait_for(lambda: any(seat.told for seat in ours), MIXED_SECONDS if own else seconds)

    def files(self, opened: Opened) -> Mapping[str, str]:
        """Bring the flow's own modules to the server; returns their hashes by their places."""
        if self.exchange.host is not None:
            return carried()  # they came to this worker the same way, and do not stand beside the flow here
        return packed_up(opened.text, opened.path, self.exchange.connection)

    def here(self, opened: Opened) -> Seat:
        """Return a seat in a process of this machine."""
        with self._lock:
            if self._processes is None:
                self._processes = ProcessPlace(
                    {"cpus": 1}, self._folder if Path(self._folder).is_dir() else str(Path.cwd())
                )
            return self._processes.seat(opened)

    def free(self, seat: RqSeat) -> None:
        """Take a seat back."""
        with self._lock:
            if seat in self._seats:
                self._seats.remove(seat)

    def close(self) -> None:
        """Let go of the server; what is of our own ends."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.let_go()
        if self._processes is not None:
            self._processes.close()


def _where(queue: str) -> str:
    """Return the address of the server, empty if there is none yet; on a worker it is that of the worker.

    Where nobody names one it is the local queue of the window; its workers listen to the usual queues alone.
    """
    host, _ = here()
    if host is not None:
        return host.url
    found = named_server()
    if found is not None:
        return found.url
    return "" if queue else local_of_the_window().url
