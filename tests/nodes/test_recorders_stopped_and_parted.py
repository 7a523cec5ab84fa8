"""A recorder that is told to leave turns out, and to begin another file: by its parameters, as the script calls it."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from flodesk.nodes import record


def ticks(path: Path) -> list[int]:
    with path.open(newline="") as lines:
        return [int(row[1]) for row in list(csv.reader(lines))[1:]]


def until(true, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_turns_that_come_while_it_is_off_are_left_out_and_counted_nowhere(tmp_path: Path) -> None:
    log = record.Csv(tmp_path / "log.csv")
    for number in range(30):
        told = log(number, recording=not 10 <= number < 20)
        assert told.state.still().state == ("paused" if 10 <= number < 20 else "recording")
    assert told.dropped == 0
    log.close()
    assert ticks(tmp_path / "log.csv") == [*range(10), *range(20, 30)]
    assert [path.name for path in tmp_path.glob("*.csv")] == ["log.csv"], "it goes on in the same file"


def test_the_time_of_a_recording_stands_still_while_it_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = record.Csv(tmp_path / "log.csv")
    now = [time.monotonic()]
    monkeypatch.setattr("flodesk.nodes._recording.going.time.monotonic", lambda: now[0])
    state = log(1).state
    now[0] += 5.0
    assert state.still().seconds == pytest.approx(5.0)
    log(2, recording=False)
    now[0] += 100.0
    log(3)
    now[0] += 2.0
    assert state.still().seconds == pytest.approx(7.0)
    log.close()
    now[0] += 50.0
    assert state.still().seconds == pytest.approx(7.0)


def test_a_new_file_is_begun_when_that_becomes_true_and_not_while_it_stays_so(tmp_path: Path) -> None:
    log = record.Csv(tmp_path / "log.csv")
    number = 0
    for part in (2, 3):
        log(number)
        number += 1
        until(lambda want=number: log._writing.kept == want)
        for _ in range(3):  # a switch that is left on
            log(number, new_file=True)
            number += 1
            until(lambda want=number: log._writing.kept == want)
        assert log.path.name == f"log.part{part:03}.csv"
    told = log(number)
    log.close()
    assert told.state.still().files == 3
    found = [tick for path in ("log.csv", "log.part002.csv", "log.part003.csv") for tick in ticks(tmp_path / path)]
    assert found == list(range(9))
    assert not (tmp_path / "log.part004.csv").exists()


def test_who_drops_a_recorder_and_forgets_to_close_it_has_a_whole_file(tmp_path: Path) -> None:
    def measure() -> None:
        log = record.Arrow(tmp_path / "log.arrows")
        for number in range(100):
            log(number)

    measure()
    assert list(record.play(tmp_path / "log.arrows", speed=0)) == list(range(100))
