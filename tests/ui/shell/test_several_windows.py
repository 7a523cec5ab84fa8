"""Several windows of one program: each with its own flow and engine; what they share, and what they do together."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from flodesk.engine.client import InProcess
from flodesk.engine.history.settings import History
from flodesk.flow.edit import SetNote
from flodesk.flow.script import write
from flodesk.resource import resource
from flodesk.ui.company import Company
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window


@pytest.fixture
def company(qtbot: QtBot, looks: Looks) -> Iterator[Company]:
    made = Company(lambda company: Window(looks, InProcess(), History(on=False), company))
    yield made
    for window in tuple(made.members):
        window.leaving = True
        window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def new(company: Company, qtbot: QtBot) -> Callable[[], Window]:
    def make() -> Window:
        window = company.new_window()
        assert isinstance(window, Window)
        qtbot.waitExposed(window)
        return window

    return make


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sine.py"
    path.write_bytes(resource("examples/noisy_sine.py").read_bytes())
    return path


def note(window: Window) -> None:
    window.document.do(SetNote("flow", next(iter(window.canvases.current.board.cards)), "a note"))


def test_each_has_its_own_flow_run_and_journal(
    qtbot: QtBot, company: Company, new: Callable[[], Window], file: Path, data_of_its_own: Path
) -> None:
    first = new()
    first.files.open(file)
    qtbot.keyClick(first, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    if len(company.members) == 1:  # off screen, a key may come before the window has the keyboard
        first.commands.trigger("file.new_window")
    second = company.members[1]
    assert isinstance(second, Window)
    second.files.open_example("sunspots")
    second.commands.trigger("run.start")
    qtbot.waitUntil(lambda: second.run.last is not None, timeout=60_000)
    assert first.run.last is None
    note(first)
    note(second)
    assert first.document.path == file
    assert second.document.path is None
    assert len(list((data_of_its_own / "unsaved").glob("*.jsonl"))) == 2


def test_a_new_window_has_the_layout_of_the_one_before(new: Callable[[], Window]) -> None:
    first = new()
    first.resize(780, 600)
    first.docks.library.toggle()
    first.docks.panel.toggle_side()
    second = new()
    assert not second.docks.library.is_open
    assert second.docks.panel.beside
    assert second.size() == first.size()
    assert second.pos() != first.pos()


def test_nodes_are_copied_from_one_to_the_other(new: Callable[[], Window], file: Path) -> None:
    first, second = new(), new()
    first.files.open(file)
    first.canvases.current.select(["hum"])
    first.commands.trigger("edit.copy")
    second.commands.trigger("edit.paste")
    assert "hum = source.sine(" in write(second.document.flow)
    assert "import" in write(second.document.flow)


def test_a_file_that_is_open_comes_to_the_front(company: Company, new: Callable[[], Window], file: Path) -> None:
    first, second = new(), new()
    first.files.open(file)
    link = file.with_name("link.py")
    link.symlink_to(file)
    assert not second.files.open(link)
    assert second.document.path is None
    assert "open here already" in first.bar.text
    assert company.open(file) is first
    assert len(company.members) == 2
    assert first.files.open(file)  # in its own window it is read anew


def test_a_flow_is_not_saved_over_the_one_of_another_window(
    new: Callable[[], Window],
    file: Path,
    when_asked: Callable[..., None],
    press: Callable[[str], None],
    answer_path: Callable[[QWidget, Path], None],
) -> None:
    first, second = new(), new()
    first.files.open(file)
    before = file.read_bytes()
    second.files.open_example()

    def answer(dialog: QWidget) -> None:
        press("Replace")
        answer_path(dialog, file)

    when_asked(answer)
    second.commands.trigger("file.save_as")
    assert file.read_bytes() == before
    assert second.document.path is None
    assert "is open in another window" in second.bar.text


def test_open_in_a_new_window(company: Company, new: Callable[[], Window], file: Path) -> None:
    first = new()
    first.files.open_beside(file)
    assert len(company.members) == 2
    assert company.members[1].document.path == file
    menu = QMenu(first)
    company.fill_menu(menu, first)
    assert [action.text() for action in menu.actions()] == ["Untitled", "sine.py"]
    assert [action.isChecked() for action in menu.actions()] == [True, False]


def test_a_closed_window_goes_and_leaves_the_others(
    qtbot: QtBot, company: Company, new: Callable[[], Window], file: Path
) -> None:
    first, second = new(), new()
    second.files.open(file)
    second.commands.trigger("file.close")
    qtbot.waitUntil(lambda: not isValid(second), timeout=60_000)
    assert company.members == [first]
    assert first.isVisible()
    assert first.files.open(file)  # nobody holds it any more
    assert first.bar.text == ""


@pytest.mark.parametrize(("answer", "left"), [("Cancel", 3), ("Discard", 0)])
def test_quit_asks_for_all_and_one_that_stays_lets_all_stay(
    qtbot: QtBot, company: Company, new: Callable[[], Window], press: Callable[[str], None], answer: str, left: int
) -> None:
    windows = [new(), new(), new()]
    for window in windows[1:]:
        window.files.open_example()
        note(window)
    asked: list[str] = []
    boxes: list[QWidget] = []

    def reply() -> None:
        box = QApplication.activeModalWidget()
        if box is None or any(box is other for other in boxes):
            return  # on a busy machine the clock ticks again before the button is pressed
        boxes.append(box)
        asked.append(box.objectName())
        press(answer if len(asked) == 2 else "Discard")

    clock = QTimer(interval=50)
    clock.timeout.connect(reply)
    clock.start()
    windows[0].commands.trigger("file.quit")
    clock.stop()
    assert asked == ["unsaved", "unsaved"]
    assert len(company.members) == left
    assert all(not window.leaving for window in company.members)


def test_a_version_opens_in_a_window_of_its_own_and_is_no_more_trusted(
    qtbot: QtBot, company: Company, new: Callable[[], Window], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FLODESK_TRUST")
    first = new()
    first.files.open(file)
    first.versions.open_copy(file.read_bytes(), file)
    second = company.members[1]
    assert isinstance(second, Window)
    assert second.document.path is None
    assert second.trusting.waits
    second.commands.trigger("run.start")
    assert second.run.phase == "idle"
    first.trusting.trust_file()
    first.versions.open_copy(file.read_bytes(), file)
    third = company.members[2]
    assert isinstance(third, Window)
    assert not third.trusting.waits


def test_another_program_with_the_same_file_is_noticed(new: Callable[[], Window], file: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from flodesk.ui.company import _lock;"
        f"lock = _lock(Path({str(file)!r})); print(lock.tryLock(0), flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "True"
        window = new()
        window.files.open(file)
        assert "open in another flodesk" in window.bar.text
        assert window.document.path == file
    finally:
        other.communicate("", timeout=30)
    window.files.open_example()
    window.files.open(file)
    assert "another flodesk" not in window.bar.text


def test_a_window_alone_makes_no_others(open_window: Callable[..., Window]) -> None:
    window = open_window()
    window.commands.refresh()
    assert not window.commands["file.new_window"].isEnabled()
    assert window.company.members == [window]
    assert not isinstance(QApplication.activeModalWidget(), QDialog)
