"""The value of an arm that was taken is on its own card, wire and probe; the merge has the one that it took."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from flodesk.ui.canvas.pointed import pointed_at
from flodesk.ui.window import Window

TEXT = """\
import flodesk


def upto(n):
    yield from range(n)


def up(x, by=1):
    return x + by


def flow():
    for k in upto(3):
        if k > 1:
            out = up(k, 10)
        elif k == 1:
            out = k * 100
        else:
            if k < 0:
                out = up(k, 1000)
            else:
                out = up(k, 7)
        got = up(out)


if __name__ == "__main__":
    flodesk.main(flow)
"""
LAST = {"call_1": "12", "code_1": "100", "call_3": "7", "out": "12", "got": "13"}


def seen(window: Window) -> dict[str, str]:
    """The values on the cards."""
    cards = window.canvases.current.board.cards.items()
    return {name: preview.text for name, card in cards for preview in card.live.previews.values()}


def key(qtbot: QtBot, window: Window, which: Qt.Key) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
    qtbot.keyClick(window, which)


def test_each_arm_that_was_taken_has_its_value_on_card_wire_and_probe(qtbot: QtBot, opened: Window) -> None:
    board = opened.canvases.current.board
    opened.canvases.current.select(["code_1", "out"])
    opened.canvases.current.setFocus()
    qtbot.keyClick(opened.canvases.current.viewer, Qt.Key.Key_P)
    assert len(opened.probing.desk.rooms) == 2
    key(qtbot, opened, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: LAST.items() <= seen(opened).items(), timeout=60_000)
    assert "call_2" not in seen(opened), "that arm was never taken"
    states = {name: card.live.state for name, card in board.cards.items()}
    assert states["code_1"] == states["call_3"] == "done"
    for name, text in LAST.items():
        wires = [wire for ends, wire in board.wires.items() if ends[0][0] == name]
        for wire in wires:
            told = pointed_at(wire, board)
            assert told is not None
            assert told.preview is not None
            assert told.preview.text == text
    held = opened.probing.desk.held

    def kept() -> list[tuple[object, int]]:
        return [(one.kept.value, one.count) for one in held.values() if one.kept is not None]

    qtbot.waitUntil(lambda: sorted(kept(), key=str) == [(100, 1), (12, 3)], timeout=60_000)
    assert [card.probed for name, card in board.cards.items() if name in ("code_1", "call_1")]


@pytest.mark.parametrize("wire", [False, True])
def test_where_it_is_held_the_arm_taken_is_new_and_the_others_are_of_before(
    qtbot: QtBot, opened: Window, wire: bool
) -> None:
    canvas = opened.canvases.current
    board = canvas.board
    if wire:  # the breakpoint is on the wire of one arm: the others do not hold there
        ends = next(ends for ends in board.wires if ends[0][0] == "code_1")
        at: QPoint = canvas.wire_position(*ends)
        qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    else:
        canvas.select(["got"])
        canvas.setFocus()
    key(qtbot, opened, Qt.Key.Key_F9)
    key(qtbot, opened, Qt.Key.Key_F5)

    def there(turn: int = 2) -> bool:
        paused = opened.run.paused
        return paused is not None and paused.iteration == turn

    if not wire:
        qtbot.waitUntil(lambda: there(1), timeout=60_000)
        key(qtbot, opened, Qt.Key.Key_F6)
    qtbot.waitUntil(there, timeout=60_000)
    now = {"code_1": ("100", False), "call_3": ("7", True), "out": ("100", False), "got": ("8", True)}

    def marked() -> dict[str, tuple[str, bool]]:
        cards = board.cards.items()
        return {n: (p.text, port in c.live.earlier) for n, c in cards for port, p in c.live.previews.items()}

    qtbot.waitUntil(lambda: now.items() <= marked().items(), timeout=60_000)
    assert "call_1" not in marked()
    key(qtbot, opened, Qt.Key.Key_F6)
    if not wire:
        qtbot.waitUntil(lambda: marked().get("call_1") == ("12", False), timeout=60_000)
        qtbot.keyClick(opened, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not opened.run.active, timeout=60_000)
