"""Nodes and header entries that this flodesk does not know: kept to the letter, drawn as such, edited around."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import Rename, SetParameter
from flodesk.flow.graph import picture
from flodesk.flow.model import Literal
from flodesk.ui.canvas.card import unknown
from flodesk.ui.theme import theme
from flodesk.ui.window import Window

TEXT = '''\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk", "notthere"]
#
# [tool.flodesk]
# version = 1
# from_the_future = { a = 1, b = [2, 3] }
#
# [tool.flodesk.canvas.flow]
# known = [0, 0]
# strange = [260, 0]
# old = [520, 0]
# spectrum = [780, 0]
#
# [tool.flodesk.holograms.flow]
# strange = "spin"
#
# [tool.other]
# keep = "me"
# ///
"""Nodes that this flodesk does not know."""
import flodesk
import notthere.deep
from flodesk.nodes import maths
from notthere import Gadget


def flow():
    gadget = Gadget(port = 3,  speed=  'fast')
    known = maths.scale(1.0, factor=2.0)
    strange = notthere.deep.twist( known , mode='x',
                                   turns = 0x10 )   # odd layout
    old = maths.gone_since_version_9(strange, level=1_000)
    seen = gadget(old)
    for tick in notthere.deep.ticks(0.5):
        known2 = maths.scale(tick)


if __name__ == "__main__":
    flodesk.main(flow)
'''
STRANGE = {"gadget", "strange", "old", "tick"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "unknown.py"
    path.write_text(TEXT)
    return path


def changed(file: Path) -> list[str]:
    """The lines of the file that differ from how it began."""
    lines = difflib.unified_diff(TEXT.splitlines(), file.read_text().splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("---", "+++")]


def test_they_are_drawn_as_such_with_their_wires(window: Window, file: Path) -> None:
    window.files.open(file)
    board = window.canvases.current.board
    nodes = board.graph.nodes
    assert {key for key, node in nodes.items() if unknown(node)} == STRANGE
    assert set(board.cards) == STRANGE | {"known", "known2"}
    assert board.cards["strange"].card.subtitle == "unknown: notthere.deep.twist"
    wires = {(wire.source[0], wire.target[0]) for wire in board.graph.wires}
    assert {("known", "strange"), ("strange", "old"), ("old", "gadget"), ("tick", "known2")} <= wires
    said = "\n".join(problem.message for problem in window.checking.errors)
    assert "notthere" in said
    assert "gone_since_version_9" in said


def test_the_sign_is_seen(qtbot: QtBot, window: Window, file: Path) -> None:
    file.write_text(TEXT.replace("notthere", "json"))  # installed, so that no error covers the edge
    window.files.open(file)
    canvas = window.canvases.current
    canvas.fit()
    qtbot.wait(50)
    image = canvas.viewer.grab().toImage()
    item = canvas.board.cards["strange"]
    box = canvas.viewer.mapFromScene(item.mapRectToScene(item.boundingRect())).boundingRect()
    amber = QColor(theme().warning)
    near = [
        (x, y)
        for x in range(max(box.left(), 0), min(box.right(), image.width()))
        for y in range(max(box.top(), 0), min(box.bottom(), image.height()))
        if abs(image.pixelColor(x, y).hue() - amber.hue()) < 12 and image.pixelColor(x, y).saturation() > 90
    ]
    assert len(near) > 20


def test_what_is_edited_around_them_leaves_them_to_the_letter(window: Window, file: Path) -> None:
    window.files.open(file)
    window.document.do(SetParameter("flow", "known", "factor", Literal("3.5")))
    window.files.save()
    assert changed(file) == ["-    known = maths.scale(1.0, factor=2.0)", "+    known = maths.scale(1.0, factor=3.5)"]
    window.files.open(file)
    window.editing.undo()
    window.canvases.current.select(["strange"])
    window.document.do(Rename("flow", "known", "first"))
    window.files.save()
    text = file.read_text()
    assert (
        "notthere.deep.twist( first , mode='x',\n                                   turns = 0x10 )   # odd layout"
        in text
    )
    assert "gadget = Gadget(port = 3,  speed=  'fast')" in text
    assert 'strange = "spin"' in text
    assert '# [tool.other]\n# keep = "me"' in text
    assert "from_the_future = { a = 1, b = [2, 3] }" in text


def test_they_are_moved_wired_and_deleted_like_others(qtbot: QtBot, window: Window, file: Path) -> None:
    window.files.open(file)
    canvas = window.canvases.current
    canvas.select(["strange"])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_Right)
    window.files.save()
    moved, made_up = changed(file)[:2], changed(file)[2:]
    assert [line[:13] for line in moved] == ["-# strange = ", "+# strange = "]
    assert [line.split()[1] for line in made_up] == ["tick", "known2", "gadget"], "a file that knows places knows all"
    canvas.select(["old"])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_Delete)
    assert "gone_since_version_9" not in "".join(
        node.type for node in picture(window.document.flow, window.checking.catalog, "flow").nodes.values()
    )
    window.editing.undo()
    window.files.save()
    assert changed(file) == [*moved, *made_up]
    assert file.read_text().count("gone_since_version_9(strange, level=1_000)") == 1
