"""A player in a run: what is turned while it plays is heard at once and moves it no further; Stop ends it at once."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from flodesk.engine.headless import run
from flodesk.engine.limits import Limits
from flodesk.nodes import record, source

PLAY = """
import flodesk
from flodesk.nodes import record

heard = []
jumps = []


def hear(number):
    if number != (heard[-1] + 1 if heard else 0):
        jumps.append((heard[-1], number))
    heard.append(number)
    return len(heard), list(jumps)


def flow():
    for number in record.play("log.arrows", ["value"]ARGUMENTS):
        seen = hear(number)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where a flow stands beside a recording of 5,000 turns, one a second."""
    times = iter(range(5_000))
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: float(next(times)))
        log = record.Arrow(tmp_path / "log.arrows")
        for number in range(5_000):
            log(number)
        log.close()
    return tmp_path / "flow.py"


def test_speed_is_turned_while_it_plays_and_no_turn_comes_twice_or_never(here, flow) -> None:
    here.engine.watch({"flow.seen"}, set())
    here.start(PLAY.replace("ARGUMENTS", ", speed=100.0"), str(flow))
    for speed, more in (("300.0", 10), ("50.0", 5), ("0.1", 0), ("400.0", 20), ("0", 500)):
        before, _ = here.until(lambda: here.value("flow.seen"))
        here.engine.set_parameter("flow.number", "speed", speed)
        here.until(lambda least=before + more: here.value("flow.seen")[0] >= least)
    here.wait()
    assert here.value("flow.seen") == (5_000, [])


def test_it_waits_while_it_is_off_and_goes_on_where_it_was_and_another_start_moves_it(here, flow) -> None:
    here.engine.watch({"flow.seen"}, set())
    here.start(PLAY.replace("ARGUMENTS", ", speed=0.001, playing=False"), str(flow))
    here.until(lambda: here.engine.running)
    here.engine.set_parameter("flow.number", "playing", "True")
    here.until(lambda: here.value("flow.seen") == (1, []))
    here.engine.set_parameter("flow.number", "playing", "False")
    here.engine.set_parameter("flow.number", "speed", "200.0")
    here.engine.set_parameter("flow.number", "playing", "True")
    here.until(lambda: here.value("flow.seen")[0] > 3)
    assert here.value("flow.seen")[1] == []
    here.engine.set_parameter("flow.number", "start", "4990.0")
    here.wait()
    count, jumps = here.value("flow.seen")
    assert jumps == [(count - 11, 4990)]


def test_stop_ends_it_within_a_long_wait(here, flow) -> None:
    here.engine.watch({"flow.seen"}, set())
    here.start(PLAY.replace("ARGUMENTS", ", speed=0.0001"), str(flow))
    here.until(lambda: here.value("flow.seen") == (1, []))
    assert here.stop().reason == "stopped"
    assert not here.failures


def test_what_a_run_has_recorded_another_one_plays_to_the_bit(tmp_path: Path) -> None:
    text = """
import flodesk
from flodesk.nodes import record, source, timing


def flow():
    log = record.Arrow("log.arrows", ["tick", "wave"])
    for tick in timing.count(40):
        wave = source.noise(tick, samples=50, unit="V")
        told = log(tick, wave)


if __name__ == "__main__":
    flodesk.main(flow)
"""
    again = """
import flodesk
from flodesk.nodes import collect, record


def flow():
    ticks = collect.List()
    waves = collect.List()
    for tick, wave in record.play("log.arrows", speed=0):
        ticks.add(tick)
        waves.add(wave)
    all_ticks = ticks.result()
    all_waves = waves.result()


if __name__ == "__main__":
    flodesk.main(flow)
"""
    assert run(text, path=str(tmp_path / "flow.py"), limits=Limits(seconds=60)).reason == "succeeded"
    result = run(again, path=str(tmp_path / "flow.py"), limits=Limits(seconds=60))
    assert result.reason == "succeeded"
    assert result.values["flow.all_ticks"] == list(range(40))
    for tick, wave in enumerate(result.values["flow.all_waves"]):
        sent = source.noise(tick, samples=50, unit="V")
        assert (wave.dt, wave.t0, wave.unit) == (sent.dt, sent.t0, sent.unit)
        assert np.array_equal(wave.y, sent.y)
