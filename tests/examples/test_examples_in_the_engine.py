"""The examples run by the engine, in this process, on the command line and as plain scripts, give the same numbers."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest

from flodesk.engine.headless import run
from flodesk.engine.inprocess import InProcess


def amplitude(samples, frequency: float, rate: float = 1000.0) -> float:
    """Amplitude of a frequency over a Hann-windowed span, by NumPy's FFT alone."""
    window = np.hanning(len(samples) + 1)[:-1]
    lines = np.abs(np.fft.rfft(samples * window)) * 2.0 / window.sum()
    return float(lines[round(frequency * len(samples) / rate)])


def shown(*command, cwd=None):
    done = subprocess.run([sys.executable, *map(str, command), "--json"], capture_output=True, text=True, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_noisy_sine_keeps_its_signal_loses_its_hum_and_follows_the_slider(examples):
    path = examples / "noisy_sine.py"
    events = []
    engine = InProcess(events.append)
    try:
        engine.open(path.read_text(encoding="utf-8"), str(path))
        engine.watch({"flow.chart", "flow.meter"}, set())
        engine.start()
        time_axis, noisy, clean = settled(engine, 2.5)
        assert amplitude(noisy, 5.0) == pytest.approx(1.0, abs=0.05)
        assert amplitude(clean, 5.0) == pytest.approx(1.0, abs=0.05)
        assert amplitude(noisy, 120.0) == pytest.approx(0.5, abs=0.05)
        assert 20.0 * np.log10(amplitude(noisy, 120.0) / amplitude(clean, 120.0)) > 60.0
        assert engine.values()["flow.meter"].value.value == pytest.approx(0.71, abs=0.03)

        engine.set_parameter("flow.cutoff", "value", "200.0")
        # from here on in the flow's own time: what was made before the change must have left the chart
        now = 0.05 * engine.states()["flow.chart"].count
        _, _, clean = settled(engine, max(now, time_axis[-1]) + 2.2)
        assert amplitude(clean, 120.0) == pytest.approx(0.5, abs=0.05)
    finally:
        engine.close()
    assert [event.failure.message for event in events if hasattr(event, "failure")] == []


def settled(engine, seconds):
    """Wait until the chart shows the signal up to this time; return its time axis and both curves, 2 s long."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        sample = engine.values().get("flow.chart")
        if sample is not None and sample.value.traces[0].x[-1] >= seconds:
            noisy, clean = sample.value.traces
            assert len(noisy.x) == len(clean.x) == 2000
            return np.asarray(noisy.x), np.asarray(noisy.y), np.asarray(clean.y)
        time.sleep(0.02)
    raise AssertionError(f"the chart did not come to {seconds} s: {engine.states()}")


def test_the_sunspots_are_the_same_wherever_they_run(examples, run_plainly, tmp_path):
    path = examples / "sunspots.py"
    (plain,) = run_plainly("sunspots")
    here = run(path.read_text(encoding="utf-8"), str(path), keep_values=True)
    script = shown(path, cwd=tmp_path)
    command = shown("-m", "flodesk", "run", path, cwd=tmp_path)
    assert here.reason == script["reason"] == command["reason"] == "succeeded"
    years = [plain["years"], here.values["flow.years"], script["values"]["flow.years"], command["values"]["flow.years"]]
    assert years == [pytest.approx(11.0, abs=0.05)] * 4
    assert len(set(years)) == 1


def test_the_orders_find_their_file_from_any_folder(examples, tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    for name in ("orders.py", "orders.csv"):
        shutil.copy(examples / name, there)
    result = shown("-m", "flodesk", "run", there / "orders.py", cwd=tmp_path)
    assert (there / "orders_report.html").exists()
    assert result["values"]["flow.number"] == result["values"]["flow.count"] == 26
    assert result["shown"]["flow.months"] == "12 rows, 3 columns: month, amount, rows"


def test_the_voltmeter_records_what_it_shows(examples, tmp_path):
    for name in ("voltmeter.py", "voltmeter.yaml"):
        shutil.copy(examples / name, tmp_path)
    result = shown("-m", "flodesk", "run", tmp_path / "voltmeter.py", "--for", "1.5s", "--set", "limit.value=4.0")
    with (tmp_path / "voltmeter.csv").open(newline="") as lines:
        _, *rows = csv.reader(lines)
    volts = [float(row[1]) for row in rows]
    assert len(volts) >= 5
    assert all(4.0 <= volt <= 6.0 for volt in volts)
    assert result["values"]["flow.meter"] == volts[-1]
    assert 0 < result["values"]["flow.rows"] <= len(volts), "the last rows are written when the run ends"
    assert result["shown"]["flow.alarm"] == "on"
