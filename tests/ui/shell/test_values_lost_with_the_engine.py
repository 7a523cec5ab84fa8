"""After the engine process has gone, a part that needs a value of it says that the value was lost, and what to do."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.ui.window import Window

FLOW = """\
import flodesk
from flodesk.nodes import maths


def flow():
    lack = maths.add(1.0, 2.0)
    part = maths.scale(lack, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_value_that_was_lost_is_not_one_that_was_never_made(
    qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path
) -> None:
    engine = Host(warm=())
    window = open_window(lambda: engine)
    path = tmp_path / "flow.py"
    path.write_text(FLOW)
    assert window.files.open(path)
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: window.run.last is not None and not window.run.active, timeout=60_000)
    before = engine.pid
    os.kill(before, signal.SIGKILL)
    qtbot.waitUntil(lambda: engine.pid not in (0, before) and engine.wait_ready(0.01), timeout=60_000)
    window.canvases.current.select(["part"])
    window.canvases.current.setFocus()
    qtbot.keyClick(window.canvases.current.viewer.viewport(), Qt.Key.Key_F6, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "cannot run on the values that there are" in window.bar.text, timeout=60_000)
    assert (
        "has run, but its value is gone, as after a new start of the engine. Run to flow.lack first" in window.bar.text
    )
    offered = next(b for b in window.bar.findChildren(QPushButton) if b.text() == "Run to flow.lack")
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)
    # the end of the run that was refused may be told as late as now
    with qtbot.waitSignal(window.run.finished, timeout=60_000, check_params_cb=lambda end: end.reason == "succeeded"):
        qtbot.mouseClick(offered, Qt.MouseButton.LeftButton)
