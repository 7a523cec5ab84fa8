"""The past of what the panel shows: by reference, within one budget, the same turn of all views, exact."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from flodesk.engine.past_values import ARRAY, MOST_TURNS, Budget, PastValues
from flodesk.engine.recalling import Course, Recalled, Zoomed
from flodesk.engine.ring import Left, Moment
from flodesk.indicators import Line, Steps, Trace
from flodesk.indicators.history import History
from flodesk.public import Number, Waveform

TEXT = """
import numpy as np
import flodesk
from flodesk.nodes import show


def upto(n):
    yield from range(1, n + 1)


def wave(k):
    return np.sin(np.arange(300_000) * 0.001) * k


def twice(k):
    return 2 * k


def odd(k):
    return k % 2 == 1


def flow():
    for k in upto(30):
        size = twice(k)
        meter = show.number(size)
        y = wave(k)
        chart = show.line(y)
        if_odd = odd(k)
        if if_odd:
            seldom = show.number(k)
    log = show.text(size)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def asked(ask: Callable[[Callable[[Any], None]], object]) -> Any:
    got: list[Any] = []
    there = threading.Event()
    ask(lambda answer: (got.append(answer), there.set()))
    assert there.wait(60)
    assert not got[0].error, got[0].error
    return got[0]


def recall(watcher: Any, turn: int, *names: str) -> Recalled:
    found = asked(lambda told: watcher.engine.recall([f"flow.{n}" for n in names], ("flow.k", turn, 0.0), {}, told))
    assert isinstance(found, Recalled)
    return found


def test_all_views_have_the_values_of_the_same_turn(placed: Any) -> None:
    placed.engine.open(TEXT)
    placed.engine.hold([f"flow.{name}" for name in ("meter", "chart", "seldom", "log")], 200_000_000)
    placed.run(TEXT)
    # the last turn may come to be held just after the run has said that it ended
    placed.until(lambda: asked(lambda told: placed.engine.course(told, "flow.k")).spans["flow.k"].last.turn == 30)
    course = asked(lambda told: placed.engine.course(told, "flow.k"))
    assert isinstance(course, Course)
    assert course.spans["flow.k"].first.turn == 1
    assert course.turns.tolist() == list(range(1, 31))
    assert (np.diff(course.seconds) > 0).all()
    assert 30 * 300_000 * 8 <= course.bytes <= 31 * 300_000 * 8 + 100_000
    for turn in (1, 8, 30):
        found = recall(placed, turn, "meter", "chart", "seldom", "log")
        assert found.values["flow.meter"].value == 2 * turn
        assert found.values["flow.chart"].traces[0].y.max() == pytest.approx(turn, rel=1e-6)
        assert found.values["flow.seldom"].value == turn - (turn % 2 == 0), "of the last turn that took its branch"
        assert found.places["flow.meter"].turn == turn
        assert "flow.log" not in found.values, "after the loop"
    again = asked(
        lambda told: placed.engine.recall(
            ["flow.meter"], ("flow.k", 8, 0.0), {"flow.meter": found.places["flow.meter"].number}, told
        )
    )
    assert again.values["flow.meter"].value == 16
    number = again.places["flow.meter"].number
    known = asked(lambda told: placed.engine.recall(["flow.meter"], ("flow.k", 8, 0.0), {"flow.meter": number}, told))
    assert not known.values, "what is known does not come again"


def test_the_part_that_is_zoomed_to_comes_sample_by_sample_now_and_of_the_past(placed: Any) -> None:
    placed.engine.open(TEXT)
    placed.engine.hold(["flow.chart"], 200_000_000)
    placed.run(TEXT)
    samples = np.sin(np.arange(300_000) * 0.001)

    def zoom(of: dict[str, Any], left: float, right: float) -> Zoomed:
        found = asked(lambda told: placed.engine.zoom("flow.chart", of, left, right, told))
        assert isinstance(found, Zoomed)
        return found

    recall(placed, 7, "chart")
    for of, turn in (({}, 30), ({"number": 7}, 7)):
        part = zoom(of, 5000.0, 5999.0).parts[0]
        assert part.every
        assert part.count == 1000
        assert part.trace.x.tolist() == list(range(4999, 6001))
        assert np.array_equal(part.trace.y, turn * samples[4999:6001])
        seen = turn * samples[5000:6000]
        expected = [1000, seen.mean(), np.sqrt((seen**2).mean()), seen.std(), seen.min(), seen.max()]
        assert part.sums == pytest.approx(expected)
    wide = zoom({}, 0.0, 250_000.0).parts[0]
    assert not wide.every
    assert wide.count == 250_001
    assert len(wide.trace.y) <= 4000
    assert wide.sums is not None
    assert wide.sums[1] == pytest.approx(30 * samples[:250_001].mean()), "of all samples, not of those that came"
    assert set(wide.trace.y) <= set(30 * samples), "what comes are samples"
    placed.engine.still("view", "flow.chart", {"number": 12})
    assert zoom({"mark": "view"}, 10.0, 20.0).parts[0].trace.y[1] == 12 * samples[10]
    placed.engine.hold([], 0)
    assert zoom({"mark": "view"}, 10.0, 20.0).parts[0].trace.y[1] == 12 * samples[10], "it stands still"
    placed.engine.still("view", "flow.chart", {}, on=False)
    got: list[Zoomed] = []
    there = threading.Event()
    placed.engine.zoom("flow.chart", {"mark": "view"}, 1.0, 2.0, lambda found: (got.append(found), there.set()))
    assert there.wait(60)
    assert "not held any more" in got[0].error


def ring_of(most: int = 10_000_000) -> PastValues:
    budget = Budget(most)
    ring = PastValues(budget)
    budget.rings = (ring,)
    ring.loop = "f.k"
    return ring


def test_what_a_node_gives_is_held_as_it_is() -> None:
    ring = ring_of()
    values = [np.arange(1000.0) + n for n in range(5)]
    for turn, value in enumerate(values, 1):
        ring.take(value, turn)
    held = [entry.value for entry in ring.entries()]
    assert [one is other for one, other in zip(held, values, strict=True)] == [False, True, True, True, True]
    assert np.array_equal(held[0], values[0])


def test_the_budget_is_one_for_all_views_and_the_oldest_turns_go_first() -> None:
    budget = Budget(4_000_000)
    big, small = PastValues(budget), PastValues(budget)
    budget.rings = (big, small)
    big.loop = small.loop = "f.k"
    for turn in range(1, 101):
        big.take(Waveform(np.full(12_500, float(turn)), 1.0, 0.0, "V"), turn)
        small.take(turn, turn)
        assert budget.bytes <= 4_000_000 * 1.1
    first = big.entries()[0].turn
    assert 55 <= first <= 75, "some 39 of 100 kB have room, an eighth goes at a time"
    assert abs(small.entries()[0].turn - first) <= 1
    for turn in range(first, 101):
        kept, number = big.at(Moment("f.k", turn, 0)), small.at(Moment("f.k", turn, 0))
        assert kept is not None
        assert number is not None
        assert (kept.value.y[0], number.value) == (turn, turn)


def test_a_value_that_nothing_has_replaced_stays_whatever_goes() -> None:
    budget = Budget(1_000_000)
    once, often = PastValues(budget), PastValues(budget)
    budget.rings = (once, often)
    once.take(Number(value=5.0), 1)
    for turn in range(1, 200):
        often.take(np.zeros(10_000), turn)
    assert once.at(Moment("f.k", 150, 10**20)) is not None
    assert often.bytes <= 1_100_000


def test_many_small_views_hold_no_more_together_than_their_budget() -> None:
    budget = Budget(2_000_000)
    rings = [PastValues(budget) for _ in range(16)]
    budget.rings = tuple(rings)
    most = 0
    for turn in range(1, 400):
        for ring in rings:
            ring.take(np.zeros(100), turn)
        most = max(most, budget.bytes)
    assert 0.8 * budget.most < budget.bytes
    assert most < 1.1 * budget.most


def test_memory_that_values_share_is_counted_once_and_given_back() -> None:
    ring = ring_of()
    base = np.arange(100_000.0)
    for turn in range(1, 11):
        ring.take(base[turn * 100 : turn * 100 + 1000], turn)
    assert ring.bytes <= base.nbytes + 8000 + 11 * 256 + 2 * ARRAY
    ring = ring_of(2_000_000)
    for turn in range(1, 400):
        ring.take(Line(traces=(Trace(Steps(0.0, 1.0, 5000), np.full(5000, float(turn))),)), turn)
    held = sum(entry.value.traces[0].y.nbytes + 256 + ARRAY for entry in ring.entries())
    assert ring.bytes == held


@pytest.mark.parametrize("buffers", [1, 3])
def test_arrays_that_are_filled_again_and_again_are_copied(buffers: int) -> None:
    ring = ring_of()
    rooms = [np.zeros(2000) for _ in range(buffers)]
    for turn in range(1, 31):
        room = rooms[turn % buffers]
        room[:] = turn
        ring.take(Line(traces=(Trace(Steps(0.0, 1.0, 2000), room),)), turn)
    assert [entry.value.traces[0].y[5] for entry in ring.entries()] == list(range(1, 31))


def test_an_array_that_stays_the_same_is_held_once() -> None:
    ring = ring_of()
    x = np.linspace(0.0, 1.0, 10_000)
    for turn in range(1, 31):
        ring.take(Line(traces=(Trace(x, np.full(100, float(turn))),)), turn)
    assert ring.bytes < 3 * x.nbytes + 31 * 2000
    assert [entry.value.traces[0].y[5] for entry in ring.entries()] == list(range(1, 31))


def test_of_what_was_written_over_before_anybody_saw_it_words_are_left() -> None:
    ring = ring_of()
    for turn in range(1, 21):
        ring.take(np.full(2000, float(turn)), turn)
    room = np.full(2000, 21.0)
    ring.take(room, 21)
    room[:] = 22.0
    ring.take(room, 22)
    room[:] = 23.0
    ring.take(room, 23)
    entries = ring.entries()
    assert isinstance(entries[20].value, Left)
    assert [entry.value[0] for entry in entries if not isinstance(entry.value, Left)] == [*range(1, 21), 22, 23]


def test_lists_are_copied_and_what_is_strange_is_told_in_words() -> None:
    ring = ring_of()
    growing: list[int] = []
    for turn in range(1, 4):
        growing.append(turn)
        ring.take(growing, turn)
    assert [entry.value for entry in ring.entries()] == [[1], [1, 2], [1, 2, 3]]
    ring.take(object(), 4)
    assert isinstance(ring.entries()[-1].value, Left)


def test_a_ring_has_no_more_than_so_many_values() -> None:
    ring = ring_of(10**12)
    for turn in range(MOST_TURNS + 500):
        ring.take(turn, turn)
    assert len(ring.entries()) == MOST_TURNS
    assert ring.entries()[0].turn == 500


def test_streams_are_held_without_their_samples_being_counted_again() -> None:
    ring, stream = ring_of(10**9), History(1, 5.0)
    for turn in range(1, 101):
        start = turn * 100
        stream.extend(np.arange(start, start + 100) * 0.01, np.full((1, 100), float(turn)))
        rows = stream.rows_now()
        ring.take(Line(traces=(Trace(rows[0], rows[0]),)), turn)
    third = ring.at(Moment("f.k", 50, 0))
    assert third is not None
    x, y = third.value.traces[0].y.cut()
    assert y[-1] == 50.0
    assert ring.bytes < 2_000_000
    left, right = third.value.traces[0].y.between(49.005, 49.095)
    assert left.tolist() == pytest.approx([49.0 + 0.01 * n for n in range(11)])
    assert x[0] <= 46.0
    assert len(right) == 11


CHANGING = """
import numpy as np
import flodesk
from flodesk.nodes import show


def upto(n):
    yield from range(1, n + 1)


def fresh(k):
    return np.full(100, float(k))


def flow():
    for k in upto(10):
        y = fresh(k)
        chart = show.line(y)
        y *= -1


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_what_a_statement_changes_in_place_later_is_held_as_it_was(placed: Any) -> None:
    placed.engine.open(CHANGING)
    placed.engine.hold(["flow.chart"], 64_000_000)
    placed.run(CHANGING)
    for turn in range(1, 11):
        assert recall(placed, turn, "chart").values["flow.chart"].traces[0].y[0] == turn


def test_lines_of_a_log_are_given_from_any_one_on(placed: Any) -> None:
    text = (
        TEXT.replace("log = show.text(size)", "pass")
        .replace("        meter = show.number(size)", "        meter = told(size)")
        .replace("    for k in upto(30):", "    told = show.Log()\n    for k in upto(3000):")
        .replace("300_000", "10")
    )
    placed.run(text)
    got: list[Any] = []
    there = threading.Event()
    placed.engine.lines("flow.meter", {}, 10, 5, lambda lines: (got.append(lines), there.set()))
    assert there.wait(60)
    assert [row[2] for row in got[0].rows()] == [str(2 * n) for n in range(11, 16)]
    assert (got[0].first, got[0].count) == (10, 15)
