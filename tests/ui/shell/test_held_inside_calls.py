"""Held inside a call, the cards of the subflow tell what this call has made, and what is still of the call before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.window import Window

LIVE = """\
import flodesk
from flodesk.nodes import maths, timing


def twice(x):
    low = maths.add(x, 1.0)
    high = maths.scale(low, factor=2.0)
    return high


def flow():
    for k in timing.every(0.002):
        a = maths.add(k, 0)
        b = twice(a)
        c = maths.scale(b, factor=10.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def held(qtbot: QtBot, window: Window, tmp_path: Path) -> Callable[[Qt.Key, str], None]:
    """Press a key and wait until the run is held at a node."""
    path = tmp_path / "flow.py"
    path.write_text(LIVE)
    assert window.files.open(path)
    qtbot.wait(20)

    def press(which: Qt.Key, node: str) -> None:
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
        before = window.run.paused
        qtbot.keyClick(window, which)

        def there() -> bool:
            paused = window.run.paused
            return paused is not None and paused is not before and node in ("", paused.node)

        qtbot.waitUntil(there, timeout=60_000)

    return press


def value(card: NodeItem) -> float | None:
    seen = next(iter(card.live.previews.values()), None)
    return float(seen.text) if seen is not None else None


def fresh(card: NodeItem) -> bool:
    return not card.live.ahead and not card.live.earlier


def of_before(card: NodeItem) -> bool:
    return card.live.ahead and {mark.hint for mark in card.live.earlier.values()} <= {"of before"}


@pytest.mark.parametrize("seen_before", [False, True])
def test_cards_of_a_subflow_tell_of_the_call_that_is_held(
    qtbot: QtBot, window: Window, held: Callable[[Qt.Key, str], None], seen_before: bool
) -> None:
    if seen_before:
        window.canvases.tabs.open("twice")
        qtbot.keyClick(window, Qt.Key.Key_F5)
        qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
        cards = window.canvases.current.board.cards
        qtbot.waitUntil(lambda: bool(value(cards["high"])), timeout=60_000)
        held(Qt.Key.Key_F6, "")
        for _ in range(6):
            if window.run.paused is not None and window.run.paused.node == "flow.b":
                break
            held(Qt.Key.Key_F10, "")
    else:
        held(Qt.Key.Key_F10, "flow.k")
        held(Qt.Key.Key_F8, "flow.k")
        held(Qt.Key.Key_F8, "flow.k")
        held(Qt.Key.Key_F10, "flow.a")
        held(Qt.Key.Key_F10, "flow.b")
    held(Qt.Key.Key_F11, "twice.low")
    cards = window.canvases.current.board.cards
    qtbot.waitUntil(lambda: all(of_before(cards[name]) for name in ("low", "high", "return")), timeout=60_000)
    qtbot.waitUntil(lambda: value(cards["def"]) is not None, timeout=60_000)

    def given() -> float:
        return value(cards["def"]) or 0.0

    held(Qt.Key.Key_F10, "twice.high")
    qtbot.waitUntil(lambda: value(cards["low"]) == given() + 1, timeout=60_000)
    qtbot.waitUntil(lambda: fresh(cards["low"]) and of_before(cards["high"]), timeout=60_000)
    if seen_before:
        qtbot.waitUntil(lambda: value(cards["high"]) == 2 * given(), timeout=60_000)  # that of the call before
        assert cards["high"].live.earlier, "and it says so"
        assert cards["high"].live.state in ("paused", "done")
    held(Qt.Key.Key_F10, "twice.return")
    qtbot.waitUntil(lambda: value(cards["high"]) == 2 * (given() + 1), timeout=60_000)
    qtbot.waitUntil(lambda: fresh(cards["high"]) and cards["return"].live.ahead, timeout=60_000)
    held(Qt.Key.Key_F10, "flow.c")
    qtbot.waitUntil(lambda: fresh(cards["return"]) and fresh(cards["high"]), timeout=60_000)
    outer = window.canvases.current.board.cards
    qtbot.waitUntil(lambda: fresh(outer["b"]) and of_before(outer["c"]), timeout=60_000)
    held(Qt.Key.Key_F10, "flow.k")
    qtbot.waitUntil(lambda: all(fresh(card) for card in outer.values()), timeout=60_000)
    qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)


def test_what_is_still_to_come_is_plain_again_when_the_run_goes_on(
    qtbot: QtBot, window: Window, held: Callable[[Qt.Key, str], None]
) -> None:
    held(Qt.Key.Key_F10, "flow.k")
    held(Qt.Key.Key_F8, "flow.k")
    held(Qt.Key.Key_F10, "flow.a")
    cards = window.canvases.current.board.cards
    qtbot.waitUntil(lambda: cards["c"].live.ahead and bool(cards["c"].live.earlier), timeout=60_000)
    qtbot.keyClick(window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: all(fresh(card) for card in cards.values()), timeout=60_000)
    qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)
