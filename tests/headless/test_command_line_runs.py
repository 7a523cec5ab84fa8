"""``flodesk run`` with limits, files of settings and events, and ``flodesk runs``: as a user calls them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

OK, FAILED, USAGE, MISSING, BROKEN, STOPPED = 0, 1, 2, 3, 4, 130

LOOP = """import time

import flodesk
from flodesk.nodes import control, maths, show


def pace(x: float, wait: float = 0.0) -> float:
    print("printed", x)
    flodesk.context().sleep(wait)
    return x


def flow():
    gain = control.number(2.0)
    name = show.text("x")
    for number in range(40):
        value = pace(number, wait=0.01)
        scaled = maths.multiply(value, gain)
        level = show.number(scaled, title="Level")


if __name__ == "__main__":
    flodesk.main(flow)
"""


Command = Callable[..., "subprocess.CompletedProcess[str]"]
Runs = Callable[..., list[dict[str, object]]]


@pytest.fixture
def loop(tmp_path: Path) -> Path:
    file = tmp_path / "measure.py"
    file.write_text(LOOP)
    return file


@pytest.fixture
def runs(flodesk: Command) -> Runs:
    def listed(*arguments: str) -> list[dict[str, object]]:
        done = flodesk("runs", "--json", *arguments)
        assert done.returncode == OK, done.stderr
        return json.loads(done.stdout)

    return listed


# ------------------------------------------------------------------ run
def test_a_number_of_iterations_is_a_normal_end(flodesk_from_nothing: Command, loop: Path) -> None:
    done = flodesk_from_nothing("run", loop, "--max-iterations", "3", "--json")
    assert done.returncode == OK, done.stderr
    result = json.loads(done.stdout)
    assert (result["reason"], result["shown"]["flow.level"]) == ("succeeded", "4")
    assert flodesk_from_nothing("run", loop, "--max-iterations", "0").returncode == USAGE


def test_a_timeout_is_a_failure_and_a_given_time_is_none(flodesk: Command, runs: Runs, loop: Path) -> None:
    loop.write_text(LOOP.replace("range(40)", "range(1_000_000)"))
    done = flodesk("run", loop, "--timeout", "1s")
    assert done.returncode == FAILED
    assert "flodesk: the run failed: The run did not end within its time limit of 1 s: flow." in done.stderr
    assert flodesk("run", loop, "--for", "0.1s").returncode == OK
    assert [run["state"] for run in runs()] == ["stopped", "failed"]


def test_parameters_come_from_files_and_single_ones_win(
    flodesk: Command, runs: Runs, loop: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.toml").write_text("gain.value = 5\n[flow.name]\nvalue = 'from a file'\n")
    (tmp_path / "b.json").write_text('{"value.wait": 0.0, "gain": {"value": 7.0}}')
    done = flodesk("run", loop, "--set-file", tmp_path / "a.toml", "--json", "--max-iterations", "3")
    assert done.returncode == OK, done.stderr
    shown = json.loads(done.stdout)["shown"]
    assert (shown["flow.level"], shown["flow.name"]) == ("10", "from a file")
    files = ("--set-file", tmp_path / "a.toml", "--set-file", tmp_path / "b.json")
    done = flodesk("run", loop, *files, "--set", "gain.value=1", "--json")
    assert json.loads(done.stdout)["shown"]["flow.level"] == "39", done.stderr
    parameters = runs()[0]["parameters"]
    assert parameters == {"flow.gain.value": "1", "flow.name.value": "'from a file'", "flow.value.wait": "0.0"}


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (None, MISSING, "cannot be read"),
        ("gain.value = ", USAGE, "cannot be understood"),
        ("nothing.value = 3", USAGE, "there is no node “nothing”"),
        ("gain.value = 2026-01-01", USAGE, "gain.value is a date"),
        ("gain.value = 'many'", USAGE, "it takes a number"),
        ("gain.volume = 3", USAGE, "gain has no parameter “volume”"),
    ],
)
def test_a_wrong_file_of_parameters_is_refused_in_words(
    flodesk: Command, loop: Path, tmp_path: Path, content: str | None, code: int, words: str
) -> None:
    file = tmp_path / "set.toml"
    if content is not None:
        file.write_text(content)
    done = flodesk("run", loop, "--set-file", file)
    assert done.returncode == code
    assert words in done.stderr


def test_events_go_to_standard_output_alone_or_into_a_file(
    flodesk: Command, runs: Runs, loop: Path, tmp_path: Path
) -> None:
    done = flodesk("run", loop, "--events", "jsonl", "--max-iterations", "2")
    assert done.returncode == OK, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [e["event"] for e in events] == ["RunStarted", "LoopStarted", "LoopFinished", "RunFinished"]
    assert {e["run"] for e in events} == {runs()[0]["id"]}
    assert "printed 0" in done.stderr
    assert "flow.level (Level): 2" in done.stderr
    file = tmp_path / "events"
    done = flodesk("run", loop, "--events", file, "--max-iterations", "2")
    assert "printed 0" in done.stdout
    assert [json.loads(line)["event"] for line in file.read_text().splitlines()][-1] == "RunFinished"
    done = flodesk("run", loop, "--events", tmp_path)
    assert done.returncode == USAGE
    assert "cannot be written" in done.stderr


def test_a_reader_of_events_that_goes_away_ends_no_run(runs: Runs, loop: Path) -> None:
    command = [sys.executable, "-m", "flodesk", "run", str(loop), "--events", "jsonl"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert json.loads(process.stdout.readline())["event"] == "RunStarted"
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) == OK, err
    assert runs()[0]["state"] == "succeeded"


@pytest.mark.parametrize("apart", [True, False])
def test_a_run_that_fails_exits_so_where_nobody_reads_what_it_says(loop: Path, *, apart: bool) -> None:
    loop.write_text(LOOP.replace('    print("printed", x)\n', "    x.missing\n"))
    process = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "run", str(loop)],
        stdout=subprocess.DEVNULL if apart else subprocess.PIPE,
        stderr=subprocess.PIPE if apart else subprocess.STDOUT,
    )
    (process.stderr if apart else process.stdout).close()
    assert process.wait(30) == FAILED


@pytest.mark.skipif(os.name != "posix", reason="asks for a pseudo-terminal")
def test_bars_on_a_terminal_say_what_is_running_how_fast_and_how_long_still(loop: Path) -> None:
    loop.write_text(LOOP.replace("wait=0.01", "wait=0.05").replace('    print("printed", x)\n', ""))
    ours, its = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    command = [sys.executable, "-m", "flodesk", "run", str(loop)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=its, env=environment, text=True)
    os.close(its)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not part:
            break
        seen += part
    os.close(ours)
    out = process.stdout.read()
    process.stdout.close()
    assert process.wait(30) == OK
    assert out.endswith("flow.level (Level): 78\n")
    text = seen.decode()
    assert "iterations" in text
    assert "/s" in text
    assert "s left" in text
    assert "value" in text


def test_without_a_terminal_there_are_no_bars(flodesk: Command, loop: Path) -> None:
    done = flodesk("run", loop, "--max-iterations", "2")
    assert done.stderr == ""


# ------------------------------------------------------------------ runs
def test_the_list_is_of_the_newest_and_can_be_filtered(
    flodesk: Command, runs: Runs, loop: Path, tmp_path: Path
) -> None:
    assert "No flow has run yet" in flodesk("runs").stdout
    other = tmp_path / "other.py"
    other.write_text(LOOP.replace("return x\n", "return x / 0\n"))
    flodesk("run", loop, "--max-iterations", "2")
    assert flodesk("run", other).returncode == FAILED
    assert flodesk("run", loop, "--no-history").returncode == OK
    listed = flodesk("runs").stdout
    header, first, second = listed.splitlines()
    assert header.split() == ["Run", "When", "Flow", "State", "Took", "Iterations", "Message"]
    assert "other" in first
    assert "failed" in first
    assert "flow.value failed: ZeroDivisionError" in first
    assert "measure" in second
    assert "succeeded" in second
    assert [run["name"] for run in runs("--last", "1")] == ["other"]
    assert [run["name"] for run in runs("--flow", "MEAS")] == ["measure"]
    assert [run["name"] for run in runs("--state", "failed")] == ["other"]
    assert "No run of the past is like that" in flodesk("runs", "--state", "stopped").stdout
    assert flodesk("runs", "--state", "done").returncode == USAGE


def test_a_run_is_shown_with_all_that_is_known(flodesk: Command, runs: Runs, loop: Path) -> None:
    loop.write_text(LOOP.replace("return x\n", "flodesk.context().log('take care')\n    return x / 0\n"))
    flodesk("run", loop, "--set", "gain.value=3")
    id = str(runs()[0]["id"])
    shown = flodesk("runs", "show", id[-8:])
    assert shown.returncode == OK, shown.stderr
    for words in (
        id, str(loop), "failed", "flow.gain.value = 3", "Python 3.", "numpy", "ZeroDivisionError", "x was 0",
        "return x / 0", "flow.value", "take care",
    ):  # fmt: skip
        assert words in shown.stdout
    told = json.loads(flodesk("runs", "show", id, "--json").stdout)
    assert {node["node"]: node["state"] for node in told["nodes"]}["flow.value"] == "failed"
    assert [line["text"] for line in told["log"]] == ["take care"]
    assert "return x / 0" in flodesk("runs", "show", id, "--text").stdout
    nothing = flodesk("runs", "show", "zzz")
    assert nothing.returncode == MISSING
    assert "There is no run zzz" in nothing.stderr


def test_runs_can_be_dropped_and_pruned(flodesk: Command, runs: Runs, loop: Path) -> None:
    for _ in range(4):
        flodesk("run", loop, "--max-iterations", "1")
    ids = [str(run["id"]) for run in runs()]
    assert flodesk("runs", "drop", ids[1]).stdout == "1 run was dropped.\n"
    assert [run["id"] for run in runs()] == [ids[0], *ids[2:]]
    assert flodesk("runs", "prune").stdout == "0 runs were dropped.\n"
    assert flodesk("runs", "prune", "--older", "1h").stdout == "0 runs were dropped.\n"
    assert flodesk("runs", "prune", "--keep", "1").stdout == "2 runs were dropped.\n"
    assert [run["id"] for run in runs()] == ids[:1]


def test_a_run_that_is_on_is_listed_and_not_dropped(flodesk: Command, runs: Runs, loop: Path) -> None:
    loop.write_text(LOOP.replace("wait=0.01", "wait=60.0"))
    process = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "run", str(loop)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not (on := runs("--state", "running")):
        assert time.monotonic() < deadline
    refused = flodesk("runs", "drop", str(on[0]["id"]))
    assert refused.returncode == USAGE
    assert "is running: stop it first" in refused.stderr
    process.kill()
    process.wait()
    assert [run["state"] for run in runs()] == ["interrupted"]


def test_without_a_folder_a_run_goes_on_and_the_list_says_why(
    flodesk: Command, loop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLODESK_DATA", str(loop / "data"))
    done = flodesk("run", loop, "--max-iterations", "1")
    assert done.returncode == OK
    assert done.stderr.count("cannot be written") == 1
    assert flodesk("runs").returncode == MISSING
    assert "cannot be written" in flodesk("runs").stderr
