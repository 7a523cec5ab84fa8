"""What no file can give back is refused in words, before anything of it is lost."""

from __future__ import annotations

import datetime
import math
import subprocess
import sys
import time

import numpy as np
import pytest

import flodesk
from flodesk.nodes import record
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN
from flodesk.public import Waveform

FORMATS = [
    (record.Arrow, ".arrows"),
    (record.Csv, ".csv"),
    (record.Tdms, ".tdms"),
    (record.Hdf5, ".h5"),
    (record.Sqlite, ".sqlite"),
]
of_each = pytest.mark.parametrize(("recorder", "ending"), FORMATS, ids=[ending for _, ending in FORMATS])


def rows_of(path, *names):
    recording = opened(path)
    rows = [row.values for row in recording.rows(names or recording.values, BEGIN)]
    ending = recording.ending
    recording.close()
    return rows, ending


# ------------------------------------------------------------------ values
@of_each
@pytest.mark.parametrize(
    "value",
    [
        [1, 2, 3],
        datetime.date(2026, 1, 1),
        1 + 2j,
        {"a": 1},
        np.datetime64("2026-01-01"),
        Waveform(np.ones(3) + 1j, 0.1),
    ],
    ids=["list", "date", "complex", "dict", "datetime64", "complex signal"],
)
def test_a_value_that_no_column_can_hold_is_refused_by_all_recorders(tmp_path, recorder, ending, value):
    log = recorder(tmp_path / f"log{ending}")
    with pytest.raises(ValueError, match="cannot be recorded: wire"):
        log(value)
    log(1.5)  # it has taken no part in what the columns are
    log.close()
    assert rows_of(log.path)[0] == [(1.5,)]


def test_a_row_of_csv_holds_what_numbers_of_numpy_are(tmp_path):
    log = record.Csv(tmp_path / "log.csv")
    log(np.float32(1.5), np.int64(2), np.bool_(True), np.str_("x"), np.array(3.5), None)
    log.close()
    assert rows_of(log.path)[0] == [(1.5, 2, True, "x", 3.5, None)]


# ------------------------------------------------------------------ names
@of_each
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["a", ""], "column 2 has no name: give it one"),
        (["a\0b"], r"column 1 is called 'a\\x00b', which no file can hold"),
        (["\ud800"], r"column 1 is called '\\ud800', which no file can hold"),
    ],
)
def test_a_name_that_no_file_can_hold_is_refused_at_the_start(tmp_path, recorder, ending, columns, said):
    with pytest.raises(ValueError, match=said):
        recorder(tmp_path / f"log{ending}", columns)
    assert not list(tmp_path.iterdir())


def test_names_that_are_one_in_hdf5_are_refused_at_the_start(tmp_path):
    names = ["a/b", "a∕b"]
    with pytest.raises(ValueError, match="would have one name in the file: rename one of them"):
        record.Hdf5(tmp_path / "log.h5", names)
    log = record.Sqlite(tmp_path / "log.sqlite", names)
    log(1.0, 2.0)
    log.close()
    assert rows_of(log.path)[0] == [(1.0, 2.0)]


# ------------------------------------------------------------------ conversions
def test_a_name_by_which_nothing_can_be_converted_is_refused_at_the_start(tmp_path):
    with pytest.raises(ValueError, match=r"log.dat cannot be converted by this name: end it in .arrows or .arrow"):
        record.Arrow(tmp_path / "log.dat", convert="parquet")
    assert not list(tmp_path.iterdir())


def test_a_recording_stays_where_the_new_format_has_no_minus_zero(tmp_path):
    log = record.Arrow(tmp_path / "log.arrows")
    for value in (0.0, -0.0, math.nan):
        log(value)
    log.close()
    done = flodesk.convert(log.path, tmp_path / "log.h5", remove=False)
    assert (done.ending, math.copysign(1, rows_of(done.path)[0][1][0])) == ("", -1.0)
    done = flodesk.convert(log.path, tmp_path / "log.sqlite", remove=True)
    assert "has no −0" in done.ending
    assert math.copysign(1, rows_of(log.path)[0][1][0]) == -1.0


@pytest.mark.parametrize("column", ["time", "changed", "turn"])
def test_a_new_file_with_other_times_is_not_what_was_recorded(tmp_path, monkeypatch, column):
    log = record.Arrow(tmp_path / "log.arrows")
    log(1.0)
    log.close()
    from flodesk.nodes._recording import sqlite

    own = sqlite.own_columns

    def other(columns):
        return [each._replace(of=lambda turn: 7) if each.name == column else each for each in own(columns)]

    monkeypatch.setattr(sqlite, "own_columns", other)
    with pytest.raises(ValueError, match="is not what"):
        flodesk.convert(log.path, tmp_path / "log.sqlite", remove=True)
    assert [path.name for path in tmp_path.iterdir()] == ["log.arrows"]


# ------------------------------------------------------------------ damage
@pytest.mark.parametrize(("recorder", "ending"), [(record.Tdms, ".tdms"), (record.Sqlite, ".sqlite")])
def test_a_damaged_file_is_played_as_far_as_it_can_be_read_or_refused_in_words(tmp_path, recorder, ending):
    log = recorder(tmp_path / f"log{ending}", ["n", "text"])
    for n in range(400):
        log(float(n), f"t{n}")
    log.close()
    whole, path = log.path.read_bytes(), tmp_path / f"damaged{ending}"
    found = set()
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:at] + b"\xa5\xa5\xa5\xa5" + whole[at + 4 :])
        try:
            rows, said = rows_of(path)
        except (ValueError, OSError) as error:
            found.add("refused" if str(path) in str(error) else str(error))
        else:
            found.add("short" if len(rows) < 400 and "cannot be read" in said else "other")
    assert found <= {"refused", "short", "other"}
    assert "refused" in found


READ = """
import sys
from pathlib import Path
from flodesk.nodes._recording.playing import opened
for path in sorted(Path(sys.argv[1]).glob("part*.h5")):
    try:
        recording = opened(path)
        print(sum(1 for _ in recording.rows(recording.values, (0, 0))), recording.ending)
        recording.close()
    except ValueError as error:
        print("refused", path.name in str(error))
"""


def test_a_damaged_hdf5_file_of_a_recorder_that_was_killed_hangs_nobody(tmp_path):
    log = record.Hdf5(tmp_path / "log.h5")
    for n in range(5):
        log(float(n))
    end = time.monotonic() + 30
    while log(0.0, recording=False).turns < 5 or len(rows_of(log.path)[0]) < 5:
        assert time.monotonic() < end
        time.sleep(0.01)
    left = log.path.read_bytes()  # as a kill leaves it
    log.close()
    left = left[: int.from_bytes(left[28:36], "little")]
    (tmp_path / "whole.h5").write_bytes(left)
    assert rows_of(tmp_path / "whole.h5") == (
        [(float(n),) for n in range(5)],
        "it has no end: its recorder was killed, or still records",
    )
    for part, at in enumerate(range(48, len(left), len(left) // 40)):
        (tmp_path / f"part{part:03}.h5").write_bytes(left[:at] + bytes(64) + left[at + 64 :])
    (tmp_path / "part999.h5").write_bytes(left[: len(left) // 2])
    words = [sys.executable, "-c", READ, str(tmp_path)]
    said = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()
    assert len(said) >= 40
    assert {line.split(" ", 1)[0] for line in said} <= {"refused", "5", "0"}
    assert "refused True" in said
    assert "refused False" not in said
