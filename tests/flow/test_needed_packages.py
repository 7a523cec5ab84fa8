"""The header names the packages that a flow needs: those of its nodes, and those that its texts import."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.needed import naming, needed
from flodesk.flow.requires import COMES_ALONG, dependency
from flodesk.flow.script import read, write

ROOT = Path(__file__).resolve().parents[2]
HEAD = """# /// script
# requires-python = ">=3.11"
# dependencies = [{}]
# ///
import flodesk
"""
MAIN = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def flow_of(body: str, top: str = "", named: str = '"flodesk"'):
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return read(HEAD.format(named) + top + f"\n\ndef flow():\n{lines}" + MAIN)


def dependencies(flow, folder=None) -> tuple[str, ...]:
    edit = naming(flow, Catalog.builtin(), folder)
    return edit.apply(flow)[0].header.dependencies if edit is not None else flow.header.dependencies


@pytest.mark.parametrize(
    ("body", "top", "expected"),
    [
        ("x = 1.0", "", ()),
        ("import json, numpy\ny = json.dumps(1)", "import pandas as pd\n", ()),
        ("from skimage import filters\nx = filters.sobel(1)", "", ("flodesk[images]",)),
        ("if True:\n    import statsmodels.api as sm\nx = 1.0", "", ("flodesk[statistics]",)),
        ("x = f(1.0)", "import hypothesis\n\n\ndef f(x):\n    import pytestqt.plugin\n    return x\n",
         ("hypothesis", "pytest-qt")),
        ("x = 1.0", "import nobody_knows_this\n", ()),
        ("m = learn.logistic_regression()", "from flodesk.nodes import learn\n", ("flodesk[learn]",)),
    ],
)  # fmt: skip
def test_what_is_imported_and_what_nodes_need(body, top, expected):
    flow = flow_of(body, top)
    assert dependencies(flow) == ("flodesk", *expected)


def test_files_beside_the_flow_count_and_are_none_themselves(tmp_path):
    (tmp_path / "mine.py").write_text("import hypothesis\nimport other.deep\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "deep.py").write_text("def f():\n    import mine\n    import sklearn\n")
    flow = flow_of("x = mine.f()", "import mine\n")
    assert needed(flow, Catalog.builtin(), tmp_path) == ("hypothesis", "sklearn")


@pytest.mark.parametrize("named", ['"flodesk[all]>=0.1"', '"flodesk", "flodesk[images, learn]"', '"numpy"', ""])
def test_what_a_hand_wrote_stays_and_counts(named):
    flow = flow_of("from skimage import filters\nx = filters.sobel(1)", named=named)
    assert naming(flow, Catalog.builtin(), None) is None


def test_it_is_one_line_of_the_header_and_can_be_undone():
    flow = flow_of("import hypothesis\nx = 1.0", named='"flodesk", "Hypo_thesis"')
    edit = naming(flow, Catalog.builtin(), None)
    assert edit is not None
    after, back = edit.apply(flow)
    assert '# dependencies = ["flodesk", "Hypo_thesis", "hypothesis"]' in write(after)
    assert write(back.apply(after)[0]) == write(flow)


def test_a_file_without_a_header_gets_none():
    assert naming(read("import hypothesis\n\ndef flow():\n    x = 1.0\n" + MAIN), Catalog.builtin(), None) is None


def test_what_comes_along_is_what_flodesk_depends_on():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.match(r"[\w-]+", entry)[0] for entry in project["dependencies"]}
    imported = {"pillow": "PIL", "PySide6-Essentials": "PySide6", "markdown-it-py": "markdown_it"}
    assert COMES_ALONG - {"shiboken6"} == {imported.get(name, name) for name in names}


def test_the_extras_that_are_named_bring_the_package():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    pip = {"sklearn": "scikit-learn", "skimage": "scikit-image", "pywt": "PyWavelets", "paho": "paho-mqtt"}
    for package in ("sklearn", "skimage", "statsmodels", "pywt", "h5py", "pyarrow", "duckdb", "paho", "onnxruntime"):
        extra = dependency(package).removeprefix("flodesk[").removesuffix("]")
        assert any(entry.startswith(pip.get(package, package)) for entry in extras[extra]), package
