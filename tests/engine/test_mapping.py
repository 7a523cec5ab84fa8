"""A call for each item of an argument: the engine gives what the script gives, in its order, and names the item."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.engine import loop, mapping
from flodesk.engine.cache.memory import memory_for
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control
from flodesk.engine.course import CHEAP_NS
from flodesk.engine.errors import NodeError, PlanError, StopRun, failure
from flodesk.engine.events import LogLine, Rejected
from flodesk.engine.glance import Progress
from flodesk.engine.headless import Result, run
from flodesk.engine.load import load
from flodesk.engine.loop import Runner
from flodesk.engine.mapping import CHUNK, Gain, Mapped
from flodesk.engine.table import items_cell, items_of

HEAD = """
import threading
import time
import flodesk

log = []


def note(name, *values):
    log.append((name, values))


@flodesk.node(pure=True)
def root(x, seconds=0.0, plus=0):
    if seconds:
        time.sleep(seconds)
    if x < 0:
        raise ValueError(f"{x} has no root")
    return x**0.5 + plus


def told(x, seen=[]):
    log.append(("told", x, list(seen)))
    seen.append(x)
    if x < 0:
        raise ValueError(f"{x}")
    return -x


def told2(x, y):
    log.append(("told2", x, y))


def inner(x):
    a = told(x)
    b = told(a)
    return b


def thread(x):
    return threading.current_thread().name, x


class Mean:
    def __init__(self):
        self.seen = []

    def __call__(self, x):
        self.seen.append(x)
        if x < 0:
            raise RuntimeError("below")
        return sum(self.seen) / len(self.seen)


def upto(n):
    yield from range(n)


def fails_at(n):
    for k in range(n):
        log.append(("asked", k))
        yield k
    raise KeyError(n)


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def text_of(*lines: str) -> str:
    return HEAD + "def flow():\n" + "\n".join(f"    {line}" for line in lines) + TAIL


def each(call: str, source: str, how: str) -> str:
    return f"flodesk.each(lambda x: {call}, {source}, on_item_error={how!r})"


CASES = {
    "a list": ["a = [told(x) for x in [3, 1, 2]]", "n = note('a', a)"],
    "by keyword": ["a = [root(plus=p, x=4) for p in (1, 2)]", "n = note('a', a)"],
    "nothing": ["a = [told(x) for x in []]", "n = note('a', a)"],
    "a range": ["r = range(3)", "a = [told(x) for x in r]", "n = note('a', a)"],
    "a generator": ["g = upto(4)", "a = [told(x) for x in g]", "n = note('a', a)"],
    "a generator that fails": ["g = fails_at(3)", "a = [told(x) for x in g]", "n = note('a', a)"],
    "text": ["a = [str(x) for x in 'abc']", "n = note('a', a)"],
    "no sequence": ["k = root(4)", "a = [told(x) for x in k]", "n = note('a', a)"],
    "a class": ["a = [set(x) for x in [[1], [2, 2]]]", "n = note('a', a)"],
    "an object": ["m = Mean()", "a = [m(x) for x in [1, 2, 6]]", "b = m(0)", "n = note('a', a, b)"],
    "a method": ["m = []", "a = [m.append(x) for x in [1, 2]]", "n = note('a', a, m)"],
    "a literal list is new for each item": ["a = [list.append([], x) for x in [1, 2]]", "n = note('a', a)"],
    "in a loop": ["for k in upto(3):", "    r = range(k)", "    a = [told(x) for x in r]", "    n = note('a', a)"],
    "in an arm": ["if 2 > 1:", "    a = [told(x) for x in [1]]", "else:", "    a = [told(x) for x in [2]]"],
    "one after the other": ["a = [root(x) for x in [4, 9]]", "b = [root(x, plus=1) for x in a]", "n = note('b', b)"],
    "a subflow": ["a = [inner(x) for x in [1, 2, -3]]", "n = note('a', a)"],
    "skip": [f"a = {each('told(x)', '[1, -2, 3, -4]', 'skip')}", "n = note('a', a)"],
    "collect": [
        f"a = {each('told(x)', '[1, -2, 3, -4]', 'collect')}",
        "n = note('a', a.results, a.errors, [e.message for e in a.errors])",
    ],
    "two lists": ["a = [root(x, plus=y) for x, y in zip([4, 9], [1, 2], strict=True)]", "n = note('a', a)"],
    "the same list twice": [
        "r = [1, 4]", "a = [root(x, plus=y) for x, y in zip(r, r, strict=True)]", "n = note('a', a)"
    ],
    "a generator and a list": [
        "g = upto(3)", "a = [note(x, y) for x, y in zip(g, [7, 8, 9], strict=True)]", "n = note('a', a)"
    ],
    "three, and an object": [
        "m = []", "a = [m.append((1, 2)) for x in [1]]",
        "b = [note(x, y, z) for x, y, z in zip([1], 'p', (5,), strict=True)]", "n = note('a', m)",
    ],
    "the second ends first": ["g = fails_at(3)", "a = [note(x, y) for x, y in zip(g, [1], strict=True)]"],
    "the first ends first": ["g = upto(3)", "a = [note(x, y) for x, y in zip([1], g, strict=True)]"],
    "lengths that differ": ["a = [told2(x, y) for x, y in zip([1, 2], [3], strict=True)]"],
    "lengths that differ, collected": [
        "a = flodesk.each(lambda x, y: told2(x, y), [1, 2], [3], on_item_error='collect')",
    ],
    "collect two": [
        "a = flodesk.each(lambda x, y: root(x, plus=y), [1, -2, 4], [5, 6, 7], on_item_error='collect')",
        "n = note('a', a.results, [e.message for e in a.errors], [e.item for e in a.errors])",
    ],
    "skip an object": ["m = Mean()", f"a = {each('m(x)', '[1, -2, 3]', 'skip')}", "n = note('a', a)"],
    "unbound, but there is nothing": ["for k in upto(0):", "    v = root(k)", "a = [root(x, plus=v) for x in []]"],
}  # fmt: skip


@pytest.mark.parametrize("lines", CASES.values(), ids=CASES.keys())
def test_the_engine_calls_what_the_script_calls(lines: list[str], same: Callable[[str], Result]) -> None:
    text = text_of(*lines)
    plan = compile_plan(load(text, ""), "flow")
    assert any(item.mapped and isinstance(item.steps[0][0], Mapped) for item in plan.items.values())
    same(text)


def test_a_value_that_is_not_bound_is_an_error_of_the_first_item() -> None:
    lines = ["for k in upto(0):", "    v = root(k)", "a = [root(x, plus=v) for x in [4]]"]
    (failed,) = run(text_of(*lines)).failures
    assert failed.failure.type == "UnboundLocalError", "a NameError in the script; which one hangs on Python's version"
    assert failed.failure.message.startswith("item 1 of 1: the variable 'v' has no value here")


how = st.sampled_from(["fail", "skip", "collect"])
numbers = st.lists(st.integers(-2, 60), max_size=2 * CHUNK + 5)


@given(items=numbers, how=st.sampled_from(["fail", "skip", "collect"]), call=st.sampled_from(["root(x)", "told(x)"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_items_give_what_the_script_gives(
    items: list[int], how: str, call: str, same: Callable[[str], Result]
) -> None:
    value = f"[{call} for x in {items}]" if how == "fail" else each(call, str(items), how)
    same(text_of(f"a = {value}", "n = note('a', a)"))


@given(items=st.lists(st.tuples(st.integers(-2, 60), st.integers()), max_size=CHUNK + 5), extra=st.booleans(), how=how)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_two_lists_give_what_the_script_gives(
    items: list[tuple[int, int]], extra: bool, how: str, same: Callable[[str], Result]
) -> None:
    xs, ys = [x for x, _ in items], [y for _, y in items] + [1] * extra
    call = "root(x, plus=y)"
    value = f"[{call} for x, y in zip({xs}, {ys}, strict=True)]"
    if how != "fail":
        value = f"flodesk.each(lambda x, y: {call}, {xs}, {ys}, on_item_error={how!r})"
    same(text_of(f"a = {value}", "n = note('a', a)"))


# ------------------------------------------------------------------ what is told
def test_an_error_names_the_item() -> None:
    result = run(text_of("a = [root(x) for x in [4, 9, -1, 16]]"))
    (failed,) = result.failures
    assert failed.failure.type == "ValueError"
    assert failed.failure.message == "item 3 of 4: -1 has no root"
    assert failed.failure.node == "flow.a"


def test_lists_of_several_lengths_are_said_before_the_first_pure_call() -> None:
    result = run(text_of("r = [4, -1]", "k = (1, 2, 3)", "a = [root(x, plus=y) for x, y in zip(r, k, strict=True)]"))
    (failed,) = result.failures
    assert failed.failure.type == "ValueError"
    assert failed.failure.message == "they need as many items as each other to go side by side: r has 2, k has 3"
    result = run(text_of("g = upto(2)", "a = [note(x, y) for x, y in zip(g, [1, 2, 3], strict=True)]"))
    assert result.failures[0].failure.message.endswith("side by side: g ends after 2, [1, 2, 3] goes on")


def test_an_item_of_what_has_no_length() -> None:
    result = run(text_of("g = upto(3)", "a = [told(x) for x in g]", "h = iter((1, -5))", "b = [told(x) for x in h]"))
    assert result.failures[0].failure.message == "item 2: -5"


def test_items_that_are_left_out_are_told() -> None:
    lines: list[LogLine] = []
    text = text_of(f"a = {each('root(x)', '[4, -1, 9, -2]', 'skip')}")
    result = run(text, on_event=lambda event: lines.append(event) if isinstance(event, LogLine) else None)
    assert result.reason == "succeeded"
    (line,) = lines
    assert line.level == "warning"
    assert line.node == "flow.a"
    assert line.text == "2 of 4 items failed and were left out: 2, 4 (item 2: ValueError: -1 has no root)"


def test_a_template_cannot_be_filled_in_for_each_item() -> None:
    text = "import flodesk\n\ndef say(x: int, text: str = '') -> str:\n    return text\n\n"
    text += "def flow():\n    a = [say(x, text='{{ x }}') for x in [1, 2]]\n" + TAIL
    with pytest.raises(PlanError, match="once a call"):
        compile_plan(load(text, ""), "flow")


# ------------------------------------------------------------------ side by side
class Bench:
    """A function over its plan, as a run has it, without the run."""

    def __init__(self, *lines: str, head: str = "") -> None:
        self.plan = compile_plan(load(head + text_of(*lines), ""), "flow")
        self.cells = memoryview(bytearray(8 * self.plan.cells)).cast("q")
        self.control = Control()
        self.lines: list[tuple[str, ...]] = []
        self.runner = Runner(
            self.plan,
            self.control,
            self.cells,
            lambda *line: self.lines.append(line),
            lambda other: self.cells,
            keep=True,
        )

    def run(self) -> BaseException | None:
        self.control.ident = threading.get_ident()
        try:
            self.runner.run()
        except NodeError as error:
            return error.error
        finally:
            assert not list(self.runner.close())
        return None

    def value(self, name: str) -> Any:
        return self.plan.slots[self.plan.names[name]]

    def told(self, name: str) -> tuple[int, int]:
        return items_of(self.cells[self.plan.items[name].cell + 2])


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "cores", lambda: 2)


MEET = """
import threading
import flodesk

meeting = threading.Barrier(2, timeout=30)


@flodesk.node(pure=True)
def meet(x):
    if meeting is not None:
        meeting.wait()
    if x == 5:
        raise ValueError("five")
    return threading.current_thread().name


def meets(x):
    return threading.current_thread().name


"""


@pytest.mark.usefixtures("two_cores")
def test_pure_calls_run_side_by_side() -> None:
    bench = Bench("a = [meet(x) for x in [1, 2, 3, 4]]", head=MEET)  # each waits until another is there, too
    assert bench.run() is None
    assert set(bench.value("a")) == {threading.current_thread().name, "flodesk flow hand 1"}


@pytest.mark.usefixtures("two_cores")
def test_others_run_one_after_the_other() -> None:
    bench = Bench("a = [meets(x) for x in range(100)]", head=MEET)
    assert bench.plan.items["code_1"].kind == "code", "range(100) is neither a name nor written out: that stays code"
    bench = Bench("r = range(100)", "a = [meets(x) for x in r]", head=MEET)
    assert bench.run() is None
    assert set(bench.value("a")) == {threading.current_thread().name}


@pytest.mark.usefixtures("two_cores")
def test_side_by_side_the_first_error_is_the_scripts() -> None:
    bench = Bench("r = [9, 25, -4, 49, -1, 4]", "a = [root(x, seconds=0.002) for x in r]")
    error = bench.run()
    assert isinstance(error, ValueError)
    assert failure("flow.a", error).message == "item 3 of 6: -4 has no root"


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("how", ["skip", "collect"])
def test_side_by_side_items_are_left_out_in_their_order(how: str) -> None:
    items = [k if k % 9 else -k - 1 for k in range(90)]
    bench = Bench(f"r = {items}", f"a = {each('root(x, seconds=0.0002)', 'r', how)}")
    assert bench.run() is None
    found = bench.value("a") if how == "skip" else bench.value("a").results
    assert found == [k**0.5 for k in items if k >= 0]
    if how == "collect":
        assert [e.item for e in bench.value("a").errors] == [n for n, k in enumerate(items, 1) if k < 0]
    assert bench.told("a") == (80, 90), "so many have not failed"


@pytest.mark.usefixtures("two_cores")
def test_a_stop_comes_between_items() -> None:
    done = threading.Event()
    bench = Bench("r = range(100_000)", "a = [root(x, seconds=0.001) for x in r]")

    def stop() -> None:
        while bench.told("a")[0] == 0:
            done.wait(0.002)
        bench.control.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(StopRun):
        bench.run()
    thread.join()
    done_, total = bench.told("a")
    assert 0 < done_ < total == 100_000


def test_how_many_items_of_how_many_are_one_number() -> None:
    assert items_of(items_cell(17, 200)) == (17, 200)
    assert items_of(1_000_000) == (0, 0), "that is a fraction"
    assert items_of(-1) == (0, 0), "that says that the call was not made"


# ------------------------------------------------------------------ whether it pays
def test_what_gains_nothing_is_left_alone() -> None:
    gain = Gain()
    assert gain.pays(4), "nobody knows yet"
    gain.side_by_side(4, 8_000_000, helped=True)
    assert gain.alone == 0, "what one takes alone is looked at next"
    gain.one_after_the_other(1, 2_000_000)
    assert gain.pays(4)
    gain.side_by_side(4, 8_000_000, helped=True)
    assert gain.alone == 0
    assert gain.nap == 0, "items may differ: a second look"
    gain.one_after_the_other(1, 2_000_000)
    gain.side_by_side(4, 8_000_000, helped=True)
    assert gain.nap > 0
    assert not gain.pays(4)


def test_what_gains_goes_on_and_what_is_cheap_does_not() -> None:
    gain = Gain()
    gain.side_by_side(4, 8_000_000, helped=True)
    gain.one_after_the_other(1, 2_000_000)
    gain.side_by_side(4, 4_200_000, helped=True)
    assert gain.pays(4)
    gain.one_after_the_other(1, 2_000)
    assert not gain.pays(4)


def test_one_item_is_measured_also_where_the_processor_is_away_between_two_looks_at_the_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, made = itertools.count(0, 10 * CHEAP_NS), []
    monkeypatch.setattr(mapping, "perf_counter_ns", lambda: next(clock))
    run = mapping._Pass.__new__(mapping._Pass)
    monkeypatch.setattr(mapping._Pass, "_in_order", lambda self, items: made.extend(items))
    monkeypatch.setattr(mapping._Pass, "_side_by_side", lambda self, chunk, delayed: made.extend(chunk))
    gain = Gain(known=True)
    run._chunk(list(range(32)), gain)
    assert made == list(range(32))
    assert gain.alone >= 10 * CHEAP_NS


# ------------------------------------------------------------------ in a run
SLOW = """def slow(x):
    time.sleep(0.001)
    return x


"""


def test_a_run_is_stopped_between_items_and_tells_how_far_it_is(here: Any) -> None:
    here.start(text_of("r = range(100_000)", "a = [slow(x) for x in r]").replace("def flow", SLOW + "def flow"))
    state = here.until(lambda: (s := here.engine.states().get("flow.a")) and s.items and s)
    assert state.state == "running"
    assert state.of == 100_000
    assert state.progress == state.items / state.of
    assert here.stop().reason == "stopped"


def test_a_turn_that_fails_at_an_item_is_kept_like_any_other(here: Any) -> None:
    head = '# /// script\n# [tool.flodesk]\n# version = 1\n# on_error = "reject"\n# ///\n'
    lines = ["for k in upto(3):", "    r = list((4, k - 1, 9))", "    a = [root(x) for x in r]", "    n = note('a', a)"]
    here.run(head + text_of(*lines))
    (kept,) = [event for event in here.events if isinstance(event, Rejected)]
    assert kept.failure.message == "item 2 of 3: -1 has no root"
    assert kept.iteration == 1


def test_how_far_it_is_is_said_on_the_command_line() -> None:
    bench = Bench("r = range(200)", "a = [root(x) for x in r]")
    assert bench.run() is None
    assert Progress("flow", "flow.a", items=bench.told("a")).at_work == "flow.a (200 of 200)"
    assert Progress("flow", "flow.a").at_work == "flow.a"


@pytest.mark.parametrize(("how", "kept"), [("skip", False), ("collect", True)])
def test_what_leaves_items_out_unseen_runs_in_each_run(tmp_path: Path, how: str, kept: bool) -> None:
    loaded = load(text_of("r = list((1, 4))", f"a = {each('root(x)', 'r', how)}"), str(tmp_path / "flow.py"))
    plan = compile_plan(loaded, "flow")
    assert memory_for(loaded, lambda *line: None).covers(plan, plan.items["a"]) is kept
