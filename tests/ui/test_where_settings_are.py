"""``FLODESK_SETTINGS`` names the file of what the window remembers, or its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from flodesk.ui.settings import settings


@pytest.mark.parametrize("folder", [True, False])
def test_what_is_remembered_is_there_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: bool
) -> None:
    where = tmp_path if folder else tmp_path / "profile.ini"
    monkeypatch.setenv("FLODESK_SETTINGS", str(where))
    store = settings()
    store.setValue("a", 1)
    store.sync()
    assert (tmp_path / ("settings.ini" if folder else "profile.ini")).is_file()
    assert str(settings().value("a")) == "1"
