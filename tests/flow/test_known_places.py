"""The places of other packages are found, also of one that comes while the program runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flodesk.flow.place_rules import known_places


def _install(folder: Path, name: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[flodesk.places]\n{name} = nowhere:at_all\n")


def test_a_package_that_comes_brings_its_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert known_places()[:2] == ("local", "process")
    assert "moon" not in known_places()
    _install(tmp_path / "first", "moon")
    monkeypatch.syspath_prepend(tmp_path / "first")
    assert "moon" in known_places()
    assert "mars" not in known_places()
    _install(tmp_path / "first", "mars")
    os.utime(tmp_path / "first", (1, 2))  # clocks of file systems are coarse
    assert {"mars", "moon"} <= set(known_places())
