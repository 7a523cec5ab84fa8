"""A recorder in a run: it is whole at the end, and neither a slow nor a full disk reaches the loop."""

from __future__ import annotations

from pathlib import Path

import pytest
from nanoarrow import ArrayStream

from flodesk.engine.events import LogLine
from flodesk.engine.headless import run
from flodesk.engine.limits import Limits

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
