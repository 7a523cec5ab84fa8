"""The library by mouse and keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.ui.library import MIME, Library
from flodesk.ui.library.shelves import MOST, SPEC
from flodesk.ui.quickadd import QuickAdd


@pytest.fixture
def library(qtbot: QtBot) -> Library:
    made = Library(Catalog.builtin())
    qtbot.addWidget(made)
    made.resize(280, 700)
    made.show()
    return made


def titles(library: Library, parent: QModelIndex | None = None) -> list[str]:
    parent = parent or QModelIndex()
    return [library.model.index(row, 0, parent).data() for row in range(library.model.rowCount(parent))]


def search(qtbot: QtBot, library: Library, text: str) -> None:
    library.search.clear()
    qtbot.keyClicks(library.search, text)
    qtbot.waitUntil(lambda: not library._delay.isActive() and not library._help_soon.isActive())


def test_shelves_hold_every_node_type(library: Library) -> None:
    shelves = [library.model.index(row, 0) for row in range(library.model.rowCount())]
    held = [
        library.model.index(row, 0, shelf).data(SPEC).path
        for shelf in shelves
        for row in range(library.model.rowCount(shelf))
    ]
    assert sorted(held) == sorted(Catalog.builtin().specs)
    assert titles(library)[0] == "Source"


def test_search_finds_best_first_and_enter_adds(qtbot: QtBot, library: Library) -> None:
    search(qtbot, library, "lowp")
    assert titles(library)[0].startswith("Low")
    with qtbot.waitSignal(library.chosen) as caught:
        qtbot.keyClick(library.search, Qt.Key.Key_Return)
    assert caught.args == ["flodesk.nodes.dsp.Lowpass"]


def test_arrow_down_goes_to_the_rows_and_escape_clears(qtbot: QtBot, library: Library) -> None:
    search(qtbot, library, "mean")
    qtbot.keyClick(library.search, Qt.Key.Key_Down)
    assert library.tree.hasFocus()
    qtbot.keyClick(library.tree, Qt.Key.Key_Down)
    second = library.selected()
    with qtbot.waitSignal(library.chosen) as caught:
        qtbot.keyClick(library.tree, Qt.Key.Key_Return)
    assert second is not None
    assert caught.args == [second.path]
    qtbot.keyClick(library.search, Qt.Key.Key_Escape)
    assert library.search.text() == ""


def test_nothing_found_says_what_to_try(qtbot: QtBot, library: Library) -> None:
    search(qtbot, library, "qqqqzzzz")
    assert library.tree.isHidden()
    assert "qqqqzzzz" in library.empty.text()
    assert "Try" in library.empty.text()


def test_double_click_adds_and_opens_no_shelf(qtbot: QtBot, library: Library) -> None:
    shelf = library.model.index(0, 0)
    row = library.model.index(0, 0, shelf)
    place = library.tree.visualRect(row).center()
    qtbot.mouseClick(library.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert row.data(SPEC).summary in library.help.toPlainText()
    with qtbot.waitSignal(library.chosen) as caught:
        qtbot.mouseDClick(library.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == [row.data(SPEC).path]


def test_a_row_drags_the_path_of_its_node_type(library: Library) -> None:
    shelf = library.model.index(0, 0)
    row = library.model.index(0, 0, shelf)
    data = library.model.mimeData([row])
    assert bytes(data.data(MIME).data()).decode() == row.data(SPEC).path
    assert row.flags() & Qt.ItemFlag.ItemIsDragEnabled
    assert not shelf.flags() & Qt.ItemFlag.ItemIsDragEnabled
    assert row.data(SPEC).title in row.data(Qt.ItemDataRole.ToolTipRole)


def test_help_speaks_of_units_and_defaults(qtbot: QtBot, library: Library) -> None:
    search(qtbot, library, "sine")
    words = library.help.toPlainText()
    assert "flodesk.nodes.source.sine" in words
    assert "number in Hz" in words
    assert "default" in words


def test_a_search_among_thousands_shows_the_best_and_takes_one_help_text(qtbot: QtBot) -> None:
    specs = list(Catalog.builtin().specs.values())
    many = {f"{s.path}{n}": replace(s, path=f"{s.path}{n}", title=f"{s.title} {n}") for n in range(20) for s in specs}
    library = Library(Catalog(many))
    qtbot.addWidget(library)
    library.show()
    helped: list[object] = []
    library.tree.selectionModel().currentChanged.connect(lambda now, _old: helped.append(now.data(SPEC)))
    for letter in "but":
        QTest.keyClicks(library.search, letter)
        library._delay.stop()
        library._show()
        # of more than 2,000 that have a b in them; the view asks once for more before it knows how many it can show
        assert 0 < library.model.rowCount() <= 2 * MOST
    assert library.selected() is not None
    assert len(helped) <= 6, "each row that goes would become the current one, with its help"
    library.search.clear()
    library._delay.stop()
    library._show()
    assert sum(library.model.rowCount(library.model.index(row, 0)) for row in range(library.model.rowCount())) == len(
        many
    )


def test_what_is_found_beyond_the_first_rows_comes_when_one_goes_there(qtbot: QtBot, library: Library) -> None:
    specs = list(Catalog.builtin().specs.values())
    many = [replace(spec, path=f"{spec.path}{n}", title=f"{spec.title} {n}") for n in range(6) for spec in specs]
    popup = QuickAdd(library, Catalog({spec.path: spec for spec in many}), QPointF())
    qtbot.addWidget(popup)
    popup.open_at(library.mapToGlobal(library.rect().topLeft()))
    rows = popup.list.model()
    qtbot.waitUntil(lambda: popup.list.isVisible())
    assert MOST == rows.rowCount() < len(many)
    shown = [rows.index(row, 0).data(SPEC).path for row in range(MOST)]
    for _ in range(len(many) // MOST + 2):
        popup.list.scrollToBottom()
        QTest.qWait(1)
    qtbot.waitUntil(lambda: (popup.list.scrollToBottom(), rows.rowCount() == len(many))[1])
    paths = [rows.index(row, 0).data(SPEC).path for row in range(len(many))]
    assert paths[:MOST] == shown
    assert sorted(paths) == sorted(spec.path for spec in many)
    popup.field.setText("butterworth")
    assert 0 < rows.rowCount() < MOST
    assert not rows.canFetchMore(QModelIndex())
    popup.close()
