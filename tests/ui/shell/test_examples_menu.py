"""Examples open as copies that run where they are and where they are saved; and what is said on open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.flow.edit import SetNote
from flodesk.flow.script import write
from flodesk.resource import resource
from flodesk.ui import files
from flodesk.ui.examples import example, examples, gallery
from flodesk.ui.window import Window


def menu_of(window: Window) -> QMenu:
    (menu,) = (a.menu() for a in window.commands.menus["File"].actions() if a.text() == "Examples")
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    return menu


def test_the_menu_lists_every_example_by_its_title(window: Window) -> None:
    titles, names = zip(*(action.text().split("\t") for action in menu_of(window).actions()), strict=True)
    assert len(titles) == len(list(resource("examples").glob("*.py"))) == len(gallery()) > 20
    assert titles[0] == "A noisy sine, cleaned by a low-pass filter that you tune while it runs"
    assert names[0] == "noisy_sine"


@pytest.mark.parametrize("name", ["orders", "sunspots", "voltmeter"])
def test_an_example_runs_as_a_copy(qtbot: QtBot, open_window: Callable[..., Window], name: str) -> None:
    window = open_window(Host)
    before = {path: path.read_bytes() for path in resource("examples").iterdir() if path.is_file()}
    title = examples()[name]
    next(a for a in menu_of(window).actions() if a.text().startswith(f"{title}\t")).trigger()
    assert window.document.path is None
    assert window.windowTitle().startswith(f"{name.capitalize()} (example)")
    window.run.start()
    # a live one turns for a while, another one ends
    qtbot.waitUntil(lambda: window.run.iterations > 2 or window.run.last is not None, timeout=60000)
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60000)
    assert window.run.failure is None
    assert {path: path.read_bytes() for path in resource("examples").iterdir() if path.is_file()} == before


def test_all_that_flodesk_keeps_is_in_one_folder(
    qtbot: QtBot, open_window: Callable[..., Window], data_of_its_own: Path
) -> None:
    window = open_window(Host, None)
    window.restoring.begin()
    window.files.open_example("cities")
    window.document.do(SetNote("flow", "far", "as birds do"))
    window.run.start()
    qtbot.waitUntil(lambda: not window.run.active and window.run.last is not None, timeout=60000)
    # the history is written by a thread of its own
    everything = {"examples", "unsaved", "history.db"}
    qtbot.waitUntil(lambda: everything <= {path.name for path in data_of_its_own.iterdir()}, timeout=60000)
    assert [path.name for path in (data_of_its_own / "examples").iterdir()] == ["cities.py"]
    assert "as birds do" not in (data_of_its_own / "examples" / "cities.py").read_text(encoding="utf-8")
    assert [path.suffix for path in (data_of_its_own / "unsaved").iterdir()].count(".jsonl") == 1
    window.restoring.end()


def test_nothing_is_saved_where_flodesk_keeps_its_copies(window: Window, data_of_its_own: Path) -> None:
    window.files.open_example("cities")
    window.document.do(SetNote("flow", "far", "as birds do"))
    copy = data_of_its_own / "examples" / "cities.py"
    before = copy.read_bytes()
    assert not window.files.write(copy)
    assert "Save it elsewhere" in window.bar.text
    assert copy.read_bytes() == before
    assert window.document.path is None
    assert window.files.write(copy.with_name("mine.py"))
    assert "as birds do" in copy.with_name("mine.py").read_text(encoding="utf-8")
    window.files.open_example("cities")
    assert "as birds do" in copy.with_name("mine.py").read_text(encoding="utf-8")


def test_an_example_opens_where_nothing_can_be_copied(window: Window, data_of_its_own: Path) -> None:
    (data_of_its_own / "examples").write_text("in the way")
    assert window.files.open_example("cities")
    assert window.document.path is None


def test_a_saved_example_has_its_data_beside_it(window: Window, tmp_path: Path) -> None:
    window.files.open_example("orders")
    (tmp_path / "place").mkdir()
    assert window.files.write(tmp_path / "place" / "mine.py")
    assert sorted(path.name for path in (tmp_path / "place").iterdir()) == ["mine.py", "orders.csv"]
    assert "orders.csv" in window.bar.text
    (tmp_path / "place" / "orders.csv").write_text("mine")
    window.files.open_example("orders")
    assert window.files.write(tmp_path / "place" / "mine.py")
    assert (tmp_path / "place" / "orders.csv").read_text() == "mine"


def test_a_saved_example_has_the_file_of_its_subflow_beside_it(window: Window, tmp_path: Path) -> None:
    window.files.open_example("stations")
    assert window.checking.errors == ()
    (tmp_path / "place").mkdir()
    assert window.files.write(tmp_path / "place" / "mine.py")
    assert sorted(path.name for path in (tmp_path / "place").iterdir()) == ["mine.py", "temperatures.py"]


def test_a_script_without_a_flow_says_why_the_canvas_is_empty(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "plain.py"
    path.write_text("x = 1\n")
    assert window.files.open(path)
    assert "defines no function" in window.bar.text
    assert window.bar.isVisible()


def test_nothing_stays_where_nothing_was_open(window: Window, tmp_path: Path) -> None:
    assert not window.files.open(tmp_path / "gone.py")
    assert "that was open stays" not in window.bar.text
    window.files.open_example()
    assert not window.files.open(tmp_path / "gone.py")
    assert "that was open stays" in window.bar.text


def test_saved_is_not_said_of_the_next_flow(window: Window, tmp_path: Path) -> None:
    window.files.open_example()
    assert window.files.write(tmp_path / "mine.py")
    assert "Saved" in window.statusBar().currentMessage()
    window.files.new()
    assert window.statusBar().currentMessage() == ""


def test_a_copy_whose_path_the_command_line_has_named_is_opened_without_a_question_and_saved_elsewhere(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FLODESK_TRUST")
    copy = example("orders")  # what `flodesk examples orders` prints
    window.files.open(copy)
    assert not window.trusting.waits
    assert copy not in window.files.recent()
    asked = []

    def ask(_parent: object, _title: str, proposal: Path, _filters: str, own: Path | None) -> Path:
        asked.append((proposal, own))
        return tmp_path / "mine.py"

    monkeypatch.setattr(files, "ask_where", ask)
    window.document.do(SetNote("flow", "count", "what nobody pays"))
    assert window.files.save()
    ((proposal, own),) = asked
    assert (proposal.name, own) == ("orders.py", None)
    assert proposal.parent != copy.parent
    assert window.document.path == tmp_path / "mine.py"
    assert (tmp_path / "orders.csv").exists(), "the data that it reads"
    assert copy.read_bytes() == resource("examples/orders.py").read_bytes()


def test_a_copy_that_says_something_else_is_asked_about(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLODESK_TRUST")
    copy = example("sunspots")
    copy.write_text(copy.read_text(encoding="utf-8") + "\nprint('of somebody else')\n", encoding="utf-8")
    window.files.open(copy)
    assert window.trusting.waits


def test_a_copy_that_was_changed_stays_when_the_example_is_opened_again(window: Window, data_of_its_own: Path) -> None:
    copy = example("orders")
    mine = copy.read_text(encoding="utf-8") + "\n# my own change\n"
    copy.write_text(mine, encoding="utf-8")
    assert window.files.open_example("orders")
    assert copy.read_text(encoding="utf-8") == mine
    assert not window.trusting.waits
    assert "my own change" not in write(window.document.flow)
    other = data_of_its_own / "examples" / "2" / "orders.py"
    assert other.exists()
    window.files.open(other)  # as the command line prints it
    assert not window.trusting.waits
    assert not window.files.write(other)
