"""What is said of a package that is missing works where it is said: not every Python has a pip, or may be changed."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.installing import in_terminal, missing_hint
from flodesk.flow.script import read

TEXT = "import flodesk\nimport flo_no_such\n\n\ndef flow():\n    a = flo_no_such.thing(1)\n\n\nflodesk.main(flow)\n"


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Python with packages of its own, which is no virtual environment: as an installed program has it."""
    (tmp_path / "site").mkdir()
    (tmp_path / "lib").mkdir()
    folders = {"purelib": str(tmp_path / "site"), "stdlib": str(tmp_path / "lib")}
    monkeypatch.setattr(sysconfig, "get_path", folders.__getitem__)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/uv")
    return tmp_path


def with_pip(python: Path) -> None:
    (python / "site" / "pip").mkdir()
    (python / "site" / "pip" / "__init__.py").touch()


def environment(python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", str(python / "another"))


def test_an_installed_program_has_no_pip_and_says_what_works_instead(python: Path) -> None:
    assert in_terminal("humanize") == ""
    hint = missing_hint("humanize")
    assert "File → Environment… installs it for the flow's project" in hint
    assert "or put humanize.py beside this file" in hint
    assert "flodesk run FILE" in hint
    assert "pip" not in hint


def test_where_pip_installed_flodesk_pip_is_right(python: Path) -> None:
    with_pip(python)
    assert in_terminal("sklearn") == "pip install scikit-learn"
    assert in_terminal("pyvisa") == "pip install 'flodesk[visa]'"
    assert missing_hint("humanize") == "In a terminal: pip install humanize, or put humanize.py beside this file"
    assert missing_hint("humanize", or_beside=False) == "In a terminal: pip install humanize"


def test_a_python_of_the_system_is_not_to_be_changed(python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_pip(python)
    (python / "lib" / "EXTERNALLY-MANAGED").touch()
    assert in_terminal("humanize") == ""
    environment(python, monkeypatch)
    assert in_terminal("humanize") == "pip install humanize"


def test_an_environment_of_uv_is_told_uv(python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment(python, monkeypatch)
    assert in_terminal("humanize") == f"uv pip install --python {sys.executable} humanize"
    (python / "flodesk.json").touch()  # one that the window has made, which lists what is in it
    assert in_terminal("humanize") == ""
    assert "flodesk run" not in missing_hint("humanize"), "it runs in it already"


def test_the_window_says_what_it_has_at_hand() -> None:
    found = check(read(TEXT), Catalog({}, in_window=True), Path(__file__).parent)
    hints = [problem.hint for problem in found if problem.kind == "missing-package"]
    assert hints
    assert all(hint.startswith("Install it with Install…, or with File → Environment…") for hint in hints)
