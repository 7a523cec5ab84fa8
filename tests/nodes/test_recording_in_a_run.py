"""A recorder in a run: it is whole at the end, and neither a slow nor a full disk reaches the loop."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nanoarrow import ArrayStream

from flodesk.engine.client import InProcess
from flodesk.engine.events import Event, LogLine, RunFinished
from flodesk.engine.headless import run
from flodesk.engine.limits import Limits
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN

TEXT = """
import flodesk
from flodesk.nodes import record, source, timing


def flow():
    log = record.Arrow(PATH, columns=["turn_of_loop", "wave"], existing="replace")
    for tick in timing.every(0.005):
        wave = source.sine(tick)
        told = log(tick, wave)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def until(true: Callable[[], Any], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows that are in a file now, while it is written."""
    rows: list[dict[str, Any]] = []
    if path.stat().st_size:
        with contextlib.suppress(Exception):  # it has no end yet
            for batch in ArrayStream.from_path(str(path)):
                rows += batch.to_pylist()
    return rows


def test_every_turn_of_a_run_is_in_the_file_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "log.arrows"
    result = run(TEXT.replace("PATH", repr(str(path))), path=str(tmp_path / "flow.py"), limits=Limits(seconds=1.0))
    assert result.reason == "stopped"
    rows = ArrayStream.from_path(str(path)).read_all().to_pylist()
    assert len(rows) > 10
    assert [row["turn_of_loop"] for row in rows] == list(range(len(rows)))
    assert [row["turn"] for row in rows] == list(range(len(rows)))
    assert rows[-1]["dropped"] == 0
    assert {len(row["wave"]) for row in rows} == {100}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_in_the_log_and_the_flow_goes_on(tmp_path: Path) -> None:
    text = TEXT.replace("PATH", '"/dev/full"')
    result = run(text, path=str(tmp_path / "flow.py"), limits=Limits(seconds=1.0))
    assert result.reason == "stopped"
    assert result.values["flow.told"].dropped > 10
    lines = [event.text for event in result.events if isinstance(event, LogLine)]
    assert sum("Not recorded: /dev/full could not be written, the disk is full" in line for line in lines) == 1
    assert any("turns are not in /dev/full" in line for line in lines)


TURNED = """
import flodesk
from flodesk.nodes import control, maths, record, timing


def flow():
    gain = control.slider(2.0, maximum=10.0)
    log = record.Arrow("log.arrows", columns=["level"])
    for tick in timing.every(0.005):
        level = maths.scale(1.0, factor=gain)
        told = log(level)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_file_says_its_flow_its_settings_and_before_which_turn_they_changed(tmp_path: Path) -> None:
    heard: list[Event] = []
    engine = InProcess(heard.append)
    try:
        engine.open(TURNED, str(tmp_path / "flow.py"))
        run_id = engine.start()
        file = tmp_path / "log.arrows"
        until(lambda: file.exists() and len(rows_of(file)) > 3)
        engine.set_parameter("flow.gain", "value", "7.5")
        until(lambda: rows_of(file)[-1]["level"] == 7.5)
        longer = TURNED.replace("maximum=10.0", "maximum=20.0").replace("2.0,", "7.5,")
        engine.swap(longer)
        until(lambda: sum(bool(row["changed"]) for row in rows_of(file)) == 2)
        engine.stop()
        until(lambda: any(isinstance(event, RunFinished) for event in heard))
    finally:
        engine.close()
    stream = ArrayStream.from_path(str(file))
    about = json.loads(dict(stream.schema.metadata.items())[b"flodesk"])
    assert about["flow"]["path"] == str(tmp_path / "flow.py")
    assert about["flow"]["hash"] == hashlib.sha256(TURNED.encode()).hexdigest()
    assert about["flow"]["run"] == run_id
    assert about["parameters"].items() >= {"flow.gain.value": "2.0", "flow.tick.period": "0.005"}.items()
    rows = stream.read_all().to_pylist()
    first, second = [row for row in rows if row["changed"]]
    assert json.loads(first["changed"]) == {"flow.gain.value": "7.5"}
    assert json.loads(second["changed"]) == {
        "flow.gain.maximum": "20.0",
        "flow": hashlib.sha256(longer.encode()).hexdigest(),
    }
    assert rows[0]["level"] == 2.0
    assert {row["level"] for row in rows if row["turn"] > first["turn"]} == {7.5}


ENDS = """
import flodesk
from flodesk.nodes import record, timing


def flow():
    log = record.Arrow("log.arrows", columns=["number"], split_time=0.2, convert="hdf5")
    for tick in timing.every(0.01):
        told = log(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def numbers(path: Path) -> list[int]:
    recording = opened(path)
    try:
        return [row.values[0] for row in recording.rows(["number"], BEGIN)]
    finally:
        recording.close()


@pytest.mark.parametrize("stopped", [False, True], ids=["ended by itself", "stopped"])
def test_what_was_recorded_is_converted_when_the_run_has_ended(tmp_path: Path, stopped: bool) -> None:
    text = ENDS if stopped else ENDS.replace("timing.every(0.01)", "timing.count(40)")
    result = run(text, path=str(tmp_path / "flow.py"), limits=Limits(seconds=0.6) if stopped else Limits())
    assert result.reason == ("stopped" if stopped else "succeeded")
    until(lambda: not list(tmp_path.glob("*.arrows")) and not list(tmp_path.glob(".*")))
    found = sorted(tmp_path.glob("log.part*.h5"))
    assert found
    values = [number for path in found for number in numbers(path)]
    assert values == list(range(len(values)))
    lines = [event.text for event in result.events if isinstance(event, LogLine)]
    if not stopped:  # what is done behind a run comes too late for its events
        assert "log.part001.arrows is converted to log.part001.h5" in lines
        assert "log.part001.h5 is whole; log.part001.arrows is gone" in lines


def test_stop_ends_a_conversion_and_keeps_what_was_recorded(tmp_path: Path) -> None:
    heard: list[Event] = []
    engine = InProcess(heard.append)
    try:
        engine.open(ENDS.replace("timing.every(0.01)", "timing.count(40_000)"), str(tmp_path / "flow.py"))
        engine.start()
        until(lambda: any(isinstance(event, LogLine) and "is converted to" in event.text for event in heard))
        engine.stop()
        until(lambda: any(isinstance(event, RunFinished) for event in heard))
    finally:
        engine.close()
    kept = [number for path in sorted(tmp_path.glob("log.part*.arrows")) for number in numbers(path)]
    done = [number for path in sorted(tmp_path.glob("log.part*.h5")) for number in numbers(path)]
    assert done + kept == list(range(40_000))
    assert kept
    assert not list(tmp_path.glob(".*")), "nothing half is left"


AGAIN = """
import flodesk
from flodesk.nodes import record, timing


def flow():
    for n in timing.count(4):
        log = record.Csv(PATH, existing="append")
        told = log(n)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_recorder_that_a_loop_makes_anew_goes_on_in_its_file(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    assert run(AGAIN.replace("PATH", repr(str(path))), path=str(tmp_path / "flow.py")).reason == "succeeded"
    recording = opened(path)
    assert [row.values for row in recording.rows(recording.values, BEGIN)] == [(0,), (1,), (2,), (3,)]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["log.csv", "log.csv-metadata.json"]
