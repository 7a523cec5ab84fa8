"""Random flows of two functions and a queue, with and without pauses: each calls what its script calls."""

from __future__ import annotations

import importlib.util
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.engine.client import InProcess
from flodesk.engine.events import Event, NodeFailed, RunFinished
from flodesk.engine.load import MODULE_NAME

_BESIDE = importlib.util.spec_from_file_location("drawn", Path(__file__).with_name("test_engine_equals_script.py"))
assert _BESIDE is not None
assert _BESIDE.loader is not None
drawn = importlib.util.module_from_spec(_BESIDE)
_BESIDE.loader.exec_module(drawn)
blocks = drawn.blocks

HEAD = drawn.HEAD.replace(
    "log = []\n",
    '''
import threading
from flodesk.nodes import queue


class Log:
    """A list for each thread: what runs side by side is not compared with one another."""

    def __init__(self):
        self.own = {}

    def append(self, entry):
        self.own.setdefault(threading.current_thread(), []).append(entry)


log = Log()
''',
    1,
)
SUBFLOW = ["def sub(x, y=3, *more, **named):", "    a = note('sub', x, y)", "    p = split(a)", "    return p.high"]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw two functions: one puts what it computes into a queue, the other reads it in a loop."""
    before, names = draw(blocks((), 1, "v", ("sub",)))
    inner, inside = draw(blocks((*names, "turn"), 1, "w", ("sub",)))
    read, _ = draw(blocks(("value",), 2, "r", ("sub",)))
    full = draw(st.sampled_from(["block", "block", "fail"]))
    size = 1000 if full == "fail" else draw(st.integers(1, 5))
    writer = [
        "note('writer')", *before, f"for turn in upto({draw(st.integers(0, 9))}):", *(f"    {line}" for line in inner),
        f"    sent = jobs.put({draw(st.sampled_from(inside))})",
    ]  # fmt: skip
    reader = ["note('reader')", "for value in jobs:", *(f"    {line}" for line in read)]
    parts = [f"jobs = queue.Queue(size={size}, full={full!r})", "\n", *SUBFLOW]
    for name, lines in (("acquire", writer), ("report", reader)):
        parts += ["\n", f"def {name}():", *(f"    {line}" for line in lines)]
    return HEAD + "\n".join(parts) + '\n\n\nif __name__ == "__main__":\n    flodesk.main(acquire, report)\n'


def sorted_logs(log: Any) -> dict[str, list[Any]]:
    return {entries[0][0]: entries for entries in log.own.values()}


def plainly(text: str) -> dict[str, list[Any]]:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)

    def acquire() -> None:
        space["acquire"]()
        space["jobs"].close()

    threads = [threading.Thread(target=work) for work in (acquire, space["report"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    return sorted_logs(space["log"])


def by_engine(text: str, pauses: int) -> dict[str, list[Any]]:
    events: list[Event] = []
    over = threading.Event()

    def take(event: Event) -> None:
        events.append(event)
        if isinstance(event, RunFinished):
            over.set()

    engine = InProcess(take)
    try:
        engine.open(text)
        engine.start()
        for _ in range(pauses):
            engine.pause()
            engine.resume()
        while not over.wait(0.2):
            engine.resume()  # a pause that came late must not hold it for ever
            assert len(events) < 10_000
    finally:
        engine.close()
    assert [e for e in events if isinstance(e, NodeFailed)] == []
    assert events[-1].reason == "succeeded"  # type: ignore[attr-defined]
    return sorted_logs(sys.modules[MODULE_NAME].log)


@given(text=texts(), pauses=st.integers(0, 4))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_two_functions_and_a_queue_call_what_their_script_calls(text: str, pauses: int) -> None:
    assert by_engine(text, pauses) == plainly(text)


@pytest.mark.long
@pytest.mark.timeout(1800)
@given(text=texts(), pauses=st.integers(0, 12))
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
def test_very_many_pairs_of_functions_call_what_their_scripts_call(text: str, pauses: int) -> None:
    assert by_engine(text, pauses) == plainly(text)
