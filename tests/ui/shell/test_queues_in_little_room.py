"""The dock of the queues in a small window: its tabs keep their words, its columns what stands in them."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from flodesk.engine.places.server.server_address import VARIABLE
from flodesk.ui.coming_back import _said
from flodesk.ui.queues.columns import JOBS
from flodesk.ui.queues.desk import View
from flodesk.ui.queues.listing import Listing
from flodesk.ui.theme import theme
from flodesk.ui.window import LEAST, Window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def nobody_names_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_the_tabs_keep_their_words_and_the_filter_goes_below_them(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    view, dock = window.queues.view, window.queues.dock
    tabs, search = view.tabs, view.filter
    qtbot.waitUntil(lambda: view.isVisible() and view._known)  # what is read later would say that nothing is there
    search.setEnabled(True)  # as with something in the list
    heading = dock.titleBarWidget()
    for number in range(3):  # with counts, as of a server in use
        tabs.setTabText(number, f"{tabs.tabText(number)} 12")
    qtbot.waitUntil(lambda: heading.isAncestorOf(search) and search.isVisible())
    qtbot.mouseClick(search, LEFT)
    qtbot.keyClicks(search, "ov")
    for width in (LEAST[0], 1300, LEAST[0]):
        window.resize(width, 700)
        qtbot.waitUntil(lambda w=width: window.width() == w and heading.isAncestorOf(tabs) == (w == 1300))  # type: ignore[misc]
        qtbot.waitUntil(lambda: tabs.isVisible() and search.isVisible())
        QApplication.processEvents()
        at = QRect(tabs.mapTo(dock, QPoint()), tabs.size())
        assert dock.rect().contains(at)
        assert not at.intersects(QRect(search.mapTo(dock, QPoint()), search.size()))
        assert all(tabs.rect().contains(tabs.tabRect(number)) for number in range(3)), "one is cut off"
    qtbot.keyClicks(search, "en")
    assert search.text() == "oven", "who types in it goes on"
    qtbot.mouseClick(tabs, LEFT, pos=tabs.tabRect(2).center())
    assert view.listing is view.workers


def job(why: str = "") -> SimpleNamespace:
    told = {
        "id": "a",
        "named": "a",
        "state": "running",
        "file": "/x/counts.py",
        "what": "",
        "since": time.time(),
        "kept": False,
    }
    return SimpleNamespace(**told, queue="flodesk", by="anna@bench", worker="vm.20455-1.bc38", why=why, node="")


@pytest.fixture
def listing(qtbot: QtBot) -> Listing:
    made = Listing("Jobs", JOBS, lambda job: str(job.id))
    qtbot.addWidget(made)
    made.show_things([job()])
    made.resize(580, 120)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_an_empty_column_takes_no_more_than_its_title_while_words_have_no_room(listing: Listing, qtbot: QtBot) -> None:
    header, room = listing.header(), listing.viewport()
    widths = [header.sectionSize(at) for at in range(7)]
    assert sum(widths) == room.width()
    for at in range(6):
        assert widths[at] >= listing.sizeHintForColumn(at), f"{JOBS[at].title} is cut"
    title = header.fontMetrics().horizontalAdvance("Why")
    assert title < widths[6] < title + 60
    listing.show_things([job("ValueError: the oven does not answer")])
    assert header.sectionSize(6) >= 90, "now it has words"
    assert header.length() == room.width()
    listing.resize(370, 120)
    qtbot.waitUntil(lambda: header.length() == room.width() < 380)
    assert header.sectionSize(0) >= listing.sizeHintForColumn(0), "the first columns give way last"


def test_a_width_that_a_hand_has_drawn_stays_when_words_change(listing: Listing, qtbot: QtBot) -> None:
    header = listing.header()
    edge = QPoint(header.sectionViewportPosition(5) - 1, header.height() // 2)
    before = header.sectionSize(4)
    qtbot.mousePress(header.viewport(), LEFT, pos=edge)
    for step in (8, 20):
        qtbot.mouseMove(header.viewport(), edge + QPoint(step, 0))
    qtbot.mouseRelease(header.viewport(), LEFT, pos=edge + QPoint(20, 0))
    drawn = header.sectionSize(4)
    assert drawn > before
    listing.show_things([job("ValueError: the oven does not answer")])
    assert header.sectionSize(4) == drawn


def near(image: QImage, color: str, far: int = 24) -> int:
    """Count pixels of about a colour."""
    wanted = QColor(color)
    found = 0
    for y in range(image.height()):
        for x in range(image.width()):
            one = image.pixelColor(x, y)
            parts = zip(one.getRgb(), wanted.getRgb(), strict=True)  # type: ignore[arg-type]
            found += all(abs(a - b) <= far for a, b in parts)
    return found


def menu_opened(qtbot: QtBot, window: Window) -> QImage:
    """Open the menu of the button with the mouse, and return what it looks like."""
    taken: list[QImage] = []

    def take() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        taken.append(menu.grab().toImage())
        menu.close()

    QTimer.singleShot(0, window, take)
    qtbot.mouseClick(window.queues.chip, LEFT)
    qtbot.waitUntil(lambda: bool(taken))
    return taken[0]


def test_the_menu_of_the_button_that_warns_looks_like_any_other(window: Window, qtbot: QtBot) -> None:
    bar, chip = window.run_bar, window.queues.chip
    bar.place.setFocus()
    qtbot.keyClick(bar.place, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: chip.isVisible() and chip.text() == "No server")
    for _ in range(2):
        window.commands.trigger("view.toggle_theme")
        taken = menu_opened(qtbot, window)
        assert near(chip.grab().toImage(), theme().warning)
        assert not near(taken, theme().warning)
        assert near(taken, theme().text)


def test_what_is_said_of_a_run_has_the_whole_name_of_its_worker() -> None:
    run = SimpleNamespace(since=time.time(), waits=False, over=False, state="running", worker="vm.20455-1.bc38")
    assert " (worker vm.20455-1.bc38)." in _said(run)  # type: ignore[arg-type]


def failed(id: str, flow: str) -> SimpleNamespace:
    told = {"id": id, "named": id, "state": "failed", "what": "", "since": time.time(), "put": 0.0, "kept": False}
    told |= {"file": f"/x/{flow}.py", "queue": "flodesk", "by": "anna@bench", "worker": "vm.20455-1.bc38"}
    return SimpleNamespace(**told, why="ValueError: the oven does not answer", node="flow.oven")


def legible(listing: Listing) -> bool:
    """Return whether all that is in sight can be read in the columns that are there."""
    header = listing.header()
    return header.length() == listing.viewport().width() and all(
        header.isSectionHidden(at) or header.sectionSize(at) >= listing.sizeHintForColumn(at) for at in range(6)
    )


def test_the_list_can_be_read_beside_the_page_of_a_job(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    view = window.queues.view
    qtbot.waitUntil(lambda: view.isVisible() and view._known)
    jobs, header = view.jobs, view.jobs.header()
    flows = "calibration_of_the_oven", "counts"
    view.desk.looked.disconnect(view._show)  # what is read later would say that nothing is there
    view._show(View(jobs=tuple(failed(str(at), flow) for at, flow in enumerate(flows))))  # type: ignore[arg-type]
    qtbot.mouseClick(view.tabs, LEFT, pos=view.tabs.tabRect(1).center())
    window.resize(1000, 760)
    qtbot.waitUntil(lambda: window.width() == 1000 and jobs.isVisible())
    assert not any(header.isSectionHidden(at) for at in range(7)), "all have room"
    qtbot.mouseClick(jobs.viewport(), LEFT, pos=jobs.visualRect(jobs.index_of("0")).center())
    qtbot.waitUntil(lambda: view.page.isVisible() and legible(jobs))
    assert view.page.width() <= view.width() / 2
    assert [header.isSectionHidden(at) for at in (0, 1, 6)] == [False, False, True]
    assert "the oven does not answer" in view.page.toPlainText()
    for width in (1100, 1400, 1000):
        window.resize(width, 760)
        qtbot.waitUntil(lambda w=width: view.width() < 0.65 * w and legible(jobs))  # type: ignore[misc]
    resized: list[int] = []
    header.sectionResized.connect(lambda at, *_: resized.append(at))

    def at_rest() -> bool:
        """Return whether nothing moves, whatever is read meanwhile. The docks of a window find their sizes in steps."""
        resized.clear()
        for _ in range(5):
            view._arrange()
            qtbot.wait(20)
        return not resized

    qtbot.waitUntil(at_rest)
    qtbot.mouseClick(
        jobs.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, jobs.visualRect(jobs.index_of("1")).center()
    )
    qtbot.waitUntil(lambda: not view.page.isVisible())
    qtbot.waitUntil(lambda: not any(header.isSectionHidden(at) for at in range(7)))


def test_the_columns_that_were_left_out_are_remembered(listing: Listing) -> None:
    listing.columns.stand_beside_page(on=True)
    listing.show_things([job("ValueError: the oven does not answer")])
    listing.resize(330, 120)
    assert listing.header().hiddenSectionCount()
    again = Listing("Jobs", JOBS, lambda job: str(job.id))
    again.columns.restore(listing.columns.save())
    assert not again.header().hiddenSectionCount()
    assert [again.columns._wanted[at] for at in range(6)] == [column.width for column in JOBS[:6]]
    again.deleteLater()
