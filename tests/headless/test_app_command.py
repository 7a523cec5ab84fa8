"""What ``flodesk app`` says where it can show nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def app(*arguments: str) -> subprocess.CompletedProcess[str]:
    quiet = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    command = [sys.executable, "-m", "flodesk", "app", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=quiet, check=False, timeout=60)


def test_help_names_every_option_and_the_exit_codes() -> None:
    done = app("--help")
    assert done.returncode == 0
    for words in ("--full-screen", "--start", "--touch", "--password-file", "--no-edit", "Exit codes"):
        assert words in done.stdout


def test_what_is_missing_is_said_before_a_window_is_opened(tmp_path: Path) -> None:
    flow, secret = tmp_path / "flow.py", tmp_path / "secret"
    done = app(str(flow))
    assert (done.returncode, done.stdout) == (3, "")
    assert f"there is no file {flow}" in done.stderr
    flow.write_text("import flodesk\n")
    done = app(str(flow), "--password-file", str(secret))
    assert done.returncode == 3
    assert "--password-file" in done.stderr
    assert "No such file" in done.stderr
    secret.write_text("\nsecond\n")
    done = app(str(flow), "--password-file", str(secret))
    assert done.returncode == 2
    assert "nothing in its first line" in done.stderr
    if sys.platform.startswith("linux"):
        done = app(str(flow))
        assert done.returncode == 2
        assert f"no display to show a window on. Run the flow without one: flodesk run {flow}" in done.stderr
