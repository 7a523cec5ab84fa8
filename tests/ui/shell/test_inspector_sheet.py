"""The inspector's page: it fits its dock, says what is open, and describes the flow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.flow.script import write
from flodesk.ui.help import facts, help_html, rich, shown, without_signs
from flodesk.ui.inspector import Inspector
from flodesk.ui.inspector.editors import LineEditor, ListEditor, LiteralEditor, NumberEditor, PathEditor

SCRIPT = '''\
"""Two numbers."""
import flodesk
from flodesk.nodes import collect, dsp, maths, record, show, source


def flow():
    a_wave_with_a_long_name = source.sine(0)
    spectrum_of_a_long_name = dsp.spectrum(a_wave_with_a_long_name)
    chart = show.chart(spectrum_of_a_long_name.amplitude, spectrum_of_a_long_name.frequency)
    total = maths.add(1.0, 2.0)
    chosen = pick()
    log = record.Csv("measurements/of a day/log.csv")
    kept = collect.Table()


def pick(high: bool, low: bool = False) -> bool:
    return high


if __name__ == "__main__":
    flodesk.main(flow)
'''


def words(inspector: Inspector) -> str:
    return "\n".join(label.text() for label in inspector.widget().findChildren(QLabel))


@pytest.mark.parametrize("node", ["chart", "spectrum_of_a_long_name", "total", "chosen"])
def test_the_page_is_as_wide_as_its_dock(qtbot: QtBot, inspector: Inspector, node: str) -> None:
    inspector.show_nodes("flow", [node])
    qtbot.wait(30)
    assert inspector.widget().width() == inspector.viewport().width()
    assert inspector.widget().minimumSizeHint().width() <= inspector.viewport().width()


def test_a_path_has_the_width_of_the_sheet_and_is_said_in_full(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_nodes("flow", ["log"])
    assert inspector.sheet is not None
    row = inspector.sheet.rows["path"]
    assert isinstance(row.editor, PathEditor)
    qtbot.waitUntil(lambda: row.editor is not None and row.editor.y() >= row.label.geometry().bottom())
    assert row.editor.width() == row.width()
    assert row.editor.line.width() > row.width() * 0.75
    hint = QHelpEvent(QEvent.Type.ToolTip, QPoint(4, 4), row.editor.line.mapToGlobal(QPoint(4, 4)))
    QApplication.sendEvent(row.editor.line, hint)
    assert inspector.document.folder is not None
    assert row.editor.line.toolTip() == str(inspector.document.folder / "measurements/of a day/log.csv")
    row.editor.line.setText("~nobody of this name/log.csv")
    QApplication.sendEvent(row.editor.line, hint.clone())
    assert "~nobody of this name" in row.editor.line.toolTip()


def test_the_spare_input_is_no_error(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_nodes("flow", ["total"])
    assert "nothing is wired" not in words(inspector)
    assert "one more" in words(inspector)
    headings = [x.text() for x in inspector.widget().findChildren(QLabel) if x.property("role") == "heading"]
    assert headings == ["Node", "Inputs", "Help"]


def test_a_required_switch_is_not_set_until_a_hand_sets_it(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_nodes("flow", ["chosen"])
    assert inspector.sheet is not None
    editor = inspector.sheet.rows["high"].editor
    assert editor is not None
    box = editor.findChild(QComboBox)
    assert box is not None
    assert (box.currentIndex(), box.placeholderText()) == (-1, "not set")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert "pick(True)" in write(inspector.document.flow)


def test_a_refused_name_is_marked_and_said_below_it(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_nodes("flow", ["chart"])
    sheet = inspector.sheet
    assert sheet is not None
    sheet.name.setFocus()
    sheet.name.selectAll()
    qtbot.keyClicks(sheet.name, "total")
    qtbot.keyClick(sheet.name, Qt.Key.Key_Return)
    qtbot.wait(20)
    assert sheet.name.property("invalid") is True
    assert sheet.name.y() < sheet.name_error.y() < sheet.note.y()


def test_a_word_that_nothing_is_called_stands_for_itself_in_a_list(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_nodes("flow", ["kept"])
    assert inspector.sheet is not None
    editor = inspector.sheet.rows["columns"].editor
    assert isinstance(editor, ListEditor)
    for typed, written in (("id", "['id']"), ("id, first name", "['id', 'first name']")):
        editor.line.selectAll()
        qtbot.keyClicks(editor.line, typed)
        qtbot.keyClick(editor.line, Qt.Key.Key_Return)
        assert f"kept = collect.Table({written})" in write(inspector.document.flow).replace("columns=", "")
        inspector.settle()
        assert editor.line.text() == typed


def test_a_value_that_the_flow_refused_stays_marked(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_nodes("flow", ["total"])
    assert inspector.sheet is not None
    row = next(row for row in inspector.sheet.rows.values() if isinstance(row.editor, LiteralEditor | NumberEditor))
    editor = row.editor
    assert isinstance(editor, LineEditor)
    editor.line.setFocus()
    editor.line.selectAll()
    qtbot.keyClicks(editor.line, "math.tau")
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert "Nothing here is called “math”" in row.error.text()
    editor.line.clearFocus()  # as a start of the run takes what was typed
    assert "Nothing here is called “math”" in row.error.text()
    assert editor.line.property("invalid") is True
    assert editor.line.text() == "math.tau"


def test_the_description_is_edited_and_undone(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_nodes("flow", [])
    assert inspector.flow_page is not None
    box = inspector.flow_page.description
    assert "It runs" not in words(inspector)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "Adds two.")
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert write(inspector.document.flow).startswith('"""Adds two."""\n')
    assert inspector.document.undo_title == "Describe the flow"
    inspector.document.undo()
    assert write(inspector.document.flow) == SCRIPT
    inspector.refresh()
    assert inspector.flow_page is not None
    assert inspector.flow_page.description.toPlainText() == "Two numbers."


def test_docstrings_are_shown_without_their_marks(qapp: object) -> None:
    assert rich("``a < b`` and `c`, see :func:`x.y`") == (
        "<code>a &lt; b</code> and <code>c</code>, see <code>x.y</code>"
    )
    assert rich("see *Show* and *Save as…*, a * b * c, 2*x*y") == (
        "see <i>Show</i> and <i>Save as…</i>, a * b * c, 2*x*y"
    )
    assert without_signs("Fit ``a * sin(b)`` or *this*, **not** `that`, see :func:`x.y`.") == (
        "Fit a * sin(b) or this, not that, see x.y."
    )
    assert [shown(text) for text in ("None", "True", "3")] == ["none", "on", "3"]
    for spec in Catalog.builtin().specs.values():
        assert "`" not in help_html(spec), spec.path
        assert "`" not in without_signs(spec.summary), spec.path
        for parameter in spec.parameters:
            assert not facts(parameter).endswith("default ")
            assert "truth" not in facts(parameter)


def test_the_page_of_the_flow_is_as_wide_as_its_dock(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_nodes("flow", [])
    for width in (250, 160):
        inspector.resize(width, 700)
        qtbot.waitUntil(lambda: inspector.widget().width() <= inspector.viewport().width())


def test_what_a_loop_does_after_an_error_is_chosen_on_the_page_of_the_flow(qtbot: QtBot, inspector: Inspector) -> None:
    def box() -> QComboBox:
        return next(
            b for b in inspector.widget().findChildren(QComboBox) if b.accessibleName() == "When a node in a loop fails"
        )

    document = inspector.document
    before = write(document.flow)
    document.listeners.append(lambda change: inspector.refresh())
    inspector.show_nodes("flow", [])
    assert box().currentText() == "Stop the loop"
    box().setFocus()
    qtbot.keyClick(box(), Qt.Key.Key_Down)
    assert '# on_error = "reject"' in write(document.flow)
    assert box().currentText() == "Keep the turn"
    assert "dead letter" in words(inspector)
    document.undo()
    assert write(document.flow) == before
    assert box().currentText() == "Stop the loop"
    document.redo()
    assert box().currentText() == "Keep the turn"
