"""Every format of the recorders gives back to the bit what was recorded, also of a program that was killed."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time

import numpy as np
import pytest

from flodesk.nodes import record
from flodesk.nodes._recording import needs
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN
from flodesk.public import Waveform

FORMATS = [(record.Arrow, "arrows"), (record.Tdms, "tdms"), (record.Hdf5, "h5"), (record.Sqlite, "sqlite")]
of_each = pytest.mark.parametrize(("recorder", "ending"), FORMATS, ids=[ending for _, ending in FORMATS])
NAMES = ["n", "level", "ok", "text", "wave", "second", "bits", "a/b 'c'"]


def until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def turn(i):
    return (
        i, i / 3, i % 2 == 0, f"größe {i}" if i % 3 else "",
        Waveform(np.arange(i % 5, dtype="f4") / 7, 0.5, 2.5 * i, "V"),
        Waveform(np.arange(3) * i, 0.25, 2.5 * i + 1, "A"),
        np.array([True, False, i > 3]), 1e300 * i,
    )  # fmt: skip


def same(found, given):
    for one, other in zip(found, given, strict=True):
        if isinstance(other, Waveform):
            assert (one.dt, one.t0, one.unit) == (other.dt, other.t0, other.unit)
            one, other = one.y, other.y
        if isinstance(other, np.ndarray):
            assert one.dtype == other.dtype
            assert one.tobytes() == other.tobytes()
        else:
            assert type(one) is type(other)
            assert one == other


def rows_of(path, columns=None):
    recording = opened(path)
    try:
        return [row.values for row in recording.rows(columns or recording.values, BEGIN)]
    finally:
        recording.close()


@of_each
@pytest.mark.node("record.Tdms", "record.Hdf5", "record.Sqlite")
def test_what_was_recorded_comes_back_to_the_bit(recorder, ending, tmp_path):
    assert {record.Tdms, record.Hdf5, record.Sqlite} <= {kind for kind, _ in FORMATS}
    log = recorder(tmp_path / f"log.{ending}", columns=NAMES)
    for i in range(1200):
        log(*turn(i))
    log.close()
    assert log._writing.kept == 1200
    rows = rows_of(log.path)
    assert len(rows) == 1200
    for i in (0, 1, 2, 4, 499, 500, 501, 1199):
        same(rows[i], turn(i))
    recording = opened(log.path)
    assert recording.values == tuple(NAMES)
    assert recording.ending == ""
    assert recording.about["units"] == {"wave": "V", "second": "A"}
    assert (recording.about["t0"]["second"], recording.about["dt"]["second"]) == (1.0, 0.25)
    assert [row.values for row in recording.rows(["turn", "dropped", "changed"], (1198, 0))] or ending == "arrows"
    recording.close()


@pytest.mark.parametrize(("recorder", "ending"), FORMATS[1:], ids=[ending for _, ending in FORMATS[1:]])
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_program_that_is_killed_leaves_a_file_that_opens_and_lacks_half_a_second(recorder, ending, tmp_path):
    code = (
        "import sys, time\nimport numpy as np\nfrom pathlib import Path\nfrom flodesk.nodes import record\n"
        f"log = record.{recorder.__name__}(Path(sys.argv[1]))\nn = 0\n"
        "while True:\n    told = log(n, np.full(500, n, 'f4'))\n    n += 1\n    time.sleep(0.0005)\n"
        "    if n % 100 == 0: print(told.turns, flush=True)\n"
    )
    path = tmp_path / f"log.{ending}"
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if int(line) > 500:
            break
    process.kill()
    process.wait()
    killed = time.time()
    process.stdout.close()
    rows = rows_of(path)
    assert rows, "what is older than half a second is in the file"
    assert [number for number, _ in rows] == list(range(len(rows)))
    assert all(y.tolist() == [n] * 500 for n, y in rows[::20])
    recording = opened(path)
    assert "killed" in recording.ending
    recording.close()
    assert killed - rows_of(path, ["time"])[-1][0] < 5.0, "0.5 s, and what a busy machine takes"


@pytest.mark.node("record.Hdf5")
def test_an_hdf5_file_is_read_by_another_process_while_it_is_written(tmp_path):
    code = (
        "import h5py, sys, time\n"
        "with h5py.File(sys.argv[1], 'r', libver='latest', swmr=True) as file:\n"
        "    seen = file['values/value']\n    first = len(seen)\n"
        "    while len(seen) <= first:\n        seen.refresh()\n        time.sleep(0.01)\n"
        "    print(seen[:].tolist() == list(range(len(seen))))\n"
    )
    log = record.Hdf5(tmp_path / "log.h5")
    log(0)
    until(lambda: log._writing._target.safe == 1)
    reader = subprocess.Popen([sys.executable, "-c", code, str(log.path)], stdout=subprocess.PIPE, text=True)
    number = 0
    while reader.poll() is None:
        number += 1
        log(number)
        time.sleep(0.01)
    assert reader.stdout.read() == "True\n"
    reader.stdout.close()
    log.close()
    assert [value for (value,) in rows_of(log.path)] == list(range(number + 1))


@pytest.mark.node("record.Sqlite")
def test_a_database_is_asked_in_sql_while_it_is_written_and_says_its_columns(tmp_path):
    log = record.Sqlite(tmp_path / "log.sqlite", columns=["Volt", "volt", "wave"])
    log(1.5, True, Waveform(np.arange(3, dtype=">i2"), 0.5, 2.0, "V"))
    until(lambda: log._writing.kept == 1)
    base = sqlite3.connect(log.path)
    assert base.execute('SELECT turn, "Volt", volt_ FROM turns').fetchall() == [(0, 1.5, 1)]
    assert base.execute("SELECT type, unit, dt, t0 FROM columns WHERE samples").fetchall() == [("<i2", "V", 0.5, 2.0)]
    base.close()
    log.close()
    base = sqlite3.connect(log.path)
    assert dict(base.execute("SELECT name, value FROM about"))["turns"] == "1"
    base.close()
    assert [path.name for path in tmp_path.iterdir()] == ["log.sqlite"]


@pytest.mark.node("record.Tdms")
def test_a_tdms_file_says_what_labview_asks_for(tmp_path):
    from nptdms import TdmsFile

    log = record.Tdms(tmp_path / "log.tdms", columns=["wave", "n"])
    for i in range(3):
        log(Waveform(np.arange(4.0) + 4 * i, 0.25, 86_400.0 + i, "V"), i)
    log.close()
    file = TdmsFile.read(log.path)
    wave = file["values"]["wave"]
    assert wave[:].tolist() == list(range(12))
    assert wave.properties["unit_string"] == "V"
    assert wave.properties["wf_increment"] == 0.25
    assert str(wave.properties["wf_start_time"]).startswith("1970-01-02T00:00:00")
    assert file.properties["turns"] == 3
    assert json.loads(file.properties["flodesk"])["columns"] == ["wave", "n"]


def test_a_package_that_is_missing_is_named_with_its_extra(tmp_path, monkeypatch):
    monkeypatch.setattr(needs.importlib.util, "find_spec", lambda name: None)
    for package in ("nptdms", "h5py"):
        monkeypatch.delitem(sys.modules, package, raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"package h5py is missing: .*pip install 'flodesk\[hdf5\]'"):
        record.Hdf5(tmp_path / "log.h5")
    with pytest.raises(ModuleNotFoundError, match=r"package nptdms is missing: .*pip install 'flodesk\[tdms\]'"):
        record.Tdms(tmp_path / "log.tdms")
    assert list(tmp_path.iterdir()) == []
