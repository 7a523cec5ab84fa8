from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from nanoarrow import ArrayStream

import flodesk
from flodesk.nodes import record
from flodesk.nodes._recording import ring, writing
from flodesk.nodes._recording.ring import Ring, Turn
from flodesk.public import Waveform


def rows_of(path):
    """Return the rows of a file, as many as are whole."""
    found = []
    stream = ArrayStream.from_path(str(path))
    try:
        for batch in stream:
            found += batch.to_pylist()
    except Exception:
        if not found:
            raise
    return found


def about_of(path):
    """Return what is known of a recording."""
    with ArrayStream.from_path(str(path)) as stream:
        return json.loads(dict(stream.schema.metadata.items())[b"flodesk"])


def until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.node("record.Arrow")
def test_every_turn_is_recorded_once_in_order(tmp_path):
    log = record.Arrow(tmp_path / "log.arrows", columns=["volt", "ok", "name"])
    for turn in range(1000):
        log(0.5 * turn, turn > 1, f"größe {turn}")
    log.close()
    log.close()
    rows = rows_of(tmp_path / "log.arrows")
    assert [row["turn"] for row in rows] == list(range(1000))
    assert rows[3].items() >= {"volt": 1.5, "ok": True, "name": "größe 3", "dropped": 0}.items()
    assert abs(rows[0]["time"] - time.time()) < 3600
    with pytest.raises(ValueError, match="is closed"):
        log(1.0, True, "")


@pytest.mark.node("record.Arrow")
def test_signals_are_lists_with_their_times_and_what_is_changed_later_stays_as_it_was(tmp_path):
    log = record.Arrow(tmp_path / "log.arrows")
    y = np.arange(3, dtype="f4")
    for turn in range(4):
        log(Waveform(y, 0.5, 1.5 * turn, "V"), np.array([turn, 7], dtype=">i2"), 1)
        y += 10
    log.close()
    rows = rows_of(tmp_path / "log.arrows")
    assert abs(rows[2].pop("clock") - time.time()) < 3600
    assert rows[2] == {
        "turn": 2, "time": 3.0, "dropped": 0, "dt": 0.5, "value_1": [20.0, 21.0, 22.0], "value_2": [2, 7], "value_3": 1,
        "changed": "",
    }  # fmt: skip
    about = about_of(tmp_path / "log.arrows")
    assert about["units"] == {"value_1": "V"}
    assert about["columns"] == ["value_1", "value_2", "value_3"]
    assert about["kinds"] == {"value_1": "signal float32", "value_2": "array int16"}
    assert (about["t0"], about["dt"]) == ({"value_1": 0.0}, {"value_1": 0.5})
    assert about["flodesk"] == flodesk.__version__


@pytest.mark.node("record.Arrow")
def test_it_says_how_it_goes(tmp_path):
    log = record.Arrow(tmp_path / "log.arrows")
    log(1.0)
    until(lambda: log._writing.kept == 1)
    told = log(2.0)
    assert (told.turns, told.dropped, told.problem) == (1, 0, "")
    assert told.size > 100
    assert len(rows_of(tmp_path / "log.arrows")) >= 1, "what came is in the file while the run goes on"
    log.close()
    again = record.Arrow(tmp_path / "log.arrows")
    again(3.0)
    again.close()
    assert again.path == tmp_path / "log-2.arrows"
    new = record.Arrow(tmp_path / "log.arrows", existing="replace")
    new(4.0)
    new.close()
    assert [row["value"] for row in rows_of(tmp_path / "log.arrows")] == [4.0]


@pytest.mark.node("record.Arrow")
def test_what_does_not_fit_is_refused_in_words(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere to record to"):
        record.Arrow(tmp_path / "nowhere" / "log.arrows", on_problem="stop")
    with pytest.raises(OSError, match="could not be written"):
        record.Arrow(tmp_path, existing="replace", on_problem="stop")
    log = record.Arrow(tmp_path / "log.arrows", columns=["a"])
    with pytest.raises(ValueError, match="nothing to record"):
        log()
    with pytest.raises(ValueError, match="2 values came for the 1 columns"):
        log(1, 2)
    with pytest.raises(ValueError, match="a value of the kind dict cannot be recorded"):
        log({})
    with pytest.raises(ValueError, match=r"shape \(2, 2\) cannot be recorded"):
        log(np.ones((2, 2)))
    log(1.5)
    log(2)
    log(np.float32(2.5))
    with pytest.raises(ValueError, match="value 1 is a text where a number came before"):
        log("x")
    log.close()
    assert [row["a"] for row in rows_of(log.path)] == [1.5, 2.0, 2.5]


@pytest.mark.node("record.Arrow")
def test_turns_for_which_there_is_no_room_are_counted_and_the_file_says_where(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "PERIOD", 0.5)  # a disk that stands still
    monkeypatch.setattr(ring, "MOST", 20_000)
    log = record.Arrow(tmp_path / "log.arrows")
    told = [log(float(n)) for n in range(500)]
    assert told[-1].dropped > 300
    until(lambda: log(0.0).turns > 0)
    log.close()
    rows = rows_of(log.path)
    numbers = [row["turn"] for row in rows]
    assert numbers == sorted(set(numbers))
    assert all(row["turn"] - row["dropped"] == place for place, row in enumerate(rows)), "every hole is counted"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.node("record.Arrow")
def test_a_full_disk_is_said_and_counted_and_disturbs_nothing_unless_asked(capsys):
    log = record.Arrow(Path("/dev/full"), existing="replace")
    log(1.0)
    until(lambda: log._writing.problem)
    told = log(2.0)
    assert "the disk is full: free some space" in told.problem
    assert (told.turns, told.dropped) == (0, 1)
    log.close()
    said = capsys.readouterr().out
    assert said.count("Not recorded: /dev/full could not be written") == 1
    assert "2 of 2 turns are not in /dev/full" in said
    strict = record.Arrow(Path("/dev/full"), existing="replace", on_problem="stop")
    strict(1.0)
    until(lambda: strict._writing.problem)
    with pytest.raises(OSError, match="the disk is full"):
        strict(2.0)
    with pytest.raises(OSError, match="the disk is full"):
        strict.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no file that is open")
@pytest.mark.node("record.Arrow")
def test_a_folder_that_goes_is_said_and_recording_goes_on_when_it_is_back(tmp_path, capsys):
    folder = tmp_path / "out"
    folder.mkdir()
    log = record.Arrow(folder / "log.arrows")
    log(1.0)
    until(lambda: log._writing.kept == 1)
    shutil.rmtree(folder)
    until(lambda: "is gone" in log(2.0).problem or "could not be written" in log(2.0).problem)
    folder.mkdir()
    until(lambda: not log(3.0).problem)
    until(lambda: log(4.0).turns > 3)
    log.close()
    rows = rows_of(folder / "log.arrows")
    assert {row["value"] for row in rows} <= {2.0, 3.0, 4.0}
    assert rows[0]["dropped"] == rows[0]["turn"] > 0
    assert "Recording goes on in" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_file_of_a_process_that_was_killed_opens_with_no_repair(tmp_path):
    code = (
        "import sys, time\nimport numpy as np\nfrom pathlib import Path\nfrom flodesk.nodes import record\n"
        "log = record.Arrow(Path(sys.argv[1]))\nn = 0\n"
        "while True:\n    log(float(n), np.full(500, n, 'f4'))\n    n += 1\n    time.sleep(0.0005)\n"
    )
    for times in range(3):
        path = tmp_path / f"{times}.arrows"
        process = subprocess.Popen([sys.executable, "-c", code, str(path)])
        until(lambda path=path, times=times: path.exists() and path.stat().st_size > 200_000 * (times + 1))
        process.kill()
        process.wait()
        killed = time.time()
        rows = rows_of(path)
        assert [row["turn"] for row in rows] == list(range(len(rows)))
        assert len(rows) > 50
        assert all(row["value_2"] == [row["value_1"]] * 500 for row in rows[::20])
        assert killed - rows[-1]["time"] < 5.0


def turn(number, came, size):
    return Turn(number, came, 0.0, 0.0, 0, size, ())


def test_a_ring_has_room_for_four_seconds_or_64_turns_and_never_more_than_its_bytes():
    waiting = Ring()
    assert all(waiting.put(turn(n, 10.0 * n, 1)) for n in range(64)), "however seldom they come"
    assert not waiting.put(turn(64, 640.0, 1))
    assert [found.number for found in waiting.take(10)] == list(range(10))
    assert waiting.put(turn(65, 650.0, 1))
    quick = Ring()
    assert all(quick.put(turn(n, n / 1000, 1)) for n in range(4000))
    assert not quick.put(turn(4000, 4.5, 1))
    large = Ring()
    assert large.put(turn(0, 0.0, ring.MOST))
    assert not large.put(turn(1, 0.0, 1))
    assert len(large.take(1)) == 1, "what is larger than a bite is taken alone"
    assert large.put(turn(2, 0.0, 1))
