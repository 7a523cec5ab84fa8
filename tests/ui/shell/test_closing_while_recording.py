"""Closing a window while a recording is being made: it is asked once, and nothing is lost by a slip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.flow.script import read
from flodesk.ui.still_recording import recorders
from flodesk.ui.window import Window

When = Callable[[Callable[[QWidget], object]], None]
TEXT = """import flodesk
from flodesk.nodes import record, timing


def flow():
    log = record.Csv("log.csv", columns=["tick"])
    for tick in timing.every(0.005):
        log(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize("quit_by", ["app.quit", "close"])
def test_a_recording_that_is_made_is_asked_about_and_goes_on_or_is_stopped(
    qtbot: QtBot, opened: Window, press: Callable[[str], None], quit_by: str
) -> None:
    def leave() -> None:
        if quit_by == "close":
            opened.close()
        else:
            opened.company.quit()

    opened.run.start()
    qtbot.waitUntil(lambda: opened.run.phase == "running", timeout=60_000)
    press("Go on")
    leave()
    assert opened.isVisible()
    assert opened.run.active
    press("Stop and quit")
    leave()
    assert not opened.isVisible()


@pytest.mark.parametrize("how", ["file.new", "file.example", "a file"])
def test_who_opens_another_flow_while_one_records_is_asked_first(
    qtbot: QtBot,
    opened: Window,
    when_asked: Callable[..., None],
    press: Callable[[str], None],
    tmp_path: Path,
    how: str,
) -> None:
    def leave() -> None:
        if how == "a file":
            opened.files.open(other)
        else:
            opened.commands.trigger(how)

    def stay(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        qtbot.keyClick(box, Qt.Key.Key_Escape)

    asked: list[str] = []
    other = tmp_path / "other.py"
    other.write_text(TEXT.replace("log", "trace"), encoding="utf-8")
    path = opened.document.path
    opened.run.start()
    qtbot.waitUntil(lambda: opened.run.phase == "running", timeout=60_000)
    when_asked(stay)
    leave()
    assert asked == ["<b>“log” is being recorded. Stop it and open another flow?</b>"]
    assert opened.document.path == path
    assert opened.run.active
    press("Stop and open")
    leave()
    assert opened.document.path != path
    qtbot.waitUntil(lambda: not opened.run.active)


def test_without_a_recorder_that_is_on_nothing_is_asked() -> None:
    known = Catalog.builtin()
    assert recorders(read(TEXT), known) == ["flow.log"]
    assert recorders(read(TEXT.replace('log = record.Csv("log.csv", columns=["tick"])', "log = print")), known) == []


def test_a_window_whose_run_is_over_closes_at_once(opened: Window) -> None:
    assert opened.close()
