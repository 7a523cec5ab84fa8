"""What the cells tell of a node beside running and done: queued, not run again, waiting to start anew, behind."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from flodesk.cli.progress import Lines
from flodesk.engine.client import InProcess
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control
from flodesk.engine.errors import NodeError, StopRun
from flodesk.engine.events import Event, RunFinished
from flodesk.engine.glance import Progress
from flodesk.engine.headless import run
from flodesk.engine.load import load
from flodesk.engine.loop import Runner
from flodesk.engine.states import NodeState
from flodesk.engine.table import FAILED, WAITING, Layout, states
from flodesk.engine.tolerance import Rules, Tolerance

TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def header(*lines: str) -> str:
    return "".join(f"# {line}\n" for line in ("/// script", "[tool.flodesk]", "version = 1", *lines, "///"))


def seen_by(body: str, ended: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """Run a flow whose function ``look`` notes the states of all nodes each time that it is called."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    text = f"import flodesk\n\n\ndef look(x):\n    return peek(x)\n\n\ndef flow():\n{lines}{TAIL}"
    plan = compile_plan(load(text, ""), "flow")
    cells = memoryview(bytearray(8 * plan.cells)).cast("q")
    layout = Layout.from_json(Layout("flow", 0, plan.cells, plan.rows).to_json())
    found: list[dict[str, str]] = []

    def peek(x: Any) -> Any:
        told = states(cells, [layout], {}, True, ended)
        found.append({name.partition(".")[2]: state.state for name, state in told.items()})
        return x

    plan.loaded.namespace["peek"] = peek
    Runner(plan, Control(), cells, lambda *line: None, lambda other: cells, keep=False).run()
    return found


BODY = """
a = abs(-1)
for k in range(2):
    b = look(k)
    if b:
        c = abs(b)
    else:
        d = abs(b)
    e = abs(k)
z = abs(a)
"""


def test_what_comes_in_a_block_that_is_on_is_queued() -> None:
    first, second = seen_by(BODY)
    same = {"a": "done", "k": "done", "b": "running", "z": "queued", "c": "idle"}
    assert first == {**same, "d": "idle", "e": "queued", "if_1": "queued"}
    assert second == {**same, "d": "done", "e": "done", "if_1": "done"}


def test_nothing_of_a_function_that_has_ended_is_queued() -> None:
    assert [told["z"] for told in seen_by(BODY, ended=("flow",))] == ["idle", "idle"]


def test_what_a_loop_was_left_before_is_not_queued() -> None:
    body = "for k in range(3):\n    b = look(k)\n    if b == 0:\n        break\n    e = abs(b)\nz = look(3)\ny = abs(z)"
    first, last = seen_by(body)
    assert (first["e"], first["y"]) == ("queued", "queued")
    assert (last["e"], last["y"]) == ("idle", "queued")


class Bench:
    """An engine in this process."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.engine = InProcess(self._take)
        self.message = ""

    def _take(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            self.message = event.message
            self.over.set()

    def start(self, text: str = "") -> None:
        if text:
            self.engine.open(text)
        self.over.clear()
        self.engine.start()

    def to_end(self) -> Mapping[str, NodeState]:
        assert self.over.wait(20)
        return self.engine.states()

    def until(self, true: Callable[[Mapping[str, NodeState]], bool]) -> Mapping[str, NodeState]:
        deadline = time.monotonic() + 60
        while not true(found := self.engine.states()):
            assert time.monotonic() < deadline, found
            time.sleep(0.005)
        return found


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.engine.close()


def test_a_result_from_the_cache_says_so(bench: Bench) -> None:
    slow = "import time\nimport flodesk\n\n\ndef slow(x=1):\n    time.sleep(0.03)\n    return x\n\n\n"
    text = header("cache = true") + slow + "def flow():\n    a = slow(x=4711)\n    b = abs(a)\n" + TAIL
    bench.start(text)
    assert {name: s.state for name, s in bench.to_end().items()} == {"flow.a": "done", "flow.b": "done"}
    bench.start()
    found = bench.to_end()
    assert {name: s.state for name, s in found.items()} == {"flow.a": "cached", "flow.b": "done"}
    assert found["flow.a"].count == 1


def test_what_does_not_run_again_after_a_change_says_so(bench: Bench) -> None:
    head = "import flodesk\n\n\ndef one(x=1):\n    return x\n\n\n"
    bench.start(head + "def flow():\n    a = one(x=1)\n    b = abs(a)\n    c = one(x=2)\n    d = abs(c)\n" + TAIL)
    assert {s.state for s in bench.to_end().values()} == {"done"}
    for changed, runs in (("c", "cd"), ("a", "ab")):
        bench.engine.set_parameter(f"flow.{changed}", "x", "7")
        wanted = {f"flow.{name}": "done" if name in runs else "cached" for name in "abcd"}
        bench.until(lambda found, wanted=wanted: {name: s.state for name, s in found.items()} == wanted)  # type: ignore[misc]


FAILING = """import flodesk


def broken():
    raise OSError("no line")
    yield


def flow():
    for k in broken():
        a = abs(k)
"""


def test_a_producer_that_waits_to_start_anew_says_so_until_it_is_stopped(bench: Bench) -> None:
    bench.start(header('on_error = "continue"', "backoff = 20") + FAILING + TAIL)
    found = bench.until(lambda found: found.get("flow.k", NodeState("idle")).state == "waiting")
    assert (found["flow.k"].failures, found["flow.k"].seconds) == (1, 20.0)
    bench.engine.stop()
    assert bench.to_end()["flow.k"].state == "failed"


def test_a_stop_that_comes_just_before_a_producer_waits_asks_it_no_more() -> None:
    control = Control()
    told = SimpleNamespace(restarts=lambda *_: control.stop())
    cells = memoryview(array("q", [1, FAILED, 0, 0]))
    with pytest.raises(StopRun):
        Tolerance(Rules("continue"), control, told).wait(NodeError(None, 0, [], OSError("no line")), 20.0, 1, cells)  # type: ignore[arg-type]
    assert cells[1] == WAITING, "which is a failure when the run is over"


def test_the_plain_progress_says_that_it_waits_and_the_end_counts_each_failure(
    capfd: pytest.CaptureFixture[str],
) -> None:
    seen: list[Progress] = []
    result = run(header('on_error = "continue"', "backoff = 0.05") + FAILING + TAIL, on_look=seen.extend)
    waits = [way for way in seen if way.waits]
    assert waits
    assert waits[-1].waits == "flow.k has failed 4 times in a row and starts anew after 0.4 s"
    assert waits[-1].fraction is None
    assert result.message.startswith("flow.k failed: OSError: no line")
    assert result.message.endswith("; flow.k failed 5 times and was started anew 4 times")
    lines = Lines()
    lines._next = 0.0
    lines.look(waits[-1:])
    assert waits[-1].waits in capfd.readouterr().err


def test_the_plain_progress_counts_one_iteration_and_several(capfd: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for many in (1, 2000):
        lines._next = 0.0
        lines.look([Progress("flow", "flow.signal", many)])
    one, several = capfd.readouterr().err.splitlines()
    assert "running, 1 iteration," in one
    assert "running, 2,000 iterations," in several


def test_a_side_branch_tells_how_far_it_is_behind(bench: Bench) -> None:
    head = "import threading\nimport flodesk\n\ngate = threading.Event()\n\n\n"
    head += "def slow(x):\n    gate.wait(60)\n    return x\n\n\n"
    body = "def flow():\n    for k in range(9):\n        a = abs(k)\n        b = slow(a)\n        c = abs(b)\n"
    bench.start(header("[tool.flodesk.detached.flow]", "b = 3") + head + body + TAIL)
    found = bench.until(lambda found: found.get("flow.b", NodeState("idle")).behind == 3)
    assert found["flow.c"].behind == -1, "it is told once"
    assert found["flow.b"].state == "running"
    run_ = bench.engine._session._run
    assert run_ is not None
    assert run_.loaded is not None
    run_.loaded.namespace["gate"].set()
    found = bench.to_end()
    assert (found["flow.b"].state, found["flow.b"].behind) == ("done", -1)


def test_a_loop_tells_how_long_it_took_once_it_is_over(bench: Bench) -> None:
    head = "import threading\nimport flodesk\n\ngate = threading.Event()\n\n\n"
    head += (
        "def ends(n, seconds):\n    for k in range(n):\n        flodesk.context().sleep(seconds)\n        yield k\n\n\n"
    )
    head += "def waits(x):\n    gate.wait(60)\n    flodesk.context().check()\n    return x\n\n\n"
    body = "def flow():\n    for k in ends(2, 0.02):\n        for j in ends(1, 0):\n            a = abs(j)\n"
    bench.start(header() + head + body + "    for m in ends(9, 0.01):\n        b = waits(m)\n" + TAIL)
    found = bench.until(lambda found: found.get("flow.b", NodeState("idle")).state == "running")
    assert 0.04 <= found["flow.k"].took < 20
    assert found["flow.j"].took == -1, "it was begun more than once: the loop around it says whether that is all"
    assert found["flow.m"].took == -1
    assert found["flow.b"].took == -1
    bench.engine.stop()
    run_ = bench.engine._session._run
    assert run_ is not None
    assert run_.loaded is not None
    run_.loaded.namespace["gate"].set()
    found = bench.to_end()
    assert found["flow.j"].took == 0
    assert 0.01 <= found["flow.m"].took < 20, "stopped in its first turn"


@pytest.mark.parametrize("told", ["another plan", "another producer"])
def test_a_loop_that_is_changed_in_its_course_is_timed_from_its_begin(bench: Bench, told: str) -> None:
    head = (
        "import flodesk\n\n\ndef ends(n, seconds):\n    for k in range(n):\n        flodesk.context().sleep(seconds)\n"
    )
    head += "        yield k\n\n\n"
    text = header() + head + "def flow():\n    for k in ends(1000000, 0.001):\n        a = abs(k)\n" + TAIL
    bench.start(text)
    bench.until(lambda found: found.get("flow.k", NodeState("idle")).count >= 1)
    began = time.monotonic()
    bench.until(lambda found: found["flow.k"].count >= 100)
    new = "        a = abs(k)\n        b = abs(a)\n" if told == "another plan" else "        a = abs(k)\n"
    changed = text.replace("        a = abs(k)\n", new)
    if told == "another producer":
        changed = changed.replace("1000000", "1000001")
    least = time.monotonic() - began
    bench.engine.swap(changed)
    if told == "another plan":
        bench.until(lambda found: found.get("flow.b", NodeState("idle")).count > 3)
    else:
        before = bench.engine.states()["flow.k"].count
        bench.until(lambda found: found["flow.k"].count > before + 20)
    bench.engine.stop()
    found = bench.to_end()
    assert found["flow.k"].count > 100
    assert found["flow.k"].took >= least, "the turns are those of the whole run, and so is the time"


def test_a_loop_that_fails_took_as_long_as_what_ran_in_it(bench: Bench) -> None:
    head = "import time\nimport flodesk\n\n\ndef slow(x):\n    time.sleep(0.03)\n    return x\n\n\n"
    body = "def flow():\n    for k in range(3):\n        a = slow(k)\n        b = abs('x')\n"
    bench.start(header() + head + body + TAIL)
    found = bench.to_end()
    assert found["flow.b"].state == "failed"
    assert 0.03 <= found["flow.k"].took < 20
