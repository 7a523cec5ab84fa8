"""While the panel is used, the keys that arrange it say what to press first, and change nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel

BODY = ["gain = control.slider(1.0)", "seen = show.number(gain)"]
VIEWS = ["gain = [0, 0, 6, 2]", "seen = [6, 0, 4, 2]"]
_CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text(BODY, VIEWS))


@pytest.mark.parametrize("view", ["gain", "seen"])
def test_a_key_of_arranging_says_what_to_press_first(qtbot: QtBot, panel: ControlPanel, view: str) -> None:
    told: list[str] = []
    panel.refused.connect(told.append)
    before, on_clipboard = write(panel.document.flow), QApplication.clipboard().text()
    card = panel.board.cards[f"flow.{view}"]
    card.setFocus()
    at = (card.content if view == "gain" else None) or card
    for key, how in ((Qt.Key.Key_C, _CTRL), (Qt.Key.Key_V, _CTRL), (Qt.Key.Key_Delete, Qt.KeyboardModifier(0))):
        qtbot.keyClick(at, key, how)
    assert told == [f"Press Arrange first to {words} views." for words in ("copy", "paste", "remove")]
    assert write(panel.document.flow) == before
    assert not panel.document.undo_title
    assert QApplication.clipboard().text() == on_clipboard


def test_other_keys_and_a_panel_that_only_shows_say_nothing(qtbot: QtBot, panel: ControlPanel) -> None:
    told: list[str] = []
    panel.refused.connect(told.append)
    qtbot.keyClick(panel.board.cards["flow.seen"], Qt.Key.Key_F)
    qtbot.keyClick(panel.board.cards["flow.seen"], Qt.Key.Key_Z, _CTRL)
    panel.lock(touch=False)
    qtbot.keyClick(panel.board.cards["flow.seen"], Qt.Key.Key_C, _CTRL)
    assert told == []
