"""What flodesk itself dies or fails of is kept on this computer, and offered with a button that copies it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from flodesk.ui.crash_reports import KEPT, CrashReports, actions
from flodesk.ui.message_bar import MessageBar

CRASH = """
import faulthandler
from flodesk.ui.crash_reports import CrashReports
reports = CrashReports()
print(reports.begin(), flush=True)
faulthandler._sigsegv()
"""
END = """
from flodesk.ui.crash_reports import CrashReports
reports = CrashReports()
died = reports.begin()
print(died.read_text(encoding="utf-8") if died else "nothing")
reports.end()
"""


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path))
    return tmp_path / "crashes"


def program(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], env=os.environ, capture_output=True, text=True, check=False)
    return done.stdout


def test_a_crash_in_c_code_is_told_at_the_next_start_and_once(own_data: Path) -> None:
    assert program(CRASH).strip() == "None"
    told = program(END)
    assert told.startswith("flodesk 0")
    assert "Segmentation fault" in told
    assert "Qt 6" in told
    assert program(END).strip() == "nothing"
    assert len(list(own_data.glob("20*.txt"))) == 1
    assert not list(own_data.glob("open-*"))


def test_a_program_that_was_killed_has_not_crashed() -> None:
    program(CRASH.replace("faulthandler._sigsegv()", "import os; os._exit(9)"))
    assert program(END).strip() == "nothing"


def test_what_a_living_program_writes_is_left_alone(own_data: Path) -> None:
    living = CrashReports()
    living.begin()
    assert program(END).strip() == "nothing"
    assert len(list(own_data.glob("open-*.txt"))) == 1
    living.end()


def test_what_failed_is_copied_by_the_button_of_its_message(qtbot: QtBot) -> None:
    reports = CrashReports()
    reports.begin()
    report = reports.write("Traceback: ZeroDivisionError")
    assert report is not None
    over = QWidget()
    over.resize(900, 300)
    qtbot.addWidget(over)
    bar = MessageBar()
    bar.setParent(over)
    over.show()
    bar.resize(900, 60)
    told: list[str] = []
    bar.show_message("flodesk itself failed.", "error", actions(report, told.append))
    button = next(button for button in bar.buttons if button.text() == "Copy report")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("flodesk 0")
    assert copied.endswith("Traceback: ZeroDivisionError")
    assert told == ["The report is on the clipboard."]
    report.unlink()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "cannot be read" in told[-1]
    reports.end()


@pytest.mark.parametrize("answers", [True, False])
def test_where_the_reports_are_is_said_whether_or_not_a_folder_is_shown(
    monkeypatch: pytest.MonkeyPatch, own_data: Path, answers: bool
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: answers)
    told: list[str] = []
    dict(actions(own_data / "one.txt", told.append))["Show the folder"]()
    assert len(told) == 1
    assert told[0].endswith(str(own_data))


def test_old_reports_go(own_data: Path) -> None:
    reports = CrashReports()
    reports.begin()
    for number in range(KEPT + 3):
        reports.write(str(number))
    assert len(list(own_data.glob("20*.txt"))) == KEPT
    reports.end()


def test_without_a_folder_there_are_no_reports_and_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("FLODESK_DATA", str(file / "no folder"))
    reports = CrashReports()
    assert reports.begin() is None
    assert reports.write("lost") is None
    assert actions(None, print) == ()
    reports.end()
