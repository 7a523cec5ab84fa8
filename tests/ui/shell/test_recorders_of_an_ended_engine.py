"""The engine is ended by force while it records: the view says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.ui.panel.faces.recorder import RecorderFace
from flodesk.ui.window import Window

TEXT = """# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# log = [0, 0, 6, 4]
# ///
import time

import flodesk
from flodesk.nodes import record, timing


def stuck(tick: int) -> int:
    if tick == 50:
        time.sleep(1e9)
    return tick


def flow():
    log = record.Csv("rec.csv", columns=["tick"])
    for tick in timing.every(0.01):
        told = log(tick)
        last = stuck(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_the_view_of_a_recorder_says_that_it_ended_with_the_engine(
    qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path
) -> None:
    window = open_window(lambda: Host(warm=()))
    (tmp_path / "flow.py").write_text(TEXT)
    assert window.files.open(tmp_path / "flow.py")
    window.commands.trigger("run.start")
    face = window.panel.board.cards["flow.log"].content
    assert isinstance(face, RecorderFace)
    qtbot.waitUntil(lambda: "51 turns" in face.figures)
    window.commands.trigger("run.stop")
    qtbot.waitUntil(lambda: not window.run.active)
    assert window.run.last is not None
    assert window.run.last.reason == "killed"
    assert face.state == "Ended"
    said = "ended with the engine, at about 51 turns: the last ones may be missing"
    assert said in face.accessibleName()
    window.panel.show_values(window.run.engine.values())  # the newest ones may come late, or be asked for again
    assert face.state == "Ended"
    assert said in face.accessibleName()
