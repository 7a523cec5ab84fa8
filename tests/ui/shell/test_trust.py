"""A file from elsewhere runs nothing until its user says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.flow.edit import SetNote
from flodesk.resource import resource
from flodesk.ui.inspector.offered import OfferedEditor
from flodesk.ui.window import Window

FOREIGN = """\
from pathlib import Path
from typing import Annotated

import flodesk
import helper
from flodesk import Choices

Path(__file__).with_name("ran.txt").write_text("the top of the file")


def names() -> list[str]:
    Path(__file__).with_name("chosen.txt").write_text("the choices")
    return ["a", "b"]


@flodesk.node(title="Mine")
def mine(value: float = 1.0, name: Annotated[str, Choices(names)] = "a") -> float:
    return helper.double(value)


def flow():
    first = mine(2.0)
    second = mine(first)


if __name__ == "__main__":
    flodesk.main(flow)
"""
ENDLESS = """\
import time
from collections.abc import Iterator
from pathlib import Path

import flodesk


def ticks() -> Iterator[float]:
    while True:
        time.sleep(0.005)
        yield 1.0


def see(value: float) -> float:
    return value


def flow():
    for tick in ticks():
        seen = see(tick)


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


def left(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.glob("*.txt"))


def click(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_nothing_runs_before_the_yes_and_all_after_it(qtbot: QtBot, window: Window, foreign: Path) -> None:
    window.files.open(foreign)
    bar = window.trusting.bar
    assert bar.isVisible()
    assert "foreign.py comes from elsewhere" in bar.words.text()
    canvas = window.canvases.current
    assert set(canvas.board.cards) == {"first", "second"}  # the picture is all there
    assert not window.checking.errors
    canvas.select(["first"])
    sheet = window.inspector.sheet
    assert sheet is not None
    editor = sheet.rows["name"].editor
    assert isinstance(editor, OfferedEditor)
    with qtbot.waitSignal(editor.refused, timeout=60_000) as said:
        editor.box.showPopup()
    editor.box.hidePopup()
    assert "not trusted yet" in str(said.args)
    window.commands.trigger("view.script")
    window.commands.trigger("run.check")
    window.document.do(SetNote("flow", "first", "a note"))
    for name in ("run.node", "run.to", "run.from", "run.step_over", "run.start"):
        window.commands.trigger(name)
        assert window.run.phase == "idle"
    assert "Run it?" in bar.words.text()
    assert left(foreign) == []
    click(qtbot, bar.run)
    qtbot.waitUntil(lambda: "ran.txt" in left(foreign) and window.run.phase in ("running", "idle"), timeout=60_000)
    qtbot.waitUntil(lambda: window.run.phase == "idle", timeout=60_000)
    assert "imported.txt" in left(foreign)
    assert not bar.isVisible()


def test_run_anyway_holds_while_it_is_open_and_no_longer(
    qtbot: QtBot, open_window: Callable[..., Window], foreign: Path
) -> None:
    window = open_window()
    window.files.open(foreign)
    window.commands.trigger("run.start")
    click(qtbot, window.trusting.bar.run)
    qtbot.waitUntil(lambda: window.run.last is not None, timeout=60_000)
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: window.run.phase == "idle", timeout=60_000)
    assert not window.trusting.waits
    again = open_window()
    again.files.open(foreign)
    assert again.trusting.waits


def test_to_run_anyway_and_to_save_is_not_to_trust(
    qtbot: QtBot, open_window: Callable[..., Window], foreign: Path, data_of_its_own: Path
) -> None:
    window = open_window()
    window.files.open(foreign)
    window.commands.trigger("run.start")
    click(qtbot, window.trusting.bar.run)
    qtbot.waitUntil(lambda: window.run.last is not None, timeout=60_000)
    window.document.do(SetNote("flow", "first", "a note"))
    window.files.save()
    window.files.write(foreign.with_name("under_another_name.py"))
    assert not window.trusting.waits, "it stays open, and may run"
    assert not (data_of_its_own / "trusted.jsonl").exists()
    again = open_window()
    for name in ("foreign.py", "under_another_name.py"):
        again.files.open(foreign.with_name(name))
        assert again.trusting.waits
    window.trusting.trust_file()  # it can be trusted still
    window.document.do(SetNote("flow", "first", "another note"))
    window.files.save()
    third = open_window()
    third.files.open(foreign.with_name("under_another_name.py"))
    assert not third.trusting.waits


def test_a_file_that_may_run_and_is_changed_by_others_is_asked_about_again(
    qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path, data_of_its_own: Path
) -> None:
    path = tmp_path / "endless.py"
    path.write_text(ENDLESS)
    window = open_window(Host)
    window.files.open(path)
    window.commands.trigger("run.start")
    click(qtbot, window.trusting.bar.run)
    qtbot.waitUntil(lambda: window.run.iterations > 3, timeout=60_000)
    path.write_text(ENDLESS.replace("return value", f"Path({str(tmp_path / 'ran.txt')!r}).touch()\n    return value"))
    window.outside.look()
    assert window.trusting.waits
    assert "changed outside after you let it run" in window.trusting.bar.words.text()
    window.document.do(SetNote("flow", "seen", "a note"))
    qtbot.waitUntil(lambda: not window.run.edits._swap.isActive(), timeout=60_000)
    before = window.run.iterations
    qtbot.waitUntil(lambda: window.run.iterations > before + 20, timeout=60_000)
    assert not (tmp_path / "ran.txt").exists(), "the run goes on with the text that it was allowed with"
    again = open_window()
    again.files.open(path)
    assert again.trusting.waits
    assert not (data_of_its_own / "trusted.jsonl").exists()
    click(qtbot, window.trusting.bar.run)
    qtbot.waitUntil((tmp_path / "ran.txt").exists, timeout=60_000)
    window.commands.trigger("run.stop")
    qtbot.waitUntil(lambda: window.run.phase == "idle", timeout=60_000)


def test_a_copy_of_a_file_that_may_run_is_asked_about(qtbot: QtBot, window: Window, foreign: Path) -> None:
    window.files.open(foreign)
    window.trusting.start = lambda: None
    click(qtbot, window.trusting.bar.run)
    assert not window.trusting.waits
    window.versions.open_copy(foreign.read_bytes(), foreign)
    assert window.document.path is None
    assert window.trusting.waits
    assert "foreign.py, of which this is a copy" in window.trusting.bar.words.text()
    window.files.write(foreign.with_name("copy.py"))
    window.files.open(foreign.with_name("copy.py"))
    assert window.trusting.waits


def test_a_trusted_file_stays_trusted_with_what_is_saved_here(
    qtbot: QtBot, open_window: Callable[..., Window], foreign: Path
) -> None:
    window = open_window()
    window.files.open(foreign)
    click(qtbot, window.trusting.bar.trust)
    assert not window.trusting.waits
    assert left(foreign) == []  # to trust is not to run
    window.document.do(SetNote("flow", "first", "a note"))
    window.files.save()
    again = open_window()
    again.files.open(foreign)
    assert not again.trusting.waits
    foreign.write_text(foreign.read_text() + "# by another hand\n")
    third = open_window()
    third.files.open(foreign)
    assert third.trusting.waits
    assert "has changed since" in third.trusting.bar.words.text()


def test_the_same_text_elsewhere_is_asked_about(open_window: Callable[..., Window], foreign: Path) -> None:
    window = open_window()
    window.files.open(foreign)
    window.trusting.trust_file()
    copy = foreign.parent.parent / "copy.py"
    copy.write_bytes(foreign.read_bytes())  # another helper.py may stand beside it
    window.files.open(copy)
    assert window.trusting.waits


def test_to_save_is_not_to_trust(window: Window, foreign: Path) -> None:
    window.files.open(foreign)
    window.document.do(SetNote("flow", "first", "a note"))
    window.files.save()
    assert window.trusting.waits
    window.files.write(foreign.with_name("other.py"))
    assert window.trusting.waits
    window.files.open(foreign)
    assert window.trusting.waits


def test_a_folder_is_trusted_with_all_that_is_in_it(qtbot: QtBot, window: Window, foreign: Path) -> None:
    window.files.open(foreign)
    click(qtbot, window.trusting.bar.folder)
    inner = foreign.parent / "inner" / "deep.py"
    inner.parent.mkdir()
    inner.write_text(FOREIGN)
    window.files.open(inner)
    assert not window.trusting.waits
    beside = foreign.parent.with_name("downloads_of_others") / "deep.py"
    beside.parent.mkdir()
    beside.write_text(FOREIGN)
    window.files.open(beside)
    assert window.trusting.waits


def test_what_is_made_here_and_the_examples_are_not_asked_about(window: Window, tmp_path: Path) -> None:
    window.files.new()
    assert not window.trusting.waits
    window.files.write(tmp_path / "mine.py")
    window.files.open_example("sunspots")
    assert not window.trusting.waits
    window.files.write(tmp_path / "spots.py")
    window.files.open(tmp_path / "mine.py")
    assert not window.trusting.waits
    window.files.open(tmp_path / "spots.py")
    assert not window.trusting.waits
    copy = tmp_path / "sine.py"
    copy.write_bytes(resource("examples/noisy_sine.py").read_bytes())
    window.files.open(copy)
    assert window.trusting.waits  # the text is ours, but what it imports may stand beside it


def test_a_file_that_others_change_while_it_is_open_stays_as_it_was(
    open_window: Callable[..., Window], foreign: Path
) -> None:
    window = open_window()
    window.files.open(foreign)
    foreign.write_text(FOREIGN + "# more\n")
    window.outside.look()
    assert window.trusting.waits
    window.trusting.trust_file()
    foreign.write_text(FOREIGN + "# still more\n")
    window.outside.look()
    assert not window.trusting.waits
    again = open_window()
    again.files.open(foreign)
    assert not again.trusting.waits


def test_what_it_would_run_is_listed_and_not_run(qtbot: QtBot, window: Window, foreign: Path) -> None:
    window.files.open(foreign)
    click(qtbot, window.trusting.bar.look)
    dialog = window.findChild(type(window.trusting.look()), "foreign")
    assert dialog is not None
    said = "\n".join(dialog.lines)
    assert "helper.py" in said
    assert "starts other programs  helper.py:3" in said
    assert "writes files  foreign.py:8, foreign.py:12, helper.py:6" in said
    assert left(foreign) == []
    for one in window.findChildren(type(dialog), "foreign"):
        one.reject()


def test_the_setting_and_the_environment_switch_the_question_off(
    open_window: Callable[..., Window], foreign: Path, data_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data_of_its_own / "settings.toml").write_text("[trust]\nask = false\n")
    window = open_window()
    window.files.open(foreign)
    assert not window.trusting.waits
    (data_of_its_own / "settings.toml").write_text("[trust]\nask = true\n")
    window.files.open(foreign.with_name("helper.py"))
    assert window.trusting.waits
    monkeypatch.setenv("FLODESK_TRUST", "all")
    window.files.open(foreign)
    assert not window.trusting.waits


def test_a_closed_bar_comes_back_with_run(qtbot: QtBot, window: Window, foreign: Path) -> None:
    window.files.open(foreign)
    bar = window.trusting.bar
    bar.look.setFocus()
    qtbot.keyClick(bar.look, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    window.commands.trigger("run.start")
    assert bar.isVisible()
    assert window.run.phase == "idle"


def test_the_engine_imports_nothing_from_where_the_program_was_started(
    qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("from pathlib import Path\nPath(__file__).with_name('fooled.txt').touch()\n")
    (tmp_path / "json.py").write_text("from pathlib import Path\nPath(__file__).with_name('fooled.txt').touch()\n")
    monkeypatch.chdir(tmp_path)
    window = open_window(Host)
    window.files.open_example("sunspots")
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: window.run.last is not None, timeout=60_000)
    assert not (tmp_path / "fooled.txt").exists()


def test_the_question_brings_the_window_back_from_the_whole_screen(qtbot: QtBot, window: Window, foreign: Path) -> None:
    window.files.open(foreign)
    window.commands.trigger("panel.full_screen")
    qtbot.keyClick(window.panel.window(), Qt.Key.Key_F5)
    assert not window.screens.full.on
    assert window.panel.window() is window
    assert "Run it?" in window.trusting.bar.words.text()
    assert left(foreign) == []
