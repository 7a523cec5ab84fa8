"""The literals of the functions of a flow, for seats that have nobody who remembers them: all go with each job."""

from __future__ import annotations

from typing import Any

from flodesk.engine.places.protocol import Job


class Literals:
    """What was told of the literals last, each with its function: those of two functions may have one name."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str | int], Any] = {}

    def for_job(self, job: Job) -> dict[tuple[str, str | int], Any]:
        """Note those that come with a job, and return all that it may need: (statement, parameter) to value."""
        for statement, parameter, value in job.literals:
            # one with a dot names the function that is called there itself
            self._known["" if "." in statement else job.function, statement, parameter] = value
        return {(s, p): value for (of, s, p), value in self._known.items() if of in ("", job.function)}

    def clear(self) -> None:
        """Forget them: the text is another one."""
        self._known.clear()
