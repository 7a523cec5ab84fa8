"""A recorder on the panel: what it says of a file that grows, and what its buttons do to the run and the script."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
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
# log = [0, 0, 5, 4]
# ///
import flodesk
from flodesk.nodes import record, timing


def flow():
    log = record.Csv("log.csv", columns=["tick"])
    for tick in timing.every(0.005):
        told = log(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def face(window: Window, view: str = "log") -> RecorderFace:
    content = window.panel.board.cards[f"flow.{view}"].content
    assert isinstance(content, RecorderFace)
    return content


def run(qtbot: QtBot, window: Window) -> None:
    window.run.start()
    qtbot.waitUntil(lambda: turns(window) > 3, timeout=60_000)


def stop(qtbot: QtBot, window: Window) -> None:
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)


def turns(window: Window) -> int:
    now = face(window)._now
    return now.turns if now is not None else 0


def click(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.waitUntil(button.isEnabled, timeout=60_000)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def ticks(path: Path) -> list[int]:
    with path.open(newline="") as lines:
        return [int(row[1]) for row in list(csv.reader(lines))[1:]]


def gaps(numbers: list[int]) -> list[int]:
    """Return how many are missing at each place where some are."""
    return [b - a - 1 for a, b in pairwise(numbers) if b != a + 1]


def folder(window: Window) -> Path:
    assert window.document.path is not None
    return window.document.path.parent


def test_it_is_offered_to_the_panel_and_says_before_a_run_that_there_was_none(opened: Window) -> None:
    assert not opened.panel.views.takes("flow.log"), "it is there"
    opened.panel.views.remove("flow.log")
    assert opened.panel.views.takes("flow.log")
    opened.panel.views.add("flow.log")
    opened.panel.refresh()
    assert face(opened).state == "Not run yet"
    assert face(opened).switch.text() == "Stop"
    assert not face(opened).split.isEnabled()
    assert face(opened).copy.isHidden()
    assert (opened.panel.board.cards["flow.log"].view.width, face(opened).accessibleName()) == (5, "log: Not run yet")


def test_with_no_file_one_is_chosen_as_an_edit(qtbot: QtBot, opened: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder(opened) / "none.py"
    path.write_text(TEXT.replace('"log.csv", columns', "columns"), encoding="utf-8")
    assert opened.files.open(path)
    qtbot.waitUntil(lambda: face(opened).state == "No file chosen")
    assert not face(opened).choose.isHidden()
    assert face(opened).switch.isHidden()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("/data/chosen", ""))
    qtbot.mouseClick(face(opened).choose, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "chosen.csv" in write(opened.document.flow))
    qtbot.waitUntil(lambda: face(opened).state == "Not run yet")
    opened.commands.trigger("edit.undo")
    qtbot.waitUntil(lambda: face(opened).state == "No file chosen")


def test_what_failed_before_the_first_turn_is_said(qtbot: QtBot, opened: Window) -> None:
    path = folder(opened) / "failing.py"
    path.write_text(TEXT.replace('"log.csv", columns', '"no/log.csv", on_problem="stop", columns'), encoding="utf-8")
    assert opened.files.open(path)
    opened.run.start()
    qtbot.waitUntil(lambda: face(opened).state == "Failed", timeout=60_000)
    assert "there is no folder" in face(opened).tip()
    assert "there is no folder" in face(opened).accessibleName()
    assert not face(opened).switch.isEnabled()


def test_stop_and_record_are_an_edit_of_the_script_that_the_run_hears_at_once(qtbot: QtBot, opened: Window) -> None:
    run(qtbot, opened)
    qtbot.waitUntil(lambda: "turns/s" in face(opened).figures[-1], timeout=60_000)
    assert face(opened).state == "Recording"
    click(qtbot, face(opened).switch)
    assert "told = log(tick, recording=False)\n" in write(opened.document.flow)
    assert face(opened).switch.text() == "Record"
    qtbot.waitUntil(lambda: face(opened).state == "Stopped", timeout=60_000)
    assert not face(opened).split.isEnabled()
    opened.commands.trigger("edit.undo")
    assert write(opened.document.flow) == TEXT
    qtbot.waitUntil(lambda: bool(gaps(ticks(folder(opened) / "log.csv"))), timeout=60_000)
    stop(qtbot, opened)
    qtbot.waitUntil(lambda: face(opened).state == "Ended", timeout=60_000)
    found = ticks(folder(opened) / "log.csv")
    qtbot.waitUntil(lambda: turns(opened) == len(found), timeout=60_000)  # also what was written at the very end
    assert len(gaps(found)) == 1, "it went on in the same file, without what came meanwhile"


def test_new_file_parts_the_recording_once_a_press_and_changes_no_script(qtbot: QtBot, opened: Window) -> None:
    run(qtbot, opened)
    for number in (2, 3):
        name = f"log.part{number:03}.csv"
        click(qtbot, face(opened).split)
        qtbot.waitUntil(lambda name=name: Path(face(opened)._now.path).name == name, timeout=60_000)
        before = turns(opened)
        qtbot.waitUntil(lambda least=before + 3: turns(opened) > least, timeout=60_000)
        qtbot.waitUntil(lambda: not opened.panel.pulses.down, timeout=60_000)  # it is seen as pressed for a moment
    assert "3 files" in face(opened).splits
    stop(qtbot, opened)
    assert write(opened.document.flow) == TEXT
    assert not opened.commands["edit.undo"].isEnabled()
    files = [folder(opened) / name for name in ("log.csv", "log.part002.csv", "log.part003.csv")]
    found = [tick for path in files for tick in ticks(path)]
    assert found == list(range(len(found))), "nothing is lost between them"
    assert not (folder(opened) / "log.part004.csv").exists()


def test_the_path_is_copied_and_the_folder_opened(
    qtbot: QtBot, opened: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(qtbot, opened)
    qtbot.mouseClick(face(opened).copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == str(folder(opened) / "log.csv")
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toLocalFile()) or True)
    qtbot.mouseClick(face(opened).folder, Qt.MouseButton.LeftButton)
    assert asked == [str(folder(opened))]
    assert [action.text() for action in face(opened).actions_of_face()] == ["Copy path", "Open folder"]
    stop(qtbot, opened)


WIRED = TEXT.replace("record, timing", "maths, record, timing").replace(
    "        told = log(tick)\n",
    "        low = maths.greater(50, tick)\n        told = log(tick, recording=low)\n",
)


def test_what_a_wire_sets_no_hand_does(qtbot: QtBot, opened: Window) -> None:
    path = opened.document.path
    assert path is not None
    path.write_text(WIRED)
    assert opened.files.open(path)
    opened.panel.refresh()
    assert not face(opened).switch.isEnabled()
    run(qtbot, opened)
    assert "Set by a wire from “low”" in face(opened).switch.toolTip()
    qtbot.waitUntil(lambda: face(opened).state == "Stopped", timeout=60_000)
    assert face(opened).switch.text() == "Record"
    stop(qtbot, opened)
    assert ticks(path.parent / "log.csv") == list(range(50))
