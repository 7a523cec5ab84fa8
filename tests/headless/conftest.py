"""Folders of their own for the headless tests, however they are run.

``pytest tests/headless`` finds the ini file of this folder, takes the folder for the root, and so never reads the
conftest above, which all tests share: what a run leaves behind went into the user's own history and letters.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Callable
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
