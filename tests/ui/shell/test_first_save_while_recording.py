"""A flow that records is saved for the first time, or elsewhere: the recording goes on in the file that it has."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.flow.script import read
from flodesk.ui.panel.faces.recorder import RecorderFace
from flodesk.ui.window import Window

TEXT = """# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# log = [0, 0, 6, 4]
# ///
import flodesk
from flodesk.nodes import record, timing


def flow():
    log = record.Csv("rec.csv", columns=["tick"])
    for tick in timing.every(0.01):
        told = log(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def face(window: Window) -> RecorderFace:
    content = window.panel.board.cards["flow.log"].content
    assert isinstance(content, RecorderFace)
    return content


def turns(window: Window) -> int:
    now = face(window)._now
    return now.turns if now is not None else 0


def ticks(path: Path) -> list[int]:
    with path.open(newline="") as lines:
        return [int(row[1]) for row in list(csv.reader(lines))[1:]]


def said(window: Window) -> str:
    return window.log.page.toPlainText()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the data folder of the window and its engine."""
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.mark.parametrize("saved", [False, True], ids=["first", "save as"])
def test_a_recording_goes_on_where_it_is_when_its_flow_is_saved_elsewhere(
    qtbot: QtBot, open_window: object, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, saved: bool
) -> None:
    window: Window = open_window(lambda: Host(warm=()))  # type: ignore[operator]
    folder, there = data / "untitled", tmp_path / "there"
    there.mkdir()
    assert window.files.open_copy(read(TEXT), None)
    if saved:
        folder = tmp_path / "before"
        folder.mkdir()
        assert window.files.write(folder / "flow.py")
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: turns(window) > 20)
    assert face(window).tip().splitlines()[-1] == str(folder / "rec.csv")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(there / "flow.py"), ""))
    window.commands.trigger("file.save_as" if saved else "file.save")
    qtbot.waitUntil(lambda: window.document.path == there / "flow.py")
    goes_on = f"this recording goes on in {folder / 'rec.csv'}, the next is {there / 'rec.csv'}"
    qtbot.waitUntil(lambda: goes_on in said(window))
    before = turns(window)
    qtbot.waitUntil(lambda: turns(window) > before + 20)
    window.commands.trigger("run.stop")
    qtbot.waitUntil(lambda: not window.run.active)
    found = ticks(folder / "rec.csv")
    assert all(b == a + 1 for a, b in pairwise(found))
    assert found[0] == 0
    about = json.loads((folder / "rec.csv-metadata.json").read_text())
    assert json.dumps(about).count(f'"turns": {len(found)}') == 1
    assert '"dropped": 0' in json.dumps(about)
    assert said(window).count("goes on in") == 1
    assert "is gone" not in said(window)
    assert not (there / "rec.csv").exists()
