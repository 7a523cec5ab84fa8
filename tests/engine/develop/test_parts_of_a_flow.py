"""One node, all that it needs, all that hangs on it: what is cut out, what runs, and what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.engine.part import Part, cut
from flodesk.flow.model import Function, Loop, Switch
from flodesk.flow.script import read

FLOW = """
import flodesk
from flodesk.nodes import collect, maths, statistics, timing


def note(name, value):
    print(name, flush=True)
    return value


def flow():
    factor = note("factor", 2.0)
    rows = collect.List()
    average = statistics.RunningMean(window=3)
    total = 0.0
    for tick in timing.count(5):
        scaled = maths.multiply(tick, factor)
        smooth = average(scaled)
        longer = maths.add(total, smooth)
        total = longer
        high = maths.greater(smooth, 3.0)
        if high:
            cut_off = maths.clip(smooth, upper=3.0)
            level = cut_off
        else:
            plain = maths.add(smooth, 100.0)
            level = plain
        shown = maths.add(level, 0.5)
        rows.add(shown)
    readings = rows.result()
    best = maths.add(total, 1000.0)
    other = note("other", 7.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def function() -> Function:
    return read(FLOW).functions["flow"]


def ids(body: Any) -> list[Any]:
    """The ids of a block, those of what stands in a loop or switch in a list behind it."""
    found: list[Any] = []
    for statement in body.statements:
        found.append(statement.id)
        if isinstance(statement, Loop):
            found.append(ids(statement.body))
        elif isinstance(statement, Switch):
            found += [ids(arm.body) for arm in statement.arms]
    return found


@pytest.mark.parametrize(
    ("which", "node", "left", "needs", "once"),
    [
        ("to", "scaled", ["factor", "tick", ["scaled"]], [], ["tick"]),
        ("to", "tick", ["tick", []], [], ["tick"]),
        ("to", "longer", ["factor", "average", "total", "tick", ["scaled", "smooth", "longer"]], [], ["tick"]),
        # after the loop, all turns count: what is carried from one to the next, too
        (
            "to",
            "best",
            [*["factor", "average", "total", "tick"], ["scaled", "smooth", "longer", "bind_1"], "best"],
            [],
            [],
        ),
        ("node", "scaled", ["scaled"], ["factor", "tick"], []),
        # what an object is like there comes from the turns before: no part has that (see the table of parts)
        ("node", "smooth", ["smooth"], ["average", "scaled"], []),
        ("node", "tick", ["tick", []], [], ["tick"]),
        ("from", "cut_off", ["cut_off", "level", "shown"], ["smooth"], []),
        ("from", "other", ["other"], [], []),
    ],
)
def test_what_is_cut_out(which: Any, node: str, left: list[Any], needs: list[str], once: list[str]) -> None:
    piece = cut(function(), which, node)
    found = ids(piece.function.body)
    assert [name for name in found if name in ("rows", "code_1", "call_1")] in ([], ["rows", "call_1"])
    assert [name for name in found if name not in ("rows", "call_1")] == left
    assert (sorted(piece.needs), sorted(piece.once)) == (needs, once)


def printed(placed: Any) -> list[str]:
    return [line.text for line in placed.lines() if line.text in ("factor", "other")]


def start(placed: Any, which: Any, node: str) -> Any:
    placed.finished.clear()
    placed.engine.start(part=Part(which, node))
    return placed.wait()


def test_to_here_makes_one_turn_and_runs_nothing_else(placed: Any) -> None:
    placed.engine.watch({"flow.scaled", "flow.longer"}, set())
    placed.engine.open(FLOW)
    ended = start(placed, "to", "flow.scaled")
    assert ended.reason == "succeeded", ended.message
    assert placed.value("flow.scaled") == 0.0
    assert placed.value("flow.longer") is None
    assert printed(placed) == ["factor"]
    assert placed.engine.states()["flow.tick"].count == 1
    assert "flow.longer" not in placed.engine.states()


def test_one_node_runs_on_the_values_of_the_run_before(placed: Any) -> None:
    placed.engine.watch({"flow.scaled", "flow.shown"}, set())
    placed.run(FLOW)
    assert placed.value("flow.scaled") == 8.0
    del placed.events[:]
    placed.engine.set_parameter("flow.factor", "value", "30.0")  # the loop has ended: it waits for a run
    ended = start(placed, "node", "flow.scaled")
    assert ended.reason == "succeeded", ended.message
    assert placed.value("flow.scaled") == 8.0  # factor's value is that of the run before
    assert any("“factor” is from before a change" in line.text for line in placed.lines())
    assert printed(placed) == []
    start(placed, "to", "flow.factor")
    start(placed, "node", "flow.scaled")
    assert placed.value("flow.scaled") == 120.0
    # the others keep what they showed
    assert placed.engine.states()["flow.longer"].count == 5


def test_from_here_runs_what_hangs_on_it_in_that_turn(placed: Any) -> None:
    placed.engine.watch({"flow.shown", "flow.level"}, set())
    placed.run(FLOW)
    assert placed.value("flow.shown") == 3.5
    placed.engine.set_parameter("flow.cut_off", "upper", "2.0")
    ended = start(placed, "from", "flow.cut_off")
    assert ended.reason == "succeeded", ended.message
    assert placed.value("flow.shown") == 2.5
    assert ended.run.partition("+")[1] == "+"


def test_a_missing_input_is_named_with_its_port_and_who_gives_it(placed: Any) -> None:
    placed.engine.open(FLOW)
    ended = start(placed, "node", "flow.scaled")
    assert ended.reason == "failed"
    failure = placed.failures[0]
    assert (failure.type, failure.node) == ("MissingInputError", "flow.scaled")
    assert "flow.factor, which gives it, has not run. Run to flow.factor first." in ended.message
    assert "input “" in ended.message
    assert printed(placed) == []
    ended = start(placed, "node", "flow.nobody")
    assert "there is no node “flow.nobody”" in ended.message


def test_a_whole_run_follows_a_part(placed: Any) -> None:
    placed.engine.watch({"flow.best"}, set())
    placed.engine.open(FLOW)
    start(placed, "to", "flow.scaled")
    ended = placed.run(FLOW)
    assert ended.reason == "succeeded"
    assert placed.value("flow.best") == 1000.0 + sum([0.0, 1.0, 2.0, 4.0, 6.0])


def test_the_part_of_an_endless_loop_ends(placed: Any) -> None:
    placed.engine.watch({"flow.scaled"}, set())
    placed.engine.open(FLOW.replace("timing.count(5)", "timing.every(0.001)"))
    assert start(placed, "to", "flow.scaled").reason == "succeeded"


STRAIGHT = """
import flodesk
from flodesk.nodes import maths


def flow():
    one = maths.add(1.0, 2.0)
    two = maths.multiply(one, 10.0)
    three = maths.add(1.0, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def why(placed: Any, node: str) -> str:
    answers: list[str] = []
    placed.engine.why(node, answers.append)
    return str(placed.until(lambda: answers)[0])


def test_why_did_it_run(placed: Any) -> None:
    placed.engine.watch({"flow.two"}, set())
    placed.engine.open(STRAIGHT)
    assert why(placed, "flow.two") == "flow.two has not run since the flow was opened"
    placed.run(STRAIGHT)
    assert why(placed, "flow.two") == "flow.two: it ran because the run was started"
    placed.engine.set_parameter("flow.one", "values[1]", "5.0")
    placed.until(lambda: placed.value("flow.two") == 60.0 and not placed.engine.running)
    assert why(placed, "flow.one") == "flow.one: it ran again: it was changed, or a parameter of it"
    assert why(placed, "flow.two") == "flow.two: it ran again: “one” changed"
    assert "run was started" in why(placed, "flow.three")
    start(placed, "to", "flow.one")
    assert why(placed, "flow.one") == "flow.one: it ran because flow.one with all that it needs was asked for"
    assert why(placed, "flow.two") == "flow.two did not run: the run was of flow.one with all that it needs"
    placed.run(FLOW)
    assert why(placed, "flow.scaled") == "flow.scaled: it runs in every turn of flow.tick"
    assert why(placed, "flow.nobody") == "there is no flow.nobody"
