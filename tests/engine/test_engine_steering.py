"""Pause, steps and breakpoints: a loop is held where it was asked to be, its values can be seen, and it goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.engine.breaks import Frame, Held
from flodesk.engine.client import Host, Limits, Look
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control
from flodesk.engine.events import LoopFinished, Paused, Resumed, from_json, to_json
from flodesk.engine.headless import run
from flodesk.engine.holding import Holding
from flodesk.engine.load import load

LIVE = """
import flodesk
from flodesk.nodes import maths, timing


def flow():
    gain = maths.scale(1.0, factor=2.0)
    for k in timing.every(0.005):
        a = maths.add(k, 1)
        b = maths.multiply(a, gain)
        c = maths.subtract(b, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""

STRAIGHT = """
import flodesk


def flow():
    a = abs(-1)
    b = abs(a)
    c = abs(b)


if __name__ == "__main__":
    flodesk.main(flow)
"""

NESTED = """
import flodesk


def flow():
    start = abs(-7)
    for outer in range(3):
        x = abs(outer)
        for inner in range(2):
            y = abs(inner)
        z = abs(x)
    after = abs(start)


if __name__ == "__main__":
    flodesk.main(flow)
"""

HANGING = """
import flodesk


def bad(k):
    return sum(range(10**12))


def flow():
    for k in range(3):
        a = bad(k)


if __name__ == "__main__":
    flodesk.main(flow)
"""

UNSHOWN = """
import time
import flodesk


class Slow:
    def __repr__(self):
        time.sleep(60)


def flow():
    s = Slow()
    b = abs(1)


if __name__ == "__main__":
    flodesk.main(flow)
"""

TWO = """
import flodesk
from flodesk.nodes import timing


def first():
    for k in timing.every(0.005):
        a = abs(k)


def second():
    for n in timing.every(0.005):
        b = abs(n)


if __name__ == "__main__":
    flodesk.main(first, second)
"""


def pauses(watcher: Any) -> list[Paused]:
    return [event for event in watcher.events if isinstance(event, Paused)]


def next_pause(watcher: Any, do: Callable[[], Any]) -> Paused:
    """Do something, and return the place where the flow is held after it."""
    before = len(pauses(watcher))
    do()
    found: Paused = watcher.until(lambda: pauses(watcher)[before:])[0]
    return found


def places(watcher: Any, how: str, count: int) -> list[tuple[str, int]]:
    found = [next_pause(watcher, lambda: watcher.engine.step(how)) for _ in range(count)]
    return [(pause.node.removeprefix("flow."), pause.iteration) for pause in found]


def look(watcher: Any, function: str = "flow", variable: str = "") -> Look:
    found: list[Look] = []
    watcher.engine.inspect(function, found.append, variable)
    seen: Look = watcher.until(lambda: found)[0]
    return seen


def bound(watcher: Any) -> dict[str, str]:
    return {name: seen.text for name, seen in look(watcher).frames[-1].variables}


def held_from_the_start(watcher: Any, text: str) -> Paused:
    watcher.engine.open(text)
    watcher.finished.clear()
    return next_pause(watcher, lambda: watcher.engine.start(held=True))


# ------------------------------------------------------------------ pause
def test_a_pause_holds_every_loop_and_its_end_lets_them_go(placed) -> None:
    placed.engine.watch({"first.a", "second.b"}, set())
    placed.start(TWO)
    placed.until(lambda: placed.value("first.a") and placed.value("second.b"))
    placed.engine.pause()
    placed.until(lambda: len(pauses(placed)) == 2)  # told after it is held
    assert set(placed.engine.held) == {"first", "second"}
    assert [pause.why for pause in pauses(placed)] == ["paused", "paused"]
    counts = {name: state.count for name, state in placed.engine.states().items()}
    assert {state.state for state in placed.engine.states().values()} == {"paused", "done"}
    time.sleep(0.05)
    assert {name: state.count for name, state in placed.engine.states().items()} == counts
    placed.engine.resume("second")
    placed.until(lambda: placed.engine.states()["second.b"].count > counts["second.b"] + 3)
    placed.until(lambda: set(placed.engine.held) == {"first"})
    placed.engine.resume()
    placed.until(lambda: placed.engine.states()["first.a"].count > counts["first.a"] + 3)
    placed.until(lambda: {e.function for e in placed.events if isinstance(e, Resumed)} == {"first", "second"})
    assert placed.stop().reason == "stopped"


def test_a_loop_whose_producer_waits_is_held_at_once(placed) -> None:
    placed.start(LIVE.replace("0.005", "3600.0"))
    placed.until(lambda: placed.engine.states().get("flow.c") and placed.engine.states()["flow.c"].count == 1)
    pause = next_pause(placed, placed.engine.pause)
    assert (pause.node, pause.iteration, pause.why) == ("flow.k", 2, "paused")
    assert placed.engine.states()["flow.k"].state == "paused"
    placed.engine.set_parameter("flow.k", "period", "0.005")
    placed.engine.resume()
    placed.until(lambda: placed.engine.states()["flow.c"].count > 3)
    assert placed.stop().reason == "stopped"


QUEUE = """
import flodesk
from flodesk.nodes import queue, timing

jobs = queue.Queue(size=2)


def write():
    for k in timing.every(0.001):
        sent = jobs.put(k)


def read():
    for value in jobs:
        a = abs(value)
        b = flodesk.context().sleep(0.02)


if __name__ == "__main__":
    flodesk.main(write, read)
"""


def test_loops_that_wait_for_each_other_are_held_at_once_and_go_on(placed) -> None:
    placed.start(QUEUE)
    for _ in range(3):
        placed.until(lambda: placed.engine.states().get("read.a") and placed.engine.states()["read.a"].count > 3)
        placed.engine.pause()
        placed.until(lambda: set(placed.engine.held) == {"write", "read"})
        count = placed.engine.states()["read.a"].count
        placed.engine.resume("read")  # it reads what waits in the queue (there may be none), and then waits itself
        placed.until(lambda: "read" not in placed.engine.held)
        placed.engine.pause()
        placed.until(lambda: set(placed.engine.held) == {"write", "read"})
        placed.engine.resume()
        placed.until(lambda count=count: placed.engine.states()["read.a"].count > count + 5)
    assert placed.stop().reason == "stopped"


def test_the_time_of_a_pause_does_not_count_for_the_limits(placed) -> None:
    placed.run(STRAIGHT + "\nfrom flodesk.nodes import maths, timing\n")  # what it imports does not take of its time
    placed.engine.open(LIVE)
    placed.finished.clear()
    placed.engine.start(limits=Limits(timeout=1.0), held=True)
    placed.until(lambda: placed.engine.held)
    assert not placed.finished.wait(1.5)
    placed.engine.resume()
    end = placed.wait()
    assert (end.reason, "longer" in end.message or "1 s" in end.message) == ("failed", True)


def test_a_run_may_begin_held_and_go_node_by_node(placed) -> None:
    pause = held_from_the_start(placed, STRAIGHT)
    assert (pause.node, pause.iteration, pause.depth) == ("flow.a", 0, 1)
    assert bound(placed) == {}
    assert places(placed, "over", 2) == [("b", 0), ("c", 0)]
    assert bound(placed) == {"a": "1", "b": "1"}
    assert {n: s.state for n, s in placed.engine.states().items()} == {
        "flow.a": "done",
        "flow.b": "done",
        "flow.c": "paused",
    }
    placed.engine.step("over")
    assert placed.wait().reason == "succeeded"
    assert placed.engine.held == {}


def test_a_pause_while_the_file_loads_holds_the_first_node(placed) -> None:
    placed.start("import time\n\ntime.sleep(0.3)\n" + STRAIGHT)
    placed.engine.pause()
    assert placed.until(lambda: pauses(placed))[0].node == "flow.a"
    placed.engine.resume()
    assert placed.wait().reason == "succeeded"


def test_a_pause_that_comes_too_late_holds_nothing_later(here) -> None:
    here.run(STRAIGHT)
    here.engine.pause()
    here.finished.clear()
    here.engine.set_parameter("flow.b", "x", "2")
    here.engine.set_parameter("flow.a", "x", "-5")
    assert here.wait().reason == "succeeded"
    assert not pauses(here)


@pytest.mark.parametrize("how", ["stop", "start", "close", "restart"])
def test_what_is_held_ends_at_once(placed, how: str) -> None:
    placed.engine.set_breaks({"flow.b": ""})
    placed.start(LIVE)
    placed.until(lambda: placed.engine.held)
    start = time.perf_counter()
    if how == "close":
        placed.engine.close()
        assert not placed.engine.running
    elif how == "start":
        placed.engine.set_breaks({})
        placed.finished.clear()
        placed.engine.start()
        assert placed.wait().reason == "stopped"
        placed.until(lambda: placed.engine.states().get("flow.c") and placed.engine.states()["flow.c"].count > 2)
        placed.stop()
    else:
        placed.finished.clear()
        getattr(placed.engine, how)()
        assert placed.wait().reason == "stopped"
    assert time.perf_counter() - start < 10  # measured: 10 ms; a process that is ended takes 1.5 s
    assert placed.engine.held == {}


# ------------------------------------------------------------------ steps
def test_steps_from_node_to_node_and_from_turn_to_turn(placed) -> None:
    held_from_the_start(placed, NESTED)
    assert places(placed, "over", 5) == [("outer", 1), ("x", 1), ("inner", 1), ("y", 1), ("inner", 1)]
    assert places(placed, "iteration", 1) == [("inner", 1)]
    assert bound(placed) == {"start": "7", "outer": "0", "x": "0", "inner": "1", "y": "1"}
    assert places(placed, "iteration", 3) == [("z", 1), ("outer", 2), ("outer", 3)]
    assert places(placed, "over", 1) == [("x", 3)]
    assert places(placed, "iteration", 2) == [("outer", 4), ("after", 0)]
    placed.engine.resume()
    assert placed.wait().reason == "succeeded"


SUBFLOW = """
import flodesk


def inner(x):
    low = abs(x)
    high = abs(low)
    return high


def flow():
    for k in range(3):
        a = abs(k)
        b = inner(a)
        c = abs(b)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_steps_go_into_subflows_over_them_and_out(placed) -> None:
    held_from_the_start(placed, SUBFLOW)
    assert places(placed, "over", 5) == [("a", 1), ("b", 1), ("c", 1), ("k", 2), ("a", 2)]
    assert places(placed, "into", 2) == [("b", 2), ("inner.low", 2)]
    assert pauses(placed)[-1].depth == 2
    frames = look(placed).frames
    assert [(frame.function, frame.node) for frame in frames] == [("flow", "flow.b"), ("inner", "inner.low")]
    assert {name: seen.text for name, seen in frames[1].variables} == {"x": "1"}
    assert look(placed, variable="flow.k").text == "1"
    assert placed.engine.states()["inner.low"].state == "paused"
    assert places(placed, "over", 1) == [("inner.high", 2)]
    assert places(placed, "out", 1) == [("c", 2)]
    placed.engine.set_breaks({"inner.high": "low == 2", "inner.x -> low.x": ""})
    pause = next_pause(placed, placed.engine.resume)
    assert (pause.node, pause.iteration, pause.depth, pause.function) == ("inner.high", 3, 2, "flow")
    assert places(placed, "over", 2) == [("inner.return", 3), ("c", 3)]
    placed.engine.resume()
    assert placed.wait().reason == "succeeded"


def test_one_iteration_from_the_start_is_one_turn_of_the_outer_loop(here) -> None:
    held_from_the_start(here, NESTED)
    assert places(here, "iteration", 3) == [("outer", 1), ("outer", 2), ("outer", 3)]


# ------------------------------------------------------------------ breakpoints
def test_a_breakpoint_holds_before_its_node_where_its_condition_holds(placed) -> None:
    placed.engine.set_breaks({"flow.b": "a > 4 and a % 2 == 0"})
    placed.start(LIVE)
    pause = placed.until(lambda: pauses(placed))[0]
    assert pause == Paused(pause.run, "flow", "flow.b", 6, "breakpoint (a > 4 and a % 2 == 0)")
    assert bound(placed) == {"gain": "2", "k": "5", "a": "6", "b": "10", "c": "9"}
    assert (look(placed, variable="a").value, look(placed, variable="flow.k").text) == (6, "5")
    assert "no value here" in look(placed, variable="nobody").error
    pause = next_pause(placed, placed.engine.resume)
    assert (pause.node, pause.iteration) == ("flow.b", 8)
    placed.engine.set_breaks({})
    placed.engine.resume()
    placed.until(lambda: placed.engine.states()["flow.c"].count > 15)
    assert "is not held" in look(placed).error
    assert placed.stop().reason == "stopped"


def test_a_breakpoint_of_a_wire_holds_when_its_value_was_made(placed) -> None:
    placed.engine.set_breaks({"flow.b -> c.a": "b == 6", "flow.k -> a.values[0]": "k == 4", "flow.gain -> b.b": ""})
    placed.start(LIVE)
    found = [placed.until(lambda: pauses(placed))[0]]
    assert bound(placed) == {"gain": "2"}
    for names in ({"b": "6"}, {"k": "4", "a": "4"}):
        found.append(next_pause(placed, placed.engine.resume))
        assert names.items() <= bound(placed).items()
    assert [(pause.node, pause.wire, pause.iteration) for pause in found] == [
        ("flow.gain", "flow.gain -> b.b", 0),
        ("flow.b", "flow.b -> c.a", 3),
        ("flow.k", "flow.k -> a.values[0]", 5),
    ]
    assert found[1].why == "the value of this wire was made (b == 6)"
    placed.stop()


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("nobody > 3", "the condition of the breakpoint failed: nobody > 3 (NameError: name 'nobody' is not defined)"),
        ("a >", "the condition of the breakpoint cannot be read: a > (invalid syntax"),
        ("exit()", "the condition of the breakpoint cannot be read: exit() (a condition cannot call exit()"),
        ("1 / 0", "the condition of the breakpoint failed: 1 / 0 (ZeroDivisionError"),
    ],
)
def test_a_condition_that_fails_holds_and_says_so(placed, condition: str, words: str) -> None:
    placed.engine.set_breaks({"flow.b": condition})
    placed.start(LIVE)
    pause = placed.until(lambda: pauses(placed))[0]
    assert pause.why.startswith(words)
    assert placed.stop().reason == "stopped"


def test_a_condition_may_use_the_iteration_and_functions_that_only_look(here) -> None:
    here.engine.set_breaks({"flow.b": "iteration >= 4 and any(a + n == 10 for n in range(3))"})
    here.start(LIVE)
    assert here.until(lambda: pauses(here))[0].iteration == 8


def test_a_breakpoint_on_a_producer_holds_before_each_turn(placed) -> None:
    placed.engine.set_breaks({"flow.outer": ""})
    placed.start(NESTED)
    first = placed.until(lambda: pauses(placed))[0]
    others = [next_pause(placed, placed.engine.resume) for _ in range(3)]
    assert [(p.node, p.iteration) for p in [first, *others]] == [("flow.outer", n) for n in (1, 2, 3, 4)]
    placed.engine.resume()
    assert placed.wait().reason == "succeeded"


def test_other_loops_go_on(placed) -> None:
    placed.engine.set_breaks({"first.a": "k == 3"})
    placed.start(TWO)
    placed.until(lambda: placed.engine.held)
    count = placed.engine.states()["second.b"].count
    placed.until(lambda: placed.engine.states()["second.b"].count > count + 5)
    assert set(placed.engine.held) == {"first"}
    assert placed.engine.states()["first.a"].count == 3
    assert next_pause(placed, lambda: placed.engine.step("iteration")).function == "first", "a step is for what is held"
    assert set(placed.engine.held) == {"first"}


def test_a_breakpoint_that_is_set_in_the_middle_of_a_turn_holds_in_it(here) -> None:
    held_from_the_start(here, STRAIGHT)
    here.engine.set_breaks({"flow.c": ""})
    assert next_pause(here, here.engine.resume).node == "flow.c"


def test_no_value_is_dropped_while_there_are_breakpoints(here) -> None:
    here.engine.set_breaks({"flow.z": ""})
    here.start(NESTED.replace("z = abs(x)", "z = abs(1)"))
    here.until(lambda: pauses(here))
    assert "x" in bound(here), "x was read for the last time long ago"


def test_breakpoints_of_no_node_are_nothing(here) -> None:
    here.engine.set_breaks({"flow.nobody": "", "elsewhere.a": "", "flow.nobody -> x.y": "", "": "", "nonsense": "1"})
    assert here.run(STRAIGHT).reason == "succeeded"
    assert not pauses(here)


def test_breakpoints_survive_a_swap_and_a_new_process(host) -> None:
    host.engine.set_breaks({"flow.b": "a % 3 == 0", "flow.extra": "a % 4 == 0"})
    host.start(LIVE)
    assert host.until(lambda: pauses(host))[0].iteration == 3
    host.engine.swap(LIVE.replace("        c =", "        extra = maths.add(a, 1)\n        c ="))
    found: list[Paused] = []
    while not any(pause.node == "flow.extra" for pause in found):  # the text is read while the loop turns
        found.append(next_pause(host, host.engine.resume))
    found += [next_pause(host, host.engine.resume) for _ in range(3)]
    every = {"flow.b": 3, "flow.extra": 4}
    first, last = found[0].iteration, found[-1].iteration
    since = next(pause.iteration for pause in found if pause.node == "flow.extra")
    assert first == min(6, since), "held where it was before, it may take the other text at its next turn"
    wanted = [(n, node) for n in range(first, last + 1) for node in every if n % every[node] == 0]
    wanted = [(n, node) for n, node in wanted if node == "flow.b" or n >= since]
    assert [(pause.iteration, pause.node) for pause in found] == wanted[: len(found)]
    pid = host.engine.pid
    host.finished.clear()
    host.engine.restart()
    assert host.wait().reason == "stopped"
    host.until(lambda: host.engine.pid not in (0, pid))
    pause = next_pause(host, host.engine.start)
    assert (pause.node, pause.iteration) == ("flow.b", 3)


def test_the_engine_starts_anew_by_hand_whatever_it_does(host) -> None:
    host.start(HANGING)
    host.until(lambda: "flow.a" in host.engine._mail.at_work())
    pid = host.engine.pid
    host.engine.restart()
    end = host.wait()
    assert end.reason == "killed"
    assert "“flow.a” did not return" in end.message
    assert [e.reason for e in host.events if isinstance(e, LoopFinished)] == ["killed"]
    host.until(lambda: host.engine.pid not in (0, pid))
    assert host.run(STRAIGHT).reason == "succeeded"


def test_a_question_to_an_engine_that_ends_is_answered(host) -> None:
    host.engine.set_breaks({"flow.b": ""})
    host.start(UNSHOWN)
    host.until(lambda: host.engine.held)
    found: list[Look] = []
    host.engine.inspect("flow", found.append, "s")
    assert "ended" in host.until(lambda: host.stop() and found)[0].error


# ------------------------------------------------------------------ changes
def test_a_parameter_changed_while_held_acts_on_the_next_call_and_the_newest_wins(placed) -> None:
    placed.engine.watch({"flow.c", "flow.gain", "flow.k"}, set())
    placed.engine.set_breaks({"flow.c": "k == 3"})
    placed.start(LIVE)
    placed.until(lambda: pauses(placed))
    for value in ("5.0", "6.0", "7.0"):
        placed.engine.set_parameter("flow.c", "b", value)
    for value in ("30.0", "10.0"):
        placed.engine.set_parameter("flow.gain", "factor", value)
    pause = next_pause(placed, placed.engine.step)
    assert (pause.node, pause.iteration) == ("flow.k", 5)
    assert bound(placed)["c"] == "1", "4 * 2 - 7: above the loop it acts on the next turn"
    next_pause(placed, lambda: placed.engine.step("iteration"))
    assert bound(placed)["c"] == "43", "5 * 10 - 7"
    assert placed.stop().reason == "stopped"


EDITED = """
import flodesk
from flodesk.nodes import maths

log = []


def note(k, gain, shift=0):
    log.append([k, gain, shift])
    return k


def seen():
    return list(log)


def flow():
    gain = maths.scale(1.0, factor=1.0)
    start = abs(0)
    for k in range(6):
        a = abs(k)
        b = note(a, gain, shift=0)
        c = abs(b)
    notes = seen()
    final = abs(1)


if __name__ == "__main__":
    flodesk.main(flow)
"""

ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["over", "into", "iteration", "pause"]),
        st.dictionaries(st.sampled_from(["gain", "shift"]), st.integers(1, 9), max_size=2),
    ),
    max_size=20,
)


def in_force_from(pause: Paused, what: str) -> int:
    """Return the first turn that a value counts for that is set where the flow is held."""
    node = pause.node.removeprefix("flow.")
    if node in ("gain", "start"):
        return 1
    if node in ("notes", "final"):
        return 99
    return pause.iteration + (node == "c" or (what == "gain" and node in ("a", "b")))


def steered_anyhow(watcher: Any, actions: list[tuple[str, dict[str, int]]]) -> None:
    """Assert that each turn has been computed with the values that were in force when it was."""
    expected = [[k, 1, 0] for k in range(6)]
    engine = watcher.engine
    engine.set_breaks({"flow.final": ""})
    pause = held_from_the_start(watcher, EDITED)
    for how, edits in actions:
        for what, value in edits.items():
            node, parameter, text = (
                ("flow.gain", "factor", f"{value}.0") if what == "gain" else ("flow.b", what, str(value))
            )
            engine.set_parameter(node, parameter, text)
            for turn in range(in_force_from(pause, what), 7):
                expected[turn - 1][1 if what == "gain" else 2] = value
        if pause.node == "flow.final":
            break
        if how == "pause":
            pause = next_pause(watcher, lambda: (engine.resume(), engine.pause()))
        else:
            pause = next_pause(watcher, lambda how=how: engine.step(how))  # type: ignore[misc]
    while pause.node != "flow.final":
        pause = next_pause(watcher, engine.resume)
    assert look(watcher, variable="notes").value == expected
    engine.resume()
    assert watcher.wait().reason == "succeeded"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTIONS)
def test_random_pauses_steps_and_edits_drop_nothing(here, actions: list[tuple[str, dict[str, int]]]) -> None:
    steered_anyhow(here, actions)


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTIONS)
def test_many_random_pauses_steps_and_edits_drop_nothing(placed, actions: list[tuple[str, dict[str, int]]]) -> None:
    steered_anyhow(placed, actions)


def test_a_change_that_meets_a_producer_on_its_way_to_wait_is_in_force(here) -> None:
    """A producer that waits for ever: a change of its parameter that is not seen before it waits has to wake it."""
    text = """
import flodesk


def wait(n=0):
    yield n
    while True:
        flodesk.context().sleep(3600)


def flow():
    for k in wait(n=0):
        a = abs(k)


if __name__ == "__main__":
    flodesk.main(flow)
"""
    here.engine.watch({"flow.a"}, set())
    here.start(text)
    for n in range(1, 40):
        here.engine.set_parameter("flow.k", "n", str(n))
        here.until(lambda n=n: here.value("flow.a") == n)
    here.stop()


def test_a_change_is_told_before_it_is_asked_whether_a_producer_waits() -> None:
    control = Control()

    def renews() -> bool:
        assert control.attention, "a loop that begins to wait now must see the change"
        return bool(control.waiting)

    control.change("a", renews)
    control.take()
    control.waiting = "k"

    def taken_meanwhile() -> bool:
        control.take()
        return True

    control.change("a", taken_meanwhile)
    assert not control.renew, "the loop has seen to it already"


def test_a_plan_that_was_taken_and_is_not_in_force_yet_hears_of_changes() -> None:
    control = Control()
    control.exchange("new plan")
    assert control.plans() == ["new plan"]
    control.take()
    assert control.plans() == ["new plan"]


# ------------------------------------------------------------------ what it costs, what is told
def test_without_breakpoints_no_step_is_looked_at() -> None:
    control = Control()
    assert not control.attention
    control.step("over")
    assert control.attention
    control.go_on()
    assert not control.attention
    assert not control.halting


def test_a_headless_run_has_no_breakpoints_and_the_same_values() -> None:
    assert run(NESTED).reason == "succeeded"


def test_another_flow_may_be_opened_while_a_node_does_not_return(host) -> None:
    host.start(HANGING)
    host.until(lambda: "flow.a" in host.engine._mail.at_work())
    host.engine.open(STRAIGHT)
    assert host.engine.states() == {}
    host.finished.clear()
    host.engine.start()
    assert "“flow.a” did not return" in host.wait().message
    host.finished.clear()
    assert host.wait().reason == "succeeded"


def test_the_events_go_through_json() -> None:
    for event in (Paused("r", "flow", "flow.a", 3, "step", "flow.a -> b.x", 2), Resumed("r", "flow")):
        assert from_json(to_json(event)) == event


def test_the_host_keeps_what_it_was_told_before_its_process_stood() -> None:
    engine = Host(warm=())
    held = threading.Event()
    engine.listener = lambda event: held.set() if isinstance(event, Paused) else None
    try:
        engine.set_breaks({"flow.b": ""})
        engine.open(STRAIGHT)
        engine.start()
        assert held.wait(60)
    finally:
        engine.close()


# ------------------------------------------------------------------ what is taken back
def held_by(holding: Holding, why: str) -> threading.Thread:
    """Come to rest as the thread of a loop does that has seen the wish: it looks once more."""
    held = Held((Frame(compile_plan(load(STRAIGHT, ""), "flow"), [], 0),), 0, why)
    thread = threading.Thread(target=holding.hold, args=(held, lambda: False))
    thread.start()
    return thread


@pytest.mark.parametrize("wish", ["pause", "step"])
def test_a_pause_or_step_taken_back_before_the_thread_came_to_rest_holds_nothing(wish: str) -> None:
    holding, told = Holding(), []
    holding.told = lambda function, held: told.append(held)
    holding.pause() if wish == "pause" else holding.step("over")
    holding.go_on()  # between the thread's look and its rest
    thread = held_by(holding, "paused" if wish == "pause" else "step")
    thread.join(60)
    lives = thread.is_alive()
    holding.release()
    thread.join(60)
    assert not lives, "nobody would have let it go"
    assert told == []
    assert holding.held is None


@pytest.mark.parametrize("why", ["step", "breakpoint"])
def test_what_was_not_taken_back_holds(why: str) -> None:
    """A step that came in the place of the pause, and a breakpoint, which no wish has to stand for."""
    holding, told = Holding(), threading.Event()
    holding.told = lambda function, held: told.set()
    holding.pause()
    if why == "step":
        holding.step("over")
    else:
        holding.go_on()
    thread = held_by(holding, why)
    assert told.wait(60)
    assert holding.held is not None
    holding.go_on()
    thread.join(60)
    assert not thread.is_alive()


def test_pauses_and_steps_that_are_taken_back_at_once_leave_a_loop_on_its_way(placed) -> None:
    placed.start(LIVE)
    for turn in range(50):
        placed.engine.pause() if turn % 2 else placed.engine.step("over")
        placed.engine.resume()
    count = placed.until(lambda: placed.engine.states().get("flow.c")).count
    placed.until(lambda: placed.engine.states()["flow.c"].count > count + 5)
    placed.until(lambda: not placed.engine.held)
    assert placed.stop().reason == "stopped"
