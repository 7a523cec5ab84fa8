"""The guide by mouse and keys: F1 on nodes, contents, links, back and forward, searching, both themes, a lost page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.ui.guide import guide as desk
from flodesk.ui.guide.book import START
from flodesk.ui.guide.node_pages import CARD
from flodesk.ui.guide.window import GuideWindow
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.theme import DARK, LIGHT, current, theme
from flodesk.ui.window import Window

TEXT = """\
from flodesk.nodes import dsp, source


def flow():
    signal = source.sine(samples=100)
    clean = dsp.butterworth(signal, cutoff=20.0)
    doubled = [2 * x for x in range(3)]


if __name__ == "__main__":
    flodesk.main(flow)
"""
LEFT, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier
KEYS = Qt.Key


def f1(window: Window, qtbot: QtBot) -> GuideWindow:
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(QApplication.focusWidget() or window, KEYS.Key_F1)
    view = window.guide.view
    assert view is not None
    return view


def shows(view: GuideWindow, qtbot: QtBot, words: str) -> None:
    qtbot.waitUntil(lambda: words in view.page.toPlainText())


def read(window: Window, qtbot: QtBot, key: str, words: str) -> GuideWindow:
    window.guide.open()
    window.guide.show(key)
    view = window.guide.view
    assert view is not None
    qtbot.waitExposed(view)
    shows(view, qtbot, words)
    return view


def click_link(view: GuideWindow, words: str) -> None:
    cursor = view.page.document().find(words)
    assert not cursor.isNull(), words
    cursor.setPosition(cursor.selectionStart() + 1)
    view.page.setTextCursor(cursor)
    view.page.ensureCursorVisible()
    box = view.page.cursorRect(cursor)
    QTest.mouseClick(view.page.viewport(), LEFT, pos=QPoint(box.center().x() + 2, box.center().y()))


def test_f1_with_nothing_selected_shows_the_start_with_its_contents(opened: Window, qtbot: QtBot) -> None:
    view = f1(opened, qtbot)
    shows(view, qtbot, "A flow is a Python script")
    assert view.isVisible()
    heads = [view.contents.topLevelItem(row).text(0) for row in range(view.contents.topLevelItemCount())]
    assert heads == ["User guide", "The panel in detail", "Reference"]
    guide = view.contents.topLevelItem(0)
    chapter = next(guide.child(row) for row in range(guide.childCount()) if guide.child(row).text(0) == "Running")
    qtbot.waitUntil(lambda: chapter.childCount() > 0)
    view.contents.scrollToItem(chapter)
    QTest.mouseClick(view.contents.viewport(), LEFT, pos=view.contents.visualItemRect(chapter).center())
    shows(view, qtbot, "Run starts the flow")


def test_f1_on_a_card_shows_the_page_of_its_node_with_the_card(opened: Window, qtbot: QtBot) -> None:
    opened.canvases.current.select(["clean"])
    view = f1(opened, qtbot)
    text = view.page.toPlainText()
    for words in ("Butterworth", "flodesk.nodes.dsp.butterworth", "INPUTS", "cutoff", "EXAMPLE", ">>>"):
        assert words in text
    picture = view.page.loadResource(2, QUrl(CARD))
    colors = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 2) for y in (30, 60, 90)}
    assert len(colors) > 20, "a card has a head with a sign, words and ports"
    qtbot.waitUntil(lambda: view.contents.currentItem() is not None)  # when the pages have been read
    item = view.contents.currentItem()
    assert item is not None
    assert item.text(0) == "Butterworth"
    assert item.parent().text(0) == "DSP"


def test_f1_on_code_tells_how_python_becomes_nodes(opened: Window, qtbot: QtBot) -> None:
    code = next(node.id for node in opened.canvases.current.board.graph.nodes.values() if node.kind == "code")
    opened.canvases.current.select([code])
    shows(f1(opened, qtbot), qtbot, "From Python to nodes")


def test_every_card_without_a_node_type_has_its_place_in_the_guide() -> None:
    book = desk.read_book(desk.guide())
    for kind, key in desk._OF_KINDS.items():
        assert book.find(key) is not None, kind


def test_f1_in_the_library_asks_about_the_selected_row(opened: Window, qtbot: QtBot) -> None:
    opened.canvases.current.select(["clean"])
    opened.library.search.setFocus()
    QTest.keyClicks(opened.library.search, "median filter")
    qtbot.waitUntil(lambda: (spec := opened.library.selected()) is not None and spec.title == "Median filter")
    assert "Median filter" in f1(opened, qtbot).page.toPlainText()


def test_f1_in_quick_add_asks_about_the_row_there(opened: Window, qtbot: QtBot) -> None:
    opened.inserting.quick_add()
    popup = opened.findChild(QuickAdd)
    assert popup is not None
    QTest.keyClicks(popup.field, "chirp")
    QTest.keyClick(popup.field, KEYS.Key_F1)
    view = opened.guide.view
    assert view is not None
    assert "flodesk.nodes.source.chirp" in view.page.toPlainText()
    assert opened.document.flow is not None
    assert "chirp" not in opened.canvases.current.board.graph.nodes, "nothing was added"


def test_links_lead_on_and_the_keys_back_and_forward(
    opened: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = read(opened, qtbot, START, "A flow is a Python script")
    assert not view.back.isEnabled()
    click_link(view, "Running elsewhere")
    shows(view, qtbot, "In this chapter")
    assert view.back.isEnabled()
    QTest.keyClick(view.page, KEYS.Key_Left, ALT)
    shows(view, qtbot, "A flow is a Python script")
    QTest.mouseClick(view.forward, LEFT)
    shows(view, qtbot, "Worker processes")
    went: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: went.append(url.toString()) or True)
    view = read(opened, qtbot, "elsewhere.md#redis-queue", "as one job of RQ")
    click_link(view, "RQ")
    assert went == ["https://python-rq.org"]


def test_a_link_to_a_heading_within_a_page_goes_there(opened: Window, qtbot: QtBot) -> None:
    view = read(opened, qtbot, "canvas.md#fixes", "Below a problem stands what can be done")
    bar = view.page.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0 or bar.value() > 0)


def test_a_link_to_a_node_an_example_and_its_flow(opened: Window, qtbot: QtBot) -> None:
    view = read(opened, qtbot, "shelf:dsp", "Butterworth")
    click_link(view, "Butterworth")
    shows(view, qtbot, "flodesk.nodes.dsp.butterworth")
    tried: list[str] = []
    opened.library.tried.disconnect()
    opened.library.tried.connect(tried.append)
    click_link(view, "Try the example")
    assert tried
    assert "dsp.butterworth(" in tried[0]
    opened.guide.follow("shelf:dsp#peak-hold")
    shows(view, qtbot, "Peak hold")
    opened.document.new()
    opened.guide.follow("example:sunspots")
    assert opened.files.example == "sunspots"


def test_a_search_finds_pages_and_node_types_and_marks_the_words(opened: Window, qtbot: QtBot) -> None:
    view = read(opened, qtbot, START, "A flow is a Python script")
    qtbot.waitUntil(lambda: bool(opened.guide._entries))
    QTest.keyClick(view.page, KEYS.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.search.hasFocus()
    QTest.keyClicks(view.search, "dead letters")
    qtbot.waitUntil(view.hits.isVisible)
    hits = view.hits.hits()
    assert hits[0].title == "Dead letters"
    assert any("dead letter" in hit.quote.lower() for hit in hits[1:])
    QTest.keyClick(view.search, KEYS.Key_Return)
    shows(view, qtbot, "lists them, of the flow that is open")
    marked = [one.cursor.selectedText().lower() for one in view.page.extraSelections()]
    assert {"dead", "letters"} <= set(marked)
    QTest.keyClick(view.search, KEYS.Key_Down)
    assert view.hits.hasFocus()
    QTest.keyClick(view.hits, KEYS.Key_Escape)
    qtbot.waitUntil(view.contents.isVisible)
    assert view.search.text() == ""
    QTest.keyClick(view.search, KEYS.Key_Escape)
    assert not view.isVisible()


def test_a_search_for_nothing_that_is_there_says_so(opened: Window, qtbot: QtBot) -> None:
    view = read(opened, qtbot, START, "A flow is a Python script")
    QTest.keyClicks(view.search, "zzzqq")
    qtbot.waitUntil(view.nothing.isVisible)
    assert "“zzzqq”" in view.nothing.text()


def test_a_page_that_is_missing_is_told_and_leads_back(opened: Window, qtbot: QtBot) -> None:
    view = read(opened, qtbot, "gone.md", "This page is missing")
    assert "gone.md" in view.page.toPlainText()
    click_link(view, "Start of the guide")
    shows(view, qtbot, "A flow is a Python script")
    opened.guide.show("node:no.such.node")
    shows(view, qtbot, "not known any more")


def test_a_damaged_installation_is_told(
    opened: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "guide", lambda: tmp_path)
    opened.guide.open()
    view = opened.guide.view
    assert view is not None
    shows(view, qtbot, "contents.toml")
    opened.canvases.current.select(["clean"])
    opened.guide.help()
    shows(view, qtbot, "Butterworth")


def test_the_page_wears_the_theme_and_its_pictures(opened: Window, qtbot: QtBot) -> None:
    before = theme()
    try:
        for look, name in ((LIGHT, "light"), (DARK, "dark")):
            current.use(look)
            view = read(opened, qtbot, "panel/forms.md#plot-showline", "Shows values of type")
            url = QUrl(f"picture:pictures/panel/show.line-{name}.png")
            qtbot.waitUntil(lambda url=url, view=view: view.page.loadResource(2, url).width() > 300)  # type: ignore[misc]
            link = view.page.document().find("All forms")
            assert link.charFormat().foreground().color().name() == look.accent
    finally:
        current.use(before)


def test_its_size_and_place_are_remembered(opened: Window, qtbot: QtBot) -> None:
    view = read(opened, qtbot, START, "A flow is a Python script")
    view.resize(640, 420)
    view.close()
    again = GuideWindow(opened)
    assert (again.width(), again.height()) == (640, 420)
    opened.guide.open()
    assert view.isVisible()
    assert "A flow is a Python script" in view.page.toPlainText(), "where one was"
