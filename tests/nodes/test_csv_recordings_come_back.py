"""What is recorded to a CSV file comes back as what it was, and what stands beside it is somebody else's or true."""

from __future__ import annotations

import csv
import json
import math

import numpy as np
import pytest

import flodesk
from flodesk.nodes import record
from flodesk.nodes._recording import csv_cells
from flodesk.nodes._recording.playing import opened
from flodesk.public import Waveform

BESIDE = "log.csv-metadata.json"
OURS = "log.csv-metadata.flodesk.json"


def recorded(path, *turns, columns=None, **settings):
    log = record.Csv(path, columns, **settings)
    for turn in turns:
        log(*turn)
    log.close()
    return log.path


def played(path, columns=None):
    return list(record.play(path, columns, speed=0))


def datatypes(path):
    about = json.loads(path.with_name(f"{path.name}-metadata.json").read_text(encoding="utf-8"))
    return [column.get("datatype") for column in about["tableSchema"]["columns"][1:]]


# ------------------------------------------------------------------ kinds
@pytest.mark.node("record.Csv", "record.play")
def test_texts_that_look_like_something_else_come_back_as_texts(tmp_path):
    turns = [("007", "nan", "", "True", " 5"), ("1e3", "inf", "8", "False", "+0")]
    assert played(recorded(tmp_path / "log.csv", *turns)) == turns


@pytest.mark.node("record.Csv", "record.play")
def test_a_column_of_several_kinds_says_so_and_changes_none_of_its_texts(tmp_path):
    turns = [(1, None, True, 1, None), (2.5, 3, None, "007", None), (math.inf, None, False, 2, "a")]
    path = recorded(tmp_path / "log.csv", *turns)
    assert datatypes(path) == ["number", "integer", "boolean", "string", "string"]
    assert played(path) == [(1, None, True, "1", ""), (2.5, 3, None, "007", ""), (math.inf, None, False, "2", "a")]
    assert [type(value) for value, *_ in played(path)] == [int, float, float]


@pytest.mark.node("record.Csv", "record.play")
@pytest.mark.parametrize("dtype", ["f4", "f8", "i2", "u1", "i8", "?"])
def test_signals_come_back_in_their_unit_and_type(tmp_path, dtype):
    y = (np.arange(30) * 37 % 2 if dtype == "?" else np.arange(30) * 4 / 3).astype(dtype)
    path = recorded(tmp_path / "log.csv", (Waveform(y, 0.01, 5.0, "V"), Waveform(y / 7.0, 0.01, 5.0, "°C")))
    volt, warm = zip(*played(path), strict=True)
    assert {(wave.unit, wave.y.dtype) for wave in volt} == {("V", np.dtype(dtype))}
    assert {(wave.unit, wave.y.dtype) for wave in warm} == {("°C", (y / 7.0).dtype)}
    assert np.concatenate([wave.y for wave in volt]).tobytes() == y.tobytes()


@pytest.mark.node("record.play")
@pytest.mark.parametrize("beside", ["none", "other columns", "no recorder's", "not true"])
def test_what_nobody_has_said_is_guessed(tmp_path, beside):
    path = recorded(tmp_path / "log.csv", ("7", 1.5), ("8", 2.5), columns=["a", "b"])
    about = json.loads((tmp_path / BESIDE).read_text())
    if beside == "other columns":
        about["tableSchema"]["columns"].reverse()
    elif beside == "no recorder's":
        about["notes"] = ["7 is a text"]
    elif beside == "not true":
        about["tableSchema"]["columns"][1]["datatype"] = "boolean"
    (tmp_path / BESIDE).write_text(json.dumps(about))
    if beside == "none":
        (tmp_path / BESIDE).unlink()
    assert played(path) == [(7, 1.5), (8, 2.5)]


def test_texts_and_signals_of_a_csv_file_are_converted_as_what_they_were(tmp_path):
    path = recorded(tmp_path / "log.csv", ("007", 1, 0.5), ("nan", 2.5, None), ("", 3, 1.5))
    flodesk.convert(path, tmp_path / "log.arrows")
    texts, numbers, gaps = zip(*played(tmp_path / "log.arrows"), strict=True)
    assert (texts, numbers) == (("007", "nan", ""), (1.0, 2.5, 3.0))
    assert [gaps[0], gaps[2]] == [0.5, 1.5]
    assert math.isnan(gaps[1])
    flodesk.convert(tmp_path / "log.arrows", tmp_path / "again.csv")
    assert [row[0] for row in played(tmp_path / "again.csv")] == list(texts)
    truths = recorded(tmp_path / "truths.csv", (True,), (None,))
    with pytest.raises(ValueError, match=r"truths\.csv has nothing in value of turn 1, .*\.arrows cannot hold"):
        flodesk.convert(truths, tmp_path / "truths.arrows")
    assert sorted(left.name for left in tmp_path.glob("truths*")) == ["truths.csv", "truths.csv-metadata.json"]


# ------------------------------------------------------------------ rows
@pytest.mark.node("record.Csv", "record.play")
def test_any_text_comes_back_with_its_ends_of_lines_and_of_any_length(tmp_path):
    limit = csv.field_size_limit()
    long = "x" * (limit + 1)
    texts = [
        "a\rb",
        "\r",
        "a\r\nb",
        "a\nb",
        '"',
        '""',
        ",",
        "ä\r",
        long,
        f'"{long}",\r\n{long}',
        "\v\f\x1c\x85\u2028",
        "a",
    ]
    path = recorded(tmp_path / "log.csv", *((text, number) for number, text in enumerate(texts)))
    assert played(path) == [(text, number) for number, text in enumerate(texts)]
    assert csv.field_size_limit() == limit, "it is that of the whole program"
    assert path.read_bytes().count(b"\r\n") == 2, "lines end as they always did"


@pytest.mark.node("record.play")
def test_a_lone_return_without_quotes_is_read_as_older_recorders_wrote_it(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(b'time,a,b\n2026-01-01T00:00:00Z,x\ry,1\n2026-01-01T00:00:01Z,"z",2\n')
    assert played(path) == [("x\ry", 1), ("z", 2)]


@pytest.mark.node("record.play")
@pytest.mark.parametrize("size", [5, 300_000])
def test_a_text_without_its_end_is_not_played_as_a_whole_one(tmp_path, size, capsys):
    path = tmp_path / "log.csv"
    text = "\n".join(["line"] * (size // 5))
    path.write_text(f'time,a\n2026-01-01T00:00:00Z,"{text}"\n2026-01-01T00:00:01Z,"{text}\n')
    assert played(path) == [text]
    assert "its last line is not whole" in "".join(capsys.readouterr())


def test_the_time_of_the_last_row_is_found_behind_long_texts(tmp_path):
    path = tmp_path / "log.csv"
    text = "y\n" * 100_000
    path.write_text(f'time,a\n2026-01-01T00:00:00Z,"{text}"\n2026-01-01T00:00:09Z,"{text}"\n')
    assert opened(path).length == 9.0


def test_rows_that_follow_a_long_one_are_read_from_where_they_stand(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(f"a,b\n{'x' * 200_000},1\n2,3\n{'y' * 200_000},4\n")
    with path.open("rb") as file:
        rows = list(csv_cells.whole_rows(file, 0))
    assert [(after, row[1]) for after, row in rows] == [(4, "b"), (200_007, "1"), (200_011, "3"), (400_014, "4")]


# ------------------------------------------------------------------ appending
@pytest.mark.node("record.Csv")
@pytest.mark.parametrize(
    ("columns", "turn", "said"),
    [
        (["b", "a"], (1, 2), "has the columns time, a, b, and time, b, a are to be appended"),
        (["a", "c"], (1, 2), "has the columns time, a, b, and time, a, c are to be appended"),
        (["a"], (1,), "has the columns time, a, b, and time, a are to be appended"),
        (["a", "b"], (Waveform(np.ones(2), 1.0),) * 2, "has a row a turn, and a row a sample is to be appended"),
    ],
)
def test_nothing_is_appended_under_the_names_of_others(tmp_path, capsys, columns, turn, said):
    path = recorded(tmp_path / "log.csv", (1, 2), columns=["a", "b"])
    before = path.read_bytes(), (tmp_path / BESIDE).read_bytes()
    recorded(path, turn, columns=columns, existing="append")
    assert (path.read_bytes(), (tmp_path / BESIDE).read_bytes()) == before
    told = "".join(capsys.readouterr())
    assert f"{path} {said}: choose another file, or set existing to 'number'" in told
    assert f"1 of 1 turns are not in {path}" in told
    with pytest.raises(OSError, match=r"(are|is) to be appended"):
        recorded(path, turn, columns=columns, existing="append", on_problem="stop")


@pytest.mark.node("record.Csv")
def test_signals_are_not_appended_to_those_of_another_unit(tmp_path, capsys):
    wave = Waveform(np.ones(2), 1.0, 0.0, "V")
    path = recorded(tmp_path / "log.csv", (wave,))
    recorded(path, (Waveform(np.ones(2), 1.0, 2.0, "mV"),), existing="append")
    assert "has value in V, and mV is to be appended" in "".join(capsys.readouterr())
    recorded(path, (Waveform(np.ones(2), 1.0, 2.0, "V"),), existing="append")
    assert sum(len(wave.y) for wave in played(path)) == 4


@pytest.mark.node("record.Csv", "record.play")
def test_what_is_appended_is_said_beside_it_and_begins_a_line_of_its_own(tmp_path):
    path = recorded(tmp_path / "log.csv", (1,), (2,))
    path.write_bytes(path.read_bytes()[:-1])
    recorded(path, (2.5,), ("007",), existing="append")
    assert datatypes(path) == ["string"]
    assert played(path) == ["1", "2", "2.5", "007"]
    notes = json.loads((tmp_path / BESIDE).read_text())["notes"]
    assert [note["turns"] for note in notes] == [2, 2]
    bare = tmp_path / "bare.csv"
    bare.write_text("time,value\n2026-01-01T00:00:00Z,7\n")
    recorded(bare, ("8",), existing="append")
    assert played(bare) == [7, 8], "what the first row was nobody has said"


# ------------------------------------------------------------------ beside it
FOREIGN = '{"@context": "http://www.w3.org/ns/csvw", "url": "log.csv", "dc:title": "my own"}'


@pytest.mark.node("record.Csv", "record.play")
@pytest.mark.parametrize("text", [FOREIGN, "{half", '{"notes": [{"mine": 1}]}', "[]"])
def test_what_others_have_written_beside_a_csv_file_is_kept(tmp_path, capsys, text):
    (tmp_path / BESIDE).write_text(text)
    path = recorded(tmp_path / "log.csv", ("007",), ("8",))
    assert (tmp_path / BESIDE).read_text() == text
    assert json.loads((tmp_path / OURS).read_text())["url"] == "log.csv"
    assert played(path) == ["007", "8"]
    said = f"{BESIDE} is not a recorder's and is kept: what is known of log.csv stands in {OURS}"
    assert "".join(capsys.readouterr()).count(said) == 1
    recorded(path, ("009",), existing="append")
    assert played(path) == ["007", "8", "009"]
    done = flodesk.convert(path, tmp_path / "log.arrows", remove=True)
    assert sorted(left.name for left in tmp_path.iterdir()) == ["log.arrows", BESIDE]
    assert done.remark == ""
    assert flodesk.convert(done.path, path).remark == said
    assert (tmp_path / BESIDE).read_text() == text
    assert played(path) == ["007", "8", "009"]


@pytest.mark.node("record.Csv")
def test_what_others_have_written_stays_where_parts_are_replaced(tmp_path):
    other = tmp_path / "log.part003.csv-metadata.json"
    other.write_text(FOREIGN)
    for turns in (3, 1):
        recorded(tmp_path / "log.csv", *[(1.0,)] * turns, existing="replace", split_size=20)
    assert other.read_text() == FOREIGN
    assert sorted(left.name for left in tmp_path.glob("*part003*")) == [other.name]


@pytest.mark.node("record.Csv")
def test_rows_are_kept_where_nothing_can_be_written_beside_them(tmp_path, capsys):
    (tmp_path / f"{BESIDE}~").mkdir()
    path = recorded(tmp_path / "log.csv", (1,), (2,))
    assert played(path) == [1, 2]
    said = "".join(capsys.readouterr())
    assert f"{BESIDE} could not be written" in said
    assert "turns are not in" not in said
