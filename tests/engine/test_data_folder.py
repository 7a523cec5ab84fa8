"""The folder of flodesk's own data: named by the environment, made when it is asked for, refused in words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flodesk.engine.folders import FolderError, data_folder


def test_each_test_and_its_processes_have_a_folder_of_their_own(data_of_its_own: Path) -> None:
    assert data_folder() == data_of_its_own
    code = "from flodesk.engine.folders import data_folder; print(data_folder())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == data_of_its_own


def test_it_is_made_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "a" / "b"))
    assert data_folder("cache") == tmp_path / "a" / "b" / "cache"
    assert list((tmp_path / "a" / "b" / "cache").iterdir()) == []


def test_without_a_name_it_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("XDG_DATA_HOME moves it on Linux alone")
    monkeypatch.delenv("FLODESK_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "flodesk"


def test_a_folder_that_cannot_be_written_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(FolderError, match=r"cannot be written .*FLODESK_DATA names it"):
        data_folder()
    readonly = tmp_path / "readonly"
    readonly.mkdir(mode=0o500)
    if os.access(readonly, os.W_OK):
        return  # root may write everywhere
    monkeypatch.setenv("FLODESK_DATA", str(readonly))
    with pytest.raises(FolderError, match="cannot be written"):
        data_folder()
