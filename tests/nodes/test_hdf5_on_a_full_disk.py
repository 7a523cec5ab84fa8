"""HDF5 ends the program where it cannot write: it meets no full disk, and is left alone where it has met one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN

resource = pytest.importorskip("resource", reason="needs a limit for the size of files")

WRITE = """
import contextlib, gc, os, resource, sys
from pathlib import Path
from flodesk.nodes._recording import hdf5
from flodesk.nodes._recording.columns import columns_of, own_columns
from flodesk.nodes._recording.ring import Turn

path, keeps, flushes = Path(sys.argv[1]), sys.argv[2] == "keeps", sys.argv[3] == "flushes"
hdf5.FLUSH = 0.0
if not keeps:
    hdf5.keep_room = lambda number, end, path: None
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, resource.RLIM_INFINITY))
path.touch()
target = hdf5.Hdf5File(path)
values = ("x" * 2000,)
columns = columns_of([], values)
names = [own.name for own in own_columns(columns)]
target.begin({"columns": ["value"], "own": names, "units": {}}, columns)
kept = 0
for _ in range(1000):
    turns = [Turn(number, 0.0, 0.0, 0.0, 0, 0, values) for number in range(kept, kept + 20)]
    try:
        target.write(turns)
        kept += len(turns)
        assert not keeps or path.stat().st_size >= target.size + hdf5._SPARE, "there is room behind what it has"
        if flushes:
            target.flush()
    except OSError as error:
        print(error)
        break
if not target.broken:
    try:
        target.end({"ended": "now"})
    except OSError as error:
        print(error)
broken = target.broken
target.leave()
safe = target.safe
del target
gc.collect()
for number in range(3, 64):
    with contextlib.suppress(OSError):
        assert os.fstat(number).st_ino != path.stat().st_ino, "the disk has it back"
print(kept, safe, broken)
"""


def written(path, keeps, flushes):
    """Return what was said, and how many turns were written, are safe, and whether the library has failed."""
    words = [sys.executable, "-c", WRITE, str(path), keeps, flushes]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.returncode}: {done.stderr}"
    *said, last = done.stdout.splitlines()
    kept, safe, broken = last.split()
    return said, int(kept), int(safe), broken == "True"


def numbers_of(path):
    recording = opened(path)
    try:
        return [row.values[0] for row in recording.rows(["turn"], BEGIN)]
    finally:
        recording.close()


@pytest.mark.parametrize("flushes", ["flushes", "holds back"])
def test_what_the_library_holds_back_has_room_when_it_is_brought_to_the_disk(flushes, tmp_path):
    said, kept, safe, broken = written(tmp_path / "log.h5", "keeps", flushes)
    assert len(said) == 1
    assert "could not be written" in said[0]
    assert not broken
    assert safe == kept > 500
    assert numbers_of(tmp_path / "log.h5") == list(range(kept))


@pytest.mark.parametrize("flushes", ["flushes", "holds back"])
def test_a_file_that_the_library_could_not_write_is_left_and_nothing_ends(flushes, tmp_path):
    said, kept, safe, broken = written(tmp_path / "log.h5", "keeps nothing", flushes)
    assert broken
    assert "could not be written" in said[0]
    assert safe <= kept
    if safe:
        assert numbers_of(tmp_path / "log.h5")[:safe] == list(range(safe)), "what was safe is"
