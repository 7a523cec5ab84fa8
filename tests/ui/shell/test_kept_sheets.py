"""A sheet that shows one node after the other shows each as a sheet of its own would."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import SetParameter, SetText
from flodesk.flow.graph import picture
from flodesk.flow.model import Literal
from flodesk.flow.script import write
from flodesk.flow.wiring import source_of
from flodesk.ui.examples import example, examples
from flodesk.ui.inspector import Inspector
from flodesk.ui.inspector.pages import KEPT
from flodesk.ui.inspector.rows import Elided
from flodesk.ui.inspector.sheet import Sheet, sources_of
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths, source


def flow():
    first = maths.scale(1.0, factor=2.0)  # by two
    second = maths.scale(first, factor=3.0)
    third = maths.scale(second)
    other = maths.clip(third, upper=5.0)
    wave = source.sine(0, frequency=5.0)
    code = first + 1


if __name__ == "__main__":
    flodesk.main(flow)
"""


def shown(page: QWidget) -> list[Any]:
    """Return all that a page says and holds, from top to bottom."""
    told: list[Any] = []
    for widget in page.findChildren(QWidget):
        hidden = widget.isHidden()
        if isinstance(widget, Elided):
            told.append((hidden, widget.words, widget.toolTip(), widget.property("role")))
        elif isinstance(widget, QLabel):
            told.append((hidden, "" if hidden else widget.text(), widget.toolTip(), widget.property("role")))
        elif isinstance(widget, QLineEdit):
            name, invalid = widget.accessibleName(), bool(widget.property("invalid"))
            told.append((hidden, widget.text(), widget.placeholderText(), name, invalid))
        elif isinstance(widget, QComboBox):
            entries = [widget.itemText(n) for n in range(widget.count())]
            told.append((hidden, widget.currentText(), widget.placeholderText(), entries))
        elif isinstance(widget, QAbstractButton):
            told.append((hidden, widget.text(), widget.isChecked(), widget.toolTip()))
        elif isinstance(widget, QPlainTextEdit):
            told.append((hidden, widget.toPlainText()))
    return told


def inspector_of(qtbot: QtBot, path: Path, catalog: Catalog) -> Inspector:
    document = Document()
    document.open(path)
    made = Inspector(document, catalog.with_flow(document.flow))
    qtbot.addWidget(made)
    made.resize(260, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def inspector(qtbot: QtBot, tmp_path: Path) -> Inspector:
    path = tmp_path / "flow.py"
    path.write_text(TEXT)
    return inspector_of(qtbot, path, Catalog.builtin())


def test_nodes_of_a_kind_share_a_sheet_and_others_have_their_own(inspector: Inspector) -> None:
    inspector.show_nodes("flow", ["second"])
    sheet = inspector.sheet
    inspector.show_nodes("flow", ["third"])
    assert inspector.sheet is sheet is not None
    assert (sheet.name.text(), sheet.note.text()) == ("third", "")
    assert [told[1] for told in shown(sheet) if "from " in str(told[1])] == ["from second"]
    inspector.show_nodes("flow", ["first"])  # its input is a number, not wired
    assert inspector.sheet is not sheet
    assert inspector.sheet is not None
    assert inspector.sheet.note.text() == "by two"
    inspector.show_nodes("flow", ["code_1"])
    code = inspector.sheet
    inspector.show_nodes("flow", [])
    assert inspector.sheet is None
    inspector.show_nodes("flow", ["second"])
    assert inspector.sheet is sheet
    assert sheet.isVisible()
    inspector.show_nodes("flow", ["code_1"])
    assert inspector.sheet is not code


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n == "thermostat" else pytest.mark.long) for n in examples()]
)
def test_each_node_of_an_example_looks_as_on_a_sheet_of_its_own(qtbot: QtBot, name: str) -> None:
    inspector = inspector_of(qtbot, Path(example(name)), Catalog.builtin())
    flow, draw = inspector.document.flow, random.Random(1)
    for function in flow.functions:
        graph = picture(flow, inspector.catalog, function)
        for key in draw.choices(list(graph.nodes), k=2 * len(graph.nodes)):
            inspector.show_nodes(function, [key])
            assert inspector.sheet is inspector.pages.seen is not None
            fresh = Sheet(graph.nodes[key], sources_of(graph, key), source_of(flow, graph.nodes[key]))
            qtbot.addWidget(fresh)
            assert shown(inspector.sheet) == shown(fresh), key
    assert len(inspector.pages.findChildren(Sheet)) <= KEPT + 1


def test_what_was_half_typed_is_not_written_into_the_next_node(qtbot: QtBot, inspector: Inspector) -> None:
    before = write(inspector.document.flow)
    for here, there in (("second", "third"), ("second", "other"), ("second", "code_1"), ("third", "")):
        inspector.show_nodes("flow", [here])
        sheet = inspector.sheet
        assert sheet is not None
        editor = sheet.rows["factor"].editor
        assert editor is not None
        line = editor.findChild(QLineEdit)
        assert line is not None
        line.setFocus()
        line.selectAll()
        qtbot.keyClicks(line, "77")
        inspector.show_nodes("flow", [there] if there else [])
        assert write(inspector.document.flow) == before
        inspector.show_nodes("flow", [here])
        assert inspector.sheet is not None
        assert "77" not in str(shown(inspector.sheet))


def test_a_refusal_is_not_said_of_the_next_node(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_nodes("flow", ["second"])
    sheet = inspector.sheet
    assert sheet is not None
    sheet.name.selectAll()
    qtbot.keyClicks(sheet.name, "two words")
    qtbot.keyClick(sheet.name, Qt.Key.Key_Return)
    assert sheet.name_error.isVisible()
    inspector.show_nodes("flow", ["third"])
    assert inspector.sheet is sheet
    assert not sheet.name_error.isVisible()
    assert not sheet.name.property("invalid")
    assert sheet.name.text() == "third"


def test_a_node_keeps_the_place_of_its_page_and_another_one_begins_above(inspector: Inspector) -> None:
    inspector.resize(260, 200)
    inspector.show_nodes("flow", ["second"])
    bar = inspector.verticalScrollBar()
    inspector.pages.layout().activate()  # type: ignore[union-attr]
    bar.setRange(0, 300)
    bar.setValue(40)
    inspector.show_nodes("flow", ["second"])
    assert bar.value() == 40
    inspector.show_nodes("flow", ["third"])
    assert bar.value() == 0


def test_the_page_of_a_node_whose_function_is_another_is_made_anew(window: Window, tmp_path: Path) -> None:
    text = """\
import flodesk


def part(x: float, gain: float = 1.0) -> float:
    return gain * x


def flow():
    p1 = part(2.0, gain=3.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
    path = tmp_path / "own.py"
    path.write_text(text)
    assert window.files.open(path)
    window.canvases.current.select(["p1"])
    before = window.inspector.sheet
    assert before is not None
    window.document.do(SetParameter("flow", "p1", "gain", Literal("4.0")))
    assert window.inspector.sheet is before, "the page stays while a value changes"
    limited = text.replace("gain: float = 1.0", "gain: Annotated[float, flodesk.Range(0, 5)] = 1.0")
    limited = limited.replace("import flodesk\n", "from typing import Annotated\n\nimport flodesk\n", 1)
    window.document.do(SetText(limited, "Type"))
    after = window.inspector.sheet
    assert after is not None
    assert after.rows["gain"].parameter.maximum == 5
