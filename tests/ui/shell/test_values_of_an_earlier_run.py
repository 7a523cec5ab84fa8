"""A value that the newest run has not made stays to be seen, and says that it is of before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.flow.edit import SetParameter
from flodesk.flow.model import Literal
from flodesk.ui.canvas import tips
from flodesk.ui.canvas.pointed import pointed_at
from flodesk.ui.theme import DARK, LIGHT, Theme, current
from flodesk.ui.window import Window

GATE = '''\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# meter = [0, 0, 4, 3]
# chart = [4, 0, 5, 4]
# first = [0, 3, 4, 1]
# ///
import os
from typing import Literal

import flodesk
from flodesk.nodes import maths, show, source


def gate(value: float, mode: Literal["pass", "slow", "hang", "fail", "crash"] = "pass") -> float:
    """Let a value through, or not."""
    if mode == "hang":
        flodesk.context().sleep(60.0)
    if mode == "slow":
        flodesk.context().sleep(0.25)
    if mode == "crash":
        os._exit(3)
    if mode == "fail":
        raise ValueError("closed")
    return value


def flow():
    base = maths.scale(21.0, factor=1.0)
    first = show.number(base)
    through = gate(base, mode="pass")
    wave = source.sine(0, frequency=through, samples=400)
    meter = show.number(through)
    chart = show.line(wave)
    if through > 100:
        branch = maths.scale(through, factor=2.0)
        seldom = branch
    else:
        other = maths.scale(through, factor=3.0)
        seldom = other


if __name__ == "__main__":
    flodesk.main(flow)
'''
BEHIND = {"through", "wave", "meter", "chart", "other", "seldom"}


class Watched:
    """A window with the flow, and what is marked in it."""

    def __init__(self, qtbot: QtBot, window: Window, path: Path) -> None:
        self.window, self._qtbot = window, qtbot
        path.write_text(GATE)
        assert window.files.open(path)
        qtbot.wait(30)

    def set(self, node: str, parameter: str, text: str) -> None:
        self.window.document.do(SetParameter("flow", node, parameter, Literal(text), None))

    def play(self) -> None:
        self.window.commands.trigger("run.start")

    def ended(self) -> None:
        run = self.window.run
        self._qtbot.waitUntil(lambda: run.last is not None and not run.active, timeout=60_000)
        self._qtbot.waitUntil(lambda: not self.window.display.active, timeout=60_000)

    def run(self) -> None:
        before = self.window.run.last
        self.play()
        self._qtbot.waitUntil(lambda: self.window.run.last is not before, timeout=60_000)
        self.ended()

    def marked(self) -> set[str]:
        cards = self.window.canvases.current.board.cards.items()
        return {key for key, card in cards if any(port in card.live.previews for port in card.live.earlier)}

    def valued(self) -> set[str]:
        return {key for key, card in self.window.canvases.current.board.cards.items() if card.live.previews}

    def veiled(self) -> set[str]:
        return {key.partition(".")[2] for key, card in self.window.panel.board.cards.items() if card.mark is not None}

    def until_marked(self, *names: str) -> None:
        wanted = (set(names), set(names) & {"meter", "chart", "first"})

        def there() -> None:
            assert (self.marked(), self.veiled()) == wanted

        self._qtbot.waitUntil(there, timeout=60_000)


@pytest.fixture
def watched(qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path) -> Watched:
    return Watched(qtbot, open_window(Host), tmp_path / "flow.py")


def test_what_a_run_that_hangs_has_not_made_is_marked_until_it_comes(watched: Watched) -> None:
    watched.run()
    assert watched.valued() >= BEHIND | {"base", "first"}
    watched.until_marked()
    watched.set("through", "mode", '"hang"')  # what hangs on it is computed again, and hangs
    watched.until_marked(*BEHIND)
    meter = watched.window.panel.board.cards["flow.meter"]
    assert meter.mark is not None
    assert meter.mark.hint == "before change"
    watched.window.commands.trigger("run.stop")
    watched.ended()
    watched.until_marked(*BEHIND)
    watched.set("through", "mode", '"pass"')
    watched.run()
    watched.until_marked()


def test_a_new_run_marks_what_it_has_not_come_to(watched: Watched, qtbot: QtBot) -> None:
    watched.run()
    watched.window.debugging.breakpoints.toggle(["flow.through"])
    watched.play()
    qtbot.waitUntil(lambda: watched.window.run.paused is not None, timeout=60_000)
    watched.until_marked(*BEHIND)
    card = watched.window.canvases.current.board.cards["meter"]
    (mark,) = card.live.earlier.values()
    assert mark.hint == "earlier run"
    assert mark.words.startswith("From the run of ")
    assert mark.words in tips.tip(card)
    board = watched.window.canvases.current.board
    assert any(
        seen is not None and seen.age == mark.words for seen in (pointed_at(p, board) for p in card.ports.values())
    )
    assert mark.words in watched.window.panel.board.cards["flow.meter"].toolTip()
    assert card.live.state == "queued", "the tick is of this run alone"
    watched.window.debugging.breakpoints.clear()
    watched.window.run.pause()
    watched.ended()
    watched.until_marked()
    assert watched.window.panel.board.cards["flow.meter"].toolTip() == "Show one number."


def test_what_stands_behind_a_failure_stays_marked(watched: Watched) -> None:
    watched.run()
    watched.set("through", "mode", '"fail"')
    watched.ended()
    watched.until_marked(*BEHIND)
    watched.run()
    watched.until_marked(*BEHIND)


def test_a_crash_of_the_engine_leaves_the_values_marked_that_it_kept_from_coming(watched: Watched) -> None:
    watched.run()
    watched.set("through", "mode", '"crash"')
    watched.ended()
    watched.until_marked(*BEHIND)
    watched.window.debugging.restart_engine()
    watched.until_marked(*BEHIND)


def test_a_branch_that_is_not_taken_any_more_is_marked(watched: Watched) -> None:
    watched.run()
    watched.window.document.do(SetParameter("flow", "base", "value", Literal("210.0"), 0))
    watched.run()
    watched.until_marked("other")
    assert {"branch", "seldom"} <= watched.valued()


def test_a_part_leaves_the_others_as_they_are(watched: Watched, qtbot: QtBot) -> None:
    watched.run()
    watched.window.canvases.current.select(["meter"])
    watched.window.parts.to_here()
    qtbot.waitUntil(lambda: "+" in watched.window.run.id, timeout=60_000)
    watched.ended()
    qtbot.wait(400)
    watched.until_marked()


def test_a_quick_run_makes_nothing_blink(watched: Watched, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flodesk.ui.earlier.GLANCE", 1.5)  # on a busy machine, too, the run is quicker
    watched.set("through", "mode", '"slow"')
    watched.run()
    seen: list[set[str]] = []
    looks = QTimer(watched.window, interval=20)
    looks.timeout.connect(lambda: seen.append(watched.marked() | watched.veiled()))
    looks.start()
    for _ in range(2):
        watched.run()
    for factor in ("2.0", "3.0", "4.0"):
        watched.set("base", "factor", factor)
        qtbot.wait(60)
    watched.ended()
    assert seen
    assert not any(seen)


def test_another_flow_begins_without_values_and_marks(watched: Watched, qtbot: QtBot) -> None:
    watched.run()
    watched.window.debugging.breakpoints.toggle(["flow.base"])
    watched.play()
    watched.until_marked(*BEHIND, "base", "first")
    watched.window.files.new()
    qtbot.waitUntil(lambda: not watched.window.run.active, timeout=60_000)
    assert not watched.marked()
    assert not watched.valued()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_a_marked_value_is_paler_and_has_a_clock(
    watched: Watched, qtbot: QtBot, theme: Theme, request: pytest.FixtureRequest
) -> None:
    window = watched.window
    before = current.theme
    window.looks.use(theme.name)
    request.addfinalizer(lambda: window.looks.use(before.name))
    watched.run()
    window.canvases.current.zoom_to(1.0)
    window.canvases.current.select([])
    face = window.panel.board.cards["flow.meter"]
    plain = face.grab().toImage()
    window.debugging.breakpoints.toggle(["flow.base"])
    watched.play()
    watched.until_marked(*BEHIND, "base", "first")
    QApplication.processEvents()
    pale = face.grab().toImage()
    assert pale != plain
    middle = QPoint(40, face.height() // 2)
    contrast = [max(abs(i.pixelColor(x, y).lightness() - i.pixelColor(4, face.height() - 4).lightness())
                    for x in range(8, face.width() // 2) for y in range(middle.y() - 8, middle.y() + 8))
                for i in (plain, pale)]  # fmt: skip
    assert 30 < contrast[1] < 0.75 * contrast[0]
