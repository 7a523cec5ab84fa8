"""The beat is held against a clock that the test turns, so that no test waits."""

from __future__ import annotations

import datetime
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
        self.paused = 0.0
        self.logged: list[tuple[str, str]] = []

    def held(self) -> float:
        return self.paused

    def log(self, text: str, level: str = "info") -> None:
        self.logged.append((text, level))

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
def test_turns_that_have_not_come_are_told_but_for_pauses_and_the_first_turn(clock):
    takes = {0: 5.0, 10: 3.45, 20: 2.0, 30: 8.05}
    for number in itertools.islice(timing.every(0.05), 40):
        clock.now += takes.get(number, 0.0)
        clock.paused += 2.0 if number == 20 else 0.0  # a hand has held it for as long as that
    said = "The loop was held up: {} turns of its beat have not come until now"
    assert clock.logged == [(said.format(68), "warning"), (said.format(68 + 160), "warning")]


@pytest.mark.node("timing.every")
def test_pauses_that_were_made_up_for_hide_no_turns_later(clock):
    for number in itertools.islice(timing.every(0.05), 200):
        clock.now += {150: 3.05}.get(number, 0.5 if number % 15 == 7 and number < 120 else 0.0)
        clock.paused += 0.5 if number % 15 == 7 and number < 120 else 0.0
    assert [words for words, _ in clock.logged] == [
        "The loop was held up: 60 turns of its beat have not come until now"
    ]


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


@pytest.mark.node("timing.once", "timing.delay")
def test_once_and_late(clock):
    assert list(timing.once()) == [0]
    assert timing.delay([1], seconds=2.5) == [1]
    assert timing.delay(None, seconds=0.0) is None
    assert clock.slept == [2.5]
    for wrong in (-1.0, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="0 s or more"):
            timing.delay(1, seconds=wrong)


@pytest.fixture
def wall(clock, monkeypatch):
    """The clock on the wall goes with the other one; it begins at 10:00 of a day."""
    began = datetime.datetime(2026, 3, 1, 10, 0).timestamp()
    clock.set_by = 0.0
    monkeypatch.setattr(time, "time", lambda: began + clock.now - 100.0 + clock.set_by)
    return clock


@pytest.mark.node("timing.daily")
def test_times_of_day(wall):
    turns = timing.daily("20:30:15, 9:00")
    assert next(turns) == "2026-03-01T20:30:15"
    assert time.time() == datetime.datetime(2026, 3, 1, 20, 30, 15).timestamp()
    assert next(turns) == "2026-03-02T09:00:00"
    wall.now += 3 * 24 * 3600  # asleep over six of them: they are not made up for
    assert next(turns) == "2026-03-05T20:30:15"
    wall.set_by = -3600.0  # set back by an hour: it is not due a second time
    assert next(turns) == "2026-03-06T09:00:00"
    for wrong, said in (("25:00", "no time of day"), ("8 am", "no time of day"), ("", "write one")):
        with pytest.raises(ValueError, match=said):
            next(timing.daily(wrong))


@pytest.mark.node("timing.timestamp", "timing.clock")
def test_the_clock_on_the_wall(wall):
    assert timing.clock() == "2026-03-01 10:00:00"
    wall.now += 61.0
    assert timing.clock("anything", form="%M:%S") == "01:01"
    assert timing.timestamp() == datetime.datetime(2026, 3, 1, 10, 1, 1).timestamp()
    wall.set_by = -timing.timestamp()
    assert timing.clock(utc=True) == "1970-01-01 00:00:00"


@pytest.mark.node("timing.Rate")
def test_a_rate(clock):
    rate, found = timing.Rate(window=2), []
    for step in (0.5, 0.5, 0.25, 0.25):
        found.append(rate())
        clock.now += step
    assert found == [0.0, 2.0, 2.0, pytest.approx(2 / 0.75)]
    with pytest.raises(ValueError, match="1 or more"):
        timing.Rate(window=0)


@pytest.mark.node("timing.Timeout")
def test_a_watchdog(clock):
    stale, found = timing.Timeout(limit=2.0), []
    for value in (1, 2, 2, 2, 2, 3, [3, 4]):
        found.append(stale(value))
        clock.now += 1.0
    assert found == [False, False, False, False, True, False, False]
    with pytest.raises(ValueError, match="above 0 s"):
        timing.Timeout(limit=0.0)


@pytest.mark.node("timing.OnDelay", "timing.OffDelay")
def test_timers_of_a_plc(clock):
    on, off = timing.OnDelay(seconds=2.0), timing.OffDelay(seconds=2.0)
    found = []
    for level in (False, True, False, True, True, True, False, False, False, True):
        found.append((on(level), off(level)))
        clock.now += 1.0
    assert [late for late, _ in found] == [False] * 5 + [True] + [False] * 4
    assert [after for _, after in found] == [False] + [True] * 6 + [False, False, True]
