"""Packs: installed packages whose entry points name node types, and what becomes of a broken one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import flodesk
from flodesk.flow.catalog import Catalog, of_package, of_packs
from flodesk.flow.check import check
from flodesk.flow.packs import OURS, packs
from flodesk.flow.script import read

FLOW = """import flodesk
from flo_optics import lenses, mirrors


def flow():
    a = lenses.power(0.5)
    b = mirrors.angle(0.5)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def install(site: Path, name: str, value: str) -> None:
    """Leave what pip leaves of a pack: its metadata with the entry point."""
    info = site / f"{name.replace('-', '_')}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[flodesk.nodes]\n{name} = {value}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    pack = tmp_path / "flo_optics"
    pack.mkdir()
    (pack / "__init__.py").write_text('def thing(x: float) -> float:\n    """Of the package itself."""\n    return x\n')
    (pack / "lenses.py").write_text(
        'def power(focal: float) -> float:\n    """Power of a lens."""\n    return 1 / focal\n'
    )
    (pack / "mirrors.py").write_text("import math\n\nimport flo_no_such\n\n\ndef angle(x):\n    return x\n")
    (pack / "_inner.py").write_text("raise RuntimeError\n")
    install(tmp_path, "flo-optics", "flo_optics")
    (tmp_path / "flo_leaves.py").write_text("import sys\n\nsys.exit('no licence')\n")
    install(tmp_path, "flo-leaves", "flo_leaves")
    install(tmp_path, "flo-gone", "flo_is_not_there.nodes")
    (tmp_path / "flo_syntax.py").write_text("x = 1\ndef a(:\n")
    install(tmp_path, "flo-syntax", "flo_syntax")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("FLODESK_CACHE", str(tmp_path / "cache"))
    packs.cache_clear()
    of_package.cache_clear()
    of_packs.cache_clear()
    yield tmp_path
    packs.cache_clear()
    of_package.cache_clear()
    for name in [name for name in sys.modules if name.startswith("flo_")]:
        del sys.modules[name]


BROKEN = {
    "flo_optics.mirrors": "mirrors.py, line 3: ModuleNotFoundError: No module named 'flo_no_such'",
    "flo_leaves": "flo_leaves.py, line 3: SystemExit: no licence",
    "flo_is_not_there.nodes": "ModuleNotFoundError: No module named 'flo_is_not_there'",
    "flo_syntax": "flo_syntax.py, line 2: SyntaxError: invalid syntax",
}


def test_packs_are_in_the_library_and_broken_ones_are_listed(site: Path) -> None:
    catalog = Catalog.installed()
    assert catalog.specs.keys() > Catalog.builtin().specs.keys()
    assert catalog.specs["flo_optics.lenses.power"].summary == "Power of a lens."
    assert catalog.specs["flo_optics.thing"].category == "flo_optics"
    assert dict(catalog.broken) == BROKEN
    assert [(pack.name, pack.distribution) for pack in packs()[1:]] == [
        (name, f"{name} 1.2") for name in ("flo-gone", "flo-leaves", "flo-optics", "flo-syntax")
    ]


def test_ours_come_the_same_way_and_once_though_an_entry_point_names_them_too(site: Path) -> None:
    install(site, "flo-again", OURS)
    packs.cache_clear()
    assert [pack.module for pack in packs()].count(OURS) == 1
    assert packs()[0].module == OURS


def test_a_node_of_a_broken_module_says_why_and_others_of_the_pack_run(site: Path) -> None:
    found = check(read(FLOW), Catalog.installed(), site / "cache")
    assert [(p.kind, p.node) for p in found] == [("broken-pack", "flow.b")]
    assert "flo_no_such" in found[0].message
    assert "line 3" in found[0].message


def test_what_a_pack_does_not_offer_may_be_called(site: Path) -> None:
    text = FLOW.replace("mirrors.angle(0.5)", "lenses._inner(1)").replace(", mirrors", "")
    assert check(read(text), Catalog.installed(), site / "cache") == ()


def test_the_command_lists_packs_and_what_of_them_is_broken(site: Path) -> None:
    path = os.pathsep.join([str(site), str(Path(flodesk.__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, "-m", "flodesk", "nodes", "--packs"], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    for module, why in BROKEN.items():
        assert f"flodesk: {module} could not be loaded: {why}" in done.stderr
    assert "flo-optics  flo_optics  2 nodes, 1 not loaded  flo-optics 1.2" in done.stdout.splitlines()
    assert any(line.startswith(f"flodesk  {OURS}  ") for line in done.stdout.splitlines())
