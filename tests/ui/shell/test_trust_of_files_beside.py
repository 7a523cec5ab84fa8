"""A file beside a flow from elsewhere runs nothing either, when it changes, until its user says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host, Renewed
from flodesk.ui.window import Window

FOREIGN = """\
import flodesk
import helper


def flow():
    first = helper.double(2.0)
    second = helper.double(first)


if __name__ == "__main__":
    flodesk.main(flow)
"""
ENDLESS = """\
import time
from collections.abc import Iterator

import flodesk
import helper


def ticks() -> Iterator[float]:
    while True:
        time.sleep(0.005)
        yield 1.0


def flow():
    for tick in ticks():
        seen = helper.double(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""
HELPER = '''\
"""What stands beside the flow."""

import subprocess
from pathlib import Path

Path(__file__).with_name("imported.txt").write_text("the top of the other file")


def double(value: float) -> float:
    return 2 * value
'''

OF_A_FOLDER = """\
import flodesk
from nodes.a import x


def flow():
    first = x.double(2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
X = """\
from . import _inner


def double(value: float) -> float:
    return 2 * value
"""


@pytest.fixture(autouse=True)
def asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLODESK_TRUST")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "helper.py").write_text(HELPER)
    path = folder / "foreign.py"
    path.write_text(FOREIGN)
    return path


@pytest.fixture
def window(open_window: Callable[..., Window]) -> Window:
    """A window as the program has it: with an engine process."""
    return open_window(Host)


@pytest.fixture
def told(window: Window, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gets a word whenever the engine is told to load files again."""
    found: list[str] = []
    engine = window.run.engine
    reload = engine.reload

    def noted(answer: Callable[[Renewed], None]) -> None:
        found.append("reload")
        reload(answer)

    monkeypatch.setattr(engine, "reload", noted)
    return found


def left(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.glob("*.txt"))


def click(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def put(file: Path, text: str) -> None:
    beside = file.with_name(f"{file.name}~")
    beside.write_text(text)
    beside.replace(file)


def change_helper(foreign: Path) -> None:
    put(foreign.with_name("helper.py"), HELPER + "\nPath(__file__).with_name('evil.txt').write_text('it ran')\n")


def run_anyway(qtbot: QtBot, window: Window, foreign: Path) -> None:
    assert window.files.open(foreign)
    click(qtbot, window.trusting.bar.run)
    qtbot.waitUntil(lambda: "imported.txt" in left(foreign), timeout=60_000)


def look(window: Window) -> None:
    window.sources.files.look()
    QCoreApplication.processEvents()


def test_another_flow_of_the_folder_that_waits_runs_nothing_of_what_is_saved(
    qtbot: QtBot, window: Window, foreign: Path, told: list[str]
) -> None:
    run_anyway(qtbot, window, foreign)
    qtbot.waitUntil(lambda: window.run.phase == "idle", timeout=60_000)
    other = foreign.with_name("other.py")
    other.write_text(FOREIGN)
    assert window.files.open(other)
    assert window.trusting.waits
    change_helper(foreign)
    look(window)
    assert (told, window.trusting.waits) == ([], True)
    assert "evil.txt" not in left(foreign)
    click(qtbot, window.trusting.bar.run)
    qtbot.waitUntil(lambda: "evil.txt" in left(foreign), timeout=60_000)


def test_a_flow_that_others_have_changed_runs_nothing_of_what_is_saved_beside(
    qtbot: QtBot, window: Window, foreign: Path, told: list[str]
) -> None:
    run_anyway(qtbot, window, foreign)
    qtbot.waitUntil(lambda: window.run.phase == "idle", timeout=60_000)
    put(foreign, FOREIGN.replace("double(first)", "double(1.0)"))
    qtbot.waitUntil(lambda: window.trusting.waits, timeout=60_000)
    change_helper(foreign)
    look(window)
    assert (told, window.trusting.waits) == ([], True)
    assert "evil.txt" not in left(foreign)


def test_a_file_beside_that_others_change_ends_the_word_and_the_run_takes_it_after_the_next(
    qtbot: QtBot, window: Window, foreign: Path, told: list[str]
) -> None:
    foreign.write_text(ENDLESS)
    run_anyway(qtbot, window, foreign)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    bar, run = window.trusting.bar, window.run.last
    change_helper(foreign)
    look(window)
    assert (told, window.trusting.waits) == ([], True)
    assert "helper.py was changed outside" in bar.words.text()
    assert window.run.phase == "running"
    click(qtbot, bar.run)
    qtbot.waitUntil(lambda: "evil.txt" in left(foreign), timeout=60_000)
    assert (told, window.run.phase, window.run.last) == (["reload"], "running", run), "the run has gone on"


def test_what_is_saved_in_this_window_is_taken_without_a_question(
    qtbot: QtBot, window: Window, foreign: Path, told: list[str]
) -> None:
    run_anyway(qtbot, window, foreign)
    qtbot.waitUntil(lambda: window.run.phase == "idle", timeout=60_000)
    view = window.sources.show_source("flow", "first")
    assert view is not None
    view.editor.setPlainText(view.editor.toPlainText().replace("return 2", "return 3"))
    qtbot.mouseClick(view.apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: told == ["reload"], timeout=60_000)
    assert "return 3" in foreign.with_name("helper.py").read_text()
    assert not window.trusting.waits


def test_a_flow_that_is_left_takes_what_it_has_imported_along(
    qtbot: QtBot, window: Window, foreign: Path, told: list[str]
) -> None:
    run_anyway(qtbot, window, foreign)
    qtbot.waitUntil(lambda: window.run.phase == "idle", timeout=60_000)
    other = foreign.with_name("other.py")
    other.write_text(FOREIGN)
    assert window.files.open(other)
    click(qtbot, window.trusting.bar.trust)
    answers: list[Renewed] = []
    change_helper(foreign)
    window.run.engine.reload(answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=60_000)
    assert answers == [Renewed()], "it has not been run, so there is nothing to load again"
    assert "evil.txt" not in left(foreign)


def test_every_file_that_the_flow_would_run_ends_the_word_when_others_change_it(
    qtbot: QtBot, window: Window, tmp_path: Path, told: list[str]
) -> None:
    place = tmp_path / "nodes" / "a"
    place.mkdir(parents=True)
    for name, text in (("__init__.py", ""), ("_inner.py", ""), ("x.py", X)):
        (place / name).write_text(text)
    path = tmp_path / "flow.py"
    path.write_text(OF_A_FOLDER)
    assert window.files.open(path)
    for number, name in enumerate(("nodes/a/x.py", "nodes/a/__init__.py", "nodes/a/_inner.py", "nodes/__init__.py")):
        before = window.run.last
        click(qtbot, window.trusting.bar.run)
        qtbot.waitUntil(lambda: window.run.last not in (None, before) and not window.run.active, timeout=60_000)  # noqa: B023
        assert not window.trusting.waits
        file, mark = tmp_path / name, tmp_path / f"ran{number}.txt"
        old = file.read_text() if file.exists() else ""
        put(file, f"from pathlib import Path\nPath({str(mark)!r}).touch()\n{old}")
        told.clear()
        look(window)
        assert (told, window.trusting.waits) == ([], True), name
        assert f"{name} was changed outside" in window.trusting.bar.words.text()
        assert not mark.exists()
    click(qtbot, window.trusting.bar.run)
    qtbot.waitUntil(lambda: (tmp_path / "ran3.txt").exists(), timeout=60_000)
