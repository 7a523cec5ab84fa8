"""What ``flodesk run`` says of several failures: each different message once, with how often."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FLOW = """# /// script
# [tool.flodesk]
# version = 1
# on_error = "MODE"
#
# [tool.flodesk.places.flow]
# b = "process"
# ///
import os

import flodesk


def numbers():
    yield from range(8)


def root(x):
    if x % 2:
        raise ValueError("an odd one")
    if x == 4:
        os._exit(3)
    return x


def many(x):
    if x != 4:
        raise KeyError(f"number {x}")
    return x


def flow():
    for i in numbers():
        b = root(i)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def said(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "flodesk", "run", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 1
    return done.stderr


@pytest.mark.parametrize(("mode", "times"), [("reject", " (4 times)"), ("continue", "")])
def test_each_cause_is_said_once_with_how_often(tmp_path: Path, mode: str, times: str) -> None:
    lines = said(tmp_path / "causes.py", FLOW.replace("MODE", mode)).splitlines()
    causes = [line for line in lines if line.startswith("flow.b failed:")]
    assert causes[0] == f"flow.b failed: ValueError: an odd one{times}"
    assert len(causes) == 2
    assert "WorkerLostError" in causes[1]
    assert any("5 of 8 turns of flow.i" in line for line in lines)


def test_very_many_messages_are_counted(tmp_path: Path) -> None:
    text = FLOW.replace("MODE", "reject").replace("b = root(i)", "c = many(i)").replace("range(8)", "range(80)")
    text = text.replace('# b = "process"\n', "")
    lines = said(tmp_path / "causes.py", text).splitlines()
    causes = [line for line in lines if line.startswith("flow.c failed: KeyError")]
    assert len(causes) == 10
    assert any(line.endswith("times more, with other messages") for line in lines)
