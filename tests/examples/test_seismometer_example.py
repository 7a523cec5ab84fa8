"""The seismometer: each reader gets every reading, the screen the newest in their order, and no alarm is lost."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from flodesk.engine.headless import run

READINGS = [
    1e-6 * math.sin(0.9 * k) + (8e-5 * math.exp((100 - k) / 40) * math.sin(0.4 * (k - 100)) if k > 100 else 0.0)
    for k in range(300)
]


@pytest.fixture
def text(examples) -> str:
    return (examples / "seismometer.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("limit", [3e-5, 1e-5, 1e-4])
def test_the_record_is_whole_and_no_alarm_is_lost(text, limit):
    result = run(text, settings={"limit.value": str(limit)}, keep_values=True)
    assert result.reason == "succeeded", result.message
    assert result.values["record.trace"] == READINGS
    alarms = [abs(value) for value in READINGS if abs(value) > limit]
    assert result.summary()[0] == "readings: 300 put in, 600 read", "two readers, each with a copy"
    if alarms:
        assert result.indicators["alarm.number"].value == len(alarms)
        assert result.indicators["alarm.last"].value == alarms[-1]
    else:
        assert "alarm.number" not in result.indicators


def test_the_slow_screen_shows_the_newest_readings_in_their_order(text):
    result = run(text, keep_values=True)
    (curve,) = result.indicators["screen.picture"].traces
    shown = list(curve.y)
    assert shown[-1] == READINGS[-1], "the last one is always among the newest"
    assert len(shown) == 40
    left = iter(READINGS)
    assert all(value in left for value in shown), "some are missed, none comes twice or out of order"
    assert shown[-20:] == READINGS[-20:], "what waited at the end has been shown"


def test_a_full_queue_of_alarms_is_an_error_of_who_puts_them_in(text):
    slow = text.replace("size=50, full", "size=1, full")
    line = "        more = maths.add(count, 1)\n"
    slow = slow.replace(line, "        slow = painted(swing, seconds=1.0)\n" + line)
    assert slow.count("painted(") == 3
    result = run(slow, keep_values=True)
    assert result.reason == "failed"
    assert result.message.startswith("detect.raised failed: QueueFullError: the queue alarms is full: 1 value waits")
    assert result.values["record.trace"] == READINGS, "no other function has noticed"


def test_python_and_flodesk_say_the_same(examples):
    path = str(examples / "seismometer.py")
    said = [
        subprocess.run([sys.executable, *how, path], capture_output=True, text=True, check=True, timeout=60).stdout
        for how in ([], ["-m", "flodesk", "run"])
    ]
    # what the screen has had time for is the one thing that nobody knows before
    kept = [[line for line in one.splitlines() if not line.startswith(("screen.", "drawn:"))] for one in said]
    assert kept[0] == kept[1]
    assert "alarm.number (Alarms): 22" in kept[0]
