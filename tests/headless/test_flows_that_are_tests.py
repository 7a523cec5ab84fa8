"""``flodesk test``, ``flodesk run --save-as-test`` and the pytest plugin: real flows, files, processes and a pytest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import flodesk as package

Flodesk = Callable[..., "subprocess.CompletedProcess[str]"]
FLOW = '''"""A flow."""
import random

import flodesk
from flodesk.nodes import collect, file, logic, maths, show, source, timing


def dice(sides=6):
    return random.randint(1, sides * 10**9)


def flow():
    table = file.read_csv("numbers.csv")
    rows = collect.List()
    counter = logic.Counter()
    for turn in timing.count(5):
        half = maths.multiply(turn, 0.5)
        signal = source.sine(turn, samples=1000, rate=1000.0, frequency=5.0, phase=half)
        rows.add(half)
        many = counter(True)
        shown = show.number(half, title="Half")
    halves = rows.result()
    now = timing.timestamp()
    later = maths.add(now, 1.0)
    chance = dice()


if __name__ == "__main__":
    flodesk.main(flow)
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's project with a flow and the file that it reads; it is the working folder."""
    (tmp_path / "bench.py").write_text(FLOW)
    (tmp_path / "numbers.csv").write_text("a,b\n1,0.5\n2,0.25\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_a_run_saved_as_a_test_passes_and_the_first_node_that_differs_is_named(flodesk: Flodesk, project: Path) -> None:
    saved = flodesk("run", "bench.py", "--no-history", "--save-as-test")
    assert saved.returncode == 0, saved.stderr
    assert "left out: flow.now: it depends on the clock" in saved.stdout
    assert "left out: flow.later: it hangs on “now”" in saved.stdout
    assert "left out: flow.chance: it came out differently in a second run" in saved.stdout
    expected = json.loads((project / "tests" / "bench.expected.json").read_text())
    assert list(expected["nodes"]) == [
        f"flow.{name}" for name in ("table", "turn", "half", "signal", "many", "shown", "halves")
    ]
    assert expected["nodes"]["flow.half"] == {"type": "number", "value": 2.0}
    assert expected["nodes"]["flow.signal"]["y"]["shape"] == [1000]
    assert [one["value"] for one in expected["nodes"]["flow.halves"]["items"]] == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert set(expected["left_out"]) == {"flow.now", "flow.later", "flow.chance"}

    passed = flodesk("test")
    assert (passed.returncode, passed.stdout.splitlines()) == (
        0, [f"passed: {Path('tests/bench.py')} (7 nodes)", "1 passed"],
    )  # fmt: skip

    replace(project / "tests" / "bench.py", "multiply(turn, 0.5)", "multiply(turn, 0.75)")
    failed = flodesk("test", "tests")
    assert failed.returncode == 1
    assert failed.stdout.splitlines() == [
        f"FAILED: {Path('tests/bench.py')}: flow.half (line 17) differs",
        "    expected: 2.0",
        "    came: 3.0",
        "    and 3 more: flow.signal, flow.shown, flow.halves",
        "0 passed, 1 failed",
    ]


def test_a_large_signal_is_compared_within_the_rounding_and_its_file_is_read_from_the_place_of_the_flow(
    flodesk: Flodesk, project: Path
) -> None:
    assert flodesk("run", "bench.py", "--no-history", "--save-as-test").returncode == 0
    copy = project / "tests" / "bench.py"
    replace(copy, "frequency=5.0", "frequency=5.000000000000001")
    assert flodesk("test").returncode == 0, "a last bit is no difference"
    replace(copy, "frequency=5.000000000000001", "frequency=5.00001")
    failed = flodesk("test")
    assert failed.returncode == 1
    assert "flow.signal (line 18) differs in .y\n    expected: array of shape (1000,) of float64" in failed.stdout
    replace(copy, "frequency=5.00001", "frequency=5.0")
    (project / "numbers.csv").write_text("a,b\n1,0.5\n2,0.75\n")
    failed = flodesk("test", copy)
    assert "flow.table (line 13) differs in .b[1]\n    expected: 0.25\n    came: 0.75" in failed.stdout
    (project / "tests" / "bench.expected.json").write_text('{"version": 1}')
    broken = flodesk("test")
    assert broken.returncode == 1
    assert "does not say what is expected: it lacks 'nodes'" in broken.stdout


def test_a_flow_that_raises_names_its_node_and_one_that_ends_its_process_fails_alone(
    flodesk: Flodesk, project: Path
) -> None:
    for name in ("a", "b"):
        (project / f"{name}.py").write_text(FLOW)
        assert flodesk("run", f"{name}.py", "--no-history", "--save-as-test", "checks").returncode == 0
    replace(project / "checks" / "a.py", "    return random", "    import os\n    os._exit(7)\n    return random")
    replace(project / "checks" / "b.py", "numbers.csv", "gone.csv")
    told = flodesk("test", "checks", "--json")
    assert told.returncode == 1
    first, second = json.loads(told.stdout)
    assert not first["passed"]
    assert first["message"].startswith("its process ended with code 7 before the flow did")
    assert (second["passed"], second["node"]) == (False, "flow.table")
    assert second["message"].startswith("flow.table raised FileNotFoundError: ")


def test_settings_and_turns_are_those_of_the_saved_run(flodesk: Flodesk, project: Path) -> None:
    replace(project / "bench.py", "timing.count(5)", "timing.every(0.01)")
    refused = flodesk("run", "bench.py", "--no-history", "--for", "1s", "--save-as-test")
    assert refused.returncode == 2
    assert "use --max-iterations" in refused.stderr
    words = ("--max-iterations", "3", "--set", "turn.period=0.02", "--set", "half.values[1]=2.0")
    saved = flodesk("run", "bench.py", "--no-history", "--save-as-test", "tests", *words)
    assert saved.returncode == 0, saved.stderr
    expected = json.loads((project / "tests" / "bench.expected.json").read_text())
    assert expected["iterations"] == 3
    assert expected["nodes"]["flow.half"]["value"] == 4.0
    assert flodesk("test").returncode == 0


def test_wrong_use_is_said_and_nothing_is_written(flodesk: Flodesk, project: Path) -> None:
    nothing = flodesk("test")
    assert (nothing.returncode, nothing.stderr) == (2, "flodesk test: there is no tests\n")
    assert flodesk("test", "bench.py").returncode == 2
    assert "is a test. Save one with: flodesk run FLOW" in flodesk("test", "bench.py").stderr
    assert flodesk("test", "--what").returncode == 2
    (project / "tests").mkdir()
    (project / "tests" / "bench.py").write_text("print('mine')\n")
    refused = flodesk("run", "bench.py", "--no-history", "--save-as-test")
    assert refused.returncode == 2
    assert "that is no test" in refused.stderr
    assert (project / "tests" / "bench.py").read_text() == "print('mine')\n"
    replace(project / "bench.py", "numbers.csv", "gone.csv")
    failed = flodesk("run", "bench.py", "--no-history", "--save-as-test", "other")
    assert failed.returncode == 1
    assert "nothing was saved as a test" in failed.stderr
    assert not (project / "other").exists()


def test_pytest_collects_flows_and_names_the_node(flodesk: Flodesk, project: Path) -> None:
    assert flodesk("run", "bench.py", "--no-history", "--save-as-test").returncode == 0
    (project / "tests" / "test_else.py").write_text("def test_else():\n    assert True\n")

    def run() -> subprocess.CompletedProcess[str]:
        installed = any(entry.name == "flodesk" for entry in entry_points(group="pytest11"))
        plugin = [] if installed else ["-p", "flodesk.cli.pytest_plugin"]
        here = str(Path(package.__file__).parents[1])
        path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), here]))
        # pytest-qt ends pytest where it finds no Qt, as in the tests without Qt.
        line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:pytest-qt", *plugin, "tests"]
        environment = {**os.environ, "PYTHONPATH": path}
        return subprocess.run(line, capture_output=True, text=True, check=False, timeout=100, env=environment)

    well = run()
    assert "2 passed" in well.stdout, well.stdout + well.stderr
    replace(project / "tests" / "bench.py", "multiply(turn, 0.5)", "multiply(turn, 0.75)")
    ill = run()
    assert ill.returncode == 1
    assert "1 failed, 1 passed" in ill.stdout
    assert "flow.half (line 17) differs" in ill.stdout
    assert "Traceback" not in ill.stdout


def test_the_plugin_is_an_entry_point_of_the_package() -> None:
    project = Path(__file__).resolve().parents[2] / "pyproject.toml"
    points = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["entry-points"]["pytest11"]
    assert points == {"flodesk": "flodesk.cli.pytest_plugin"}
