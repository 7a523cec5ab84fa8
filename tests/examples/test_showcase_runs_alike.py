"""An example gives the same as the plain script, in the engine (which the window asks) and on the command line."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from flodesk.engine.headless import run

STRAIGHT = (
    "coins",
    "digits",
    "mauna_loa",
    "orders",
    "pid_bench",
    "predator_prey",
    "sunspots",
    "tomography",
    "tuning_forks",
    "wine",
)  # fmt: skip
"""Those that run once from top to bottom."""
ENDING = (*STRAIGHT, "diode", "optimisers", "temperature_logger", "thermostat")
"""Those that come to an end by themselves."""


@pytest.fixture
def place(examples, tmp_path):
    """Give a function that copies an example, with the data that it reads, to where it may write."""

    def copied(name: str):
        for data in examples.glob("*.csv"):
            shutil.copy(data, tmp_path)
        shutil.copy(examples / f"{name}.py", tmp_path)
        return tmp_path / f"{name}.py"

    return copied


@pytest.mark.parametrize("name", STRAIGHT)
def test_the_engine_shows_what_the_script_shows(name, place, run_plainly):
    path = place(name)
    (plain,) = run_plainly(name)
    result = run(path.read_text(encoding="utf-8"), str(path))
    assert result.reason == "succeeded", result.message
    assert result.indicators
    for address, indicator in result.indicators.items():
        assert indicator.summary() == plain[address.removeprefix("flow.")].summary()


@pytest.mark.long
@pytest.mark.parametrize("name", ENDING)
def test_python_and_flodesk_say_the_same(name, place):
    said = [
        subprocess.run([sys.executable, *how, str(place(name))], capture_output=True, text=True, check=False)
        for how in ([], ["-m", "flodesk", "run"])
    ]
    rejects = name == "temperature_logger"
    assert [bool(one.returncode) for one in said] == [rejects] * 2, said[0].stderr + said[1].stderr
    # what has come to the disk, and what the last four seconds of a clock hold, is never twice the same
    clock = ("(Readings kept)", "(Temperature)")
    lines = [[line for line in one.stdout.splitlines() if not any(words in line for words in clock)] for one in said]
    assert lines[0] == lines[1]
    assert len(lines[0]) > 2
