"""Held at a breakpoint, cards, panel, inspector and probes agree about each value: what it is, and whether it is new.

What this turn has given is new, all else stands as of before: what comes later, and arms that were not taken.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.engine.events import Paused
from flodesk.ui.window import Window

TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# meter = [0, 0, 4, 2]
# ///
import flodesk
from flodesk.nodes import show


def upto(n):
    yield from range(n)


def plus(x, by=100):
    return x + by


class Sums:
    def __init__(self):
        self.rows = []

    def add(self, value):
        self.rows.append(value)
        return sum(self.rows)


def flow():
    above = plus(1)
    sums = Sums()
    for tick in upto(1000):
        one = plus(tick)
        got = plus(one)
        again = got + above
        odd = 0
        if tick % 2:
            odd = plus(again)
            rare = plus(odd)
        for inner in upto(2):
            deep = plus(inner, tick)
            more = plus(deep)
        whole = sums.add(got)
        meter = show.number(got)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def key(qtbot: QtBot, window: Window, which: Qt.Key) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
    qtbot.keyClick(window, which)


@pytest.fixture
def hold(qtbot: QtBot, opened: Window) -> Callable[[str, int], None]:
    """Hold it at a node in a turn, by F9 on its card, F5, and F6 for as long as it takes."""

    def at(name: str, turn: int) -> None:
        opened.canvases.current.select([name])
        opened.canvases.current.setFocus()
        key(qtbot, opened, Qt.Key.Key_F9)
        key(qtbot, opened, Qt.Key.Key_F5)
        before: Paused | None = None
        while before is None or before.iteration < turn:

            def another(was: Paused | None = before) -> bool:
                return opened.run.paused is not None and opened.run.paused is not was

            qtbot.waitUntil(another, timeout=60_000)
            before = opened.run.paused
            if before is not None and before.iteration < turn:
                key(qtbot, opened, Qt.Key.Key_F6)

    return at


def seen(window: Window) -> dict[str, tuple[str, bool]]:
    """What the cards show, by variable: each value, and whether it is of before."""
    found: dict[str, tuple[str, bool]] = {}
    for card in window.canvases.current.board.cards.values():
        for port in card.node.outputs:
            if port.name in card.live.previews:
                found[port.variable] = card.live.previews[port.name].text, port.name in card.live.earlier
    return found


def bound(window: Window) -> dict[str, tuple[str, bool]]:
    """What the inspector shows, in the same way."""
    table = window.held.table
    rows = [table.topLevelItem(n) for n in range(table.topLevelItemCount())]
    texts = {row.text(0): row.text(1) for row in rows if row is not None}
    return {name: (text.removesuffix("  (of before)"), text.endswith("(of before)")) for name, text in texts.items()}


def stop(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)


def shown(window: Window) -> dict[str, bool]:
    """What the views of the panel show: whether it is of before."""
    cards = window.panel.board.cards.values()
    return {card.variable: card.mark is not None for card in cards}


def test_what_this_turn_has_given_is_new_and_all_else_of_before_wherever_it_is_shown(
    qtbot: QtBot, opened: Window, hold: Callable[[str, int], None]
) -> None:
    hold("got", 4)
    now = {"above": ("101", False), "tick": ("3", False), "one": ("103", False)}
    now |= {"got": ("202", True), "again": ("303", True), "rare": ("502", True)}
    now |= {"deep": ("3", True), "more": ("103", True), "whole": ("603", True)}
    qtbot.waitUntil(lambda: now.items() <= seen(opened).items() & bound(opened).items(), timeout=60_000)
    qtbot.waitUntil(lambda: shown(opened) == {"flow.meter": True}, timeout=60_000)
    key(qtbot, opened, Qt.Key.Key_F10)
    now |= {"got": ("203", False)}
    qtbot.waitUntil(lambda: now.items() <= seen(opened).items() & bound(opened).items(), timeout=60_000)
    stop(qtbot, opened)
    qtbot.waitUntil(lambda: shown(opened) == {"flow.meter": False}, timeout=60_000)


@pytest.mark.parametrize(
    ("turn", "now"),
    [
        (2, {"odd": ("402", False), "rare": ("502", False), "got": ("201", False), "deep": ("1", True)}),
        (3, {"odd": ("0", False), "rare": ("502", True), "got": ("202", False), "deep": ("2", True)}),
    ],
)
def test_an_arm_that_was_not_taken_stands_as_of_before(
    qtbot: QtBot, opened: Window, hold: Callable[[str, int], None], turn: int, now: dict[str, tuple[str, bool]]
) -> None:
    hold("inner", turn)
    qtbot.waitUntil(lambda: now.items() <= bound(opened).items(), timeout=60_000)
    del now["odd"]
    qtbot.waitUntil(lambda: now.items() <= seen(opened).items(), timeout=60_000)
    stop(qtbot, opened)
