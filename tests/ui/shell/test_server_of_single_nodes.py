"""The tip of a card says which server its node goes to, from what the window knows: it asks none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.engine.places.server.local_queue import LOCAL
from flodesk.engine.places.server.server_address import VARIABLE, naming
from flodesk.ui.window import Window

FLOW = """# /// script
# [tool.flodesk.places]
# flow = { near = "process", far = "rq", own = "rq" }
# [tool.flodesk.rq.queues]
# flow = { own = "gpu" }
# ///
import flodesk
from flodesk.nodes import maths


def flow():
    near = maths.add(2.0, 3.0)
    far = maths.add(near, 1.0)
    own = maths.add(far, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def tip_of(window: Window, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    path = tmp_path / "places.py"
    path.write_text(FLOW, encoding="utf-8")
    assert window.files.open(path)
    page = window.canvases.current
    yield lambda name: page.viewer.tip(page.board.cards[name])
    LOCAL.stop()


@pytest.fixture
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name a server that is not there, with a password."""
    monkeypatch.setenv(VARIABLE, "redis://me:hush@127.0.0.1:1/3")


def test_it_names_the_server_without_its_password(
    nobody_answers: None, tip_of: Callable[[str], str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: "goes to" in tip_of("far"))
    assert f"goes to redis://***@127.0.0.1:1/3 (${VARIABLE})" in tip_of("far")
    assert "hush" not in tip_of("far")
    assert "goes to redis://***@127.0.0.1:1/3" in tip_of("own")
    assert "goes to" not in tip_of("near")
    monkeypatch.setenv(VARIABLE, "redis://:hush@127.0.0.1:2")
    naming.tell()
    qtbot.waitUntil(lambda: f"goes to redis://***@127.0.0.1:2 (${VARIABLE})" in tip_of("far"))


def test_a_run_that_finds_no_server_says_so_and_blames_no_node(
    nobody_answers: None, tip_of: Callable[[str], str], window: Window, qtbot: QtBot
) -> None:
    page = window.canvases.current
    qtbot.keyClick(page.viewer, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.bar.text.startswith("No Redis server answers at redis://***@127.0.0.1:1/3: "))
    assert [button.text() for button in window.bar.buttons] == ["Details"]
    qtbot.waitUntil(lambda: window.run.phase == "idle")
    assert "No Redis server answers" not in tip_of("far")
    assert window.run.engine.states()["flow.far"].state != "failed"


def test_it_names_the_local_queue_as_long_as_that_is_on(
    monkeypatch: pytest.MonkeyPatch, tip_of: Callable[[str], str], window: Window, qtbot: QtBot
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert "goes to" not in tip_of("far"), "there is none"
    window.queues.view.start_local(1)
    qtbot.waitUntil(lambda: "goes to the local queue at 127.0.0.1:" in tip_of("far"), timeout=30_000)
    assert "goes to" not in tip_of("own"), "its workers listen to their own queues"
    LOCAL.stop()
    qtbot.waitUntil(lambda: "goes to" not in tip_of("far"), timeout=30_000)
