"""Nothing that was recorded goes because something else meets its file: a conversion, or another recorder."""

from __future__ import annotations

import time

import pytest

import flodesk
from flodesk.nodes import record
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN


def values_of(path):
    recording = opened(path)
    try:
        return [row.values[0] for row in recording.rows(recording.values, BEGIN)]
    finally:
        recording.close()


def until(true):
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


# ------------------------------------------------------------------ conversions
def test_a_csv_file_that_is_recorded_to_is_converted_as_far_as_it_is_and_stays(tmp_path):
    log = record.Csv(tmp_path / "log.csv")
    log(1.0)
    log(2.0)
    until(lambda: log(0.0, recording=False).turns == 2)
    done = flodesk.convert(log.path, tmp_path / "log.parquet", remove=True)
    assert "no end" in done.ending
    log(3.0)
    log.close()
    assert values_of(log.path)[-1] == 3.0
    assert flodesk.convert(log.path, tmp_path / "log.parquet", remove=True, replace=True).ending == ""
    assert not log.path.exists()


@pytest.mark.parametrize("how", ["written", "another"])
def test_a_file_that_has_changed_while_it_was_converted_is_not_removed(tmp_path, how):
    log = record.Sqlite(tmp_path / "log.sqlite")
    log(1.0)
    log.close()

    def told(fraction):
        if fraction == 1.0 and how == "written":
            log.path.open("ab").close()
            log.path.touch()
        elif fraction == 1.0:
            (tmp_path / "other").write_bytes(log.path.read_bytes())
            (tmp_path / "other").replace(log.path)

    done = flodesk.convert(log.path, tmp_path / "log.h5", remove=True, told=told)
    assert "meanwhile" in done.ending
    assert values_of(log.path) == values_of(done.path) == [1.0]
