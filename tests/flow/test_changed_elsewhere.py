"""What changes a value in place in another process, where nobody would see it, is refused before a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from flodesk.engine.headless import run
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.script import read

CATALOG = Catalog.builtin()
HEAD = """
import numpy as np

import flodesk
import beside
from flodesk.nodes import collect, control, maths, timing


def made(n=3):
    return [1.0, n]


def fill(values, k: float):
    values.append(k)
    return len(values)


def inside(box):
    first = box["a"]
    fill(first, 2.0)
    return 1


def copied(values):
    found = list(values)
    found.append(2.0)
    return found


def bump(values):
    values += 1
    return values


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def text_of(body: str, nodes: str) -> str:
    header = ["# /// script", "# [tool.flodesk]", "# version = 1", "# [tool.flodesk.places.flow]"]
    header += [f'# {node} = "process"' for node in nodes.split()]
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return "\n".join([*header, "# ///"]) + f"{HEAD}def flow():\n{lines}\n{TAIL}"


REFUSED = [
    ("d = made()\nd[0] += 2.0\nt = sum(d)", "code_1", "“code_1” changes “d” in place", "“t” reads “d” after it"),
    ("d = made()\nb = fill(d, 1.0)\nt = sum(d)", "b", "“b” changes “d”", "“t” reads “d” after it"),
    ("d = made()\ne = {'a': d}\nb = inside(e)\nt = sum(d)", "b", "changes “d”", "“t” reads “d”"),
    ("d = made()\nb = beside.grow(d)\nt = sum(d)", "b", "“b” changes “d”", "“t” reads “d”"),
    ("d = made()\ne = d\ne.append(1.0)\nt = sum(d)", "call_1", "“call_1” changes “d”", "“t” reads “d”"),
    (
        "d = made()\nfor i in timing.count(3):\n    b = fill(d, i)",
        "b",
        "“b” changes “d”",
        "it reads “d” in the next turn",
    ),
    ("d = made()\nb = fill(d, 1.0)\nk = 3.0\nt = sum(d)", "b t", "“b” changes “d”", "“t” reads “d”"),
]
ALLOWED = [
    ("d = made()\nb = fill(d, 1.0)", "b"),
    ("d = made()\nb = copied(d)\nt = sum(d)", "b"),
    ("d = made()\nb = fill(d, 1.0)\nt = sum(d)", "d b t"),
    ("d = made()\nb = fill(d, 1.0)\nt = sum(d)", "d t"),
    ("x = 2.0\nx += 1.0\ny = maths.add(x, 1.0)", "code_1"),
    ("rows = collect.List()\nfor i in timing.count(3):\n    d = made()\n    b = fill(d, i)\n    rows.add(b)", "b"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "beside.py").write_text("def grow(values):\n    values.append(7.0)\n    return 1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("body", "nodes", "what", "who"), REFUSED)
def test_a_change_that_nobody_would_see_is_refused(body: str, nodes: str, what: str, who: str, folder: Path) -> None:
    text = text_of(body, nodes)
    found = [p for p in check(read(text), CATALOG, folder) if p.kind == "place"]
    assert [(p.node, p.severity) for p in found] == [(f"flow.{nodes.split()[0]}", "error")], found
    assert what in found[0].message, found[0].message
    assert who in found[0].message, found[0].message
    assert "give a changed copy back" in found[0].hint


@pytest.mark.parametrize(("body", "nodes"), ALLOWED)
def test_a_change_that_is_seen_is_none_of_it(body: str, nodes: str, folder: Path) -> None:
    found = [p for p in check(read(text_of(body, nodes)), CATALOG, folder) if p.kind == "place"]
    assert found == []


def test_the_engine_refuses_it_as_well(folder: Path) -> None:
    text = text_of(REFUSED[1][0], "b").replace("import beside\n", "")
    ended = run(text, str(folder / "flow.py"))
    assert (ended.reason, ended.failures[0].failure.node) == ("failed", "flow.b")
    assert "“b” changes “d” in place" in ended.failures[0].failure.message


def test_neighbours_in_one_place_see_it() -> None:
    text = text_of(ALLOWED[2][0], "d b t").replace("import beside\n", "")
    ended = run(text, "")
    assert ended.reason == "succeeded", ended.failures
    assert (ended.values["flow.b"], ended.values["flow.t"]) == (3, 5.0)


def test_an_array_that_cannot_be_changed_there_says_what_to_do() -> None:
    text = text_of("a = np.zeros(3)\nb = bump(a)\nt = maths.add(b, 1.0)", "b").replace("import beside\n", "")
    ended = run(text, "")
    assert ended.reason == "failed"
    assert "read-only" in ended.failures[0].failure.message
    assert "change a copy of it (x = x.copy())" in ended.failures[0].failure.message
