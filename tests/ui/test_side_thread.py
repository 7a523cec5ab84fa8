"""Work beside the window: one thing after the other, told in the window's thread, and waited for at its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.ui import side_thread
from flodesk.ui.side_thread import SideThread

WAIT = 60_000


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QObject]:
    found = QObject()
    yield found
    found.deleteLater()


def test_what_comes_of_it_is_told_in_the_windows_thread(owner: QObject, qtbot: QtBot) -> None:
    side, here = SideThread(owner), threading.get_ident()
    told: list[tuple[str, object, bool]] = []

    def note(what: str, value: object) -> None:
        told.append((what, value, threading.get_ident() == here))

    def work() -> bool:
        side.tell(note, "on the way", 1)
        return threading.get_ident() == here

    side.do(work, lambda value: note("then", value))
    side.do(lambda: 1 // 0, lambda value: note("never", value), lambda error: note("failed", type(error)))
    qtbot.waitUntil(lambda: len(told) == 3, timeout=WAIT)
    assert told == [("on the way", 1, True), ("then", False, True), ("failed", ZeroDivisionError, True)]
    side.close()


def test_nothing_is_told_once_it_is_closed(owner: QObject) -> None:
    side, go = SideThread(owner), threading.Event()
    done: list[int] = []
    told: list[int] = []
    side.do(lambda: go.wait(60) and done.append(1), lambda _: told.append(1))
    side.do(lambda: done.append(2), lambda _: told.append(2))
    go.set()
    side.close()
    assert done == [1, 2], "what was given is done before the window goes"
    side.do(lambda: done.append(3))
    assert side.wait(WAIT)
    for _ in range(5):
        QApplication.processEvents()
    assert done == [1, 2]
    assert not told


def test_what_has_not_begun_can_be_dropped(owner: QObject) -> None:
    side, begun, go = SideThread(owner), threading.Event(), threading.Event()
    done: list[int] = []

    def first() -> None:
        begun.set()
        go.wait(60)
        done.append(1)

    side.do(first)
    assert begun.wait(60)
    side.do(lambda: done.append(2))
    side.drop()
    assert not side.wait(1)
    go.set()
    side.close()
    assert done == [1]


def test_what_fails_without_anybody_to_tell_is_in_the_log(
    owner: QObject, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    side = SideThread(owner, low=True)
    side.do(lambda: 1 // 0)
    qtbot.waitUntil(lambda: "ZeroDivisionError" in caplog.text, timeout=WAIT)
    side.close()


def test_a_window_goes_while_its_work_waits_and_the_work_is_done(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_thread, "CLOSE_MS", 20)
    owner = QObject()
    side, told, done = SideThread(owner), [], []
    begun, answer = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        answer.wait()
        side.tell(told.append, 1)
        done.append(1)

    side.do(work, told.append)
    assert begun.wait(60)
    side.close()  # for ever, if it waited for the work
    owner.deleteLater()
    qtbot.waitUntil(lambda: _gone(owner), timeout=WAIT)
    answer.set()
    qtbot.waitUntil(lambda: done == [1], timeout=WAIT)
    assert not told


def _gone(thing: QObject) -> bool:
    try:
        thing.objectName()
    except RuntimeError:
        return True
    return False
