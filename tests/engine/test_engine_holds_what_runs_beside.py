"""Pause, steps and breakpoints reach what runs beside a loop; side branches of subflows."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

import pytest

from flodesk.engine.client import Look
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control
from flodesk.engine.events import NodeFailed, Paused
from flodesk.engine.headless import run
from flodesk.engine.load import load
from flodesk.engine.loop import Runner
from flodesk.engine.part import Part
from flodesk.engine.stepping import hold_here
from flodesk.engine.threads import guarded

HEAD = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
ERRORS# [tool.flodesk.detached.WHERE]
# slow = 2
# ///
import threading
import flodesk
from flodesk.nodes import collect

seen = []
gate = threading.Event()


def waits(x, at):
    while x == at and not gate.wait(0.01):
        pass
    return x


def dwell(x):
    flodesk.context().sleep(0.002)
    return x


def note(x, y=0):
    seen.append((x, y, threading.current_thread().name))
    return x


def boom(x, at):
    if x == at:
        raise RuntimeError(f"no {x}")
    return x

"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
LIVE = """
def flow():
    for k in range(10_000_000):
        a = abs(k)
        slow = dwell(a)
        shown = note(slow)
        last = abs(a)
"""
CALLED = """
def part(n, k):
    rows = collect.List()
    for i in range(n):
        one = abs(i)
        slow = dwell(one)
        kept = note(slow, k)
        rows.add(kept)
        fast = note(one)
    found = rows.result()
    return found


def flow():
    all = collect.List()
    for k in range(5):
        got = part(k, k)
        all.add(got)
        again = part(2, k)
    found = all.result()
"""


def text_of(body: str, where: str = "flow", errors: str = "") -> str:
    head = HEAD.replace("WHERE", where).replace("ERRORS", f'# on_error = "{errors}"\n' if errors else "")
    return head + body + TAIL


def paused(here: Any) -> list[Paused]:
    return [event for event in here.events if isinstance(event, Paused)]


def count(here: Any, node: str) -> int:
    state = here.engine.states().get(node)
    return state.count if state is not None else 0


def frames(here: Any) -> Look:
    looks: list[Look] = []
    here.engine.inspect("flow", looks.append)
    here.until(lambda: looks)
    return looks[0]


def test_a_pause_holds_what_runs_beside(here) -> None:
    here.start(text_of(LIVE.replace("dwell(a)", "waits(a, 3)")))
    # two turns are noted for the branch, which stands in the first of them
    here.until(lambda: count(here, "flow.a") == 6 and here.engine.states()["flow.slow"].state == "running")
    here.engine.pause()
    here.until(lambda: paused(here))
    module = sys.modules["flodesk_flow"].__dict__
    module["gate"].set()  # the loop is held, and now the branch goes on to its next node
    here.until(lambda: here.engine.states()["flow.shown"].state == "paused")
    here.engine.inspect("flow", lambda look: None)
    assert not here.finished.wait(0.1), "it is held, and the branch does not work off what was noted"
    assert [x for x, _, _ in module["seen"]] == [0, 1, 2]
    assert len(paused(here)) == 1, "a function is held once, whatever of it is held"
    here.engine.resume()
    here.until(lambda: len(module["seen"]) > 8)
    assert here.stop().reason == "stopped"


def test_stop_ends_a_branch_that_is_held(here) -> None:
    here.start(text_of(LIVE))
    here.until(lambda: count(here, "flow.shown") > 3)
    here.engine.pause()
    here.until(lambda: paused(here))
    assert here.stop().reason == "stopped"


def test_a_breakpoint_beside_a_loop_holds_the_function(here) -> None:
    here.engine.set_breaks({"flow.shown": "slow == 3"})
    here.start(text_of(LIVE))
    here.until(lambda: paused(here))
    held = here.engine.held["flow"]
    assert (held.node, held.iteration) == ("flow.shown", 4), "the turn of the branch, not that of its loop"
    variables = dict(frames(here).frames[-1].variables)
    assert "slow" in variables
    module = sys.modules["flodesk_flow"].__dict__
    assert [x for x, _, _ in module["seen"]] == [0, 1, 2]
    here.engine.step("over")
    here.until(lambda: len(paused(here)) == 2)
    assert (here.engine.held["flow"].node, here.engine.held["flow"].iteration) == ("flow.slow", 5)
    assert [x for x, _, _ in module["seen"]] == [0, 1, 2, 3]
    here.engine.step("iteration")
    here.until(lambda: len(paused(here)) == 3)
    assert here.engine.held["flow"].node == "flow.k", "a turn is one of the loop"
    here.engine.set_breaks({})
    here.engine.resume()
    here.until(lambda: len(module["seen"]) > 30)
    assert [x for x, _, _ in module["seen"]][:30] == list(range(30))
    assert here.stop().reason == "stopped"


def test_a_breakpoint_on_a_wire_beside_a_loop_holds_the_function(here) -> None:
    here.engine.set_breaks({"flow.slow -> shown.x": ""})
    here.start(text_of(LIVE))
    here.until(lambda: paused(here))
    assert here.engine.held["flow"].wire == "flow.slow -> shown.x"
    assert here.stop().reason == "stopped"


# ------------------------------------------------------------------ in a subflow
def test_a_breakpoint_beside_a_loop_of_a_subflow_holds_the_function_that_called_it(here) -> None:
    here.engine.set_breaks({"part.kept": "slow == 1"})
    here.start(text_of(CALLED, "part"))
    here.until(lambda: paused(here))
    assert here.engine.held["flow"].node == "part.kept"
    assert dict(frames(here).frames[-1].variables).keys() >= {"one", "slow"}
    here.engine.set_breaks({})
    here.engine.resume()
    assert here.finished.wait(60)
    assert not [event for event in here.events if isinstance(event, NodeFailed)]


def test_a_branch_of_a_subflow_runs_beside_and_gives_the_values_of_the_script() -> None:
    result = run(text_of(CALLED, "part"), keep_values=True)
    assert result.reason == "succeeded", result.message
    seen = list(sys.modules["flodesk_flow"].__dict__["seen"])
    threads = {name for _, _, name in seen}
    assert len(threads) == 2, "that of the loop, and one for the branch"
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text_of(CALLED.replace("found = all", "return all"), "part"), "plain", "exec"), space)
    assert result.values["flow.found"] == space["flow"]()
    assert sorted(call[:2] for call in seen) == sorted(call[:2] for call in space["seen"])
    beside = next(name for name in threads if "beside" in name)
    slow = [call[:2] for call in seen if call[2] == beside]
    assert slow == [(i, k) for k in range(5) for n in (k, 2) for i in range(n)], "in order, call after call"


def test_a_failure_beside_a_loop_of_a_subflow_names_the_way() -> None:
    body = CALLED.replace("kept = note(slow, k)", "kept = boom(slow, 3)")
    result = run(text_of(body, "part"))
    assert result.reason == "failed"
    failure = next(event.failure for event in result.events if isinstance(event, NodeFailed))
    assert failure.node == "part.kept"
    assert failure.way == ("flow.got",)


@pytest.mark.parametrize("errors", ["continue", "reject"])
def test_a_loop_of_a_subflow_goes_on_after_a_failure_beside_it(errors: str) -> None:
    body = CALLED.replace("kept = note(slow, k)", "kept = boom(slow, 1)")
    result = run(text_of(body, "part", errors), keep_values=True)
    assert result.reason == "failed"
    assert result.values["flow.found"] == [[], [0], [0], [0, 2], [0, 2, 3]]


def test_what_cannot_run_beside_a_loop_of_a_subflow_is_told_and_runs_as_written() -> None:
    body = CALLED.replace("        fast = note(one)\n", "        fast = note(one)\n        n = kept\n")
    result = run(text_of(body, "part"), keep_values=True)
    assert result.reason == "succeeded", result.message


def test_a_node_is_run_alone_where_others_run_beside_its_loop(here) -> None:
    here.run(text_of(LIVE.replace("10_000_000", "3")))
    here.finished.clear()
    here.engine.start(part=Part("node", "flow.last"))
    assert here.wait().reason == "succeeded", here.wait().message
    here.finished.clear()
    here.engine.start(part=Part("node", "flow.shown"))
    assert here.wait().reason == "succeeded", here.wait().message


WAITS = """
gate = threading.Event()


def wait(x):
    gate.wait(60)
    return x


def flow():
    for k in range(2):
        slow = wait(k)
        last = abs(k)
"""


def test_a_loop_that_is_held_while_it_waits_for_its_branch_sees_that_this_has_ended_meanwhile() -> None:
    plan = compile_plan(load(text_of(WAITS), ""), "flow")
    cells = memoryview(bytearray(8 * plan.cells)).cast("q")
    runner = Runner(plan, Control(), cells, lambda *line: None, lambda other: cells, keep=False)
    control, held, free = runner.control, threading.Event(), threading.Event()
    control.holding.here = hold_here
    control.holding.told = lambda function, spot: held.set() if spot is not None else None

    def work() -> None:
        assert guarded(control, runner.run) is None
        free.set()

    thread = threading.Thread(target=work)
    thread.start()
    turn = plan.items["last"].cell
    while cells[turn + 1] == 0 or not control.wakes:
        time.sleep(0.001)
    control.pause()
    assert held.wait(60)
    plan.loaded.namespace["gate"].set()
    (beside,) = runner.controls[1:]
    while beside.ident == 0 or cells[plan.items["slow"].cell + 1] < cells[plan.items["last"].cell]:
        time.sleep(0.001)
    time.sleep(0.05)  # until it has told that it is through: that nobody heard
    control.go_on()
    assert free.wait(60), "it waits for what has been"
    thread.join()
    assert not list(runner.close())


# ------------------------------------------------------------------ two at once
TWO = """
both = threading.Barrier(2)


def meet(x):
    if x == 3:
        both.wait(60)
    return x


def flow():
    for k in range(20):
        a = abs(k)
        slow = meet(a)
        shown = note(slow)
        other = meet(a)
        told = note(other, 1)
"""


@pytest.mark.parametrize("how", ["resume", "step"])
def test_of_two_branches_at_a_breakpoint_the_second_is_told_when_the_first_goes_on(placed, how: str) -> None:
    nodes = {"flow.shown", "flow.told"}
    placed.engine.set_breaks({"flow.shown": "slow == 3", "flow.told": "other == 3"})
    placed.start(text_of(TWO).replace("# slow = 2\n", "# slow = 2\n# other = 2\n"))
    placed.until(lambda: nodes <= {n for n, state in placed.engine.states().items() if state.state == "paused"})
    first = placed.until(lambda: paused(placed))[0]
    assert placed.engine.held["flow"].node == first.node in nodes
    assert len(paused(placed)) == 1, "a function is held at one place"
    placed.engine.resume() if how == "resume" else placed.engine.step("over")
    second = placed.until(lambda: paused(placed)[1:])[0]
    assert second.node in nodes - {first.node}, "it is told, and was not let go unseen"
    assert "breakpoint" in second.why
    assert placed.until(lambda: placed.engine.held)["flow"].node == second.node
    while not placed.finished.is_set():
        placed.engine.resume()
        placed.finished.wait(0.05)
    assert placed.wait().reason == "succeeded"
    assert len([event for event in paused(placed) if "breakpoint" in event.why]) == 2
