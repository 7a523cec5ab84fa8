"""The folder ``nodes`` beside a flow: its files are a shelf of node types, broken ones are listed with their line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flodesk.engine.headless import run
from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.graph import picture
from flodesk.flow.own_nodes import SHELF, around
from flodesk.flow.script import load, save, write

CATALOG = Catalog.builtin()
FLOW = """import flodesk
from flodesk.nodes import show, source


def flow():
    a = source.constant(4.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
MINE = '''"""Mine."""

from typing import Annotated

from flodesk import Range, Unit


def halve(x: float, by: Annotated[float, Range(1, 9), Unit("V")] = 2.0) -> float:
    """Make a number smaller."""
    return x / by


class Peak:
    """The largest so far."""

    def __init__(self, least: float = 0.0) -> None:
        self.most = least

    def __call__(self, x: float) -> float:
        self.most = max(self.most, x)
        return self.most


def _inner(x):
    return x
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "flow.py").write_text(FLOW)
    (tmp_path / "nodes").mkdir()
    (tmp_path / "nodes" / "mine.py").write_text(MINE)
    return tmp_path


def catalog_of(project: Path) -> Catalog:
    return CATALOG.with_flow(load(project / "flow.py"), project)


def own(catalog: Catalog) -> dict[str, str]:
    return {path: spec.role for path, spec in catalog.specs.items() if spec.category == SHELF}


def test_functions_of_the_folder_are_a_shelf_though_nothing_imports_them(project: Path) -> None:
    catalog = catalog_of(project)
    assert own(catalog) == {"nodes.mine.halve": "function", "nodes.mine.Peak": "state"}
    assert not catalog.broken
    spec = catalog.specs["nodes.mine.halve"]
    by = spec.parameters[1]
    assert (by.minimum, by.maximum, by.unit, by.default) == (1, 9, "V", "2.0")
    assert MINE.splitlines()[spec.line - 1].startswith("def halve")
    assert (spec.file, spec.summary) == (str(project / "nodes" / "mine.py"), "Make a number smaller.")
    assert catalog.search("halve")[0] is spec


def test_a_node_of_it_is_added_with_its_import_and_the_script_runs_by_python_alone(project: Path) -> None:
    flow = load(project / "flow.py")
    catalog = CATALOG.with_flow(flow, project)
    for path in ("nodes.mine.halve", "flodesk.nodes.show.number"):
        source = ("a", "") if path.startswith("nodes") else ("halve", "")
        edit, _ = wiring.add_node(flow, catalog, "flow", path, (0.0, 0.0), source)
        flow, _ = edit.apply(flow)
    save(flow, project / "flow.py")
    text = (project / "flow.py").read_text()
    assert "from nodes import mine\n" in text
    assert "halve = mine.halve(a)\n" in text
    assert check(flow, CATALOG, project) == ()
    done = subprocess.run(
        [sys.executable, project / "flow.py", "--no-history"], capture_output=True, text=True, check=True, cwd="/",
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert "2" in done.stdout, done.stderr


def test_what_all_does_not_name_is_left_out(project: Path) -> None:
    (project / "nodes" / "mine.py").write_text(MINE + '\n\n__all__ = ["Peak"]\n')
    assert own(catalog_of(project)) == {"nodes.mine.Peak": "state"}


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("bad.py", b"def a(x):\n    return x +\n", "line 2"),
        ("bad.py", b"# \xff\n", "line 1"),
        ("my-file.py", b"def a(x):\n    return x\n", "is no name that Python can import"),
        ("import.py", b"def a(x):\n    return x\n", "another name"),
    ],
)
def test_a_broken_file_is_listed_with_its_error_and_the_others_are_there(
    project: Path, name: str, text: bytes, says: str
) -> None:
    (project / "nodes" / name).write_bytes(text)
    catalog = catalog_of(project)
    assert len(own(catalog)) == 2
    (why,) = catalog.broken.values()
    assert says in why
    assert [*catalog.broken] == [f"nodes.{name.removesuffix('.py')}"]


def test_a_folder_of_our_name_beside_a_flow_tells_nothing_of_our_nodes(project: Path) -> None:
    (project / "flodesk" / "nodes").mkdir(parents=True)
    (project / "flodesk" / "nodes" / "source.py").write_text("def constant(a: str) -> str:\n    return a\n")
    (project / "flodesk" / "__init__.py").write_text("def run(): ...\n")
    path = "flodesk.nodes.source.constant"
    assert catalog_of(project).find(path) == CATALOG.find(path)


def test_a_module_beside_the_flow_that_hides_the_folder_is_said(project: Path) -> None:
    (project / "nodes.py").write_text("")
    assert not own(catalog_of(project))
    assert "rename" in catalog_of(project).broken["nodes.mine"]


def test_a_file_that_breaks_keeps_its_ports_and_says_so_at_its_nodes(project: Path) -> None:
    flow_file = project / "flow.py"
    text = FLOW.replace("source\n", "source\nfrom nodes import mine\n", 1)
    flow_file.write_text(text.replace("(4.0)\n", "(4.0)\n    b = mine.halve(a, by=3.0)\n"))
    assert not check(load(flow_file), CATALOG, project)
    (project / "nodes" / "mine.py").write_text("def halve(x:\n")
    flow = load(flow_file)
    found = check(flow, CATALOG, project)
    assert [(p.kind, p.node, p.severity) for p in found] == [("broken-pack", "flow.b", "error")]
    assert "line 1" in found[0].message
    box = picture(flow, CATALOG.with_flow(flow, project), "flow").nodes["b"]
    assert [port.name for port in box.inputs] == ["x"]
    (project / "nodes" / "mine.py").write_text(MINE)
    assert not check(flow, CATALOG, project)


def test_files_that_are_none_of_nodes_are_passed_over(project: Path) -> None:
    for name in ("_helper.py", "test_mine.py", "__init__.py", "notes.txt"):
        (project / "nodes" / name).write_text("def a(:\n")
    (project / "nodes" / "folder.py").mkdir()
    assert len(own(catalog_of(project))) == 2
    assert not catalog_of(project).broken


def test_folders_in_the_folder_are_read_and_imported_by_their_names(project: Path) -> None:
    deep = project / "nodes" / "bench" / "optics"
    deep.mkdir(parents=True)
    (deep / "lens.py").write_text(MINE)
    (project / "nodes" / "bench" / "near.py").write_text("def twice(x: float) -> float:\n    return 2 * x\n")
    for name in ("tests", "_old", ".git", "test_all"):
        (project / "nodes" / name).mkdir()
        (project / "nodes" / name / "other.py").write_text(MINE)
    (project / "nodes" / "round").symlink_to(project / "nodes", target_is_directory=True)
    there = {"nodes.bench.near.twice", "nodes.bench.optics.lens.halve", "nodes.bench.optics.lens.Peak"}
    assert own(catalog_of(project)).keys() == {"nodes.mine.halve", "nodes.mine.Peak"} | there
    flow = load(project / "flow.py")
    catalog = CATALOG.with_flow(flow, project)
    for path, source in (("nodes.bench.near.twice", "a"), ("nodes.bench.optics.lens.halve", "twice")):
        edit, _ = wiring.add_node(flow, catalog, "flow", path, (0.0, 0.0), (source, ""))
        flow, _ = edit.apply(flow)
    text = write(flow)
    assert "from nodes.bench import near\n" in text
    assert "from nodes.bench.optics import lens\n" in text
    assert check(flow, CATALOG, project) == ()
    result = run(text, str(project / "flow.py"), keep_values=True)
    assert result.reason == "succeeded", result.message
    assert result.values["flow.halve"] == result.values["flow.a"]
    assert set(around(project).folders) == {project / "nodes", project / "nodes" / "bench", deep}


def test_folders_that_python_cannot_import_are_said(project: Path) -> None:
    for name in ("my-lab", "class", "mine"):
        (project / "nodes" / name).mkdir()
        (project / "nodes" / name / "far.py").write_text("def far():\n    return 1\n")
    broken = catalog_of(project).broken
    assert broken["nodes.my-lab.far"] == "“my-lab” is no name that Python can import: use letters, digits and _"
    assert "give the folder another name" in broken["nodes.class.far"]
    assert broken["nodes.mine.far"] == "Python finds mine.py before the folder mine: rename one of them"
    (project / "nodes" / "mine" / "__init__.py").touch()
    (project / "nodes" / "mine" / "far.py").write_text("def far():\n    return 12\n")
    assert "nodes.mine.far.far" in own(catalog_of(project))


def test_what_files_of_own_nodes_import_is_followed_and_lists_no_nodes(project: Path) -> None:
    inner = project / "nodes" / "_inner.py"
    inner.write_text("BY = 2\n")
    (project / "nodes" / "mine.py").write_text(f"from nodes import _inner\n{MINE}")
    before = catalog_of(project).specs["nodes.mine.halve"]
    assert [name for name, _, _ in around(project).states] == ["_inner.py", "mine.py"]
    inner.write_text("BY = 200\n")
    catalog = catalog_of(project)
    assert catalog.specs["nodes.mine.halve"].code != before.code
    assert own(catalog).keys() == {"nodes.mine.halve", "nodes.mine.Peak"}


def test_folders_of_data_are_not_walked_through(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(100):
        (project / "nodes" / "data" / f"d{number:03}" / "raw").mkdir(parents=True)
        (project / "nodes" / "group" / f"g{number:03}").mkdir(parents=True)
        (project / "nodes" / "group" / f"g{number:03}" / "own.py").write_text("def f():\n    return 1\n")
    looked: list[Path] = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda place: (looked.append(place), scandir(place))[1])
    found = around(project)
    assert len(found.states) == 101
    assert len(looked) == len(set(looked)) == len(found.folders)
    assert sum("data" in place.parts for place in looked) < 40
