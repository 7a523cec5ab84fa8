"""The beat is held against a clock that the test turns, so that no test waits."""

from __future__ import annotations

import itertools
import time

import pytest

from flodesk.nodes import timing
from flodesk.public import PlainContext, context, enter_context


class Clock(PlainContext):
    """A context whose sleep turns the clock."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []
        self.checked = 0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def check(self) -> None:
        self.checked += 1


@pytest.fixture
def clock(monkeypatch):
    before, clock = context(), Clock()
    enter_context(clock)
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    yield clock
    enter_context(before)


@pytest.mark.node("timing.every")
def test_the_time_that_a_turn_takes_is_part_of_the_period(clock):
    starts = []
    for number in itertools.islice(timing.every(0.1), 50):
        starts.append(clock.now)
        clock.now += 0.03 if number % 7 else 0.13
    assert starts[-1] == pytest.approx(100.0 + 49 * 0.1)
    late = [start - (100.0 + 0.1 * number) for number, start in enumerate(starts)]
    assert max(late) == pytest.approx(0.03)


@pytest.mark.node("timing.every")
def test_no_number_is_left_out_and_a_slow_loop_runs_without_a_pause(clock):
    numbers = []
    for number in itertools.islice(timing.every(0.1), 20):
        numbers.append(number)
        clock.now += 0.12
    assert numbers == list(range(20))
    assert clock.slept == []
    assert clock.checked == 19


@pytest.mark.node("timing.every")
def test_after_a_long_sleep_of_the_computer_the_beat_starts_afresh(clock):
    starts = []
    for number in itertools.islice(timing.every(0.1), 30):
        starts.append(clock.now)
        clock.now += 3600.0 if number == 9 else 0.0
    assert starts[10] == starts[9] + 3600.0
    assert starts[29] == pytest.approx(starts[10] + 19 * 0.1)


@pytest.mark.node("timing.every")
def test_the_beat_in_real_time():
    began = time.monotonic()
    assert list(itertools.islice(timing.every(0.02), 11)) == list(range(11))
    assert 0.19 < time.monotonic() - began < 15


def test_a_beat_without_a_period_is_refused():
    with pytest.raises(ValueError, match="above 0 s"):
        next(timing.every(0.0))


@pytest.mark.node("timing.count")
def test_count():
    assert list(timing.count(4)) == [0, 1, 2, 3]
    assert list(timing.count(0)) == []


@pytest.mark.node("timing.Stopwatch")
def test_a_stopwatch_starts_at_its_first_reading(clock):
    clock.now += 7.0
    watch = timing.Stopwatch()
    clock.now += 5.0
    assert watch() == 0.0
    clock.now += 2.5
    assert watch("anything") == 2.5
