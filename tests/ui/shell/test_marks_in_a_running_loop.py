"""In a loop that runs, a value is of before a change until one has come that was made with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.flow.edit import SetParameter
from flodesk.flow.model import Literal
from flodesk.ui.window import Window

HEAD = '''\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# shown = [0, 0, 4, 3]
# ///
from typing import Literal

import flodesk
from flodesk.nodes import maths, show, timing


def gate(value: float, wait: float = 0.1, mode: Literal["pass", "fail"] = "pass") -> float:
    """Let a value through, late, or not."""
    flodesk.context().sleep(wait)
    if mode == "fail":
        raise ValueError("closed")
    return value


def flow():
'''
LOOP = """\
    other = maths.add(1.0, 2.0)
    for i in timing.every(0.001):
        a = gate(i, wait=0.1)
        b = maths.scale(a, factor=2.0)
        shown = show.number(b)
        free = maths.scale(i, factor=2.0)
"""
STRAIGHT = """\
    a = gate(2.0, wait=0.1)
    b = maths.scale(a, factor=2.0)
    shown = show.number(b)
"""
FOOT = """

if __name__ == "__main__":
    flodesk.main(flow)
"""
BEHIND = {"a", "b", "shown"}


class Looping:
    """A window in which a flow runs that has values already."""

    def __init__(self, qtbot: QtBot, window: Window, path: Path, body: str) -> None:
        self.window, self._qtbot = window, qtbot
        path.write_text(HEAD + body + FOOT)
        assert window.files.open(path)
        window.commands.trigger("run.start")
        qtbot.waitUntil(lambda: self.valued() >= BEHIND, timeout=60_000)

    def valued(self) -> set[str]:
        return {key for key, card in self.window.canvases.current.board.cards.items() if card.live.previews}

    def set(self, node: str, parameter: str, text: str) -> None:
        self.window.document.do(SetParameter("flow", node, parameter, Literal(text), None))

    def marked(self) -> set[str]:
        cards = self.window.canvases.current.board.cards.items()
        found = {key for key, card in cards if any(mark.hint == "before change" for mark in card.live.earlier.values())}
        mark = self.window.panel.board.cards["flow.shown"].mark
        return found | ({"panel"} if mark is not None and mark.hint == "before change" else set())

    def stays(self, wanted: set[str]) -> None:
        self._qtbot.wait(1200)
        assert self.marked() == wanted

    def settles(self, wanted: set[str]) -> None:
        """Wait until it has stayed so for a while: on a loaded machine the mark may come later than one looks."""
        since: list[float] = []

        def stayed() -> bool:
            if self.marked() != wanted:
                since.clear()
            elif not since:
                since.append(time.monotonic())
            return bool(since) and time.monotonic() - since[0] > 1.2

        self._qtbot.waitUntil(stayed, timeout=60_000)

    def until(self, wanted: set[str]) -> None:
        def there() -> None:
            assert self.marked() == wanted

        self._qtbot.waitUntil(there, timeout=60_000)


@pytest.fixture
def looping(qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path) -> Callable[[str], Looping]:
    return lambda body: Looping(qtbot, open_window(Host), tmp_path / "flow.py", body)


@pytest.mark.parametrize(("parameter", "text"), [("wait", "1e9"), ("mode", '"fail"')])
def test_what_never_comes_after_a_change_leaves_the_values_of_before_marked(
    looping: Callable[[str], Looping], parameter: str, text: str
) -> None:
    flow = looping(LOOP.replace("wait=0.1", 'wait=0.1, mode="pass"'))
    # a value that is under way at the moment of the edit would take its mark away until the next one comes
    flow.window.run.pause()
    flow._qtbot.waitUntil(lambda: flow.window.run.paused is not None, timeout=60_000)
    flow._qtbot.wait(500)
    flow.set("a", parameter, text)
    flow.window.run.pause()
    flow.stays(BEHIND | {"panel"})


def test_a_value_made_of_one_of_before_is_marked_where_the_run_is_held(
    looping: Callable[[str], Looping], qtbot: QtBot
) -> None:
    flow = looping(LOOP)
    window = flow.window
    window.debugging.breakpoints.toggle(["flow.shown"])
    qtbot.waitUntil(lambda: window.run.paused is not None, timeout=60_000)
    qtbot.wait(500)  # the last values before the hold have come
    flow.set("a", "wait", "0.05")
    flow.until(BEHIND | {"panel"})
    held = window.run.paused
    window.commands.trigger("run.step_over")
    qtbot.waitUntil(lambda: window.run.paused not in (None, held), timeout=60_000)
    flow.stays(BEHIND | {"panel"})
    window.debugging.breakpoints.clear()
    window.run.pause()
    flow.until(set())


@pytest.mark.parametrize("body", [LOOP, STRAIGHT, LOOP.replace("0.001", "0.05").replace("wait=0.1", "wait=0.6")])
def test_the_mark_goes_when_the_change_was_taken(looping: Callable[[str], Looping], qtbot: QtBot, body: str) -> None:
    flow = looping(body)
    for wait in ("0.05", "0.12"):
        flow.set("a", "wait", wait)
        qtbot.wait(300)
        flow.settles(set())
