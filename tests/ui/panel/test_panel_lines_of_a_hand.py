"""A panel whose file has lines that a hand has got wrong shows all else, and of them what it can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write

BODY = ["gain = control.slider(2.0)", "level = show.number(gain)"]


def test_a_row_of_eight_digits_leaves_the_panel_in_one_piece_and_the_file_as_it_is(
    arrange: Callable[[str], Any], flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    text = flow_text(BODY, ["gain = [0, 0, 4, 2]", "level = { at = [0, 99999999, 4, 2] }"])
    hand = arrange(text)
    board: QWidget = hand.panel.board
    qtbot.waitUntil(lambda: set(hand.panel.board.cards) == {"flow.gain", "flow.level"})
    assert 0 < hand.panel.board.cards["flow.level"].geometry().bottom() < board.sizeHint().height() < 100_000
    assert write(hand.panel.document.flow) == text
    hand.drag("gain", 4, 0)
    assert hand.lines["gain"] == "[4, 0, 4, 2]"
    assert hand.lines["level"] == "{ at = [0, 99999999, 4, 2] }", "who was not moved keeps his letters"
    hand.undo()
    assert write(hand.panel.document.flow) == text
    hand.drag("level", 2, 0)
    assert "99999999" not in hand.lines["level"]
    hand.undo()
    assert write(hand.panel.document.flow) == text
