"""What a recorder converts and replaces: no earlier recording and no file of others goes by it."""

from __future__ import annotations

import subprocess
import threading

import pytest

from flodesk.nodes import record
from flodesk.nodes._recording.afterwards import convert_all
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN
from flodesk.public import context


def recorded(recorder, path, *values, **settings):
    log = recorder(path, ["v"], **settings)
    for value in values:
        log(value)
    log.close()
    return log.path


def values_of(folder, ending):
    found = {}
    for path in sorted(folder.glob(f"*{ending}")):
        recording = opened(path)
        found[path.stem] = [row.values[0] for row in recording.rows(["v"], BEGIN)]
        recording.close()
    return found


@pytest.mark.parametrize("existing", ["number", "append", "replace"])
@pytest.mark.parametrize("recorder", [record.Sqlite, record.Csv])
def test_the_next_recording_leaves_what_the_one_before_it_has_become(tmp_path, recorder, existing):
    path = tmp_path / f"log.{recorder.__name__.lower()}"
    for value in (1.0, 2.0):
        recorded(recorder, path, value, existing=existing, convert="hdf5")
    found = values_of(tmp_path, ".h5")
    assert found.pop("log") == [2.0 if existing == "replace" else 1.0]
    assert list(found.values()) == ([] if existing == "replace" else [[2.0]])


@pytest.mark.parametrize(("convert", "ending"), [("parquet", ".parquet"), ("csv", ".csv")])
def test_what_is_replaced_leaves_no_part_that_it_has_become(tmp_path, convert, ending):
    asked = {"existing": "replace", "convert": convert, "split_time": 1e-9}  # a file a turn
    recorded(record.Arrow, tmp_path / "log.arrows", 1.0, 2.0, **asked)
    assert list(values_of(tmp_path, ending)) == ["log.part001", "log.part002"]
    foreign = tmp_path / f"log.part003{ending}"
    foreign.write_bytes(b"time,v\n1,2\n")
    recorded(record.Arrow, tmp_path / "log.arrows", 4.0, **asked)
    assert foreign.read_bytes() == b"time,v\n1,2\n"
    foreign.unlink()
    assert values_of(tmp_path, ending) == {"log.part001": [4.0]}
    left = {"csv": ["log.part001.arrows", "log.part001.csv", "log.part001.csv-metadata.json"]}
    assert sorted(path.name for path in tmp_path.iterdir()) == left.get(convert, ["log.part001.parquet"])


def test_a_file_of_somebody_else_is_no_place_to_convert_to(tmp_path):
    notes = tmp_path / "log.csv"
    notes.write_text("my own notes\n")
    recorded(record.Arrow, tmp_path / "log.arrows", 1.0, convert="csv")
    assert notes.read_text() == "my own notes\n"
    assert values_of(tmp_path, "-2.csv") == {"log-2": [1.0]}


def test_what_holds_less_than_the_recording_does_not_take_its_place(tmp_path, capsys):
    recorded(record.Arrow, tmp_path / "log.arrows", 1.0, 2.0, convert="csv")
    assert values_of(tmp_path, ".csv") == {"log": [1.0, 2.0]}
    assert values_of(tmp_path, ".arrows") == {"log": [1.0, 2.0]}
    assert "log.arrows is kept: CSV holds times of whole milliseconds only" in "".join(capsys.readouterr())


def test_a_file_that_came_while_it_was_recorded_keeps_the_recording(tmp_path, capsys):
    source = recorded(record.Arrow, tmp_path / "log.arrows", 1.0)
    notes = tmp_path / "log.csv"
    notes.write_text("my own notes\n")
    convert_all([source], "csv", context())
    assert notes.read_text() == "my own notes\n"
    assert values_of(tmp_path, ".arrows") == {"log": [1.0]}
    assert "log.arrows was not converted and is kept: there is already a file" in "".join(capsys.readouterr())


def test_stop_ends_a_conversion_whose_process_is_not_there_yet(tmp_path, monkeypatch):
    source = recorded(record.Arrow, tmp_path / "log.arrows", 1.0)
    stopped = threading.Event()
    own = subprocess.Popen

    def late(*words, **settings):
        assert stopped.wait(60)
        return own(*words, **settings)

    class Run:
        def check(self):
            pass

        def sleep(self, seconds):
            threading.Timer(0.1, stopped.set).start()
            raise KeyboardInterrupt

        def log(self, *said):
            pass

    monkeypatch.setattr(subprocess, "Popen", late)
    convert_all([source], "csv", Run())
    assert [path.name for path in tmp_path.iterdir()] == ["log.arrows"]


@pytest.mark.parametrize("recorder", [record.Arrow, record.Csv, record.Sqlite, record.Hdf5, record.Tdms])
def test_only_parts_of_recordings_are_replaced(tmp_path, recorder):
    ending = {"arrow": "arrows", "hdf5": "h5"}.get(recorder.__name__.lower(), recorder.__name__.lower())
    path = tmp_path / f"log.{ending}"
    for _ in range(3):
        recorded(recorder, path, 1.0, existing="append", split_time=60.0)
    if recorder is record.Csv:  # one that is gone on with
        recorded(recorder, tmp_path / "log.part002.csv", 1.0)
        (tmp_path / "log.part002.csv-metadata.json").write_text('{"notes": [{"flodesk": "1", "part": 2}]}')
    foreign = tmp_path / f"log.part2024.{ending}"
    foreign.write_bytes(b"time,v\n1,2\n")
    (tmp_path / f"log.part003.{ending}").write_bytes(b"time,v\n1,2\n")
    recorded(recorder, path, 2.0, existing="replace", split_time=60.0)
    found = sorted(each.name for each in tmp_path.iterdir() if each.suffix == f".{ending}")
    assert found == [f"log.part001.{ending}", f"log.part003.{ending}", f"log.part2024.{ending}"]
    assert foreign.read_bytes() == b"time,v\n1,2\n"
