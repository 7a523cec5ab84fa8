"""A table of a hundred thousand rows: only those that are seen are asked for; it is sorted, searched and copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.engine.events import Event
from flodesk.engine.probing import Rows
from flodesk.engine.values import decode, encode
from flodesk.public import Sheet
from flodesk.ui.panel.faces.rows import PAGE
from flodesk.ui.panel.faces.sheet import SheetFace
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
    qtbot.keyClick(face.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    cells = QGuiApplication.clipboard().text().split("\t")
    assert cells[2] == "item 3"
    assert int(cells[0]) == max(range(3, ROWS, 7))
    qtbot.keyClick(face.view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: face.model.rowCount() == ROWS, timeout=60_000)


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


def test_the_engine_says_why_it_has_no_rows(engine: Host, qtbot: QtBot) -> None:
    told: list[Rows] = []
    engine.rows("flow.nothing", 0, 10, None, "", told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert told[0].error == "there is no value yet"
