"""Pure results outlive the process: what is looked up, what runs again and why, and what a broken disk does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.cache.shelf import Shelf
from flodesk.engine.codec import CodecError
from flodesk.engine.headless import run

FLOW = '''
# /// script
# [tool.flodesk]
# cache = true
# ///
import time

import flodesk
from flodesk.nodes import maths, table
import numpy as np


def slow(name, value, factor=2.0):
    """Take long enough to be worth keeping."""
    print("ran " + name, flush=True)
    time.sleep(0.02)
    return value * factor


@flodesk.node(pure=False)
def read(name, path="numbers.txt"):
    print("ran " + name, flush=True)
    return np.loadtxt(path)


def flow():
    numbers = read("numbers")
    twice = slow("twice", numbers)
    thrice = slow("thrice", numbers, factor=3.0)
    both = maths.add(twice, thrice)
    last = slow("last", both)


if __name__ == "__main__":
    flodesk.main(flow)
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flow.py"
    path.write_text(FLOW.lstrip(), encoding="utf-8")
    (tmp_path / "numbers.txt").write_text("1\n2\n3\n", encoding="utf-8")
    return path


def ran(file: Path, *arguments: str) -> tuple[list[str], dict[str, str], subprocess.CompletedProcess[str]]:
    """Run it in a process of its own; returns who ran, and why."""
    command = [sys.executable, "-m", "flodesk", "run", str(file), "--no-history", "--why", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=file.parent, timeout=60)
    said = [line.partition("ran ")[2] for line in done.stderr.splitlines() + done.stdout.splitlines() if "ran " in line]
    names = [word for word in said if word in ("numbers", "twice", "thrice", "last")]
    lines = [line.split(": ", 1) for line in done.stdout.splitlines() if line.startswith("flow.")]
    return names, {parts[0].removeprefix("flow."): parts[1] for parts in lines if len(parts) == 2}, done


def test_after_a_restart_only_what_changed_runs(file: Path) -> None:
    names, why, done = ran(file)
    assert (names, done.returncode) == (["numbers", "twice", "thrice", "last"], 0), done.stderr
    assert why["twice"] == "it ran: there was no result of it yet"
    names, why, _ = ran(file)
    assert names == ["numbers"], "what reads a file always runs"
    assert "came from the cache" in why["twice"]
    assert "always runs" in why["numbers"]
    names, why, _ = ran(file, "--set", "thrice.factor=4.0")
    assert names == ["numbers", "thrice", "last"]
    assert why["thrice"] == "it ran: “factor” changed"
    file.with_name("numbers.txt").write_text("1\n2\n4\n", encoding="utf-8")
    names, why, _ = ran(file)
    assert names == ["numbers", "twice", "thrice", "last"]
    assert why["twice"] == "it ran: argument 2 changed"
    file.write_text(file.read_text(encoding="utf-8").replace("value * factor", "value * factor + 1"), encoding="utf-8")
    names, why, _ = ran(file)
    assert names == ["numbers", "twice", "thrice", "last"]
    assert "its code, or the version of a library, has changed" in why["twice"]


def test_the_values_are_those_of_a_run_without_a_cache(file: Path) -> None:
    shown = [json.loads(ran(file, "--json")[2].stdout.splitlines()[-1])["values"] for _ in range(2)]
    plain = file.with_name("plain.py")
    plain.write_text(file.read_text(encoding="utf-8").replace("cache = true", "cache = false"), encoding="utf-8")
    assert shown[0] == shown[1] == json.loads(ran(plain, "--json")[2].stdout.splitlines()[-1])["values"]


def test_one_node_of_yesterday_s_run(file: Path) -> None:
    names, _, done = ran(file, "--node", "thrice", "--from-cache")
    assert (names, done.returncode) == ([], 3)
    assert "Run to flow.numbers first" in done.stderr
    ran(file)
    names, why, done = ran(file, "--node", "thrice", "--from-cache", "--set", "thrice.factor=5.0")
    assert (names, done.returncode) == (["thrice"], 0), done.stderr
    assert why["thrice"] == "it ran: “factor” changed"
    names, _, done = ran(file, "--to", "twice", "--set", "twice.factor=7.0")
    assert (names, done.returncode) == (["numbers", "twice"], 0), done.stderr
    _, _, done = ran(file, "--node", "nobody", "--from-cache")
    assert done.returncode == 2
    assert "there is no node" in done.stderr


def test_a_broken_file_in_the_cache_is_no_result(file: Path) -> None:
    ran(file)
    stored = list(Path(os.environ["FLODESK_DATA"]).rglob("*.value"))
    assert stored
    for path in stored:
        path.write_bytes(path.read_bytes()[:-3])
    names, _, done = ran(file)
    assert (names, done.returncode) == (["numbers", "twice", "thrice", "last"], 0), done.stderr


def test_what_runs_in_a_worker_process_is_kept_as_well(file: Path) -> None:
    places = "".join(f'# {name} = "process"\n' for name in ("twice", "thrice", "last"))
    header = f"# cache = true\n#\n# [tool.flodesk.places.flow]\n{places}"
    text = file.read_text(encoding="utf-8").replace("# cache = true\n", header)
    file.write_text(text, encoding="utf-8")
    names, why, done = ran(file)
    assert (sorted(names), done.returncode) == (["last", "numbers", "thrice", "twice"], 0), done.stderr
    assert why["twice"] == "it ran: there was no result of it yet"
    names, why, done = ran(file)
    assert (names, done.returncode) == (["numbers"], 0), done.stderr
    said = "it did not run: its result came from the cache, as nothing that it hangs on changed"
    assert {why[name] for name in ("twice", "thrice", "last")} == {said}
    names, why, done = ran(file, "--set", "thrice.factor=4.0")
    assert (sorted(names), done.returncode) == (["last", "numbers", "thrice"], 0), done.stderr
    assert why["thrice"] == "it ran: “factor” changed"


def test_without_a_place_for_it_the_run_goes_on(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "taken"))
    names, _, done = ran(file)
    assert (names, done.returncode) == (["numbers", "twice", "thrice", "last"], 0), done.stderr
    assert "There is no cache" in done.stderr


def test_the_shelf_keeps_what_was_used_last(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for number in range(4):
        shelf.put(f"{number:02}key", b"x" * 1000)
        os.utime(shelf._path(f"{number:02}key"), (number, number))
    assert shelf.get("00key") is not None  # used: it stays longest
    size = shelf._path("00key").stat().st_size
    shelf.prune(2 * size + 99)  # the time that stands in each has more digits or fewer
    left = [number for number in range(4) if shelf.get(f"{number:02}key") is not None]
    assert left == [0, 3]
    with pytest.raises(CodecError):
        shelf.put("05key", object())
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("value", [None, 3.5, "text", [1, (2, {"a": b"raw"})]])
def test_what_is_stored_comes_back(tmp_path: Path, value: Any) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("aakey", value, {"node": "flow.a"})
    stored = shelf.get("aakey")
    assert stored is not None
    assert (stored.value, stored.facts["node"]) == (value, "flow.a")


IN_TURNS = '''
import time

import flodesk


def slow(x):
    """Take long enough to be worth keeping."""
    print(f"slow {x}")
    time.sleep(0.011)
    return x + 1


def inner(x):
    first = slow(x)
    return first


def outer(x):
    second = inner(x)
    return second


def apart(x):
    third = slow(x)
    print(f"apart {x}")
    return third


def flow():
    alone = apart(100)
    for n in range(3):
        deep = outer(n)


if __name__ == "__main__":
    flodesk.main(flow)
'''


def test_what_a_loop_calls_is_not_looked_up_in_every_turn(
    tmp_path: Path, data_of_its_own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "flow.py"
    file.write_text(IN_TURNS, encoding="utf-8")

    def lines() -> list[str]:
        assert run(IN_TURNS, str(file), cache=True).reason == "succeeded"
        return capsys.readouterr().out.splitlines()

    turns = ["slow 0", "slow 1", "slow 2"]
    assert lines() == ["slow 100", "apart 100", *turns]
    notes = len(list(data_of_its_own.rglob("*.value")))
    assert lines() == ["apart 100", *turns]
    assert len(list(data_of_its_own.rglob("*.value"))) == notes
