"""Unsaved changes outlive the program's violent end: real processes, killed for real, and started again."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.engine.folders import data_folder
from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.flow.edit import SetNote
from flodesk.flow.script import write
from flodesk.resource import resource
from flodesk.ui.last_end import CRASHED
from flodesk.ui.window import Window

DRIVE = Path(__file__).with_name("drive_recovery.py")
TEXT = """\
import flodesk
from flodesk.nodes import control, maths


def flow():
    cutoff = control.slider(20.0)
    twice = maths.scale(cutoff, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


class Program:
    """One start of the program."""

    def __init__(self, *words: str) -> None:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen(
            [sys.executable, str(DRIVE), *words], env=environment, stdout=subprocess.PIPE, text=True
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="what the program says")
        self._reader.start()

    def tells(self, what: str, seconds: float = 60.0) -> dict[str, Any]:
        """The next thing that it says: `what` names it, where it does not come."""
        end = time.monotonic() + seconds
        while (line := self._line(end - time.monotonic(), what)) is not None:
            if line.startswith("{"):
                return dict(json.loads(line))
        raise AssertionError(f"waited for {what}, and the program has ended with {self.process.wait(20)}")

    def _line(self, seconds: float, what: str) -> str | None:
        """The next line that it prints, None where none will come any more."""
        try:
            return self._lines.get(timeout=max(seconds, 0.0))
        except queue.Empty:
            raise AssertionError(f"waited for {what}: the program runs and has not said it") from None

    def _read(self) -> None:
        """Take its lines as they come: a pipe cannot be asked for a line for a while only."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.ended()

    def ended(self) -> int:
        code = self.process.wait(20)
        self._reader.join(20)
        assert not self._reader.is_alive(), "somebody still holds the output of a program that has ended"
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def start() -> Iterator[Callable[..., Program]]:
    programs: list[Program] = []

    def make(*words: str) -> Program:
        programs.append(Program(*words))
        return programs[-1]

    yield make
    for program in programs:
        if program.process.poll() is None:
            program.process.send_signal(signal.SIGKILL)
        program.ended()


def kept() -> list[str]:
    return sorted(path.suffix for path in data_folder("unsaved").iterdir())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(TEXT)
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
@pytest.mark.parametrize("how", [getattr(signal, name, None) for name in ("SIGKILL", "SIGTERM", "SIGHUP")])
def test_what_was_not_saved_is_back_after_a_violent_end(
    start: Callable[..., Program], file: Path, how: signal.Signals
) -> None:
    first = start("edit", str(file))
    seen = first.tells("the unsaved changes")
    assert seen["dirty"]
    assert "twice" not in seen["text"]
    assert first.end(how) == (-how if how is signal.SIGKILL else 0)
    assert file.read_text() == TEXT
    assert ".jsonl" in kept()
    second = start("answer", "Restore", "save")
    back = second.tells("what it says of them at its next start")
    assert back["said"].startswith("Unsaved changes of mine.py from 20")
    assert back["text"] == seen["text"]
    assert back["path"] == str(file)
    assert back["dirty"]
    assert "Move" in back["undo"]
    assert second.ended() == 0
    assert file.read_text() == seen["text"]
    assert kept() == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
def test_a_crash_is_told_along_with_what_was_not_saved(start: Callable[..., Program], file: Path) -> None:
    first = start("edit", str(file))
    first.tells("the unsaved changes")
    first.end(signal.SIGSEGV)
    second = start("answer", "Restore", "save")
    back = second.tells("what it says at its next start")
    assert back["said"].startswith(f"{CRASHED} Unsaved changes of mine.py from 20")
    assert CRASHED in back["then"]
    assert second.ended() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
def test_the_example_comes_back_and_a_second_crash_loses_nothing(start: Callable[..., Program]) -> None:
    first = start("edit")
    seen = first.tells("the unsaved changes")
    first.end(signal.SIGKILL)
    second = start("answer", "Restore", "wait")
    back = second.tells("what it says of them at its next start")
    assert "Noisy sine (example)" in back["said"]
    assert back["text"] == seen["text"]
    assert back["path"] == ""
    assert "Noisy sine" in back["title"]
    assert second.tells("that it waits to be killed") == {"waiting": True}
    second.end(signal.SIGKILL)
    third = start("answer", "Discard")
    assert "Noisy sine (example)" in third.tells("what it says at the third start")["said"]
    assert third.ended() == 0
    assert kept() == []


def processes(pid: int) -> set[int]:
    """A process and all that it has started, and these have."""
    found = {pid}
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in file.read_text().split():
            found |= processes(int(child))
    return found


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the processes stand in /proc")
@pytest.mark.parametrize(
    ("how", "states"),
    [("SIGTERM", {"stopped"}), pytest.param("SIGKILL", {"interrupted"}, marks=pytest.mark.long)],
)
def test_the_end_of_the_session_during_a_run_leaves_everything_in_order(
    start: Callable[..., Program], how: str, states: set[str]
) -> None:
    program = start("running")
    seen = program.tells("the unsaved changes, with a run on")
    all_of_it = processes(program.process.pid)
    assert len(all_of_it) > 1  # the engine's process is one of them
    number = getattr(signal, how)
    assert program.end(number) == (0 if how == "SIGTERM" else -number)
    end = time.monotonic() + 30
    while left := {pid for pid in all_of_it if lives(pid)}:
        assert time.monotonic() < end, f"processes that were left: {left}"
        time.sleep(0.05)
    assert ".jsonl" in kept()
    with history() as connection:
        run = next(run for run in store.listed(connection, last=5) if run.id == seen["run"])
    assert run.state in states


def crashed(open_window: Callable[..., Window], open_: Callable[[Window], object]) -> str:
    """Leave the journal of a window that crashed; return the flow's text then."""
    window = open_window()
    window.restoring.begin()
    open_(window)
    window.document.do(SetNote("flow", next(iter(window.canvases.current.board.cards)), "a note"))
    text = write(window.document.flow)
    window.restoring.end(keep=True)
    return text


def press(qtbot: QtBot, window: Window, title: str) -> None:
    qtbot.mouseClick(next(b for b in window.bar.buttons if b.text() == title), Qt.MouseButton.LeftButton)


def without_text() -> None:
    """Make the journal one of before the text was kept in it."""
    journal = next(data_folder("unsaved").glob("*.jsonl"))
    first, _, rest = journal.read_text().partition("\n")
    old = {key: value for key, value in json.loads(first).items() if key in ("journal", "file", "hash")}
    journal.write_text(json.dumps(old) + "\n" + rest)


def asked(window: Window, qtbot: QtBot) -> str:
    """Start the window after a crash, press Restore, and return what it says."""
    window.restoring.begin()
    window.restoring.offer()
    press(qtbot, window, "Restore")
    return window.bar.text


@pytest.mark.parametrize("change", ["changed", "gone", "unreadable"])
def test_where_the_file_is_another_now_they_come_back_in_a_copy(
    qtbot: QtBot, open_window: Callable[..., Window], file: Path, change: str
) -> None:
    text = crashed(open_window, lambda window: window.files.open(file))
    match change:
        case "changed":
            file.write_text(TEXT.replace("20.0", "25.0"))
        case "gone":
            file.unlink()
        case _:
            file.write_text("def flow(:\n")
    now = file.read_text() if file.exists() else ""
    window = open_window()
    said = asked(window, qtbot)
    assert "of mine.py cannot be made in the file" in said
    assert "mine.py is not touched" in said
    assert window.document.path is None
    assert not window.document.dirty
    press(qtbot, window, "Restore as a copy")
    assert write(window.document.flow) == text
    assert window.document.path is None
    assert window.document.folder == file.parent
    assert window.document.dirty
    assert "back in a copy without a file" in window.bar.text
    window.document.undo()
    assert write(window.document.flow) == TEXT
    assert (file.read_text() if file.exists() else "") == now
    window.restoring.end()
    assert kept() == []


def test_a_copy_of_a_version_comes_back(qtbot: QtBot, open_window: Callable[..., Window], file: Path) -> None:
    older = TEXT.replace("20.0", "12.0").encode()
    text = crashed(open_window, lambda window: window.files.open_copy(older, file))
    window = open_window()
    window.restoring.begin()
    window.restoring.offer()
    assert "of a copy of mine.py" in window.bar.text
    press(qtbot, window, "Restore")
    assert write(window.document.flow) == text
    assert window.document.origin == file
    assert "changes of a copy" in window.bar.text or "change of a copy" in window.bar.text
    window.restoring.end(keep=True)  # and after a second crash
    again = open_window()
    asked(again, qtbot)
    assert write(again.document.flow) == text
    again.restoring.end()


@pytest.mark.parametrize("start", ["new", "example"])
def test_a_flow_that_starts_from_what_an_older_flodesk_had(
    qtbot: QtBot, open_window: Callable[..., Window], monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    def begin(window: Window) -> None:
        if start == "example":
            window.files.open_example("sunspots")
        else:
            window.files.open_copy(TEXT.encode(), None)  # a new flow had another text then

    text = crashed(open_window, begin)
    if start == "example":
        monkeypatch.setattr("flodesk.ui.recovery.examples", dict)
    window = open_window()
    asked(window, qtbot)
    assert write(window.document.flow) == text
    assert window.document.path is None
    assert window.document.dirty
    window.restoring.end()


@pytest.mark.parametrize(("answer", "waits"), [("trust_file", False), ("run_anyway", True), ("", True)])
def test_a_copy_that_comes_back_is_as_trusted_as_it_was(
    qtbot: QtBot,
    open_window: Callable[..., Window],
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    waits: bool,
) -> None:
    monkeypatch.delenv("FLODESK_TRUST")

    def begin(window: Window) -> None:
        window.files.open(file)
        window.trusting.start = lambda: None
        if answer:
            getattr(window.trusting, answer)()

    text = crashed(open_window, begin)
    file.write_text(TEXT.replace("20.0", "25.0"))
    window = open_window()
    asked(window, qtbot)
    press(qtbot, window, "Restore as a copy")
    assert write(window.document.flow) == text
    assert window.trusting.waits == waits
    assert window.trusting.bar.isVisible() == waits
    window.restoring.end()


def test_a_journal_of_before_is_read(qtbot: QtBot, open_window: Callable[..., Window], file: Path) -> None:
    text = crashed(open_window, lambda window: window.files.open(file))
    without_text()
    window = open_window()
    asked(window, qtbot)
    assert write(window.document.flow) == text
    window.restoring.end()


def test_a_journal_of_before_on_another_text_says_why_and_is_kept(
    qtbot: QtBot, open_window: Callable[..., Window], file: Path
) -> None:
    crashed(open_window, lambda window: window.files.open(file))
    without_text()
    file.write_text(TEXT.replace("20.0", "25.0"))
    window = open_window()
    window.restoring.begin()
    window.restoring.offer()
    press(qtbot, window, "Restore")
    journal = next(data_folder("unsaved").glob("*.jsonl"))
    assert "mine.py cannot be restored: The file has changed" in window.bar.text
    assert str(journal) in window.bar.text
    assert window.document.path is None
    assert not window.document.dirty


def test_a_journal_of_before_whose_file_is_gone(qtbot: QtBot, open_window: Callable[..., Window], file: Path) -> None:
    crashed(open_window, lambda window: window.files.open(file))
    without_text()
    file.unlink()
    window = open_window()
    window.restoring.begin()
    window.restoring.offer()
    press(qtbot, window, "Restore")
    assert "no such file" in window.bar.text
    assert ".jsonl" in kept()


def test_the_question_stays_while_the_example_opens_and_runs(
    qtbot: QtBot, open_window: Callable[..., Window], file: Path
) -> None:
    text = crashed(open_window, lambda window: window.files.open(file))
    window = open_window()
    window.restoring.begin()
    window.restoring.offer()
    window.files.open_example()
    assert "Unsaved changes of mine.py" in window.bar.text
    press(qtbot, window, "Restore")
    assert write(window.document.flow) == text
    window.restoring.end()


def test_a_living_program_keeps_its_journal_to_itself(open_window: Callable[..., Window], file: Path) -> None:
    first = open_window()
    first.restoring.begin()
    first.files.open(file)
    first.document.do(SetNote("flow", "cutoff", "a note"))
    second = open_window()
    second.restoring.begin()
    second.restoring.offer()
    assert second.bar.text == ""
    assert kept() == [".jsonl", ".lock", ".lock"]


def test_the_journal_goes_with_a_save_and_with_a_clean_close(open_window: Callable[..., Window], file: Path) -> None:
    window = open_window()
    window.restoring.begin()
    window.files.open(file)
    assert kept() == [".lock"]
    window.document.do(SetNote("flow", "cutoff", "a note"))
    assert kept() == [".jsonl", ".lock"]
    window.files.save()
    assert kept() == [".lock"]
    window.document.do(SetNote("flow", "cutoff", "another"))
    window.document.new()  # discarded
    assert kept() == [".lock"]
    window.close()
    assert kept() == []


def test_two_crashes_are_asked_about_one_after_the_other(
    qtbot: QtBot, open_window: Callable[..., Window], file: Path
) -> None:
    crashed(open_window, lambda window: window.files.open(file))
    crashed(open_window, lambda window: window.document.open(resource("examples/sunspots.py")))
    window = open_window()
    window.restoring.begin()
    window.restoring.offer()
    assert "sunspots.py" in window.bar.text
    press(qtbot, window, "Discard")
    assert "mine.py" in window.bar.text
    press(qtbot, window, "Discard")
    assert not window.bar.isVisible()
    window.close()
    assert kept() == []


def test_a_folder_that_cannot_be_made_is_said_and_keeps_nobody_from_work(
    open_window: Callable[..., Window], data_of_its_own: Path
) -> None:
    (data_of_its_own / "unsaved").write_text("a file in the way")
    window = open_window()
    window.restoring.begin()
    assert "not kept for the case of a crash" in window.bar.text
    assert window.files.open_example()
