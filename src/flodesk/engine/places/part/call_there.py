"""A call on its way to a worker: what it is given, as it travels."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from typing import Any

from flodesk.engine.places.part.hostings import Hosting
from flodesk.engine.places.part.part_job import far
from flodesk.engine.places.processes.parcel import wrap
from flodesk.engine.places.protocol import Job

_numbers = itertools.count(1)


class Call:
    """A job on its way."""

    def __init__(self, job: Job, literals: Mapping[tuple[str, str | int], Any]) -> None:
        self.job = job
        self.number = next(_numbers)
        self.begun = False
        self.tries = 0
        self.apart = False
        """Each of its nodes is a job."""
        self.worker: Hosting | None = None
        """Who was sent it."""
        self.going = threading.Lock()
        """Held while it is sent: a word to stop comes after it."""
        self.short = 0.0
        """Since when there was no room for it on the server."""
        self.base: Mapping[int, int] = {}
        self.buffers: list[Any] = []
        self.big: dict[str, Any] = {}
        self.gave: Mapping[str, int] = {}
        """The large buffers that its worker has brought to the server, and their sizes."""
        self.given = {name: self._wrapped(value) for name, value in job.given.items()}
        self.literals = [[node, name, self._wrapped(value)] for (node, name), value in literals.items()]

    def stop(self, hosting: Hosting, hard: bool) -> None:
        """Ask the one who was sent it to stop."""
        with self.going:
            hosting.send({"c": "stop", "n": self.number, "hard": hard})

    def _wrapped(self, value: Any) -> dict[str, Any]:
        return wrap(value, self.buffers, lambda part: far(part, self.big))
