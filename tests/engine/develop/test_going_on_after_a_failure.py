"""A change that makes a node fail in a finished flow without loops, and the changes after it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from flodesk.engine.events import RunFinished, RunStarted
from flodesk.engine.session import Session
from flodesk.engine.table import Table

FLOW = """
import flodesk


def note(name, *values):
    print(name, flush=True)
    return sum(values)


def checked(x, least=0.0):
    print("checked", flush=True)
    if x < least:
        raise ValueError("too small")
    return x + 1.0


def flow():
    a = note("a", 5.0)
    b = checked(a, least=0.0)
    c = note("c", b, 100.0)
    other = note("other", a)


if __name__ == "__main__":
    flodesk.main(flow)
"""
NAMES = {"flow.a", "flow.b", "flow.c", "flow.other"}


class Edits:
    """A flow that is open, changed as the window does it."""

    def __init__(self, placed: Any, how: str) -> None:
        self.placed, self.how = placed, how
        placed.engine.watch(NAMES, set())

    def change(self, least: str) -> RunFinished:
        del self.placed.events[:]
        self.placed.finished.clear()
        if self.how == "set":
            self.placed.engine.set_parameter("flow.b", "least", least)
        else:
            self.placed.engine.swap(FLOW.replace("least=0.0)\n    c", f"least={least})\n    c"))
        ended: RunFinished = self.placed.wait()
        started = [event for event in self.placed.events if isinstance(event, RunStarted)]
        assert [event.run for event in started] == [ended.run]
        return ended

    @property
    def ran(self) -> list[str]:
        return [line.text for line in self.placed.lines() if line.text in ("a", "checked", "c", "other")]

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.placed.value(name) for name in sorted(NAMES)}

    @property
    def states(self) -> dict[str, str]:
        return {name.partition(".")[2]: state.state for name, state in self.placed.engine.states().items()}


@pytest.mark.parametrize("how", ["set", "swap"])
def test_what_failed_after_a_change_and_what_hangs_on_it_runs_after_the_next(placed: Any, how: str) -> None:
    edits = Edits(placed, how)
    first = placed.run(FLOW)
    values = placed.until(lambda: None not in edits.values.values() and edits.values)
    assert values == {"flow.a": 5.0, "flow.b": 6.0, "flow.c": 106.0, "flow.other": 5.0}

    failed = edits.change("9.0")
    assert (failed.run, failed.reason) == (f"{first.run}+1", "failed")
    assert "flow.b failed: ValueError: too small" in failed.message
    assert edits.ran == ["checked"]
    assert edits.states == {"a": "cached", "b": "failed", "c": "idle", "other": "cached"}

    again = edits.change("8.0")
    assert (again.run, again.reason, edits.ran) == (f"{first.run}+2", "failed", ["checked"])

    back = edits.change("0.0")
    assert (back.run, back.reason, back.message) == (f"{first.run}+3", "succeeded", "")
    assert edits.ran == ["checked", "c"]
    assert edits.values == values
    assert edits.states == {"a": "cached", "b": "done", "c": "done", "other": "cached"}

    assert (edits.change("1.0").reason, edits.ran) == ("succeeded", ["checked", "c"])


@pytest.mark.parametrize("how", ["set", "swap"])
def test_a_change_after_a_first_run_that_failed_runs_what_has_not_run(placed: Any, how: str) -> None:
    edits = Edits(placed, how)
    broken = FLOW.replace("least=0.0)\n    c", "least=9.0)\n    c")
    assert placed.run(broken).reason == "failed"
    assert edits.ran == ["a", "checked"]
    assert edits.change("0.0").reason == "succeeded"
    assert edits.ran == ["checked", "c", "other"]
    placed.until(lambda: edits.values == {"flow.a": 5.0, "flow.b": 6.0, "flow.c": 106.0, "flow.other": 5.0})
    answers: list[str] = []
    placed.engine.why("flow.other", answers.append)
    said = placed.until(lambda: answers)[0]
    assert said == "flow.other: it ran again: it had failed, or did not run as another node had"


def test_a_change_that_repairs_another_node_runs_what_failed_too(here: Any) -> None:
    edits = Edits(here, "swap")
    here.run(FLOW)
    assert edits.change("9.0").reason == "failed"
    del here.events[:]
    here.finished.clear()
    here.engine.swap(FLOW.replace('"a", 5.0', '"a", 50.0').replace("least=0.0)\n    c", "least=9.0)\n    c"))
    assert here.wait().reason == "succeeded"
    assert edits.ran == ["a", "checked", "c", "other"]
    here.until(lambda: edits.values["flow.c"] == 151.0)


def test_a_text_that_cannot_run_is_followed_by_one_that_can(here: Any) -> None:
    edits = Edits(here, "swap")
    run = here.run(FLOW).run
    # its end is told a moment before it is at rest, and till then a text that cannot run is only said to be none
    here.until(lambda: all(thread.name != f"flodesk {run}" for thread in threading.enumerate()))
    here.finished.clear()
    here.engine.swap(FLOW.replace("import flodesk", "import flodesk, no_such_module_at_all"))
    assert here.wait().reason == "failed"
    ended = edits.change("1.0")
    assert ended.reason == "succeeded", ended.message
    here.until(lambda: edits.values == {"flow.a": 5.0, "flow.b": 6.0, "flow.c": 106.0, "flow.other": 5.0})


QUEUED = """
import flodesk
from flodesk.nodes import queue

jobs = queue.Queue(size=10)


def root(x, least=0.0):
    if x < least:
        raise ValueError("too small")
    return x


def write():
    a = root(3.0, least=0.0)
    s = jobs.put(a)


def read():
    got = list(jobs)
    total = sum(got)


if __name__ == "__main__":
    flodesk.main(write, read)
"""


def test_functions_with_a_queue_between_them_start_anew(here: Any) -> None:
    here.engine.watch({"read.total"}, set())
    assert here.run(QUEUED).reason == "succeeded"
    for least, reason in (("9.0", "failed"), ("1.0", "succeeded")):
        here.finished.clear()
        here.engine.set_parameter("write.a", "least", least)
        assert here.wait().reason == reason, here.wait().message
    here.until(lambda: here.value("read.total") == 3.0)


@pytest.mark.parametrize("how", ["set", "swap"])
def test_a_change_at_the_very_end_of_a_run_is_not_lost(here: Any, how: str) -> None:
    edits = Edits(here, how)
    here.run(FLOW)
    listener, least = here.engine.listener, iter(["9.0", "0.0", "9.0", "1.0", "2.0"])

    def change_at_once(event: Any) -> None:
        """Change something while the engine still tells the end of the run before."""
        if isinstance(event, RunFinished) and (value := next(least, "")):
            if how == "set":
                here.engine.set_parameter("flow.b", "least", value)
            else:
                here.engine.swap(FLOW.replace("least=0.0)\n    c", f"least={value})\n    c"))
        listener(event)

    here.engine.listener = change_at_once
    here.engine.set_parameter("flow.b", "least", "3.0")
    here.until(lambda: len([event for event in here.events if isinstance(event, RunFinished)]) == 7)
    ends = [event.reason for event in here.events if isinstance(event, RunFinished)]
    assert ends == ["succeeded", "succeeded", "failed", "succeeded", "failed", "succeeded", "succeeded"]
    assert edits.states["c"] == "done"


def test_a_text_that_has_a_loop_may_come_at_the_very_end(here: Any) -> None:
    here.engine.watch({"flow.c"}, set())
    listener = here.engine.listener
    looped = FLOW.replace("    other = ", "    for i in (1, 2, 3):\n        c = i\n    other = ")
    texts = iter([looped])

    def change_at_once(event: Any) -> None:
        if isinstance(event, RunFinished) and (text := next(texts, "")):
            here.engine.swap(text)
        listener(event)

    here.engine.listener = change_at_once  # before the start: a run may be over before the next line
    here.start(FLOW)
    here.until(lambda: here.value("flow.c") == 3 and not here.engine.running)


@pytest.mark.parametrize("how", ["set", "swap"])
def test_a_change_before_the_end_has_been_told_is_not_lost(how: str) -> None:
    ends: list[tuple[str, str]] = []
    ended = threading.Event()

    def send(head: dict[str, Any], buffers: Any) -> None:
        """Change something on the run's own thread, while it tells its end."""
        if "RunFinished" not in head.values():
            return
        ends.append((head["run"], head["reason"]))
        if len(ends) == 1 and how == "set":
            session.receive({"c": "set", "node": "flow.b", "parameter": "least", "text": "9.0"})
        elif len(ends) == 1:
            session.receive({"c": "swap", "text": FLOW.replace("least=0.0)\n    c", "least=9.0)\n    c")})
        else:
            ended.set()

    session = Session(send, Table(memoryview(bytearray(1 << 16))))
    session.receive({"c": "open", "text": FLOW})
    session.receive({"c": "start", "run": "r"})
    assert ended.wait(20)
    assert ends == [("r", "succeeded"), ("r+1", "failed")]
    session.close()
