"""The room of the control panel: what its views need at first, and what a hand gives it, also at the next start."""

from __future__ import annotations

import json
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import SetView
from flodesk.flow.model import View
from flodesk.ui.settings import settings
from flodesk.ui.window import Window

TEXT = """
import flodesk
from flodesk.nodes import control, show, timing


def flow():
    on = control.switch(True)
    for tick in timing.count(3):
        number = show.number(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""
NUMBER = View(id="number", shows="number", column=0, row=0, width=3, height=2)
SWITCH = View(id="on", shows="on", column=3, row=0, width=2, height=2)


def at_rest() -> None:
    for _ in range(4):
        QApplication.processEvents()


def shown(window: Window, *views: View) -> None:
    for view in views:
        window.document.do(SetView("flow", view.id, view))
    at_rest()


def split_of(window: Window) -> QSplitter:
    found = window.findChild(QSplitter, "split")
    assert isinstance(found, QSplitter)
    return found


def drag(window: Window, dy: int) -> None:
    handle = split_of(window).handle(1)
    start = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    for part in (dy // 2, dy):
        QTest.mouseMove(handle, handle.mapFromGlobal(handle.mapToGlobal(start)) + QPoint(0, part))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start + QPoint(0, dy))
    at_rest()


def test_a_first_view_takes_what_it_needs_and_further_ones_more(opened: Window) -> None:
    canvas, whole = split_of(opened).sizes()[0], sum(split_of(opened).sizes())
    shown(opened, NUMBER)
    sizes = split_of(opened).sizes()
    card = opened.panel.board.cards["flow.number"]
    assert card.visibleRegion().boundingRect() == card.rect(), "it is seen whole"
    assert sizes[1] < 200 < whole / 3
    assert canvas - sizes[0] < 100
    shown(opened, View(id="more", shows="number", column=0, row=2, width=3, height=4))
    assert split_of(opened).sizes()[1] == sizes[1] + 4 * 48
    shown(opened, View(id="much", shows="number", column=0, row=6, width=3, height=40))
    assert split_of(opened).sizes()[0] >= 0.41 * whole, "the canvas keeps its share"


def test_what_a_hand_has_drawn_is_remembered_at_once(
    opened: Window, open_window: Callable[..., Window], qtbot: QtBot
) -> None:
    shown(opened, NUMBER, SWITCH)
    before = split_of(opened).sizes()[1]
    drag(opened, -150)
    drawn = split_of(opened).sizes()
    assert drawn[1] > before + 100
    qtbot.waitUntil(
        lambda: "below" in json.loads(str(settings().value("sizes", "{}"))).get("panel", {}).get("shares", {}),
        timeout=20_000,
    )
    other = open_window()  # the first one was not closed: it could have been killed
    assert opened.document.path is not None
    assert other.files.open(opened.document.path)
    shown(other, NUMBER)
    assert abs(split_of(other).sizes()[1] - drawn[1]) < 8


def test_in_a_low_window_the_uppermost_views_stay_whole(opened: Window) -> None:
    shown(opened, NUMBER, SWITCH)
    drag(opened, 40)
    opened.resize(720, 480)
    at_rest()
    for card in opened.panel.board.cards.values():
        assert card.content is not None
        seen = card.content.visibleRegion().boundingRect()
        assert seen.height() >= 30, f"{card.title} shows its title alone"
