"""The main job on a real X server: open, runs, drag a node in, wire it, undo, redo, slider, save, reopen."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flodesk.flow.script import read, write

HERE = Path(__file__).resolve().parent

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="Xvfb and xdotool are programs of X11 systems"
)


@pytest.fixture
def display() -> Iterator[str]:
    assert shutil.which("Xvfb"), "Xvfb is missing: apt install xvfb"
    assert shutil.which("xdotool"), "xdotool is missing: apt install xdotool"
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as says:
        number = says.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(10)


def driven(program: str, flow: Path, display: str) -> dict[str, Any]:
    """Let a hand do its job at a display, beside the file of a flow; return what it saw."""
    tmp_path = flow.parent
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "FLODESK_SETTINGS": str(tmp_path / "settings"),
    }
    environment.pop("WAYLAND_DISPLAY", None)
    done = subprocess.run(
        [sys.executable, str(HERE / program), str(flow), str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=220,
    )
    assert done.stdout.strip(), done.stderr
    seen: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    assert "error" not in seen, seen["error"] + done.stderr
    return seen


@pytest.mark.timeout(240)
def test_the_main_job_by_mouse_and_keyboard(display: str, tmp_path: Path) -> None:
    flow = tmp_path / "mine.py"
    seen = driven("drive_main_job.py", flow, display)
    assert seen["runs"]
    assert seen["wired"]
    assert seen["undone"]
    assert seen["redone"]
    before, after = seen["cutoff"]
    assert before == 20.0
    assert 80.0 < after < 160.0
    assert seen["undone slider"] == before
    assert seen["redone slider"] == after
    text = flow.read_text(encoding="utf-8")
    assert write(read(text)) == text
    new = seen["added"]
    assert f"        {new} = maths.absolute(noisy)\n" in text
    assert f"    cutoff = control.slider({after!r}, minimum=1.0, maximum=200.0" in text
    assert f"# {new} = [" in text
    assert seen["same picture"]


FLOW = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# wave = [0, 0]
# loud = [260, 0]
#
# [tool.flodesk.panel.flow]
# loud_factor = { at = [0, 0, 4, 2], shows = "loud.factor" }
# ///
import flodesk
from flodesk.nodes import maths, source


def flow():
    wave = source.sine(frequency=5.0, rate=1000.0)
    loud = maths.scale(wave, factor=3.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.timeout(240)
def test_a_wire_is_drawn_out_of_the_canvas_onto_the_panel(display: str, tmp_path: Path) -> None:
    flow = tmp_path / "mine.py"
    flow.write_text(FLOW, encoding="utf-8")
    seen = driven("drive_onto_panel.py", flow, display)
    assert seen["offered"] == "Plot"
    added = set(flow.read_text(encoding="utf-8").splitlines()) - set(FLOW.splitlines())
    (line,) = added
    assert re.fullmatch(r'# wave = \{ at = \[\d+, \d+, 8, 6\], options = \{ as = "show.line" \} \}', line), line
