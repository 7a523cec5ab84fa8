"""A window closes while its flow runs on a queue: it asks, the run goes on, and the next window comes back to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from redis import Redis

from flodesk.engine.client import InProcess
from flodesk.engine.folders import data_folder
from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.settings import History
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.server_address import VARIABLE, keep_server, named_server
from flodesk.engine.places.session import rq
from flodesk.engine.places.session.left_there import FILE, left_at, left_of, remember
from flodesk.engine.places.session.run_on import Account, RunOn, digest, here
from flodesk.engine.places.session.runs_there import runs_on
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Many, SetParameter, SetView
from flodesk.flow.model import Literal, View
from flodesk.flow.script import read, write
from flodesk.ui.preferences.server_address import parts_of
from flodesk.ui.what_runs import edit_of, found
from flodesk.ui.window import Window

SECONDS = 60_000
TEXT = """import flodesk
from flodesk.nodes import control, maths, show, timing


def said(number):
    if number == 5:
        print("five")
    return number


def flow():
    gain = control.number(1.0)
    number = 0
    for tick in timing.every(0.02):
        more = maths.add(number, 1)
        number = more
        told = said(number)
        big = maths.scale(number, factor=gain)
        seen = show.number(big)


if __name__ == "__main__":
    flodesk.main(flow)
"""
ENDS = (
    TEXT.replace("timing.every(0.02)", "ticks(20)")
    .replace(
        "def said",
        """def ticks(count: int):
    for number in range(count):
        time.sleep(0.02)
        yield number


def said""",
    )
    .replace("import flodesk\n", "import flodesk\nimport time\n", 1)
)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as started:
        yield started


@pytest.fixture(scope="module")
def worker(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "worker", "--redis", server.url],
        env={**os.environ, "FLODESK_DATA": str(tmp_path_factory.mktemp("worker"))},
        stdout=subprocess.DEVNULL,
    )
    yield
    process.terminate()
    process.wait(30)


@pytest.fixture
def windows(open_window: Callable[..., Window], server: LocalServer, worker: None) -> Callable[[], Window]:
    """Give a function that opens a window whose flows may run on the server."""
    return lambda: open_window(lambda: Anywhere(InProcess(), server.url))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "counts.py"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def runs(server: LocalServer) -> Callable[[Path], list[RunOn]]:
    connection = Redis.from_url(server.url)
    return lambda path: [run for run in runs_on(connection, find_or_make_key().secret) if run.is_of(str(path))]


def started(qtbot: QtBot, window: Window, path: Path) -> None:
    """Open a file and run it on the queue, as hands do."""
    assert window.files.open(path)
    bar = window.run_bar
    bar.place.setCurrentIndex(bar.place.findData("rq"))
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=SECONDS)
    qtbot.waitUntil(lambda: any(line.text == "five" for line in window.log.lines), timeout=SECONDS)


def button(window: Window, title: str) -> QPushButton:
    return next(button for button in window.bar.buttons if button.text() == title)


def seen(window: Window) -> float:
    sample = window.run.engine.previews().get("flow.big")
    return float(sample.value.text.replace("−", "-")) if sample is not None else 0.0


def test_a_run_is_left_and_the_next_window_is_attached_to_it(
    qtbot: QtBot, windows: Callable[[], Window], press: Callable[[str], None], file: Path,
    runs: Callable[[Path], list[RunOn]],
) -> None:  # fmt: skip
    first = windows()
    started(qtbot, first, file)
    press("Cancel")
    first.close()
    assert first.isVisible()
    assert first.run.active
    press("Leave it running")
    first.close()
    assert not first.isVisible()
    (run,) = runs(file)
    qtbot.waitUntil(lambda: not runs(file)[0].attended, timeout=SECONDS)
    assert run.state == "running"

    second = windows()
    assert second.files.open(file)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert "is running on the queue since" in second.bar.text
    assert second.run.id == run.run
    assert second.run_bar.place.currentData() == "rq"
    qtbot.waitUntil(lambda: any(line.text == "five" for line in second.log.lines), timeout=SECONDS)
    qtbot.waitUntil(lambda: seen(second) > 0, timeout=SECONDS)
    second.document.do(SetParameter("flow", "gain", "value", Literal("-1.0")))
    qtbot.waitUntil(lambda: seen(second) < 0, timeout=SECONDS)
    qtbot.mouseClick(second.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not second.run.active, timeout=SECONDS)
    assert second.run.last is not None
    assert second.run.last.reason == "stopped"
    second.document.undo()


@pytest.mark.parametrize("place", ["local", "rq"])
def test_run_while_it_is_being_attached_leaves_it_and_says_so(
    qtbot: QtBot, windows: Callable[[], Window], press: Callable[[str], None], file: Path,
    runs: Callable[[Path], list[RunOn]], monkeypatch: pytest.MonkeyPatch, place: str,
) -> None:  # fmt: skip
    first = windows()
    started(qtbot, first, file)
    press("Leave it running")
    first.close()
    qtbot.waitUntil(lambda: not runs(file)[0].attended, timeout=SECONDS)
    (left,) = (run for run in runs(file) if not run.over)
    asked, answers = threading.Event(), threading.Event()
    attach = rq.RqEngine.attach

    def slow(engine: rq.RqEngine, run: RunOn) -> Account:
        asked.set()
        assert answers.wait(60)
        return attach(engine, run)

    monkeypatch.setattr(rq.RqEngine, "attach", slow)
    second = windows()
    assert second.files.open(file)
    qtbot.waitUntil(asked.is_set, timeout=SECONDS)
    assert second.run.phase == "starting"
    bar = second.run_bar
    bar.place.setCurrentIndex(bar.place.findData(place))
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    newest = second.run.id
    assert newest != left.run
    assert "is running on the queue since" not in second.bar.text
    answers.set()

    def said() -> list[str]:
        return [line.text for line in second.log.lines if left.run in line.text]

    qtbot.waitUntil(lambda: bool(said()), timeout=SECONDS)
    assert f"flodesk stop {left.run}" in said()[0]
    qtbot.waitUntil(lambda: not any(run.attended for run in runs(file) if run.run == left.run), timeout=SECONDS)
    if place == "local":
        qtbot.waitUntil(lambda: second.run.phase == "running" and seen(second) > 0, timeout=SECONDS)
    else:  # its worker has the other one
        assert second.run.waits
        assert seen(second) == 0, "nothing of that is shown"
    assert second.run.id == newest
    qtbot.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not second.run.active, timeout=SECONDS)
    assert left.run in [run.run for run in runs(file) if not run.over]
    subprocess.run(
        [sys.executable, "-m", "flodesk", "stop", left.run, "--redis", second.run.engine.afar.url], check=True
    )


def test_who_has_left_the_run_of_a_file_from_elsewhere_is_not_asked_above_it(
    qtbot: QtBot, windows: Callable[[], Window], press: Callable[[str], None], file: Path,
    runs: Callable[[Path], list[RunOn]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.delenv("FLODESK_TRUST")
    first = windows()
    assert first.files.open(file)
    bar = first.run_bar
    bar.place.setCurrentIndex(bar.place.findData("rq"))
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(first.trusting.bar.run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: first.run.phase == "running", timeout=SECONDS)
    press("Leave it running")
    first.close()
    qtbot.waitUntil(lambda: not runs(file)[0].attended, timeout=SECONDS)
    second = windows()
    assert second.files.open(file)
    assert second.trusting.bar.isVisible(), "who knows what it is, before its run is found"
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert not second.trusting.bar.isVisible()
    assert (second.trusting.trusted, second.trusting.allowed) == (False, True)
    second.run.stop()
    qtbot.waitUntil(lambda: not second.run.active, timeout=SECONDS)
    qtbot.waitUntil(lambda: left_of(str(file)) is None, timeout=SECONDS)
    assert second.files.open(file)
    assert second.trusting.bar.isVisible(), "nothing of it was trusted for good"


def test_only_what_was_left_from_here_and_stands_to_the_letter_is_known(file: Path) -> None:
    """Who writes into the file, or into the list of a server, has nobody's word for it."""
    run = RunOn("s", "20260101-120000-abcd", str(file), here(), state="running", text=digest(TEXT))
    turned = TEXT.replace("control.number(1.0)", "control.number(-3.0)")
    account = Account(run.run, TEXT, str(file), (("flow.gain", "value", "-3.0"),), 0, "0", (), {}, None, ())

    def known(text: str, run: RunOn = run) -> bool:
        return found(run, account, "", read(text), Catalog.builtin()).known

    assert not known(TEXT), "it was not left from here"
    remember(left_at("redis://127.0.0.1:6379/0", run.run, str(file)))
    assert known(TEXT)
    assert known(turned), "it was saved as it was set there"
    assert not known(TEXT.replace("control.number(1.0)", "control.number(2.0)"))
    assert not known(TEXT.replace("print(", "exec("))
    assert not known(TEXT, replace(run, run="20260101-120000-ffff")), "another run of the file"
    assert not known(TEXT, replace(run, path=str(file.with_name("other.py"))))


def test_the_history_has_a_run_that_was_left_and_the_end_that_it_came_to(
    qtbot: QtBot, open_window: Callable[..., Window], server: LocalServer, worker: None,
    press: Callable[[str], None], file: Path, runs: Callable[[Path], list[RunOn]],
) -> None:  # fmt: skip
    def made() -> Window:
        return open_window(lambda: Anywhere(InProcess(), server.url), History())

    def told() -> str:
        with history() as connection:
            return next(run.state for run in store.listed(connection) if run.id == first.run.id)

    first = made()
    started(qtbot, first, file)
    press("Leave it running")
    first.close()
    assert told() == "interrupted"
    qtbot.waitUntil(lambda: not runs(file)[0].attended, timeout=SECONDS)
    second = made()
    assert second.files.open(file)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    qtbot.mouseClick(second.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: told() == "stopped", timeout=SECONDS)


def test_a_run_that_is_to_be_stopped_is(
    qtbot: QtBot, windows: Callable[[], Window], press: Callable[[str], None], file: Path,
    runs: Callable[[Path], list[RunOn]],
) -> None:  # fmt: skip
    window = windows()
    started(qtbot, window, file)
    press("Stop it")
    window.close()
    assert not window.isVisible()
    qtbot.waitUntil(lambda: all(run.over for run in runs(file)), timeout=SECONDS)


def test_who_opens_another_flow_may_leave_the_run_and_come_back(
    qtbot: QtBot, windows: Callable[[], Window], press: Callable[[str], None], file: Path, tmp_path: Path,
    runs: Callable[[Path], list[RunOn]],
) -> None:  # fmt: skip
    other = tmp_path / "other.py"
    other.write_text(ENDS, encoding="utf-8")
    window = windows()
    started(qtbot, window, file)
    press("Leave it running")
    assert window.files.open(other)
    qtbot.waitUntil(lambda: not window.run.active, timeout=SECONDS)
    qtbot.waitUntil(lambda: not runs(file)[0].attended, timeout=SECONDS)
    assert runs(file)[0].state == "running"
    assert window.files.open(file)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=SECONDS)
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=SECONDS)


def test_what_was_set_before_the_window_closed_is_set_in_the_next(
    qtbot: QtBot, windows: Callable[[], Window],
    when_asked: Callable[[Callable[[QWidget], object]], None], file: Path, runs: Callable[[Path], list[RunOn]],
) -> None:  # fmt: skip
    first = windows()
    started(qtbot, first, file)
    first.document.do(SetParameter("flow", "gain", "value", Literal("-3.0")))
    qtbot.waitUntil(lambda: seen(first) < 0, timeout=SECONDS)
    asked: list[str] = []

    def drop(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        asked.append(box.informativeText())
        qtbot.mouseClick(box.button(QMessageBox.StandardButton.Discard), Qt.MouseButton.LeftButton)

    def leave_then_drop(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        leave = next(b for b in box.buttons() if b.text().replace("&", "") == "Leave it running")
        qtbot.mouseClick(leave, Qt.MouseButton.LeftButton)
        when_asked(drop)

    when_asked(leave_then_drop)
    first.close()
    assert not first.isVisible()
    second = windows()
    qtbot.waitUntil(lambda: not runs(file)[0].attended, timeout=SECONDS)
    assert second.files.open(file)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert "gain = control.number(-3.0)" in write(second.document.flow)
    qtbot.waitUntil(lambda: seen(second) < 0, timeout=SECONDS)
    assert "The run goes on as it is, whatever you answer" in asked[0]
    assert "it takes values over from the run" in asked[0]
    second.run.stop()
    qtbot.waitUntil(lambda: not second.run.active, timeout=SECONDS)
    when_asked(drop)
    assert second.files.open(file)
    assert asked[1] == "They are lost if you don't.", "no run is left now"


@pytest.mark.parametrize("answer", ["Discard", "Save"])
def test_values_and_views_that_a_file_has_otherwise_keep_nobody_from_coming_back(
    qtbot: QtBot, windows: Callable[[], Window],
    when_asked: Callable[[Callable[[QWidget], object]], None], file: Path, runs: Callable[[Path], list[RunOn]],
    answer: str,
) -> None:  # fmt: skip
    first = windows()
    started(qtbot, first, file)
    flow, catalog = first.document.flow, first.checking.catalog
    values = ("flow.gain", "value", "-3.0"), ("flow.more", "values[1]", "2")
    edits = [edit for one in values if (edit := edit_of(flow, catalog, one)) is not None]
    first.document.do(
        Many(tuple(edits), "Preset")
    )  # the run goes on with a text that has both; that of the file has not
    qtbot.waitUntil(lambda: seen(first) < 0, timeout=SECONDS)
    first.document.do(SetView("flow", "seen", View("seen", "seen", 8, 0, 2, 2)))
    told: list[str] = []

    def answer_it(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        qtbot.mouseClick(box.button(getattr(QMessageBox.StandardButton, answer)), Qt.MouseButton.LeftButton)

    def leave(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        told.append(box.informativeText())
        one = next(b for b in box.buttons() if b.text().replace("&", "") == "Leave it running")
        qtbot.mouseClick(one, Qt.MouseButton.LeftButton)
        when_asked(answer_it)

    when_asked(leave)
    first.close()
    assert not first.isVisible()
    assert "come back with it, saved or not" in told[0]
    qtbot.waitUntil(lambda: not runs(file)[0].attended, timeout=SECONDS)
    second = windows()
    assert second.files.open(file)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert "gain = control.number(-3.0)" in write(second.document.flow)
    assert ("Set here as it is in the run: “value” of gain = -3.0 and one more" in second.bar.text) == (
        answer == "Discard"
    )
    qtbot.waitUntil(lambda: seen(second) < 0, timeout=SECONDS)
    if answer == "Discard":
        second.document.undo()
        second.document.undo()  # what the file says, in the run as well
        qtbot.waitUntil(lambda: seen(second) > 0, timeout=SECONDS)
    second.run.stop()
    qtbot.waitUntil(lambda: not second.run.active, timeout=SECONDS)
    assert "is running" not in second.bar.text
    assert not second.document.dirty


def test_two_windows_follow_one_run_and_what_one_turns_the_other_shows(
    qtbot: QtBot, windows: Callable[[], Window], file: Path
) -> None:
    first = windows()
    started(qtbot, first, file)
    second = windows()
    assert second.files.open(file)
    qtbot.waitUntil(lambda: bool(second.bar.buttons), timeout=SECONDS)
    qtbot.mouseClick(button(second, "Attach"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    qtbot.waitUntil(lambda: seen(second) > 0, timeout=SECONDS)
    second.document.do(SetParameter("flow", "gain", "value", Literal("-2.0")))
    qtbot.waitUntil(lambda: "gain = control.number(-2.0)" in write(first.document.flow), timeout=SECONDS)
    qtbot.waitUntil(lambda: seen(first) < 0, timeout=SECONDS)
    qtbot.mouseClick(first.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not first.run.active and not second.run.active, timeout=SECONDS)
    first.document.undo()
    second.document.undo()


def test_a_file_that_differs_from_what_runs_says_so_and_opens_that(
    qtbot: QtBot, windows: Callable[[], Window], press: Callable[[str], None], file: Path,
    runs: Callable[[Path], list[RunOn]],
) -> None:  # fmt: skip
    first = windows()
    started(qtbot, first, file)
    press("Leave it running")
    first.close()
    file.write_text(TEXT.replace("== 5", "== 6"), encoding="utf-8")
    second = windows()
    assert second.files.open(file)
    qtbot.waitUntil(lambda: bool(second.bar.buttons), timeout=SECONDS)
    assert "another one than that of this file" in second.bar.text
    assert not second.run.active
    qtbot.mouseClick(button(second, "Open what runs"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert "== 5" in write(second.document.flow)
    third = windows()
    assert third.files.open(file)
    qtbot.waitUntil(lambda: "is running on the queue" in third.bar.text, timeout=SECONDS)
    second.run.stop()
    qtbot.waitUntil(lambda: not second.run.active, timeout=SECONDS)
    qtbot.waitUntil(lambda: "is running" not in third.bar.text, timeout=SECONDS)


def test_a_run_that_has_ended_meanwhile_shows_how(
    qtbot: QtBot, windows: Callable[[], Window], press: Callable[[str], None], file: Path,
    runs: Callable[[Path], list[RunOn]],
) -> None:  # fmt: skip
    file.write_text(ENDS, encoding="utf-8")
    first = windows()
    started(qtbot, first, file)
    press("Leave it running")
    first.close()
    qtbot.waitUntil(lambda: runs(file)[0].state == "succeeded", timeout=SECONDS)
    second = windows()
    assert second.files.open(file)
    qtbot.waitUntil(lambda: bool(second.bar.buttons), timeout=SECONDS)
    assert "has succeeded" in second.bar.text
    qtbot.mouseClick(button(second, "Show how it went"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: second.run.last is not None, timeout=SECONDS)
    assert second.run.last is not None
    assert second.run.last.reason == "succeeded"
    assert not second.run.active
    qtbot.waitUntil(lambda: seen(second) == 20, timeout=SECONDS)


@pytest.fixture
def nobody_names_it(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no environment and no keyring name a server, as for whoever has just started flodesk."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)
    yield
    keep_server("")


def test_a_run_at_a_server_of_the_session_is_come_back_to_in_the_next_one(
    qtbot: QtBot, open_window: Callable[..., Window], server: LocalServer, worker: None, nobody_names_it: None,
    press: Callable[[str], None], when_asked: Callable[[Callable[[QWidget], object]], None], file: Path,
) -> None:  # fmt: skip
    keep_server(server.url)  # without a keyring: it goes with flodesk
    first = open_window(lambda: Anywhere(InProcess()))
    started(qtbot, first, file)
    told: list[str] = []

    def leave(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        told.append(box.informativeText())
        qtbot.mouseClick(next(b for b in box.buttons() if b.text() == "Leave it running"), Qt.MouseButton.LeftButton)

    when_asked(leave)
    first.close()
    assert not first.isVisible()
    assert "is remembered. Its password is kept nowhere" in told[0]
    keep_server("")
    password = parts_of(server.url).password
    assert not any(password.encode() in one.read_bytes() for one in data_folder().rglob("*") if one.is_file())

    second = open_window(lambda: Anywhere(InProcess()))
    assert second.files.open(file)
    qtbot.waitUntil(lambda: "which wants its password" in second.bar.text, timeout=SECONDS)
    for given in ("a wrong one", password):

        def enter(box: QWidget, given: str = given) -> None:
            field = box.findChild(QLineEdit)
            assert field is not None
            qtbot.keyClicks(field, given)
            qtbot.keyClick(field, Qt.Key.Key_Return)

        when_asked(enter)
        qtbot.mouseClick(button(second, "Enter the password…"), Qt.MouseButton.LeftButton)
        if given != password:
            qtbot.waitUntil(lambda: "does not know this user" in second.bar.text, timeout=SECONDS)
            assert named_server() is None
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert second.run.id == first.run.id
    second.run.stop()
    qtbot.waitUntil(lambda: not second.run.active, timeout=SECONDS)


def test_a_server_without_a_password_is_come_back_to_by_itself(
    qtbot: QtBot, open_window: Callable[..., Window], server: LocalServer, worker: None, nobody_names_it: None,
    press: Callable[[str], None], file: Path, runs: Callable[[Path], list[RunOn]],
) -> None:  # fmt: skip
    keep_server(server.url)
    first = open_window(lambda: Anywhere(InProcess()))
    started(qtbot, first, file)
    press("Leave it running")
    first.close()
    qtbot.waitUntil(lambda: not runs(file)[0].attended, timeout=SECONDS)
    keep_server("")
    connection = Redis.from_url(server.url)
    connection.config_set("requirepass", "")
    try:
        kept = data_folder() / FILE
        kept.write_text(kept.read_text().replace('"asks": true', '"asks": false'))
        second = open_window(lambda: Anywhere(InProcess()))
        assert second.files.open(file)
        qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
        assert second.run.id == first.run.id
        second.run.stop()
        qtbot.waitUntil(lambda: not second.run.active, timeout=SECONDS)
    finally:
        connection.config_set("requirepass", parts_of(server.url).password)


def test_the_run_of_the_open_file_is_offered_when_its_server_is_named(
    qtbot: QtBot, open_window: Callable[..., Window], server: LocalServer, worker: None, nobody_names_it: None,
    press: Callable[[str], None], file: Path, windows: Callable[[], Window], runs: Callable[[Path], list[RunOn]],
) -> None:  # fmt: skip
    first = windows()
    started(qtbot, first, file)
    press("Leave it running")
    first.close()
    qtbot.waitUntil(lambda: not runs(file)[0].attended, timeout=SECONDS)
    (data_folder() / FILE).write_text("not JSON")
    second = open_window(lambda: Anywhere(InProcess()))
    assert second.files.open(file)
    second.coming_back._side.wait()  # it has looked, and nobody had named it
    keep_server(server.url)  # as the preferences do
    qtbot.waitUntil(lambda: any(one.text() == "Attach" for one in second.bar.buttons), timeout=SECONDS)
    assert not second.run.active
    qtbot.mouseClick(button(second, "Attach"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    second.run.stop()
    qtbot.waitUntil(lambda: not second.run.active, timeout=SECONDS)


def test_a_job_of_the_dock_is_followed_where_its_flow_is_open(
    qtbot: QtBot, windows: Callable[[], Window], press: Callable[[str], None], file: Path,
    runs: Callable[[Path], list[RunOn]],
) -> None:  # fmt: skip
    first = windows()
    started(qtbot, first, file)
    second = windows()
    assert second.files.open(file)
    qtbot.waitUntil(lambda: any(one.text() == "Attach" for one in second.bar.buttons), timeout=SECONDS)
    second.queues.view.deeds.attach_wanted.emit(runs(file)[0].session)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert second.run.id == first.run.id
    second.run.stop()
    qtbot.waitUntil(lambda: not second.run.active and not first.run.active, timeout=SECONDS)


def test_the_run_bar_says_when_the_server_is_waited_for(
    qtbot: QtBot, windows: Callable[[], Window], file: Path, server: LocalServer
) -> None:
    window = windows()
    started(qtbot, window, file)
    words = window.run_bar.words
    pid = Redis.from_url(server.url).info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        qtbot.waitUntil(lambda: words()[0].startswith("Waiting for the server"), timeout=SECONDS)
    finally:
        os.kill(pid, signal.SIGCONT)
    qtbot.waitUntil(lambda: words()[0].startswith("Running "), timeout=SECONDS)
    qtbot.mouseClick(window.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.run.active, timeout=SECONDS)
