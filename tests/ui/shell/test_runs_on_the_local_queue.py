"""A run on the local queue is asked about before another flow takes its place, goes on, and is come back to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from redis import Redis

from flodesk.engine.client import InProcess, Sample
from flodesk.engine.history.settings import History
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server.local_queue import LOCAL
from flodesk.engine.places.server.server_address import VARIABLE
from flodesk.engine.places.workers import job_deeds
from flodesk.engine.places.workers.job_deeds import DeedError
from flodesk.ui.company import Company, Member
from flodesk.ui.panel.card import Card
from flodesk.ui.queues.desk import local_jobs
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window

TEXT = """import flodesk
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.05):
        more = maths.add(tick, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""

SHOWS = """# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# seen = [0, 0, 4, 3]
# ///
import flodesk
from flodesk.nodes import maths, show, timing


def flow():
    for tick in timing.every(0.01):
        more = maths.add(tick, 1.0)
        seen = show.number(more)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture(autouse=True)
def nobody_names_a_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(VARIABLE, raising=False)
    yield
    LOCAL.stop()


@pytest.fixture
def company(qtbot: QtBot, looks: Looks) -> Iterator[Company]:
    """Give a company that makes windows whose flows may run on the local queue."""
    made = Company(lambda company: Window(looks, Anywhere(InProcess()), History(on=False), company))
    yield made
    LOCAL.stop()  # what is on it is asked about else
    for window in tuple(made.members):
        window.leaving = True
        window.close()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "one.py", tmp_path / "other.py"
    for path in paths:
        path.write_text(TEXT, encoding="utf-8")
    return paths


def opened(company: Company, path: Path) -> Window:
    window = company.new_window()
    assert isinstance(window, Window)
    assert window.files.open(path)
    return window


def start(qtbot: QtBot, window: Window) -> None:
    bar = window.run_bar
    bar.place.setCurrentIndex(bar.place.findData("rq"))
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run.phase == "running")


def test_who_opens_another_flow_may_leave_the_run_on_the_local_queue_and_come_back(
    qtbot: QtBot, company: Company, files: tuple[Path, Path],
    press: Callable[[str], None], when_asked: Callable[..., None],
) -> None:  # fmt: skip
    def close(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        qtbot.keyClick(box, Qt.Key.Key_Escape)

    asked: list[str] = []
    one, other = files
    window = opened(company, one)
    start(qtbot, window)
    run = window.run.id
    press("Cancel")
    assert not window.files.open(other)
    assert window.run.active
    press("Leave it running")
    assert window.files.open(other)
    qtbot.waitUntil(lambda: not window.run.active)
    qtbot.waitUntil(lambda: LOCAL.workers == 2)  # the next run need not wait for the end of that one
    when_asked(close)
    window.close()
    assert window.isVisible()
    assert asked == ["1 job is on the local queue, which ends with this window. Close it all the same?"]
    start(qtbot, window)
    press("Stop it")
    assert window.files.open(one)
    qtbot.waitUntil(lambda: window.run.phase == "running")
    assert window.run.id == run
    qtbot.waitUntil(lambda: local_jobs() == 0)  # the session of the other is over
    press("Stop it and quit")
    window.close()
    assert not window.isVisible()
    assert window not in company.members


def test_a_window_that_closes_beside_others_may_leave_its_run_on_the_local_queue(
    qtbot: QtBot, company: Company, files: tuple[Path, Path], press: Callable[[str], None]
) -> None:
    one, other = files
    first = opened(company, one)
    second = opened(company, other)
    start(qtbot, first)
    run = first.run.id
    for window in (first, second):
        qtbot.waitUntil(lambda view=window.queues.view: "It ends with the last window." in view.local.words.text())  # type: ignore[misc]
    press("Cancel")  # who quits cannot leave it: the local queue ends
    company.quit()
    assert company.members == [first, second]
    assert company.others_stay(first)
    press("Leave it running")
    first.close()
    assert not first.isVisible()
    members: list[Member] = [second]
    assert company.members == members
    assert second.files.open(one)
    qtbot.waitUntil(lambda: second.run.phase == "running")
    assert second.run.id == run
    qtbot.mouseClick(second.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not second.run.active)


def test_a_flow_that_has_not_run_shows_nothing_of_the_run_that_was_left(
    qtbot: QtBot, company: Company, files: tuple[Path, Path], press: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def show(card: Card, sample: Sample) -> bool:
        taken.append(card)
        return take(card, sample)

    def turns(window: Window) -> int:
        state = window.run.engine.states().get("flow.more")
        return state.count if state is not None else 0

    taken: list[Card] = []
    take = Card.show_sample
    one, other = files
    for path in files:
        path.write_text(SHOWS, encoding="utf-8")
    window = opened(company, one)
    start(qtbot, window)
    run = window.run.id
    qtbot.waitUntil(lambda: window.panel.board.cards["flow.seen"].seen is not None)
    monkeypatch.setattr(Card, "show_sample", show)
    press("Leave it running")
    assert window.files.open(other)
    qtbot.waitUntil(lambda: not window.run.active)
    card = window.panel.board.cards["flow.seen"]
    taken.clear()
    qtbot.waitUntil(lambda: not window.display.active)  # it has looked at all that there is
    assert (card.seen, taken) == (None, [])
    assert not window.run.engine.values()
    assert not window.run.engine.previews()
    assert not window.run.engine.states()
    assert window.run_bar.status.text() == "Not run yet"
    assert window.files.open(one)
    qtbot.waitUntil(lambda: window.run.phase == "running")
    assert window.run.id == run
    qtbot.waitUntil(lambda: turns(window) > 0)
    press("Stop it and quit")
    window.close()
    assert not window.isVisible()


def test_no_value_comes_from_a_run_that_has_yet_to_be_left(
    qtbot: QtBot, company: Company, files: tuple[Path, Path], press: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    one, other = files
    for path in files:
        path.write_text(SHOWS, encoding="utf-8")
    window = opened(company, one)
    start(qtbot, window)
    qtbot.waitUntil(lambda: window.panel.board.cards["flow.seen"].seen is not None)
    engine = window.run.engine
    assert isinstance(engine, Anywhere)
    leave, may = engine._leave, Event()
    monkeypatch.setattr(engine, "_leave", lambda there: may.wait(60) and leave(there))  # its server is slow
    press("Leave it running")
    assert window.files.open(other)
    frames = window.display.frames
    before = engine.values()["flow.seen"].sequence
    qtbot.waitUntil(lambda: engine.values()["flow.seen"].sequence > before + 3)  # it goes on, and is heard of
    assert window.run.active
    assert window.display.frames == frames
    assert window.panel.board.cards["flow.seen"].seen is None
    may.set()
    qtbot.waitUntil(lambda: not window.run.active)
    assert window.panel.board.cards["flow.seen"].seen is None


def test_a_run_that_was_put_on_the_queue_again_is_found_by_its_file(
    qtbot: QtBot, company: Company, files: tuple[Path, Path]
) -> None:
    def put_again(connection: Redis, run: str) -> bool:
        try:
            put.append(job_deeds.retry(connection, job_deeds.find(connection, run)))
        except DeedError:
            return False  # it is not over yet, or its session ends just now
        return True

    def stop_and_put_again() -> str:
        run = second.run.id
        qtbot.mouseClick(second.run_bar.stop, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not second.run.active)
        with Redis.from_url(LOCAL.url) as connection:
            qtbot.waitUntil(lambda: put_again(connection, run))
        return put[-1]

    put: list[str] = []

    one, other = files
    first, second = opened(company, other), opened(company, one)
    start(qtbot, second)
    new = stop_and_put_again()
    first.queues.view.deeds.attach_wanted.emit(new)  # as the dock does
    qtbot.waitUntil(lambda: second.run.phase == "running")
    assert second.run.id == new
    assert not first.run.active
    assert company.members == [first, second], "it took the window that has the file open"
    new = stop_and_put_again()
    second.document.new()
    assert second.files.open(one)
    qtbot.waitUntil(lambda: second.run.phase == "running")
    assert second.run.id == new
    qtbot.mouseClick(second.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not second.run.active)


def test_a_job_that_is_run_again_is_come_to_where_its_flow_is_open(
    qtbot: QtBot, company: Company, files: tuple[Path, Path]
) -> None:
    window = opened(company, files[0])
    start(qtbot, window)
    before = window.run.id
    qtbot.mouseClick(window.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.run.active)
    window.queues.show_dock()
    view = window.queues.view
    view.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: [job.state for job in view.jobs.shown] == ["stopped"])
    view.jobs.choose(view.jobs.shown[0].id)
    qtbot.mouseClick(view.deeds.again_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run.phase == "running")
    assert window.run.id != before
    again = window.run.id
    qtbot.waitUntil(lambda: again in view.deeds._again_as)
    qtbot.mouseClick(window.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.run.active)
    qtbot.waitUntil(lambda: again not in view.deeds._again_as)  # the dock has seen its end
    assert "run again" not in window.bar.text, "it is told where it was followed"
