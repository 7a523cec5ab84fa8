"""An operator at a real X server: the process that the command line starts, STOP by the mouse, the ends of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="Xvfb and xdotool are programs of X11 systems"
)
WIDE, HIGH = 800, 480
FLOW = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# meter = [0, 0, 6, 2]
# ///
from pathlib import Path

import flodesk
from flodesk.nodes import show, timing

HERE = Path(__file__).parent


class Heater:
    def __init__(self) -> None:
        (HERE / "on").write_text("on")

    def __call__(self, x: float) -> float:
        return x

    def close(self) -> None:
        (HERE / "on").unlink()


def flow():
    heater = Heater()
    for tick in timing.every(0.01):
        heated = heater(tick)
        meter = show.number(heated)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def display() -> Iterator[str]:
    assert shutil.which("Xvfb"), "Xvfb is missing: apt install xvfb"
    assert shutil.which("xdotool"), "xdotool is missing: apt install xdotool"
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{WIDE}x{HIGH}x24", "-nolisten", "tcp"],
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


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.timeout(240)
def test_stop_by_the_mouse_and_the_end_by_a_signal_leave_everything_off(display: str, tmp_path: Path) -> None:
    flow, on = tmp_path / "heater.py", tmp_path / "on"
    flow.write_text(FLOW)
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "FLODESK_SETTINGS": str(tmp_path / "settings"),
    }
    environment.pop("WAYLAND_DISPLAY", None)

    def xdo(*words: object) -> str:
        command = ["xdotool", *map(str, words)]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    options = ["--full-screen", "--touch", "--start"]
    program = subprocess.Popen([sys.executable, "-m", "flodesk", "app", str(flow), *options], env=environment)
    try:
        until(on.exists)  # it has started by itself
        xdo("search", "--sync", "--onlyvisible", "--name", "Heater")
        # the last of the big buttons, before History and the menu, where it always is
        xdo("mousemove", WIDE - 180, 38, "click", 1)
        until(lambda: not on.exists())
        assert program.poll() is None

        def begun() -> bool:  # a click that comes before the run has ended finds the button off
            xdo("mousemove", WIDE - 420, 38, "click", 1)
            end = time.monotonic() + 2.0
            while not on.exists() and time.monotonic() < end:
                time.sleep(0.05)
            return on.exists()

        until(begun)
        program.send_signal(signal.SIGTERM)  # the session ends while the flow runs
        assert program.wait(60) == 0
        assert not on.exists()
    finally:
        program.kill()
        program.wait(10)
