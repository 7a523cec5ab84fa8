"""The environment of a project in the window: chosen, installed into with a plan, undone, broken, repaired."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.engine.environments import work as work_module
from flodesk.engine.environments.environment import named, names, packages_of
from flodesk.engine.environments.making import create
from flodesk.engine.environments.planning import install, plan
from flodesk.engine.environments.work import Work
from flodesk.ui.environments.install_into import InstallInto
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
    monkeypatch.setattr("flodesk.engine.environments.planning.has_pip", lambda: False)
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


def test_the_dialog_creates_shows_installs_locks_and_removes(
    qtbot: QtBot, window: Window, tiny: Any, tmp_path: Path
) -> None:
    window.files.open(flow_in(tmp_path / "lab"))
    window.commands["file.environment"].trigger()
    dialog = window.packages.environments.dialog
    assert dialog is not None
    assert dialog.pick.currentText() == "flodesk's own"
    qtbot.waitUntil(lambda: bool(dialog.list.findItems("numpy", Qt.MatchFlag.MatchExactly)))
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
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
    qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names() == ())
    assert dialog.pick.currentText() == "flodesk's own"


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
