"""Whatever a run does after its end, or after the next one was asked for, stays with it."""

from __future__ import annotations

import threading
import time
import types

import pytest

from flodesk.engine.ids import new_run, whole
from flodesk.engine.mailbox import Mailbox
from flodesk.engine.table import Table

COUNTING = """
import itertools
import flodesk


def pace(x):
    flodesk.context().sleep(0.002)
    return x


def flow():
    for number in itertools.count(START):
        value = pace(number)


if __name__ == "__main__":
    flodesk.main(flow)
"""

STUCK = """
import flodesk
import gate_of_test


def hang():
    gate_of_test.waiting.set()
    gate_of_test.gate.wait()
    return "late"


def flow():
    for number in range(3):
        value = hang()


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_ids_sort_by_time_and_are_never_the_same() -> None:
    made: list[str] = []
    together = threading.Barrier(4)

    def make() -> None:
        together.wait()
        made.extend(new_run() for _ in range(2000))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000
    first = new_run()
    time.sleep(0.002)
    assert max(made) < first < new_run()
    assert whole(f"{first}+3") == first


def test_values_of_the_run_before_never_show_in_the_next(placed) -> None:
    """The next run is started while values of the one before are on their way."""
    placed.engine.watch({"flow.value", "flow.number"}, {"flow.number"})
    for turn in range(8):
        first, second = 1_000_000 * (2 * turn + 1), 1_000_000 * (2 * turn + 2)
        placed.start(COUNTING.replace("START", str(first)))
        placed.until(lambda first=first: (placed.value("flow.value") or 0) > first)
        placed.start(COUNTING.replace("START", str(second)))
        seen: list[int] = []

        def arrived(seen=seen, second=second) -> bool:
            found = placed.value("flow.value")
            seen.extend([found] if found is not None else [])
            return bool(seen) and seen[-1] >= second + 5

        placed.until(arrived)
        assert min(seen) >= second
    placed.stop()


def test_frames_that_come_too_late_are_dropped() -> None:
    mail = Mailbox(memoryview(bytearray(800)).cast("q"))
    mail.watch(frozenset({"flow.a"}), frozenset())
    frame = {"f": "values", "n": 1, "items": [{"name": "flow.a", "seq": 1, "own": 0, "full": {"kind": "plain"}}]}
    mail.begin("second")
    mail.take({**frame, "run": "first"}, [])
    assert mail.values() == {}
    mail.take(
        {
            "f": "layout",
            "run": "first",
            "function": "flow",
            "first": 0,
            "count": 5,
            "rows": [["flow.a", 0, 4, False]],
        },
        [],
    )
    assert mail.states() == {}
    mail.take(
        {
            "f": "layout",
            "run": "second+1",
            "function": "flow",
            "first": 0,
            "count": 5,
            "rows": [["flow.b", 0, 4, False]],
        },
        [],
    )
    assert list(mail.states()) == ["flow.b"]


def test_a_run_that_was_superseded_before_it_began_is_not_taken_for_the_newest() -> None:
    mail = Mailbox(memoryview(bytearray(800)).cast("q"))
    mail.begin("first")
    mail.begin("second")
    mail.take({"f": "event", "event": "RunStarted", "run": "first", "time": 0.0}, [])
    assert mail.run == "second"
    mail.take({"f": "event", "event": "RunFinished", "run": "first", "reason": "stopped"}, [])
    assert mail.running


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch):
    module = types.ModuleType("gate_of_test")
    module.gate, module.waiting = threading.Event(), threading.Event()
    monkeypatch.setitem(__import__("sys").modules, "gate_of_test", module)
    yield module
    module.gate.set()


def test_a_node_that_returns_after_its_run_was_given_up_touches_nothing_of_the_next(here, gate) -> None:
    here.engine.watch({"flow.value"}, set())
    left = here.start(STUCK)
    assert gate.waiting.wait(60)
    assert here.stop().reason == "killed"
    after = here.start(COUNTING.replace("START", "0"))
    here.until(lambda: here.value("flow.value"))
    stuck = [t for t in threading.enumerate() if t.name.startswith(f"flodesk {left}")]
    assert stuck
    before = len(here.events)
    gate.gate.set()
    for thread in stuck:
        thread.join(60)
    count = here.engine.states()["flow.value"].count
    here.until(lambda: here.engine.states()["flow.value"].count > count + 5)
    states = here.engine.states()
    assert {state.state for state in states.values()} <= {"running", "done"}, "the late node failed in its own cells"
    assert isinstance(here.value("flow.value"), int)
    assert {event.run for event in here.events[before:]} <= {after}
    here.stop()


def test_the_next_run_has_cells_of_its_own() -> None:
    """A node that was left behind still writes into its own, and the last states of a run can be read after its end."""
    table = Table(memoryview(bytearray(8 * 100)))
    before, first = table.take("flow", 30)
    before[0] = 7
    table.clear()
    after, second = table.take("flow", 30)
    assert (first, second) == (0, 30)
    assert (before[0], after[0]) == (7, 0)
