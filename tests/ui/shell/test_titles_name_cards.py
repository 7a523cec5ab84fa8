"""What undo would take back, what the status bar, the inspector and the list of problems say, is read on the cards."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths, source, timing


def flow():
    signal = source.sine(frequency=5.0, samples=50)
    peak = max(signal) * 2
    low, high = min(signal), max(signal)
    louder = maths.multiply(peak, high)
    total = 0.0
    for tick in timing.ticks(rate=10.0):
        total = total + tick
        if total > 3:
            total = 0.0
    odd = nothing + peak


if __name__ == "__main__":
    flodesk.main(flow)
"""

_CTRL = Qt.KeyboardModifier.ControlModifier


def _choose(window: Window, *keys: str) -> None:
    canvas = window.canvases.current
    canvas.picking.choose([canvas.board.cards[key] for key in keys])
    QApplication.processEvents()


def _undo(window: Window) -> str:
    return window.commands["edit.undo"].text().replace("&", "")


@pytest.mark.parametrize(
    ("key", "title"), [("code_1", "peak = max(signal) * 2"), ("if_1", "If total > 3"), ("louder", "louder")]
)
def test_undo_and_redo_name_the_card_that_is_deleted(qtbot: QtBot, opened: Window, key: str, title: str) -> None:
    _choose(opened, key)
    qtbot.keyClick(opened.canvases.current.viewer, Qt.Key.Key_Delete)
    assert _undo(opened) == f"Undo “Remove {title}”"
    opened.commands.trigger("edit.undo")
    assert opened.commands["edit.redo"].text().replace("&", "") == f"Redo “Remove {title}”"
    opened.commands.trigger("edit.redo")
    assert _undo(opened) == f"Undo “Remove {title}”"


def test_undo_names_the_card_that_was_moved_or_pasted(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    for _ in range(2):  # the first move keeps the places of all others, too
        at = canvas.node_center("code_1")
        QTest.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
        for way in (8, 24, 40):
            QTest.mouseMove(canvas.viewport(), at + QPoint(way, way))
        QTest.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(40, 40))
    assert _undo(opened) == "Undo “Move peak = max(signal) * 2”"
    _choose(opened, "code_1")
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_D, _CTRL)
    assert _undo(opened) == "Undo “Paste peak_2 = max(signal) * 2”"
    opened.commands.trigger("edit.undo")
    assert opened.commands["edit.redo"].text().replace("&", "") == "Redo “Paste peak_2 = max(signal) * 2”"


def test_the_status_bar_names_the_card(qtbot: QtBot, opened: Window) -> None:
    _choose(opened, "if_1")
    qtbot.keyClick(opened.canvases.current.viewer, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert opened.statusBar().currentMessage() == "No wire leads on from “If total > 3”."


def test_the_inspector_says_which_value_is_wired(opened: Window) -> None:
    _choose(opened, "louder")
    opened.inspector.settle()
    said = {label.toolTip() or label.text() for label in opened.inspector.findChildren(QLabel) if label.isVisible()}
    assert {"from peak", "from high"} <= said
    assert not any("code_" in words for words in said)


def test_the_list_of_problems_says_where_in_these_words(qtbot: QtBot, opened: Window) -> None:
    opened.problems_shown()
    qtbot.waitUntil(lambda: bool(opened.problems.problems))
    rows = [opened.problems.list.item(n) for n in range(opened.problems.list.count())]
    said = " ".join(str(row.data(Qt.ItemDataRole.AccessibleTextRole)) for row in rows)
    assert "“odd = nothing + peak”" in said
    assert "code_" not in said
