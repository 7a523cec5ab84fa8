"""Folders of their own for the headless tests, however they are run.

``pytest tests/headless`` finds the ini file of this folder, takes the folder for the root, and so never reads the
conftest above, which all tests share: what a run leaves behind went into the user's own history and letters.
"""

from __future__ import annotations

import importlib.util
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
