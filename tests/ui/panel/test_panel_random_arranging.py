"""A hand that arranges at random: the file stays whole, nothing covers anything, and undo leads all the way back."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import read, write
from flodesk.ui.panel.layout.arrange_keys import VERBS

BODY = [f"{name} = control.slider(1.0)" for name in "abcdef"]
VIEWS = [
    'a = { at = [0, 1, 4, 2], group = "Pump" }', 'b = { at = [4, 1, 4, 2], group = "Pump", mine = 1 }',
    'c = { at = [0, 4, 4, 2], group = "Tank", tab = "Level" }',
    'd = { at = [0, 4, 4, 2], group = "Tank", tab = "Flow" }',
    "e = [8, 0, 4, 2]", "f = [6, 5, 3, 1]",
]  # fmt: skip
STEPS = 40


def _drag(on: Any, dice: random.Random) -> None:
    points = [cells.center() for cells in map(on.glass.rectangle, on.panel.board.seen().values())]
    points += [area.center() for area in on.panel.board.titles().values()]
    start = dice.choice([*points, QPoint(500, 560)])
    if dice.random() < 0.3:
        start += QPoint(dice.choice([-60, 60]), 0)
    on.drag(start, dice.randint(-6, 6), dice.randint(-4, 4))


def _choose(on: Any, dice: random.Random) -> None:
    keys = list(on.panel.board.seen())
    on.click(dice.choice(keys).partition(".")[2]) if keys else None
    for key in dice.sample(keys, min(len(keys), dice.randint(0, 3))):
        on.click(key.partition(".")[2], Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_arranging_keeps_the_file_whole_and_is_undone(
    arrange: Callable[[str], Any], flow_text: Callable[..., str], qtbot: QtBot, seed: int
) -> None:
    dice = random.Random(seed)
    QApplication.clipboard().clear()
    on = arrange(flow_text(BODY, VIEWS))
    before = write(on.panel.document.flow)
    verbs = sorted(set(VERBS) - {"leave", "move", "resize"})
    done = []
    for _ in range(STEPS):
        match dice.randint(0, 3):
            case 0:
                done.append("drag")
                _drag(on, dice)
            case 1:
                done.append("choose")
                _choose(on, dice)
            case 2:
                key = dice.choice([Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down])
                done.append("arrow")
                on.key(key, *([Qt.KeyboardModifier.ShiftModifier] if dice.random() < 0.5 else []))
            case _:
                done.append(dice.choice(verbs))
                on.panel.arranging.verbs[done[-1]]()
                if (field := on.panel.arranging.naming.field) is not None:
                    qtbot.keyClick(field, Qt.Key.Key_Escape)
        text = write(on.panel.document.flow)
        assert write(read(text)) == text, done
        seen = list(on.panel.board.seen().values())
        assert not any(a.overlaps(b) for n, a in enumerate(seen) for b in seen[n + 1 :]), done
        boxes = [*on.panel.board.titles().values()]
        assert not any(area.intersects(on.glass.rectangle(cells)) for area in boxes for cells in seen), done
        assert set(on.glass.selection) <= set(on.panel.board.cards), done
        if not on.panel.board.cards:
            on.undo()
    while on.panel.document.undo_title:
        on.undo()
    assert write(on.panel.document.flow) == before
