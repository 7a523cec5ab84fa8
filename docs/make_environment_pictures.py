"""Take the pictures of environments for the guide: ``python docs/make_environment_pictures.py [FOLDER]``, off screen.

An environment is made for a flow, and two packages of a laboratory are installed in it from wheels made here:
nothing is asked of a package index. What is taken is the plan, the dialog and the page of the preferences; and two
windows side by side, whose projects have another NumPy each. Its wheels lie in FOLDER; without one pip fetches them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["FLODESK_TRUST"] = "all"

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLabel, QWidget

from flodesk.app import application
from flodesk.engine.client import Host
from flodesk.ui.preferences import PreferencesDialog
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window

PICTURES = Path(__file__).resolve().parent / "pictures"
PACKAGES = {"lab_drivers": "1.2.0", "lab_reports": "0.4.1"}
NUMPYS = {"spectrometer": "2.1.3", "camera": "2.4.1"}
"""The NumPy of each project of the two windows."""
SIDE = (760, 560)
"""Width and height of each of them in pixels."""
GAP = 12
"""Pixels around them."""
PAGE = (640, 380)
"""Width and height of the preferences in pixels: the page is shorter than others."""
SECONDS = 60.0
"""The longest wait for anything; the machine may be busy."""
FLOW = """\
import flodesk
from flodesk.nodes import control


def flow():
    speed = control.number(1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
NUMPY_FLOW = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk", "numpy"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# version = [0, 0]
# where = [0, 160]
# numpy_is = [300, 0]
# runs_in = [300, 160]
#
# [tool.flodesk.panel.flow]
# numpy_is = [0, 0, 6, 3]
# runs_in = [6, 0, 6, 3]
# ///
import sys
from pathlib import Path

import flodesk
import numpy
from flodesk.nodes import show


def numpy_version() -> str:
    return numpy.__version__


def environment() -> str:
    return Path(sys.prefix).name


def flow():
    version = numpy_version()
    numpy_is = show.text(version, title="numpy.__version__")
    where = environment()
    runs_in = show.text(where, title="Environment")


if __name__ == "__main__":
    flodesk.main(flow)
"""


def main() -> int:
    """Make environments and take the pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheels = folder / "wheels"
        wheels.mkdir()
        for package, version in PACKAGES.items():
            _make_wheel(wheels, package, version)
        for version in NUMPYS.values():
            _bring_numpy(wheels, version, sys.argv[1:])
        os.environ.update(
            dict.fromkeys(("PIP_NO_INDEX", "UV_NO_INDEX", "UV_OFFLINE", "UV_NO_CONFIG"), "1"),
            PIP_FIND_LINKS=str(wheels),
            UV_FIND_LINKS=str(wheels),
            PIP_CONFIG_FILE=os.devnull,
            FLODESK_SETTINGS=str(folder / "settings"),
            FLODESK_DATA=str(folder / "flodesk"),
            XDG_STATE_HOME=name,
        )
        flow = folder / "pump" / "pump.py"
        flow.parent.mkdir()
        flow.write_text(FLOW, encoding="utf-8")
        app = application()
        looks = Looks(app)
        looks.light()
        window = Window(looks, Host())
        window.show()
        _take_all(window, flow, app.processEvents, name)
        window.close()
        _take_side_by_side(looks, folder, app.processEvents)
        app.processEvents()
    return 0


def _waiting(turn: Callable[[], object]) -> Callable[[Callable[[], object], str], None]:
    def until(true: Callable[[], object], what: str) -> None:
        end = time.monotonic() + SECONDS
        while not true():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {SECONDS:g} s in vain until {what}")
            turn()
            time.sleep(0.01)

    return until


def _take_all(window: Window, flow: Path, turn: Callable[[], object], home: str) -> None:
    environments, until = window.packages.environments, _waiting(turn)
    window.files.open(flow)
    environments.create("pump")
    until(lambda: window.station.chosen.now.name == "pump" and not environments.doing.busy, "the environment is made")
    environments.install(tuple(PACKAGES), "")
    plan = environments.asking
    assert plan is not None
    until(lambda: plan.changes is not None, "the plan is there")
    plan.resize(plan.width(), 260)
    turn()
    _keep(plan, "environment-plan", home)
    plan.install.click()
    until(lambda: "is installed" in window.bar.text or "are installed" in window.bar.text, "it is installed")
    environments.show()
    dialog = environments.dialog
    assert dialog is not None
    until(lambda: dialog.list.topLevelItemCount() > len(PACKAGES) and "yours" in dialog.room.text(), "all are listed")
    _keep(dialog, "environment", home)
    dialog.close()
    window.dialogs.show_preferences()
    preferences = window.findChild(PreferencesDialog)
    assert preferences is not None
    preferences.resize(*PAGE)
    preferences.tabs.setCurrentWidget(preferences.tabs.widget(1))
    until(lambda: "yours" in preferences.environment.packages.text(), "the packages are counted")
    turn()
    _keep(preferences, "environment-page", home)
    preferences.close()


def _take_side_by_side(looks: Looks, folder: Path, turn: Callable[[], object]) -> None:
    until = _waiting(turn)
    windows: list[Window] = []
    for project, version in NUMPYS.items():
        flow = folder / project / "versions.py"
        flow.parent.mkdir()
        flow.write_text(NUMPY_FLOW, encoding="utf-8")
        window = Window(looks, Host())
        windows.append(window)
        window.resize(*SIDE)
        window.show()
        window.files.open(flow)
        environments = window.packages.environments
        environments.create(project)
        until(lambda w=window, p=project: w.station.chosen.now.name == p, "an environment is made")  # type: ignore[misc]
        until(lambda e=environments: not e.doing.busy, "an environment is made")  # type: ignore[misc]
        environments.install((f"numpy=={version}",), "")
        plan = environments.asking
        assert plan is not None
        until(lambda p=plan: p.changes is not None, "the plan is there")  # type: ignore[misc]
        plan.install.click()
        until(lambda w=window: "is installed" in w.bar.text, "it is installed")  # type: ignore[misc]
        window.bar.clear()
        for dock in (window.docks.library, window.docks.inspector):
            dock.hide()
    for window in windows:
        window.run.start()
    for window in windows:
        until(lambda w=window: "flow.runs_in" in w.run.engine.states() and not w.run.active, "both have run")  # type: ignore[misc]
        window.canvases.fit()
    shown_until = time.monotonic() + 1.0  # the views take what came last
    until(lambda: time.monotonic() > shown_until, "all is shown")
    pictures = [_picture(window) for window in windows]
    both = QImage(2 * SIDE[0] + 3 * GAP, SIDE[1] + 2 * GAP, QImage.Format.Format_RGB888)
    both.fill(0x6B7480)
    with QPainter(both) as painter:
        for number, picture in enumerate(pictures):
            painter.drawImage(QPoint(GAP + number * (SIDE[0] + GAP), GAP), picture)
    _save(both, "environments-side-by-side")
    for window in windows:
        window.close()
    turn()


def _bring_numpy(folder: Path, version: str, given: list[str]) -> None:
    if given:
        for wheel in Path(given[0]).glob(f"numpy-{version}-*.whl"):
            shutil.copy(wheel, folder)
        return
    command = [sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*command, "--dest", str(folder), f"numpy=={version}"], check=True)


def _make_wheel(folder: Path, name: str, version: str) -> None:
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"__version__ = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: docs\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as packed:
        for file, content in files.items():
            packed.writestr(file, content)


def _keep(shown: QWidget, name: str, home: str) -> None:
    for label in shown.findChildren(QLabel):  # where this was made is nobody's folder
        label.setText(label.text().replace(home, "/home/ada"))
    _save(_picture(shown), name)


def _picture(shown: QWidget) -> QImage:
    # 24 bits a pixel: there is nothing to see through
    return shown.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)


def _save(picture: QImage, name: str) -> None:
    file = PICTURES / f"{name}.png"
    if not picture.save(str(file), "PNG", 0):
        raise OSError(f"{file} could not be written")
    print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
