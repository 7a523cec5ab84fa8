"""What a failing node means for its loop: ``on_error`` stop, reject or continue, and a producer that fails."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.engine.events import LogLine, LoopFinished, NodeFailed, Rejected, RunFinished, from_json, to_json
from flodesk.engine.headless import Result, run
from flodesk.engine.letters import Letters
from flodesk.engine.limits import Limits
from flodesk.engine.load import MODULE_NAME

HEADER = """# /// script
# [tool.flodesk]
# version = 1
# on_error = "{mode}"
# backoff = {backoff}
# ///
"""
HEAD = """import itertools
import flodesk

log = []
starts = itertools.count()


def note(name, *values):
    log.append((name, values))
    return len(log)


def add(a, b):
    return a + b


def picky(x):
    if x % 3 == 1:
        raise ValueError(f"{x} is bad")
    log.append(("good", x))
    return x


def upto(n):
    yield from range(n)


def pairs():
    yield from [(1, "a"), (4, "b"), (6, "c")]


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main({mains})\n'


def flow(*lines: str, mode: str = "reject", backoff: float = 0.001, extra: str = "", mains: str = "flow") -> str:
    body = "def flow():\n" + "\n".join(f"    {line}" for line in lines)
    return HEADER.format(mode=mode, backoff=backoff) + HEAD + extra + body + TAIL.format(mains=mains)


def logged() -> list:
    return list(sys.modules[MODULE_NAME].log)


def letters() -> list:
    store = Letters()
    found = [store.get(letter.id) for letter in store.find()]
    store.close()
    return found


COUNTING = ("total = 0", "for k in upto(10):", "    more = add(total, k)", "    total = more", "    good = picky(k)",
            "end = add(total, 0)")  # fmt: skip


def test_a_turn_that_fails_is_kept_and_the_loop_goes_on(data_of_its_own: Path) -> None:
    result = run(flow(*COUNTING), "")
    assert logged() == [("good", k) for k in (0, 2, 3, 5, 6, 8, 9)]
    # what a rejected turn has added does not count: feedback has the value of the last good turn
    assert result.values["flow.end"] == sum((0, 2, 3, 5, 6, 8, 9))
    assert (result.reason, result.message) == ("failed", "finished; 3 of 10 turns of flow.k were rejected")
    found = letters()
    assert [letter.payload[0].value() for letter in found] == [(1,), (4,), (7,)]
    first = found[0]
    assert (first.loop, first.iteration, first.count, first.run) == ("flow.k", 2, 1, result.run)
    assert (first.failure.node, first.failure.message) == ("flow.good", "1 is bad")
    assert first.failure.code == 'raise ValueError(f"{x} is bad")'
    assert first.failure.inputs == (("x", "1"),)
    assert first.inputs[0].value() == 1
    assert "engine" not in first.failure.traceback
    told = [event for event in result.events if isinstance(event, Rejected)]
    assert [(e.letter, e.iteration) for e in told] == [(letter.id, letter.iteration) for letter in found]
    assert [(e.count, e.loop) for e in told] == [(1, "flow.k"), (2, "flow.k"), (3, "flow.k")]
    assert not [event for event in result.events if isinstance(event, NodeFailed)]
    assert [e.reason for e in result.events if isinstance(e, LoopFinished)] == ["failed"]
    assert from_json(to_json(told[0])) == told[0]


def test_to_go_on_without_keeping_tells_each_node_once() -> None:
    result = run(flow(*COUNTING, mode="continue"))
    assert result.message == "finished; 3 of 10 turns of flow.k failed"
    told = [event for event in result.events if isinstance(event, NodeFailed)]
    assert [(e.failure.node, e.failure.message, e.goes_on) for e in told] == [("flow.good", "1 is bad", True)]
    assert result.values["flow.end"] == 33
    assert letters() == []


def test_to_stop_is_the_default() -> None:
    for text in (flow(*COUNTING, mode="stop"), flow(*COUNTING).replace('# on_error = "reject"\n', "")):
        result = run(text)
        assert (result.reason, result.failures[0].failure.message) == ("failed", "1 is bad")
        assert "flow.end" not in result.values
    assert letters() == []


def test_outside_of_loops_an_error_stops_the_function_in_every_mode() -> None:
    for mode in ("reject", "continue"):
        result = run(flow("a = picky(1)", "for k in upto(3):", "    b = note('b', k)", mode=mode))
        assert result.failures[0].failure.node == "flow.a"
        assert isinstance(result.failures[0], NodeFailed)
        assert logged() == []
    assert letters() == []


def test_the_innermost_loop_loses_its_turn() -> None:
    lines = ["for i in upto(2):", "    for j in upto(4):", "        a = picky(j)", "    b = note('after', i)"]
    result = run(flow(*lines))
    inner = [("good", k) for k in (0, 2, 3)]
    assert logged() == [*inner, ("after", (0,)), *inner, ("after", (1,))]
    assert result.message == "finished; 2 of 8 turns of flow.j were rejected"
    # what the loops around gave is kept along: a turn is put back where it was
    assert [[kept.value() for kept in letter.payload] for letter in letters()] == [[(0,), (1,)], [(1,), (1,)]]


def test_several_targets_and_what_cannot_be_kept() -> None:
    run(flow("for k, name in pairs():", "    a = picky(k)"))
    assert [letter.payload[0].value() for letter in letters()] == [(1, "a"), (4, "b")]
    odd = "class Odd:\n    def __repr__(self):\n        return 'an odd one'\n\n\n"
    odd += "def odd():\n    yield Odd()\n\n\ndef no(x):\n    raise OSError('no')\n\n\n"
    result = run(flow("for k in odd():", "    a = no(k)", extra=odd))
    assert result.message == "finished; 1 of 1 turn of flow.k was rejected"
    last = letters()[-1]
    assert not last.returnable
    assert "Odd" in last.why_not
    assert last.payload[0].text == "an odd one"


def test_a_failing_loop_leaves_the_others_alone() -> None:
    other = "def other():\n    n = 0\n    for k in upto(50):\n        m = add(n, k)\n        n = m\n"
    other += "    end = add(n, 0)\n\n\n"
    for mode in ("stop", "reject", "continue"):
        result = run(flow("for k in upto(9):", "    a = picky(1)", mode=mode, extra=other, mains="flow, other"))
        assert result.values["other.end"] == sum(range(50))
        reasons = {e.loop: e.reason for e in result.events if isinstance(e, LoopFinished)}
        assert reasons == {"flow": "failed", "other": "succeeded"}


def test_a_run_that_is_stopped_after_a_failed_turn_has_failed_and_keeps_no_letter_of_the_stop() -> None:
    extra = "from flodesk.nodes import timing\nfrom flodesk.public import context\n\n\n"
    extra += "def wait(k):\n    try:\n        context().sleep(30 * (k > 2))\n    except BaseException:\n"
    extra += "        raise OSError('stopped in the middle')\n\n\n"
    text = flow("for k in timing.every(0.001):", "    a = picky(1)", extra=extra)
    result = run(text, limits=Limits(seconds=0.05))
    assert result.reason == "failed"
    assert result.message.startswith("stopped; ")
    before = len(letters())
    result = run(flow("for k in upto(4):", "    a = wait(k)", extra=extra), limits=Limits(seconds=0.05))
    assert result.reason == "stopped"
    assert len(letters()) == before


def test_of_a_flood_some_are_told_and_all_are_kept() -> None:
    result = run(flow("for k in upto(400):", "    a = picky(1)"))
    assert result.message == "finished; 400 of 400 turns of flow.k were rejected"
    told = [event for event in result.events if isinstance(event, Rejected)]
    said = [event.text for event in result.events if isinstance(event, LogLine)]
    assert 50 <= len(told) < 400
    assert said == [f"{400 - len(told)} more turns were rejected than are told one by one; their dead letters are kept"]
    assert len(letters()) == 400
    assert len(result.failures) == 1


def test_a_letter_that_cannot_be_written_stops_the_loop(data_of_its_own: Path) -> None:
    (data_of_its_own / "letters.db").mkdir()
    result = run(flow(*COUNTING))
    assert result.failures[0].failure.message == "1 is bad"
    assert isinstance(result.failures[0], NodeFailed)
    said = " ".join(event.text for event in result.events if isinstance(event, LogLine))
    assert "its turn cannot be kept" in said
    assert "letters.db" in said
    assert "see that the file can be read and written" in said


# ------------------------------------------------------------------ producers
PRODUCERS = """
def flaky():
    start = next(starts)
    log.append(("start", start))
    for k in range(2 * start, 2 * start + 2):
        yield k
    if start < 7:
        raise OSError(f"lost it at {start}")


def broken():
    next(starts)
    raise OSError("no such device")
    yield 1


def stuck():
    next(starts)
    yield 1
    yield 2
    raise OSError("row 3 cannot be read")


"""


def test_a_producer_that_fails_is_started_anew_and_a_good_value_resets_the_count() -> None:
    for mode in ("reject", "continue"):
        result = run(flow("for k in flaky():", "    a = note('k', k)", mode=mode, extra=PRODUCERS))
        assert [values for name, values in logged() if name == "k"] == [(k,) for k in range(16)]
        assert result.message == "finished; flow.k failed 7 times and was started anew"
        assert [e.failure.message for e in result.failures] == ["lost it at 0"]
        said = [event.text for event in result.events if isinstance(event, LogLine)]
        assert said[0] == "OSError: lost it at 0 (1 of 5 failures in a row); it starts anew in 0.001 s"
        assert all("(1 of 5" in text for text in said)


@pytest.mark.parametrize(("producer", "values"), [("broken()", 0), ("stuck()", 10)])
def test_after_five_failures_in_a_row_its_loop_stops(producer: str, values: int) -> None:
    result = run(flow(f"for k in {producer}:", "    a = note('k', k)", extra=PRODUCERS))
    assert result.reason == "failed"
    assert result.message.startswith("flow.k failed: OSError:")
    assert next(sys.modules[MODULE_NAME].starts) == 5
    assert len(logged()) == values
    said = [event.text for event in result.events if isinstance(event, LogLine)]
    assert [text.rpartition("in ")[2] for text in said] == ["0.001 s", "0.002 s", "0.004 s", "0.008 s"]
    # with "stop" the first is the last
    run(flow(f"for k in {producer}:", "    a = note('k', k)", mode="stop", extra=PRODUCERS))
    assert next(sys.modules[MODULE_NAME].starts) == 1


def test_a_stop_ends_the_wait_for_a_producer_at_once(here) -> None:
    here.start(flow("for k in broken():", "    a = note('k', k)", backoff=25.0, extra=PRODUCERS))
    here.until(lambda: here.lines())
    started = time.monotonic()
    end = here.stop()
    assert time.monotonic() - started < 15  # it would start anew after 25 s
    assert end.reason == "failed"
    assert end.message == "stopped; flow.k failed once and was started anew"


def test_a_change_ends_the_wait_for_a_producer_at_once(here) -> None:
    text = flow("for k in broken():", "    a = note('k', k)", backoff=25.0, extra=PRODUCERS)
    here.start(text)
    here.until(lambda: here.lines())
    here.engine.swap(text.replace("for k in broken():", "for k in upto(3):"))
    assert here.wait(15).message == "finished; flow.k failed once and was started anew"
    assert [values for _, values in logged()] == [(0,), (1,), (2,)]


def test_an_inner_producer_that_fails_loses_the_turn_around_it() -> None:
    extra = "def halves(i):\n    yield i\n    if i == 1:\n        raise OSError('torn')\n    yield i + 0.5\n\n\n"
    result = run(flow("for i in upto(3):", "    for k in halves(i):", "        a = note('k', k)", extra=extra))
    assert [values for _, values in logged()] == [(0,), (0.5,), (1,), (2,), (2.5,)]
    assert result.message == "finished; 1 of 3 turns of flow.i was rejected"
    assert [letter.failure.node for letter in letters()] == ["flow.k"]


def test_the_mode_can_be_changed_while_it_runs(here) -> None:
    extra = "import time\n\ngate = []\n\n\ndef gated(n):\n    for k in range(n):\n"
    extra += "        while len(gate) <= k:\n            time.sleep(0.001)\n        yield 1\n\n\n"
    text = flow("for k in gated(4):", "    a = picky(k)", mode="continue", extra=extra)
    here.start(text)
    here.until(lambda: hasattr(sys.modules.get(MODULE_NAME), "gated"))
    gate = sys.modules[MODULE_NAME].gate
    gate.append(1)
    here.until(lambda: here.failures)
    here.engine.swap(text.replace('"continue"', '"reject"'))
    here.until(lambda: next(iter(here.engine._session._run.runners.values())).control.swap is not None)
    gate.append(2)
    gate += [3, 4]
    end = here.wait()
    assert end.reason == "failed"
    assert 2 <= len(letters()) <= 3


# ------------------------------------------------------------------ against a script
ORACLE = """
log = []


def note(name, *values):
    log.append((name, values))
    return sum(v for v in values if isinstance(v, int)) % 97


def perhaps(x, bad):
    log.append(("perhaps", x))
    if x % 5 in bad:
        raise ValueError(x)
    return x + 1


def upto(n):
    yield from range(n % 6)
"""


@st.composite
def bodies(draw: st.DrawFn, known: tuple[str, ...], depth: int, prefix: str, bad: str) -> list[str]:
    """Draw a loop's body: calls, feedback of `total`, loops in it; any line may fail."""
    lines, names = [], known
    for number in range(draw(st.integers(1, 4))):
        name = f"{prefix}{number}"
        one, two = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        kind = draw(st.sampled_from(["note", "perhaps", "perhaps", "fold", "switch", "loop"][: 6 if depth else 4]))
        if kind == "note":
            lines.append(f"{name} = note({name!r}, {one}, {two})")
        elif kind == "perhaps":
            lines.append(f"{name} = perhaps({one}, {bad})")
        elif kind == "fold":
            lines += [f"{name} = note('total', total, {one})", f"total = {name}"]
        elif kind == "switch":
            lines += [f"{name}e = note('e', {one})", f"if {name}e > 40:", f"    {name} = perhaps({one}, {bad})"]
            lines += ["else:", f"    {name} = note('else', {two})"]
        else:
            inner = draw(bodies((*names, f"{name}i"), depth - 1, f"{name}_", bad))
            lines += [f"for {name}i in upto({one}):", *(f"    {line}" for line in inner), f"{name} = note('l', {one})"]
        names = (*names, name)
    return lines


def with_try(lines: list[str]) -> list[str]:
    """Write the script that rejects a turn by hand: ``try`` round each loop's body, and the feedback put back."""
    found: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if not line.startswith("for "):
            found.append(line)
            number += 1
            continue
        end = number + 1
        while end < len(lines) and lines[end].startswith("    "):
            end += 1
        body = with_try([inner.removeprefix("    ") for inner in lines[number + 1 : end]])
        target = line.split()[1]
        found += [line, f"    kept_{target} = total", "    try:", *(f"        {inner}" for inner in body)]
        found += ["    except ValueError as error:", f"        lost.append(({target}, error.args))"]
        found += [f"        total = kept_{target}"]
        number = end
    return found


def compare(lines: list[str]) -> None:
    lines = ["total = 7", "for i in upto(5):", *(f"    {line}" for line in lines), "end = note('end', total)"]
    space: dict = {"lost": []}
    script = ORACLE + "\ndef flow():\n" + "\n".join(f"    {line}" for line in with_try(lines)) + "\n"
    exec(compile(script, "script", "exec"), space)
    space["flow"]()
    text = HEADER.format(mode="reject", backoff=0) + "import flodesk\n" + ORACLE
    text += "\n\ndef flow():\n" + "\n".join(f"    {line}" for line in lines) + TAIL.format(mains="flow")
    store = Letters()
    store.drop([letter.id for letter in store.find()])  # reading all those of all flows would be most of the work
    store.close()
    result: Result = run(text)
    assert logged() == space["log"]
    found = letters()
    assert [(kept.payload[-1].value()[0], kept.failure.message) for kept in found] == [
        (value, str(args[0])) for value, args in space["lost"]
    ]
    assert result.reason == ("failed" if space["lost"] else "succeeded")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_flows_that_lose_turns_equal_scripts_that_catch_them(data: st.DataObject) -> None:
    bad = str(set(data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=2))))
    compare(data.draw(bodies(("i", "total"), 1, "v", bad)))


@pytest.mark.long
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_very_many_flows_that_lose_turns_equal_scripts_that_catch_them(data: st.DataObject) -> None:
    bad = str(set(data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=2))))
    compare(data.draw(bodies(("i", "total"), 2, "v", bad)))


def test_no_thread_is_needed_for_it() -> None:
    before = threading.active_count()
    run(flow(*COUNTING))
    assert threading.active_count() == before


def test_the_run_is_told_by_every_placement(placed) -> None:
    end: RunFinished = placed.run(flow(*COUNTING))
    assert end.message == "finished; 3 of 10 turns of flow.k were rejected"
    assert [e.count for e in placed.events if isinstance(e, Rejected)] == [1, 2, 3]
    assert len(letters()) == 3
