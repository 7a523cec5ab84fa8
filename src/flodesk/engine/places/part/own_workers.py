"""A server of our own, and workers of it, for parts of runs where no server is named."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.crew import Crew
from flodesk.engine.places.server.stream import PlaceError


class OwnWorkers:
    """They end with this, or with this process however it ends; one that dies is replaced.

    Parameters
    ----------
    said : callable
        Takes a sentence about them: (level, text).

    Raises
    ------
    BrokerError
        There is no server program.
    """

    def __init__(self, said: Callable[[str, str], None]) -> None:
        self._server = LocalServer()
        self.url = self._server.url
        self._said = said
        self._crews: list[Crew] = []
        """Of one worker each."""
        self._asked: dict[str, int] = {}
        self._threads: list[threading.Thread] = []
        said("info", "No Redis server is named ($FLODESK_REDIS_URL): one of our own is started, with its workers.")

    def need(self, queue: str, count: int) -> None:
        """Start workers of a queue until there are so many; does not wait for them."""
        while self._asked.get(queue, 0) < count:
            self._asked[queue] = self._asked.get(queue, 0) + 1
            thread = threading.Thread(target=self._start, args=(queue,), name="flodesk own worker", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """End them all."""
        for thread in self._threads:
            thread.join(15.0)
        for crew in self._crews:
            crew.close()
        self._server.close()

    def _start(self, queue: str) -> None:
        def tell() -> None:
            if crew.trouble:
                self._said("warning", crew.trouble)

        crew = Crew(self.url, "", 1, general=False, queues=(queue,), told=tell)
        self._crews.append(crew)
        try:
            crew.begin()
        except PlaceError as error:
            self._said("error", str(error))
