"""A path that a hand has chosen counts from the folder of the flow, wherever the flow is started from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TEXT = """\
import flodesk
from flodesk.nodes import control, file


def length(path: str) -> int:
    with open(path) as text:
        return len(text.read())


def flow():
    chosen = control.path("data/a.txt")
    read = file.read_text(chosen)
    size = length(chosen)
    print(read, size)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize("command", [[], ["-m", "flodesk", "run"]], ids=["python FILE", "flodesk run"])
def test_it_is_found_by_nodes_and_by_plain_python(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "flow" / "data").mkdir(parents=True)
    (tmp_path / "flow" / "flow.py").write_text(TEXT, encoding="utf-8")
    (tmp_path / "flow" / "data" / "a.txt").write_text("seven!!", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    done = subprocess.run(
        [sys.executable, *command, str(tmp_path / "flow" / "flow.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path / "elsewhere",
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seven!! 7" in done.stdout
