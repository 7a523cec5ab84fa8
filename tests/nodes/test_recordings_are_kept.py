"""Nothing that was recorded goes because something else meets its file: a conversion, or another recorder."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import flodesk
from flodesk.nodes import record
from flodesk.nodes._recording.arrow import Stream
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN
from flodesk.nodes._recording.target import Growing
from flodesk.public import PlainContext, enter_context


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


# ------------------------------------------------------------------ two that want one file
FORMATS = [
    (record.Arrow, ".arrows"),
    (record.Csv, ".csv"),
    (record.Tdms, ".tdms"),
    (record.Hdf5, ".h5"),
    (record.Sqlite, ".sqlite"),
]
of_each = pytest.mark.parametrize(("recorder", "ending"), FORMATS, ids=[ending for _, ending in FORMATS])


@of_each
@pytest.mark.parametrize("existing", ["replace", "append"])
def test_two_recorders_of_one_path_have_a_file_each(tmp_path, capsys, recorder, ending, existing):
    path = tmp_path / f"log{ending}"
    first, second = recorder(path, existing=existing), recorder(path, existing=existing)
    for n in range(3):
        first(float(n))
        second(10.0 + n)
    first.close()
    second.close()
    assert first.path == path
    assert values_of(path) == [0.0, 1.0, 2.0]
    assert values_of(second.path) == [10.0, 11.0, 12.0]
    if second.path.stem == "log-2":
        said = f"log{ending} is taken by record.{recorder.__name__} of a program: recorded to log-2{ending}"
        assert said in capsys.readouterr().out
    again = recorder(path, existing="replace")  # nobody has it any more
    again(20.0)
    again.close()
    assert values_of(path) == [20.0]


def test_parts_of_a_recording_that_goes_on_are_not_replaced(tmp_path):
    asked = {"existing": "replace", "split_time": 1e-9}  # a file a turn
    first = record.Arrow(tmp_path / "log.arrows", **asked)
    for n in range(4):
        first(n)
    until(lambda: first(0, recording=False).turns == 4)
    second = record.Arrow(tmp_path / "log.arrows", **asked)
    second(9)
    first.close()
    second.close()
    assert {path.name: values_of(path) for path in tmp_path.iterdir()} == {
        **{f"log.part00{n + 1}.arrows": [n] for n in range(4)},
        "log-2.part001.arrows": [9],
    }


def test_recordings_of_one_run_are_converted_to_a_file_each(tmp_path):
    first = record.Csv(tmp_path / "log.csv", existing="replace", convert="hdf5")
    second = record.Sqlite(tmp_path / "log.sqlite", existing="replace", convert="hdf5")
    third = record.Hdf5(tmp_path / "log.h5", existing="replace")
    for log, value in ((first, 1.0), (second, 2.0), (third, 3.0)):
        log(value)
    for log in (third, second, first):
        log.close()
    found = {path.name: values_of(path) for path in tmp_path.glob("*.h5")}
    assert found == {"log.h5": [1.0], "log-2.h5": [2.0], "log-3.h5": [3.0]}


def test_only_what_was_there_before_the_run_is_replaced_by_a_conversion(tmp_path, capsys):
    log = record.Arrow(tmp_path / "log.arrows", existing="replace", convert="csv")
    log(1.0)
    (tmp_path / "log.csv").write_text("somebody's, of now\n")
    log.close()
    assert (tmp_path / "log.csv").read_text() == "somebody's, of now\n"
    assert values_of(log.path) == [1.0]
    assert "there is already a file" in capsys.readouterr().out


class Stopped(PlainContext):
    def check(self):
        raise KeyboardInterrupt


def test_who_starts_again_at_once_gets_another_file_than_the_one_that_is_converted(tmp_path):
    asked = {"existing": "replace", "convert": "hdf5"}
    first = record.Csv(tmp_path / "log.csv", **asked)
    first(1.0)
    with ThreadPoolExecutor(1) as other:
        other.submit(enter_context, Stopped()).result()
        other.submit(first.close).result()
        second = record.Csv(tmp_path / "log.csv", **asked)
        second(2.0)
        until(lambda: not (tmp_path / "log.csv").exists())
        second(3.0)
        second.close()
    until(lambda: not (tmp_path / "log.csv").exists())
    assert {path.name: values_of(path) for path in tmp_path.glob("*.h5")} == {"log.h5": [1.0], "log-2.h5": [2.0, 3.0]}


OTHER = """
import sys
from pathlib import Path
from flodesk.nodes import record
log = record.Csv(Path(sys.argv[1]), existing="replace")
log(1.0)
print(log.path.name, flush=True)
sys.stdin.readline()
log(2.0)
log.close()
"""


def test_a_file_that_another_program_records_to_is_not_taken(tmp_path):
    words = [sys.executable, "-c", OTHER, str(tmp_path / "log.csv")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert "is" not in other.stdout.readline()
        log = record.Csv(tmp_path / "log.csv", existing="replace")
        log(10.0)
        log.close()
        with pytest.raises(FileExistsError, match=r"log\.csv is taken by record\.Csv"):
            flodesk.convert(log.path, tmp_path / "log.csv", replace=True)
        other.communicate("\n")
    assert (values_of(tmp_path / "log.csv"), values_of(tmp_path / "log-2.csv")) == ([1.0, 2.0], [10.0])


def test_what_a_program_had_is_free_when_it_was_killed(tmp_path):
    words = [sys.executable, "-c", OTHER, str(tmp_path / "log.csv")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        other.stdout.readline()
        other.kill()
    log = record.Csv(tmp_path / "log.csv", existing="replace")
    log(10.0)
    log.close()
    assert log.path.name == "log.csv"
    assert values_of(log.path) == [10.0]
