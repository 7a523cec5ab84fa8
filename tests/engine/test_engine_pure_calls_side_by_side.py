"""Calls that say they are pure run at the same time as others, and all that can be told of them is the script's."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.engine import course as course_of_it
from flodesk.engine import loop, side_by_side
from flodesk.engine.calls import UNBOUND
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control
from flodesk.engine.course import CHEAP_NS, Course
from flodesk.engine.errors import NodeError
from flodesk.engine.events import Paused
from flodesk.engine.load import load
from flodesk.engine.loop import Runner
from flodesk.engine.plan import Plan

HEAD = """
import threading
import time
import flodesk

stamps = []


@flodesk.node(pure=True)
def slow(name, *values, seconds=0.1, fails=False):
    start = time.perf_counter()
    time.sleep(seconds)
    stamps.append((name, start, time.perf_counter(), threading.current_thread().name))
    if fails:
        raise ValueError(name)
    return (sum(values) + 3 * len(name)) % 97


def said_nothing(name, *values, seconds=0.02):
    start = time.perf_counter()
    time.sleep(seconds)
    stamps.append((name, start, time.perf_counter(), threading.current_thread().name))
    return (sum(values) + 3 * len(name)) % 97


@flodesk.node(pure=True)
def add(a, b=1):
    return a + b


@flodesk.node(pure=False)
def wall(a=0):
    return a


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "cores", lambda: 2)


def text_of(*lines: str) -> str:
    return HEAD + "def flow():\n" + "\n".join(f"    {line}" for line in lines) + TAIL


class Bench:
    """A function over its plan, as a run has it, without the run."""

    def __init__(self, *lines: str, keep: bool = True) -> None:
        self.plan = compile_plan(load(text_of(*lines), ""), "flow")
        cells = memoryview(bytearray(8 * self.plan.cells)).cast("q")
        self.runner = Runner(self.plan, Control(), cells, lambda *line: None, lambda other: cells, keep=keep)
        self.space = self.plan.loaded.namespace

    def run(self) -> BaseException | None:
        try:
            self.runner.run()
        except NodeError as error:
            return error.error
        finally:
            assert not list(self.runner.close())
        return None

    @property
    def stamps(self) -> list[tuple[str, float, float, str]]:
        return list(self.space["stamps"])

    @property
    def values(self) -> dict[str, Any]:
        return values(self.plan)


def values(plan: Plan) -> dict[str, Any]:
    return {name: plan.slots[slot] for name, slot in plan.names.items() if plan.slots[slot] is not UNBOUND}


def bundled(*lines: str) -> list[list[str]]:
    return [[item.id for item in bundle.items] for bundle in compile_plan(load(text_of(*lines), ""), "flow").bundles]


# ------------------------------------------------------------------ what may
def test_what_may_run_side_by_side() -> None:
    assert bundled("a = slow('a')", "b = slow('b')", "c = slow('c', a, b)") == [["a", "b", "c"]]
    assert bundled("a = slow('a')", "b = slow('b', a)", "c = slow('c', b)") == [], "each needs the one before it"
    assert bundled("a = said_nothing('a')", "b = said_nothing('b')") == [], (
        "they may print, write, change what they get"
    )
    assert bundled("a = slow('a')", "w = wall()", "b = slow('b')") == [], "what has effects keeps its place"
    assert bundled("for k in range(3):", "    a = slow('a', k)", "    b = slow('b', k)") == [["a", "b"]]
    assert bundled("for k in range(3):", "    a = slow('a', b)", "    b = slow('b', k)") == [], "a reads b as it was"


def test_what_has_a_thread_or_a_place_of_its_own_does_not() -> None:
    places = '# /// script\n# [tool.flodesk]\n# version = 1\n# [tool.flodesk.places.flow]\n# b = "process"\n# ///\n'
    lines = ["a = slow('a')", "b = slow('b')", "c = slow('c')", "d = slow('d')"]
    plan = compile_plan(load(places + text_of(*lines), ""), "flow")
    assert [[item.id for item in bundle.items] for bundle in plan.bundles] == [["c", "d"]]


def test_two_that_sleep_do_so_at_the_same_time() -> None:
    bench = Bench("a = slow('a')", "b = slow('b')", "c = slow('c', a, b)")
    assert bench.run() is None
    a, b, c = sorted(bench.stamps)
    assert b[1] < a[2], "b has begun before a was over"
    assert a[1] < b[2], "and the other way round"
    assert c[1] >= max(a[2], b[2])
    assert {a[3], b[3]} == {threading.current_thread().name, "flodesk flow hand 1"}
    assert bench.values == {"a": 3, "b": 3, "c": 9}


def test_in_a_loop_from_the_third_turn_on() -> None:
    bench = Bench("for k in range(4):", "    a = slow('a', k, seconds=0.02)", "    b = slow('b', k, seconds=0.02)")
    assert bench.run() is None
    assert {stamp[3] for stamp in bench.stamps} == {threading.current_thread().name, "flodesk flow hand 1"}
    assert bench.values == {"a": 6, "b": 6, "k": 3}


def test_those_that_say_nothing_never_overlap_and_keep_their_order() -> None:
    bench = Bench(*(f"v{n} = said_nothing('{n}')" for n in range(6)), "a = slow('a')", "b = said_nothing('b')")
    assert bench.run() is None
    assert [stamp[0] for stamp in bench.stamps] == [*"012345", "a", "b"]
    ends = [stamp[2] for stamp in bench.stamps]
    assert all(stamp[1] >= end for stamp, end in zip(bench.stamps[1:], ends, strict=False))
    assert {stamp[3] for stamp in bench.stamps} == {threading.current_thread().name}


def test_one_core_has_no_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "cores", lambda: 1)
    bench = Bench("a = slow('a', seconds=0.01)", "b = slow('b', seconds=0.01)")
    assert bench.run() is None
    assert {stamp[3] for stamp in bench.stamps} == {threading.current_thread().name}


# ------------------------------------------------------------------ errors
def test_the_error_is_that_of_the_first_in_the_scripts_order() -> None:
    """The third fails long before the first does; what ran behind the first is taken back."""
    bench = Bench(
        "a = slow('a', seconds=0.1, fails=True)",
        "b = slow('b', seconds=0.01)",
        "c = slow('c', seconds=0.01, fails=True)",
        "d = slow('d', seconds=0.01)",
    )
    error = bench.run()
    assert isinstance(error, ValueError)
    assert error.args == ("a",)
    assert {"a", "b"} <= {stamp[0] for stamp in bench.stamps}, "it was done by a hand"
    assert bench.values == {}
    cells, items = bench.runner.cells, bench.plan.items
    assert cells[items["a"].cell + 1] == -1, "a has failed"
    assert cells[items["b"].cell] == 0, "b is as if it had never run"


def test_what_stands_before_the_one_that_fails_runs_first() -> None:
    bench = Bench(
        "a = slow('a', seconds=0.06)",
        "b = slow('b', seconds=0.005, fails=True)",
        "c = slow('c', seconds=0.005)",
    )
    error = bench.run()
    assert isinstance(error, ValueError)
    assert error.args == ("b",)
    assert bench.values == {"a": 3}


# ------------------------------------------------------------------ random flows
@st.composite
def flows(draw: st.DrawFn) -> list[str]:
    """Draw the lines of a flow."""
    lines: list[str] = []
    names: list[str] = []

    def block(indent: str, prefix: str, depth: int) -> None:
        for number in range(draw(st.integers(2, 7))):
            name = f"{prefix}{number}"
            kind = draw(st.sampled_from(["pure"] * 6 + ["wall", "copy", "loop" if depth else "pure"]))
            args = ", ".join(draw(st.lists(st.sampled_from([*names, "1"]), max_size=3)))
            seconds = draw(st.sampled_from([0.0, 0.0, 0.0004, 0.001, 0.003]))
            fails = draw(st.integers(0, 24)) == 0
            if kind == "pure":
                options = f"seconds={seconds}" + (", fails=True" if fails else "")
                lines.append(f"{indent}{name} = slow({', '.join(filter(None, [repr(name), args, options]))})")
            elif kind == "wall":
                lines.append(f"{indent}{name} = wall({draw(st.sampled_from([*names, '1']))})")
            elif kind == "copy":
                lines.append(f"{indent}{name} = {draw(st.sampled_from([*names, '1']))} + 1")
            else:
                lines.append(f"{indent}for {name} in range({draw(st.integers(0, 5))}):")
                outside = list(names)
                names.append(name)
                block(indent + "    ", f"{name}_", depth - 1)
                names[:] = outside
                continue
            names.append(name)

    block("", "v", 2)
    return lines


def plainly(*lines: str) -> tuple[dict[str, Any], tuple[Any, ...] | None]:
    """Run the script; returns its variables at its end or where it failed, and what it raised."""
    space: dict[str, Any] = {"__name__": "plain"}
    body = "\n".join(f"    {line}" for line in lines)
    text = f"{HEAD}def flow(seen):\n    try:\n" + "\n".join(f"    {line}" for line in body.split("\n"))
    text += "\n    finally:\n        seen.update({k: v for k, v in locals().items() if k != 'seen'})\n"
    exec(compile(text, "plain", "exec"), space)
    seen: dict[str, Any] = {}
    try:
        space["flow"](seen)
    except ValueError as error:
        return seen, error.args
    return seen, None


def check(lines: list[str]) -> None:
    bench = Bench(*lines)
    error = bench.run()
    seen, raised = plainly(*lines)
    assert (error.args if error is not None else None) == raised
    assert bench.values == seen
    dropping = Bench(*lines, keep=False)
    error = dropping.run()
    assert (error.args if error is not None else None) == raised
    assert dropping.values.items() <= seen.items()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(flows())
def test_random_flows_equal_their_script(lines: list[str]) -> None:
    check(lines)


@pytest.mark.long
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(flows())
def test_very_many_random_flows_equal_their_script(lines: list[str]) -> None:
    check(lines)


@pytest.mark.parametrize("hands", [1, 3])
def test_random_flows_with_more_hands(hands: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "cores", lambda: hands + 1)
    for module in (course_of_it, side_by_side):
        monkeypatch.setattr(module, "CHEAP_NS", 0)  # nothing is too short

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(flows())
    def many(lines: list[str]) -> None:
        check(lines)

    many()


# ------------------------------------------------------------------ memory
def test_values_go_as_soon_as_the_loop_has_passed_their_last_reader() -> None:
    """Twenty sources, each read by the next line: never are more of them alive than are under way."""
    lines = ["s = slow('s', seconds=0.05)"]
    for n in range(20):
        lines += [f"a{n} = big({n})", f"b{n} = read(a{n}, s)"]
    extra = """
import weakref

alive = []
most = []


class Big:
    pass


@flodesk.node(pure=True)
def big(n):
    made = Big()
    alive.append(weakref.ref(made))
    most.append(sum(one() is not None for one in alive))
    time.sleep(0.002)
    return made


@flodesk.node(pure=True)
def read(a, s):
    return s


def flow"""
    plan = compile_plan(load(text_of(*lines).replace("def flow", extra, 1), ""), "flow")
    cells = memoryview(bytearray(8 * plan.cells)).cast("q")
    runner = Runner(plan, Control(), cells, lambda *line: None, lambda other: cells, keep=False)
    runner.run()
    assert not list(runner.close())
    assert max(plan.loaded.namespace["most"]) <= side_by_side.AHEAD + 2
    assert not [one for one in plan.loaded.namespace["alive"] if one() is not None]


# ------------------------------------------------------------------ whether it pays
def course(*before: tuple[int, ...]) -> Course:
    return Course(before, 1)


MS = 1_000_000


def test_what_is_cheap_runs_in_the_ordinary_way() -> None:
    one = course((), ())
    assert one.apart, "nobody knows yet"
    one.side_by_side([CHEAP_NS // 4] * 2, CHEAP_NS // 2, helped=False)
    assert not one.apart
    one.one_after_the_other([CHEAP_NS // 4] * 2)
    assert not one.apart
    one.one_after_the_other([5 * MS, 5 * MS])
    assert one.apart, "it takes longer by now"


def test_one_long_step_is_nothing_to_share() -> None:
    one = course((), ())
    one.one_after_the_other([20 * MS, MS // 10])
    assert not one.apart
    assert one.nap


def test_a_chain_beside_a_short_one_is_nothing_to_share() -> None:
    one = course((), (0,), (1,), ())
    one.one_after_the_other([3 * MS, 3 * MS, 3 * MS, MS // 10])
    assert not one.apart
    one.one_after_the_other([3 * MS, 3 * MS, 3 * MS, 3 * MS])
    assert one.apart


def test_what_gains_nothing_is_left_and_tried_again_ever_more_seldom() -> None:
    one = course((), ())
    naps = []
    for _ in range(8):
        one.nap = 0
        one.one_after_the_other([5 * MS, 5 * MS])
        assert one.apart
        one.side_by_side([10 * MS, 10 * MS], 11 * MS, helped=True)
        assert one.apart, "once may be chance"
        one.side_by_side([10 * MS, 10 * MS], 11 * MS, helped=True)
        assert not one.apart
        naps.append(one.nap)
    assert naps == [16, 32, 64, 128, 256, 512, 1024, 1024]


# ------------------------------------------------------------------ in a run
NODES = """
import os
import threading
import time
import flodesk


@flodesk.node(pure=True)
def talks(name, seconds=0.15):
    context = flodesk.context()
    end = time.monotonic() + seconds
    print("printed by", name)
    context.log(f"said by {name}")
    while time.monotonic() < end:
        context.progress(0.5)
        time.sleep(0.01)
    return name


@flodesk.node(pure=True)
def spins(name):
    while True:
        pass


@flodesk.node(pure=True)
def waits(name):
    flodesk.context().sleep(600.0)


@flodesk.node(pure=True)
def sums(k, offset=0):
    time.sleep(0.003)
    return k + offset


@flodesk.node(pure=True)
def odd(k):
    time.sleep(0.003)
    if k % 2:
        raise ValueError("odd")
    return k


def keep(*values):
    return values


@flodesk.node(pure=True)
def breaks(name):
    time.sleep(0.1)
    raise ValueError(name)


@flodesk.node(pure=True)
def leaves(name, seconds=0.2):
    time.sleep(seconds)
    os._exit(3)


def flow():
    """


def in_a_run(*lines: str) -> str:
    return NODES + "\n    ".join(lines) + TAIL


def test_what_a_node_on_a_hand_says_is_said_by_it(placed: Any) -> None:
    assert placed.run(in_a_run("a = talks('a')", "b = talks('b')", "c = talks('c')")).reason == "succeeded"
    told = {(line.node, line.text) for line in placed.lines()}
    for name in "abc":
        assert {(f"flow.{name}", f"printed by {name}"), (f"flow.{name}", f"said by {name}")} <= told


@pytest.mark.parametrize("node", ["waits", "spins"])
def test_stop_reaches_the_hands(here: Any, node: str) -> None:
    here.start(in_a_run(f"a = {node}('a')", f"b = {node}('b')"))
    here.until(lambda: states(here, "ab") == ["running"] * 2)
    assert here.stop().reason == "stopped"


@pytest.mark.parametrize("node", ["waits", "spins"])
def test_an_error_ends_what_runs_behind_it(here: Any, node: str) -> None:
    finished = here.run(in_a_run("a = breaks('a')", f"b = {node}('b')"))
    assert finished.reason == "failed"
    assert [(failure.node, failure.message) for failure in here.failures] == [("flow.a", "a")]
    assert here.engine.states()["flow.b"].state == "idle", "the script has not come to it"


@pytest.mark.skipif(side_by_side.cores() < 2, reason="needs a second core")
def test_a_crash_names_what_was_running(host: Any) -> None:
    finished = host.run(in_a_run("a = talks('a', seconds=3.0)", "b = leaves('b')"))
    assert finished.reason == "crashed"
    assert "while “flow.b” or “flow.a” was running" in finished.message
    assert host.run(in_a_run("a = talks('a', seconds=0.0)")).reason == "succeeded", "the next engine is there"


def states(here: Any, names: str) -> list[str]:
    found = here.engine.states()
    return [found[f"flow.{name}"].state if f"flow.{name}" in found else "" for name in names]


def paused(here: Any) -> list[str]:
    return [event.node for event in here.events if isinstance(event, Paused)]


def test_a_breakpoint_holds_in_the_scripts_order(here: Any) -> None:
    here.engine.set_breaks({"flow.b": ""})
    here.start(in_a_run("a = talks('a', seconds=0.01)", "b = talks('b', seconds=0.01)", "c = talks('c', seconds=0.01)"))
    here.until(lambda: paused(here))
    assert paused(here) == ["flow.b"]
    assert here.engine.states()["flow.c"].state == "queued"
    here.engine.step("over")
    here.until(lambda: len(paused(here)) == 2)
    assert paused(here) == ["flow.b", "flow.c"]
    here.engine.resume()
    assert here.wait().reason == "succeeded"


def test_a_pause_ends_what_is_under_way_and_begins_nothing(here: Any) -> None:
    names = "abcdef"
    here.start(in_a_run(*(f"{name} = talks('{name}', seconds=0.3)" for name in names)))
    here.until(lambda: states(here, "ab") == ["running"] * 2)
    here.engine.pause()
    here.until(lambda: paused(here))
    assert paused(here) == ["flow.a"], "it asks its context, and is held there"
    here.until(lambda: states(here, "ab") == ["paused", "done"])
    assert states(here, "cdef") == ["queued"] * 4
    here.engine.resume()
    assert here.wait().reason == "succeeded"
    assert states(here, names) == ["done"] * 6


def test_a_changed_parameter_is_that_of_the_next_call(here: Any) -> None:
    here.start(
        in_a_run(
            "for k in range(100000):",
            "    a = sums(k, offset=1)",
            "    b = sums(k, offset=2)",
            "    c = sums(a, offset=b)",
        )
    )
    here.engine.watch({"flow.a", "flow.b"}, set())
    here.until(lambda: (here.value("flow.a") or 0) > 5)
    here.engine.set_parameter("flow.b", "offset", "1000000")
    here.until(lambda: (here.value("flow.b") or 0) > 900000)
    assert here.stop().reason == "stopped"


def test_what_is_rejected_and_gone_on_from_is_that_of_the_script(here: Any) -> None:
    header = '# /// script\n# [tool.flodesk]\n# version = 1\n# on_error = "continue"\n# ///\n'
    lines = ["for k in range(8):", "    a = odd(k)", "    b = sums(k)", "    c = odd(b)", "    kept = keep(a, b, c)"]
    finished = here.run(header + in_a_run(*lines))
    assert finished.reason == "failed"
    assert "4 of 8 turns of flow.k failed" in finished.message
    assert {failure.node for failure in here.failures} == {"flow.a"}
