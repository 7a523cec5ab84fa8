"""The engine's side of a question: `flodesk.engine.asking` is the client's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flodesk.engine.calls import UNBOUND
from flodesk.engine.choices import NoChoicesError, choices
from flodesk.engine.control import Control
from flodesk.engine.errors import one_line
from flodesk.engine.expected.forms import forms_of
from flodesk.engine.insight import insight, size_of
from flodesk.engine.load import LoadError, parse
from flodesk.engine.newest import newest
from flodesk.engine.open_flow import OpenFlow
from flodesk.engine.result import left
from flodesk.engine.run import Run
from flodesk.engine.threads import guarded, interrupt, spawn_thread
from flodesk.engine.values import Buffers
from flodesk.flow.edit import EditError
from flodesk.flow.script import write

CHOICES_SECONDS = 10.0
"""So long somebody may look at an open list that says that it is being filled."""
_RESTART = "“Restart the engine” ends it."


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
        self._hanging: set[tuple[str, str]] = set()

    def inspect(self, q: int, function: str, variable: str = "") -> None:
        """Say what is bound where a function is held, or all of one variable."""

        def answer(head: dict[str, Any], buffers: Buffers) -> None:
            self._send({"f": "answer", "q": q, **head}, buffers)

        run = self._newest()
        if run is None:
            answer({"error": "There is no run"}, [])
        else:
            run.steering.inspect(function, variable, answer)

    def examine(self, q: int, name: str) -> None:
        """Look closely at the newest value of a port, from a thread of its own: it may be big."""
        run = self._newest()
        value, _ = newest(run.runners, name) if run is not None else (UNBOUND, None)
        if value is UNBOUND:
            self._send({"f": "answer", "q": q, "error": "no value yet"}, [])
            return

        def work() -> None:
            self._send({"f": "answer", "q": q, "insight": insight(value).to_json()}, [])

        spawn_thread(work, f"flodesk look at {name}")

    def weigh(self, q: int, names: list[str]) -> None:
        """Say how many bytes the newest values of ports take, of those of which that is cheaply known."""
        run = self._newest()
        values = {name: newest(run.runners, name)[0] for name in names} if run is not None else {}
        sizes = {name: _size(value) for name, value in values.items() if value is not UNBOUND}
        self._send({"f": "answer", "q": q, "weights": {name: size for name, size in sizes.items() if size >= 0}}, [])

    def why(self, q: int, node: str) -> None:
        """Say why a node ran, or did not."""
        run = self._newest()
        text = run.why(node) if run is not None else f"{node} has not run since the flow was opened"
        self._send({"f": "answer", "q": q, "text": text}, [])

    def expect(self, q: int, text: str, path: str, opened: OpenFlow) -> None:
        """Say what the newest run has given, as it is written down for a test, from a thread of its own.

        Which of it is the same in each run is for the client to say, which knows the node types.

        Parameters
        ----------
        text, path : str
            The flow as the client has it: the run has to be of that one, and over.
        opened : OpenFlow
            The flow as it is here.
        """
        run = self._newest()

        def answer() -> dict[str, Any]:
            if run is None or not run.over.is_set():
                return {"error": "There is no run that is over"}
            if run.part is not None or run.put_back or run.report.reason != "succeeded":
                return {"error": "The last run was not one of the whole flow that ended well"}
            plans = {function: runner.plan for function, runner in run.runners.items()}
            flow = parse(text, path)
            if write(replace(parse(opened.written(plans), path), header=flow.header)) != write(flow):
                return {"error": "The flow was changed since it ran"}
            forms, formless = forms_of(values, Path(path).parent)
            return {"forms": forms, "formless": formless}

        def work() -> None:
            try:
                said = answer()
            except (LoadError, EditError) as error:
                said = {"error": str(error)}
            except Exception as error:  # noqa: BLE001 - values are foreign, and whoever asks waits for an answer
                said = {"error": one_line(error) or type(error).__name__}
            self._send({"f": "answer", "q": q, **said}, [])

        # at once: what is gone on with after a change would give others meanwhile
        values = left(run)[1] if run is not None and run.over.is_set() else {}
        spawn_thread(work, "flodesk values of a test")

    def choices(self, q: int, text: str, path: str, node: str, parameter: str, values: dict[str, str]) -> None:
        """Say what a field can be chosen from, from a thread of its own: what computes it is foreign code.

        One that does not return is given up, and ended like a node that was asked to stop.
        """
        what = f"What computes the choices of {node}.{parameter}"
        if (node, parameter) in self._hanging:
            self._send({"f": "answer", "q": q, "error": f"{what} has still not returned. {_RESTART}"}, [])
            return
        run = self._newest()
        running = run.loaded if run is not None and not run.over.is_set() else None
        control, over = Control(), threading.Event()
        said: dict[str, Any] = {}

        def compute() -> None:
            try:
                said["entries"] = choices(text, path, node, parameter, values, running=running, control=control)
            except (LoadError, NoChoicesError) as error:
                said["error"] = str(error)

        def work() -> None:
            ended = guarded(control, compute)
            if ended is not None:
                said["error"] = one_line(ended) or type(ended).__name__
            self._hanging.discard((node, parameter))
            over.set()

        def wait() -> None:
            spawn_thread(work, f"flodesk choices of {node}")
            if over.wait(CHOICES_SECONDS):
                self._send({"f": "answer", "q": q, **said}, [])
                return
            self._hanging.add((node, parameter))
            if over.is_set():
                self._hanging.discard((node, parameter))
            control.stop()
            interrupt(lambda: [control], over)
            hint = "" if over.is_set() else f" {_RESTART}"
            why = f"{what} did not return within {CHOICES_SECONDS:g} s.{hint}"
            self._send({"f": "answer", "q": q, "error": why}, [])

        spawn_thread(wait, f"flodesk answer about {node}")


def _size(value: Any) -> int:
    try:
        return size_of(value)
    except Exception:  # noqa: BLE001 - a foreign class may raise in anything that it is asked
        return -1
