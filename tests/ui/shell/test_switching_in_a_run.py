"""Nodes are switched off and on by Ctrl+M in a run: it goes on, and the window says what else is off."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import dsp, maths, source, timing


def flow():
    constant = source.constant(1.0)
    for tick in timing.every(0.02):
        sine = source.square(tick, samples=50)
        rms = dsp.rms(sine)
        big = maths.add(constant, rms)
        double = maths.scale(big, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_node_is_switched_off_in_a_live_run(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "live.py"
    path.write_text(TEXT)
    assert window.files.open(path)
    run, canvas = window.run, window.canvases.current

    def turns() -> int:
        return run.iterations

    def goes_on() -> None:
        before = turns()
        qtbot.waitUntil(lambda: not run.active or turns() > before + 3, timeout=60_000)
        assert run.active, "the run died"

    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: turns() > 3, timeout=60_000)
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.node_center("rms"))
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    text = write(window.document.flow)
    assert "        rms = None  # off: dsp.rms(sine)\n" in text
    assert "        big = None  # off too: maths.add(constant, rms)\n" in text
    assert "        double = None  # off too: maths.scale(big, factor=2.0)\n" in text
    assert "“big” needs “rms”: it is off as well, and so is “double”." in window.statusBar().currentMessage()
    assert canvas.board.cards["big"].card.subtitle == "off too · Add"
    goes_on()
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert write(window.document.flow).endswith(TEXT)
    assert "“big” and “double” are on again as well." in window.statusBar().currentMessage()
    goes_on()
    window.commands.trigger("run.stop")
    qtbot.waitUntil(lambda: not run.active, timeout=60_000)


def test_a_node_that_is_on_again_is_no_change_to_be_saved(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "saved.py"
    names = ("constant", "tick", "sine", "rms", "big", "double")
    places = "".join(f"# {name} = [{240 * number}, 0]\n" for number, name in enumerate(names))
    path.write_text(
        f"# /// script\n# [tool.flodesk]\n# version = 1\n#\n# [tool.flodesk.canvas.flow]\n{places}# ///\n{TEXT}"
    )
    assert window.files.open(path)
    canvas = window.canvases.current
    canvas.select(["double"])
    assert not window.isWindowModified()
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert window.isWindowModified()
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert write(window.document.flow) == path.read_text()
    assert not window.isWindowModified()
    assert window.editing.can_undo
