"""A walk over 19 modules of other packages: what is read of their functions makes nodes that can be used.

Beside each description stands what Python itself says of the function, from a process that imports all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from textwrap import indent

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.graph import picture
from flodesk.flow.packages.reading import read_module
from flodesk.flow.script import read, write
from flodesk.flow.script.writer import whole_text
from flodesk.flow.spec import NodeSpec, from_json
from flodesk.flow.wiring.add import new_lines

MODULES = (
    *(f"scipy.{m}" for m in ("signal", "stats", "optimize", "linalg", "ndimage", "interpolate", "integrate", "fft")),
    "scipy.special",
    *(f"skimage.{m}" for m in ("filters", "morphology", "measure", "transform", "exposure", "segmentation")),
    "numpy", "numpy.linalg", "numpy.fft", "statsmodels.tsa.api",
)  # fmt: skip
_ORACLE = """
import importlib, inspect, json, os, sys
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
from flodesk.engine.live_types import live_types
from flodesk.flow.spec import to_json
told = {}
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    functions = {}
    for each in getattr(module, "__all__", ()) or [n for n in dir(module) if n[0] != "_"]:
        value = getattr(module, each, None)
        if not inspect.isroutine(value) and type(value).__name__ not in ("ufunc", "MultiUFunc"):
            continue
        try:
            listed = inspect.signature(value).parameters.values()
            functions[each] = [p.name for p in listed if p.default is p.empty and p.kind.name[:4] != "VAR_"]
        except (ValueError, TypeError):
            functions[each] = None
    told[name] = [functions, [to_json(s) for s in live_types(name, ()).values()]]
json.dump(told, out)
"""


@pytest.fixture(scope="module")
def oracle() -> dict[str, tuple[dict[str, list[str] | None], list[dict]]]:
    """Of each module its functions with their required parameters, and what an import of it tells of them."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", _ORACLE, *MODULES], capture_output=True, check=True, encoding="utf-8"
    )
    return json.loads(done.stdout)


def test_functions_of_19_modules_become_nodes(oracle, capsys):
    rows = []
    for module in MODULES:
        functions, live = oracle[module]
        reading = read_module(module)
        hidden = {path: spec for path, spec in reading.hidden.items() if spec is not None}
        told = {spec.path: spec for spec in map(from_json, live)}
        asks = any(spec is None for spec in reading.hidden.values())
        specs = {**hidden, **(told if asks else {}), **reading.specs}
        read_alone = sum(f"{module}.{name}" in reading.specs for name in functions)
        usable = _usable(module, {name: specs.get(f"{module}.{name}") for name in functions}, functions)
        rows.append((module, len(functions), read_alone, len(usable), sorted(set(functions) - usable)))
    whole, good = (sum(row[n] for row in rows) for n in (1, 3))
    with capsys.disabled():
        print(f"\n{'module':24} {'functions':>9} {'read':>6} {'usable':>7}   not usable")
        for module, many, alone, usable, others in rows:
            print(f"{module:24} {many:9} {alone:6} {usable:7}   {', '.join(others)}")
        print(f"{'all':24} {whole:9} {sum(row[2] for row in rows):6} {good:7}   {good / whole:.1%}")
    assert whole > 1000
    assert good >= 0.95 * whole
    assert all(row[3] >= 0.9 * row[1] for row in rows)
    signal = rows[0]
    assert signal[2] >= 140


def _usable(module: str, specs: dict[str, NodeSpec | None], required: dict[str, list[str] | None]) -> set[str]:
    """Return the names of the functions whose nodes can be used: see the docstring of this file."""
    good = {name: spec for name, spec in specs.items() if spec is not None and _described(spec, required[name])}
    parent, _, last = module.rpartition(".")
    names: set[str] = {last}
    lines = []
    nodes = {}
    for name, spec in good.items():
        made = new_lines(spec, f"{last}.{name}", names)
        nodes[made.node] = name
        lines += [indent(whole_text(line), "    ") for line in made.statements]
    imported = f"from {parent} import {last}" if parent else f"import {last}"
    body = "".join(lines)
    text = (
        f"import flodesk\n{imported}\n\n\ndef flow():\n{body}\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n"
    )
    flow = read(text)
    assert write(flow) == text
    catalog = Catalog.builtin().plus(good.values())
    graph = picture(flow, catalog, "flow")
    wrong = {p.node for p in check(flow, catalog) if p.kind != "open-input"}
    usable = set()
    for node, name in nodes.items():
        ports = {port.name for port in graph.nodes[node].inputs if port.required}
        wanted = {p.name for p in good[name].parameters if p.required}
        if ports >= wanted and node not in wrong and f"flow.{node}" not in wrong and graph.nodes[node].outputs:
            usable.add(name)
    return usable


def _described(spec: NodeSpec, required: list[str] | None) -> bool:
    """Say whether the inputs are those that Python itself tells, and there are words about it."""
    own = [p.name for p in spec.parameters if p.required]
    named = all(p.name.isidentifier() for p in spec.parameters)
    known = bool(spec.parameters) or not required
    return named and known and bool(spec.summary) and (required is None or own == required)
