"""A recording that was split is played as one, by its own name or by that of its first part."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from flodesk.nodes import record
from flodesk.nodes._recording import playing, recorder
from flodesk.public import PlainContext, Waveform, enter_context

FORMATS = {
    "csv": record.Csv,
    "arrows": record.Arrow,
    "tdms": record.Tdms,
    "h5": record.Hdf5,
    "sqlite": record.Sqlite,
}
BEGUN = 1_700_000_000.0
"""Time of day of the first turn in s."""


class Clock(PlainContext):
    """A run in which waiting costs nothing: it moves a clock of its own on."""

    def __init__(self):
        self.now = 0.0
        self.lines: list[str] = []
        self.shares: list[float] = []

    def sleep(self, seconds):
        self.now += seconds

    def log(self, text, level="info"):
        self.lines.append(f"{level}: {text}")

    def progress(self, fraction, text=""):
        self.shares.append(fraction)


@pytest.fixture
def clock(monkeypatch):
    run = Clock()
    monkeypatch.setattr(playing, "time", SimpleNamespace(monotonic=lambda: run.now))
    enter_context(run)
    yield run
    enter_context(PlainContext())


def recorded(path, turns, monkeypatch, cuts=(3, 6), **settings):
    """Record a turn a second, each a number; a new file begins before those of `cuts`."""
    make = FORMATS[path.suffix[1:]]
    with monkeypatch.context() as patch:
        enter_context(PlainContext())
        now = [BEGUN]
        patch.setattr(recorder.time, "time", lambda: now[0])
        log = make(path, columns=["volt"], existing="replace", split_size=10**9, **settings)
        for turn in turns:
            log(turn, new_file=turn in cuts)
            log(turn, recording=False)  # the key springs back
            now[0] += 1.0
        log.close()
    return path


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("name", ["log", "log.part001"])
def test_all_parts_come_one_after_the_other_at_their_times(tmp_path, monkeypatch, clock, ending, name):
    recorded(tmp_path / f"log.{ending}", range(9), monkeypatch)
    assert len(list(tmp_path.glob(f"log.part*.{ending}"))) == 3
    enter_context(clock)
    came = [(clock.now, value) for value in record.play(tmp_path / f"{name}.{ending}")]
    assert [value for _, value in came] == list(range(9))
    assert [at for at, _ in came] == pytest.approx(list(range(9)), abs=0.01)
    assert clock.shares == pytest.approx([at / 8 for at in range(1, 9)], abs=0.01)
    assert clock.lines == []


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("start", [0.5, 2.0, 2.5, 3.0, 5.5, 7.9, 8.0])
def test_a_place_counts_over_all_parts(tmp_path, monkeypatch, clock, ending, start):
    path = recorded(tmp_path / f"log.{ending}", range(9), monkeypatch)
    enter_context(clock)
    assert list(record.play(path, speed=0.0, start=start - 1e-4)) == [n for n in range(9) if n >= start]


def test_a_place_behind_all_says_how_long_all_are(tmp_path, monkeypatch, clock):
    path = recorded(tmp_path / "log.arrows", range(9), monkeypatch)
    enter_context(clock)
    with pytest.raises(ValueError, match=r"nothing from 20 s on: log\.arrows is 8 s long"):
        list(record.play(path, start=20.0))


def test_it_begins_again_with_the_first_part(tmp_path, monkeypatch, clock):
    path = recorded(tmp_path / "log.arrows", range(9), monkeypatch)
    enter_context(clock)
    came = []
    for value in record.play(path, speed=0.0, start=7.0, repeat=True):
        came.append(value)
        if len(came) == 5:
            break
    assert came == [7, 8, 7, 8, 7]


def test_a_part_that_is_missing_is_told_and_the_others_keep_their_times(tmp_path, monkeypatch, clock):
    path = recorded(tmp_path / "log.arrows", range(9), monkeypatch)
    (tmp_path / "log.part002.arrows").unlink()
    enter_context(clock)
    came = [(clock.now, value) for value in record.play(path)]
    assert [value for _, value in came] == [0, 1, 2, 6, 7, 8]
    assert [at for at, _ in came] == pytest.approx([0, 1, 2, 6, 7, 8], abs=0.01)
    assert clock.lines == ["warning: of log.arrows part 2 is missing: it goes on with log.part003.arrows"]


def test_a_part_that_cannot_be_read_is_left_out_and_told(tmp_path, monkeypatch, clock):
    path = recorded(tmp_path / "log.h5", range(9), monkeypatch)
    (tmp_path / "log.part003.h5").write_bytes(b"")
    enter_context(clock)
    assert list(record.play(path, speed=0.0)) == [0, 1, 2, 3, 4, 5]
    assert len(clock.lines) == 1
    assert clock.lines[0].startswith("warning: log.part003.h5 is left out: ")


def test_where_a_part_was_killed_the_next_goes_on(tmp_path, monkeypatch, clock):
    path = recorded(tmp_path / "log.arrows", range(9), monkeypatch)
    cut = tmp_path / "log.part002.arrows"
    cut.write_bytes(cut.read_bytes()[:-8])
    enter_context(clock)
    assert list(record.play(path, speed=0.0)) == list(range(9))
    assert clock.lines == [
        "warning: log.part002.arrows is played up to where it is whole: it has no end: its recorder was killed, or "
        "still records"
    ]


def test_a_later_part_is_played_alone(tmp_path, monkeypatch, clock):
    recorded(tmp_path / "log.arrows", range(9), monkeypatch)
    enter_context(clock)
    assert list(record.play(tmp_path / "log.part002.arrows", speed=0.0)) == [3, 4, 5]


@pytest.mark.parametrize("ending", ["arrows", "csv"])
def test_a_first_part_without_a_number_goes_on_with_the_second(tmp_path, monkeypatch, clock, ending):
    make = FORMATS[ending]
    log = make(tmp_path / f"log.{ending}", columns=["volt"])
    log(1)
    log(2, new_file=True)
    log.close()
    assert {path.name for path in tmp_path.glob(f"*.{ending}")} == {f"log.{ending}", f"log.part002.{ending}"}
    enter_context(clock)
    assert list(record.play(tmp_path / f"log.{ending}", speed=0.0)) == [1, 2]


def test_a_file_of_somebody_else_takes_no_parts_along(tmp_path, monkeypatch, clock):
    recorded(tmp_path / "log.csv", range(9), monkeypatch)
    (tmp_path / "log.csv").write_text("volt\n41\n42\n")
    enter_context(clock)
    assert list(record.play(tmp_path / "log.csv", speed=0.0)) == [41, 42]


def test_signals_go_on_from_one_part_to_the_next(tmp_path, clock):
    log = record.Arrow(tmp_path / "wave.arrows", split_size=10**9)
    waves = [Waveform(np.arange(4.0) + 4 * n, 0.25, float(n), "V") for n in range(4)]
    for number, wave in enumerate(waves):
        log(wave, new_file=number == 2)
    log.close()
    enter_context(clock)
    came = list(record.play(tmp_path / "wave.arrows", speed=0.0))
    assert [wave.t0 for wave in came] == [0.0, 1.0, 2.0, 3.0]
    assert np.concatenate([wave.y for wave in came]).tolist() == list(range(16))


def test_parts_that_come_while_it_is_played_are_played(tmp_path, monkeypatch, clock):
    path = recorded(tmp_path / "log.arrows", range(9), monkeypatch)
    last = tmp_path / "log.part003.arrows"
    kept = last.read_bytes()
    last.unlink()
    enter_context(clock)
    came = []
    for value in record.play(path, speed=0.0):
        came.append(value)
        if value == 4:
            last.write_bytes(kept)
    assert came == list(range(9))


def test_a_part_with_other_columns_says_what_to_do(tmp_path, clock):
    for columns in (["volt"], ["ampere"]):
        log = record.Arrow(tmp_path / "log.arrows", columns=columns, existing="append", split_size=10**9)
        log(1.0)
        log.close()
    enter_context(clock)
    with pytest.raises(LookupError, match=r"log\.part002\.arrows has no column 'volt', .*choose other columns"):
        list(record.play(tmp_path / "log.arrows", speed=0.0))


def test_without_any_part_it_says_that_there_is_no_such_file(tmp_path, clock):
    enter_context(clock)
    with pytest.raises(FileNotFoundError, match="there is no file"):
        list(record.play(tmp_path / "log.arrows"))
