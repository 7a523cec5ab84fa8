"""The stage: what is held between two loops is never older than before, never made up, and in the end the last."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import pytest

from flodesk.engine.events import LogLine
from flodesk.engine.headless import run

STEP = 0.15
TARGETS = (0.0, 2.0, 5.0, 6.0, 10.0)


def check(aims: list[float], way: list[float], noted: list[float]) -> None:
    """Hold against what the rules of a latest value and of a queue for the newest value say, whatever the timing."""
    assert set(aims) <= set(TARGETS), "no target is made up"
    assert aims == sorted(aims), "none comes back when a newer one was there"
    assert aims[-1] == TARGETS[-1], "the last target is got in the end"
    here = 0.0
    for aim, there in zip(aims, way, strict=True):
        here += min(STEP, aim - here)
        assert there == pytest.approx(here), "each step goes towards the target of its turn"
    assert way[-1] == 10.0
    assert set(noted) <= set(way)
    assert noted == sorted(noted)
    assert noted[-1] == 10.0, "the last position is always noted, however slow the log is"
    assert len(noted) < len(way), "the motor does not wait for it"


@pytest.fixture
def text(examples) -> str:
    return (examples / "stage.py").read_text(encoding="utf-8")


def test_the_motor_has_the_newest_target_and_the_log_the_newest_position(text):
    result = run(text, keep_values=True, keep_events=True)
    assert result.reason == "succeeded", result.message
    rows = result.values["drive.rows"]
    check(list(rows["target"]), list(rows["position"]), result.values["log.noted_all"])
    assert result.indicators["plan.wanted"].value == result.indicators["log.newest"].value == 10.0
    assert [trace.name for trace in result.indicators["drive.chart"].traces] == ["target", "position"]
    # what is dropped for a newer one is counted: nothing goes unsaid
    put, read = len(rows), len(result.values["log.noted_all"])
    said = [event.text for event in result.events if isinstance(event, LogLine)]
    assert f"positions: {put} put in, {read} read, {put - read} dropped" in said


def test_a_motor_that_fails_ends_the_log_and_not_the_plan(text):
    broken = text.replace("    return position + min", "    assert position < 4.0\n    return position + min")
    result = run(broken, keep_values=True)
    assert result.reason == "failed"
    assert [event.failure.node for event in result.failures] == ["drive.later"]
    assert result.values["log.noted_all"][-1] == pytest.approx(4.0, abs=STEP)
    assert result.indicators["plan.wanted"].value == 10.0


def test_plain_threads_do_the_same(text):
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "stage.py", "exec"), space)
    aims: list[float] = []
    way: list[float] = []
    noted: list[float] = []

    def move(position: float, goal: float, step: float, moved: Any = space["moved"]) -> float:
        aims.append(goal)
        way.append(moved(position, goal, step=step))
        return way[-1]

    def note(position: float, seconds: float, done: Any = space["noted"]) -> float:
        noted.append(done(position, seconds))
        return noted[-1]

    def drive() -> None:
        space["drive"]()
        space["positions"].close()  # in a run the engine does it

    space.update(moved=move, noted=note)
    threads = [threading.Thread(target=each) for each in (space["plan"], drive, space["log"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    check(aims, way, noted)


def test_python_and_flodesk_say_the_same(examples):
    path = str(examples / "stage.py")
    said = [
        subprocess.run([sys.executable, *how, path], capture_output=True, text=True, check=True, timeout=90).stdout
        for how in ([], ["-m", "flodesk", "run"])
    ]
    for line in ("plan.wanted (Target): 10 mm", "log.newest (Noted last): 10 mm"):
        assert all(line in one for one in said)
    names = [[line.partition(":")[0] for line in one.splitlines()] for one in said]
    assert names[0] == names[1]
