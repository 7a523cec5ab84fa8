"""Probes: the last values of a port with their turns, exact, in bounded room, and free where nothing is probed."""

from __future__ import annotations

import queue
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flodesk.engine.difference import NONE, difference
from flodesk.engine.probes import Probes
from flodesk.engine.probing import Answer, At, Kept
from flodesk.engine.ring import Left, Moment, Ring, Room, pick, snapshot
from flodesk.public import Waveform

LOOP = """
import numpy as np
import flodesk


def upto(n):
    yield from range(1, n + 1)


def squared(x):
    return x * x


def wave(x, rows):
    rows[:] = x
    return rows


def room():
    return np.zeros(4)


def flow():
    same = room()
    total = 0
    for k in upto(50):
        square = squared(k)
        rows = wave(k, same)
        if square:
            level = squared(square)
        else:
            level = 0
        grown = total + square
        total = grown


if __name__ == "__main__":
    flodesk.main(flow)
"""
INNER = """
import flodesk


def upto(n):
    yield from range(1, n + 1)


def twice(x):
    return 2 * x


def part(x):
    double = twice(x)
    return double


def flow():
    for k in upto(20):
        out = part(k)
        for j in upto(3):
            both = twice(j)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def look(watcher: Any, at: At | None = None, seen: dict[str, tuple[int, int]] | None = None) -> Answer:
    got: list[Answer] = []
    there = threading.Event()
    watcher.engine.look(seen or {}, lambda answer: (got.append(answer), there.set()), at)
    assert there.wait(60)
    assert not got[0].error
    return got[0]


def values_of(watcher: Any, name: str, tmp_path: Path) -> list[tuple[int, float]]:
    """All that a probe holds, as (turn, value), by way of its file."""
    got: list[tuple[int, str]] = []
    there = threading.Event()
    path = tmp_path / f"{name}.npz"
    watcher.engine.save_probe(name, str(path), lambda count, error: (got.append((count, error)), there.set()))
    assert there.wait(60)
    assert not got[0][1], got
    with np.load(path) as found:
        assert list(found["time"]) == sorted(found["time"])
        return list(zip(found["turn"].tolist(), found["value"].tolist(), strict=True))


def test_every_turn_is_kept_with_its_number(placed: Any, tmp_path: Path) -> None:
    names = [f"flow.{name}" for name in ("k", "square", "total", "level", "rows", "grown")]
    placed.engine.set_probes({name: Room(1000) for name in names})
    assert placed.run(LOOP).reason == "succeeded"
    turns = range(1, 51)
    assert values_of(placed, "flow.k", tmp_path) == [(n, n) for n in turns]
    assert values_of(placed, "flow.square", tmp_path) == [(n, n * n) for n in turns]
    assert values_of(placed, "flow.level", tmp_path) == [(n, n**4) for n in turns]
    assert values_of(placed, "flow.grown", tmp_path) == [(n, sum(i * i for i in range(n + 1))) for n in turns]
    # the start of feedback is a value too
    assert values_of(placed, "flow.total", tmp_path)[:2] == [(0, 0), (1, 1)]
    # an array that is changed in place at each turn: what was there stays
    assert values_of(placed, "flow.rows", tmp_path) == [(n, [float(n)] * 4) for n in turns]


def test_values_of_one_moment_belong_together(placed: Any) -> None:
    placed.engine.set_probes({f"flow.{name}": Room() for name in ("k", "square", "level")})
    placed.run(LOOP)
    newest = look(placed).held
    assert {name: held.kept.value for name, held in newest.items() if held.kept is not None} == {
        "flow.k": 50, "flow.square": 2500, "flow.level": 2500**2
    }  # fmt: skip
    loop = newest["flow.k"].loop
    assert loop == "flow.k"
    seen = {name: (held.number, held.taken) for name, held in newest.items()}
    assert all(held.kept is None and held.trend is None for held in look(placed, None, seen).held.values())
    then = look(placed, (loop, 7, newest["flow.k"].last.seconds)).held
    assert then["flow.square"].kept is not None
    assert (then["flow.square"].kept.value, then["flow.square"].kept.place.turn) == (49, 7)  # type: ignore[union-attr]
    trend = newest["flow.square"].trend
    assert list(trend.x) == list(range(1, 51))
    assert trend.y[9] == 100.0


def test_a_ring_forgets_the_oldest_and_says_how_many_there_were(placed: Any, tmp_path: Path) -> None:
    placed.engine.set_probes({"flow.square": Room(10), "flow.rows": Room(1000, 5 * 32)})
    placed.run(LOOP)
    held = look(placed).held
    assert (held["flow.square"].count, held["flow.square"].taken) == (10, 50)
    assert held["flow.square"].first.turn == 41
    assert held["flow.rows"].count == 5
    assert held["flow.rows"].bytes <= 5 * 32
    assert values_of(placed, "flow.square", tmp_path)[0] == (41, 41 * 41)


def test_values_in_subflows_have_the_turn_of_the_loop_around(placed: Any, tmp_path: Path) -> None:
    placed.engine.set_probes({name: Room() for name in ("part.double", "flow.out", "flow.both", "flow.j")})
    placed.run(INNER)
    assert values_of(placed, "part.double", tmp_path) == [(n, 2 * n) for n in range(1, 21)]
    assert values_of(placed, "flow.both", tmp_path)[:4] == [(1, 2), (1, 4), (1, 6), (2, 2)]
    assert values_of(placed, "flow.j", tmp_path)[:4] == [(1, 1), (1, 2), (1, 3), (2, 1)]
    assert look(placed).held["part.double"].loop == "flow.k"


def test_a_probe_comes_and_goes_while_the_run_is_on(placed: Any) -> None:
    text = LOOP.replace("upto(50)", "timing.every(0.002)").replace(
        "import flodesk\n", "import flodesk\nfrom flodesk.nodes import timing\n"
    )
    placed.start(text)
    placed.until(lambda: placed.engine.states().get("flow.square"))
    placed.engine.set_probes({"flow.square": Room(100)})
    placed.until(lambda: look(placed).held["flow.square"].count > 5)
    first = look(placed).held["flow.square"].first.turn
    assert first > 0
    placed.engine.set_probes({})
    assert not look(placed).held
    placed.stop()


def test_a_new_run_begins_with_an_empty_ring_and_marks_stay(placed: Any) -> None:
    placed.engine.set_probes({"flow.square": Room()})
    placed.run(LOOP)
    pinned = threading.Event()
    placed.engine.pin("A", ("flow.k", 10, 0.0), pinned.set)
    assert pinned.wait(60)
    placed.run(LOOP.replace("return x * x", "return 3 * x * x"))
    held = look(placed).held["flow.square"]
    assert (held.count, held.taken, held.before) == (50, 100, 50)
    pinned.clear()
    placed.engine.pin("B", ("flow.k", 10, 0.0), pinned.set)
    assert pinned.wait(60)
    got: list[tuple[Kept | None, ...]] = []
    there = threading.Event()
    placed.engine.compare("flow.square", lambda sides: (got.append(sides), there.set()))
    assert there.wait(60)
    assert [side.value for side in got[0] if side is not None] == [100, 300, 200]


def test_a_probe_that_is_set_after_the_run_has_what_that_has_left(placed: Any) -> None:
    placed.engine.watch(full=set(), brief={"flow.square"})
    placed.run(LOOP)

    def probed() -> Any:
        """Set the probes anew: the end of a run is told a moment before it is at rest."""
        placed.engine.set_probes({})
        placed.engine.set_probes({"flow.square": Room(), "flow.no_such": Room()})
        held = look(placed).held
        return held if held["flow.square"].kept is not None else None

    held = placed.until(probed)
    assert held["flow.no_such"].count == 0
    assert held["flow.square"].kept.value == 2500
    assert held["flow.square"].last.turn == 50


def test_probes_outlive_a_crash_of_the_engine(host: Any) -> None:
    host.engine.set_probes({"flow.square": Room()})
    assert host.run(LOOP + "\nimport os\n\ndef squared(x):\n    os._exit(3)\n").reason == "crashed"
    assert host.run(LOOP).reason == "succeeded"
    assert look(host).held["flow.square"].count == 50


def tapped(watcher: Any) -> int:
    runner = watcher.engine._session._run.runners["flow"]
    return sum("tapping" in str(step[0].__module__) for steps in runner._steps.values() for step in steps)


def test_nothing_is_added_to_a_step_that_is_not_probed(here: Any) -> None:
    here.run(LOOP)
    assert tapped(here) == 0
    here.engine.set_probes({"flow.square": Room()})
    assert tapped(here) == 1
    here.run(LOOP)
    assert tapped(here) == 1
    here.engine.set_probes({})
    assert tapped(here) == 0


ELSEWHERE = """
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.{table}.flow]
# {line}
# ///
import flodesk


def upto(n):
    yield from range(1, n + 1)


def squared(x):
    return x * x


def flow():
    for k in upto(20):
        square = squared(k)
        more = squared(square)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize(("table", "line"), [("places", 'square = "process"'), ("detached", "square = 4")])
def test_nodes_in_a_worker_process_and_beside_the_loop_are_probed_too(
    placed: Any, tmp_path: Path, table: str, line: str
) -> None:
    placed.engine.set_probes({"flow.square": Room(), "flow.k": Room()})
    assert placed.run(ELSEWHERE.format(table=table, line=line)).reason == "succeeded", placed.failures
    assert values_of(placed, "flow.square", tmp_path) == [(n, n * n) for n in range(1, 21)]
    assert values_of(placed, "flow.k", tmp_path) == [(n, n) for n in range(1, 21)]


def test_an_expired_value_says_so_and_text_is_in_full(placed: Any) -> None:
    placed.engine.set_probes({"flow.rows": Room()})
    placed.run(LOOP)
    said: list[str] = []
    there = threading.Event()
    placed.engine.text_of("flow.rows", 50, lambda text: (said.append(text), there.set()))
    assert there.wait(60)
    assert "[50. 50. 50. 50.]" in said[0]
    there.clear()
    placed.engine.text_of("flow.rows", 99, lambda text: (said.append(text), there.set()))
    assert there.wait(60)
    assert "does not hold it" in said[1]


@pytest.mark.parametrize(("ending", "why"), [(".txt", "saved as"), (".csv", "")])
def test_values_are_saved_or_it_is_said_why_not(placed: Any, tmp_path: Path, ending: str, why: str) -> None:
    placed.engine.set_probes({"flow.rows": Room()})
    placed.run(LOOP)
    got: list[tuple[int, str]] = []
    there = threading.Event()
    path = tmp_path / f"rows{ending}"
    placed.engine.save_probe("flow.rows", str(path), lambda count, error: (got.append((count, error)), there.set()))
    assert there.wait(60)
    assert why in got[0][1]
    if not why:
        table = pd.read_csv(path)
        assert list(table.columns) == ["turn", "time", "value_1", "value_2", "value_3", "value_4"]
        assert table["value_3"].tolist() == list(range(1, 51))


# ------------------------------------------------------------------ the ring itself
@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 10))
def test_a_ring_is_the_tail_of_what_it_took(steps: list[int], most: int) -> None:
    ring = Ring(Room(most))
    turn, expected = 0, []
    for step in steps:
        turn += step
        ring.take(turn * 10, turn)
        expected.append((turn, turn * 10))
    assert [(e.turn, e.value) for e in ring.entries()] == expected[-most:]
    assert ring.taken == len(steps)
    for wanted in range(turn + 2):
        found = pick(ring.entries(), "a loop", Moment("a loop", wanted, 0))
        right = [pair for pair in expected[-most:] if pair[0] <= wanted]
        assert (found is None) == (not right)
        if found is not None:
            assert (found.turn, found.value) == right[-1]


class Thing:
    pass


@pytest.mark.parametrize("value", [Thing(), [Thing()], list(range(20_000)), np.zeros(10**6), np.array([Thing()])])
def test_what_cannot_be_kept_says_why(value: Any) -> None:
    kept, size = snapshot(value, 1_000_000)
    assert isinstance(kept, Left)
    assert kept.why
    assert size < 1000


def test_copies_do_not_follow_the_value() -> None:
    rows: list[Any] = [1, {"a": [2]}]
    signal = Waveform(np.zeros(3), 0.1, 0.0, "V")
    table = pd.DataFrame({"a": [1, 2]})
    copies = [snapshot(value, 10**9)[0] for value in (rows, signal, table)]
    rows[1]["a"].append(3)
    signal.y[:] = 7
    table["a"] = 0
    assert copies[0] == [1, {"a": [2]}]
    assert copies[1].y.sum() == 0
    assert copies[1].unit == "V"
    assert copies[2]["a"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (2, 5, 3),
        (2.5, 1, -1.5),
        ("a", "a", True),
        ("a", "b", False),
        (True, False, False),
        ("a", 1, NONE),
        (None, None, True),
    ],
)
def test_differences_of_single_values(first: Any, second: Any, expected: Any) -> None:
    assert difference(first, second) is expected or difference(first, second) == expected


def test_differences_of_many_numbers() -> None:
    small = np.array([250, 1], dtype=np.uint8)
    assert difference(small, np.array([5, 2], dtype=np.uint8)).tolist() == [-245.0, 1.0]
    assert difference(np.zeros(3), np.zeros(4)) is NONE
    found = difference(Waveform(np.ones(2), 0.5, unit="V"), Waveform(np.array([3.0, 1.0]), 0.5, unit="V"))
    assert (found.y.tolist(), found.unit) == ([2.0, 0.0], "V")
    table = difference(pd.DataFrame({"a": [1], "b": ["x"]}), pd.DataFrame({"a": [4], "b": ["y"]}))
    assert table.to_dict("list") == {"a": [3]}


PICTURES = """
import numpy
import flodesk
from flodesk.nodes import timing


def counting():
    for k, _ in enumerate(timing.every(0.001), 1):
        yield k


def filled(k):
    return numpy.full((200, 300), float(k))


def flow():
    for k in counting():
        image = filled(k)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_answers_and_the_values_of_the_screen_do_not_overwrite_each_other(host: Any) -> None:
    host.engine.watch(full={"flow.image"}, brief=set())
    host.engine.set_probes({"flow.image": Room(20)})
    host.start(PICTURES)
    host.until(lambda: host.engine.values().get("flow.image"))
    answers: list[Answer] = []
    for _ in range(60):
        host.engine.look({}, answers.append)
    host.until(lambda: len(answers) == 60)
    for answer in answers:
        kept = answer.held["flow.image"].kept
        assert kept is not None
        assert kept.place is not None
        assert (kept.value == kept.place.turn).all()
    host.stop()


def test_the_moment_that_is_looked_at_stays_while_newer_values_come() -> None:
    answers: queue.Queue[dict[str, Any]] = queue.Queue()
    probes = Probes(lambda head, buffers: answers.put(head))
    probes.set({"flow.a": [10, 10**6], "flow.b": [5, 10**6]})
    for ring in probes.rings.values():
        ring.loop = "flow.loop"

    def turns(first: int, last: int) -> None:
        for turn in range(first, last + 1):
            for ring in probes.rings.values():
                ring.take(turn, turn)

    def numbers(at: list[Any] | None) -> list[int]:
        probes.look(1, {}, at)
        return [item["number"] for item in answers.get(timeout=60)["items"]]

    turns(1, 10)
    assert numbers(["flow.loop", 8, 0.0]) == [8, 8]
    turns(11, 100)
    assert numbers(["flow.loop", 8, 0.0]) == [8, 8]
    probes.pin(2, "A", ["flow.loop", 8, 0.0], True)
    answers.get(timeout=60)
    assert numbers(None) == [100, 100]
    assert numbers(["flow.loop", 7, 0.0]) == [0, 0]  # nobody looked at that one when it was there
    probes.look(3, {}, None)
    assert {name: place[0] for name, place in answers.get(timeout=60)["pins"]["A"].items()} == {
        "flow.a": 8,
        "flow.b": 8,
    }
