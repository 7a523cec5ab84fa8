"""The list of node types: complete, found by typing, and made without running anything of a flow's file."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from dataclasses import replace

import pytest

from flodesk.flow.catalog import Catalog, of_package
from flodesk.flow.packs import OURS
from flodesk.flow.script import read
from flodesk.flow.search import Index
from flodesk.flow.spec import from_json, to_json

OWN = '''
import dataclasses
from typing import Annotated, Literal, NamedTuple

import numpy as np

import flodesk
from flodesk import Range, Unit

raise SystemExit("this file must not be run")


class Parts(NamedTuple):
    low: float
    high: np.ndarray


def split(
    signal: flodesk.Signal, at: Annotated[float, Unit("Hz"), Range(0, 50)] = 10.0, *more: int,
    how: Literal["a", "b"] = "a",
) -> Parts:
    """Split it.

    Parameters
    ----------
    signal : Signal
        What to split.
    """
    return Parts(1.0, signal)


def numbers(until: "int | None" = None):
    x = 1
    yield x


@flodesk.node(title="Marked", tags=("one",), pure=False)
def marked(x, /, **options): ...


class Counter:
    """Counts."""

    def __init__(self, start: int = 0): ...

    def __call__(self, value: bool) -> int: ...


class Plain:
    pass


def flow():
    parts = split(3)


if __name__ == "__main__":
    flodesk.main(flow)
'''


@pytest.fixture(scope="module")
def own() -> Catalog:
    return Catalog({}).with_flow(read(OWN))


def test_functions_of_the_file_are_read_and_never_run(own):
    split = own.find("split")
    assert split is not None
    assert (split.category, split.summary, split.role) == ("this file", "Split it.", "function")
    assert [(p.name, p.type, p.required, p.default, p.passing, p.unit, p.maximum) for p in split.parameters] == [
        ("signal", "signal", True, "", "either", "", None),
        ("at", "number", False, "10.0", "either", "Hz", 50),
        ("more", "integer", False, "", "many", "", None),
        ("how", "text", False, "'a'", "keyword", "", None),
    ]
    assert split.parameters[3].choices == ("a", "b")
    assert [(o.name, o.type) for o in split.outputs] == [("low", "number"), ("high", "array")]


def test_generators_marks_and_classes_of_the_file(own):
    assert own.find("numbers").role == "producer"
    assert own.find("numbers").parameters[0].type == "integer"
    assert own.find("numbers").parameters[0].optional
    marked = own.find("marked")
    assert (marked.title, marked.tags, marked.pure, marked.extra) == ("Marked", ("one",), False, True)
    assert marked.parameters[0].passing == "position"
    counter = own.find("Counter")
    assert (counter.role, counter.methods, counter.summary) == ("state", ("__call__",), "Counts.")
    assert [(p.method, p.name, p.type) for p in counter.parameters] == [
        ("__init__", "start", "integer"), ("__call__", "value", "truth"),
    ]  # fmt: skip
    assert own.find("Plain") is None
    assert own.find("Parts") is None


def test_a_pack_that_fails_is_listed_with_its_error(tmp_path, monkeypatch):
    pack = tmp_path / "flo_test_pack"
    pack.mkdir()
    (pack / "__init__.py").write_text("")
    (pack / "good.py").write_text(
        "def twice(x: float) -> float:\n    '''Double it.'''\n    return 2 * x\n\ndef _own(): ...\n"
    )
    (pack / "bad.py").write_text("raise RuntimeError('no licence')\n")
    (pack / "_hidden.py").write_text("raise RuntimeError('not looked at')\n")
    monkeypatch.syspath_prepend(tmp_path)
    catalog = of_package("flo_test_pack")
    assert list(catalog.specs) == ["flo_test_pack.good.twice"]
    assert catalog.broken == {"flo_test_pack.bad": "bad.py, line 1: RuntimeError: no licence"}
    assert "flo_no_such_pack" in of_package("flo_no_such_pack").broken


def test_unknown_paths_and_missing_packages():
    catalog = Catalog.builtin()
    assert catalog.find("scipy.signal.savgol_filter") is None
    assert catalog.find("nothing") is None
    assert catalog.missing_package("flo_no_such_package.deep.function") == "flo_no_such_package"
    assert catalog.missing_package("scipy.signal.savgol_filter") == ""
    assert catalog.missing_package("print") == ""


def test_a_package_that_is_installed_meanwhile_is_found(tmp_path, monkeypatch):
    catalog = Catalog.builtin()
    monkeypatch.syspath_prepend(tmp_path)
    assert catalog.missing_package("flo_comes_later.function") == "flo_comes_later"
    (tmp_path / "flo_comes_later.py").write_text("raise SystemExit('looked for, not imported')")
    importlib.invalidate_caches()
    assert catalog.missing_package("flo_comes_later.function") == ""
    assert "flo_comes_later" not in sys.modules


def test_did_you_mean():
    catalog = Catalog.builtin()
    assert catalog.suggest(f"{OURS}.dsp.butterwoth") == f"{OURS}.dsp.butterworth"
    assert catalog.suggest(f"{OURS}.dsp.qqq") == ""
    assert catalog.suggest(f"{OURS}.dsp.absolut") == f"{OURS}.maths.absolute"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("butterworth", "dsp.butterworth"), ("butte", "dsp.butterworth"), ("bttr", "dsp.butterworth"),
        ("buterworht", "dsp.butterworth"), ("low pass", "dsp.Lowpass"), ("running", "statistics.RunningMean"),
        ("runing mean", "statistics.RunningMean"), ("led", "show.lamp"), ("ADD", "maths.add"),
    ],
)  # fmt: skip
def test_a_search_forgives(typed, first):
    assert Catalog.builtin().search(typed)[0].path == f"{OURS}.{first}"


def test_a_search_for_nothing_finds_all_and_for_nonsense_nothing():
    catalog = Catalog.builtin()
    assert len(catalog.search("")) == len(catalog.specs)
    assert catalog.search("qqxzzy") == []


def test_a_wire_ranks_by_its_type():
    catalog = Catalog.builtin()
    takers = catalog.search("", fits="table")
    assert takers
    assert any(p.type == "table" for p in takers[0].parameters)
    assert all(any(p.type in ("table", "any") for p in spec.parameters) for spec in takers)
    givers = catalog.search("", feeds="table")
    assert all(any(o.type in ("table", "any") for o in spec.outputs) for spec in givers)
    assert givers[0].outputs[0].type == "table"
    assert "show.lamp" not in [spec.path for spec in catalog.search("lamp", fits="table")]
    for kind in ("array", "list", "table"):
        assert catalog.search("table", fits=kind)[0].path == f"{OURS}.show.table"


def test_one_is_found_among_three_thousand():
    """How long that takes is in benchmarks/search.py."""
    specs = list(Catalog.builtin().specs.values())
    many = [
        replace(spec, path=f"{spec.path}{n}", name=f"{spec.name}_{word}", title=f"{spec.title} {word}")
        for n in range(3000 // len(specs) + 1)
        for spec in specs
        for word in (f"x{chr(97 + n % 26)}{spec.name[::-1][:3]}",)
    ]
    index = Index(many)
    assert len(many) >= 3000
    for typed, found in (("butt", "Butt"), ("buterworht", "Butterworth"), ("low pas filtr", "Low")):
        assert index.search(typed, "signal")[0].title.startswith(found), typed
    assert not index.search("qqxzzy", "signal")


def test_every_type_travels_as_json():
    for spec in Catalog.builtin().specs.values():
        assert from_json(json.loads(json.dumps(to_json(spec)))) == spec


def test_the_list_imports_nothing_heavy():
    code = (
        "import sys; from flodesk.flow.catalog import Catalog; c = Catalog.builtin(); assert c.specs; "
        "c.missing_package('pandas.x'); heavy = ('numpy', 'scipy', 'pandas', 'PySide6', 'pyvisa'); "
        "print([module for module in heavy if module in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_wire_leads_to_what_shows_its_value_before_what_a_hand_sets() -> None:
    found = [spec.path.removeprefix("flodesk.nodes.") for spec in Catalog.builtin().search("number", fits="number")]
    assert found[0] == "show.number"
    assert found.index("control.number") > 1
