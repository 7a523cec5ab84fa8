"""What installers tell a system of flodesk: a flow is told from other Python files, release notes, the smoke test."""

from __future__ import annotations

import configparser
import importlib.util
import os
import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
SYSTEM = """<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="text/plain"><glob pattern="*.txt"/></mime-type>
  <mime-type type="text/x-python"><sub-class-of type="text/plain"/><glob pattern="*.py"/></mime-type>
</mime-info>
"""
"""What each desktop knows of Python files before."""
TYPES = """
import sys
from PySide6.QtCore import QMimeDatabase
for path in sys.argv[1:]:
    print(QMimeDatabase().mimeTypeForFile(path).name())
"""


def part(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"packaging_{name}", PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_desktop_tells_a_flow_from_another_python_file(tmp_path: Path) -> None:
    packages = tmp_path / "mime" / "packages"
    packages.mkdir(parents=True)
    shutil.copy(PACKAGING / "linux" / "flodesk-mime.xml", packages)
    (packages / "freedesktop.org.xml").write_text(SYSTEM, encoding="utf-8")
    plain = tmp_path / "plain.py"
    plain.write_text("import os\nprint(os.name)\n", encoding="utf-8")
    flow = ROOT / "resources" / "examples" / "sunspots.py"
    told = subprocess.run(
        [sys.executable, "-c", TYPES, flow, plain],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stdout.split() == ["text/x-flodesk", "text/x-python"], told.stderr


def test_the_menu_entry_opens_that_type_of_file() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(PACKAGING / "linux" / "flodesk.desktop", encoding="utf-8")
    said = entry["Desktop Entry"]
    assert said["MimeType"] == "text/x-flodesk;"
    assert said["Exec"] == "flodesk %F"
    assert said["StartupWMClass"] == said["Icon"] == "flodesk"


def test_a_release_has_the_notes_of_its_version() -> None:
    notes = part("notes").notes
    changelog = "# Changelog\n\n## 0.2.0 (2027-01-01)\n\n- new\n\n## 0.1.0\n\n- old\n"
    assert notes("0.2.0", changelog) == "- new"
    assert notes("0.1.0", changelog) == "- old"
    assert notes("0.3.0", changelog) == ""


def test_macos_is_never_told_that_flodesk_owns_python_files() -> None:
    (types,) = part("macos/info_plist").info("1.2.3")["CFBundleDocumentTypes"]
    assert types["LSHandlerRank"] == "Alternate"
    allowed = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert allowed["com.apple.security.cs.disable-library-validation"] is True


def test_windows_keeps_its_program_for_python_files_and_an_uninstall_takes_all_keys_away() -> None:
    script = (PACKAGING / "windows" / "setup.nsi").read_text(encoding="utf-8")
    install, uninstall = script.split('Section "Uninstall"')
    written = {match[1] for match in re.finditer(r'WriteReg\w+ HKCU "([^"]+)"', install)}
    removed = {match[1] for match in re.finditer(r'DeleteRegKey HKCU "([^"]+)"', uninstall)}
    assert r"${CLASSES}\.py" not in written
    left = [key for key in written if not any(key == gone or key.startswith(gone + "\\") for gone in removed)]
    assert left == [r"${CLASSES}\.py\OpenWithProgids"]  # its value goes by itself: the key is of the system
    assert r'DeleteRegValue HKCU "${CLASSES}\.py\OpenWithProgids" "${PROGID}"' in uninstall


def test_the_smoke_test_passes_what_works_and_names_what_does_not(tmp_path: Path) -> None:
    smoke = part("smoke")
    broken = tmp_path / "flodesk"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    tried = smoke.Smoke(str(broken), tmp_path)
    tried.run("it says its version", "--version", wanted="flodesk ")
    assert tried.failed == 1
    working = smoke.Smoke(sys.executable, tmp_path)
    working.run("it says its version", "--version", wanted="Python")
    assert working.failed == 0


def test_a_container_is_healthy_while_a_worker_of_its_own_is_alive() -> None:
    healthy = part("container/healthy").healthy
    told = '[{"host": "other", "alive": true}, {"host": "here", "alive": %s}]'
    assert healthy(told % "true", "here")
    assert not healthy(told % "false", "here")
    assert not healthy("[]", "here")


def test_what_a_package_of_linux_is_made_of_is_there() -> None:
    text = (PACKAGING / "linux" / "nfpm.yaml").read_text(encoding="utf-8")
    folders = {"HERE": PACKAGING / "linux", "ROOT": ROOT}
    named = [folders[word] / file for word, file in re.findall(r'"\$\{(HERE|ROOT)\}/([^"]+)"', text)]
    assert PACKAGING / "linux" / "flodesk-worker@.service" in named
    assert [path for path in named if not path.is_file()] == []
    build = (PACKAGING / "build.py").read_text(encoding="utf-8")
    assert [word for word in re.findall(r"\$\{(\w+)\}", text) if f'"{word}": ' not in build] == []


def test_the_volume_of_a_worker_is_mounted_where_its_user_may_write() -> None:
    compose = (PACKAGING / "container" / "compose.yaml").read_text(encoding="utf-8")
    image = (PACKAGING / "container" / "Dockerfile").read_text(encoding="utf-8")
    (mounted,) = re.findall(r'"data:([^"]+)"', compose)
    assert f"FLODESK_DATA={mounted}" in image
    assert re.search(rf"install --directory --owner flodesk .*{mounted}\n", image)


def test_the_places_that_are_tried_are_those_of_the_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))
    places = part("wheel").places
    rest = [] if os.name == "nt" else ["rq"]  # there is no server in a package
    assert places([]) == ["process"]
    assert places(["visa", "dask"]) == ["process", "dask"]
    assert places(["all"]) == ["process", *rest, "dask"]


def test_what_is_newer_than_the_tests_is_said_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))
    pinned = ["numpy==2.4.6", 'Qt_py==1.0; python_version < "3.12"', 'Qt_py==2.0; python_version >= "3.12"']
    installed = ["NumPy==3.0.0", "qt-py==1.0", "other==1.0", "flodesk @ file:///flodesk.whl"]
    assert part("wheel").differences(installed, pinned) == ["numpy 3.0.0, tested with 2.4.6"]


def test_the_release_tries_with_what_there_is() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    called = set(re.findall(r"packaging/\w+\.py", text))
    assert called >= {"packaging/build.py", "packaging/notes.py", "packaging/smoke.py", "packaging/wheel.py"}
    assert [name for name in called if not (ROOT / name).is_file()] == []


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems fetch their interpreter")
def test_the_tree_runs_from_where_it_lies_with_nothing_else(tmp_path: Path) -> None:
    prefix = Path(sys.base_prefix)
    tree = tmp_path / "a folder" / "flodesk"
    build = [sys.executable, str(PACKAGING / "build.py"), "tree", "--tree", str(tree), "--dist", str(tmp_path)]
    done = subprocess.run([*build, "--python", str(prefix)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    moved = tmp_path / "moved"
    tree.rename(moved)
    tried = subprocess.run([sys.executable, str(PACKAGING / "smoke.py"), str(moved / "bin" / "flodesk")],
                           capture_output=True, text=True, check=False)  # fmt: skip
    assert tried.returncode == 0, tried.stdout + tried.stderr
