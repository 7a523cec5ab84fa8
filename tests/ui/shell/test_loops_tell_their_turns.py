"""The loops on the canvas tell turns and rate while a run is on, and keep what they came to."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from flodesk.engine.client import InProcess
from flodesk.ui.window import Window

TEXT = """\
import threading

import flodesk

gate = threading.Event()


def numbers(n: int = 3):
    for k in range(n):
        flodesk.context().sleep(0.002)
        yield k
    gate.wait(60)


def few():
    yield from range(4)


def flow():
    for k in numbers(n=30):
        for j in few():
            a = abs(j)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_turns_are_told_live_and_kept(qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path) -> None:
    window = open_window(InProcess)
    path = tmp_path / "turns.py"
    path.write_text(TEXT)
    window.files.open(path)
    loops = window.canvases.current.board.grounds.loops
    assert loops["k"].label.words == ""
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: loops["k"].label.words.startswith("turn 30"), timeout=60_000)
    qtbot.waitUntil(lambda: loops["j"].label.words.startswith("turn 120"), timeout=60_000)
    run = window.run.engine._session._run
    run.loaded.namespace["gate"].set()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)
    assert re.fullmatch(r"30 turns in [\d.]+ m?s", loops["k"].label.words), loops["k"].label.words
    assert loops["j"].label.words == "120 turns in all"
    lit = [wire for wire in window.canvases.current.board.wires.values() if wire.flowing]
    assert lit == []
    assert window.turning.lit
    window.commands.trigger("view.activity")
    assert not window.turning.lit
    assert not window.canvases.current.activity.shown
    window.commands.trigger("view.activity")
    assert window.canvases.current.activity.shown
    window.files.new()
    qtbot.waitUntil(lambda: not window.canvases.current.board.grounds.loops, timeout=60_000)
