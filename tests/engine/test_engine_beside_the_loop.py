"""Side branches: they run beside their loop, in order, a few turns behind, and give what the script gives."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.engine.events import NodeFailed
from flodesk.engine.headless import Result, run

HEAD = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
ERRORS#
# [tool.flodesk.detached.flow]
LINES# ///
import threading
import flodesk
from flodesk.nodes import collect

log = []
threads = {}
gate = threading.Event()


def source(n):
    for k in range(n):
        log.append(("source", k))
        yield k


def note(name, *values):
    threads.setdefault(name, set()).add(threading.current_thread().name)
    log.append((name, *values))
    return sum(values) % 1009


def hold(name, value):
    assert gate.wait(60)
    return note(name, value)


def boom(value, at):
    if value == at:
        raise RuntimeError(f"no {value}")
    return value


def twice(x):
    return 2 * x


class Sum:
    closed = []

    def __init__(self):
        self.all = 0

    def __call__(self, x):
        self.all += x
        return self.all

    def close(self):
        self.closed.append(self.all)


def flow():
"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def text_of(body: str, lines: str, errors: str = "") -> str:
    head = HEAD.replace("LINES", "".join(f"# {line}\n" for line in lines.split("; ")))
    head = head.replace("ERRORS", f'# on_error = "{errors}"\n' if errors else "")
    return head + body + TAIL


def module() -> dict[str, Any]:
    return sys.modules["flodesk_flow"].__dict__


def plain(body: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text_of(body, "x = 1"), "plain", "exec"), space)
    with suppress(RuntimeError):
        space["flow"]()
    return space


def same(body: str, lines: str) -> Result:
    """Assert that every node is called with the script's values, in the script's order."""
    result = run(text_of(body, lines), keep_values=True)
    calls, expected = module()["log"], plain(body)["log"]
    assert sorted(calls, key=repr) == sorted(expected, key=repr)
    for name in {call[0] for call in expected}:
        assert [c for c in calls if c[0] == name] == [c for c in expected if c[0] == name]
    return result


BODY = """\
    rows = collect.List()
    total = Sum()
    last = 0
    for k in source(30):
        a = note("a", k)
        b = note("b", a, last)
        c = total(b)
        rows.add(c)
        d = note("d", a, 5)
        last = d
    found = rows.result()
"""


@pytest.mark.parametrize("lines", ["b = 4", "b = 1", "a = 1000", "c = 2", "rows = 3", "b = 2; d = 2", "d = 4"])
def test_the_values_are_those_of_the_script(lines):
    if "d" in lines:  # the next turn reads `last`, which comes from `d`
        body = BODY.replace("        last = d\n", "")
    else:
        body = BODY
    result = same(body, lines)
    assert result.reason == "succeeded", result.message
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text_of(body.replace("found = rows", "return rows"), "x = 1"), "plain", "exec"), space)
    assert result.values["flow.found"] == space["flow"]()
    assert module()["Sum"].closed == [result.values["flow.found"][-1]], "it is closed, once, when all is done"


def test_a_branch_has_a_thread_of_its_own():
    same(BODY.replace("        last = d\n", ""), "b = 4; d = 4")
    threads = module()["threads"]
    assert [len(names) for names in threads.values()] == [1, 1, 1]
    assert len(set.union(*threads.values())) == 3


def test_the_loop_goes_on_and_waits_when_the_branch_is_too_far_behind():
    body = """\
    for k in source(9):
        a = note("a", k)
        b = hold("b", a)
"""
    reached = threading.Event()
    answers: list[Any] = []

    def look() -> None:
        # four turns wait in the branch: the loop stands in the fifth, and hands it over when there is room
        for _ in range(4000):
            log = sys.modules.get("flodesk_flow").__dict__.get("log", []) if "flodesk_flow" in sys.modules else []
            if ("a", 4) in log:
                break
            reached.wait(0.002)
        answers.append([call for call in log if call[0] == "a"])
        answers.append([call for call in log if call[0] == "b"])
        sys.modules["flodesk_flow"].__dict__["gate"].set()

    sys.modules.pop("flodesk_flow", None)
    looker = threading.Thread(target=look)
    looker.start()
    result = run(text_of(body, "b = 4"))
    looker.join()
    assert result.reason == "succeeded", result.message
    assert answers == [[("a", k) for k in range(5)], []]
    assert [call for call in module()["log"] if call[0] == "b"] == [("b", k) for k in range(9)]


def test_feedback_inside_a_branch_is_carried_in_it():
    body = """\
    total = 7
    for k in source(25):
        longer = note("longer", total, k)
        total = longer
        other = note("other", k)
    after = note("after", total)
"""
    result = same(body, "longer = 3")
    assert result.values["flow.after"] == result.values["flow.total"]


def test_what_is_bound_anew_further_down_is_noted_where_it_is_read():
    body = """\
    x = 1
    for k in source(20):
        b = note("b", x)
        step = note("step", x, k)
        x = step
        c = note("c", b, x)
"""
    same(body, "b = 2")


def test_switches_and_loops_run_beside():
    body = """\
    for k in source(20):
        odd = note("odd", k)
        if k % 3:
            b = note("b", odd)
        else:
            b = note("other", odd)
            for j in range(3):
                inner = note("inner", j, k)
        d = note("d", b)
        e = note("e", k)
"""
    same(body, "if_1 = 2")


def test_an_inner_loop_waits_for_its_branch_each_time():
    body = """\
    for k in source(4):
        rows = collect.List()
        for j in source(5):
            b = note("b", j, k)
            rows.add(b)
            c = note("c", j)
        found = rows.result()
        d = note("d", len_of(found), k)
"""
    body_len = body + "\n\ndef len_of(x):\n    return len(x)\n"
    result = same(body_len, "b = 3")
    assert [call for call in module()["log"] if call[0] == "d"] == [("d", 5, k) for k in range(4)]
    assert result.reason == "succeeded"


def test_what_is_awaited_runs_beside():
    body = """\
    rows = collect.List()
    for k in source(12):
        a = note("a", k)
        b = await fetch(a)
        rows.add(b)
    found = rows.result()


async def fetch(x):
    await __import__("asyncio").sleep(0)
    return note("b", x)
"""
    result = run(text_of(body, "b = 3").replace("def flow", "async def flow"), keep_values=True)
    assert result.reason == "succeeded", result.message
    assert result.values["flow.found"] == list(range(12))
    assert module()["threads"]["a"] != module()["threads"]["b"]


# ------------------------------------------------------------------ failures
def failing(result: Result) -> list[str]:
    return [e.failure.node for e in result.events if isinstance(e, NodeFailed)]


def test_a_failing_branch_fails_its_loop():
    body = """\
    for k in source(1000):
        a = note("a", k)
        b = boom(a, 5)
        c = note("c", b)
"""
    result = run(text_of(body, "b = 4"))
    assert result.reason == "failed"
    assert failing(result) == ["flow.b"]
    assert [e.failure.inputs for e in result.events if isinstance(e, NodeFailed)] == [(("value", "5"), ("at", "5"))]
    log = module()["log"]
    assert [call for call in log if call[0] == "c"] == [("c", k) for k in range(5)]
    assert 6 <= len([call for call in log if call[0] == "a"]) <= 6 + 6, (
        "at the next turn, at the latest when it is full"
    )


def test_a_branch_that_fails_in_the_last_turn_is_told():
    body = "    for k in source(6):\n        b = boom(k, 5)\n"
    assert failing(run(text_of(body, "b = 4"))) == ["flow.b"]


def test_a_loop_that_fails_lets_the_branch_catch_up():
    body = """\
    for k in source(1000):
        b = note("b", k)
        c = note("c", b)
        d = boom(k, 7)
        e = note("e", c)
"""
    result = same(body, "b = 4")
    assert failing(result) == ["flow.d"]
    assert [call for call in module()["log"] if call[0] == "c"] == [("c", k) for k in range(8)]


@pytest.mark.parametrize("errors", ["continue", "reject"])
def test_a_branch_goes_on_after_a_failed_turn_where_the_flow_does(errors):
    body = """\
    rows = collect.List()
    for k in source(10):
        a = note("a", k)
        b = boom(a, 5)
        rows.add(b)
        c = boom(k, 7)
    found = rows.result()
"""
    result = run(text_of(body, "b = 4", errors), keep_values=True)
    assert result.reason == "failed"
    assert result.values["flow.found"] == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert "2 of 10 turns" in result.message
    assert [call for call in module()["log"] if call[0] == "a"] == [("a", k) for k in range(10)]


def test_of_a_turn_that_is_left_in_its_middle_the_branch_runs_what_came_before():
    body = """\
    for k in source(6):
        b = note("b", k)
        c = boom(k, 3)
        d = note("d", b)
"""
    run(text_of(body, "b = 2", "continue"))
    log = module()["log"]
    assert [call for call in log if call[0] == "b"] == [("b", k) for k in range(6)]
    assert [call for call in log if call[0] == "d"] == [("d", k) for k in (0, 1, 2, 4, 5)]


# ------------------------------------------------------------------ stop, watch, changes
ENDLESS = """\
    level = 1
    for k in source(10_000_000):
        a = note("a", k)
        b = dwell(a, 0)
        c = note("c", b)


def dwell(x, how):
    if how:
        flodesk.context().sleep(1000)
    return x
"""


@pytest.mark.parametrize("how", ["0", "1"])
def test_stop_ends_the_branch(placed, how):
    placed.start(text_of(ENDLESS.replace("dwell(a, 0)", f"dwell(a, {how})"), "b = 4"))
    placed.until(lambda: placed.engine.states().get("flow.b") and placed.engine.states()["flow.b"].state != "idle")
    placed.until(lambda: placed.engine.states()["flow.a"].count > 3)
    assert placed.stop().reason == "stopped"


def test_values_and_states_of_a_branch_are_seen(placed):
    placed.engine.watch({"flow.c", "flow.b"}, set())
    placed.start(text_of(ENDLESS, "b = 4"))
    placed.until(lambda: placed.value("flow.c") and placed.value("flow.b"))
    assert placed.engine.states()["flow.c"].state in ("done", "running")
    placed.stop()


def test_a_changed_parameter_reaches_the_branch(here):
    body = ENDLESS.replace('note("c", b)', 'note("c", b, 100000)')
    here.engine.watch({"flow.d"}, set())
    body = body.replace("        c = note", "        d = maths_add(b, 1)\n        c = note")
    body += "\n\ndef maths_add(x, y):\n    return (y, x)[0]\n"
    here.start(text_of(body, "b = 4"))
    here.until(lambda: here.value("flow.d") == 1)
    here.engine.set_parameter("flow.d", "y", "77")
    here.until(lambda: here.value("flow.d") == 77)
    here.stop()


def test_a_change_of_the_flow_keeps_what_the_branch_has(here):
    body = """\
    total = Sum()
    for k in source(10_000_000):
        one = k - k + 1
        seen = total(one)
        more = note("more", seen)
"""
    here.engine.watch({"flow.seen", "flow.shown"}, set())
    here.start(text_of(body, "seen = 4"))
    before = here.until(lambda: here.value("flow.seen"))
    longer = body + "        shown = twice(seen)\n"
    here.engine.swap(text_of(longer, "seen = 2"))
    shown = here.until(lambda: here.value("flow.shown"))
    assert shown >= 2 * before
    here.engine.swap(text_of(longer, "x = 2").replace("# [tool.flodesk.detached.flow]\n# x = 2\n", ""))
    now = here.value("flow.shown")
    here.until(lambda: here.value("flow.shown") > now)
    assert not [line.text for line in here.lines() if "anew" in line.text]
    assert here.stop().reason == "stopped"


def test_what_cannot_run_beside_is_refused_before_the_run():
    result = run(text_of("    for k in source(3):\n        a = note('a', k)\n", "k = 4"))
    assert result.reason == "failed"
    assert "flow.k cannot run: “k” is to run beside its loop, but it stands in none." in result.message


# ------------------------------------------------------------------ engine against script
NODES = ["note('{0}', {1})", "note('{0}', {1}, {2})", "total(note('{0}', {2}))", "note('{0}', {1}, 3)"]


@st.composite
def bodies(draw: Any) -> tuple[str, str]:
    """A loop over random nodes with feedback or not, and one of them to run beside it."""
    lines, names = [], ["k", "carry"]
    for number in range(draw(st.integers(2, 6))):
        name = f"n{number}"
        call = draw(st.sampled_from(NODES[:2] + NODES[3:])).format(
            name, draw(st.sampled_from(names)), draw(st.sampled_from(names))
        )
        if draw(st.integers(0, 4)) == 0:
            lines.append(f"        if {draw(st.sampled_from(names))} % 2:")
            lines.append(f"            {name} = {call}")
            lines.append("        else:")
            lines.append(f"            {name} = note('{name}', 1)")
        else:
            lines.append(f"        {name} = {call}")
        names.append(name)
    if draw(st.booleans()):
        lines.append(f"        carry = {draw(st.sampled_from(names[2:]))}")
    head = f"    carry = 3\n    for k in source({draw(st.integers(0, 12))}):\n"
    body = head + "\n".join(lines) + "\n    after = note('after', carry)\n"
    calls = [line.split()[0] for line in lines if line[8] != " " and " = note" in line]
    node = draw(st.sampled_from([*calls, "n0"]))
    return body, f"{node} = {draw(st.integers(1, 4))}"


def _compare(case: tuple[str, str]) -> None:
    body, line = case
    result = run(text_of(body, line), keep_values=True)
    if "cannot run" in result.message:
        return
    assert result.reason == "succeeded", result.message
    same(body, line)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies())
def test_random_branches_give_what_the_script_gives(case):
    _compare(case)


@pytest.mark.long
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies())
def test_random_branches_give_what_the_script_gives_many(case):
    _compare(case)
