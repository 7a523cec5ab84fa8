"""What a plan drops and keeps, how states lie in memory, how a flood of lines is cut, how frames travel."""

from __future__ import annotations

import gc
import io
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flodesk.engine.calls import UNBOUND, calls_nothing
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control
from flodesk.engine.errors import Renew, StopRun
from flodesk.engine.events import LogLine, from_json, to_json
from flodesk.engine.headless import run
from flodesk.engine.link import Arena, LinkError, Outbox, pack, read_frame
from flodesk.engine.load import load
from flodesk.engine.log import BURST, Log, Voice
from flodesk.engine.loop import Runner
from flodesk.engine.states import NodeState
from flodesk.engine.table import CELLS, FAILED, Layout, Row, Table, running, states

TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def runner_of(body: str, head: str = "", *, keep: bool = False) -> Runner:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    plan = compile_plan(load(f"import flodesk\n{head}\n\n\ndef flow():\n{lines}\n{TAIL}", ""), "flow")
    cells = memoryview(bytearray(8 * plan.cells)).cast("q")
    return Runner(plan, Control(), cells, lambda *line: None, lambda other: cells, keep=keep)


def left(runner: Runner) -> set[str]:
    return {name for name, slot in runner.plan.names.items() if runner.plan.slots[slot] is not UNBOUND}


CHAIN = "a = abs(-1)\nb = abs(a)\nc = abs(b)\nd = max(a, c)"


def test_a_value_is_dropped_after_its_last_reader() -> None:
    runner = runner_of(CHAIN)
    runner.run()
    assert left(runner) == {"d"}


def test_a_value_is_kept_where_changes_may_come_or_somebody_watches() -> None:
    runner = runner_of(CHAIN, keep=True)
    runner.run()
    assert left(runner) == {"a", "b", "c", "d"}
    runner = runner_of(CHAIN)
    runner.watch(frozenset(["b"]))
    runner.run()
    assert left(runner) == {"b", "d"}


def test_in_a_loop_only_what_the_next_turn_needs_is_kept_unless_all_is() -> None:
    body = """
total = 0
far = abs(-7)
for k in range(3):
    a = abs(k)
    b = max(a, far)
    more = max(total, b)
    total = more
    if b:
        c = abs(b)
    else:
        c = 3
    d = abs(c)
    e = abs(k)
last = abs(e)
"""
    runner = runner_of(body)
    runner.run()
    assert left(runner) == {"total", "c", "d", "e", "last"}, "c is bound in two arms: it stays"
    runner = runner_of(body, keep=True)
    runner.run()
    assert left(runner) == {"total", "far", "k", "a", "b", "more", "c", "d", "e", "last"}, "as in a script"


def test_a_big_value_is_gone_while_later_nodes_run() -> None:
    head = "import weakref, gc\nclass Big: pass\nseen = []\ndef make(): return Big()\n"
    head += "def use(x):\n    seen.append(weakref.ref(x))\n    return 1\n"
    head += "def look(x):\n    gc.collect()\n    return seen[0]()"
    runner = runner_of("big = make()\nused = use(big)\nthere = look(used)", head)
    runner.run()
    assert runner.plan.slots[runner.plan.names["there"]] is None
    gc.collect()
    assert isinstance(runner.plan.loaded.namespace["seen"][0], weakref.ref)


def test_an_indicator_stays_although_somebody_reads_it() -> None:
    runner = runner_of("a = show.number(3.0)\nb = str(a)", "from flodesk.nodes import show")
    runner.run()
    assert left(runner) == {"a", "b"}


def test_steps_know_when_they_ran() -> None:
    runner = runner_of("a = abs(1)\nfor k in range(3):\n    b = abs(k)\n    if k:\n        c = abs(k)\nd = abs(9)")
    runner.run()
    layout = Layout("flow", 0, runner.plan.cells, runner.plan.rows)
    assert Layout.from_json(layout.to_json()) == layout
    found = states(runner.cells, [layout], {}, on=False)
    counts = {name.removeprefix("flow."): (state.state, state.count) for name, state in found.items()}
    assert counts == {
        "a": ("done", 1), "k": ("done", 3), "b": ("done", 3), "if_1": ("done", 3), "c": ("done", 2), "d": ("done", 1)
    }  # fmt: skip
    assert all(0 <= state.seconds < 1 for state in found.values())
    assert running(runner.cells, [layout]) == []


def test_states_are_read_from_the_cells() -> None:
    table = Table(memoryview(bytearray(8 * 20)))
    cells, first = table.take("flow", 9)
    layout = Layout("flow", first, 9, (Row("flow.a", 0, 8), Row("flow.b", CELLS, 8)))
    assert states(table.cells, [layout], {}, on=True)["flow.a"] == NodeState("idle")
    cells[8] = 5
    cells[0], cells[1] = 1000, 1001
    cells[4], cells[5], cells[6], cells[7] = 5000, 2000, 500_000, 5000
    found = states(table.cells, [layout], {"flow.b": NodeState("done", 3, 0.25)}, on=True)
    assert found == {"flow.a": NodeState("done", 5, 1e-9), "flow.b": NodeState("running", 4, 0.25, 0.5)}
    assert running(table.cells, [layout]) == ["flow.b"]
    cells[7] = 1  # what another call has said
    assert states(table.cells, [layout], {}, on=True)["flow.b"].progress is None
    # the run was stopped: what was cut off in its middle is not done, a producer that waited is
    assert states(table.cells, [layout], {}, on=False)["flow.b"] == NodeState("idle", 4, 0.0)
    asked = Layout("flow", first, 9, (Row("flow.k", CELLS, 8, producer=True),))
    assert states(table.cells, [asked], {}, on=False)["flow.k"] == NodeState("done", 5, 0.0)
    assert states(table.cells, [asked], {}, on=True)["flow.k"].count == 5
    cells[5] = FAILED
    assert states(table.cells, [layout], {}, on=True)["flow.b"].state == "failed"
    assert running(table.cells, [layout]) == []


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 40)), max_size=30))
def test_no_two_functions_share_cells(takes: list[tuple[str, int]]) -> None:
    table = Table(memoryview(bytearray(8 * 100)))
    last: dict[str, tuple[int, int]] = {}
    for function, count in takes:
        cells, first = table.take(function, count)
        assert len(cells) == count
        assert set(cells) == {0}
        if first < 0:
            continue
        spans = [span for name, span in last.items() if name != function]
        # what a function had before a swap is read a last time, so it is spared too
        spans += [last[function]] if function in last else []
        assert all(first + count <= start or start + length <= first for start, length in spans)
        last[function] = first, count
        cells[0] = 7


def test_a_plan_that_does_not_fit_runs_unseen() -> None:
    table = Table(memoryview(bytearray(8 * 10)))
    cells, first = table.take("flow", 50)
    assert (len(cells), first) == (50, -1)


# ------------------------------------------------------------------ code and control
@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("a = b * 2", True),
        ("a = b[1] + c.real", True),
        ("a: int = -b", True),
        ("a = f(b)", False),
        ("a[0] = b", False),
        ("a.x = b", False),
        ("del a", False),
        ("a += 1", False),
        ("import os", False),
        ("a = (yield)", False),
    ],
)
def test_which_code_may_run_again_at_will(text: str, quiet: bool) -> None:
    assert calls_nothing(text) is quiet


def test_sleep_is_ended_by_stop_and_by_a_change_of_the_producer_alone() -> None:
    control = Control()
    control.change("a")
    control.sleep(0.01)
    control.change("a", lambda: True)
    control.sleep(0.01)  # nobody waits for a producer: nothing to renew
    control.waiting = "tick"
    with pytest.raises(Renew):
        control.sleep(10)
    control.stop()
    with pytest.raises(StopRun):
        control.sleep(10)


# ------------------------------------------------------------------ lines
def test_a_flood_is_cut_and_counted() -> None:
    told: list[LogLine] = []
    log = Log(told.append)
    for number in range(10 * BURST):
        log.say("flow.a", "info", f"line {number}")
    log.flush()
    assert BURST <= len(told) < 2 * BURST
    assert [line.text for line in told[:3]] == ["line 0", "line 1", "line 2"]
    dropped = int(told[-1].text.split()[1])
    assert dropped == 10 * BURST - (len(told) - 1)
    log.say("flow.a", "info", "x" * 10_000_000)
    assert len(told[-1].text) < 3000


def test_a_voice_tells_whole_lines_and_lets_others_speak() -> None:
    node = "flow.a"
    told: list[tuple[str, str, str]] = []
    other = io.StringIO()
    voice = Voice("info", lambda: node, lambda *line: told.append(line), other)
    print("one", 2, file=voice)
    print("three ", end="", file=voice)
    print("four\nfive", end="", file=voice)
    voice.flush()
    print("cut off", end="", file=voice)
    node = "flow.b"
    print("its own", end="", file=voice)
    node = ""
    print("outside", file=voice)
    voice.end()
    assert [text for _, _, text in told] == ["one 2", "three four", "five", "cut off", "its own"]
    assert [where for where, _, _ in told] == ["flow.a"] * 4 + ["flow.b"]
    assert other.getvalue() == "outside\n"


# ------------------------------------------------------------------ frames
@given(st.lists(st.lists(st.binary(max_size=30), max_size=4), max_size=5))
def test_frames_come_as_they_were_sent(frames: list[list[bytes]]) -> None:
    pipe = io.BytesIO()
    out = Outbox(pipe, "out")
    for number, buffers in enumerate(frames):
        out.put(pack({"n": number, "text": "ü\n"}, buffers))
    out.close()
    pipe.seek(0)
    for number, buffers in enumerate(frames):
        head, parts = read_frame(pipe)
        assert (head["n"], head["text"]) == (number, "ü\n")
        assert [bytes(part) for part in parts] == buffers
    with pytest.raises(LinkError, match="ended"):
        read_frame(pipe)


def test_a_frame_that_is_too_long_is_refused() -> None:
    with pytest.raises(LinkError, match="none of ours"):
        read_frame(io.BytesIO(b"\xff" * 100))


def test_the_arena_holds_two_batches() -> None:
    memory = memoryview(bytearray(100))
    arena = Arena(memory)
    first = arena.put([b"abc", b"", b"de"])
    second = arena.put([b"x" * 50])
    assert first is not None
    assert second is not None
    assert [bytes(p) for p in arena.get(*first)] == [b"abc", b"", b"de"]
    assert [bytes(p) for p in arena.get(*second)] == [b"x" * 50]
    assert arena.put([b"x" * 51]) is None


def test_events_travel_as_json() -> None:
    result = run("import flodesk\n\n\ndef flow():\n    a = abs('x')\n" + TAIL)
    assert result.reason == "failed"
    for event in result.events:
        assert from_json(to_json(event)) == event
