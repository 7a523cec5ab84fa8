"""A table of a hundred thousand rows: only those that are seen are asked for; it is sorted, searched and copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.engine.events import Event
from flodesk.engine.probing import Rows
from flodesk.engine.values import decode, encode
from flodesk.indicators.as_text import Text, cells_text, csv_text
from flodesk.indicators.columns import NoColumnsError
from flodesk.public import Sheet
from flodesk.ui.panel.faces.rows import PAGE
from flodesk.ui.panel.faces.sheet import SheetFace
from flodesk.ui.panel.giving import Giving
from flodesk.ui.panel.setting import Reading

ROWS = 100_000
FLOW = """\
import flodesk
import pandas as pd
from flodesk.nodes import show


def rows() -> pd.DataFrame:
    number = pd.Series(range({count}))
    return pd.DataFrame({{"n": number, "half": number / 2, "name": "item " + (number % 7).astype(str)}})


def flow():
    table = rows()
    shown = show.table(table)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Host]:
    heard: list[Event] = []
    host = Host(listener=heard.append)
    host.open(FLOW.format(count=ROWS), str(tmp_path / "flow.py"))
    host.heard = heard  # type: ignore[attr-defined]
    yield host
    host.close()


@pytest.fixture
def sheet(engine: Host, qtbot: QtBot) -> Iterator[tuple[SheetFace, list[tuple[int, int]]]]:
    """Return the face of a big table that an engine has, and what was asked of it: first row and number."""
    from flodesk.ui.panel.asking import Asking

    engine.watch({"flow.shown"}, set())
    engine.start()
    qtbot.waitUntil(lambda: "flow.shown" in engine.values(), timeout=60_000)
    asked: list[tuple[int, int]] = []

    class Counting(Asking):
        def rows(self, name: str, start: int, count: int, *rest: object) -> None:
            asked.append((start, count))
            super().rows(name, start, count, *rest)  # type: ignore[arg-type]

    asking = Counting()
    asking.engine = lambda: engine
    face = SheetFace(Reading("flow.shown", "Rows"))
    face.asking = asking
    qtbot.addWidget(face)
    face.resize(500, 300)
    face.show()
    qtbot.waitExposed(face)
    face.show_value(engine.values()["flow.shown"].value)
    return face, asked


def text(face: SheetFace, row: int, column: int = 0) -> str:
    return str(face.model.data(face.model.index(row, column)))


def wait_for(qtbot: QtBot, face: SheetFace, row: int, said: str, column: int = 0) -> None:
    qtbot.waitUntil(lambda: text(face, row, column) == said, timeout=60_000)


def test_rows_are_asked_for_as_they_come_into_view(
    sheet: tuple[SheetFace, list[tuple[int, int]]], qtbot: QtBot
) -> None:
    face, asked = sheet
    assert face.model.rowCount() == ROWS
    assert face.size_label.text() == "100 000 × 3"
    assert text(face, 3, 1) == "1.5"
    face.view.grab()
    assert asked == [], "the first rows came along"
    face.view.setFocus()
    qtbot.keyClick(face.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    face.view.scrollToBottom()
    wait_for(qtbot, face, ROWS - 1, str(ROWS - 1))
    assert len(asked) <= 3, "and not what was passed by"
    assert sum(count for _, count in asked) <= 3 * PAGE
    # by a click on a head it is sorted where it is: the greatest first at the second click
    header = face.view.horizontalHeader()
    place = QPoint(header.sectionPosition(0) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert face.model.order == (0, True)
    wait_for(qtbot, face, 0, str(ROWS - 1))
    qtbot.keyClick(face.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(face.sought, "ITEM 3")
    qtbot.waitUntil(lambda: face.model.rowCount() == len(range(3, ROWS, 7)), timeout=60_000)
    wait_for(qtbot, face, 0, "item 3", 2)
    assert face.size_label.text() == "100 000 × 3 (14 286 found)"
    face.view.selectRow(0)
    face.view.setFocus()
    said_by(qtbot, face, lambda: qtbot.keyClick(face.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier))
    cells = QGuiApplication.clipboard().text().split("\t")
    assert cells[2] == "item 3"
    assert int(cells[0]) == max(range(3, ROWS, 7))
    qtbot.keyClick(face.view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: face.model.rowCount() == ROWS, timeout=60_000)


def said_by(qtbot: QtBot, face: SheetFace, do: Callable[[], object]) -> str:
    """Do something, and return what the view says of it."""
    with qtbot.waitSignal(face.said, timeout=60_000) as heard:
        do()
    return str(heard.args[0])


def test_cells_that_were_never_seen_are_copied(sheet: tuple[SheetFace, list[tuple[int, int]]], qtbot: QtBot) -> None:
    face, _ = sheet
    view, control = face.view, Qt.KeyboardModifier.ControlModifier
    clipboard = QGuiApplication.clipboard()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(face.model.index(2, 0)).center())
    qtbot.keyClick(view, Qt.Key.Key_A, control)
    assert said_by(qtbot, face, lambda: qtbot.keyClick(view, Qt.Key.Key_C, control)) == (
        "100\u202f000 rows × 3 columns on the clipboard."
    )
    lines = clipboard.text().split("\n")
    assert len(lines) == ROWS
    assert (lines[0], lines[-1]) == ("0\t0.0\titem 0", f"{ROWS - 1}\t{(ROWS - 1) / 2}\titem {(ROWS - 1) % 7}")
    assert lines[1001] == "1001\t500.5\titem 0"
    assert face.size_label.text() == "100 000 × 3"

    # two columns that are not beside one another, in the order that is shown, of the rows that are found
    face.sort(0)
    face.sort(0)
    face.seek()
    qtbot.keyClicks(face.sought, "item 3")
    qtbot.waitUntil(lambda: face.model.rowCount() == len(range(3, ROWS, 7)), timeout=60_000)
    how = QItemSelectionModel.SelectionFlag
    for column, kept in ((0, how.ClearAndSelect), (2, how.Select)):
        ends = face.model.index(0, column), face.model.index(face.model.rowCount() - 1, column)
        view.selectionModel().select(QItemSelection(*ends), kept)
    assert "14\u202f286 rows × 2 columns" in said_by(qtbot, face, lambda: qtbot.keyClick(view, Qt.Key.Key_C, control))
    lines = clipboard.text().split("\n")
    assert lines[-1] == "3\titem 3"
    assert lines == sorted(lines, key=lambda line: -int(line.split("\t")[0]))
    assert len(lines) == len(range(3, ROWS, 7))

    # what takes long can be ended
    clipboard.setText("before")
    qtbot.keyClick(view, Qt.Key.Key_C, control)
    assert face.size_label.text() == "Copying 28\u202f572 cells … Esc ends it"
    assert said_by(qtbot, face, lambda: qtbot.keyClick(view, Qt.Key.Key_Escape)) == "Nothing was copied."
    assert face.size_label.text().endswith("found)")
    assert face.model.find == "item 3", "Esc has ended the copy alone"
    told: list[Rows] = []
    face.asking.rows("flow.shown", 0, 1, None, "", told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert clipboard.text() == "before"


def test_all_rows_are_copied_as_csv_and_as_python(sheet: tuple[SheetFace, list[tuple[int, int]]], qtbot: QtBot) -> None:
    face, _ = sheet
    copy = next(action for action in face.actions_of_face() if action.text() == "Copy as CSV")
    assert said_by(qtbot, face, copy.trigger) == "100\u202f000 rows on the clipboard as CSV."
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[:2] == ["n,half,name", "0,0.0,item 0"]
    assert len(lines) == ROWS + 1
    giving = Giving(face)
    giving.asking = face.asking
    giving.show("Rows", "flow.shown", Sheet("", face.model.table))
    with qtbot.waitSignal(giving.said, timeout=60_000) as heard:
        giving.copy_python()
    assert heard.args == ["Python that makes the data of “Rows” is on the clipboard."]
    space: dict[str, Any] = {}
    exec(QGuiApplication.clipboard().text(), space)
    assert space["data"]["n"].tolist() == list(range(ROWS))


def test_what_is_too_much_for_the_clipboard_is_said(qtbot: QtBot) -> None:
    table = decode(*encode(pd.DataFrame({"n": range(20_000)})))
    face = SheetFace(Reading("flow.shown", "Rows"))
    qtbot.addWidget(face)
    face.show_value(Sheet("", table))
    words = "The first 500 of 20\u202f000 rows on the clipboard as CSV. “Save all data…” has all of them."
    assert said_by(qtbot, face, face.copy_csv) == words
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "# The first 500 of 20000 rows. “Save all data…” has all of them."
    assert len(lines) == 502
    face.show_value(Sheet("", decode(*encode(pd.DataFrame(np.zeros((3, 70)))))))
    assert said_by(qtbot, face, face.copy_csv) == "3 rows on the clipboard as CSV; only 60 of 70 columns are here."
    assert QGuiApplication.clipboard().text().startswith("# The first 60 of 70 columns. “Save all data…” has all ")
    face.show_value(Sheet("", pd.DataFrame({name: range(400_000) for name in "abc"})))
    face.view.selectAll()
    words = said_by(qtbot, face, face.copy_cells)
    assert words.startswith("Nothing was copied: 1\u202f200\u202f000 cells are more than the 1\u202f000\u202f000 ")
    assert "Save all data…" in words


def test_cells_as_text_keep_all_digits_and_leave_out_what_was_not_chosen() -> None:
    table = pd.DataFrame({"a": [-1.123456789012345, None, 3.0], "b": ["x\ty", 'so "it" is', "end"], "c": [1, 2, 3]})
    assert cells_text(table, [(0, 0, 2, 1)]).text == '-1.123456789012345\t"x\ty"\n\t"so ""it"" is"\n3.0\tend'
    assert cells_text(table, [(0, 0, 0, 0), (2, 2, 9, 9), (0, 2, 0, 2)]).text == "-1.123456789012345\t1\n\t3"
    assert cells_text(table, [(0, 0, 2, 0)]).text == "-1.123456789012345\n\n3.0"
    assert cells_text(table, [(0, 2, 1, 2)], np.array([2, 1, 0])).text == "3\n2"
    assert cells_text(table, [(5, 0, 9, 0)]) == Text("", 0, 3)
    with pytest.raises(NoColumnsError, match="9 cells are too many"):
        cells_text(table, [(0, 0, 2, 2)], most=8)
    assert csv_text(table.iloc[:, 2:], most=2).text == (
        "# The first 2 of 3 rows. “Save all data…” has all of them.\nc\n1\n2\n"
    )
    named = table.set_index("b")
    assert csv_text(named).text.startswith("b,a,c\nx\ty,-1.123456789012345,1\n")


def test_a_newer_table_is_asked_for_anew(qtbot: QtBot) -> None:
    def part(first: int) -> object:
        return decode(*encode(pd.DataFrame({"n": range(first, first + 2000)})))

    face = SheetFace(Reading("flow.shown", "Rows"))
    qtbot.addWidget(face)
    model, wanted = face.model, []
    model.fetches = True
    model.wanted.connect(wanted.append)
    model.show_table(part(0))
    assert model.data(model.index(1000, 0)) == ""
    qtbot.waitUntil(lambda: wanted == [4])
    model.show_table(part(5000))
    model.show_page(4, pd.DataFrame({"n": range(1000, 1250)}), 2000)
    assert model.data(model.index(1000, 0)) == "1000", "what is there is shown until the newer one comes"
    qtbot.waitUntil(lambda: wanted == [4, 4])
    model.show_page(4, pd.DataFrame({"n": range(6000, 6250)}), 2000)
    assert model.data(model.index(1000, 0)) == "6000"
    model.missed(7)


def test_a_table_that_is_here_is_sorted_and_searched_here(qtbot: QtBot) -> None:
    table = pd.DataFrame({"name": ["b", "c", "a", None], "n": [2.0, float("nan"), 1.0, 3.0]})
    face = SheetFace(Reading("flow.shown", "Rows"))
    qtbot.addWidget(face)
    face.show()
    face.show_value(Sheet("", table))
    face.sort(0)
    assert [text(face, row) for row in range(4)] == ["a", "b", "c", ""]
    face.sort(1)
    face.sort(1)
    assert [text(face, row, 1) for row in range(4)] == ["3", "2", "1", ""]
    face.sort(1)
    assert [text(face, row) for row in range(4)] == ["b", "c", "a", ""]
    face.seek()
    qtbot.keyClicks(face.sought, "B")
    assert (face.model.rowCount(), text(face, 0)) == (1, "b")
    face.show_value(Sheet("", pd.concat([table, table])))
    assert face.model.rowCount() == 2, "a newer table is searched, too"
    qtbot.keyClick(face.sought, Qt.Key.Key_Escape)
    assert face.model.rowCount() == 8


def test_dates_of_a_column_have_one_format(qtbot: QtBot) -> None:
    face = SheetFace(Reading("flow.shown", "Rows"))
    qtbot.addWidget(face)
    whens = {"day": pd.date_range("2026-01-01", periods=2), "time": pd.date_range("2026-01-01", periods=2, freq="min")}
    for table in (pd.DataFrame(whens), decode(*encode(pd.DataFrame(whens)))):
        face.show_value(Sheet("", None))
        face.show_value(Sheet("", table))
        assert [text(face, row) for row in range(2)] == ["2026-01-01", "2026-01-02"]
        assert [text(face, row, 1) for row in range(2)] == ["2026-01-01 00:00:00", "2026-01-01 00:01:00"]


def fits(face: SheetFace, row: int, column: int) -> bool:
    wide = face.view.fontMetrics().horizontalAdvance(text(face, row, column))
    return face.view.columnWidth(column) >= wide + 16


def test_columns_grow_as_wider_cells_come_into_view_and_a_hand_has_the_last_word(qtbot: QtBot) -> None:
    count = 2000
    table = pd.DataFrame({"n": range(count), "name": [f"{'long ' * (n // 500)}x" for n in range(count)], "m": 1})
    face = SheetFace(Reading("flow.shown", "Rows"))
    qtbot.addWidget(face)
    face.resize(460, 300)
    face.show()
    qtbot.waitExposed(face)
    face.show_value(Sheet("", table))
    first = face.view.columnWidth(1)
    assert fits(face, 0, 1)
    assert not fits(face, count - 1, 1)
    first_cell = face.view.visualRect(face.model.index(0, 0)).center()
    qtbot.mouseClick(face.view.viewport(), Qt.MouseButton.LeftButton, pos=first_cell)
    qtbot.keyClick(face.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: fits(face, count - 1, 1))
    wide = face.view.columnWidth(1)
    assert wide > first
    qtbot.keyClick(face.view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    face.show_value(Sheet("", table.assign(m=10**9)))
    qtbot.waitUntil(lambda: fits(face, 0, 2))
    assert face.view.columnWidth(1) == wide, "none becomes narrower by itself"
    header = face.view.horizontalHeader()
    edge = QPoint(header.sectionViewportPosition(2) - 1, header.height() // 2)
    qtbot.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    qtbot.mouseMove(header.viewport(), edge - QPoint(wide - 50, 0))
    qtbot.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=edge - QPoint(wide - 50, 0))
    assert face.view.columnWidth(1) == 50
    face.show_value(Sheet("", table.assign(name="much longer than that", m=10**12)))
    qtbot.waitUntil(lambda: fits(face, 0, 2))
    assert face.view.columnWidth(1) == 50


def test_columns_grow_when_other_rows_come_up_by_sorting_and_finding(
    sheet: tuple[SheetFace, list[tuple[int, int]]], qtbot: QtBot
) -> None:
    face, _ = sheet
    header = face.view.horizontalHeader()
    narrow = face.view.columnWidth(1)
    place = QPoint(header.sectionPosition(1) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    wait_for(qtbot, face, 0, "49999.5", 1)
    qtbot.waitUntil(lambda: fits(face, 0, 1) and face.view.columnWidth(1) > narrow)


def test_the_engine_says_why_it_has_no_rows(engine: Host, qtbot: QtBot) -> None:
    told: list[Rows] = []
    engine.rows("flow.nothing", 0, 10, None, "", told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert told[0].error == "there is no value yet"
