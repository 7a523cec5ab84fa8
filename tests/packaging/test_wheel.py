"""The wheel that is built here holds what it must, and ``uv run FLOW`` works against it on an empty environment."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from flodesk.ui.guide.book import read_book

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "resources" / "examples"
GUIDE = "flodesk/resources/guide/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("flodesk-*.whl")
    return built


def test_the_wheel_packs_code_and_resources_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"flodesk/resources/examples/{p.name}" for p in EXAMPLES.glob("*.py")} <= set(names)
    assert "flodesk/flow/script/reader.py" in names
    assert any(n.startswith("flodesk/resources/icons/") for n in names)
    outside = [n for n in names if not n.startswith(("flodesk/", "flodesk-"))]
    assert outside == []
    assert not [n for n in names if "__pycache__" in n or n.endswith(".pyc")]


def test_the_wheel_packs_the_guide_with_its_pictures(wheel: Path) -> None:
    names = {n.removeprefix(GUIDE) for n in zipfile.ZipFile(wheel).namelist() if n.startswith(GUIDE)}
    docs = ROOT / "docs"
    book = read_book(docs)
    assert "contents.toml" in names
    assert {page for chapters in book.parts.values() for page in chapters.values()} <= names
    shown = {
        path.relative_to(docs).as_posix()
        for page in book.sections
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (docs / page).read_text(encoding="utf-8"))
        for path in [(docs / page).parent.joinpath(target).resolve()]
    }
    assert shown
    assert shown <= names
    assert not [name for name in names if name.endswith(".py")]


def test_the_wheel_names_its_commands_and_floor(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (entry_points,) = [n for n in archive.namelist() if n.endswith("entry_points.txt")]
    assert "flodesk = flodesk.cli:entry" in archive.read(entry_points).decode()
    (metadata,) = [n for n in archive.namelist() if n.endswith("METADATA")]
    text = archive.read(metadata).decode()
    assert "Requires-Python: >=3.11" in text
    assert "Requires-Dist: pyside6-essentials<6.12" in text.lower().replace("requires-dist", "Requires-Dist")


@pytest.mark.long
@pytest.mark.timeout(600)
def test_uv_run_of_a_flow_gives_the_same_numbers(wheel: Path, tmp_path: Path) -> None:
    flow = tmp_path / "sunspots.py"
    shutil.copy(EXAMPLES / "sunspots.py", flow)
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    # a copy of the wheel's name and version may be in uv's cache from an earlier build: always take this one
    environment = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    options = ["--python", sys.executable, "--find-links", str(wheel.parent), "--refresh-package", "flodesk"]
    done = subprocess.run(
        [uv, "run", *options, str(flow), "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    here = subprocess.run(
        [sys.executable, "-m", "flodesk", "run", str(EXAMPLES / "sunspots.py"), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    shown, expected = json.loads(done.stdout.splitlines()[-1]), json.loads(here.stdout.splitlines()[-1])
    assert shown["values"] == expected["values"]
