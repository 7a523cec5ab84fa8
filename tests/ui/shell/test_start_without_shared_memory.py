"""Where no memory can be shared with the engine the start says so, and ends: a real process, a real limit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flodesk.cli.exits import Exit

LIMITED = """
import resource, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from flodesk import app
from flodesk.cli.shown import shown

resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))  # a segment is a file to the system
running = app.application()
def press():
    box = running.activeModalWidget()
    if isinstance(box, QMessageBox):
        print(box.text())
        box.button(QMessageBox.StandardButton.Ok).click()
look = QTimer(running, interval=50)
look.timeout.connect(press)
look.start()
raise SystemExit(shown("", lambda app: app.run_operator(sys.argv[1]) if sys.argv[1:] else app.run_app()))
"""

FLOW = """
import flodesk
from flodesk.nodes import maths


def flow():
    total = maths.add(1, 2)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX systems")
@pytest.mark.parametrize("alone", [False, True], ids=["window", "panel"])
def test_a_start_without_shared_memory_says_what_to_do(tmp_path: Path, alone: bool) -> None:
    flow = tmp_path / "flow.py"
    flow.write_text(FLOW)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *([str(flow)] if alone else [])],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == Exit.MISSING, done.stderr
    assert "app.py" not in done.stderr, "no traceback of ours; up to Python 3.12 its resource tracker has one"
    assert "gives no memory" in done.stderr
    assert "flodesk cannot start" in done.stdout
    if sys.platform == "linux":
        assert "/dev/shm" in done.stdout
