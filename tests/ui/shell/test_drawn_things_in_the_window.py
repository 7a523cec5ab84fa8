"""Notes, frames and ways of wires through the window's commands: copied, cut, pasted, aligned, by real keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.flow.pieces import pieces
from flodesk.flow.routes import routes
from flodesk.flow.script import write
from flodesk.ui.canvases import Canvases
from flodesk.ui.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier
ALT_SHIFT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
TEXT = """\
# /// script
# [tool.flodesk.canvas.flow]
# signal = [0, 0]
# louder = [300, 60]
# size = [620, 20]
#
# [tool.flodesk.notes.flow]
# note_1 = { at = [620, 240, 200, 100], text = "Look" }
#
# [tool.flodesk.frames.flow]
# frame_1 = { at = [-40, -60, 560, 400], title = "Both" }
#
# [tool.flodesk.wires.flow]
# "signal -> louder.values[0]" = { by = [[250, 30]] }
# ///
import flodesk
from flodesk.nodes import dsp, maths, source


def flow():
    signal = source.sine(0, samples=50)
    louder = maths.multiply(signal, 2.0)
    size = dsp.rms(louder)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def drawn(window: Window) -> set[str]:
    return {key[1] for key in pieces(window.document.flow, "flow")}


def test_a_copied_frame_comes_with_what_is_in_it(opened: Window, qtbot: QtBot) -> None:
    canvas = opened.canvases.current
    assert not opened.commands["edit.copy"].isEnabled()
    canvas.pieces.select([("frame", "frame_1")])
    assert opened.commands["edit.copy"].isEnabled()
    QTest.keyClick(canvas.viewer, Qt.Key.Key_C, CTRL)
    assert "Both" in QGuiApplication.clipboard().text()
    QTest.keyClick(canvas.viewer, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: "frame_2" in drawn(opened))
    flow = opened.document.flow
    assert {"signal_2", "louder_2"} <= set(canvas.board.cards)
    assert "size_2" not in canvas.board.cards
    frame = pieces(flow, "flow")["frame", "frame_2"].box
    places = flow.header.canvas["flow"]
    assert (places["louder_2"][0] - frame[0], places["louder_2"][1] - frame[1]) == (340, 120)
    (point,) = routes(flow, "flow")["signal_2 -> louder_2.values[0]"].points
    assert (point[0] - frame[0], point[1] - frame[1]) == (290, 90)
    assert sorted(canvas.selection()) == ["louder_2", "signal_2"]
    assert [item.piece.id for item in canvas.pieces.selected()] == ["frame_2"]
    QTest.keyClick(canvas.viewer, Qt.Key.Key_Z, CTRL)
    assert write(opened.document.flow) == TEXT


def test_cut_and_duplicate(opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.pieces.select([("note", "note_1")])
    QTest.keyClick(canvas.viewer, Qt.Key.Key_D, CTRL)
    assert drawn(opened) == {"note_1", "note_2", "frame_1"}
    opened.document.undo()
    canvas.pieces.select([("frame", "frame_1")])
    QTest.keyClick(canvas.viewer, Qt.Key.Key_X, CTRL)
    assert drawn(opened) == {"note_1"}
    assert set(canvas.board.cards) == {"size"}
    assert opened.document.steps == 1
    opened.document.undo()
    assert write(opened.document.flow) == TEXT


def test_keys_align_the_selection_and_make_notes_and_frames(opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.select_all()
    QTest.keyClick(canvas.viewer, Qt.Key.Key_Up, ALT_SHIFT)
    tops = {canvas.board.cards["size"].y(), canvas.board.pieces["note", "note_1"].y()}
    assert tops == {canvas.board.pieces["frame", "frame_1"].y()}
    opened.document.undo()
    canvas.select(["size"])
    QTest.keyClick(canvas.viewer, Qt.Key.Key_J, CTRL)
    assert canvas.pieces.field is not None
    QTest.keyClick(canvas.pieces.field, Qt.Key.Key_Escape)
    assert drawn(opened) == {"note_1", "frame_1", "frame_2"}
    QTest.keyClick(canvas.viewer, Qt.Key.Key_N, CTRL | Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(canvas.pieces.field, "hello")
    QTest.keyClick(canvas.pieces.field, Qt.Key.Key_Escape)
    assert drawn(opened) == {"note_1", "note_2", "frame_1", "frame_2"}
    opened.document.undo()
    opened.document.undo()
    assert write(opened.document.flow) == TEXT


def test_a_note_by_keys_comes_where_the_mouse_points(opened: Window) -> None:
    canvas = opened.canvases.current
    view = canvas.viewer.viewport()
    place = QPoint(view.width() - 150, view.height() - 90)
    QCursor.setPos(view.mapToGlobal(place))
    before = canvas.viewer.visible_rect()
    QTest.keyClick(canvas.viewer, Qt.Key.Key_N, CTRL | Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(canvas.pieces.field, "here")
    QTest.keyClick(canvas.pieces.field, Qt.Key.Key_Escape)
    box = canvas.board.pieces["note", "note_2"].box()
    assert box.contains(canvas.to_scene(place))
    moved = canvas.viewer.visible_rect().topLeft() - before.topLeft()
    assert moved.manhattanLength() * canvas.viewer.zoom() < 200, "no farther than the note needs to be seen"


def test_the_switches_of_snapping_are_remembered(opened: Window) -> None:
    assert opened.canvases.snaps.guides
    assert not opened.canvases.snaps.grid
    opened.commands.trigger("arrange.guides")
    opened.commands.trigger("arrange.grid")
    assert opened.canvases.current.snapping.snaps is opened.canvases.snaps
    again = Canvases(opened.document, opened.catalog)
    assert (again.snaps.guides, again.snaps.grid) == (False, True)
    again.deleteLater()


def test_a_run_that_is_on_does_not_hear_of_what_is_drawn(opened: Window, qtbot: QtBot) -> None:
    opened.run.start()
    qtbot.waitUntil(lambda: not opened.run.active, timeout=60_000)
    canvas = opened.canvases.current
    canvas.pieces.select([("note", "note_1")])
    canvas.pieces.color("red")
    canvas.fields.pin("signal", "rate", on=True)
    assert opened.run.edits.follows, "the engine still has the flow that is shown"
    assert not opened.run.edits._swap.isActive()
