from __future__ import annotations

import csv
import errno
import os
import threading
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from flodesk.nodes import file, record
from flodesk.public import Waveform

needs_full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")


def rows_of(path):
    with Path(path).open(newline="", encoding="utf-8") as lines:
        return list(csv.reader(lines))


# ------------------------------------------------------------------ reading
@pytest.mark.node("file.read_csv")
def test_a_csv_file_gives_numbers_where_all_are_or_text_if_asked(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('n;text\n1;"a;b"\n2;007\n', encoding="utf-8")
    assert file.read_csv(path, separator=";").to_dict("list") == {"n": [1, 2], "text": ["a;b", "007"]}
    path.write_text("n,m\n1,NA\n,x\n", encoding="utf-8")
    table = file.read_csv(path, as_text=True)
    assert table.n.iloc[0] == "1"
    assert table.m.tolist() == ["NA", "x"]
    assert table.n.isna().tolist() == [False, True]


@pytest.mark.node("file.read_text")
def test_text_comes_with_plain_line_ends_in_its_encoding(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("größe\r\n1 µm".encode("cp1252"))
    assert file.read_text(path, encoding="cp1252") == "größe\n1 µm"
    with pytest.raises(ValueError, match=r"a\.txt is not utf-8 text \(byte 2\)"):
        file.read_text(path)


@pytest.mark.node("file.read_json")
def test_json_gives_plain_values_and_names_the_bad_line(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b'\xef\xbb\xbf{"rows": [1, 2.5, null], "on": true}')
    assert file.read_json(path) == {"rows": [1, 2.5, None], "on": True}
    path.write_text('{"a": 1,\n "b": }')
    with pytest.raises(ValueError, match=r"a\.json, line 2: this is no JSON"):
        file.read_json(path)


@pytest.mark.node("file.read_image")
def test_an_image_gives_its_points(tmp_path):
    points = np.zeros((3, 5, 3), np.uint8)
    points[0, 4] = (255, 0, 0)
    path = tmp_path / "a.png"
    Image.fromarray(points).save(path)
    assert np.array_equal(file.read_image(path), points)
    assert file.read_image(path, color="grey").shape == (3, 5)
    assert file.read_image(path, color="grey")[0, 4] == 76, "the eye sees red as 0.299 of white"
    clear = Image.fromarray(points).convert("RGBA")
    clear.save(tmp_path / "clear.png")
    assert file.read_image(tmp_path / "clear.png").shape == (3, 5, 4)
    assert file.read_image(tmp_path / "clear.png", color="color").shape == (3, 5, 3)
    deep = np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000
    Image.fromarray(deep).save(tmp_path / "deep.tif")
    assert np.array_equal(file.read_image(tmp_path / "deep.tif"), deep)
    Image.fromarray(points).quantize(4).save(tmp_path / "few.png")
    assert np.array_equal(file.read_image(tmp_path / "few.png"), points)
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright
    Image.fromarray(points).save(tmp_path / "upright.tif", exif=turned)
    assert file.read_image(tmp_path / "upright.tif").shape == (5, 3, 3)
    Image.fromarray(points[..., 0] > 0).save(tmp_path / "two.png")
    assert file.read_image(tmp_path / "two.png").tolist()[0] == [0, 0, 0, 0, 255]


@pytest.mark.node("file.read_image")
def test_what_is_no_image_is_said_so(tmp_path):
    (tmp_path / "a.png").write_text("no image")
    with pytest.raises(ValueError, match="is no image of a kind"):
        file.read_image(tmp_path / "a.png")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        file.read_image(tmp_path / "b.png")
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (50, 50), np.uint8)).save(tmp_path / "c.png")
    data = (tmp_path / "c.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match="cannot be read as an image"):
        file.read_image(tmp_path / "cut.png")


def test_files_that_cannot_be_read_are_named_with_what_is_wrong(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no file .*nix\.csv: check the name"):
        file.read_csv(tmp_path / "nix.csv")
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere: check"):
        file.read_csv(tmp_path / "nowhere" / "nix.csv")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        file.read_text(tmp_path)
    (tmp_path / "empty.csv").touch()
    with pytest.raises(ValueError, match="is empty: a line of column names"):
        file.read_csv(tmp_path / "empty.csv")
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n1,2,3\n")
    with pytest.raises(ValueError, match="line 3"):
        file.read_csv(tmp_path / "bad.csv")


# ------------------------------------------------------------------ writing
@pytest.mark.node("file.write_csv")
def test_a_table_is_written_and_reads_back_the_same(tmp_path):
    table = pd.DataFrame({"a": [1, 2], "b": ["x,y", 'quo"te']}, index=[7, 9])
    place = file.write_csv(table, tmp_path / "t.csv")
    assert place.read_text(encoding="utf-8") == 'a,b\n1,"x,y"\n2,"quo""te"\n'
    assert file.read_csv(place).to_dict("list") == table.to_dict("list")
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.csv"]


@pytest.mark.node("file.write_csv")
def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_behind(tmp_path):
    class Breaks:
        def to_csv(self, stream, **options):
            stream.write("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "t.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(OSError, match=r"t\.csv could not be written, the disk is full: free some space"):
        file.write_csv(Breaks(), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.csv"]
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        file.write_csv(pd.DataFrame(), tmp_path / "nowhere" / "t.csv")


@pytest.mark.node("file.write_csv")
def test_a_new_file_is_as_readable_as_any_and_an_old_one_keeps_its_rights(tmp_path):
    (tmp_path / "plain").touch()
    table = pd.DataFrame({"a": [1]})
    assert file.write_csv(table, tmp_path / "t.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode
    (tmp_path / "t.csv").chmod(0o640)
    assert file.write_csv(table, tmp_path / "t.csv").stat().st_mode & 0o777 == 0o640


# ------------------------------------------------------------------ recording
@pytest.mark.node("record.Csv")
def test_every_value_is_recorded_once_with_its_time(tmp_path):
    log = record.Csv(tmp_path / "log.csv", columns=["volt", "ok"])
    assert [log(0.5 * n, n > 1).dropped for n in range(1000)] == [0] * 1000
    log.close()
    log.close()
    header, *rows = rows_of(tmp_path / "log.csv")
    assert header == ["time", "volt", "ok"]
    assert [float(row[1]) for row in rows] == [0.5 * n for n in range(1000)]
    assert rows[1][2] == "False"
    times = [datetime.fromisoformat(row[0]) for row in rows]
    assert times == sorted(times)
    assert times[0].utcoffset().total_seconds() == 0
    with pytest.raises(ValueError, match="is closed"):
        log(1.0, True)


@pytest.mark.node("record.Csv")
def test_signals_are_recorded_a_row_a_sample(tmp_path):
    log = record.Csv(tmp_path / "log.csv")
    for block in range(3):
        wave = Waveform(np.arange(2.0) + 10 * block, 0.1, 0.2 * block)
        assert log(wave, wave * 2.0).dropped == 0
    log.close()
    assert rows_of(tmp_path / "log.csv") == [
        ["time", "value_1", "value_2"],
        ["0.0", "0.0", "0.0"],
        ["0.1", "1.0", "2.0"],
        ["0.2", "10.0", "20.0"],
        ["0.3", "11.0", "22.0"],
        ["0.4", "20.0", "40.0"],
        ["0.5", "21.0", "42.0"],
    ]
    other = record.Csv(tmp_path / "b.csv")
    with pytest.raises(ValueError, match="2 and 3 samples"):
        other(Waveform(np.ones(2), 0.1), Waveform(np.ones(3), 0.1))
    other.close()


@pytest.mark.node("record.Csv")
def test_what_is_there_is_kept_unless_asked(tmp_path):
    path = tmp_path / "log.csv"
    for value in (1, 2, 3):
        log = record.Csv(path)
        log(value)
        log.close()
    assert sorted(entry.name for entry in tmp_path.glob("*.csv")) == ["log-2.csv", "log-3.csv", "log.csv"]
    assert rows_of(tmp_path / "log-3.csv")[1][1] == "3"
    more = record.Csv(path, existing="append")
    more(4)
    more.close()
    assert [row[1] for row in rows_of(path)] == ["value", "1", "4"]
    new = record.Csv(path, existing="replace")
    new(5)
    new.close()
    assert [row[1] for row in rows_of(path)] == ["value", "5"]


def until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.node("record.Csv")
def test_rows_are_in_the_file_before_the_run_ends(tmp_path):
    log = record.Csv(tmp_path / "log.csv")
    log(1.0)
    until(lambda: len(rows_of(tmp_path / "log.csv")) == 2)
    for _ in range(20_001):
        log(2.0)
    until(lambda: len(rows_of(tmp_path / "log.csv")) == 20_003)
    log(3.0)
    log.close()
    assert [row[1] for row in rows_of(tmp_path / "log.csv")][-1] == "3.0"


@pytest.mark.node("record.Csv")
def test_what_changes_later_is_recorded_as_it_was(tmp_path):
    y = np.zeros(2)
    waves = record.Csv(tmp_path / "waves.csv")
    waves(Waveform(y, 1.0))
    y += 1
    waves.close()
    assert [row[1] for row in rows_of(tmp_path / "waves.csv")] == ["value", "0.0", "0.0"]


@needs_full_disk
@pytest.mark.node("record.Csv")
def test_a_full_disk_is_said_once_and_disturbs_nothing(capsys):
    log = record.Csv(Path("/dev/full"), existing="append")
    log(1.0)
    until(lambda: log._writing.problem)
    assert log(2.0).turns == 0
    log.close()
    said = capsys.readouterr().out
    assert said.count("Not recorded: /dev/full could not be written, the disk is full: free some space") == 1
    assert "2 of 2 turns are not in /dev/full" in said


@needs_full_disk
@pytest.mark.node("record.Csv")
def test_a_full_disk_stops_a_flow_that_asks_for_it():
    log = record.Csv(Path("/dev/full"), existing="append", on_problem="stop")
    log(1.0)
    until(lambda: log._writing.problem)
    with pytest.raises(OSError, match="the disk is full"):
        log(2.0)
    with pytest.raises(OSError, match="the disk is full"):
        log.close()
    log.close()


@pytest.mark.node("record.Csv")
def test_a_place_that_cannot_be_recorded_to_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere to record to"):
        record.Csv(tmp_path / "nowhere" / "log.csv", on_problem="stop")
    with pytest.raises(OSError, match="could not be written"):
        record.Csv(tmp_path, existing="append", on_problem="stop")
    log = record.Csv(tmp_path / "log.csv", columns=["a"])
    with pytest.raises(ValueError, match="2 values came for the 1 columns"):
        log(1, 2)
    with pytest.raises(ValueError, match="nothing to record"):
        log()
    log.close()


@pytest.mark.node("record.Csv")
def test_two_recorders_that_start_at_once_never_share_a_file(tmp_path):
    logs = []
    threads = [threading.Thread(target=lambda: logs.append(record.Csv(tmp_path / "log.csv"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for log in logs:
        log.close()
    assert len({log.path for log in logs}) == 20


@pytest.mark.node("file.read_column")
def test_read_column(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("time;volt;unit\n0;1.5;V\n1;;V\n2;-2;V\n")
    assert file.read_column(path).tolist() == [0.0, 1.0, 2.0]
    volt = file.read_column(path, column="volt")
    assert volt[[0, 2]].tolist() == [1.5, -2.0]
    assert np.isnan(volt[1])
    with pytest.raises(ValueError, match="line 2: 'V' in column 'unit' is no number"):
        file.read_column(path, column="unit")
    with pytest.raises(ValueError, match="no column 'amp'; it has time, volt, unit"):
        file.read_column(path, column="amp")
    with pytest.raises(FileNotFoundError):
        file.read_column(tmp_path / "none.csv")
