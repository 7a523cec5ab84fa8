"""Installing what a flow needs: the plan comes first, then a process of its own with a wheel made here, no network."""

from __future__ import annotations

import base64
import hashlib
import importlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.engine.folders import data_folder
from flodesk.ui.problems.install_plan import InstallPlan, meaning, plan
from flodesk.ui.problems.installing import Installing
from flodesk.ui.window import Window

NAME = "flo_wheel_of_a_test"


def wheel(folder: Path) -> None:
    """Make a wheel with one module."""
    info = f"{NAME}-1.0.dist-info"
    files = {
        f"{NAME}.py": "def thing(x):\n    return x\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(text)}")
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"]) + "\n"
    with zipfile.ZipFile(folder / f"{NAME}-1.0-py3-none-any.whl", "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let pip take packages from a folder alone, and put them into another that Python looks into."""
    shelf, into = tmp_path / "shelf", tmp_path / "into"
    shelf.mkdir()
    into.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("PIP_TARGET", str(into))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.syspath_prepend(into)
    monkeypatch.setattr("flodesk.flow.requires._INSTALLED", set())
    importlib.invalidate_caches()
    return shelf


@pytest.fixture
def asked(qtbot: QtBot, window: Window, tmp_path: Path) -> Callable[[], Installing]:
    """Open a flow that needs the package, and press the fix."""

    def ask() -> Installing:
        path = tmp_path / "mine.py"
        path.write_text(
            f"import flodesk\nimport {NAME}\n\n\ndef flow():\n    a = {NAME}.thing(1)\n\n\n"
            'if __name__ == "__main__":\n    flodesk.main(flow)\n'
        )
        window.files.open(path)
        qtbot.waitUntil(lambda: not window.mending.finder.busy, timeout=60_000)
        window.reports.open_problems()
        page = window.problems.list
        qtbot.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=page.visualItemRect(page.item(1)).center())
        dialog = window.packages.dialog
        assert dialog is not None
        return dialog

    return ask


def test_the_plan_is_shown_first_and_nothing_is_done_before(
    qtbot: QtBot, window: Window, shelf: Path, asked: Callable[[], Installing]
) -> None:
    wheel(shelf)
    dialog = asked()
    assert dialog.heading.text() == f"Install {NAME}?"
    assert f"imports “{NAME}”" in dialog.words.text()
    assert sys.prefix in dialog.what.text()
    assert dialog.command.toPlainText() == f"{sys.executable} -P -m pip install {NAME}"
    assert not dialog.running
    assert not list((shelf.parent / "into").iterdir())
    qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.packages.dialog is None, timeout=60_000)
    assert not list((shelf.parent / "into").iterdir())


def test_a_package_is_installed_told_and_the_problem_gone(
    qtbot: QtBot, window: Window, shelf: Path, asked: Callable[[], Installing]
) -> None:
    wheel(shelf)
    dialog = asked()
    assert len(window.checking.errors) == 2
    qtbot.mouseClick(dialog.install, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.packages.dialog is None, timeout=120_000)
    assert window.checking.problems == ()
    assert (shelf.parent / "into" / f"{NAME}.py").exists()
    assert "is installed" in window.bar.text
    assert [button.text() for button in window.bar.buttons] == ["Restart the engine"]
    log = window.log.page.toPlainText()
    assert f"-m pip install {NAME}" in log
    assert "Successfully installed" in log
    sys.modules.pop(NAME, None)


@pytest.mark.long
def test_a_failure_is_told_in_words_and_can_be_tried_again(
    qtbot: QtBot, window: Window, shelf: Path, asked: Callable[[], Installing]
) -> None:
    dialog = asked()
    qtbot.mouseClick(dialog.install, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.install.text() == "Try again", timeout=120_000)
    assert dialog.news.text().startswith(f"No package named {NAME} was found")
    assert dialog.install.isEnabled()
    assert f"{NAME} was not installed" in window.log.page.toPlainText()
    assert window.checking.errors
    dialog.reject()


def test_an_installer_that_goes_on_is_stopped(qtbot: QtBot, window: Window) -> None:
    slow = InstallPlan("x", "x", sys.executable, ("-c", "import time; print('here', flush=True); time.sleep(600)"), "")
    said: list[str] = []
    dialog = Installing(window, slow, "")
    dialog.said.connect(lambda words, _: said.append(words))
    closed = []
    dialog.finished.connect(closed.append)
    dialog.open()
    dialog.start()
    qtbot.waitUntil(lambda: "here" in said, timeout=60_000)
    number = dialog.process.processId()
    qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(closed), timeout=60_000)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    assert said[-1] == "The installation was stopped"


@pytest.mark.long
def test_a_window_that_is_closed_leaves_no_installer_behind(qtbot: QtBot, window: Window) -> None:
    window.packages.ask("x", "")
    dialog = window.packages.dialog
    assert dialog is not None
    dialog.plan = InstallPlan("x", "x", sys.executable, ("-c", "import time; time.sleep(600)"), "")
    dialog.start()
    qtbot.waitUntil(lambda: dialog.process.state() == dialog.process.ProcessState.Running, timeout=60_000)
    number = dialog.process.processId()
    window.packages.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_file_named_pip_in_the_working_folder_is_not_run(
    qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.py").write_text("from pathlib import Path\nPath(__file__).with_name('fooled.txt').touch()\n")
    monkeypatch.chdir(tmp_path)
    meant = plan("x")
    assert Path(meant.program).is_absolute()
    subprocess.run([meant.program, *meant.arguments[:-2], "--version"], check=True, capture_output=True)
    assert not (tmp_path / "fooled.txt").exists()
    said: list[str] = []
    dialog = Installing(window, InstallPlan("x", "x", sys.executable, ("-c", "import os; print(os.getcwd())"), ""), "")
    dialog.said.connect(lambda words, _: said.append(words))
    with qtbot.waitSignal(dialog.finished, timeout=60_000):
        dialog.start()
    assert str(data_folder().resolve()) in said


def test_the_working_folder_is_not_where_pip_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pip.py").touch()
    (tmp_path / "uv").write_text("#!/bin/sh\n")
    (tmp_path / "uv").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path)])
    monkeypatch.setenv("PATH", os.pathsep.join((".", "")))
    assert plan("x").program == ""


def test_packages_have_the_names_that_pip_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plan("sklearn").arguments == ("-P", "-m", "pip", "install", "scikit-learn")
    assert plan("pyvisa").command.endswith("-m pip install 'flodesk[visa]'")


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("ERROR: No matching distribution found for x", "No package named x was found."),
        ("WARNING: ... Temporary failure in name resolution ...", "The package index cannot be reached"),
        ("error: externally-managed-environment", "belongs to the system"),
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("a\nERROR: something else\nb", "ERROR: something else"),
        ("", "It ended without a word."),
    ],
)
def test_complaints_of_an_installer_in_words(printed: str, words: str) -> None:
    assert words in meaning(printed, InstallPlan("x", "x", "", (), "/there"))
