"""The display scheduler: shows what moved, at a rate that its cost allows, and rests when there is nothing to see."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import InProcess, NodeState, Sample
from flodesk.engine.cpu import cpu_seconds
from flodesk.engine.preview import Preview
from flodesk.ui.display import FASTEST, JUDGED, PART, SLOWEST, Display, Pace

LIVE = """\
import flodesk
from flodesk.nodes import maths, show, timing


def flow():
    for tick in timing.every(0.01):
        double = maths.add(tick, tick)
        meter = show.number(double)


if __name__ == "__main__":
    flodesk.main(flow)
"""
STRAIGHT = LIVE.replace("for tick in timing.every(0.01):", "tick = maths.add(20.5, 0.5)").replace("        ", "    ")


class Screen(QWidget):
    """Stands where panel and canvas stand, and writes down what it is given.

    `cost` is what a frame takes of a core, in s; `wait` is how much later it ends than it could.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cost = 0.0
        self.wait = 0.0
        self.full = {"flow.meter"}
        self.brief = {"flow.double"}
        self.calls = 0
        self.values: list[object] = []
        self.states: Mapping[str, NodeState] = {}
        self.previews: list[Mapping[str, Preview]] = []
        self._seen = -1

    def watched(self) -> set[str]:
        return self.full

    def visible_ports(self) -> set[str]:
        return self.brief

    def showing(self, samples: Mapping[str, Sample]) -> Iterator[bool]:
        self.calls += 1
        time.sleep(self.wait)
        end = cpu_seconds() + self.cost
        while cpu_seconds() < end:
            pass
        sample = samples.get("flow.meter")
        if sample is None or sample.sequence == self._seen:
            return
        self._seen = sample.sequence
        self.values.append(sample.value)
        yield True

    def show_states(self, states: Mapping[str, NodeState]) -> None:
        self.states = states

    def look_back(self, run: str) -> None:
        self.run = run

    def show_previews(self, previews: Mapping[str, Preview], samples: Mapping[str, Sample] | None = None) -> None:
        self.previews.append(previews)


@pytest.fixture
def engine() -> Iterator[InProcess]:
    made = InProcess()
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(300, 200)
    return made


@pytest.fixture
def screen(window: QWidget) -> Screen:
    return Screen(window)


@pytest.fixture
def display(engine: InProcess, window: QWidget, screen: Screen, qtbot: QtBot) -> Iterator[Display]:
    made = Display(engine, window, screen, screen)
    window.show()
    qtbot.waitExposed(window)
    yield made
    made.sleep()
    engine.stop()


def start(engine: InProcess, display: Display, text: str = LIVE) -> None:
    engine.open(text, str(Path("flow.py")))
    engine.start()
    display.wake()


def test_values_states_and_previews_of_a_live_flow_arrive(
    engine: InProcess, display: Display, screen: Screen, qtbot: QtBot
) -> None:
    start(engine, display)
    qtbot.waitUntil(lambda: len(screen.values) >= 3 and len(screen.previews) >= 2, timeout=60000)
    numbers = [value.value for value in screen.values]  # type: ignore[attr-defined]
    assert numbers == sorted(set(numbers)), "each value once, in order"
    assert screen.states["flow.double"].count > 0
    assert set(screen.previews[-1]) == {"flow.double"}
    assert display.shown == len(screen.values)


def test_it_rests_after_the_last_value_of_a_run(
    engine: InProcess, display: Display, screen: Screen, qtbot: QtBot
) -> None:
    start(engine, display, STRAIGHT)
    qtbot.waitUntil(lambda: len(screen.values) == 1, timeout=60000)
    assert screen.values[0].value == 42.0  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not display.active, timeout=60000)
    frames = display.frames
    qtbot.wait(100)
    assert display.frames == frames


def test_a_hidden_window_costs_nothing_and_is_not_watched(
    engine: InProcess, display: Display, window: QWidget, screen: Screen, qtbot: QtBot
) -> None:
    start(engine, display)
    qtbot.waitUntil(lambda: len(screen.values) >= 2, timeout=60000)
    window.hide()
    qtbot.waitUntil(lambda: not display.active)
    calls = screen.calls
    qtbot.wait(150)
    assert screen.calls == calls
    assert not engine.values(), "what nobody sees is not sent"
    window.show()
    shown = len(screen.values)
    qtbot.waitUntil(lambda: display.active and len(screen.values) > shown, timeout=60000)


def test_a_minimised_window_rests(engine: InProcess, display: Display, window: QWidget, qtbot: QtBot) -> None:
    start(engine, display)
    qtbot.waitUntil(lambda: display.active)
    window.showMinimized()
    qtbot.waitUntil(lambda: not display.active)
    window.showNormal()
    qtbot.waitUntil(lambda: display.active)


def test_a_hidden_panel_is_not_called(engine: InProcess, display: Display, screen: Screen, qtbot: QtBot) -> None:
    start(engine, display)
    qtbot.waitUntil(lambda: screen.calls > 2, timeout=60000)
    screen.hide()
    calls = screen.calls
    qtbot.wait(100)
    assert screen.calls == calls


def test_the_rate_halves_while_frames_cost_too_much(
    engine: InProcess, display: Display, screen: Screen, qtbot: QtBot
) -> None:
    screen.cost = 0.014
    start(engine, display)
    qtbot.waitUntil(lambda: display.pace.rate < FASTEST, timeout=60000)
    screen.cost = 0.08
    qtbot.waitUntil(lambda: display.pace.rate == SLOWEST, timeout=60000)


def test_other_views_are_told_to_the_engine(engine: InProcess, display: Display, screen: Screen, qtbot: QtBot) -> None:
    start(engine, display)
    qtbot.waitUntil(lambda: "flow.meter" in engine.values(), timeout=60000)
    screen.full = {"flow.double"}
    display.watch()
    qtbot.waitUntil(lambda: "flow.meter" not in engine.values())


def frames(pace: Pace, cost: float, start: float, count: int = JUDGED) -> float:
    """Take in some frames at the pace's rate; return when the next one comes."""
    for _ in range(count):
        pace.frame(cost, start)
        start += 1.0 / pace.rate
    return start


def test_the_pace_halves_after_a_few_dear_frames_and_doubles_after_a_cheap_second() -> None:
    pace = Pace()
    now = frames(pace, 0.012, 0.0)
    assert pace.rate == 30.0
    now = frames(pace, 0.018, now, 60)
    assert pace.rate == 30.0, "what costs a little too much for twice the rate changes nothing"
    now = frames(pace, 0.002, now, 8)
    assert pace.rate == 60.0
    now = frames(pace, 0.001, now, 200)
    assert pace.rate == FASTEST


def test_frames_that_cost_half_at_twice_the_rate_get_it() -> None:
    pace = Pace(rate=SLOWEST)
    now = 0.0
    for _ in range(200):
        pace.frame(0.005 + 0.25 / pace.rate, now)  # a part of it is what has moved meanwhile
        now += 1.0 / pace.rate
    assert pace.rate == FASTEST


def test_tries_that_fail_become_rare() -> None:
    pace, now, changes = Pace(rate=30.0), 0.0, 0
    while now < 60.0:
        changes += pace.frame(0.014, now)  # 0.42 of the time at 30 Hz, 0.84 at 60
        now += 1.0 / pace.rate
    assert changes <= 12
    assert pace.rate == 30.0
    frames(pace, 0.002, now, 40 * 60)
    assert pace.rate == FASTEST, "what has become cheap is shown as often as it can be"


def test_a_rate_is_kept_for_a_second_before_it_doubles() -> None:
    pace = Pace()
    now = frames(pace, 0.012, 0.0)
    now = frames(pace, 0.002, now, 25)
    assert pace.rate == 30.0
    frames(pace, 0.002, now, 10)
    assert pace.rate == 60.0


def test_frames_far_too_dear_slow_it_down_at_once_as_far_as_needed() -> None:
    pace = Pace()
    assert not pace.frame(0.09, 0.0)
    assert not pace.frame(0.09, 0.1)
    assert pace.frame(0.09, 0.2)
    assert pace.rate == SLOWEST
    frames(pace, 1.0, 0.3, 50)
    assert pace.rate == SLOWEST


def test_dear_frames_here_and_there_change_nothing() -> None:
    pace = Pace()
    for number in range(200):
        assert not pace.frame(0.03 if number % 5 == 0 else 0.002, number / 60)
    slow = Pace(rate=SLOWEST)
    changed = [slow.frame(0.05 if number % 5 == 0 else 0.002, number / 15) for number in range(60)]
    assert slow.rate == FASTEST
    assert changed.count(True) == 2


def test_a_busy_machine_does_not_make_frames_dear(
    engine: InProcess, display: Display, screen: Screen, qtbot: QtBot
) -> None:
    screen.wait = 0.012  # as if something else had the core: the frame costs nothing, and ends late
    start(engine, display)
    qtbot.waitUntil(lambda: display.frames > 3 * JUDGED, timeout=60000)
    assert display.pace.rate == FASTEST


class Asked(InProcess):
    """Writes down at which rates values are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.rates: list[float] = []

    def watch(self, full: set[str], brief: set[str], rate: float = 0.0) -> None:
        self.rates.append(rate)
        super().watch(full, brief, rate)


def test_the_engine_is_asked_for_values_as_often_as_they_can_be_shown(
    window: QWidget, screen: Screen, qtbot: QtBot
) -> None:
    engine = Asked()
    display = Display(engine, window, screen, screen)
    window.show()
    qtbot.waitExposed(window)
    try:
        start(engine, display)
        qtbot.waitUntil(lambda: engine.rates == [FASTEST], timeout=60000)
        screen.cost = 0.08
        qtbot.waitUntil(lambda: engine.rates[-1] == SLOWEST, timeout=60000)
    finally:
        display.sleep()
        engine.close()


def test_a_frame_is_shown_in_parts_and_what_is_left_goes_with_its_engine(
    engine: InProcess, display: Display, window: QWidget, screen: Screen, qtbot: QtBot
) -> None:
    shown: list[int] = []

    def slowly(samples: Mapping[str, Sample]) -> Iterator[bool]:
        for number in range(4):
            time.sleep(PART)
            shown.append(number)
            yield False

    display.sleep()
    screen.showing = slowly  # type: ignore[method-assign]
    display._frame()
    assert shown == [0], "what waits for this thread has its turn now"
    qtbot.waitUntil(lambda: shown == [0, 1, 2, 3], timeout=60000)

    shown.clear()
    display.sleep()
    display._frame()
    display.use(engine)
    display._show_more()
    assert shown == [0], "the rest is of the engine before"
