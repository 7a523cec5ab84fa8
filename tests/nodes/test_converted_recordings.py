"""A recording in another format has every value to the bit; whatever goes wrong, the old one stays as it was."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flodesk
from flodesk.nodes import record
from flodesk.nodes._recording import converting
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN
from flodesk.public import Waveform


def recorded(path, turns=700):
    log = record.Arrow(path, columns=["n", "level", "ok", "text", "wave", "bits"])
    for i in range(turns):
        wave = Waveform(np.arange(5, dtype="f4") / 7 + i, 0.5, 2.5 * i, "V")
        log(i, i / 3, i % 2 == 0, f"größe {i}", wave, np.array([True, False, i > 3]))
    log.close()
    return log.path


def rows_of(path):
    recording = opened(path)
    try:
        return [row.values for row in recording.rows((*recording.others, *recording.values), BEGIN)]
    finally:
        recording.close()


def plainly(rows):
    """Return rows as bytes, with everything that is in them."""

    def one(value):
        if isinstance(value, Waveform):
            return (value.t0, value.dt, value.unit, value.y.dtype.str, value.y.tobytes())
        return (value.dtype.str, value.tobytes()) if isinstance(value, np.ndarray) else (type(value).__name__, value)

    return [tuple(map(one, row)) for row in rows]


@pytest.mark.parametrize("ending", [".parquet", ".h5", ".tdms", ".sqlite"])
def test_there_and_back_every_turn_is_the_same_to_the_bit(tmp_path, ending):
    source = recorded(tmp_path / "log.arrows")
    seen = []
    done = flodesk.convert(source, tmp_path / f"log{ending}", told=seen.append)
    assert (done.turns, done.ending) == (700, "")
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    flodesk.convert(done.path, tmp_path / "back.arrows")
    assert plainly(rows_of(tmp_path / "back.arrows")) == plainly(rows_of(source))
    old, new = opened(source), opened(done.path)
    assert new.about.items() >= {key: old.about[key] for key in ("flodesk", "started", "units", "flow")}.items()
    old.close()
    new.close()
    assert not list(tmp_path.glob(".*")), "nothing half is left"


def test_a_parquet_file_is_a_table_to_pandas(tmp_path):
    done = flodesk.convert(recorded(tmp_path / "log.arrows", 20), tmp_path / "log.parquet", remove=True)
    table = pd.read_parquet(done.path)
    assert table.level.tolist() == [i / 3 for i in range(20)]
    assert table.wave[3].tolist() == (np.arange(5, dtype="f4") / 7 + 3).astype("f4").tolist()
    assert not (tmp_path / "log.arrows").exists()


def test_a_csv_file_has_rows_and_says_beside_it_what_it_is(tmp_path):
    log = record.Arrow(tmp_path / "log.arrows", columns=["volt", "name"])
    for i in range(50):
        log(i / 7, f"a,{i}")
    log.close()
    flodesk.convert(log.path, tmp_path / "log.csv")
    table = pd.read_csv(tmp_path / "log.csv")
    assert table.volt.tolist() == [i / 7 for i in range(50)]
    assert table.name.tolist() == [f"a,{i}" for i in range(50)]
    about = json.loads((tmp_path / "log.csv-metadata.json").read_text(encoding="utf-8"))
    assert about["url"] == "log.csv"
    assert about["notes"][0]["turns"] == 50
    with pytest.raises(ValueError, match="a CSV file takes numbers"):
        flodesk.convert(recorded(tmp_path / "other.arrows", 3), tmp_path / "other.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "log.arrows", "log.csv", "log.csv-metadata.json", "other.arrows",
    ]  # fmt: skip


def test_what_is_not_the_same_is_not_kept(tmp_path, monkeypatch):
    source = recorded(tmp_path / "log.arrows", 30)
    before = hashlib.sha256(source.read_bytes()).digest()
    own = converting.ParquetFile.write

    def forgetful(self, turns):
        own(self, [turn._replace(values=(0, *turn.values[1:])) for turn in turns])

    monkeypatch.setattr(converting.ParquetFile, "write", forgetful)
    with pytest.raises(ValueError, match=r"is not what .*log\.arrows is, from turn 1 on: log\.arrows is kept"):
        flodesk.convert(source, tmp_path / "log.parquet", remove=True)
    assert hashlib.sha256(source.read_bytes()).digest() == before
    assert [path.name for path in tmp_path.iterdir()] == ["log.arrows"]


def test_who_ends_it_finds_the_recording_as_it_was(tmp_path):
    source = recorded(tmp_path / "log.arrows", 30)

    def ended(fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flodesk.convert(source, tmp_path / "log.h5", remove=True, told=ended)
    assert [path.name for path in tmp_path.iterdir()] == ["log.arrows"]
    assert len(rows_of(source)) == 30


def test_a_recording_without_end_is_converted_as_far_as_it_is_whole_and_kept(tmp_path):
    source = recorded(tmp_path / "log.arrows", 30)
    source.write_bytes(source.read_bytes()[:-8])
    done = flodesk.convert(source, tmp_path / "log.sqlite", remove=True)
    assert done.turns == 30
    assert "no end" in done.ending
    assert source.exists()


def test_the_command_says_what_is_wrong_and_how_many_turns_there_were(tmp_path):
    def command(*words):
        line = [sys.executable, "-m", "flodesk", "convert", *map(str, words)]
        return subprocess.run(line, capture_output=True, text=True, check=False)

    source = recorded(tmp_path / "log.arrows", 30)
    done = command(source, tmp_path / "log.h5")
    assert (done.returncode, done.stdout) == (0, f"{tmp_path / 'log.h5'}: 30 turns\n")
    again = command(source, tmp_path / "log.h5")
    assert again.returncode == 1
    assert f"there is already a file {tmp_path / 'log.h5'}" in again.stderr
    missing = command(tmp_path / "no.arrows", tmp_path / "log.csv")
    assert missing.returncode == 3
    assert "there is no file" in missing.stderr


@pytest.mark.skipif(not Path("/dev/full").exists() or shutil.which("sh") is None, reason="needs limits of a shell")
def test_a_disk_that_is_full_leaves_the_recording_and_nothing_else(tmp_path):
    source = recorded(tmp_path / "log.arrows", 3000)
    code = "import resource,sys,flodesk\nresource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
    code += "try: flodesk.convert(sys.argv[1], sys.argv[2])\nexcept OSError as error: print(error)\n"
    for ending in (".arrows", ".h5", ".sqlite"):
        words = [sys.executable, "-c", code, str(source), str(tmp_path / f"new{ending}")]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert "could not be written" in done.stdout, done.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["log.arrows"]
