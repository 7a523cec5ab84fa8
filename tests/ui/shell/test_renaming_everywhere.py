"""A new name, by F2 or on the tab, is the name wherever the old one was used; and undo is the way back."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# level = [0, 0]
# loud = [240, 0]
#
# [tool.flodesk.canvas.amplify]
# scaled = [0, 0]
#
# [tool.flodesk.pins.flow]
# level = ["maximum"]
#
# [tool.flodesk.wires.flow]
# "level -> loud.gain" = { by = [[120, 40]] }
#
# [tool.flodesk.notes.flow]
# note_1 = { at = [0, -160, 240, 120], text = "See [the slider](#level) and [louder](#loud)." }
#
# [tool.flodesk.panel.flow]
# level = [0, 0, 8, 2]
# top = { at = [0, 2, 4, 2], shows = "level.maximum" }
# ///
import flodesk
from flodesk.nodes import control, maths, queue, show, text

jobs = queue.Queue(size=10)


def amplify(value: float, gain: float):
    scaled = maths.multiply(value, gain)
    return scaled


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    total = 0.0
    for turn in range(3):
        loud = amplify(turn, level)
        high = level > 1.0 and loud > level
        if level > 1.5:
            told = text.template("{{ level }} of {{ value }}", level=level, value=loud)
        else:
            told = str(max(level, 0.5))
        total = loud
        sent = jobs.put(told)
    shown = show.text(total)


def report():
    for line in jobs:
        said = show.log(line)


if __name__ == "__main__":
    flodesk.main(flow, report)
"""


def uses(text: str, name: str) -> list[str]:
    """Lines that use a name as a variable: not as the name of a parameter, nor in the words of a template."""
    bare = re.sub(r"\{\{.*?\}\}", "", text)
    return [line for line in bare.splitlines() if re.search(rf"\b{name}\b(?!=)", line)]


def rename_card(window: Window, old: str, new: str) -> None:
    canvas = window.canvases.current
    canvas.select([old])
    QTest.keyClick(canvas.viewer, Qt.Key.Key_F2)
    field = canvas.picking.naming.field
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, new)
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_a_node_has_its_new_name_in_every_use(opened: Window) -> None:
    points, desk = opened.debugging.breakpoints, opened.probing.desk
    points.put("flow.level", "level > 1")
    points.put("flow.loud", "loud > level and turn")
    desk.toggle(["flow.level"])
    before = write(opened.document.flow)
    rename_card(opened, "level", "gain_now")
    text = write(opened.document.flow)
    assert uses(text, "level") == []
    for line in (
        "# gain_now = [0, 0]",
        '# gain_now = ["maximum"]',
        '# "gain_now -> loud.gain"',
        "(#gain_now) and [louder](#loud)",
        "# gain_now = [0, 0, 8, 2]",
        'shows = "gain_now.maximum"',
        "loud = amplify(turn, gain_now)",
        "high = gain_now > 1.0 and loud > gain_now",
        "if gain_now > 1.5:",
        "level=gain_now, value=loud)",
        "told = str(max(gain_now, 0.5))",
    ):
        assert line in text, line
    assert dict(points.here()) == {"flow.gain_now": "gain_now > 1", "flow.loud": "loud > gain_now and turn"}
    assert list(desk.rooms) == ["flow.gain_now"]
    opened.commands.trigger("edit.undo")
    assert write(opened.document.flow) == before
    assert dict(points.here()) == {"flow.level": "level > 1", "flow.loud": "loud > level and turn"}
    assert list(desk.rooms) == ["flow.level"]


@pytest.mark.parametrize("old", ["turn", "total", "loud", "told"])
def test_so_has_a_producer_feedback_and_what_goes_through_arms(opened: Window, old: str) -> None:
    before = write(opened.document.flow)
    rename_card(opened, old, "fresh")
    text = write(opened.document.flow)
    body = text.partition("def flow")[2].partition("def report")[0]
    assert uses(body, old) == []
    assert uses(body, "fresh")
    opened.commands.trigger("edit.undo")
    assert write(opened.document.flow) == before


def test_a_subflow_is_renamed_with_what_is_known_of_it(opened: Window) -> None:
    points, desk = opened.debugging.breakpoints, opened.probing.desk
    assert opened.canvases.tabs.open("amplify")
    points.put("amplify.scaled", "")
    desk.toggle(["amplify.scaled"])
    opened.canvases.tabs._rename("amplify", "louder")
    text = write(opened.document.flow)
    assert "amplify" not in text
    assert "loud = louder(turn, level)" in text
    assert "[tool.flodesk.canvas.louder]" in text
    assert opened.canvases.function == "louder"
    assert list(points.here()) == ["louder.scaled"]
    assert list(desk.rooms) == ["louder.scaled"]
    opened.commands.trigger("edit.undo")
    assert list(points.here()) == ["amplify.scaled"]
    assert list(desk.rooms) == ["amplify.scaled"]


def test_a_queue_is_renamed_in_every_function(opened: Window) -> None:
    assert opened.canvases.current.changes.rename_everywhere("jobs", "lines") == ""
    text = write(opened.document.flow)
    assert "jobs" not in text
    for line in ("lines = queue.Queue(size=10)", "sent = lines.put(told)", "for line in lines:"):
        assert line in text


def test_the_name_of_an_expression_is_its_variable_in_the_inspector_too(opened: Window) -> None:
    points, desk = opened.debugging.breakpoints, opened.probing.desk
    code = next(key for key, node in opened.canvases.current.board.graph.nodes.items() if node.name == "high")
    points.put(f"flow.{code}", "high and turn > 1")
    desk.toggle(["flow.high"])
    opened.canvases.current.select([code])
    opened.inspector.settle()
    sheet = opened.inspector.sheet
    assert sheet is not None
    assert sheet.name.text() == "high"
    sheet.name.setFocus()
    sheet.name.selectAll()
    QTest.keyClicks(sheet.name, "loud_enough")
    QTest.keyClick(sheet.name, Qt.Key.Key_Return)
    QApplication.processEvents()
    opened.inspector.settle()
    assert "loud_enough = level > 1.0 and loud > level" in write(opened.document.flow)
    assert points.condition(f"flow.{code}") == "loud_enough and turn > 1"
    assert list(desk.rooms) == ["flow.loud_enough"]
    assert opened.canvases.current.selection() == [code]
    assert opened.inspector.sheet is not None
    assert opened.inspector.sheet.name.text() == "loud_enough"
    opened.commands.trigger("edit.undo")
    opened.inspector.settle()
    assert points.condition(f"flow.{code}") == "high and turn > 1"
    assert opened.inspector.sheet.name.text() == "high"
