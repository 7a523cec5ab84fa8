"""The command line runs a flow where the window does: in the environment of its project, or in one that is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flodesk.engine.environments import CHOSEN
from flodesk.engine.environments.choices import choose_for, chosen_for, is_settled, users_of
from flodesk.engine.environments.environment import Environment, own
from flodesk.engine.environments.making import remove
from flodesk.engine.environments.work import find_uv
from flodesk.engine.folders import data_folder
from flodesk.engine.places.server.broker import LocalServer

pytestmark = pytest.mark.skipif(not find_uv(), reason="there is no uv")

FLOW = """# /// script
# dependencies = ["flodesk", "flo_tiny"]
#
# [tool.flodesk]
# version = 1
# ///
import flodesk
import flo_tiny
from flodesk.nodes import show


def flow():
    version = flo_tiny.version()
    shown = show.text(version)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A flow in a project of its own."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "flow.py").write_text(FLOW, encoding="utf-8")
    return folder / "flow.py"


def flodesk(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Call the command as a shell does."""
    command = [sys.executable, "-m", "flodesk", *map(str, words)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=110, check=False, cwd=cwd)


def test_a_flow_runs_in_the_environment_of_its_project(two: tuple[Environment, Environment], file: Path) -> None:
    assert flodesk("run", file).returncode == 3, "flodesk's own has no such package"
    choose_for(file.parent, two[0])
    done = flodesk("run", "flow.py", cwd=file.parent)
    assert done.returncode == 0, done.stderr
    assert "1.0" in done.stdout
    assert flodesk("check", file).returncode == 0
    choose_for(file.parent, two[1])
    assert "2.0" in flodesk("run", file).stdout


def test_another_environment_can_be_named(two: tuple[Environment, Environment], file: Path) -> None:
    choose_for(file.parent, two[1])
    named = flodesk("run", file, "--environment", "first")
    assert "1.0" in named.stdout, named.stderr
    by_path = flodesk("run", file, f"--environment={two[0].python}")
    assert "1.0" in by_path.stdout, by_path.stderr
    assert flodesk("run", file, "--environment", "own").returncode == 3
    assert flodesk("check", file, "--environment", "own").returncode == 3
    there = subprocess.run(
        [two[0].python, "-m", "flodesk", "run", str(file), "--environment", "first"],
        capture_output=True, encoding="utf-8", timeout=110, check=False,
    )  # fmt: skip
    assert "1.0" in there.stdout, there.stderr


def test_who_calls_a_python_means_that_one(two: tuple[Environment, Environment], file: Path) -> None:
    choose_for(file.parent, two[0])
    line = [two[1].python, str(file)]
    done = subprocess.run(line, capture_output=True, encoding="utf-8", timeout=110, check=False)
    assert "2.0" in done.stdout, done.stderr


def test_a_flow_that_is_a_test_runs_there_too(two: tuple[Environment, Environment], file: Path) -> None:
    choose_for(file.parent, two[0])
    saved = flodesk("run", file, "--save-as-test", file.parent / "tests")
    assert saved.returncode == 0, saved.stderr
    (test,) = (file.parent / "tests").glob("*.py")
    choose_for(test.parent, two[0])
    passed = flodesk("test", test)
    assert passed.returncode == 0, passed.stdout
    other = flodesk("test", test, "--environment", "second")
    assert other.returncode == 1
    assert "2.0" in other.stdout


def test_what_cannot_be_used_is_said(two: tuple[Environment, Environment], file: Path) -> None:
    unknown = flodesk("run", file, "--environment", "lab")
    assert unknown.returncode == 3
    assert "There is no environment “lab”, but: first, second, own." in unknown.stderr
    choose_for(file.parent, two[0])
    (other := file.parent.parent / "other").mkdir()
    (other / "second.py").write_text(FLOW, encoding="utf-8")
    choose_for(other, two[1])
    both = flodesk("check", file, other / "second.py")
    assert both.returncode == 2
    assert "different environments" in both.stderr
    remove(two[0])
    gone = flodesk("run", file)
    assert gone.returncode == 3
    assert "The environment “first” is gone." in gone.stderr
    assert "--environment own" in gone.stderr


def test_a_worker_runs_flows_in_the_environment_that_is_named(two: tuple[Environment, Environment], file: Path) -> None:
    with LocalServer() as server:
        line = [sys.executable, "-m", "flodesk", "worker", "--redis", server.url, "--environment", "second"]
        worker = subprocess.Popen([*line, "--allow", "flo_tiny"], stderr=subprocess.PIPE, encoding="utf-8")
        try:
            done = subprocess.run(
                [two[0].python, "-m", "flodesk", "run", str(file), "--on", "rq"],
                env={**os.environ, "FLODESK_REDIS_URL": server.url},
                capture_output=True, encoding="utf-8", timeout=110, check=False,
            )  # fmt: skip
            assert "2.0" in done.stdout, done.stderr
        finally:
            worker.terminate()
            worker.communicate(timeout=60)
    deadline = time.monotonic() + 30
    while worker.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert worker.returncode is not None


def test_a_choice_is_that_of_a_folder_whatever_leads_there(tmp_path: Path) -> None:
    project, other = tmp_path / "project", tmp_path / "other"
    project.mkdir()
    other.symlink_to(project)
    assert not is_settled(project)
    python = Environment(Path(sys.prefix), sys.executable, path=("a",))
    choose_for(other, python)
    assert chosen_for(project) == python
    ours = Environment(data_folder("envs") / "lab", "python", True)
    choose_for(project, ours)
    choose_for(tmp_path, ours)
    assert chosen_for(other).root == ours.root
    assert users_of(ours, but=other) == [str(tmp_path.resolve())]
    choose_for(project, own())
    assert is_settled(other)
    assert chosen_for(project) == own()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"x": 3}', "\x00"])
def test_a_broken_file_of_choices_counts_as_none_and_is_replaced(tmp_path: Path, text: str) -> None:
    (data_folder() / CHOSEN).write_text(text.replace('"x"', json.dumps(str(tmp_path.resolve()))), encoding="utf-8")
    assert chosen_for(tmp_path) == own()
    choose_for(tmp_path, Environment(data_folder("envs") / "lab", "python", True))
    assert chosen_for(tmp_path).name == "lab"
