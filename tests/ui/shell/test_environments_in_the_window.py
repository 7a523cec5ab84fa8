"""The environment of a project in the window: chosen, installed into with a plan, undone, broken, repaired."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.engine.environments import work as work_module
from flodesk.engine.environments.environment import named, names, packages_of
from flodesk.engine.environments.making import create
from flodesk.engine.environments.planning import install, plan
from flodesk.engine.environments.work import Work
from flodesk.ui.environments.install_into import InstallInto
from flodesk.ui.environments.new_name import NewName
from flodesk.ui.preferences import PreferencesDialog
from flodesk.ui.window import Window

TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk", "flo_tiny>=1"]
#
# [tool.flodesk]
# version = 1
# ///
import flodesk
import flo_tiny


def flow():
    version = flo_tiny.version()


if __name__ == "__main__":
    flodesk.main(flow)
"""
MODULE = "def version() -> str:\n    return __version__\n"

pytestmark = pytest.mark.skipif(not work_module.find_uv(), reason="there is no uv")


@pytest.fixture(autouse=True)
def by_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an installed program does it."""
    monkeypatch.setattr("flodesk.ui.problems.packages.keeps_own", lambda: True)


@pytest.fixture
def tiny(shelf: Any) -> Any:
    shelf.wheel("flo_tiny", "1.0", MODULE)
    shelf.wheel("flo_tiny", "2.0", MODULE)
    return shelf


def flow_in(folder: Path, name: str = "flow.py") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(TEXT, "utf-8")
    return path


def press(qtbot: QtBot, window: Window, title: str) -> None:
    """Press a button of the message bar, once it is there."""

    def there() -> QPushButton | None:
        return next((one for one in window.bar.buttons if one.text() == title), None)

    qtbot.waitUntil(lambda: there() is not None)
    button = there()
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def asked(qtbot: QtBot, window: Window) -> InstallInto:
    """Return the dialog with the plan, once the plan is there."""
    dialog = window.packages.environments.asking
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.changes is not None or dialog.news.property("role") == "error")
    return dialog


def give_name(qtbot: QtBot, window: Window, suggested: str) -> None:
    """Take the name that is suggested for a new environment."""
    asking = window.findChild(NewName)
    assert asking is not None
    assert asking.field.text() == suggested
    qtbot.keyClicks(asking.field, "/a")
    assert not asking.make.isEnabled()
    asking.field.setText(suggested)
    assert f"envs/{suggested}" in Path(asking.where.text()).as_posix()
    qtbot.mouseClick(asking.make, Qt.MouseButton.LeftButton)


def test_what_the_header_names_is_installed_by_a_plan_and_taken_back(
    qtbot: QtBot, open_window: Callable[..., Window], tiny: Any, tmp_path: Path
) -> None:
    window = open_window(lambda: Host(warm=()))
    window.files.open(flow_in(tmp_path / "lab"))
    qtbot.waitUntil(lambda: "flo_tiny>=1" in window.bar.text)
    assert names() == ()
    press(qtbot, window, "Install…")
    dialog = asked(qtbot, window)
    assert "environment “lab”, which is made for this project" in dialog.where.text()
    assert dialog.list.toPlainText() == "+ flo-tiny 2.0"
    assert dialog.news.text().startswith("Adds 1, changes 0 of yours.")
    assert packages_of(named("lab")) == {}
    qtbot.mouseClick(dialog.install, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "is installed" in window.bar.text)
    assert packages_of(named("lab")) == {"flo-tiny": "2.0"}
    qtbot.waitUntil(lambda: not window.checking.errors)
    assert window.station.chosen.now.name == "lab"
    with qtbot.waitSignal(window.run.finished) as finished:
        window.run.start()
    assert finished.args is not None
    assert finished.args[0].reason == "succeeded", finished.args
    window.commands["file.environment"].trigger()
    shown = window.packages.environments.dialog
    assert shown is not None
    qtbot.waitUntil(shown.undo.isEnabled)
    qtbot.mouseClick(shown.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: packages_of(named("lab")) == {})
    qtbot.waitUntil(lambda: bool(window.checking.errors))


def test_a_plan_that_is_cancelled_leaves_nothing_behind(
    qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path
) -> None:
    window.files.open(flow_in(tmp_path / "lab"))
    press(qtbot, window, "Install…")
    dialog = asked(qtbot, window)
    assert names() == ("lab",)
    qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names() == ())
    assert window.station.chosen.now.python == ""


def test_a_plan_that_needs_a_build_asks_before_anything_of_the_package_is_run(
    qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path
) -> None:
    note = tmp_path / "built"
    tiny.source("flo_src", "1.0", note)
    window.files.open(flow_in(tmp_path / "lab"))
    window.packages.environments.install(("flo_src",), "")
    dialog = window.packages.environments.asking
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.install.text() == "Run the build")
    assert dialog.list.toPlainText() == "? flo-src, only as source"
    assert "that is code of the package" in dialog.news.text()
    qtbot.waitUntil(dialog.cancel.hasFocus)  # Enter agrees to nothing
    assert not note.exists()
    qtbot.mouseClick(dialog.install, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.changes is not None)
    assert note.exists()
    assert dialog.list.toPlainText() == "+ flo-src 1.0, built from its source"
    assert (dialog.install.text(), names()) == ("Install", ("lab",))
    qtbot.mouseClick(dialog.install, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: packages_of(named("lab")) == {"flo-src": "1.0"})
    qtbot.waitUntil(lambda: "is installed" in window.bar.text)


def test_a_broken_environment_is_told_and_repaired_and_the_window_goes_on(
    qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path
) -> None:
    environment = create("lab", Work())
    install(environment, plan(environment, ["flo_tiny==1.0"], Work()), Work())
    path = flow_in(tmp_path / "lab")
    window.files.open(path)
    window.station.chosen.choose(environment)
    qtbot.waitUntil(lambda: not window.checking.errors and not window.checking.busy)
    Path(environment.python).unlink()
    window.files.open(flow_in(tmp_path / "lab", "another.py"))
    qtbot.waitUntil(lambda: "The Python of the environment “lab” is gone." in window.bar.text)
    assert window.station.chosen.now.python == ""
    press(qtbot, window, "Repair")
    qtbot.waitUntil(lambda: window.station.chosen.now.name == "lab")
    assert packages_of(named("lab")) == {"flo-tiny": "1.0"}


def test_a_flow_for_another_python_says_so_and_leads_to_the_environments(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    path = flow_in(tmp_path / "lab")
    path.write_text(TEXT.replace(">=3.11", ">=3.99"), "utf-8")
    window.files.open(path)
    qtbot.waitUntil(lambda: "wants Python >=3.99, and it runs in Python 3." in window.bar.text)
    press(qtbot, window, "Environment…")
    assert window.packages.environments.dialog is not None
    assert window.packages.environments.dialog.isVisible()


def test_a_plan_that_departs_from_the_lock_says_so(qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path) -> None:
    window.files.open(flow_in(tmp_path / "lab"))
    (tmp_path / "lab" / "constraints.flodesk.txt").write_text("flo-tiny==1.0\n", "utf-8")
    window.packages.environments.install(("flo_tiny>1",), "")
    dialog = asked(qtbot, window)
    assert "It departs from constraints.flodesk.txt, which has flo-tiny 1.0" in dialog.news.text()


def test_the_dialog_creates_shows_installs_locks_and_removes(
    qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path, when_asked: Any
) -> None:
    window.files.open(flow_in(tmp_path / "lab"))
    window.commands["file.environment"].trigger()
    dialog = window.packages.environments.dialog
    assert dialog is not None
    assert dialog.pick.currentText() == "flodesk's own"
    qtbot.waitUntil(lambda: bool(dialog.list.findItems("numpy", Qt.MatchFlag.MatchExactly)))
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    give_name(qtbot, window, "lab")
    qtbot.waitUntil(lambda: dialog.pick.currentText() == "lab" and dialog.field.isEnabled())
    qtbot.keyClicks(dialog.field, "flo_tiny==1.0")
    qtbot.mouseClick(dialog.install, Qt.MouseButton.LeftButton)
    plan_dialog = asked(qtbot, window)
    qtbot.mouseClick(plan_dialog.install, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.list.findItems("flo-tiny", Qt.MatchFlag.MatchExactly)))
    item = dialog.list.findItems("flo-tiny", Qt.MatchFlag.MatchExactly)[0]
    assert (item.text(1), item.text(2)) == ("1.0", "yours")
    qtbot.waitUntil(dialog.lock.isEnabled)
    qtbot.mouseClick(dialog.lock, Qt.MouseButton.LeftButton)
    file = tmp_path / "lab" / "constraints.flodesk.txt"
    qtbot.waitUntil(lambda: file.exists() and not window.packages.environments.doing.busy)
    assert "flo-tiny==1.0" in file.read_text("utf-8")
    when_asked(lambda box: qtbot.keyClick(box, Qt.Key.Key_Escape))
    qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    assert names() == ("lab",), "who did not mean it keeps it"
    when_asked(lambda box: next(b for b in box.buttons() if b.text() == "Remove").click())
    qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names() == ())
    assert dialog.pick.currentText() == "flodesk's own"


def test_the_dialog_has_the_keys_after_each_question_and_each_deed(
    qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path
) -> None:
    window.files.open(flow_in(tmp_path / "lab"))
    environments = window.packages.environments
    window.commands["file.environment"].trigger()
    dialog = environments.dialog
    assert dialog is not None

    def in_the_field() -> bool:
        return not environments.doing.busy and dialog.isActiveWindow() and dialog.field.hasFocus()

    def enter() -> InstallInto:
        qtbot.keyClicks(dialog.field, "flo_tiny==1.0")
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
        return asked(qtbot, window)

    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    asking = window.findChild(NewName)
    assert asking is not None
    assert asking.parentWidget() is dialog, "window managers give the keys to what a question stands above"
    give_name(qtbot, window, "lab")
    qtbot.waitUntil(in_the_field)
    plan_dialog = enter()
    assert plan_dialog.parentWidget() is dialog
    qtbot.keyClick(plan_dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(in_the_field)
    plan_dialog = enter()
    qtbot.mouseClick(plan_dialog.install, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: packages_of(named("lab")) == {"flo-tiny": "1.0"} and in_the_field())
    for one in (dialog.undo, dialog.repair, dialog.lock):
        qtbot.mouseClick(one, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(in_the_field)


def test_the_dialog_says_what_came_of_something_in_its_own_words_and_nothing_moves(
    qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path
) -> None:
    window.files.open(flow_in(tmp_path / "lab"))
    doing = window.packages.environments.doing
    window.commands["file.environment"].trigger()
    dialog = window.packages.environments.dialog
    assert dialog is not None
    qtbot.waitExposed(dialog)
    told: set[str] = set()
    doing.changed.connect(lambda: told.add(dialog.news.text()))
    at = dialog.field.y()
    window.packages.environments.create("lab")
    assert (dialog.bar.isVisible(), dialog.news.text()) == (True, "Making the environment …")
    qtbot.waitUntil(lambda: "is made" in dialog.news.text())
    assert not any("$" in text or "Using" in text for text in told), told
    dialog.say("two lines " * 12)
    layout = dialog.layout()
    assert layout is not None
    layout.activate()
    assert dialog.news.heightForWidth(dialog.news.width()) > 1.5 * dialog.news.fontMetrics().lineSpacing()
    assert dialog.field.y() == at
    qtbot.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
    assert dialog.details.isVisible()
    assert dialog.details.toPlainText().startswith("$ ")
    dialog.close()
    window.commands["file.environment"].trigger()
    assert (dialog.news.text(), dialog.details.toPlainText()) == ("", "")


def test_a_folder_of_wheels_is_taken_by_its_path_by_a_drop_and_by_a_choice(
    qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UV_FIND_LINKS")
    wheels = tmp_path / "my stick"
    tiny.folder.rename(wheels)
    environment = create("lab", Work())
    window.files.open(flow_in(tmp_path / "lab"))
    window.station.chosen.choose(environment)
    window.commands["file.environment"].trigger()
    dialog = window.packages.environments.dialog
    assert dialog is not None
    assert dialog.links.text() == "the package index"
    qtbot.keyClicks(dialog.field, f'"{wheels}" flo_tiny')
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.links.text() == "my stick, the package index")
    assert dialog.links.toolTip() == str(wheels)
    assert dialog.field.text() == "flo_tiny", "what was typed besides stays"
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    plan_dialog = asked(qtbot, window)
    assert plan_dialog.list.toPlainText() == "+ flo-tiny 2.0"
    assert f"From {wheels}" in plan_dialog.news.text()
    plan_dialog.reject()
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels.rename(tmp_path / "pulled out")))
    qtbot.keyClicks(dialog.field, "flo_tiny")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    plan_dialog = asked(qtbot, window)
    assert plan_dialog.list.toPlainText() == "+ flo-tiny 2.0"
    assert f"there: {wheels}. " in plan_dialog.news.text()
    assert "From " not in plan_dialog.news.text()
    plan_dialog.reject()
    monkeypatch.delenv("UV_FIND_LINKS")
    (tmp_path / "pulled out").rename(wheels)
    qtbot.mouseClick(dialog.from_index, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.links.text() == "the package index" and not window.packages.environments.doing.busy)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(wheels))])
    at = dialog.rect().center()
    how = (Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(dialog, QDragEnterEvent(at, *how))
    QApplication.sendEvent(dialog, QDropEvent(QPointF(at), *how))
    qtbot.waitUntil(lambda: dialog.links.toolTip() == str(wheels) and dialog.from_folder.isEnabled())
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *given: str(tmp_path))
    qtbot.mouseClick(dialog.from_folder, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.news.text().startswith(f"There is no wheel in {tmp_path}"))


def test_a_plan_that_finds_nothing_offers_a_folder_of_wheels(
    qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UV_FIND_LINKS")
    window.files.open(flow_in(tmp_path / "lab"))
    press(qtbot, window, "Install…")
    dialog = asked(qtbot, window)
    assert dialog.folder.isVisible()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *given: str(tiny.folder))
    qtbot.mouseClick(dialog.folder, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.changes is not None)
    assert not dialog.folder.isVisible()
    assert dialog.list.toPlainText() == "+ flo-tiny 2.0"
    qtbot.mouseClick(dialog.install, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: packages_of(named("lab")) == {"flo-tiny": "2.0"})
    qtbot.waitUntil(lambda: "is installed" in window.bar.text)


def test_a_virtual_environment_beside_a_flow_is_offered_and_never_taken_silently(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    path = flow_in(tmp_path / "lab")
    uv = work_module.find_uv()
    code, printed = Work().run([uv, "venv", "--no-config", "--no-project", str(tmp_path / "lab" / ".venv")])
    assert not code, printed
    window.files.open(path)
    qtbot.waitUntil(lambda: "lies beside this flow (.venv)" in window.bar.text)
    assert window.station.chosen.now.python == ""
    press(qtbot, window, "Do without")
    window.files.open(flow_in(tmp_path / "lab", "another.py"))
    qtbot.waitUntil(lambda: "flo_tiny>=1" in window.bar.text)  # it is not offered again


def test_the_preferences_show_create_lock_and_repair_the_environment_and_lead_to_its_dialog(
    qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path
) -> None:
    window.files.open(flow_in(tmp_path / "lab"))
    window.dialogs.show_preferences()
    preferences = window.findChild(PreferencesDialog)
    assert preferences is not None
    page = preferences.environment
    preferences.tabs.setCurrentIndex(1)
    assert page.name.text() == "flodesk's own"
    assert not page.repair.isEnabled()
    qtbot.waitUntil(lambda: page.packages.text().endswith("of flodesk's own"))
    qtbot.mouseClick(page.make, Qt.MouseButton.LeftButton)
    give_name(qtbot, window, "lab")
    qtbot.waitUntil(lambda: page.name.text() == "lab" and page.lock.isEnabled())
    assert (page.interpreter.text(), page.health.text()) == (named("lab").python, "Works")
    assert page.version.text().startswith("3.")
    qtbot.waitUntil(lambda: page.packages.text().startswith("0 of yours"))
    qtbot.mouseClick(page.lock, Qt.MouseButton.LeftButton)
    lock = tmp_path / "lab" / "constraints.flodesk.txt"
    qtbot.waitUntil(lambda: page.news.text() == f"All versions stand in {lock}.")
    assert lock.exists()
    assert page.news.isVisible()
    Path(named("lab").python).unlink()
    window.station.chosen.apply()
    assert page.health.text() == "The Python of the environment “lab” is gone."
    assert page.health.fontInfo().pixelSize() == page.name.fontInfo().pixelSize()
    qtbot.waitUntil(page.repair.isEnabled)
    qtbot.mouseClick(page.repair, Qt.MouseButton.LeftButton)
    assert (page.health.text(), page.bar.isVisible(), page.news.text()) == ("Repairing the environment …", True, "")
    qtbot.waitUntil(lambda: page.news.text() == "The environment “lab” is made again." and not page.bar.isVisible())
    lock.write_text("nothing\n", "utf-8")
    qtbot.mouseClick(page.repair, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.news.text().startswith(f"Line 1 of {lock} names no version"))
    lock.unlink()
    qtbot.waitUntil(lambda: page.health.text() == "Works" and window.station.chosen.now.name == "lab")
    qtbot.mouseClick(page.open, Qt.MouseButton.LeftButton)
    dialog = window.packages.environments.dialog
    assert dialog is not None
    assert dialog.isVisible()


@pytest.mark.parametrize("keeps", [False, True], ids=["venv", "installed"])
def test_a_project_without_an_environment_is_told_where_packages_go(
    qtbot: QtBot,
    open_window: Callable[..., Window],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keeps: bool,
) -> None:
    monkeypatch.setattr("flodesk.ui.environments.dialog.keeps_own", lambda: keeps)
    window = open_window(lambda: Host(warm=()))
    window.files.open(flow_in(tmp_path / "lab"))
    window.packages.environments.show()
    dialog = window.packages.environments.dialog
    assert dialog is not None
    said = dialog.news.text()
    assert "create an environment" in said
    assert ("stays as it is" in said, f"beside flodesk: {sys.prefix}" in said) == (keeps, not keeps)
