"""The stations: a loop in a loop and a subflow from another file, against a formula; a slow result from the disk."""

from __future__ import annotations

import math

import pytest

from flodesk.engine.headless import run


def celsius(counts: float) -> float:
    """A Pt1000 in series with 1000 ohms at 3.3 V, read by 12 bits."""
    volts = 3.3 * counts / 4095
    return (1000.0 * volts / (3.3 - volts) - 1000.0) / 3.85


def month(station: str) -> float:
    counts = [2100.0 + 4.0 * len(station) + 25.0 * math.sin(2.0 * math.pi * day / 30) for day in range(30)]
    return sum(map(celsius, counts)) / 30


def test_each_station_has_its_month_and_the_slow_result_is_taken_from_the_disk_the_second_time(examples):
    path = examples / "stations.py"
    text = path.read_text(encoding="utf-8")
    days = range(365 * 300)
    normal = sum(18.0 + 6.0 * math.sin(day * day) for day in days) / len(days)
    for turn in range(2):
        result = run(text, str(path), keep_values=True)
        assert result.reason == "succeeded", result.message
        rows = result.values["flow.months"]
        assert list(rows["station"]) == ["harbour", "hill", "forest", "field"]
        assert list(rows["mean"]) == pytest.approx([month(name) for name in rows["station"]])
        assert list(rows["warmer"]) == pytest.approx([month(name) - normal for name in rows["station"]], abs=1e-9)
        (why,) = (line for line in result.why if line.startswith("flow.normal:"))
        assert ("came from the cache" in why) == bool(turn), why


def test_a_change_of_the_slow_function_makes_it_run_again(examples):
    path = examples / "stations.py"
    text = path.read_text(encoding="utf-8")
    before = run(text, str(path), keep_values=True).values["flow.normal"]
    result = run(text.replace("18.0 + 6.0", "19.0 + 6.0"), str(path), keep_values=True)
    assert result.values["flow.normal"] == pytest.approx(before + 1.0)
