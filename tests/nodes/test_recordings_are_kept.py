"""Nothing that was recorded goes because something else meets its file: a conversion, or another recorder."""

from __future__ import annotations

import json
import time

import pytest

import flodesk
from flodesk.nodes import record
from flodesk.nodes._recording.arrow import Stream
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN
from flodesk.nodes._recording.target import Growing


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


# ------------------------------------------------------------------ the thread
class Odd(Growing):
    """A file that fails in a way that nobody has foreseen."""

    def write(self, turns):
        if turns[0].values == ("break",):
            self.path.unlink()
            self.path.mkdir()  # what cannot be unlinked
            self.broken = True
            raise OSError("it is broken")
        super().write(turns)

    def flush(self):
        if self.path.with_name("flush").exists():
            raise RuntimeError("nobody has thought of this")


class Recorder(record.Arrow):
    @classmethod
    def _open(cls, path, append):
        return Odd(path, Stream(), append)


def test_a_broken_file_that_cannot_be_removed_ends_no_recording(tmp_path):
    log = Recorder(tmp_path / "log.arrows")
    log("break")
    until(lambda: log("", recording=False).dropped == 1)
    until(lambda: log("on").turns)
    assert not log("on").problem
    log.close()
    assert set(values_of(log.path)) == {"on"}


def test_what_nobody_has_foreseen_is_said_and_ends_no_recording(tmp_path):
    log = Recorder(tmp_path / "log.arrows")
    until(lambda: log("a").turns)
    (tmp_path / "flush").touch()
    until(lambda: "nobody has thought" in log("a").problem)
    (tmp_path / "flush").unlink()
    log("b")
    until(lambda: not log("b").problem)
    log.close()
    assert values_of(log.path)[-1] == "b"


# ------------------------------------------------------------------ appended to
def appended(path, *values):
    log = record.Csv(path, ["v", "text"], existing="append")
    for value in values:
        log(*value)
    log.close()


def rows_of(path):
    recording = opened(path)
    return [row.values for row in recording.rows(recording.values, BEGIN)]


def killed(path):
    """Take the end from what is known of a file, as if its program had been killed."""
    beside = path.with_name(f"{path.name}-metadata.json")
    about = json.loads(beside.read_text())
    for key in ("ended", "turns", "dropped", "size"):
        del about["notes"][-1][key]
    beside.write_text(json.dumps(about))


@pytest.mark.parametrize("less", [1, 2, 3, 12, 20, 38])
def test_half_a_line_is_cut_off_in_words_before_more_is_appended(tmp_path, capsys, less):
    path = tmp_path / "log.csv"
    appended(path, (1.0, "a\nb"), (2.125, 'c,\n"d'))
    path.write_bytes(path.read_bytes()[:-less])
    killed(path)
    appended(path, (3.0, "e"))
    assert rows_of(path) == [(1.0, "a\nb"), (3.0, "e")]
    assert "was cut off: '20" in capsys.readouterr().out


def test_a_line_that_was_cut_after_its_recording_had_ended_is_no_whole_one(tmp_path):
    path = tmp_path / "log.csv"
    log = record.Csv(path, existing="append")
    log(1.0)
    log(2.125)
    log.close()
    path.write_bytes(path.read_bytes()[:-3])
    log = record.Csv(path, existing="append")
    log(3.0)
    log.close()
    assert values_of(path) == [1.0, 3.0]


@pytest.mark.parametrize("known", [True, False])
def test_a_whole_line_without_its_end_gets_one(tmp_path, known):
    path = tmp_path / "log.csv"
    appended(path, (1.0, "a"), (2.0, "b"))
    path.write_bytes(path.read_bytes()[:-1])
    if not known:
        path.with_name(f"{path.name}-metadata.json").unlink()
    appended(path, (3.0, "c"))
    assert rows_of(path) == [(1.0, "a"), (2.0, "b"), (3.0, "c")]


def test_half_a_line_of_somebody_else_stays_as_it_is(tmp_path, capsys):
    path = tmp_path / "log.csv"
    path.write_text("time,v,text\n2026-01-01T00:00:00Z,1,a\n2026-01")
    before = path.read_bytes()
    appended(path, (3.0, "c"))
    assert path.read_bytes() == before
    assert "has a last line that is not whole: choose another file" in capsys.readouterr().out


def test_a_file_that_was_appended_to_says_how_many_turns_it_has_altogether(tmp_path):
    path = tmp_path / "log.csv"
    appended(path, (1.0, "a"))
    appended(path, (2.0, "b"), (3.0, "c"))
    assert (opened(path).about["turns"], opened(path).ending) == (3, "")
    killed(path)
    assert "turns" not in opened(path).about
