"""Another node in the place of one, by keys, menu and drag; new nodes wired to what is selected."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.flow.types import compatible
from flodesk.ui.canvas.dropping import NODE_MIME
from flodesk.ui.library.shelves import SPEC
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.window import Window

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# level = [0, 0]
# signal = [0, 160]
# louder = [280, 60]
# size = [540, 60]
# ///
import flodesk
from flodesk.nodes import control, dsp, maths, source


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    signal = source.sine(frequency=5.0, samples=50)
    louder = maths.multiply(signal, level)
    size = dsp.rms(louder)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def text(window: Window) -> str:
    return write(window.document.flow)


def popup() -> QuickAdd:
    found = QApplication.activePopupWidget()
    assert isinstance(found, QuickAdd)
    return found


def listed(found: QuickAdd) -> list[str]:
    model = found.list.model()
    return [model.index(row, 0).data(SPEC).path.removeprefix("flodesk.nodes.") for row in range(model.rowCount())]


def test_replace_by_keys_lists_first_what_keeps_the_wires(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.select(["louder"])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_R, CTRL | SHIFT)
    found = popup()
    assert found.field.placeholderText() == "Replace louder with"
    first = listed(found)
    assert first[0] in ("maths.add", "maths.subtract", "maths.divide")
    assert "timing.every" not in first
    assert "maths.multiply" not in first
    qtbot.keyClicks(found.field, "subtract")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert text(opened) == TEXT.replace("maths.multiply(signal, level)", "maths.subtract(signal, level)")
    assert canvas.selection() == ["louder"]
    opened.commands.trigger("edit.undo")
    assert text(opened) == TEXT


def test_what_is_not_kept_is_said(qtbot: QtBot, opened: Window) -> None:
    opened.canvases.current.select(["louder"])
    opened.commands.trigger("edit.replace")
    qtbot.keyClicks(popup().field, "absolute")
    qtbot.keyClick(popup().field, Qt.Key.Key_Return)
    assert "    louder = maths.absolute(signal)\n" in text(opened)
    assert "Not kept: the wire from level" in opened.statusBar().currentMessage()


def test_replace_is_offered_for_one_card_alone(opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.select(["louder", "size"])
    assert not opened.commands["edit.replace"].isEnabled()
    canvas.select(["louder"])
    assert opened.commands["edit.replace"].isEnabled()


def drag(window: Window, path: str, at: QPoint, keys: Qt.KeyboardModifier, drop: bool = True) -> None:
    data = QMimeData()
    data.setData(NODE_MIME, path.encode())
    view, left, copy = window.canvases.current.viewport(), Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    for make in (QDragEnterEvent, QDragMoveEvent):
        QApplication.sendEvent(view, make(at, copy, data, left, keys))
    if drop:
        QApplication.sendEvent(view, QDropEvent(QPointF(at), copy, data, left, keys))
    QApplication.processEvents()


def test_a_drop_with_shift_takes_the_place_of_a_card(opened: Window) -> None:
    canvas = opened.canvases.current
    dropping, at = canvas.viewer.dropping, canvas.node_center("louder")
    drag(opened, "flodesk.nodes.maths.add", at, NONE, drop=False)
    assert dropping.message == "With Shift: in the place of louder"
    assert dropping.card is None
    drag(opened, "flodesk.nodes.maths.add", at, SHIFT, drop=False)
    assert (dropping.message, dropping.refuses) == ("Replaces louder", False)
    drag(opened, "flodesk.nodes.timing.every", at, SHIFT, drop=False)
    assert dropping.refuses
    drag(opened, "flodesk.nodes.timing.every", at, SHIFT)
    assert text(opened) == TEXT
    assert "begins a loop" in opened.statusBar().currentMessage()
    drag(opened, "flodesk.nodes.maths.add", at, SHIFT)
    assert text(opened) == TEXT.replace("multiply", "add")
    assert dropping.card is None
    drag(opened, "flodesk.nodes.maths.add", at, NONE)
    assert text(opened).count("maths.add(") == 2, "without Shift it comes to lie beside"


def test_keys_switch_off_and_bypass(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.select(["louder"])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_B, CTRL)
    assert "    louder = signal  # bypass: maths.multiply(signal, level)\n" in text(opened)
    assert opened.commands["edit.bypass"].isChecked()
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_M, CTRL)
    assert "    louder = None  # off: maths.multiply(signal, level)\n" in text(opened)
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_M, CTRL)
    assert text(opened) == TEXT
    canvas.viewer.scene().clearSelection()
    assert not opened.commands["edit.switch_off"].isEnabled()


# ------------------------------------------------------------------ wired to what is selected
def test_enter_in_the_library_wires_to_the_selected_card(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.select(["louder"])
    for word, line in (("rms", "rms = dsp.rms(louder)"), ("absolute", "absolute = maths.absolute(rms)")):
        opened.library.search.setText(word)
        qtbot.keyClick(opened.library.search, Qt.Key.Key_Return)
        assert f"    {line}\n" in text(opened)
    boxes = {key: card.box() for key, card in canvas.board.cards.items()}
    assert boxes["louder"].right() < boxes["rms"].left()
    assert canvas.selection() == ["absolute"]
    opened.commands.trigger("edit.undo")
    opened.commands.trigger("edit.undo")
    assert text(opened) == TEXT


@pytest.mark.parametrize("word", ["sine", "slider", "column"])
def test_what_does_not_read_the_selected_card_stays_free(qtbot: QtBot, opened: Window, word: str) -> None:
    canvas = opened.canvases.current
    canvas.select(["size"])
    opened.library.search.setText(word)
    qtbot.keyClick(opened.library.search, Qt.Key.Key_Return)
    (added,) = canvas.selection()
    assert added != "size"
    assert not any(added in (w.source[0], w.target[0]) for w in canvas.board.graph.wires)


def test_quick_add_with_a_card_selected_lists_its_readers_first(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.select(["signal"])
    opened.commands.trigger("edit.add")
    found = popup()
    assert found.field.placeholderText() == "Add a node, wired to signal if it fits"
    names = listed(found)
    assert "source.sine" not in names[: names.index("dsp.rms")]
    qtbot.keyClicks(found.field, "spectrum")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "    spectrum = dsp.spectrum(signal)\n" in text(opened)


def test_quick_add_with_a_wire_selected_goes_into_the_wire(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.viewer.scene().clearSelection()
    next(wire for ends, wire in canvas.board.wires.items() if ends[0][0] == "signal").setSelected(True)
    opened.commands.trigger("edit.add")
    found = popup()
    qtbot.keyClicks(found.field, "absolute")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "    absolute = maths.absolute(signal)\n    louder = maths.multiply(absolute, level)\n" in text(opened)
    opened.commands.trigger("edit.undo")
    canvas.viewer.scene().clearSelection()
    next(wire for ends, wire in canvas.board.wires.items() if ends[0][0] == "signal").setSelected(True)
    opened.library.search.setText("absolute")
    qtbot.keyClick(opened.library.search, Qt.Key.Key_Return)
    assert "    louder = maths.multiply(absolute, level)\n" in text(opened)


# ------------------------------------------------------------------ wires let go over nothing
def let_go(window: Window, start: QPoint) -> QuickAdd:
    """Draw a wire from a port and let it go over nothing."""
    canvas = window.canvases.current
    view, left = canvas.viewport(), Qt.MouseButton.LeftButton
    end = next(
        QPoint(x, y)
        for y in range(view.height() - 40, 40, -20)
        for x in range(40, view.width() - 40, 30)
        if canvas.viewer.scene().node_at(canvas.to_scene(QPoint(x, y))) is None
        and canvas.viewer.scene().port_at(canvas.to_scene(QPoint(x, y))) is None
        and canvas.viewer.scene().wire_at(canvas.to_scene(QPoint(x, y))) is None
        and view.childAt(QPoint(x, y)) is None
    )
    QTest.mouseMove(view, start)
    QTest.mousePress(view, left, NONE, start)
    for part in (0.2, 0.6, 1.0):
        QTest.mouseMove(view, start + (end - start) * part)
        QApplication.processEvents()
    QTest.mouseRelease(view, left, NONE, end)
    QApplication.processEvents()
    return popup()


def test_a_wire_from_an_output_lists_what_takes_it_the_likeliest_first(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    port = canvas.board.cards["signal"].ports["out", ""]
    found = let_go(opened, canvas.viewer.mapFromScene(port.middle()))
    specs = [found.list.model().index(row, 0).data(SPEC) for row in range(found.list.model().rowCount())]
    taken = [{p.type for p in spec.parameters if p.method != "__init__"} for spec in specs]
    assert all(any(compatible("signal", kind) for kind in kinds) for kinds in taken)
    exact = ["signal" in kinds for kinds in taken]
    assert exact[0]
    assert exact.index(False) >= sum(exact), "those that say so come before those that take anything"
    qtbot.keyClicks(found.field, "spectrum")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "    spectrum = dsp.spectrum(signal)\n" in text(opened)


def test_a_wire_from_an_input_lists_what_gives_it(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    port = next(p for (side, _), p in canvas.board.cards["signal"].ports.items() if side == "in")
    found = let_go(opened, canvas.viewer.mapFromScene(port.middle()))
    specs = [found.list.model().index(row, 0).data(SPEC) for row in range(found.list.model().rowCount())]
    assert all(any(compatible(o.type, port.port.type) for o in spec.outputs) for spec in specs)
    assert any(o.type == port.port.type for o in specs[0].outputs)
    qtbot.keyClicks(found.field, "count")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert {w.target[0] for w in canvas.board.graph.wires if w.source[0] == canvas.selection()[0]} == {"signal"}


def test_the_output_of_a_node_that_gives_it_comes_to_where_the_wire_was_let_go(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    port = next(p for (side, _), p in canvas.board.cards["signal"].ports.items() if side == "in")
    found = let_go(opened, canvas.viewer.mapFromScene(port.middle()))
    place = QPointF(found._place)
    names = [found.list.model().index(row, 0).data(SPEC).name for row in range(found.list.model().rowCount())]
    first = max(names.index("every"), names.index("count"))
    assert first < min(names.index(name) for name in ("Csv", "describe", "count_rows"))
    qtbot.keyClicks(found.field, "every")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    output = canvas.board.cards["tick"].ports["out", ""].middle()
    assert (output - place).manhattanLength() <= 2.0


def test_a_name_that_was_made_from_the_type_follows_the_type(qtbot: QtBot, opened: Window, tmp_path: Path) -> None:
    path = tmp_path / "sine.py"
    path.write_text(TEXT.replace("signal", "sine"))
    opened.files.open(path)
    QApplication.processEvents()
    canvas = opened.canvases.current
    canvas.select(["sine"])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_R, CTRL | SHIFT)
    found = popup()
    qtbot.keyClicks(found.field, "square")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "    square = source.square(frequency=5.0, samples=50)\n" in text(opened)
    assert "    louder = maths.multiply(square, level)\n" in text(opened)
    assert "# square = [0, 160]\n" in text(opened)
    assert canvas.selection() == ["square"]
    opened.commands.trigger("edit.undo")
    assert text(opened) == TEXT.replace("signal", "sine")
