"""Places of other packages in the run bar: listed when somebody looks, and chosen like those of ours."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.ui.window import Window


def test_a_place_of_a_package_is_listed_and_chosen(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "flodesk_moon-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: flodesk-moon\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[flodesk.places]\nmoon = flodesk_moon:Moon\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    box = window.run_bar.place
    assert [box.itemText(n) for n in range(box.count())] == ["This machine", "Redis queue", "Dask cluster"]
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: box.view().isVisible())
    assert box.itemText(3) == "Place “moon”"
    qtbot.keyClick(box.view(), Qt.Key.Key_End)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    assert window.run.place == "moon"
