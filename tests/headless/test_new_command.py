"""``flodesk new``: what it writes works at once: the tests pass, a flow finds the node, pip installs the pack."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import flodesk as package

Flodesk = Callable[..., "subprocess.CompletedProcess[str]"]
HERE = str(Path(package.__file__).parents[1])


def python(folder: Path, *words: object, path: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, words)], cwd=folder, capture_output=True, text=True, check=False, timeout=100,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [path, HERE]))},
    )  # fmt: skip


def test_a_new_node_passes_its_test_and_flows_have_it(flodesk: Flodesk, tmp_path: Path) -> None:
    made = flodesk("new", "node", "Times-Two", "--in", tmp_path)
    assert made.returncode == 0, made.stderr
    assert made.stdout.split() == [
        str(tmp_path / name) for name in ("nodes/times_two.py", "tests/test_times_two.py", "conftest.py")
    ]
    tested = python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--doctest-modules", "tests", "nodes")
    assert "3 passed" in tested.stdout, tested.stdout + tested.stderr
    (tmp_path / "flow.py").write_text(
        "import flodesk\nfrom flodesk.nodes import show\nfrom nodes import times_two\n\n\ndef flow():\n"
        "    a = times_two.times_two(1.5, factor=4.0)\n    b = show.number(a)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    )
    assert flodesk("check", tmp_path / "flow.py").returncode == 0
    assert "6" in flodesk("run", tmp_path / "flow.py", "--no-history").stdout
    wrong = (tmp_path / "flow.py").read_text().replace("factor=4.0", "factor=400.0")
    (tmp_path / "flow.py").write_text(wrong)
    assert "100" in flodesk("check", tmp_path / "flow.py").stderr, "the range of the field is known"


def test_a_new_pack_passes_its_tests_and_is_in_the_library_once_it_is_installed(
    flodesk: Flodesk, tmp_path: Path
) -> None:
    assert flodesk("new", "pack", "lab_optics", "--in", tmp_path).returncode == 0
    pack, site = tmp_path / "lab-optics", tmp_path / "site"
    tested = python(pack, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert "2 passed" in tested.stdout, tested.stdout + tested.stderr
    words = ("-m", "pip", "install", "-q", "--no-build-isolation", "--no-deps", "--no-index", "--target", site, pack)
    installed = python(tmp_path, *words)
    assert installed.returncode == 0, installed.stderr
    listed = python(tmp_path, "-m", "flodesk", "nodes", "--packs", path=str(site))
    assert "lab-optics  lab_optics  1 nodes  lab-optics 0.1.0" in listed.stdout.splitlines(), listed.stderr
    assert listed.stderr == ""
    found = python(tmp_path, "-m", "flodesk", "nodes", "lab optics", path=str(site))
    assert found.stdout.splitlines()[0].split() == ["lab_optics.scaling.lab_optics", "Multiply", "a", "number."]


def test_nothing_that_is_there_is_written_over(flodesk: Flodesk, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("# mine\n")
    assert flodesk("new", "node", "mine", "--in", tmp_path).returncode == 0
    assert (tmp_path / "conftest.py").read_text() == "# mine\n"
    (tmp_path / "nodes" / "mine.py").write_text("# mine\n")
    again = flodesk("new", "node", "mine", "--in", tmp_path)
    assert again.returncode == 2
    assert "is there already, and nothing was written" in again.stderr
    assert (tmp_path / "nodes" / "mine.py").read_text() == "# mine\n"


def test_names_that_cannot_be_imported_and_folders_that_are_not_there(flodesk: Flodesk, tmp_path: Path) -> None:
    for name in ("2nd", "class", "a.b", "_own", "test_me", "größe", ""):
        refused = flodesk("new", "node", name, "--in", tmp_path)
        assert refused.returncode == 2, name
        assert "is no name that Python can import" in refused.stderr
    assert flodesk("new", "pack", "mine", "--in", tmp_path / "none").returncode == 3
    assert [*tmp_path.iterdir()] == []
