"""Folders of their own for the headless tests, however they are run.

``pytest tests/headless`` finds the ini file of this folder, takes the folder for the root, and so never reads the
conftest above, which all tests share: what a run leaves behind went into the user's own history and letters.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("shared_by_all_tests", Path(__file__).parents[1] / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_shared = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_shared)

data_of_its_own = _shared.data_of_its_own
no_thread_outlives_its_test = _shared.no_thread_outlives_its_test


@pytest.fixture(autouse=True)
def settings_of_its_own(data_of_its_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's settings out as well: a command may start the window where Qt is there."""
    monkeypatch.setenv("FLODESK_SETTINGS", str(data_of_its_own / "settings.ini"))


Command = Callable[..., "subprocess.CompletedProcess[str]"]


class WarmCommands:
    """Processes of the command line without the time in which they import: see `warm_command.py`."""

    def __init__(self) -> None:
        line = [sys.executable, "-P", str(Path(__file__).with_name("warm_command.py"))]
        self._process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, *words: object) -> subprocess.CompletedProcess[str]:
        """Call ``flodesk`` with these words; returns its exit code and what it has said."""
        arguments = [str(word) for word in words]
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            for file in (out, err):
                file.touch()
            asked = {"words": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}  # noqa: PTH109
            print(json.dumps({**asked, "out": str(out), "err": str(err)}), file=self._process.stdin, flush=True)
            code = int(self._process.stdout.readline())
            said = [file.read_text(encoding="utf-8") for file in (out, err)]
        return subprocess.CompletedProcess(["flodesk", *arguments], code, *said)

    def close(self) -> None:
        """End the process that waits for requests."""
        self._process.communicate(timeout=60)


def _from_nothing(*words: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "flodesk", *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=100)


@pytest.fixture(scope="session")
def flodesk() -> Iterator[Command]:
    """Give the command line, a process for each call, without the second in which it imports."""
    if not hasattr(os, "fork"):
        yield _from_nothing
        return
    warm = WarmCommands()
    yield warm
    warm.close()


@pytest.fixture
def flodesk_from_nothing() -> Command:
    """Give the command line by an interpreter of its own for each call, which is watched: some calls of each kind."""
    return _from_nothing


@pytest.fixture
def gone() -> Callable[[int], bool]:
    """Wait until a process is over; returns whether that came."""

    def wait(pid: int) -> bool:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                os.kill(pid, 0)
                if sys.platform == "linux":
                    state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
                    if state in "ZX":
                        return True
            except OSError:
                return True
            time.sleep(0.02)
        return False

    return wait
