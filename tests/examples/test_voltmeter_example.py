from __future__ import annotations

import csv
import shutil

import pytest

ADDRESS = "TCPIP0::voltmeter::inst0::INSTR voltmeter.yaml@sim"


@pytest.fixture
def turns(run_plainly, examples, tmp_path):
    shutil.copy(examples / "voltmeter.yaml", tmp_path)
    return run_plainly("voltmeter", 40, connections={"dmm": ADDRESS})


def test_the_header_names_the_simulated_instrument(examples):
    assert f'# dmm = "{ADDRESS}"' in (examples / "voltmeter.py").read_text(encoding="utf-8")


def test_readings_are_those_of_the_instrument_and_each_is_another(turns):
    readings = [turn["volt"] for turn in turns]
    assert len(readings) == 40
    assert all(4.0 <= reading <= 6.0 for reading in readings)
    assert len(set(readings)) > 30
    assert turns[-1]["chart"].traces[0].y.tolist() == readings
    assert turns[-1]["smooth"] == pytest.approx(sum(readings[-10:]) / 10)


def test_the_alarm_is_lit_exactly_above_the_limit(turns):
    assert [turn["alarm"].on for turn in turns] == [turn["volt"] > 5.5 for turn in turns]
    assert {turn["alarm"].on for turn in turns} == {True, False}


def test_the_axis_counts_the_readings_on(run_plainly, examples, tmp_path):
    shutil.copy(examples / "voltmeter.yaml", tmp_path)
    turns = run_plainly("voltmeter", 15, ("Recent(number=100)", "Recent(number=10)"), {"dmm": ADDRESS})
    shown = [turn["chart"].traces[0].x.tolist() for turn in turns]
    assert shown[7] == list(range(1, 9))
    assert shown[14] == list(range(6, 16))  # the last ten


def test_every_reading_is_recorded(turns, tmp_path):
    turns[-1]["log"].close()
    with (tmp_path / "voltmeter.csv").open(newline="") as lines:
        header, *rows = csv.reader(lines)
    assert header == ["time", "volt", "smooth"]
    assert [float(row[1]) for row in rows] == [turn["volt"] for turn in turns]
    assert [turn["count"] for turn in turns] == list(range(1, 41))
    assert [turn["recorded"].dropped for turn in turns] == [0] * 40
