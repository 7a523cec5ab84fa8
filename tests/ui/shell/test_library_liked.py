"""The library remembers stars, what was used last and which shelves are open; its rows stay where they are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.ui import liked
from flodesk.ui.checking import _ALWAYS
from flodesk.ui.library import Library
from flodesk.ui.library.rows import star_box
from flodesk.ui.library.shelves import FAVOURITES, RECENT, SHELF, SPEC, STARRED, Shelves
from flodesk.ui.packages.popup import AddPackage
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.window import Window

CATALOG = Catalog.builtin().plus(_ALWAYS)
NODES = "flodesk.nodes"


def made(qtbot: QtBot) -> Library:
    library = Library(CATALOG)
    qtbot.addWidget(library)
    library.resize(300, 700)
    library.show()
    qtbot.waitExposed(library)
    return library


@pytest.fixture
def library(qtbot: QtBot) -> Library:
    return made(qtbot)


def held(library: Library) -> dict[str, list[str]]:
    """The paths on each shelf, by its category."""
    model = library.model
    tops = [model.index(row, 0) for row in range(model.rowCount())]
    return {
        top.data(SHELF): [model.index(row, 0, top).data(SPEC).path for row in range(model.rowCount(top))]
        for top in tops
    }


def star_of(library: Library, index: QModelIndex) -> QPoint:
    return star_box(QRectF(library.tree.visualRect(index))).center().toPoint()


def click(library: Library, place: QPoint) -> None:
    QTest.mouseClick(library.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)


def search(qtbot: QtBot, library: Library, text: str) -> None:
    library.search.clear()
    qtbot.keyClicks(library.search, text)
    qtbot.waitUntil(lambda: not library._delay.isActive())


def test_a_click_on_the_star_makes_a_favourite_and_another_takes_it_back(qtbot: QtBot, library: Library) -> None:
    source = library.model.shelf("source")
    row = library.model.index(2, 0, source)
    path = row.data(SPEC).path
    adds: list[str] = []
    library.chosen.connect(adds.append)
    click(library, star_of(library, row))
    assert held(library)[FAVOURITES] == [path]
    assert next(iter(held(library))) == FAVOURITES
    first = library.model.index(0, 0, library.model.shelf(FAVOURITES))
    assert first.data(STARRED)
    assert library.tree.isExpanded(library.model.shelf(FAVOURITES))
    QTest.mouseDClick(library.tree.viewport(), Qt.MouseButton.LeftButton, pos=star_of(library, first))
    assert liked.favourites() == []
    assert FAVOURITES not in held(library)
    assert adds == [], "a double click on a star adds no node"


def test_the_key_stars_what_was_found_and_the_next_session_has_it(qtbot: QtBot, library: Library) -> None:
    search(qtbot, library, "notch")
    qtbot.keyClick(library.search, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert library.model.index(0, 0).data(STARRED)
    qtbot.keyClick(library.search, Qt.Key.Key_Down)
    qtbot.keyClick(library.tree, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert not library.model.index(0, 0).data(STARRED)
    qtbot.keyClick(library.tree, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    again = made(qtbot)
    assert held(again)[FAVOURITES] == [f"{NODES}.dsp.notch"]
    search(qtbot, again, "notch")
    qtbot.keyClick(again.search, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    library.search.clear()
    qtbot.waitUntil(lambda: not library._delay.isActive())
    assert FAVOURITES not in held(library), "all windows have the same"


def test_what_is_looked_at_stays_where_it_is(qtbot: QtBot, library: Library) -> None:
    maths = library.model.shelf("maths")
    library.tree.expand(maths)
    row = library.model.index(40, 0, maths)
    library.tree.setCurrentIndex(row)
    library.tree.scrollTo(row, library.tree.ScrollHint.PositionAtCenter)
    for path in ("dsp.notch", "maths.add", "show.line"):
        before = library.tree.visualRect(library.tree.currentIndex()).top()
        liked.star(f"{NODES}.{path}")
        liked.used(f"{NODES}.{path}")
        assert library.tree.visualRect(library.tree.currentIndex()).top() == before
    assert library.tree.currentIndex().data(SPEC).category == "maths"
    assert library.tree.currentIndex().row() == 40


def test_open_shelves_are_remembered(qtbot: QtBot, library: Library) -> None:
    def is_open(one: Library) -> list[str]:
        tops = [one.model.index(row, 0) for row in range(one.model.rowCount())]
        return [top.data(SHELF) for top in tops if one.tree.isExpanded(top)]

    assert is_open(library) == ["source", "control", "show"]
    for name in ("source", "dsp", "control"):
        library.tree.setCurrentIndex(library.model.shelf(name))
        qtbot.keyClick(library.tree, Qt.Key.Key_Return)
    assert is_open(library) == ["show", "dsp"]
    search(qtbot, library, "mean")
    qtbot.keyClick(library.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: library.model.rowCount() > 10 and library.model.index(0, 0).data(SHELF) == "source")
    assert is_open(library) == ["show", "dsp"]
    assert is_open(made(qtbot)) == ["show", "dsp"]


def test_the_two_shelves_on_top_are_a_model_that_qt_finds_no_fault_with(library: Library) -> None:
    model = Shelves()
    model.show_shelves(CATALOG)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    paths = [f"{NODES}.{name}" for name in ("dsp.fir", "dsp.iir", "maths.add", "show.line")]
    for favourites, recent in (
        (paths[:1], []), (paths[:2], paths[2:]), (paths[1:], paths[1:2]), ([], paths[::-1]), (["gone.away"], paths),
        ([], []),
    ):  # fmt: skip
        model.own(CATALOG, favourites, recent)
        for category, wanted in ((FAVOURITES, favourites), (RECENT, recent)):
            top = model.shelf(category)
            there = [
                model.index(row, 0, top).data(SPEC).path for row in range(model.rowCount(top) if top.isValid() else 0)
            ]
            assert there == [path for path in wanted if path in CATALOG.specs]
    tester.deleteLater()


def test_nodes_that_were_added_are_on_the_shelf_recent(qtbot: QtBot, window: Window) -> None:
    window.library.chosen.emit(f"{NODES}.source.sine")
    popup = window.inserting.open_quick_add(QPoint(5, 5), QPointF(400, 300), None)
    qtbot.keyClicks(popup.field, "butterworth")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    window.library.chosen.emit("= 1 + 2")
    assert liked.recent() == [f"{NODES}.dsp.butterworth", f"{NODES}.source.sine"]
    assert held(window.library)[RECENT] == liked.recent()
    for _ in range(2):
        liked.used(f"{NODES}.source.sine")
    assert liked.recent() == [f"{NODES}.source.sine", f"{NODES}.dsp.butterworth"]
    for n in range(30):
        liked.used(f"{NODES}.maths.x{n}")
    assert len(liked.recent()) == liked.RECENT


def test_a_node_that_is_undone_at_once_was_not_used(window: Window) -> None:
    window.library.chosen.emit(f"{NODES}.source.sine")
    window.library.chosen.emit(f"{NODES}.dsp.butterworth")
    before = liked.recent()
    window.library.chosen.emit(f"{NODES}.maths.add")
    window.commands.trigger("edit.undo")
    assert liked.recent() == before == [f"{NODES}.dsp.butterworth", f"{NODES}.source.sine"]
    window.commands.trigger("edit.undo")
    assert liked.recent() == before, "that one stood there for a while"
    window.library.chosen.emit(f"{NODES}.source.sine")
    liked.used(f"{NODES}.maths.abs")
    window.commands.trigger("edit.undo")
    assert liked.recent()[0] == f"{NODES}.maths.abs", "another window has used that meanwhile"


def test_quick_add_offers_favourites_first_and_stars_them(qtbot: QtBot, library: Library) -> None:
    liked.star(f"{NODES}.dsp.notch")
    liked.used(f"{NODES}.table.pivot")
    popup = QuickAdd(library, CATALOG, QPointF())
    qtbot.addWidget(popup)
    popup.open_at(library.mapToGlobal(QPoint()))
    rows = popup.list.model()
    assert [rows.index(row, 0).data(SPEC).name for row in range(2)] == ["notch", "pivot"]
    assert rows.index(0, 0).data(STARRED)
    assert not rows.index(1, 0).data(STARRED)
    popup.close()


def test_enter_in_quick_add_takes_the_node_that_is_called_so(qtbot: QtBot, library: Library) -> None:
    for used in ("source.uniform_noise", "source.sine", "dsp.butterworth"):
        liked.used(f"{NODES}.{used}")
    for typed, name in (
        ("noise", "source.noise"), ("waveform chart", "show.Strip"), ("every 50 ms", "timing.every"),
        ("curve fitting", "fit.curve"), ("lowpas filtr", "dsp.Lowpass"),
    ):  # fmt: skip
        popup = QuickAdd(library, CATALOG, QPointF())
        qtbot.addWidget(popup)
        popup.open_at(library.mapToGlobal(QPoint()))
        qtbot.keyClicks(popup.field, typed)
        with qtbot.waitSignal(popup.picked) as caught:
            qtbot.keyClick(popup.field, Qt.Key.Key_Return)
        assert caught.args[0] == f"{NODES}.{name}"


def test_keys_go_all_the_way(qtbot: QtBot, library: Library) -> None:
    library.focus_search()
    qtbot.keyClicks(library.search, "fil")
    qtbot.waitUntil(lambda: not library._delay.isActive())
    qtbot.keyClick(library.search, Qt.Key.Key_Down)
    qtbot.keyClick(library.tree, Qt.Key.Key_Down)
    qtbot.keyClicks(library.tree, "ter")
    assert library.search.text() == "filter"
    assert library.search.hasFocus()
    qtbot.waitUntil(lambda: not library._delay.isActive())
    qtbot.keyClick(library.search, Qt.Key.Key_Down)
    qtbot.keyClick(library.tree, Qt.Key.Key_Up)
    assert library.search.hasFocus()
    qtbot.keyClick(library.search, Qt.Key.Key_Down)
    qtbot.keyClick(library.tree, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert library.search.hasFocus()
    assert library.search.selectedText() == "filter"
    qtbot.keyClick(library.search, Qt.Key.Key_Down)
    qtbot.keyClick(library.tree, Qt.Key.Key_Escape)
    qtbot.keyClick(library.search, Qt.Key.Key_Escape)
    assert library.search.text() == ""


def test_a_word_of_another_program_is_told_with_what_it_is_here(qtbot: QtBot, library: Library) -> None:
    search(qtbot, library, "case structure")
    qtbot.waitUntil(lambda: not library.told.isHidden())
    assert library.told.text() == "“case structure” of LabVIEW is If or Select here."
    search(qtbot, library, "tunnel")
    qtbot.waitUntil(lambda: "collector" in library.told.text())
    search(qtbot, library, "sine")
    qtbot.waitUntil(library.told.isHidden)
    popup = QuickAdd(library, CATALOG, QPointF())
    qtbot.addWidget(popup)
    popup.open_at(library.mapToGlobal(QPoint()))
    qtbot.keyClicks(popup.field, "movmean")
    assert popup.said.isVisible()
    assert "MATLAB" in popup.said.text()
    popup.field.setText("= 1 + x")
    assert not popup.said.isVisible()
    popup.field.setText("qqxzzy")
    assert "a function of your own" in popup.nothing.text()
    popup.close()


def test_where_nothing_is_found_one_can_write_it(qtbot: QtBot, library: Library) -> None:
    search(qtbot, library, "qq<b>zz")
    qtbot.waitUntil(library.empty.isVisible)
    assert "&lt;b&gt;" in library.empty.text()
    qtbot.keyClick(library.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(library.chosen) as caught:
        qtbot.keyClick(library.empty, Qt.Key.Key_Tab)
        qtbot.keyClick(library.empty, Qt.Key.Key_Return)
    assert caught.args == ["def"]


def test_where_nothing_is_found_a_package_can_be_added(qtbot: QtBot, window: Window) -> None:
    search(qtbot, window.library, "qqxzzy")
    qtbot.waitUntil(window.library.empty.isVisible)
    qtbot.keyClick(window.library.search, Qt.Key.Key_Down)
    assert window.library.empty.hasFocus()
    qtbot.keyClick(window.library.empty, Qt.Key.Key_Return)
    popup = next(child for child in window.findChildren(AddPackage) if child.isVisible())
    popup.close()


def test_a_star_says_what_it_does(qtbot: QtBot, library: Library) -> None:
    row = library.model.index(0, 0, library.model.shelf("source"))
    place = star_of(library, row)
    QTest.mouseMove(library.tree.viewport(), place)
    assert library.tree.star_at(place) == row.data(SPEC).path
    assert library.tree.star_at(place - QPoint(60, 0)) == ""
    QToolTip.hideText()


def test_node_types_that_come_leave_the_eye_where_it_is(qtbot: QtBot, library: Library) -> None:
    maths = library.model.shelf("maths")
    library.tree.expand(maths)
    library.tree.setCurrentIndex(library.model.index(30, 0, maths))
    spec = library.selected()
    assert spec is not None
    seen = library.tree.visualRect(library.tree.currentIndex())
    library.show_catalog(CATALOG.plus([replace(spec, path="zoo.bird", category="zoo")]))
    assert "zoo" in held(library)
    assert library.selected() is spec
    assert library.tree.visualRect(library.tree.currentIndex()) == seen
    new = replace(spec, summary="Do it as the file says now.", help="Do it as the file says now.")
    library.show_catalog(CATALOG.plus([replace(spec, path="zoo.bird", category="zoo"), new]))
    assert library.selected() is new
    assert "as the file says now" in library.help.toPlainText()
