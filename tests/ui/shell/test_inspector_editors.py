"""The editors of the inspector: what is typed, and what of it reaches the script."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from flodesk.flow.describe import describe
from flodesk.flow.spec import Parameter, from_json, to_json
from flodesk.flow.types import PortType
from flodesk.nodes import file, record
from flodesk.ui.inspector.code import CodeEditor
from flodesk.ui.inspector.editors import (
    ChoiceEditor,
    ColorEditor,
    Editor,
    IntegerEditor,
    LineEditor,
    ListEditor,
    LiteralEditor,
    NumberEditor,
    PathEditor,
    SwitchEditor,
    TextEditor,
    editor_for,
)  # fmt: skip


class Seen:
    """An editor with what it said."""

    def __init__(self, qtbot: QtBot, parameter: Parameter, text: str) -> None:
        self.editor = editor_for(parameter, text)
        qtbot.addWidget(self.editor)
        self.editor.show()
        self.edits: list[str] = []
        self.refusals: list[str] = []
        self.editor.show_text(text)
        self.editor.edited.connect(self.edits.append)
        self.editor.refused.connect(self.refusals.append)
        self._qtbot = qtbot

    def type(self, words: str) -> None:
        assert isinstance(self.editor, LineEditor)
        self.editor.line.selectAll()
        if words:
            self._qtbot.keyClicks(self.editor.line, words)
        else:
            self._qtbot.keyClick(self.editor.line, Qt.Key.Key_Delete)
        self._qtbot.keyClick(self.editor.line, Qt.Key.Key_Return)


def parameter(kind: PortType, **facts: object) -> Parameter:
    return Parameter(name="cutoff", type=kind, required=False, default="1.0", **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("20", "20.0"),
        ("-5", "-5.0"),
        ("1e-6", "1e-06"),
        ("1.5k", "1500.0"),
        ("2 kHz", "2000.0"),
        ("1,5", "1.5"),
        ("math.pi", "math.pi"),
    ],
)
def test_a_number_may_be_typed_as_people_do(qtbot: QtBot, words: str, text: str) -> None:
    seen = Seen(qtbot, parameter("number", unit="Hz"), "3.0")
    seen.type(words)
    assert seen.edits == [text]


@pytest.mark.parametrize("words", ["abc", "", "1.2.3", "12 kg"])
def test_what_is_no_number_is_refused_and_changes_nothing(qtbot: QtBot, words: str) -> None:
    seen = Seen(qtbot, parameter("number", unit="Hz"), "3.0")
    seen.type(words)
    assert seen.edits == []
    assert ("no number in Hz" if words else "empty: write a number") in seen.refusals[-1]
    qtbot.keyClick(seen.editor.line, Qt.Key.Key_Escape)  # type: ignore[attr-defined]
    assert seen.editor.line.text() == "3"  # type: ignore[attr-defined]
    assert seen.refusals[-1] == ""


def test_limits_are_said(qtbot: QtBot) -> None:
    seen = Seen(qtbot, parameter("number", minimum=1.0, maximum=200.0), "20.0")
    seen.type("500")
    assert seen.edits == []
    assert "1 to 200" in seen.refusals[-1]
    for _ in range(30):
        qtbot.keyClick(seen.editor.line, Qt.Key.Key_PageUp)  # type: ignore[attr-defined]
    assert seen.edits[-1] == "200.0"


def test_arrow_keys_step(qtbot: QtBot) -> None:
    seen = Seen(qtbot, parameter("number", step=0.5), "3.0")
    qtbot.keyClick(seen.editor.line, Qt.Key.Key_Up)  # type: ignore[attr-defined]
    qtbot.keyClick(seen.editor.line, Qt.Key.Key_Down)  # type: ignore[attr-defined]
    qtbot.keyClick(seen.editor.line, Qt.Key.Key_Down)  # type: ignore[attr-defined]
    assert seen.edits == ["3.5", "3.0", "2.5"]


def test_whole_numbers(qtbot: QtBot) -> None:
    seen = Seen(qtbot, parameter("integer"), "4")
    seen.type("4.5")
    assert "no whole number" in seen.refusals[-1]
    seen.type("1k")
    assert seen.edits == ["1000"]
    qtbot.keyClick(seen.editor.line, Qt.Key.Key_Down)  # type: ignore[attr-defined]
    assert seen.edits[-1] == "999"


def test_text_needs_no_quotes(qtbot: QtBot) -> None:
    seen = Seen(qtbot, parameter("text"), "'volt'")
    assert seen.editor.line.text() == "volt"  # type: ignore[attr-defined]
    seen.type("it's")
    assert seen.edits == ['"it\'s"']


def test_leaving_without_a_change_is_no_edit(qtbot: QtBot) -> None:
    seen = Seen(qtbot, parameter("number"), "1_000.0")
    qtbot.keyClick(seen.editor.line, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    assert seen.edits == []


def test_none_where_it_is_allowed(qtbot: QtBot) -> None:
    seen = Seen(qtbot, parameter("number", optional=True), "1.0")
    seen.type("")
    assert seen.edits == ["None"]
    assert seen.editor.line.text() == "none"  # type: ignore[attr-defined]


def test_a_choice_by_keyboard(qtbot: QtBot) -> None:
    seen = Seen(qtbot, parameter("text", choices=("hann", "flat top", 3)), "'hann'")
    box = seen.editor.findChild(QComboBox)
    assert box is not None
    assert box.currentText() == "hann"
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert seen.edits[-1:] == ["3"]


def test_a_switch_by_mouse(qtbot: QtBot) -> None:
    seen = Seen(qtbot, parameter("truth"), "False")
    assert isinstance(seen.editor, SwitchEditor)
    qtbot.mouseClick(seen.editor.box, Qt.MouseButton.LeftButton, pos=seen.editor.box.rect().center() / 4)
    assert seen.edits == ["True"]
    assert seen.editor.box.text() == "on"


def test_a_double_click_selects_the_whole_number(qtbot: QtBot) -> None:
    seen = Seen(qtbot, parameter("number"), "0.1")
    assert isinstance(seen.editor, NumberEditor)
    qtbot.mouseClick(seen.editor.line, Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(seen.editor.line, Qt.MouseButton.LeftButton)
    assert seen.editor.line.selectedText() == "0.1"
    qtbot.keyClicks(seen.editor.line, "0.05")
    qtbot.keyClick(seen.editor.line, Qt.Key.Key_Return)
    assert seen.edits == ["0.05"]


def test_any_literal(qtbot: QtBot) -> None:
    seen = Seen(qtbot, parameter("list"), "[1, 2]")
    seen.type("[1,")
    assert "Python value" in seen.refusals[-1]
    seen.type("os.system('x')")
    assert seen.edits == []
    seen.type("(3, 4)")
    assert seen.edits == ["(3, 4)"]


@pytest.mark.parametrize(
    ("made", "text", "expected"),
    [
        (parameter("number"), "1.0", NumberEditor),
        (parameter("integer"), "1", IntegerEditor),
        (parameter("truth"), "True", SwitchEditor),
        (parameter("truth", optional=True), "None", LiteralEditor),
        (parameter("text"), "'a'", TextEditor),
        (parameter("text"), "None", LiteralEditor),
        (parameter("text", widget="color"), "'#ff0000'", ColorEditor),
        (parameter("path"), "'a.csv'", PathEditor),
        (parameter("text", choices=("a",)), "'a'", ChoiceEditor),
        (parameter("any"), "None", LiteralEditor),
        (parameter("number"), "math.pi", LiteralEditor),
    ],
)
def test_the_type_decides_the_editor(qtbot: QtBot, made: Parameter, text: str, expected: type[Editor]) -> None:
    editor = editor_for(made, text)
    qtbot.addWidget(editor)
    editor.show_text(text)
    assert type(editor) is expected


@pytest.mark.parametrize(
    ("made", "endings"),
    [
        (record.Csv, "*.csv"),
        (record.Arrow, "*.arrows"),
        (record.Hdf5, "*.h5 *.hdf5"),
        (record.Tdms, "*.tdms"),
        (record.Sqlite, "*.sqlite *.db"),
        (file.write_csv, "*.csv"),
    ],
)
def test_a_path_that_is_written_is_asked_for_as_a_place_to_save(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, made: Callable[..., Any], endings: str
) -> None:
    asked: list[tuple[str, str]] = []

    def ask(parent: object, title: str, now: str, filters: str, **options: object) -> tuple[str, str]:
        asked.append((now, filters))
        return "/data/new", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    found = from_json(json.loads(json.dumps(to_json(describe(made))))).parameter("path")
    assert found is not None
    seen = Seen(qtbot, found, "'not there'")
    qtbot.mouseClick(seen.editor.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert asked == [("not there", f"Files ({endings});;All files (*)")]
    assert seen.edits == [repr(f"/data/new{endings.split()[0][1:]}")]


def test_a_path_that_is_read_is_asked_for_as_a_file_that_is_there(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *words: ("/data/a.csv", ""))
    found = describe(record.play).parameter("path")
    assert found is not None
    seen = Seen(qtbot, found, "'log.csv'")
    qtbot.mouseClick(seen.editor.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert seen.edits == ["'/data/a.csv'"]


def test_code_is_applied_only_if_it_is_python(qtbot: QtBot) -> None:
    editor = CodeEditor("x = 1\n")
    qtbot.addWidget(editor)
    editor.show()
    assert not editor.apply.isEnabled()
    editor.box.setPlainText("x = (")
    assert not editor.apply.isEnabled()
    assert "Line 1" in editor.error.text()
    editor.box.setPlainText("x = 2\n")
    with qtbot.waitSignal(editor.applied) as caught:
        qtbot.keyClick(editor.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert caught.args == ["x = 2\n"]
    qtbot.mouseClick(editor.revert, Qt.MouseButton.LeftButton)
    assert editor.box.toPlainText() == "x = 1\n"


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("city, month", "['city', 'month']"),
        ("first name", "['first name']"),
        ("'city'", "['city']"),
        ("1, 2.5", "[1, 2.5]"),
        ("5", "[5]"),
        ("5, #b", "[5, '#b']"),
        ("1 # x", "['1 # x']"),
        ("['city']", "['city']"),
        ("city", "city"),  # a variable, or a text: the flow knows
        ("", "None"),
    ],
)
def test_a_list_needs_no_brackets_and_its_words_no_quotes(qtbot: QtBot, typed: str, given: str) -> None:
    seen = Seen(qtbot, parameter("list", optional=True), "['x']")
    assert isinstance(seen.editor, ListEditor)
    assert seen.editor.line.text() == "x"
    seen.type(typed)
    assert seen.edits == [given]


@pytest.mark.parametrize("text", ["['a, b']", "['1']", "['']", "[1, 2]", "['it\\'s']", "['None']", "['True', 'x']"])
def test_a_list_that_words_would_change_is_shown_as_it_is_written(qtbot: QtBot, text: str) -> None:
    seen = Seen(qtbot, parameter("list"), text)
    assert isinstance(seen.editor, ListEditor)
    assert seen.editor.line.text() == text
    seen.type("[1, 2")
    assert not seen.edits
    assert seen.refusals[-1].startswith("Type a Python value")
