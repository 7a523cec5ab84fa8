"""Recordings that are split: each file is whole by itself, and nothing is lost between two of them."""

from __future__ import annotations

import csv
import json
import re
import threading
import time
from datetime import datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from nanoarrow import ArrayStream

from flodesk.nodes import record
from flodesk.nodes._recording import recorder
from flodesk.nodes._recording.ring import Ring


def rows_of(path):
    return ArrayStream.from_path(str(path)).read_all().to_pylist()


def parts_of(folder, pattern="log.part*.arrows"):
    return [(path.name, rows_of(path)) for path in sorted(folder.glob(pattern))]


def until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_file_that_is_large_enough_is_closed_and_the_next_turn_is_in_the_next(tmp_path):
    log = record.Arrow(tmp_path / "log.arrows", split_size=40_000)
    for turn in range(100):
        log(turn, np.full(500, turn, "f8"))
    log.close()
    parts = parts_of(tmp_path)
    assert [name for name, _ in parts] == [f"log.part{number:03}.arrows" for number in range(1, len(parts) + 1)]
    assert len(parts) > 5
    assert [row["turn"] for _, rows in parts for row in rows] == list(range(100))
    sizes = [path.stat().st_size for path in sorted(tmp_path.glob("log.part*.arrows"))]
    assert max(sizes) < 50_000, "about as large as was asked for"
    told = [dict(ArrayStream.from_path(str(path)).schema.metadata.items())[b"flodesk"] for path in tmp_path.iterdir()]
    assert sorted(json.loads(text)["part"] for text in told) == list(range(1, len(parts) + 1))


def test_after_a_time_the_next_file_is_begun_and_the_last_tells_of_all(tmp_path, monkeypatch):
    came = count(0.0, 30.0)  # s
    monkeypatch.setattr(recorder, "time", SimpleNamespace(monotonic=lambda: next(came), time=time.time))
    log = record.Arrow(tmp_path / "log.arrows", split_time=100.0)
    for turn in range(10):
        log(turn)
    until(lambda: log._writing.kept == 10)
    told = log(10)
    assert told.turns == 10
    assert told.size > sum(path.stat().st_size for path in sorted(tmp_path.glob("*"))[:-1])
    log.close()
    assert [[row["value"] for row in rows] for _, rows in parts_of(tmp_path)] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10],
    ]


def test_the_next_file_is_begun_when_somebody_asks_for_it(tmp_path):
    log = record.Arrow(tmp_path / "log.arrows", split_size=10**9)
    log(1)
    until(lambda: log._writing.kept == 1)
    log(2, new_file=True)
    log(3)
    log.close()
    assert [[row["value"] for row in rows] for _, rows in parts_of(tmp_path)] == [[1], [2, 3]]


def test_the_next_file_begins_with_the_turn_at_which_it_was_asked_for(tmp_path, monkeypatch):
    """Also where all of these turns are taken to files at once."""
    waiting = threading.Event()
    take = Ring.take
    monkeypatch.setattr(Ring, "take", lambda ring, most: take(ring, most) if waiting.is_set() else [])
    log = record.Arrow(tmp_path / "log.arrows", split_size=10**9)
    for turn in range(20):
        log(turn, recording=turn != 9, new_file=turn in (3, 4, 9, 15))
    waiting.set()
    log.close()
    found = [[row["value"] for row in rows] for _, rows in parts_of(tmp_path)]
    assert found == [[0, 1, 2], [3, 4, 5, 6, 7, 8], [10, 11, 12, 13, 14], [15, 16, 17, 18, 19]]


def test_recordings_do_not_take_each_others_parts(tmp_path):
    def recorded(existing, turns):
        log = record.Csv(tmp_path / "log.csv", existing=existing, split_size=20)
        for turn in range(turns):
            log(turn)
        log.close()
        return log

    def values(name):
        with (tmp_path / name).open(newline="") as lines:
            return [row[1] for row in csv.reader(lines)][1:]

    recorded("number", 3)
    recorded("number", 2)
    names = sorted(path.name for path in tmp_path.glob("*.csv"))
    assert names == ["log-2.part001.csv", "log-2.part002.csv", "log.part001.csv", "log.part002.csv", "log.part003.csv"]
    assert values("log-2.part002.csv") == ["1"]
    recorded("replace", 2)
    assert not (tmp_path / "log.part003.csv").exists(), "it would pass for a part of the new recording"
    assert (values("log.part001.csv"), values("log.part002.csv")) == (["0"], ["1"])
    recorded("append", 2)
    assert [values(f"log.part00{number}.csv") for number in (1, 2, 3)] == [["0"], ["1", "0"], ["1"]]


def test_what_a_format_cannot_append_to_is_gone_on_with_in_a_file_of_its_own(tmp_path):
    for value in (1, 2, 3):
        log = record.Arrow(tmp_path / "log.arrows", existing="append")
        log(value)
        log.close()
    found = {path.name: [row["value"] for row in rows_of(path)] for path in tmp_path.iterdir()}
    assert found == {"log.arrows": [1], "log.part002.arrows": [2], "log.part003.arrows": [3]}


def test_the_time_stands_in_the_name(tmp_path):
    before = datetime.now().replace(microsecond=0)
    log = record.Arrow(tmp_path / "{time}.arrows")
    log(1)
    log.close()
    assert before <= datetime.strptime(log.path.stem, "%Y-%m-%d_%H-%M-%S") <= datetime.now()
    log = record.Arrow(tmp_path / "{time:day %Y}" / "{no} {time:%H}.arrows")
    log(1)
    log.close()
    assert re.fullmatch(r"day \d{4}", log.path.parent.name), "a folder that is named by the time is made"
    assert re.fullmatch(r"\{no\} \d\d", log.path.stem)
    with pytest.raises(ValueError, match=r"\{time:%H:%M\} in a{time:%H:%M}.arrows makes no name"):
        record.Arrow(tmp_path / "a{time:%H:%M}.arrows")


def test_who_records_nothing_leaves_no_file(tmp_path):
    record.Arrow(tmp_path / "log.arrows").close()
    assert list(tmp_path.iterdir()) == []


def test_what_is_known_of_a_csv_file_stands_beside_it(tmp_path):
    log = record.Csv(tmp_path / "log.csv", columns=["volt", "ok", "name"])
    log(1.5, True, "a")
    log.close()
    about = json.loads((tmp_path / "log.csv-metadata.json").read_text(encoding="utf-8"))
    assert about["@context"] == "http://www.w3.org/ns/csvw"
    assert about["url"] == "log.csv"
    columns = about["tableSchema"]["columns"]
    assert [column.get("datatype") for column in columns] == [None, "number", "boolean", "string"]
    assert about["notes"][0].items() >= {"turns": 1, "dropped": 0, "part": 1, "changes": []}.items()
    assert Path(tmp_path / "log.csv").read_text().count("\n") == 2
