"""View → Heat on a real run: cards get their colour, the legend says by what, and off means off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from flodesk.ui.canvas import tips
from flodesk.ui.window import Window

TEXT = """\
import time

import numpy

import flodesk


def made(size):
    return numpy.arange(size, dtype=float)


def slow(wave):
    time.sleep(0.3)
    return wave


def flow():
    wave = made(1000)
    later = slow(wave)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def opened(open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot) -> Window:
    path = tmp_path / "hot.py"
    path.write_text(TEXT, encoding="utf-8")
    window = open_window()
    window.files.open(path)
    qtbot.waitUntil(lambda: "later" in window.canvases.current.board.cards)
    return window


def test_time_colours_the_slow_node_and_off_is_off(opened: Window, qtbot: QtBot) -> None:
    board, legend = opened.canvases.current.board, opened.canvases.current.legend
    assert not legend.isVisible()
    opened.commands.trigger("view.heat_time")
    assert legend.isVisible()
    assert opened.commands["view.heat_time"].isChecked()
    with qtbot.waitSignal(opened.run.finished, timeout=60_000):
        opened.commands.trigger("run.start")
    qtbot.waitUntil(lambda: board.cards["later"].heat is not None, timeout=60000)
    heat = board.cards["later"].heat
    assert heat is not None
    assert heat.share > 0.5
    assert "took" in tips.tip(board.cards["later"])
    assert board.cards["later"].boundingRect().top() < -15  # the chip above it
    opened.commands.trigger("view.heat_time")
    assert board.cards["later"].heat is None
    assert not legend.isVisible()
    assert "took" not in tips.tip(board.cards["later"])


def test_memory_asks_the_engine_about_the_outputs(opened: Window, qtbot: QtBot) -> None:
    board = opened.canvases.current.board
    opened.commands.trigger("view.heat_memory")
    with qtbot.waitSignal(opened.run.finished, timeout=60_000):
        opened.commands.trigger("run.start")
    qtbot.waitUntil(lambda: board.cards["wave"].heat is not None, timeout=60000)
    heat = board.cards["wave"].heat
    assert heat is not None
    assert heat.brief == "8 kB"
    opened.commands.trigger("view.heat_time")
    assert not opened.heating.by_memory
    opened.commands.trigger("view.heat_time")


def test_while_it_is_off_nothing_is_read(opened: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> None:
        raise AssertionError("the states were read")

    monkeypatch.setattr(opened.run.engine, "states", never)
    opened.heating.look()
    opened.display.sleep()
