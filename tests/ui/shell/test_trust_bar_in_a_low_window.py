"""In a low window the question about a file from elsewhere is one line, and the panel keeps a part that can be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from flodesk.ui.window import LEAST, Window

TEXT = """\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk.panel.flow]
# level = [0, 0, 5, 2]
# number = [5, 0, 3, 2]
# ///
import flodesk
from flodesk.nodes import control, show


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    number = show.number(level)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_it_is_one_line_with_a_menu(
    qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FLODESK_TRUST")
    window.resize(*LEAST)
    path = tmp_path / "foreign.py"
    path.write_text(TEXT, encoding="utf-8")
    assert window.files.open(path)
    bar = window.trusting.bar
    qtbot.waitUntil(lambda: bar.isVisible() and bar.thin)
    qtbot.waitUntil(lambda: bar.height() <= 40)
    assert bar.words.text() == "foreign.py comes from elsewhere."
    assert bar.words.toolTip().endswith("Nothing of it runs until you say so.")
    qtbot.waitUntil(lambda: window.panel.height() >= 120)
    qtbot.mouseClick(bar.more, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    titles = [action.text() for action in menu.actions() if action.text()]
    assert titles == ["What would it run?", "Trust this file", "Trust its folder", "Run anyway"]
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    qtbot.waitUntil(bar.isHidden)
    assert window.trusting.trusted


def test_it_shows_its_buttons_again_where_there_is_room(
    qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FLODESK_TRUST")
    path = tmp_path / "foreign.py"
    path.write_text(TEXT, encoding="utf-8")
    assert window.files.open(path)
    bar = window.trusting.bar
    qtbot.waitUntil(bar.isVisible)
    assert all(button.isVisible() for button in bar.buttons)
    window.resize(*LEAST)
    qtbot.waitUntil(bar.more.isVisible)
    assert not any(button.isVisible() for button in bar.buttons)
    window.resize(1300, 850)
    qtbot.waitUntil(lambda: all(button.isVisible() for button in bar.buttons))
    assert bar.more.isHidden()
    assert bar.words.text().endswith("Nothing of it runs until you say so.")
