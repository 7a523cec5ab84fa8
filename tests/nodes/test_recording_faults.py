"""Disks that are full, slow, gone or forbidden: a clear message, a count, and nobody else is disturbed."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from flodesk.nodes import record
from flodesk.nodes._recording import target, writing
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN

FORMATS = [
    (record.Arrow, "arrows"),
    (record.Csv, "csv"),
    (record.Tdms, "tdms"),
    (record.Hdf5, "h5"),
    (record.Sqlite, "sqlite"),
]
of_each = pytest.mark.parametrize(("recorder", "ending"), FORMATS, ids=[ending for _, ending in FORMATS])


def until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def values_of(path):
    recording = opened(path)
    try:
        return [row.values[0] for row in recording.rows(recording.values[:1], BEGIN)]
    finally:
        recording.close()


FULL = """
import sys, time, numpy as np
from pathlib import Path
from flodesk.nodes import record

folder, other, kind, ending = sys.argv[1:5]
ballast = Path(folder) / "ballast"
ballast.write_bytes(bytes(2_000_000))
log = getattr(record, kind)(Path(folder) / f"log.{ending}")
beside = record.Arrow(Path(other) / "beside.arrows")
number = 0
told = None


def go_on(until):
    global number, told
    end = time.monotonic() + 40
    while not until() and time.monotonic() < end:
        told = log(f"{number:08}" + "x" * 2000)
        beside(number)
        number += 1
        time.sleep(0.0005)


go_on(lambda: told is not None and told.problem)
print(told.problem, flush=True)
before = told.turns
ballast.unlink()
go_on(lambda: not told.problem)
more = told.turns + 50
go_on(lambda: told.turns >= more)
log.close()
beside.close()
print(number, log._writing.kept, log._writing.lost, before, flush=True)
"""


def mounted(folder, size):
    """Return whether a disk of so many bytes could be put there."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=False)
    return done.returncode == 0


@of_each
def test_a_full_disk_is_said_and_it_goes_on_when_there_is_room_again(recorder, ending, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if not mounted(disk, 4_000_000):
        pytest.skip("needs to mount a small disk")
    try:
        words = [sys.executable, "-c", FULL, str(disk), str(tmp_path), recorder.__name__, ending]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert any("the disk is full: free some space" in line for line in lines)
        assert any(line.startswith("Recording goes on in") for line in lines)
        number, kept, lost, before = map(int, lines[-1].split())
        assert kept + lost == number, "every turn is counted"
        assert 0 < before < kept
        numbers = [int(text[:8]) for path in sorted(disk.glob(f"log*.{ending}")) for text in values_of(path)]
        assert len(numbers) == kept
        assert numbers == sorted(set(numbers)), "each once, in order"
        assert values_of(tmp_path / "beside.arrows") == list(range(number)), "another recorder is not disturbed"
    finally:
        subprocess.run(["umount", disk], check=True)


@of_each
def test_a_folder_that_is_missing_at_the_start_is_said_and_the_file_is_begun_when_it_is_there(
    recorder, ending, tmp_path, capsys
):
    folder = tmp_path / "out"
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        recorder(folder / f"log.{ending}", on_problem="stop")
    log = recorder(folder / f"log.{ending}")
    told = log(0)
    assert "there is no folder" in told.problem
    assert (told.state.still().state, log.path) == ("problem", folder / f"log.{ending}")
    until(lambda: log(0).dropped > 1)
    assert log(0).turns == 0
    folder.mkdir()
    until(lambda: log(1).turns > 0)
    assert log(1).problem == ""
    log.close()
    assert values_of(folder / f"log.{ending}")[-1] == 1
    said = "".join(capsys.readouterr())
    assert said.count("Not recorded:") == 1
    assert "Recording goes on in" in said


@of_each
@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no file that is open")
def test_a_folder_that_goes_is_said_and_a_new_file_is_begun_when_it_is_back(recorder, ending, tmp_path, capsys):
    folder = tmp_path / "out"
    folder.mkdir()
    log = recorder(folder / f"log.{ending}")
    log(0)
    until(lambda: log._writing.kept == 1)
    shutil.rmtree(folder)
    number = 0

    def told():
        nonlocal number
        number += 1
        return log(number)

    until(lambda: told().problem)
    folder.mkdir()
    until(lambda: not told().problem)
    until(lambda: told().turns > 3)
    log.close()
    found = values_of(next(folder.glob(f"log*.{ending}")))
    assert found[-1] == number
    assert log._writing.kept == len(found)
    assert log._writing.kept + log._writing.lost == number + 1
    assert "Recording goes on in" in capsys.readouterr().out


def test_a_file_that_may_not_be_written_is_named_with_what_to_do(tmp_path, monkeypatch):
    def forbidden(*arguments):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("flodesk.nodes._recording.places.FileIO", forbidden)
    with pytest.raises(PermissionError, match=r"log\.arrows may not be written: change its permissions"):
        record.Arrow(tmp_path / "log.arrows", on_problem="stop")


def test_a_database_that_somebody_has_locked_is_said_and_it_goes_on_behind(tmp_path, monkeypatch):
    import sqlite3

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **options: real(path, timeout=0.05, **options))
    log = record.Sqlite(tmp_path / "log.sqlite")
    log(0)
    until(lambda: log._writing.kept == 1)
    other = real(log.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    until(lambda: log(1).problem)
    assert "log.sqlite could not be written (database is locked)" in log._writing.problem
    other.execute("ROLLBACK")
    other.close()
    until(lambda: not log(2).problem)
    log.close()
    found = values_of(log.path)
    assert (found[0], found[-1]) == (0, 2)
    assert len(found) == log._writing.kept


def test_a_slow_disk_drops_and_counts_and_holds_no_loop(tmp_path, monkeypatch):
    own = target.Growing._append

    def slow(self, data):
        time.sleep(0.3)
        own(self, data)

    monkeypatch.setattr(target.Growing, "_append", slow)
    monkeypatch.setattr(writing, "CHUNK", 100_000)
    monkeypatch.setattr("flodesk.nodes._recording.ring.MOST", 1_000_000)
    log = record.Arrow(tmp_path / "log.arrows")
    block = np.zeros(10_000)
    for _ in range(200):
        told = log(block)
    assert told.dropped > 100
    log.close()
    recording = opened(log.path)
    rows = [row.values for row in recording.rows(["turn", "dropped"], BEGIN)]
    recording.close()
    assert all(turn - dropped == place for place, (turn, dropped) in enumerate(rows)), "every hole is counted"


def test_what_the_end_of_a_run_could_not_wait_for_is_told(tmp_path, monkeypatch, capsys):
    own = target.Growing._append
    go_on = threading.Event()

    def standing(self, data):
        go_on.wait(60)
        own(self, data)

    monkeypatch.setattr(target.Growing, "_append", standing)
    monkeypatch.setattr(writing, "LAST", 0.2)
    log = record.Arrow(tmp_path / "log.arrows")
    for number in range(5):
        log(number)
    log.close()
    go_on.set()
    log._writing._thread.join()
    assert f"5 of 5 turns are not in {log.path}" in capsys.readouterr().out
