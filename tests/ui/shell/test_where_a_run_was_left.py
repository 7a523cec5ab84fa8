"""A run that is left is remembered under the file that it is of, whichever is open by then, and is found again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from redis import Redis

from flodesk.cli import afar
from flodesk.engine.client import InProcess
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.server_address import VARIABLE, keep_server, named_server
from flodesk.engine.places.session import left_there
from flodesk.engine.places.session.left_there import all_left, left_at, left_of, remember
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.places.session.runs_there import chosen, runs_on
from flodesk.flow.edit import SetParameter
from flodesk.flow.model import Literal
from flodesk.flow.script import write
from flodesk.ui.preferences.server_address import parts_of
from flodesk.ui.window import Window

SECONDS = 60_000
TEXT = """import flodesk
from flodesk.nodes import control, maths, timing


def flow():
    gain = control.number(value=1.0)
    for tick in timing.every(0.02):
        big = maths.scale(tick, factor=gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""
LEAVE = "Leave it running"
CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
WhenAsked = Callable[[Callable[[QWidget], object]], None]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    """Give a server without a password: nobody is asked for one."""
    with LocalServer() as started:
        Redis.from_url(started.url).config_set("requirepass", "")
        yield started


@pytest.fixture
def worker(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "worker", "--redis", bare(server), "--concurrency", "2"],
        env={**os.environ, "FLODESK_DATA": str(tmp_path_factory.mktemp("worker"))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    process.terminate()
    process.wait(30)


@pytest.fixture
def named(server: LocalServer, worker: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Name the server for the session, as the preferences do without a keyring; give what ends that session."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)
    keep_server(bare(server))
    yield lambda: keep_server("") and None
    keep_server("")


@pytest.fixture
def window(open_window: Callable[..., Window], named: object) -> Window:
    return open_window(lambda: Anywhere(InProcess()))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my.py"
    path.write_text(TEXT, encoding="utf-8")
    (tmp_path / "other.py").write_text(TEXT.replace("0.02", "0.03"), encoding="utf-8")
    return path


def bare(server: LocalServer) -> str:
    return f"redis://{place(server)}/0"


def place(server: LocalServer) -> str:
    parts = parts_of(server.url)
    return f"{parts.host}:{parts.port}"


def run_it(qtbot: QtBot, window: Window) -> str:
    """Run what is open on the queue, as hands do; returns the run."""
    bar = window.run_bar
    bar.place.setCurrentIndex(bar.place.findData("rq"))
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=SECONDS)
    return window.run.id


def stop_it(qtbot: QtBot, window: Window) -> None:
    qtbot.mouseClick(window.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.run.active, timeout=SECONDS)


def runs(server: LocalServer) -> list[RunOn]:
    with Redis.from_url(bare(server)) as connection:
        return [run for run in runs_on(connection, find_or_make_key().secret) if not run.over]


def wait_until_left(qtbot: QtBot, server: LocalServer, run: str) -> None:
    qtbot.waitUntil(lambda: any(one.run == run and not one.attended for one in runs(server)), timeout=SECONDS)


def recent(window: Window, path: Path) -> None:
    window.files._remember(path)
    menu = QMenu()
    window.files.fill_recent(menu)
    menu.actions()[0].trigger()


OTHERS: dict[str, Callable[[Window, Path], object]] = {
    "open": lambda window, path: window.files.open(path),
    "new": lambda window, path: window.files.new(),
    "example": lambda window, path: window.files.open_example("noisy_sine"),
    "recent": recent,
}


@pytest.mark.parametrize("way", OTHERS)
def test_a_run_that_was_left_for_another_flow_is_that_of_its_own_file(
    qtbot: QtBot, window: Window, server: LocalServer, named: Callable[[], None], press: Callable[[str], None],
    file: Path, open_window: Callable[..., Window], way: str,
) -> None:  # fmt: skip
    assert window.files.open(file)
    run = run_it(qtbot, window)
    press(LEAVE)
    OTHERS[way](window, file.with_name("other.py"))
    assert [(one.run, one.path) for one in all_left()] == [(run, str(file.resolve()))]
    wait_until_left(qtbot, server, run)
    named()
    second = open_window(lambda: Anywhere(InProcess()))
    assert second.files.open(file)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert second.run.id == run
    stop_it(qtbot, second)


def test_a_flow_that_is_saved_elsewhere_while_it_runs_is_come_back_to_there(
    qtbot: QtBot, window: Window, server: LocalServer, named: Callable[[], None], when_asked: WhenAsked,
    press: Callable[[str], None], file: Path, open_window: Callable[..., Window],
    answer_path: Callable[[QWidget, Path], None],
) -> None:  # fmt: skip
    assert window.files.open(file)
    run = run_it(qtbot, window)
    there = file.with_name("there.py")
    when_asked(lambda dialog: answer_path(dialog, there))
    assert window.files.save_as()
    told: list[str] = []

    def leave(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        told.append(box.informativeText())
        qtbot.mouseClick(next(b for b in box.buttons() if b.text() == LEAVE), Qt.MouseButton.LeftButton)

    when_asked(leave)  # at once: before the run has heard it, perhaps
    assert window.files.open(file)
    assert "open the same file again, or say: flodesk attach there.py" in told[0]
    assert [(one.run, one.path) for one in all_left()] == [(run, str(there.resolve()))]
    wait_until_left(qtbot, server, run)
    qtbot.waitUntil(lambda: [one.run for one in chosen(runs(server), str(there))] == [run], timeout=SECONDS)
    assert chosen(runs(server), str(file)) == []
    named()
    second = open_window(lambda: Anywhere(InProcess()))
    assert second.files.open(there)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert second.run.id == run
    stop_it(qtbot, second)


def test_a_flow_that_gets_its_file_while_its_run_is_left_is_come_back_to_there(
    qtbot: QtBot, window: Window, server: LocalServer, when_asked: WhenAsked, file: Path,
    open_window: Callable[..., Window], answer_path: Callable[[QWidget, Path], None],
) -> None:  # fmt: skip
    window.files.open_copy(TEXT.encode(), None)
    run = run_it(qtbot, window)
    window.document.do(SetParameter("flow", "gain", "value", Literal("2.0")))
    there, told = file.with_name("there.py"), []

    def leave(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        told.append(box.informativeText())
        when_asked(save)
        qtbot.mouseClick(next(b for b in box.buttons() if b.text() == LEAVE), Qt.MouseButton.LeftButton)

    def save(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        when_asked(lambda dialog: answer_path(dialog, there))
        qtbot.mouseClick(box.button(QMessageBox.StandardButton.Save), Qt.MouseButton.LeftButton)

    when_asked(leave)
    assert window.files.open(file)
    assert f"Attach, or say: flodesk attach {run}" in told[0]
    assert [(one.run, one.path) for one in all_left()] == [(run, str(there.resolve()))]
    wait_until_left(qtbot, server, run)
    second = open_window(lambda: Anywhere(InProcess()))
    assert second.files.open(there)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert second.run.id == run
    stop_it(qtbot, second)


def test_who_asks_for_a_run_that_was_come_back_to_and_stopped_is_led_to_its_server(
    qtbot: QtBot, window: Window, server: LocalServer, named: Callable[[], None], press: Callable[[str], None],
    file: Path, open_window: Callable[..., Window], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    file = file.rename(file.with_name("asked.py"))  # no other test's run is of that name
    assert window.files.open(file)
    run = run_it(qtbot, window)
    press(LEAVE)
    window.files.open(file.with_name("other.py"))
    wait_until_left(qtbot, server, run)
    named()
    second = open_window(lambda: Anywhere(InProcess()))
    assert second.files.open(file)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    code, told = flodesk("stop", file)
    assert code == 0, told
    assert f"{run} was stopped." in told
    qtbot.waitUntil(lambda: not second.run.active and not all_left(), timeout=SECONDS)
    named()

    code, told = flodesk("attach", file)
    assert f"{bare(server)}, where a run was left" in told
    assert f"{run} of {file}" in told
    assert "stopped" in told
    assert code == 1, "it was stopped"
    assert run in flodesk("attach", "--list")[1]
    for word in (run, file.name):  # as from another folder
        assert f"{run} of {file}" in flodesk("attach", word)[1]

    third = open_window(lambda: Anywhere(InProcess()))
    assert third.files.open(file)
    qtbot.wait(1000)
    assert not third.run.active
    assert "this flow" not in third.bar.text.lower(), "nobody comes back to it"
    assert left_of(str(file)) is None
    monkeypatch.setattr(left_there, "ENDED_SECONDS", 0.0)
    assert left_of(str(file), ended=True) is None, "its server tells it no more"


def flodesk(*words: str | Path) -> tuple[int, str]:
    """Say something in a terminal; returns the exit code, and what is said there."""
    done = subprocess.run(
        [sys.executable, "-m", "flodesk", *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_the_run_of_an_example_is_found_through_the_dock_of_the_next_session(
    qtbot: QtBot, window: Window, server: LocalServer, named: Callable[[], None], when_asked: WhenAsked,
    open_window: Callable[..., Window],
) -> None:  # fmt: skip
    assert window.files.open_example("noisy_sine")
    run = run_it(qtbot, window)
    window.document.do(SetParameter("flow", "cutoff", "value", Literal("7.5")))
    told: list[str] = []

    def leave(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        told.append(box.informativeText())
        when_asked(discard)
        qtbot.mouseClick(next(b for b in box.buttons() if b.text() == LEAVE), Qt.MouseButton.LeftButton)

    def discard(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        qtbot.mouseClick(box.button(QMessageBox.StandardButton.Discard), Qt.MouseButton.LeftButton)

    when_asked(leave)
    window.close()
    assert not window.isVisible()
    assert f"Attach, or say: flodesk attach {run}" in told[0]
    assert f"The server {place(server)} is remembered. The Queues dock leads there." in told[0]
    wait_until_left(qtbot, server, run)
    named()
    for word in (run, "noisy_sine.py"):
        assert afar.address(None, "attach", word) == bare(server), "the terminal is led there, too"
        assert afar.the_run(bare(server), word, "attach").run == run

    second = open_window(lambda: Anywhere(InProcess()))
    assert second.files.open_example("noisy_sine")
    second.queues.show_dock()
    view = second.queues.view
    qtbot.waitUntil(lambda: view.left.isVisible())
    assert view.left.newest.text() == place(server)
    assert not view.left.others.isVisible()
    qtbot.mouseClick(view.left.newest, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.listing is view.jobs and bool(view.jobs.rows.things), timeout=SECONDS)
    assert not view.left.isVisible(), "it is named now"
    view.show_thing("job", next(job.id for job in view.jobs.rows.things if job.state == "running"))
    attach = next(action for action in view.deeds.menu().actions() if action.text() == "Attach")
    assert attach.isEnabled()
    attach.trigger()
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    assert second.run.id == run
    assert "7.5" in write(second.document.flow)
    assert "Untitled" not in second.windowTitle()
    stop_it(qtbot, second)
    qtbot.waitUntil(lambda: all_left() == [], timeout=SECONDS)


def test_the_dock_asks_for_the_password_of_the_server_where_a_run_was_left(
    qtbot: QtBot, window: Window, server: LocalServer, named: Callable[[], None], when_asked: WhenAsked
) -> None:
    password = parts_of(server.url).password
    named()
    with Redis.from_url(bare(server)) as connection:
        connection.config_set("requirepass", password)
    try:
        remember(left_at("redis://elsewhere.example:6380/0", "20200101-010101-ffff"))
        remember(left_at(server.url, "20200101-010101-abcd"))
        qtbot.keyClick(window, Qt.Key.Key_Q, CTRL_ALT)
        view = window.queues.view
        qtbot.waitUntil(lambda: view.left.isVisible())

        def enter(box: QWidget, given: str) -> None:
            field = box.findChild(QLineEdit)
            assert field is not None
            qtbot.keyClicks(field, given)
            qtbot.keyClick(field, Qt.Key.Key_Return)

        when_asked(lambda box: enter(box, "a wrong one"))
        assert [action.text() for action in view.left.others.menu().actions()] == ["elsewhere.example:6380"]
        qtbot.mouseClick(view.left.newest, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "does not know this user" in window.bar.text, timeout=SECONDS)
        assert named_server() is None
        when_asked(lambda box: enter(box, password))
        qtbot.mouseClick(window.bar.buttons[0], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "is there no more" in window.bar.text, timeout=SECONDS)
        assert named_server() is not None
        assert [left.place for left in all_left()] == ["elsewhere.example:6380"], "nobody is led there once more"
        qtbot.waitUntil(lambda: not view.left.isVisible())
    finally:
        with Redis.from_url(server.url) as connection:
            connection.config_set("requirepass", "")
