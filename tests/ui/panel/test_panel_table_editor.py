"""The table that is typed, by real events: cells, rows, columns, types, the clipboard, and undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.engine.values import decode, encode
from flodesk.flow.script import read as read_script
from flodesk.flow.script import write
from flodesk.nodes import control
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.controls.column_dialog import ColumnDialog
from flodesk.ui.panel.controls.table_editor import TableEditor
from flodesk.ui.panel.tabular import Column, RefusedError, Tabular, block_of, guessed, headed, read, text_of_block

TABLE = """\
parts = control.table([
        {"part": "text", "mass": "number"},
        ["bolt", 4.21],
        ["nut", None],
    ], label="Parts")"""
Opened = Callable[..., ControlPanel]
Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(open_panel: Opened, flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text([TABLE, "seen = show.table(parts)"], ["parts = [0, 0, 8, 6]"]))


def editor(panel: ControlPanel) -> TableEditor:
    found = panel.board.cards["flow.parts"].content
    assert isinstance(found, TableEditor)
    return found


def lines(panel: ControlPanel) -> list[str]:
    """Return the lines of the table in the script, and see that it reads back."""
    panel.document.settle()
    text = write(panel.document.flow)
    assert write(read_script(text)) == text
    body = text[text.index("parts = control.table(") :].split("\n    ]")[0].splitlines()
    return [line.strip() for line in body[1:]]


def click(qtbot: QtBot, table: TableEditor, row: int, column: int) -> None:
    table.window().activateWindow()
    qtbot.waitUntil(table.window().isActiveWindow)
    area: QRect = table.view.visualRect(table.view.cells.index(row, column))
    qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())


def type_on(text: str, end: Key = Key.Key_Return) -> None:
    """Type where the keyboard is: into the cell, and after the first key into its line."""
    for letter in text:
        QTest.keyClick(QApplication.focusWidget(), letter)
    QTest.keyClick(QApplication.focusWidget(), end)


# ---------------------------------------------------------------- by hand
def test_cells_are_typed_one_below_the_other_and_each_is_one_undo(panel: ControlPanel, qtbot: QtBot) -> None:
    table, before = editor(panel), write(panel.document.flow)
    click(qtbot, table, 1, 1)
    type_on("1,1")
    assert lines(panel) == ['{"part": "text", "mass": "number"},', '["bolt", 4.21],', '["nut", 1.1],']
    assert table.view.currentIndex().row() == 2, "Enter goes down, to the row that begins another"
    type_on("35m", Key.Key_Backtab)
    assert lines(panel)[-1] == "[None, 0.035],"
    type_on("pin")
    assert lines(panel)[-1] == '["pin", 0.035],'
    for _ in range(3):
        panel.document.undo()
    assert write(panel.document.flow) == before
    qtbot.waitUntil(lambda: len(table.table.rows) == 2)


def test_what_is_typed_into_a_new_row_is_taken_once(panel: ControlPanel, qtbot: QtBot, qtlog: Any) -> None:
    table = editor(panel)
    for row, end in ((2, Key.Key_Return), (3, Key.Key_Tab)):
        click(qtbot, table, row, 0)
        type_on("pin", end)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))  # Tab has opened the next cell
    assert lines(panel)[-2:] == ['["pin", None],', '["pin", None],']
    assert not [record.message for record in qtlog.records if "editor" in record.message]


def test_a_column_grows_with_what_is_typed_into_it(panel: ControlPanel, qtbot: QtBot) -> None:
    table = editor(panel)
    narrow = table.view.columnWidth(0)
    click(qtbot, table, 2, 0)
    type_on("washer, spring, stainless")
    wide = table.view.fontMetrics().horizontalAdvance("washer, spring, stainless")
    assert narrow < wide
    qtbot.waitUntil(lambda: table.view.columnWidth(0) >= wide + 16)


def test_what_is_no_value_of_the_column_stays_in_its_line_with_a_word(panel: ControlPanel, qtbot: QtBot) -> None:
    table, before = editor(panel), write(panel.document.flow)
    click(qtbot, table, 0, 1)
    type_on("heavy")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "heavy", "nothing that was typed is lost"
    assert "Row 1, column “mass”: “heavy” is not a number." in table.notice
    assert write(panel.document.flow) == before
    type_on("5")
    assert lines(panel)[1] == '["bolt", 5.0],'


def test_rows_come_and_go_by_key(panel: ControlPanel, qtbot: QtBot) -> None:
    table = editor(panel)
    click(qtbot, table, 1, 0)
    qtbot.keyClick(table.view, Key.Key_Insert)
    assert lines(panel)[1:] == ['["bolt", 4.21],', "[None, None],", '["nut", None],']
    click(qtbot, table, 0, 0)
    qtbot.keyClick(table.view, Key.Key_Delete)
    assert lines(panel)[1] == "[None, 4.21],"
    qtbot.keyClick(table.view, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table.view, Key.Key_Delete, CONTROL)
    assert lines(panel)[1:] == ['["nut", None],']
    click(qtbot, table, 1, 0)
    qtbot.keyClick(table.view, Key.Key_Delete, CONTROL)
    assert lines(panel)[1:] == ['["nut", None],'], "the empty row below is no row yet"
    panel.document.undo()
    assert lines(panel)[1:] == ["[None, 4.21],", "[None, None],", '["nut", None],']


def test_columns_come_go_and_change_by_the_menu(panel: ControlPanel, qtbot: QtBot) -> None:
    table, before = editor(panel), write(panel.document.flow)
    qtbot.mouseClick(table.view.plus, Qt.MouseButton.LeftButton)
    assert lines(panel)[:2] == ['{"part": "text", "mass": "number", "A": "text"},', '["bolt", 4.21, None],']
    steps = panel.document.steps
    dialog = asked_of_column(qtbot, table, 2)
    qtbot.keyClicks(dialog.name, "count")
    qtbot.keyClick(dialog.kind, Key.Key_W)
    qtbot.keyClick(dialog, Key.Key_Return)
    assert '"count": "integer"' in lines(panel)[0]
    assert panel.document.steps == steps + 1
    choose(table, 0, "Type of column", "Number")
    assert "Row 1, column “part”: “bolt” is not a number." in table.notice, "nothing is thrown away"
    choose(table, 1, "Type of column", "Text")
    assert lines(panel)[:2] == ['{"part": "text", "mass": "text", "count": "integer"},', '["bolt", "4.21", None],']
    choose(table, 0, "Remove column")
    assert lines(panel)[0] == '{"mass": "text", "count": "integer"},'
    dialog = asked_of_column(qtbot, table, 0)
    qtbot.keyClicks(dialog.name, "count")
    qtbot.keyClick(dialog, Key.Key_Return)
    assert dialog.isVisible(), "to be mended"
    assert dialog.refusal.text() == "There is a column “count” already: choose another name."
    qtbot.keyClick(dialog, Key.Key_Escape)
    assert lines(panel)[0] == '{"mass": "text", "count": "integer"},'
    while panel.document.steps:
        panel.document.undo()
    assert write(panel.document.flow) == before


def asked_of_column(qtbot: QtBot, table: TableEditor, column: int) -> ColumnDialog:
    """Double click on the head of a column, and return the dialog that asks for its name and type."""
    header = table.view.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(column) + 8, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in table.findChildren(ColumnDialog)))
    return next(dialog for dialog in table.findChildren(ColumnDialog) if dialog.isVisible())


def choose(table: TableEditor, column: int, *words: str) -> None:
    menu = table.menu(-1, column)
    for word in words:
        action = next(action for action in menu.actions() if action.text() == word)
        found = action.menu()
        if found is not None:
            menu = found  # type: ignore[assignment]
    action.trigger()


# ---------------------------------------------------------------- clipboard
def test_cells_of_a_spreadsheet_are_pasted_as_one_step(panel: ControlPanel, qtbot: QtBot) -> None:
    table, before = editor(panel), write(panel.document.flow)
    QGuiApplication.clipboard().setText("washer\t0,35\t24\r\npin\t\t2\r\n")
    click(qtbot, table, 2, 0)
    qtbot.keyClick(table.view, Key.Key_V, CONTROL)
    assert lines(panel) == [
        '{"part": "text", "mass": "number", "A": "integer"},',
        '["bolt", 4.21, None],',
        '["nut", None, None],',
        '["washer", 0.35, 24],',
        '["pin", None, 2],',
    ]
    panel.document.undo()
    assert write(panel.document.flow) == before
    QGuiApplication.clipboard().setText("1\t2\nx\ty")
    qtbot.waitUntil(lambda: len(table.table.rows) == 2)
    click(qtbot, table, 0, 0)
    qtbot.keyClick(table.view, Key.Key_V, CONTROL)
    assert "Row 2, column “mass”: “y” is not a number." in table.notice
    assert write(panel.document.flow) == before, "all of it or nothing"


def test_an_empty_table_takes_names_and_types_from_what_is_pasted(
    open_panel: Opened, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(["parts = control.table()"], ["parts = [0, 0, 8, 6]"]))
    table = editor(panel)
    QGuiApplication.clipboard().setText('part\tday\tok\tserial\n"a\nb"\t5.1.2026\tyes\t0012\n')
    table.view.setFocus()
    qtbot.keyClick(table.view, Key.Key_V, CONTROL)
    assert lines(panel) == [
        '{"part": "text", "day": "date", "ok": "truth", "serial": "text"},',
        '["a\\nb", "2026-01-05", True, "0012"],',
    ]
    table.view.selectAll()
    qtbot.keyClick(table.view, Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == '"a\nb"\t2026-01-05\ttrue\t0012\n'


def test_what_is_too_large_is_refused(panel: ControlPanel, qtbot: QtBot) -> None:
    table, before = editor(panel), write(panel.document.flow)
    QGuiApplication.clipboard().setText("x\n" * 501)
    click(qtbot, table, 0, 0)
    qtbot.keyClick(table.view, Key.Key_V, CONTROL)
    assert "room for 1000 cells" in table.notice
    assert write(panel.document.flow) == before


# ---------------------------------------------------------------- what it shows
def test_a_script_that_is_no_table_is_told_and_left_alone(
    open_panel: Opened, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(["parts = control.table([[1, 2], [3, 4]])"], ["parts = [0, 0, 8, 6]"]))
    table, before = editor(panel), write(panel.document.flow)
    assert "The script says [[1, 2], [3, 4]], which cannot be typed here" in table.tip()
    table.setFocus()
    qtbot.keyClick(table, Key.Key_V, CONTROL)
    assert write(panel.document.flow) == before


def test_a_table_that_a_wire_brings_is_only_shown(open_panel: Opened, flow_text: Callable[..., str]) -> None:
    panel = open_panel(flow_text(["rows = list()", "parts = control.table(rows)"], ["parts = [0, 0, 8, 6]"]))
    table = editor(panel)
    frame = pd.DataFrame({"part": ["a", None], "mass": [1.5, float("nan")]})
    panel.show_values({"flow.parts": Sample(1, decode(*encode(frame)))})
    assert table.table.columns == (Column("part"), Column("mass", "number"))
    assert table.table.rows == (("a", 1.5), (None, None))
    assert table.view.cells.rowCount() == 2, "no row to begin another in"
    assert table.view.cells.fixed


def test_in_a_loop_the_rows_stand_further_in(open_panel: Opened, flow_text: Callable[..., str], qtbot: QtBot) -> None:
    body = ["for turn in timing.every(1.0):", '    parts = control.table([{"n": "integer"}, [1]])']
    panel = open_panel(flow_text(body, ["parts = [0, 0, 8, 6]"]))
    table = editor(panel)
    click(qtbot, table, 0, 0)
    type_on("2.5")
    panel.document.settle()
    wanted = 'parts = control.table([\n            {"n": "number"},\n            [2.5],\n        ])'
    assert wanted in write(panel.document.flow), "whole numbers become numbers when another one comes"


# ---------------------------------------------------------------- the data
def test_types_are_guessed_with_care() -> None:
    for texts, kind in (
        (["1", "-20", ""], "integer"), (["1", "2,5"], "number"), (["1e3"], "number"), (["5m"], "text"),
        (["0012"], "text"), (["2026-01-05", "5.1.2026"], "date"), (["yes", "No"], "truth"),
        (["x"], "text"), ([], "text"),        (["31.2.2026"], "text"), (["1e999"], "text"),
    ):  # fmt: skip
        assert guessed(texts) == kind, texts
    assert headed([["a", "b"], ["1", "x"]])
    assert not headed([["a", "b"], ["x", "y"]]), "texts above texts may be a row"
    assert not headed([["a", "a"], ["1", "2"]])


def test_the_clipboard_round_trips() -> None:
    block = [["a\tb", 'say "x"'], ["", "line\nbreak"]]
    assert block_of(text_of_block(block)) == block


def test_what_the_editor_writes_the_node_reads() -> None:
    made = Tabular((Column("part"),)).pasted(0, 0, [["bolt", "1", "2.5", "yes", "2026-01-05"], ["nut", "", "", "", ""]])
    again = read(made.value)
    assert again == made
    frame = control.table(made.value)
    assert [str(kind)[:10] for kind in frame.dtypes[1:]] == ["Int64", "float64", "boolean", "datetime64"]
    assert frame.iloc[0].tolist()[:4] == ["bolt", 1, 2.5, True]
    with pytest.raises(RefusedError, match="last column"):
        Tabular((Column("A"),)).without_columns([0])
