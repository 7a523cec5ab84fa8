"""Two functions are held side by side: each tells which of its values are of before, and arms keep theirs unseen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.ui.window import Window

TEXT = """\
import flodesk


def upto(n):
    yield from range(n)


def up(x, by=1):
    return x + by


def flow():
    for k in upto(100):
        if k == 3:
            out = up(k, 10)
        else:
            out = k * 100
        got = up(out)


def other():
    for j in upto(100):
        a = up(j)
        b = up(a)


if __name__ == "__main__":
    flodesk.main(flow, other)
"""


def marked(window: Window) -> dict[str, tuple[str, bool]]:
    """What the cards show: each value, and whether it is of before."""
    cards = window.canvases.current.board.cards.items()
    return {n: (p.text, port in c.live.earlier) for n, c in cards for port, p in c.live.previews.items()}


def key(qtbot: QtBot, window: Window, which: Qt.Key) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
    qtbot.keyClick(window, which)


def test_each_of_two_that_are_held_tells_what_is_of_before(qtbot: QtBot, opened: Window) -> None:
    for function, node in (("flow", "got"), ("other", "b")):
        assert opened.canvases.tabs.open(function)
        opened.canvases.current.select([node])
        opened.canvases.current.setFocus()
        key(qtbot, opened, Qt.Key.Key_F9)
    key(qtbot, opened, Qt.Key.Key_F5)
    for turn in range(1, 6):
        qtbot.waitUntil(
            lambda n=turn: [p.iteration for p in opened.run.holds.values()] == [n, n],
            timeout=60_000,
        )
        opened.canvases.tabs.open("other")  # so each turn of the arms passes unseen
        if turn < 5:
            key(qtbot, opened, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: {"a": ("5", False), "b": ("5", True)}.items() <= marked(opened).items(), timeout=60_000)
    opened.canvases.tabs.open("flow")
    now = {"out": ("13", True), "code_1": ("400", False), "out_if_1": ("400", False), "got": ("14", True)}
    qtbot.waitUntil(lambda: now.items() <= marked(opened).items(), timeout=60_000)
    qtbot.keyClick(opened, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not opened.run.active, timeout=60_000)
