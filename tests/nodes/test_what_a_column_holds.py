"""What comes back as something else is refused in words and counted; what is odd takes nothing else with it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from flodesk.nodes import record
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN
from flodesk.nodes._recording.rows import Rows
from flodesk.public import Waveform

FORMATS = [(record.Arrow, "arrows"), (record.Tdms, "tdms"), (record.Hdf5, "h5"), (record.Sqlite, "sqlite")]
of_each = pytest.mark.parametrize(("recorder", "ending"), FORMATS, ids=[ending for _, ending in FORMATS])
of_all = pytest.mark.parametrize(
    ("recorder", "ending"), [*FORMATS, (record.Csv, "csv")], ids=[*(ending for _, ending in FORMATS), "csv"]
)


def values_of(path):
    recording = opened(path)
    try:
        return [row.values[0] for row in recording.rows(recording.values[:1], BEGIN)]
    finally:
        recording.close()


def wave(unit="V", t0=0.0):
    return Waveform(np.array([1.0]), 0.1, t0, unit)


@of_each
def test_samples_that_the_first_ones_cannot_hold_are_refused_and_others_become_alike(recorder, ending, tmp_path):
    log = recorder(tmp_path / f"log.{ending}")
    log(np.array([1, 2], "i4"))
    with pytest.raises(ValueError, match="value 1 has samples of float64 where int32 came before"):
        log(np.array([0.5, 2.5]))
    told = log(np.array([3, 4], "i2"))
    log.close()
    assert told.dropped == 1
    assert [array.tolist() for array in values_of(log.path)] == [[1, 2], [3, 4]]


@of_each
def test_a_whole_number_that_a_column_cannot_hold_to_the_last_digit_is_refused(recorder, ending, tmp_path):
    log = recorder(tmp_path / f"log.{ending}")
    log(1.5, 1)
    for values in ((2**60 + 1, 1), (1.5, 2**63), (10**400, 1)):
        with pytest.raises(ValueError, match=r"value [12] is \d+, which"):
            log(*values)
    log(2**60, 2)
    log.close()
    assert values_of(log.path) == [1.5, 2.0**60]


@of_all
def test_a_signal_in_another_unit_or_at_no_time_is_refused(recorder, ending, tmp_path):
    log = recorder(tmp_path / f"log.{ending}")
    log(wave())
    with pytest.raises(ValueError, match="value 1 is in mV where V came before"):
        log(wave("mV", 0.1))
    with pytest.raises(ValueError, match="begins at nan s"):
        log(wave(t0=math.nan))
    log(wave(t0=0.2))
    log.close()
    assert [value.t0 for value in values_of(log.path)] == [0.0, 0.2]


@of_each
def test_an_array_and_a_signal_are_not_recorded_to_one_column(recorder, ending, tmp_path):
    array = np.array([1.0])
    for first, other, said in ((wave(), array, "an array where a signal"), (array, wave(), "a signal where an array")):
        log = recorder(tmp_path / f"log.{ending}")
        log(first)
        with pytest.raises(ValueError, match=f"value 1 is {said} came before.*: record it apart"):
            log(other)
        assert log(first).dropped == 1
        log.close()
        assert [type(value) for value in values_of(log.path)] == [type(first)] * 2


def test_signals_and_values_are_not_recorded_to_one_csv_file(tmp_path):
    for first, other, said in ((wave(), 1.5, "no signal where one"), (1.5, wave(), "a signal where none")):
        log = record.Csv(tmp_path / "log.csv")
        log(first)
        with pytest.raises(ValueError, match=f"value 1 is {said} came before: a row of a CSV file is a sample, or"):
            log(other)
        log.close()
        assert len(values_of(log.path)) == 1


@pytest.mark.parametrize(("value", "what"), [(wave(), "a signal"), (np.zeros(2000), "an array")])
def test_many_samples_are_no_text_of_a_csv_file(tmp_path, value, what):
    log = record.Csv(tmp_path / "log.csv")
    with pytest.raises(ValueError, match=f"value 2 is {what}, and a row has room for one value: record it apart"):
        log(1.5, value)
    log.close()


@of_all
def test_half_a_character_is_refused(recorder, ending, tmp_path):
    log = recorder(tmp_path / f"log.{ending}")
    log("a")
    with pytest.raises(ValueError, match="value 1 is a text with half a character"):
        log("b\ud800")
    log("ä")
    log.close()
    assert values_of(log.path) == ["a", "ä"]


def test_a_signal_of_long_ago_is_recorded_to_tdms(tmp_path):
    log = record.Tdms(tmp_path / "log.tdms")
    log(wave(t0=-1e12))
    log.close()
    assert [value.t0 for value in values_of(log.path)] == [-1e12]


def test_a_turn_that_cannot_be_written_takes_no_other_with_it(tmp_path, monkeypatch, capsys):
    real = Rows.pack

    def pack(self, turns):
        if any(turn.values == (2500,) for turn in turns):
            raise OverflowError("2500 is odd")
        return real(self, turns)

    monkeypatch.setattr(Rows, "pack", pack)
    log = record.Csv(tmp_path / "log.csv")
    for number in range(3000):
        log(number)
    log.close()
    assert values_of(log.path) == [number for number in range(3000) if number != 2500]
    assert "Not recorded: OverflowError: 2500 is odd" in capsys.readouterr().out
