"""Whoever runs the headless tests alone finds nothing of them in their own data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from flodesk.engine.folders import VARIABLE

HERE = Path(__file__).parent
ONE = HERE / "test_command_line.py::test_run_says_in_words_what_each_indicator_shows"


def test_a_run_of_this_folder_alone_leaves_nothing_with_the_user(tmp_path: Path) -> None:
    """Started as somebody at a shell would, with a home of their own and none of the variables of these tests."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("FLODESK", "PYTEST", "XDG"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", str(ONE)],
        env={**kept, "HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path), "APPDATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parents[1],
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert VARIABLE not in kept
    assert [path for path in tmp_path.rglob("*") if "flodesk" in path.name] == []
