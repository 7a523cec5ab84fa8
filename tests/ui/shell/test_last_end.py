"""After a crash the next start says so, and has the report, whether or not there were unsaved changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from flodesk.app import _open
from flodesk.flow.edit import SetNote
from flodesk.ui.last_end import CRASHED
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths


def flow():
    twice = maths.scale(2.0, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    report = tmp_path / "crashes" / "report.txt"
    report.parent.mkdir()
    report.write_text("Fatal Python error: Segmentation fault", encoding="utf-8")
    return report


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.py"
    path.write_text(TEXT, encoding="utf-8")
    return path


def leave_changes(open_window: Callable[..., Window], file: Path) -> None:
    window = open_window()
    window.restoring.begin()
    window.files.open(file)
    window.document.do(SetNote("flow", "twice", f"a note of {file.name}"))
    window.restoring.end(keep=True)


def button(window: Window, title: str) -> QPushButton:
    return next(button for button in window.bar.buttons if button.text() == title)


def press(qtbot: QtBot, window: Window, title: str) -> None:
    qtbot.mouseClick(button(window, title), Qt.MouseButton.LeftButton)


def copies_the_report(qtbot: QtBot, window: Window) -> None:
    QGuiApplication.clipboard().clear()
    press(qtbot, window, "Copy report")
    assert "Segmentation fault" in QGuiApplication.clipboard().text()
    assert window.statusBar().currentMessage() == "The report is on the clipboard."


@pytest.mark.parametrize("answer", ["Restore", "Discard"])
def test_with_unsaved_changes_the_crash_is_told_with_the_question_and_after_it(
    qtbot: QtBot, open_window: Callable[..., Window], file: Path, report: Path, answer: str
) -> None:
    leave_changes(open_window, file)
    window = open_window()
    window.restoring.begin()
    _open(window, str(file), report)
    assert window.bar.text.startswith(f"{CRASHED} Unsaved changes of own.py from")
    copies_the_report(qtbot, window)
    press(qtbot, window, answer)
    assert ("is back" in window.bar.text) == (answer == "Restore")
    assert CRASHED in window.bar.text
    assert [button.text() for button in window.bar.buttons] == ["Copy report", "Show the folder"]
    copies_the_report(qtbot, window)
    window.restoring.end()


def test_each_question_tells_of_the_crash(
    qtbot: QtBot, open_window: Callable[..., Window], file: Path, report: Path
) -> None:
    other = file.with_name("other.py")
    other.write_text(TEXT, encoding="utf-8")
    for path in (file, other):
        leave_changes(open_window, path)
    window = open_window()
    window.restoring.begin()
    _open(window, str(file), report)
    for _ in range(2):
        assert window.bar.text.startswith(f"{CRASHED} Unsaved changes of ")
        press(qtbot, window, "Discard")
    assert window.bar.text == f"{CRASHED} What it was doing is in {report}."
    window.restoring.end()


def test_another_flow_that_is_opened_takes_it_away_and_nothing_else(
    open_window: Callable[..., Window], file: Path, report: Path
) -> None:
    window = open_window()
    _open(window, str(file), report)
    assert window.bar.text == f"{CRASHED} What it was doing is in {report}."
    window.files.new()
    assert window.bar.text == ""
    window.bar.show_message("Something that stays", "warning", stays=True)
    window.files.open(file)
    assert window.bar.text == "Something that stays"
