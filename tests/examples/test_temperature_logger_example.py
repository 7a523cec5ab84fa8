"""The temperature logger: three bad readings are set aside, and the rest is on disk."""

from __future__ import annotations

import csv

import pytest

from flodesk.engine.headless import run
from flodesk.engine.letters import Letters


@pytest.fixture
def result(examples, tmp_path):
    text = (examples / "temperature_logger.py").read_text(encoding="utf-8")
    path = tmp_path / "temperature_logger.py"
    return run(text.replace("= 0.02)", "= 0.0)"), str(path), keep_values=True)


def test_three_bad_readings_are_caught(result, tmp_path):
    assert (result.reason, result.message) == ("failed", "finished; 3 of 200 turns of flow.reply were rejected")
    store = Letters()
    letters = [store.get(one.id) for one in store.find()]
    store.close()
    assert [one.payload[0].value() for one in letters] == [("OPEN",), ("85.0",), ("85.0",)]
    assert {one.failure.node for one in letters} == {"flow.celsius"}
    assert "look at its wire" in letters[0].failure.message


def test_the_others_are_on_disk_and_ring_the_alarm(result, tmp_path):
    with (tmp_path / "temperature_log.csv").open(newline="") as lines:
        _, *rows = csv.reader(lines)
    readings = [float(row[-1]) for row in rows]
    assert len(readings) == 197
    assert max(readings) < 31.0
    on, rises = False, 0
    for celsius in readings:
        was, on = on, celsius > 27.0 or (on and celsius >= 26.0)
        rises += on and not was
    assert rises == 2, "two warm spells"
    assert result.indicators["flow.alarms"].value == rises
    assert result.indicators["flow.alarm"].on is on
