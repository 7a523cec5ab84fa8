"""The loud blocks, by the engine and by plain threads, against NumPy alone."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from flodesk.engine.headless import run


def loud_levels(limit: float = 0.6) -> list[float]:
    """Effective values in mV of the blocks of 50 samples at 1 kHz whose effective value is above the limit."""
    samples = np.sin(2.0 * np.pi * 3.3 * np.arange(600 * 50) / 1000.0).reshape(600, 50)
    levels = np.sqrt((samples**2).mean(axis=1))
    return [1000.0 * level for level in levels if level > limit]


@pytest.fixture
def text(examples) -> str:
    return (examples / "loud_blocks.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [100, 1])
def test_the_engine_reports_what_was_loud(text, size):
    result = run(text.replace("size=100", f"size={size}"), keep_values=True)
    assert result.reason == "succeeded", result.message
    expected = loud_levels()
    assert 200 < len(expected) < 500
    assert result.values["report.all_levels"] == pytest.approx(expected)
    assert result.indicators["report.number"].value == len(expected)
    assert result.indicators["report.mean"].value == pytest.approx(np.mean(expected))
    assert result.indicators["report.last"].value == pytest.approx(expected[-1])
    assert result.summary()[0] == f"loud: {len(expected)} put in, {len(expected)} read"


def test_the_slider_says_what_is_loud(text):
    result = run(text, settings={"limit.value": "0.9"}, keep_values=True)
    assert result.values["report.all_levels"] == pytest.approx(loud_levels(0.9))


def test_its_functions_run_in_threads_of_ones_own(text):
    space = {"__name__": "plain"}
    exec(compile(text, "loud_blocks.py", "exec"), space)
    seen = []
    space["show"] = type("Show", (), {"number": staticmethod(lambda value, **_: seen.append(value))})

    def measure() -> None:
        space["flow"]()
        space["loud"].close()

    threads = [threading.Thread(target=measure), threading.Thread(target=space["report"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    *last, number, mean = seen
    assert last == pytest.approx(loud_levels())
    assert (number, mean) == (len(last), pytest.approx(np.mean(last)))
