"""The engine's side of a question: `flodesk.engine.asking` is the client's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flodesk.engine.choices import NoChoicesError, choices
from flodesk.engine.load import LoadError
from flodesk.engine.run import Run
from flodesk.engine.threads import spawn_thread
from flodesk.engine.values import Buffers


class Answering:
    """Answers what a client asks: each command has a ``q``, and so has the one frame that comes back.

    Parameters
    ----------
    send : callable
        Takes (head, buffers) of each frame.
    newest : callable
        Gives the newest run, None where there was none.
    """

    def __init__(self, send: Callable[[dict[str, Any], Buffers], None], newest: Callable[[], Run | None]) -> None:
        self._send = send
        self._newest = newest

    def inspect(self, q: int, function: str, variable: str = "") -> None:
        """Say what is bound where a function is held, or all of one variable."""

        def answer(head: dict[str, Any], buffers: Buffers) -> None:
            self._send({"f": "answer", "q": q, **head}, buffers)

        run = self._newest()
        if run is None:
            answer({"error": "There is no run"}, [])
        else:
            run.steering.inspect(function, variable, answer)

    def why(self, q: int, node: str) -> None:
        """Say why a node ran, or did not."""
        run = self._newest()
        text = run.why(node) if run is not None else f"{node} has not run since the flow was opened"
        self._send({"f": "answer", "q": q, "text": text}, [])

    def choices(self, q: int, text: str, path: str, node: str, parameter: str, values: dict[str, str]) -> None:
        """Say what a field can be chosen from, from a thread of its own: what computes it is foreign code."""
        run = self._newest()
        running = run.loaded if run is not None and not run.over.is_set() else None

        def work() -> None:
            try:
                said: dict[str, Any] = {"entries": choices(text, path, node, parameter, values, running=running)}
            except (LoadError, NoChoicesError) as error:
                said = {"error": str(error)}
            self._send({"f": "answer", "q": q, **said}, [])

        spawn_thread(work, f"flodesk choices of {node}")
