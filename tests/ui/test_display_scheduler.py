"""The display scheduler: shows what moved, at a rate that its cost allows, and rests when there is nothing to see."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import InProcess, NodeState, Sample
from flodesk.engine.preview import Preview
from flodesk.ui.display import FASTEST, SLOWEST, Display, Pace

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
    """Stands where panel and canvas stand, and writes down what it is given. `cost` is what a frame takes, in s."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cost = 0.0
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

    def show_values(self, samples: Mapping[str, Sample]) -> int:
        self.calls += 1
        time.sleep(self.cost)
        sample = samples.get("flow.meter")
        if sample is None or sample.sequence == self._seen:
            return 0
        self._seen = sample.sequence
        self.values.append(sample.value)
        return 1

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
    screen.cost = 0.012
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


def test_the_pace_halves_at_once_and_doubles_after_a_cheap_second() -> None:
    pace = Pace()
    assert pace.frame(0.009, 0.0)
    assert pace.rate == 30.0
    assert not pace.frame(0.010, 0.1), "between a quarter and a half nothing changes"
    assert not pace.frame(0.002, 0.2)
    assert not pace.frame(0.002, 1.1)
    assert pace.frame(0.002, 1.3)
    assert pace.rate == 60.0
    assert not pace.frame(0.001, 9.0)
    for _ in range(9):
        pace.frame(1.0, 10.0)
    assert pace.rate == SLOWEST


def test_one_dear_frame_starts_the_cheap_second_anew() -> None:
    pace = Pace(rate=30.0)
    pace.frame(0.001, 0.0)
    pace.frame(0.010, 0.9)
    assert not pace.frame(0.001, 1.1)
    assert not pace.frame(0.001, 2.0)
    assert pace.frame(0.001, 2.2)
